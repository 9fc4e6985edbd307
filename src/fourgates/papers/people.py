"""The names behind the ids (人员附件): kept beside the record, never in it, and erasable.

The key that made the ids and digests lies here too: with it gone, nobody can find a citizen number by trying them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from fourgates import canon, identity
from fourgates.papers.desk import Known


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody's name and number, and for those put forward what lists and notices print beside the name."""

    name: str
    number: str
    nationality: str = ""
    female: bool = False
    birth: str = ""
    education: str = ""
    joined: str = ""
    post: str = ""


class People(msgspec.Struct, frozen=True):
    """The whole document: the key in hexadecimal, id → details, digest → text that people wrote."""

    key: str
    people: Mapping[str, Details] = {}
    texts: Mapping[str, str] = {}

    def name(self, id_: str) -> str:
        """The name behind an id; the id itself where the names are gone."""
        details = self.people.get(id_)
        return details.name if details else id_

    def number(self, id_: str) -> str:
        """The citizen number behind an id; the id itself where the names are gone."""
        details = self.people.get(id_)
        return details.number if details else id_


def gather(key: bytes, known: Iterable[Known], put_forward: set[str], texts: Mapping[str, str]) -> People:
    """The document for everybody known; the details only for ``put_forward``, because only they are ever listed."""
    people: dict[str, Details] = {}
    for one in known:
        if one.id in put_forward:
            birth = identity.birth(one.number)
            people[one.id] = Details(
                one.name,
                one.number,
                one.nationality,
                one.female,
                f"{birth.year}.{birth.month:02d}",
                one.education,
                one.joined.replace("-", "."),
                one.post,
            )
        else:
            people[one.id] = Details(one.name, one.number)
    return People(key.hex(), people, texts)


def joined(kept: People, fresh: People) -> People:
    """What was kept with what came in: nobody's name or text is lost, and what is newer is what holds."""
    return People(fresh.key, {**kept.people, **fresh.people}, {**kept.texts, **fresh.texts})


def read(content: bytes) -> People:
    """The document as kept; ``msgspec.DecodeError`` when it is none."""
    return canon.reader(People).decode(content)
