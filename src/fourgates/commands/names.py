"""Names as official lists order them (姓名)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates import names as naming
from fourgates.commands.answering import answering
from fourgates.errors import Refused


@click.group()
def names() -> None:
    """Names as official lists order them."""


@names.command()
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of characters and their strokes that overrides the table, one a line: 㛃 4131…",
)
def sort(corrections: Path | None) -> None:
    """Read names from standard input, one a line, and write them in surname-stroke order."""
    with answering():
        corrected = naming.corrections(corrections.read_text(encoding="utf-8")) if corrections else None
        try:
            lines = sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise Refused("N.3", "读到的不是 UTF-8 文本") from None
        for line in naming.sort_lines(lines, corrected):
            click.echo(line)
