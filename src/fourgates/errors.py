"""The two ways in which something read from outside can be wrong.

A rule said no (``Refused``), or the record does not hold (``Broken``). Nothing else is raised for bad input.
"""

from __future__ import annotations

from collections.abc import Mapping

Fact = str | int


class Refused(Exception):
    """A rule said no (不予受理).

    ``rule`` is the number in ``docs/rules.md``; ``why`` is the sentence in Chinese with named places, which is
    also the key of its translation; ``facts`` fill the places and stay values, so that a page can link them.
    """

    def __init__(self, rule: str, why: str, /, **facts: Fact) -> None:
        super().__init__(rule, why, facts)
        self.rule = rule
        self.why = why
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        return f"[{self.rule}] {self.why.format(**self.facts)}"


class Broken(Exception):
    """The record does not hold (纪实链断裂): ``entry`` is the number of the first entry that fails, 0 for the whole.

    ``rule`` names what was broken (a rule of the selection, or one of the record's own, ``R.1`` and up).
    """

    def __init__(self, entry: int, rule: str, why: str, /, **facts: Fact) -> None:
        super().__init__(entry, rule, why, facts)
        self.entry = entry
        self.rule = rule
        self.why = why
        self.facts: Mapping[str, Fact] = facts

    def __str__(self) -> str:
        return f"entry {self.entry} [{self.rule}] {self.why.format(**self.facts)}"
