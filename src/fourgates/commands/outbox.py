"""The outbox of a box: look at what would be sent to members, then send it (待发箱)."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fourgates.commands import helping
from fourgates.commands.answering import DONE, FAULTS, answering, says
from fourgates.i18n import _, mark


@click.command(
    cls=helping.Command,
    help=mark("看推荐箱 BOX 的待发箱：每条发给谁、写了什么；编码遮去一半。什么都不发出。"),
)
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
def outbox(folder: Path) -> None:
    """Look at what would be sent: to whom and with what text, the codes half hidden. Nothing leaves."""
    from fourgates.box import codes, server
    from fourgates.box.outbox import CODE, read

    with answering():
        waiting = read(server.at(folder))
        for letter in waiting:
            shown = CODE.sub(lambda code: code[0][: codes.LENGTH // 2] + "…", letter.text)
            says.print(f"{letter.name} {letter.branch} {letter.masked}\n  {shown}", markup=False)
        says.print(_("待发{count}条").format(count=len(waiting)), markup=False)


@click.command(
    cls=helping.Command,
    help=mark(
        "把待发箱里的消息发出去，发出一条去掉一条，没有发成的留着。先用 box outbox 看过再发。\n"
        "发送方式是通知库认识的地址，收件人的位置写 {to}，如 mailtos://用户:口令@邮件服务器?to={to}。\n"
        "退出码 0：都发出了。1：有没有发成的。"
    ),
)
@click.argument("folder", metavar="BOX", type=click.Path(path_type=Path))
@click.option("--via", required=True, metavar="URL", help=mark("发送方式"))
@click.confirmation_option(prompt=mark("已经看过待发箱，现在发出？"), help=mark("不再询问"))
def send(folder: Path, via: str) -> None:
    """Send what waits in the outbox, one by one; what did not go stays there."""
    from fourgates.box import outbox as kept
    from fourgates.box import server

    failed = 0
    with answering():
        for letter, sent in kept.send(server.at(folder), via):
            failed += not sent
            word = _("已发") if sent else _("没有发成")
            says.print(f"{word} {letter.name} {letter.branch} {letter.masked}", markup=False)
    sys.exit(FAULTS if failed else DONE)
