"""One page that shows a list (一页图): what was asked, what the pool has, what the list has, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from fourgates.i18n import _
from fourgates.slate.check import Finding, check
from fourgates.slate.model import Person, Problem, Ratio, Requirement, asked_of, some_of

WIDTH, ROW, TOP, NAME, BAR = 1000, 34, 96, 270, 560
INK, PALE, GOOD, BAD = "#22303c", "#dfe5ea", "#2f7d5b", "#b3392f"

PLACES, WIDE = 30, 0x2E80


def picture(problem: Problem, chosen: Sequence[str], title: str = "") -> str:
    """An SVG of each requirement: a grey bar for its share of the pool, a coloured one for the list, marks for bounds.

    Bars are shares of the pool and of the list; the numbers beside them are counts, so that a printed page can be
    checked. Green: met; red: not.
    """
    judged = check(problem, chosen)
    free = [person for person in problem.people if person.id not in problem.barred]
    asked = {rule.name: rule for rule in asked_of(problem)}
    listed = some_of(problem.people, set(chosen))
    lines = [_text(24, 40, title or _("名单结构"), 24, "bold")]
    support = "　".join(f"{number:,}" for number in judged.support)
    summary = _("名单{size}人；可选人选{pool}人；支持数 {support}").format(
        size=judged.size, pool=len(free), support=support or _("无")
    )
    lines.append(_text(24, 70, summary, 15))
    parts = [_parts(finding, asked[finding.name], free, listed) for finding in judged.findings]
    # The longest bar fills the width, so that small shares can be told apart.
    longest = max(
        (Fraction(part, max(1, whole)) for each in parts for part, whole in each), default=Fraction(1)
    )
    scale = BAR / float(longest or 1)
    for place, (finding, (pool, own)) in enumerate(zip(judged.findings, parts, strict=True)):
        y = TOP + place * ROW
        lines.append(_text(24, y + 16, _short(finding.name), 15))
        lines.append(_bar(y, pool, PALE, 18, scale))
        lines.append(_bar(y + 4, own, GOOD if finding.met else BAD, 10, scale))
        bounds = [
            (bound, mark)
            for bound, mark in ((finding.at_least, "≥"), (finding.at_most, "≤"))
            if bound is not None
        ]
        if finding.at_least == finding.at_most:
            bounds = [(bound, "=") for bound, _mark in bounds[:1]]
        for bound, mark in bounds:
            if own[1] and (bound or mark != "≥"):
                x = NAME + min(BAR, scale * bound / own[1])
                lines.append(f'<path d="M{x:.1f} {y - 3}v24" stroke="{INK}" stroke-width="2"/>')
                left = mark == "≥"
                lines.append(_text(x - 4 if left else x + 4, y + 27, f"{mark}{bound}", 10, end=left))
        lines.append(_text(NAME + BAR + 14, y + 14, f"{finding.count} / {pool[0]}", 14))
    height = TOP + ROW * len(judged.findings) + 30
    legend = _("灰：可选人选中的比例；绿：名单，符合；红：名单，不符；竖线：界限；数字：名单人数 / 可选人数")
    lines.append(_text(24, height - 10, legend, 12))
    inside = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" fill="{INK}">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _parts(
    finding: Finding, asked: Requirement | Ratio, free: Sequence[Person], listed: Sequence[Person]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many of how many: in the pool, on the list. A ratio is among those who bear the other tag."""
    if isinstance(asked, Requirement):
        return (sum(map(asked.counts, free)), len(free)), (finding.count, len(listed))
    of = [person for person in free if asked.of in person.tags]
    both = sum(asked.tag in person.tags for person in of)
    return (both, len(of)), (finding.count, sum(asked.of in person.tags for person in listed))


def _short(name: str) -> str:
    """As much of a name as there is room for; a Chinese character takes two places."""
    taken = 0
    for place, each in enumerate(name):
        taken += 2 if ord(each) > WIDE else 1
        if taken > PLACES:
            return name[: place - 1] + "…"
    return name


def _text(x: float, y: float, words: str, size: int, weight: str = "normal", *, end: bool = False) -> str:
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}"{anchor}>{escape(words)}</text>'


def _bar(y: float, part: tuple[int, int], colour: str, height: int, scale: float) -> str:
    width = scale * part[0] / part[1] if part[1] else 0
    return f'<rect x="{NAME}" y="{y}" width="{width:.1f}" height="{height}" fill="{colour}"/>'
