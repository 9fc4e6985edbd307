"""Starting the box's server (开放推荐箱): one process of granian for one box, with no access log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from fourgates.box.place import AT, DATABASE, PLACE, Place, secret


def at(folder: Path) -> Place:
    """The box in ``folder``, or in the database that ``FOURGATES_BOX_DATABASE`` names."""
    return Place(folder, os.environ.get(DATABASE, ""))


def started(place: Place, host: str, port: int) -> subprocess.Popen[bytes]:
    """The server process, listening soon; whoever starts it holds the lock of the box meanwhile."""
    secret(place.folder / AT, f"{host}:{port}".encode())
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port), "--no-ws",
        "--loop", "asyncio", "--log-level", "error", "--respawn-failed-workers", "fourgates.box.served:application",
    ]  # fmt: skip
    room = place.folder.resolve()
    return subprocess.Popen(command, cwd=room, env=os.environ | {PLACE: str(room)})  # noqa: S603 - our own command


def waited(serving: subprocess.Popen[bytes]) -> None:
    """Wait until the server has ended; whoever is told to end here (SIGTERM, Ctrl-C) ends the server too, and waits for it."""
    before = signal.signal(signal.SIGTERM, lambda _signal, _frame: serving.terminate())
    try:
        serving.wait()
    except KeyboardInterrupt:  # Ctrl-C reaches the server as well
        serving.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
