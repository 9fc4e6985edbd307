"""What people wrote (原文), beside the record: entries name it by a keyed digest, and it can be erased without them.

Each text is sealed under a key of its own in the record's vault.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

import msgspec

from fourgates import identity, vault
from fourgates.errors import Refused
from fourgates.papers.people import People
from fourgates.web import records
from fourgates.web.models import Selection, Text


def digest(names: People, about: str, text: str) -> str:
    """The keyed digest of ``text``, the same that the papers make of it; empty for no text.

    ``Refused`` (F.2) where the key went with the names.
    """
    if not text:
        return ""
    if not names.key:
        raise Refused("F.2", "人员附件已经删除，不能再写下文字")
    return identity.keyed(bytes.fromhex(names.key), "text", about, text)


def missing(row: Selection, texts: Mapping[str, str]) -> dict[str, str]:
    """Those of ``texts`` (digest → text) that are not kept yet."""
    known = set(row.texts.filter(digest__in=texts).values_list("digest", flat=True)) if texts else set()
    return {digest: text for digest, text in texts.items() if digest not in known}


def keep(row: Selection, texts: Mapping[str, str]) -> None:
    """Keep ``texts``: digest → text."""
    sealed = records.keys(row).seal(
        {_about(row, digest): text.encode() for digest, text in texts.items()},
        lambda about: vault.text(about.rpartition("/")[2]),
    )
    Text.objects.bulk_create(
        [
            Text(selection=row, digest=digest, text=b64encode(sealed[_about(row, digest)]).decode("ascii"))
            for digest in texts
        ],
        ignore_conflicts=True,
    )


def _about(row: Selection, digest: str) -> str:
    return f"{row.pk}/text/{digest}"


def _opened(row: Selection, kept: Iterable[Text]) -> dict[str, str]:
    keys = records.keys(row)
    found = ((one.digest, keys.opened(_about(row, one.digest), b64decode(one.text))) for one in kept)
    return {digest: text.decode() for digest, text in found if text is not None}


def everything(row: Selection) -> dict[str, str]:
    """Everything written in the site: digest → text."""
    return _opened(row, row.texts.all())


def written(row: Selection, names: People, digests: Iterable[str]) -> dict[str, str]:
    """What was written under each of ``digests``; those whose text is gone are left out."""
    wanted = {digest for digest in digests if digest}
    found = {digest: names.texts[digest] for digest in wanted & names.texts.keys()}
    left = wanted - found.keys()
    if left:
        found |= _opened(row, row.texts.filter(digest__in=left))
    return found


def together(row: Selection, names: People) -> People:
    """The names with everything written in the site, for papers that print it."""
    own = everything(row)
    return msgspec.structs.replace(names, texts={**names.texts, **own}) if own else names


def plain(name: str) -> str:
    """A name as it is compared: no space of any kind, as lists set two characters apart."""
    return "".join(name.split())
