"""A file is written whole or not at all (整份写入): beside its place first, then moved there."""

from __future__ import annotations

from pathlib import Path


def put(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; whoever reads there meanwhile sees the old file or the new one, never a part."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
