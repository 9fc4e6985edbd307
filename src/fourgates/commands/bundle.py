"""Hand out what one reader may see of a record (节录)."""

from __future__ import annotations

from pathlib import Path

import click

from fourgates import handout, readers
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering, says
from fourgates.i18n import _, mark


@click.command(
    "bundle",
    cls=helping.Command,
    help=mark(
        "从纪实 RECORD 写出一位读者可看的部分，放进新的文件夹 OUT。\n"
        "看不到的条目只给叶子；文件夹里的 verify.py 用 Python 就能核对，不需要本软件。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "reader",
    default="public",
    metavar="READER",
    help=mark("读者：public、superior、department:部门、person:编号（默认 public）"),
)
@standing.as_of
@remote.of_site("record")
def bundle(record: Path, out: Path, reader: str, moment: str) -> None:
    """Write into the new folder OUT what one reader may see of a RECORD, with a program that checks it."""
    with answering():
        folder = standing.folder(record)
        until = standing.reached(folder, moment)
        whom = readers.read(reader)
        proofs = handout.disclosed(folder, whom, standing.names(folder).disclosures(), until)
        made = handout.write(folder, out, whom, proofs, until=until)
        says.print(
            _("已写出{folder}：{entries}条，其中可看{shown}条，根 {root}").format(
                folder=out, entries=made.entries, shown=made.shown, root=made.root
            ),
            markup=False,
        )
