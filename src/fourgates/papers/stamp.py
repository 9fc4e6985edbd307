"""What a workbook of our own says of itself (戳记): hidden names of the workbook, never printed, kept by whatever saves it.

A form handed out carries its form, version, selection and unit; a workbook handed back carries that it was. Each is a
defined name such as ``fourgates.form`` whose formula is a text. Nothing is ever decided by a stamp alone: it may be absent,
and anybody can write one; it only tells a clerk what a workbook seems to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PREFIX: Final = "fourgates."
FORM: Final = "form"
VERSION: Final = "version"
SELECTION: Final = "selection"
UNIT: Final = "unit"
RETURNED: Final = "returned"

CURRENT: Final = "1"
"""The version (表式版本) of the forms as they are now; a heading that changes makes it another."""
LISTING: Final = "问题清单"
"""The sheet that a returned workbook begins with. The stamp ``returned`` names it: it is not the sheet that is read."""
LONGEST: Final = 255
"""Characters that a text inside a formula may have (Excel's own limit)."""


def formula(text: str) -> str:
    """``text`` as the formula of a defined name: quoted, its own quotes doubled, never worked out as anything else."""
    kept = "".join(char for char in text if char.isprintable())[: LONGEST // 2]
    return '"' + kept.replace('"', '""') + '"'


def found(names: Mapping[str, str]) -> dict[str, str]:
    """Of a workbook's defined names (name → formula) those that are a stamp: ``form`` → ``02 党员名册``."""
    return {
        name.lower().removeprefix(PREFIX): formula.strip()[1:-1].replace('""', '"')
        for name, formula in names.items()
        if name.lower().startswith(PREFIX) and len(formula.strip()) >= 2 and formula.strip()[0] == '"'
    }
