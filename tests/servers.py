"""Where a PostgreSQL server of the tests may live."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def room() -> Iterator[Path]:
    """A folder for a server. Not one of pytest's: every session that begins shuts those to all but its own user, and a
    server does not run as root."""
    with tempfile.TemporaryDirectory(prefix="fourgates-") as place:
        Path(place).chmod(0o755)
        (Path(place) / "runtime").mkdir(mode=0o700)
        yield Path(place)
