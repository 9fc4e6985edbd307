"""Take in what counties send up, and show them together (收报)."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from fourgates import levels as folding
from fourgates.commands import helping, standing
from fourgates.commands.answering import answering
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark("收下一个县送来的纪实 RECORD，只认以前收到的那份的继续；改写过的历史不收，两份都保留。"),
)
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("收下的纪实都放在这个文件夹"),
)
def receive(record: Path, into: Path) -> None:
    """Take in a county's RECORD: only what goes on from what came before; another history is refused and both are kept."""
    with answering():
        found = folding.receive(standing.folder(record), into)
        click.echo(
            _("{county}：新增{new}条，共{entries}条，封印 {head}").format(
                county=found.county, new=found.entries - found.before, entries=found.entries, head=found.head
            )
        )


@click.command(
    cls=helping.Command, help=mark("把文件夹 RECEIVED 里各县的纪实逐条重算，汇成一张表，并列出有冲突的地方。")
)
@click.argument("received", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印"))
def levels(received: Path, as_json: bool) -> None:
    """Replay every county's record in RECEIVED and print them as one table, with the conflicts to be settled."""
    with answering():
        found = folding.fold(received)
        if as_json:
            click.echo(msgspec.json.encode(found))
            return
        for one in found.counties:
            click.echo(_line(one.county, one))
        click.echo(_line(_("合计"), found))
        for conflict in found.conflicts:
            click.echo(_("冲突：{conflict}").format(conflict=conflict))


def _line(name: str, one: folding.County | folding.Levels) -> str:
    return _(
        "{name}：党组织参与率{units}（{unit_part}/{unit_whole}），党员参与率{members}（{part}/{whole}），"
        "分配名额{allotted}，上报{up}人，建议名单{listed}人"
    ).format(
        name=name,
        units=one.organisations,
        unit_part=one.organisations.part,
        unit_whole=one.organisations.whole,
        members=one.members,
        part=one.members.part,
        whole=one.members.whole,
        allotted=one.allotted,
        up=one.sent_up,
        listed=one.listed,
    )
