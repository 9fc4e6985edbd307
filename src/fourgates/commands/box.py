"""The box of nominations: set it up, serve it, replace slips, send visitors out, open it (推荐箱)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourgates.commands import closing, helping, outbox, recorded, remote
from fourgates.commands.answering import answering, says
from fourgates.errors import Refused
from fourgates.i18n import _, mark

if TYPE_CHECKING:
    from fourgates.box.place import Place


@click.group(cls=helping.Group, help=mark("推荐箱：党员用手机或者由上门人员带回，谁也看不到推荐了谁。"))
def box() -> None:
    """The box of nominations, into which nobody can look."""


def _place(folder: Path) -> Place:
    from fourgates.box import server

    return server.at(folder)


@box.command(
    "open",
    cls=helping.Command,
    help=mark(
        "按纪实 RECORD 设一个推荐箱 BOX，写出每名党员的纸条，供打印、剪开、发放。\n"
        "编码只在纸条上有，箱里只存摘要；纸条发完请删去文件。"
    ),
)
@click.argument("record")
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option("--until", required=True, metavar="TIME", help=mark("截止时间，如 2022-03-02T18:00+08:00"))
@click.option("--address", required=True, metavar="URL", help=mark("党员打开的网址，印在纸条上"))
@click.option(
    "--slips", required=True, type=click.Path(path_type=Path), help=mark("纸条写到这个文件（.html）")
)
@click.option(
    "--committee", "committees", multiple=True, help=mark("只为这个党（工）委设箱，可以写多次（默认全部）")
)
@click.option("--names", "most", default=3, show_default=True, help=mark("每人最多推荐几人"))
@click.option("--no-write-in", "closed", is_flag=True, help=mark("不能另写名册以外的姓名"))
@click.option("--changeable", is_flag=True, help=mark("截止以前可以凭回执修改"))
@click.option("--posted", multiple=True, help=mark("页面上公布的事项，可以写多次"))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path),
    help=mark("钥匙写到这里（如监票人的U盘），不留在箱里"),
)
@click.option(
    "--contacts",
    type=click.Path(path_type=Path, exists=True),
    help=mark("联系方式表（.csv：姓名、党支部、联系方式）：有联系方式的，写好消息放进待发箱"),
)
@remote.addressed(recorded.ON_SITE)
def open_(
    record: str,
    folder: Path,
    until: str,
    address: str,
    slips: Path,
    committees: tuple[str, ...],
    most: int,
    closed: bool,
    changeable: bool,
    posted: tuple[str, ...],
    key_file: Path | None,
    contacts: Path | None,
    site: str,
    token: str,
) -> None:
    """Set up the BOX for everybody on RECORD with rights who has not taken part yet, and write their slips."""
    from fourgates.box import opening, recording, sealing
    from fourgates.box import outbox as letterbox
    from fourgates.box import slips as printed
    from fourgates.box.place import secret

    with answering(), recorded.recorder(record, site, token) as kept:
        to = letterbox.contacts(contacts) if contacts is not None else {}
        key, place = sealing.key(), _place(folder)
        name = f"box-{key.public.hex()[-8:]}"
        wish = opening.Wish(name, _moment(until), most, not closed, changeable, committees, posted)
        question = opening.asked(kept.current().facts, kept.people(), wish, key)
        place.begin(question, key, key_file)
        try:
            drawn = opening.enrolled(place, question)
            recording.open_(kept, question)
        except Refused:
            place.destroy(key_file)
            raise
        secret(slips, printed.sheet(question, address, drawn).encode())
        letters, strangers = letterbox.written(question, address, drawn, to)
        if letters:
            letterbox.keep(place, letters)
            says.print(_("待发箱：{count}条，先看再发").format(count=len(letters)), markup=False)
        for name_, branch in strangers:
            says.print(_("不在本箱名册上：{name}，{branch}").format(name=name_, branch=branch), markup=False)
        says.print(
            _("已设箱：{people}人，截止{until}；纸条在{file}，打印后请删去").format(
                people=len(drawn), until=printed.until(question), file=slips
            ),
            markup=False,
        )


def _moment(text: str) -> str:
    """A time with its zone as UTC to the second; ``Refused`` (X.1) when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused("X.1", "“{text}”不是带时区的时间，应写成 2022-03-02T18:00+08:00", text=text)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@box.command(
    cls=helping.Command,
    help=mark("开放推荐箱 BOX：党员的页面、上门人员的页面。不写访问日志。按 Ctrl-C 停止，停了可以再开。"),
)
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help=mark("在这个地址上开放"))
@click.option("--port", default=8766, show_default=True, help=mark("端口"))
def serve(folder: Path, host: str, port: int) -> None:
    """Serve the BOX: the members' page and the visitors' kit. No access log is written."""
    from fourgates.box import server

    place = _place(folder)
    with answering():
        title = place.question().title
        with place.lock():
            serving = server.started(place, host, port)
            says.print(
                _("推荐箱“{title}”：http://{host}:{port}/").format(title=title, host=host, port=port),
                markup=False,
            )
            server.waited(serving)


