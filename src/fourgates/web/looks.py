"""Looks at masked numbers (查看号码): who was told whose number, when and why; noted before it is told, the number never."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable

from django.utils import timezone

from fourgates import vault
from fourgates.i18n import _, mark
from fourgates.web import records
from fourgates.web.access import Room
from fourgates.web.models import Look

EVERYBODY = ""
"""Stands for a person where a file with everybody's number was handed out."""
FILES = "looks/everybody"
"""The key of why such files were handed out."""
WORDS = (mark("退改的表册"), mark("县级文件夹"), mark("纪实包"), mark("征求意见回函"))
"""Our own words for the files in which numbers go out; every other reason is as its writer wrote it."""


def note(room: Room, people: Iterable[str], why: str) -> None:
    """Note that the visitor is about to be told the numbers of ``people`` (ids of the record, or ``EVERYBODY``)."""
    now = timezone.now()
    looks = [Look(user=room.user, selection=room.row, person=id_, at=now) for id_ in people]
    under = {about(one): vault.person(one.person) if one.person else FILES for one in looks}
    sealed = records.keys(room.row).seal(dict.fromkeys(under, why.encode()), under.__getitem__)
    for one in looks:
        one.reason = b64encode(sealed[about(one)]).decode("ascii")
    Look.objects.bulk_create(looks)


def reason(one: Look) -> str:
    """Why somebody looked; empty where it went with the person."""
    content = records.keys(one.selection).opened(about(one), b64decode(one.reason))
    said = (content or b"").decode()
    word, _colon, about_whom = said.partition("：")
    if word not in WORDS:
        return said
    return _("{file}：{department}").format(file=_(word), department=about_whom) if about_whom else _(word)


def about(one: Look) -> str:
    """What a reason is bound to: it opens in the row of this visitor, this person and this second alone; a backup keeps no
    finer time."""
    return f"{one.selection_id}/look/{one.user_id}/{one.person}/{int(one.at.timestamp())}"
