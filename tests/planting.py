"""Two hundred personal values planted, to be looked for where none may be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fourgates.papers.people import People

PLANTED = 200


def planted(names: People) -> list[str]:
    """Two hundred personal values of those on record: numbers, what people wrote, names that are no word of anything else."""
    numbers = [one.number for one in names.people.values()]
    found = [*numbers[:120], *sorted(set(names.texts.values()))[:20]]
    return found + [one.name for one in names.people.values()][: PLANTED - len(found)]


def holding(values: Iterable[str], places: Iterable[bytes]) -> set[str]:
    """Which of the values stand in any of the files, in UTF-8."""
    whole = b"\n".join(places)
    return {value for value in values if value.encode() in whole}


def under(*folders: Path) -> list[bytes]:
    """Everything in every file that lies there."""
    return [
        path.read_bytes() for folder in folders for path in [folder, *folder.rglob("*")] if path.is_file()
    ]
