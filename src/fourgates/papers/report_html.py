"""The report as one page (四关情况报告): Chinese with English beside it, opens offline, prints on A4.

Nothing on the page comes from elsewhere, and it says so to the browser: only its own style and its own few lines of
script, named by their digests, may run. Without script the page does all but open every part at once.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from fourgates import judging
from fourgates.bundle import Head
from fourgates.i18n import mark
from fourgates.papers import charts, sentences
from fourgates.papers.abbreviations import abbreviations
from fourgates.papers.files import put
from fourgates.papers.people import People
from fourgates.papers.problems import Problem
from fourgates.papers.rolls import Rolls, shown
from fourgates.papers.said import Said, both, listed, word
from fourgates.report.build import build
from fourgates.report.figures import Tallied, times
from fourgates.selection import Selection

SYMBOLS = {"met": "●", "not_applicable": "–", "pending": "◐", "no_answer": "○", "not_met": "✕"}

VERDICTS = {
    "met": mark("达到"),
    "not_applicable": mark("不适用"),
    "pending": mark("待定"),
    "no_answer": mark("没有结果"),
    "not_met": mark("未达到"),
}


def write(
    path: Path,
    selection: Selection,
    people: People,
    *,
    problems: Sequence[Problem],
    oddities: Sequence[Problem],
    answered: Sequence[str],
    head: Head,
) -> None:
    """Write the page to ``path``, whole or not at all; ``answered``: departments whose reply came; ``head``: of the
    record that was just verified."""
    page = render(selection, people, problems=problems, oddities=oddities, answered=answered, head=head)
    put(path, page.encode())


def render(
    selection: Selection,
    people: People,
    *,
    problems: Sequence[Problem],
    oddities: Sequence[Problem],
    answered: Sequence[str],
    head: Head,
) -> str:
    """The page as text."""
    report = build(selection)
    rolls = Rolls(people, selection.facts, shown(report))
    behind = {one.unit.name: one.behind for one in report.committees}
    reasons = {id_: rolls.text(report.reasons.get(id_, "")) for id_ in report.members.people}
    style, script = (Markup(_text(name)) for name in ("report.css", "report.js"))  # noqa: S704 - our own files
    content: dict[str, Any] = {
        "report": report,
        "plan": report.plan,
        "rolls": rolls,
        "reasons": reasons,
        "why": Counter(reasons.values()),
        "short": abbreviations(selection.facts.register()),
        "asked": {one.name: one for one in report.structure.asked},
        "both_title": Said(report.plan.rulebook.title, report.plan.rulebook.title_en),
        "times": times(report),
        "problems": problems,
        "files": Counter(problem.place.file for problem in problems),
        "oddities": oddities,
        "answered": answered,
        "head": head,
        "behind": lambda id_: behind[report.people[id_].committee][id_],
        "carried": _carried(selection),
        "windows": {
            key: getattr(report.plan.windows, key)
            for key in (
                "plan",
                "training",
                "mobilisation",
                "warning_education",
                "nomination",
                "committee_review",
            )
        },
        "style": style,
        "script": script,
        "style_digest": _digest(style),
        "script_digest": _digest(script),
    }
    page = _environment().get_template("report.html").render(content)
    return re.sub(r"\n\s*\n+", "\n", re.sub(r"^[ \t]+", "", page, flags=re.MULTILINE))


def _carried(selection: Selection) -> Mapping[tuple[str, str], str]:
    """Why a name that was voted on did not go up: (committee, person) → rule."""
    return {(one.committee, one.person): one.rule for one in judging.carried(selection.facts).faults}


def _text(name: str) -> str:
    return resources.files("fourgates.papers").joinpath("templates", name).read_text(encoding="utf-8").strip()


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_text),
    )
    environment.globals |= {
        "_": both,
        "w": word,
        "words": lambda several: listed([word(one) for one in several]),
        "charts": charts,
        "say": sentences,
        "symbols": SYMBOLS,
        "told": told,
        "verdicts": {kind: both(said) for kind, said in VERDICTS.items()},
        "day": sentences.day,
        "share": sentences.share,
        "spread": spread,
    }
    environment.filters |= {"n": grouped, "zip": zip, "extract": lambda key, of: of[key]}
    return environment


def grouped(number: int) -> str:
    """A whole number with its thousands set apart."""
    return f"{number:,}"


def told(rows: Iterable[Tallied]) -> list[str]:
    """The outcomes worth a column: met and not met always, the others where anybody has them."""
    found = {kind for row in rows for kind in row.outcomes}
    return [kind for kind in VERDICTS if kind in found | {"met", "not_met"}]


def spread(numbers: Sequence[int]) -> Said:
    """The entries a figure stands in: one, a run, or the first and the last of many."""
    if not numbers:
        return Said("—", "—")
    first, last = numbers[0], numbers[-1]
    if len(numbers) == 1:
        return both(mark("第{first}条"), first=first)
    return both(mark("第{first}至{last}条中的{count}条"), first=first, last=last, count=len(numbers))
