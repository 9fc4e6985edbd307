"""Write a record in the formats of other tools (交换)."""

from __future__ import annotations

from pathlib import Path

import click

from fourgates import bundle, canon
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark(
        "把纪实 RECORD 按别的程序认识的格式写出：过程日志、程序模型、人员、结果等，见 docs/exchange.md。\n"
        "人只用记录编号；要写姓名，加 --names，而且人员附件还在。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--as", "key", required=True, metavar="FORMAT", help=mark("格式：xes、bpmn、popolo、nist、nominations 等")
)
@click.option(
    "--out", "file", type=click.Path(path_type=Path, dir_okay=False), help=mark("写到这个文件（默认打印）")
)
@click.option("--names", "named", is_flag=True, help=mark("写出姓名，不用记录编号"))
@standing.as_of
@remote.of_site("record")
def export(record: Path, key: str, file: Path | None, named: bool, moment: str) -> None:
    """Write a RECORD in a format other programs know; persons by pseudonym unless names are asked for and still kept."""
    with answering():
        # Here and not above: those who only verify need no other formats.
        from fourgates.exchange import formats
        from fourgates.exchange.source import Source
        from fourgates.papers.files import put

        chosen = formats.named(key)
        found, people = standing.replayed(record, moment)
        if named and not people.people:
            raise Refused("X.4", "人员附件不在，写不出姓名")
        entry, line = next(
            (entry, line)
            for entry, line in bundle.entries(standing.folder(record))
            if entry.n == found.selection.n
        )
        content = chosen.write(
            Source(found.selection, entry.n, entry.at, canon.digest(line), people if named else None)
        )
        if file is None:
            click.echo(content, nl=False)
            return
        put(file, content)
        says.print(_("{title}，在{file}").format(title=_(chosen.title), file=file), markup=False)
