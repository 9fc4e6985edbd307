"""How an event is written down (写法): the name of its class, its fields in their order, nothing that is at its default."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]
"""A number or name that the office gave: of a meeting, a notice, a case, a box."""
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
"""SHA-256 of a document, in hexadecimal digits."""
Keyed = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""The keyed digest of a text or of who did something; never empty."""
Clock = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, as ``14:30``, where the office is."""
ClockOrNone = Annotated[str, msgspec.Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
"""A time of day, or nothing where nobody wrote it."""


class Written(
    msgspec.Struct,
    frozen=True,
    tag_field="kind",
    tag=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    gc=False,  # nothing in it can refer back to it, and a record holds a million of them
):
    """The name of the class is the kind in the file. A field at its default is not written, so that a kind may gain one
    and older records are still spelt as they were.

    ``about``: the fields that say what an event is about; a later one about the same takes its place.
    """

    about: ClassVar[tuple[str, ...]] = ()
