"""One page that shows a list (一页图): what was asked, what the pool has, what the list has, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fourgates.i18n import _
from fourgates.slate.check import check
from fourgates.slate.model import Problem

WIDTH, ROW, TOP, NAME, BAR = 1000, 34, 96, 270, 560
INK, PALE, GOOD, BAD = "#22303c", "#dfe5ea", "#2f7d5b", "#b3392f"


def picture(problem: Problem, chosen: Sequence[str], title: str = "") -> str:
    """An SVG of each requirement: a grey bar for its share of the pool, a coloured one for the list, marks for bounds.

    Bars are shares of the pool and of the list; the numbers beside them are counts, so that a printed page can be
    checked. Green: met; red: not.
    """
    judged = check(problem, chosen)
    free = [person for person in problem.people if person.id not in problem.barred]
    asked = {rule.name: rule for rule in problem.requirements}
    lines = [_text(24, 40, title or _("名单结构"), 24, "bold")]
    support = "　".join(f"{number:,}" for number in judged.support)
    summary = _("名单{size}人；可选人选{pool}人；支持数 {support}").format(
        size=judged.size, pool=len(free), support=support or _("无")
    )
    lines.append(_text(24, 70, summary, 15))
    for place, finding in enumerate(judged.findings):
        y = TOP + place * ROW
        rule = asked.get(finding.name)
        bearing = len(free)
        if rule is not None:
            bearing = sum(map(rule.counts, free))
        lines.append(_text(24, y + 16, finding.name[:18], 15))
        lines.append(_bar(y, bearing, len(free), PALE, 18))
        lines.append(_bar(y + 4, finding.count, judged.size, GOOD if finding.met else BAD, 10))
        for bound, mark in ((finding.at_least, "≥"), (finding.at_most, "≤")):
            if bound is not None and judged.size:
                x = NAME + BAR * min(bound, judged.size) / judged.size
                lines.append(f'<path d="M{x:.1f} {y - 3}v24" stroke="{INK}" stroke-width="2"/>')
                lines.append(_text(x + 4, y + 31 - 4, f"{mark}{bound}", 10))
        lines.append(_text(NAME + BAR + 14, y + 14, f"{finding.count} / {bearing}", 14))
    height = TOP + ROW * len(judged.findings) + 30
    legend = _("灰：可选人选中的比例；绿：名单，符合；红：名单，不符；竖线：界限；数字：名单人数 / 可选人数")
    lines.append(_text(24, height - 10, legend, 12))
    inside = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" fill="{INK}">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _text(x: float, y: float, words: str, size: int, weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}">{escape(words)}</text>'


def _bar(y: float, part: int, whole: int, colour: str, height: int) -> str:
    width = BAR * part / whole if whole else 0
    return f'<rect x="{NAME}" y="{y}" width="{width:.1f}" height="{height}" fill="{colour}"/>'
