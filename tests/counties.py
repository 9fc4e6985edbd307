"""Small invented counties, written to disk and run as a clerk runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click.testing

from fourgates.cli import main
from fourgates.simulate import county
from fourgates.simulate.county import County
from fourgates.simulate.writing import write

SEED = "青梧"


def small(seed: str = SEED) -> County:
    """Three committees, twelve branches, two hundred members; nothing in it is a problem."""
    return county.invent(seed, county.SMALL, with_decision=True)


def written(invented: County, folder: Path) -> Path:
    """The county as a folder on disk; gives the folder."""
    write(invented.sheets, invented.toml(), invented.files, folder)
    return folder


def asked(*words: object, stdin: bytes | None = None) -> click.testing.Result:
    """The answer of the terminal to a command."""
    return click.testing.CliRunner().invoke(
        main, [str(word) for word in words], input=stdin, catch_exceptions=False
    )


def ran(folder: Path, out: Path) -> int:
    """Run over a county folder; gives the exit code."""
    return asked("run", folder, "--out", out).exit_code


def summary(out: Path) -> dict[str, Any]:
    """summary.json as it lies in ``out``."""
    found: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return found


def files(folder: Path) -> dict[str, bytes]:
    """Every file in ``folder`` with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def unordered(part: Any) -> Any:
    """The same figures with every list in one order: without names it is that of the ids."""
    match part:
        case dict():
            return {key: unordered(inner) for key, inner in part.items()}
        case list():
            return sorted((unordered(inner) for inner in part), key=repr)
        case _:
            return part