@box.command(cls=helping.Command, help=mark("谁参加了、谁还没有：按党支部列出人数。看不到推荐了谁。"))
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option("--missing", is_flag=True, help=mark("列出还没有参加的党员"))
def roll(folder: Path, missing: bool) -> None:
    """Who took part and who has not yet, by branch; never what was named."""
    from fourgates.box.place import office

    with answering():
        place = _place(folder)
        names = {voter.id: voter.name for voter in place.question().voters}
        rows = office(place, "/b/roll", {})["roll"]
        came = {member for member, _branch, state, *_told in rows if state == "spent"}
        others = {member for member, _branch, state, channel, *_told in rows if state == "dead" and channel}
        for branch in sorted({row[1] for row in rows}):
            mine = {row[0] for row in rows if row[1] == branch}
            says.print(f"{branch}  {len(mine & came)} + {len(mine & others)} / {len(mine)}", markup=False)
            if missing:
                says.print("  " + "、".join(sorted(names[one] for one in mine - came - others)), markup=False)


@box.command(
    cls=helping.Command,
    help=mark(
        "党员可以用单位的账号登录：PROVIDER（.toml）写 issuer、client_id、client_secret、address，"
        "ACCOUNTS（.csv）写姓名、党支部、联系方式（这里写账号）。\n"
        "重新 serve 以后生效。登录只换来一个新编码，原来的纸条作废。"
    ),
)
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.argument("provider", type=click.Path(path_type=Path, exists=True))
@click.argument("accounts", type=click.Path(path_type=Path, exists=True))
def sso(folder: Path, provider: Path, accounts: Path) -> None:
    """Let members sign in with accounts that they have, by OpenID Connect, and be given a code."""
    from fourgates import canon
    from fourgates.box import outbox as letterbox
    from fourgates.box import signin
    from fourgates.box.place import SIGN_IN, secret

    with answering():
        place = _place(folder)
        kept = signin.kept(place.question(), signin.provider(provider), letterbox.contacts(accounts))
        secret(place.folder / SIGN_IN, canon.spell(kept))
        says.print(_("可以登录：{count}人").format(count=len(kept.members)), markup=False)


@box.command(cls=helping.Command, help=mark("给丢了纸条的党员换一张，原来的作废。MEMBER 是姓名或者编号。"))
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.argument("member")
@click.option("--branch", default="", help=mark("同名的，写明党支部"))
@click.option("--address", required=True, metavar="URL", help=mark("党员打开的网址，印在纸条上"))
@click.option(
    "--slips", required=True, type=click.Path(path_type=Path), help=mark("纸条写到这个文件（.html）")
)
def replace(folder: Path, member: str, branch: str, address: str, slips: Path) -> None:
    """Give a member whose slip was lost a new one; the old one is dead."""
    from fourgates.box import slips as printed
    from fourgates.box.codes import read
    from fourgates.box.place import office, secret

    with answering():
        place = _place(folder)
        question = place.question()
        voter = _voter(place, member, branch)
        code = read(office(place, "/b/replace", {"member": voter})["code"])
        (mine,) = (one for one in question.voters if one.id == voter)
        secret(slips, printed.sheet(question, address, [printed.Slip(mine.name, mine.branch, code)]).encode())
        says.print(_("已换：{name}，纸条在{file}").format(name=mine.name, file=slips), markup=False)


