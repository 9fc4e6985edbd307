"""Servers of the tests: where a PostgreSQL server may live, the site in a process of its own, and one that says nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler


@contextmanager
def room() -> Iterator[Path]:
    """A folder for a server. Not one of pytest's: every session that begins shuts those to all but its own user, and a
    server does not run as root."""
    with tempfile.TemporaryDirectory(prefix="fourgates-") as place:
        Path(place).chmod(0o755)
        (Path(place) / "runtime").mkdir(mode=0o700)
        yield Path(place)


@contextmanager
def shown(script: str, home: Path, record: Path, port: int, log: Path | None = None) -> Iterator[str]:
    """The address of the site that ``script`` serves, given ``home``, ``record`` and ``port``, from its first answer on;
    everything it prints goes to ``log``, where that is given."""
    with log.open("wb") if log is not None else nullcontext() as out:
        server = subprocess.Popen(
            [sys.executable, "-c", script, home, record, str(port)], stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{port}"
    answers(address, server)
    yield address
    server.send_signal(signal.SIGINT)
    server.wait(20)


def answers(address: str, server: subprocess.Popen[Any]) -> None:
    """Wait until a server gives its first answer."""
    for _try in range(600):
        time.sleep(0.1)
        try:
            with urlopen(f"{address}/", timeout=2):  # noqa: S310 - our own address
                break
        except OSError:
            assert server.poll() is None


class Quiet(WSGIRequestHandler):
    """Answers and writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Nobody reads it."""
