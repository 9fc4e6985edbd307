"""Install Debian's Chromium for the browser tests where it is missing and that is possible: `python -m scripts.browser`.

Never fails: where the browser cannot be had the tests that need it say so and are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
WANTED = ("chromium", "fonts-noto-cjk")
COMMANDS = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *WANTED),
)


def main() -> None:
    """Install, or say why not."""
    if CHROMIUM.exists():
        return
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"{CHROMIUM} is missing and cannot be installed here: the browser tests will be skipped.")
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in COMMANDS:
        done = subprocess.run(
            command, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            print(f"{' '.join(command)} failed; the browser tests will be skipped.\n{done.stdout.strip()}")
            return


if __name__ == "__main__":
    main()
