"""What is published once a box is open (公布): counts of groups large enough, and tag and seal of every paper.

With the receipt anybody finds the own paper: the tag says that it was counted, the seal that it was not changed. The
document stands in the record by its digest, and the entry of the box's closing can be proved with a receipt of the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any, Literal

from fourgates import ballots, i18n
from fourgates.ballots import Box
from fourgates.box import codes
from fourgates.errors import Refused
from fourgates.i18n import _
from fourgates.papers.people import People
from fourgates.plan import Plan
from fourgates.selection import Selection

FORMAT = "fourgates box 1"
Found = Literal["unchanged", "there", "changed", "absent"]


def published(selection: Selection, name: str, people: People) -> dict[str, Any]:
    """Everything that may be published of the closed box ``name``: a plain table, ready for JSON.

    ``Refused`` (14.1) when there is no such box or it is not closed.
    """
    box = selection.facts.boxes.get(name)
    if box is None or not box.closed:
        raise Refused("14.1", "没有开着的票箱{box}", box=name)
    return {
        "format": FORMAT,
        "box": name,
        "closed": box.closed,
        "entry": selection.standing.get(("BoxClosed", name), 0),
        "took_part": len(box.parts),
        "groups": _groups(box, selection.facts.rulebook().boxes.smallest, people),
        "satisfaction": _satisfaction(box, selection.facts.rulebook()),
        "papers": [list(one) for one in ballots.sealed(box.papers)],
    }


def _groups(box: Box, smallest: int, people: People) -> list[dict[str, Any]]:
    return [
        {
            "branches": list(group.branches),
            "took_part": group.took_part,
            "named": {people.name(person): list(bounds) for person, bounds in group.named.items()},
        }
        for group in ballots.published(box, smallest)
    ]


def _satisfaction(box: Box, rule: Plan) -> Mapping[str, int]:
    """The answers of everybody who took part, over all branches; none where it was not asked, or of too few."""
    if not box.satisfaction or len(box.parts) < rule.boxes.smallest:
        return {}
    answers = [paper.satisfaction for paper in box.papers if not paper.void]
    return {option: answers.count(option) for option in (*rule.satisfaction.options, "")}


def find(
    shown: Mapping[str, Any], receipt: str, said: tuple[tuple[str, ...], tuple[str, ...], str] | None
) -> Found:
    """What became of the paper of ``receipt``: counted and unchanged, counted (nothing to compare with), changed, absent.

    ``said``: ids named, names written in, the answer, as the member remembers them.
    """
    seals = dict(shown["papers"])
    tag = codes.tag(receipt)
    if tag not in seals:
        return "absent"
    if said is None:
        return "there"
    return "unchanged" if seals[tag] == codes.seal(receipt, *said) else "changed"


def page(shown: Mapping[str, Any]) -> str:
    """The page that is posted: the groups' counts, and every tag in its order; opens without a network."""
    style = resources.files("fourgates.box").joinpath("page", "page.css").read_text(encoding="utf-8")
    title = escape(_("推荐箱公布"))
    heads = "".join(f"<th scope='col'>{escape(head)}</th>" for head in (_("被推荐人"), _("推荐人数")))
    sections = [_group(group, heads) for group in shown["groups"]]
    if not sections:
        few = _("参加的人太少，公布任何数字都可能看出是谁推荐的，所以不公布。")
        sections.append(f"<p>{escape(few)}</p>")
    asked = {option: count for option, count in shown["satisfaction"].items() if option}
    if asked:
        told = "，".join(f"{option} {count}" for option, count in asked.items())
        of = _("满意度：{told}（参加{count}人，没有回答{blank}人）").format(
            told=told, count=shown["took_part"], blank=shown["satisfaction"][""]
        )
        sections.append(f"<p>{escape(of)}</p>")
    why = escape(
        _(
            "下面是箱中每一份的号码和封印。您的那一份列在提交时给您的号码下；别人不知道哪一个号码是您的。"
            "小的党支部合并公布，几乎人人都推荐的只写“至少”，这样从数字推不出任何一个人推荐了谁。"
        )
    )
    papers = "".join(
        f"<li>{tag[:8]} {tag[8:16]} {tag[16:24]} {tag[24:]}</li>" for tag, _seal in shown["papers"]
    )
    language = "zh-Hans" if i18n.spoken() == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body><main>'
        f"<h1>{title}</h1>{''.join(sections)}<p class='note'>{why}</p><ul class='code'>{papers}</ul></main></body></html>"
    )


def _group(group: Mapping[str, Any], heads: str) -> str:
    """One group: its branches, how many took part, and each name with its figure."""
    least = _("至少{low}")
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{low if low == high else escape(least.format(low=low))}</td></tr>"
        for name, (low, high) in group["named"].items()
    )
    where = escape("、".join(group["branches"]))
    came = escape(_("{count}人参加").format(count=group["took_part"]))
    return f"<h2>{where}</h2><p>{came}</p><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def spelt(shown: Mapping[str, Any]) -> bytes:
    """The published table as JSON."""
    return json.dumps(shown, ensure_ascii=False, indent=1).encode()
