"""What every arm of the fold asks again and again: a document by its digest, a committee, a member (推进的共同条件)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from fourgates import canon
from fourgates.errors import Broken, Refused
from fourgates.facts import Facts
from fourgates.units import Tree

D = TypeVar("D")
Documents = Mapping[str, bytes]


def document(documents: Documents, digest: str, kind: type[D], number: int) -> D:
    """The document named by ``digest``; ``Broken`` (R.5) when it is missing, changed, or not of its kind."""
    content = documents.get(digest)
    if content is None:
        raise Broken(number, "R.5", "附件{digest}缺失", digest=digest)
    if canon.digest(content) != digest:
        raise Broken(number, "R.5", "附件{digest}被改动过", digest=digest)
    try:
        found = canon.reader(kind).decode(content)
    except (ValueError, RecursionError) as error:
        raise Broken(number, "R.5", "附件{digest}读不懂：{what}", digest=digest, what=str(error)) from None
    if canon.spell(found) != content:
        raise Broken(number, "R.5", "附件{digest}不是规范写法", digest=digest)
    return found


def agree(says: int, holds: int) -> None:
    """Raises ``Refused`` (0.4) unless the entry counts as many rows as its document holds."""
    if says != holds:
        raise Refused("0.4", "条目写明{says}行，附件有{holds}行", says=says, holds=holds)


def committee(name: str, tree: Tree) -> None:
    """Raises ``Refused`` (1.3) unless ``name`` is a committee of the register."""
    if name not in tree or tree.committee_of(name) != name:
        raise Refused("1.3", "{name}不是名册中的党（工）委", name=name)


def member(id_: str, facts: Facts) -> None:
    """Raises ``Refused`` (1.5) unless the person stands on a roster."""
    if id_ not in facts.roster().members:
        raise Refused("1.5", "有人不在任何名册中")
