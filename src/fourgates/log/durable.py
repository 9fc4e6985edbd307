"""Files that are on the disk, whole, once the call returns (落盘)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SECRET = 0o600


def put(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write ``content`` beside ``path``, then move it there; whoever reads ``path`` finds the old or the new whole."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    place = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(place, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    settle(path.parent)


def write(path: Path, content: bytes) -> None:
    """Write ``content`` and put it on the disk; its name is there once its folder is settled."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Put the names in ``folder`` on the disk, where the system can: a file is there only once its name is."""
    with suppress(PermissionError):
        place = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def shred(path: Path) -> None:
    """Overwrite a file, then take it away; what a disk or a file system keeps of it by itself is out of reach."""
    if not path.is_file() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
