"""A file is written whole or not at all (整份写入): beside its place first, then moved there; and never outside its folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def within(root: Path, name: str) -> Path:
    """The path of ``name`` inside ``root``; ``ValueError`` when it would lead out, as a unit called ``../../甲`` would."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name or ":" in name:
        raise ValueError(name)
    return root.joinpath(*parts)


def put(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; whoever reads there meanwhile sees the old file or the new one, never a part."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
