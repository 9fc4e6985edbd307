"""The box measured: `python -m benchmarks.box [rates] [phone] [restarts] [--requests N] [--minutes N]`.

``rates``: nominations a second beside a plain view and a bare endpoint; ``phone``: what the page costs an old phone;
``restarts``: killed every few seconds, nothing lost and nothing counted twice.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys

from benchmarks.box import phone, rates, restarts


def main() -> int:
    """Measure what was asked for; 1 when something was lost or counted twice."""
    wanted = argparse.ArgumentParser(prog="python -m benchmarks.box", description=__doc__)
    wanted.add_argument(
        "parts", nargs="*", choices=("rates", "phone", "restarts"), default=("rates", "phone")
    )
    wanted.add_argument("--requests", type=int, default=10_000)
    wanted.add_argument("--minutes", type=float, default=10.0)
    wanted.add_argument("--people", type=int, default=120_000)
    told = wanted.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    if "rates" in told.parts:
        rates.measure(told.requests)
    if "phone" in told.parts:
        phone.measure()
    return int("restarts" in told.parts and not restarts.measure(told.minutes, told.people))


if __name__ == "__main__":
    sys.exit(main())
