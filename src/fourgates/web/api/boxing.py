"""What a box tells the record (接口·推荐箱): that it is opened, stays open longer, is closed with what was in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from fourgates import canon, events, identity
from fourgates.errors import Refused
from fourgates.events import boxes
from fourgates.i18n import mark
from fourgates.papers.people import People
from fourgates.recorder import Store
from fourgates.web import access
from fourgates.web.access import Room
from fourgates.web.api.acting import ONCE, already, once_by
from fourgates.web.api.shapes import NO, No, Numbered
from fourgates.web.roles import COUNTY

boxing = Router(tags=["boxes"])
CLAIM: Any = Form(  # type: ignore[type-arg]  # its shape is in what it is given
    ...,
    max_length=1 << 20,
    description="BoxOpened, BoxExtended or BoxClosed as JSON, as an entry of the record spells it.",
)
TEXTS: Any = Form(  # type: ignore[type-arg]  # as above
    "{}",
    description="What people wrote, by the keyed digests that the claim and its documents name, as JSON.",
)
DOCUMENTS: Any = File(  # type: ignore[type-arg]  # as above
    [], description="The documents that the claim names by their digests, as the record spells them."
)
LARGEST = 64 << 20
"""Bytes of the documents of one box together."""
_CLAIM: msgspec.json.Decoder[boxes.Claim] = canon.reader(boxes.Claim)  # type: ignore[arg-type]  # a union
_TEXTS = canon.reader(dict[str, str])


@boxing.post(
    "/s/{slug}/boxes", response={200: Numbered, 413: No, **NO}, summary=mark("推荐箱：设箱、延长、开箱")
)
def tell(
    request: HttpRequest,
    slug: str,
    claim: str = CLAIM,
    texts: str = TEXTS,
    documents: list[UploadedFile] = DOCUMENTS,
    once: str = ONCE,
) -> Numbered:
    """Record what a box says; the documents of a box that is closed are counted and compared before anything is. The same key
    records the same once."""
    room = access.enter(request, slug, (COUNTY,))
    if sum(one.size or 0 for one in documents) > LARGEST:
        raise Refused("F.8", "{file}太大：一个文件不超过{size}兆", file="documents", size=LARGEST >> 20)
    content = {canon.digest(one): one for one in (file.read() for file in documents)}
    try:
        told = _CLAIM.decode(claim)
        written = _TEXTS.decode(texts)
        named = _named(told, content)
    except (msgspec.MsgspecError, UnicodeError) as why:
        raise Refused("F.8", "推荐箱交来的内容读不出来：{what}", what=str(why)) from None
    key = once_by(room, once)
    known = already(room, told, key)
    if known is None:
        before = room.keeper.current().n
        Store(room.keeper).record(told, content, _kept(room, written, named), once=key)
        known = [one.n for one in room.keeper.entries(before) if one.event == told]
    return Numbered(entries=known)


def _named(told: boxes.Claim, content: Mapping[str, bytes]) -> set[str]:
    """The digests of texts that a claim and its documents name; every document that came is named, and none is missing."""
    wanted: set[str] = set()
    named: set[str] = set()
    if isinstance(told, events.BoxExtended):
        named = {told.note, told.by}
    elif isinstance(told, events.BoxClosed):
        wanted = {told.document, told.papers, told.published}
    if wanted != content.keys():
        raise Refused("F.8", "推荐箱交来的附件与所写的摘要不一致")
    if isinstance(told, events.BoxClosed):
        parts = canon.reader(events.PartsDocument).decode(content[told.document]).parts
        papers = canon.reader(events.PapersDocument).decode(content[told.papers]).papers
        canon.reader(events.PublishedDocument).decode(content[told.published])
        named = {one.by for one in parts} | {text for one in papers for text in one.written}
    return named - {""}


def _kept(room: Room, written: Mapping[str, str], named: set[str]) -> People | None:
    """The names with the texts that came, each under the digest that it has; ``None`` where nothing was written."""
    people = room.names
    if not written and named <= people.texts.keys():
        return None
    key = bytes.fromhex(people.key)
    whole = written.keys() <= named <= written.keys() | people.texts.keys()
    if not whole or any(identity.keyed(key, "box", text) != at for at, text in written.items()):
        raise Refused("F.8", "推荐箱交来的附件与所写的摘要不一致")
    return People(people.key, people.people, {**people.texts, **written})
