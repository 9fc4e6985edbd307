"""Names as official lists order them (姓名)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates import names as naming
from fourgates.commands import helping
from fourgates.commands.answering import answering
from fourgates.errors import Refused
from fourgates.i18n import mark


@click.group(cls=helping.Group, help=mark("按名单的规矩排列姓名。"))
def names() -> None:
    """Names as official lists order them."""


@names.command(help=mark("从标准输入读姓名，每行一个，按姓氏笔画为序写出。"))
@click.option(
    "--corrections",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=mark("更正笔画表的文件，每行写一个字和它的笔顺，例如：一 1"),
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
