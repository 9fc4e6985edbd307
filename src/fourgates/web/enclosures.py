"""Files that came with answers (附件), beside the record: entries name them by a keyed digest, and they go with the person.

Each file is sealed under a key of its own in the record's vault, as texts are.
"""

from __future__ import annotations

from collections.abc import Mapping

from fourgates import canon, vault
from fourgates.papers.people import People
from fourgates.web import records, texts
from fourgates.web.models import Enclosure, Selection


def digest(names: People, about: str, content: bytes) -> str:
    """The keyed digest of a file; whoever has the file and the key of the names works it out again. ``Refused`` (F.2) where
    the key went with the names."""
    return texts.digest(names, about, canon.digest(content))


def keep(row: Selection, files: Mapping[str, bytes]) -> None:
    """Keep ``files``: digest → content."""
    known = set(row.enclosures.filter(digest__in=files).values_list("digest", flat=True))
    sealed = records.keys(row).seal(
        {_about(row, one): content for one, content in files.items() if one not in known},
        lambda about: vault.text(about.rpartition("/")[2]),
    )
    Enclosure.objects.bulk_create(
        Enclosure(selection=row, digest=about.rpartition("/")[2], sealed=content)
        for about, content in sealed.items()
    )


def opened(row: Selection, digest: str) -> bytes | None:
    """The file with this digest; ``None`` where it is gone, or was never handed in here."""
    kept = row.enclosures.filter(digest=digest).first()
    return records.keys(row).opened(_about(row, digest), bytes(kept.sealed)) if kept else None


def _about(row: Selection, digest: str) -> str:
    return f"{row.pk}/enclosure/{digest}"
