"""The record a command is asked about (现行纪实): where it lies, as of which moment, where it stood, with the names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from fourgates import bundle, canon, moments
from fourgates.errors import Broken
from fourgates.events import PeopleKept
from fourgates.i18n import mark
from fourgates.ledger import Entry
from fourgates.papers import people as kept
from fourgates.papers.people import People

F = TypeVar("F", bound=Callable[..., Any])


def as_of(command: F) -> F:
    """The option ``--as-of ENTRY|TIME``, handed on as ``moment``: the record as it stood then."""
    return click.option(
        "--as-of",
        "moment",
        default="",
        metavar="ENTRY|TIME",
        help=mark(
            "只看到这一条或者这一时刻为止：条号，或者时间如 2022-03-24、2022-03-24T08:00Z（默认看到末尾）"
        ),
    )(command)


def folder(path: Path) -> Path:
    """The record itself, whether it or the folder of results that holds it was named."""
    inside = path / "record"
    return inside if (inside / bundle.HEAD).exists() and not (path / bundle.HEAD).exists() else path


def key_file(out: Path) -> Path:
    """Where the key lies that signs the checkpoints of the record in ``out``: beside it, never inside."""
    place = out.resolve()
    return place.with_name(f"{place.name}.key")


def spelt(at: int) -> str:
    """Seconds since 1970 as the record writes a time; the bare number where no calendar has it."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(at)


def reached(record: Path, moment: str) -> int | None:
    """The number of the last entry at ``moment``; ``None`` for all of the record. ``Refused`` (X.1) where there is none."""
    return reached_among((entry for entry, _line in bundle.entries(record)), moment)


def reached_among(entries: Iterable[Entry], moment: str) -> int | None:
    """The same, of entries wherever they lie."""
    return moments.reached(entries, moments.read(moment)) if moment else None


def replayed(out: Path, moment: str = "") -> tuple[bundle.Verified, People]:
    """A record replayed as of ``moment``, with the names as they are kept today, where they are still there."""
    record = folder(out)
    found = bundle.verify(record, reached(record, moment))
    return found, names(record)


def names(record: Path) -> People:
    """The names kept with a record today; without any, everybody is called by id."""
    document = ""
    with suppress(Broken):  # the names are wanted though the record may not hold to its end
        for entry, _line in bundle.entries(record):
            if isinstance(entry.event, PeopleKept):
                document = entry.event.document
    path = record / bundle.PEOPLE / f"{document}.json"
    content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    return kept.read(content) if content and canon.digest(content) == document else People("")
