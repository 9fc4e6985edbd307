"""Erase the names of a person, or of everybody whose time is over (删除个人信息、保存期)."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import quote

import click

from fourgates import erasing
from fourgates import names as naming
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import answering, says
from fourgates.commands.recorded import held
from fourgates.commands.remote import Site
from fourgates.erasing import Folder, Kept
from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.keeper import moment
from fourgates.papers.people import People


def _whom(people: People, who: str) -> str:
    """The id of whoever is meant; ``Refused`` (F.4) when several are."""
    wanted, number = naming.key(who), who.strip().upper()
    found = [id_ for id_, one in people.people.items() if who == id_ or number == one.number]
    found = found or [id_ for id_, one in people.people.items() if naming.key(one.name) == wanted]
    if len(found) > 1:
        raise Refused(
            "F.4", "叫“{who}”的不止一人，请用记录编号：{namesakes}", who=who, namesakes="；".join(found)
        )
    return found[0] if found else who


@click.command(
    cls=helping.Command,
    help=mark(
        "删除一个人的姓名、号码等个人信息和它们的密钥，并记入纪实。\n"
        "RECORD 是纪实文件夹或者存库地址，WHO 是公民身份号码、姓名或者记录编号；数字、检查点都不受影响。\n"
        "有 --site 的，RECORD 写推选在网址中的简称，在网站上删除。"
    ),
)
@click.argument("record")
@click.argument("who")
@click.option("--ground", required=True, help=mark("情形：方案中 retention.grounds 写明的一种"))
@remote.addressed(mark("在这个网站上删除"))
def erase(record: str, who: str, ground: str, site: str, token: str) -> None:
    """Destroy a person's names, facts, salts and keys, and say so in the RECORD, a folder or a store's address; with --site the
    short name of a selection there.

    Every figure and every checkpoint still verifies. WHO is a citizen number, a name or an id of the record.
    """
    with answering():
        if site:
            id_, fresh = _far(Site(site, token, record), who, ground), True
        else:
            with held(record, Folder, Kept) as kept:
                id_ = _whom(kept.people(), who)
                fresh = erasing.person(kept, id_, ground)
        said = _("{person}的个人信息已经删除，已记入纪实") if fresh else _("{person}的个人信息早已删除")
        says.print(said.format(person=id_), markup=False)


def _far(site: Site, who: str, ground: str) -> str:
    """Erase a person on a site, where the keys lie; gives the id."""
    with tempfile.TemporaryDirectory() as place:
        people = standing.names(remote.record(site, Path(place)))
    id_ = _whom(people, who)
    if id_ not in people.people:
        raise Refused("V.5", "人员附件里没有“{who}”", who=who)
    said = json.dumps({"ground": ground, "name": people.name(id_)}).encode()
    site.told("POST", f"people/{quote(id_, safe='')}/erasing", said, **{"Content-Type": "application/json"})
    return id_


@click.command(
    cls=helping.Command,
    help=mark(
        "保存期满的，删除全部姓名、号码等个人信息和它们的密钥，并记入纪实；没有满的什么也不做。\n"
        "请让系统每天定时运行一次。RECORD 是纪实文件夹或者存库地址；有 --site 的写推选在网址中的简称。"
    ),
)
@click.argument("record")
@remote.addressed(mark("在这个网站上删除"))
def retention(record: str, site: str, token: str) -> None:
    """Destroy all names of the RECORD, a folder or a store's address, once the day until which they are kept has passed; with
    --site the short name of a selection there.

    Nothing is done before. Meant to be run every day by whatever runs things on time.
    """
    with answering():
        if site:
            told = Site(site, token, record).told("POST", "retention")
            last, count = date.fromisoformat(told["until"]), int(told["people"])
        else:
            with held(record, Folder, Kept) as kept:
                last, count = erasing.everybody(kept, date.fromisoformat(moment()[:10]))
        if count:
            said = _("保存期到{until}为止，{people}人的个人信息已经删除，已记入纪实")
        else:
            said = _("个人信息保存到{until}为止，这次没有要删除的")
        says.print(said.format(until=last, people=count), markup=False)
