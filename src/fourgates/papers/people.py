"""The names behind the ids (人员附件): kept beside the record, never in it, and erasable.

The key that made the ids and digests lies here too: with it gone, nobody can find a citizen number by trying them all.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from fourgates import canon, identity, sealed
from fourgates.papers.desk import Known


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody's name and number, and for those put forward what lists and notices print beside the name, with the secret
    (hexadecimal) that the salts of their sealed facts are made from."""

    name: str
    number: str
    nationality: str = ""
    female: bool = False
    birth: str = ""
    education: str = ""
    joined: str = ""
    post: str = ""
    secret: str = ""

    def facts(self) -> dict[str, str]:
        """What is sealed of this person, by the words of the forms."""
        sex = ("女" if self.female else "男") if self.secret else ""
        return {
            "姓名": self.name,
            "公民身份号码": self.number,
            "性别": sex,
            "民族": self.nationality,
            "出生年月": self.birth,
            "学历": self.education,
            "入党时间": self.joined,
            "工作单位及职务": self.post,
        }


class People(msgspec.Struct, frozen=True):
    """The whole document: the key in hexadecimal, id → details, digest → text that people wrote."""

    key: str
    people: Mapping[str, Details] = {}
    texts: Mapping[str, str] = {}

    def name(self, id_: str) -> str:
        """The name behind an id; the id itself where the names are gone."""
        details = self.people.get(id_)
        return details.name if details else id_

    def ids(self) -> dict[str, str]:
        """The id of everybody whose number is kept: the key that made it may be another since."""
        return {one.number: id_ for id_, one in self.people.items()}

    def id_of(self, number: str) -> str:
        """The id of the person with this number, known or new; ``ValueError`` where the key went with the names."""
        known = self.ids().get(number)
        if not known and not self.key:
            raise ValueError(number)
        return known or identity.keyed(bytes.fromhex(self.key), "person", number)

    def disclosures(self) -> dict[str, tuple[str, ...]]:
        """What proves each sealed fact, of everybody whose facts are sealed."""
        return {
            id_: sealed.facts(bytes.fromhex(one.secret), one.facts())
            for id_, one in self.people.items()
            if one.secret
        }

    def without(self, id_: str, texts: Iterable[str]) -> People:
        """What is left when one person and these texts (by digest) are gone, under a new key: the one before could find the
        id of everybody whose number is tried."""
        gone = set(texts)
        return People(
            secrets.token_hex(sealed.SECRET),
            {other: one for other, one in self.people.items() if other != id_},
            {digest: text for digest, text in self.texts.items() if digest not in gone},
        )

    def number(self, id_: str) -> str:
        """The citizen number behind an id; the id itself where the names are gone."""
        details = self.people.get(id_)
        return details.number if details else id_


def gather(
    key: bytes,
    known: Iterable[Known],
    put_forward: set[str],
    texts: Mapping[str, str],
    before: Mapping[str, Details] = MappingProxyType({}),
) -> People:
    """The document for everybody known; the details only for ``put_forward``, because only they are ever listed.

    ``before``: what was kept so far, whose secrets are kept on.
    """
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
                (before[one.id].secret if one.id in before else "") or _secret(key, one.id),
            )
        else:
            people[one.id] = Details(one.name, one.number)
    return People(key.hex(), people, texts)


def _secret(key: bytes, id_: str) -> str:
    """What the salts of a person's sealed facts are made from: gone with the person's details and the key of their time."""
    return hmac.digest(key, canon.spell(["secret", id_]), "sha256").hex()


def joined(kept: People, fresh: People) -> People:
    """What was kept with what came in: nobody's name or text is lost, and what is newer is what holds."""
    return People(fresh.key, {**kept.people, **fresh.people}, {**kept.texts, **fresh.texts})


def read(content: bytes) -> People:
    """The document as kept; ``msgspec.DecodeError`` when it is none."""
    return canon.reader(People).decode(content)
