"""How an event is written down (写法): the name of its class, its fields in their order, nothing that is at its default."""

from __future__ import annotations

from typing import ClassVar

import msgspec


class Written(
    msgspec.Struct, frozen=True, tag_field="kind", tag=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The name of the class is the kind in the file. A field at its default is not written, so that a kind may gain one
    and older records are still spelt as they were.

    ``about``: the fields that say what an event is about; a later one about the same takes its place.
    """

    about: ClassVar[tuple[str, ...]] = ()
