"""Servers of the tests: where a PostgreSQL server may live, and one over HTTP that says nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler


@contextmanager
def room() -> Iterator[Path]:
    """A folder for a server. Not one of pytest's: every session that begins shuts those to all but its own user, and a
    server does not run as root."""
    with tempfile.TemporaryDirectory(prefix="fourgates-") as place:
        Path(place).chmod(0o755)
        (Path(place) / "runtime").mkdir(mode=0o700)
        yield Path(place)


class Quiet(WSGIRequestHandler):
    """Answers and writes no log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Nobody reads it."""
