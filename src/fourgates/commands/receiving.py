"""Take in what counties send up, and show them together (收报)."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from fourgates import bundle, chronicle, moments
from fourgates import levels as folding
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering, warns
from fourgates.i18n import _, mark
from fourgates.log import key
from fourgates.store import open_store
from fourgates.store.moving import bring_in


@click.command(
    cls=helping.Command,
    help=mark(
        "收下一个县送来的纪实 RECORD，或者写给上级的节录包（bundle --for superior），只认以前收到的那份的继续；"
        "改写过的历史不收，两份都保留。\n"
        "检查点要由这个县的公钥签发：用 --key 写明；第一次没有写明的，按送来的公钥记住并打印出来，请向对方核对。"
        "记住以后，别的密钥签发的不收。\n"
        "--store：同时接着写进一个存库，供网站使用。"
    ),
)
@click.argument("record", type=click.Path(path_type=Path))
@remote.of_site("record")
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help=mark("收下的纪实都放在这个文件夹"),
)
@click.option("--key", "given", multiple=True, metavar="KEY", help=mark("这个县的公钥，可以写几个"))
@click.option("--store", "address", default="", metavar="STORE", help=mark("同时写进这个存库"))
@click.option("--new", "listed", is_flag=True, help=mark("逐条讲述新增的内容"))
def receive(record: Path, into: Path, given: tuple[str, ...], address: str, *, listed: bool) -> None:
    """Take in a county's RECORD: only what goes on from what came before and is signed by the county's key; anything else is
    refused and kept."""
    with answering():
        found = folding.receive(standing.folder(record), into, [key.read(one) for one in given])
        if address:
            bring_in(found.place / folding.RECORD, open_store(address))
        click.echo(
            _("{county}：新增{new}条，共{entries}条，封印 {head}").format(
                county=found.county, new=found.entries - found.before, entries=found.entries, head=found.head
            )
        )
        place = found.place / folding.RECORD
        entries = (entry for entry, _line in bundle.entries(place)) if listed else ()
        for told in chronicle.tell(entries, bundle.Documents(place / bundle.DOCUMENTS)):
            if told.n > found.before:
                click.echo(f"{told.n:>6}  {told.at}  {told.sentence}")
        for one in found.trusted:
            warns.print(_("第一次收到，按送来的公钥记住，请向对方核对：{key}").format(key=one), markup=False)
        if not found.signed:
            warns.print(_("没有检查点：只能证明前后相接，不能证明没有第二本"), markup=False)


@click.command(
    cls=helping.Command, help=mark("把文件夹 RECEIVED 里各县的纪实逐条重算，汇成一张表，并列出有冲突的地方。")
)
@click.argument("received", type=click.Path(path_type=Path, exists=True, file_okay=False))
@standing.as_of
@click.option("--json", "as_json", is_flag=True, help=mark("按 JSON 打印"))
def levels(received: Path, moment: str, as_json: bool) -> None:
    """Replay every county's record in RECEIVED and print them as one table, with the conflicts to be settled."""
    with answering():
        found = folding.fold(received, moments.read(moment) if moment else None)
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