def _voter(place: Place, named: str, branch: str) -> str:
    found = [
        voter.id
        for voter in place.question().voters
        if named in (voter.id, voter.name) and branch in ("", voter.branch)
    ]
    if len(found) != 1:
        raise Refused(
            "B.8", "箱内叫“{name}”的党员有{count}人，请写明党支部或者编号", name=named, count=len(found)
        )
    return found[0]


@box.command(cls=helping.Command, help=mark("把已在会上或者用纸票参加的党员从箱中销号，编码作废。"))
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.argument("member")
@click.option("--branch", default="", help=mark("同名的，写明党支部"))
@click.option("--channel", default="会议", show_default=True, help=mark("用什么方式参加的"))
def strike(folder: Path, member: str, branch: str, channel: str) -> None:
    """Strike off a member who took part in a meeting or on paper; the code is dead."""
    from fourgates.box.place import office

    with answering():
        place = _place(folder)
        office(place, "/b/strike", {"member": _voter(place, member, branch), "channel": channel})
        says.print(_("已销号：{name}").format(name=member), markup=False)


@box.command(cls=helping.Command, help=mark("派两名上门人员，写出路线单：他们的编码和要上门的党员。"))
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option("--by", "names", multiple=True, required=True, help=mark("上门人员，写两次"))
@click.option("--committee", required=True, help=mark("党（工）委"))
@click.option("--member", "members", multiple=True, help=mark("要上门的党员，可以写多次"))
@click.option("--address", required=True, metavar="URL", help=mark("页面的网址（https）"))
@click.option(
    "--sheet", required=True, type=click.Path(path_type=Path), help=mark("路线单写到这个文件（.html）")
)
def visit(
    folder: Path, names: tuple[str, ...], committee: str, members: tuple[str, ...], address: str, sheet: Path
) -> None:
    """Send two visitors out: a route sheet with their own code and the members to visit."""
    from fourgates.box import codes
    from fourgates.box import slips as printed
    from fourgates.box.place import office, secret
    from fourgates.box.question import Visitor

    with answering():
        if len(set(names)) < 2:
            raise Refused("B.9", "上门应有两人：写明两个不同的姓名")
        place, code = _place(folder), codes.draw()
        visitor = Visitor(codes.digest(code).hex(), names, committee, members)
        office(place, "/b/welcome", {"visitor": visitor})
        secret(sheet, printed.route(place.question(), address, visitor, code).encode())
        says.print(_("路线单在{file}").format(file=sheet), markup=False)


@box.command(
    cls=helping.Command,
    help=mark(
        "停电、断网等使推荐箱在截止时不能用的，按规则延长，并记入纪实 RECORD，写明情形、情况和由谁决定。"
    ),
)
@click.argument("record")
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option(
    "--until", required=True, metavar="TIME", help=mark("延长到什么时候，如 2022-03-02T20:00+08:00")
)
@click.option("--ground", required=True, help=mark("规则中的哪一种情形，如 停电"))
@click.option("--note", required=True, help=mark("具体情况"))
@click.option("--by", required=True, help=mark("由谁决定"))
@remote.addressed(recorded.ON_SITE)
def extend(
    record: str, folder: Path, until: str, ground: str, note: str, by: str, site: str, token: str
) -> None:
    """Keep the BOX open longer on a ground of the rulebook, as an entry of RECORD."""
    from fourgates.box import recording
    from fourgates.box.place import office
    from fourgates.box.slips import until as told

    with answering(), recorded.recorder(record, site, token) as kept:
        place, later = _place(folder), _moment(until)
        recording.extend(kept, place.question(), later, ground, note, by)
        office(place, "/b/extend", {"closes": later})
        says.print(_("已延长到{until}").format(until=told(place.question())), markup=False)


for one in (outbox.outbox, outbox.send, closing.cases, closing.close, closing.publish, closing.find):
    box.add_command(one)
