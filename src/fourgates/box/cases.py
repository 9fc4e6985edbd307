"""What somebody has to look into (待核事项): a roll entry that its member says is wrong, a nomination brought for a code that was
spent already. Neither says anything of what was named; each is for the branch, and goes on when the box is closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from fourgates import canon
from fourgates.box.question import Question
from fourgates.i18n import _, mark

HEADINGS = (mark("党（工）委"), mark("党支部"), mark("姓名"), mark("事项"), mark("内容"))


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """One case: whose, what the member says (empty: it is the other kind), and which visitors brought a second nomination,
    with the channel by which the first had come."""

    member: str
    says: str = ""
    by: str = ""
    channel: str = ""


def note(path: Path, case: Case) -> None:
    """Put down ``case``; the same one stands once however often it comes."""
    if case not in read(path):
        with path.open("ab") as file:
            file.write(canon.spell(case) + b"\n")


def read(path: Path) -> tuple[Case, ...]:
    """Every case in the order in which they came."""
    lines = path.read_bytes().splitlines() if path.exists() else ()
    return tuple(map(canon.reader(Case).decode, lines))


def table(found: Iterable[Case], question: Question) -> list[tuple[str, ...]]:
    """The cases by committee and branch, each a row under ``HEADINGS``."""
    voters = {voter.id: voter for voter in question.voters}
    rows = [
        (question.committee_of[voter.branch], voter.branch, voter.name, *_told(case))
        for case in found
        if (voter := voters.get(case.member)) is not None
    ]
    return sorted(rows)


def _told(case: Case) -> tuple[str, str]:
    if case.says:
        return _("名册信息有误"), case.says
    return _("重复参加，由两人核实"), _("先前：{channel}；上门带回：{by}").format(
        channel=case.channel, by=case.by
    )


def written(path: Path, rows: list[tuple[str, ...]], question: Question) -> None:
    """Write the rows of ``table`` as a workbook for the branches."""
    from fourgates.papers import writing  # a box that is served writes none, and starts sooner

    columns = [writing.Column(_(heading)) for heading in HEADINGS]
    writing.write(
        path, [writing.Table(_("待核事项"), _("推荐箱待核事项"), columns, rows, unit=question.unit)]
    )
