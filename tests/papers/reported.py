"""The cast's county as its papers print it: people with names and numbers, and the same county with hostile names."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, get_args, get_type_hints

import msgspec

import cast
from fourgates import canon, events
from fourgates.bundle import Head
from fourgates.events import Claim
from fourgates.facts import Facts
from fourgates.identity import check_digit
from fourgates.layered import Layered
from fourgates.papers.people import Details, People
from fourgates.papers.problems import Place, Problem
from fourgates.selection import Selection
from fourgates.units import Tree

HEAD = Head(entries=51, bytes=9_000, head="0123456789abcdef" * 4)
PROBLEMS = [
    Problem(Place("06 推荐提名/城关镇党委.xlsx", "Sheet1", 7, "提名党员数"), "9", "多于实到会", "核对")
]
HOSTILE = "<img src=x onerror=alert(1)>&\"'{{7*7}}{% raw %}"
NAMES = {one: place for place, one in enumerate(name for at in cast.PEOPLE.values() for name in at)}


def number(name: str) -> str:
    """An invented citizen number: born in the seventies, an area code that no place has."""
    place = NAMES[name]
    digits = f"6299011{970 + place % 9}{place % 12 + 1:02d}{place % 28 + 1:02d}{'001' if name not in cast.WOMEN else '002'}"
    return digits + check_digit(digits)


def people(**renamed: str) -> People:
    """Names behind the cast's ids; ``renamed``: id → name as written."""
    return People(
        "00" * 32,
        {
            name: Details(
                renamed.get(name, name),
                number(name),
                "回族" if name in {"胡杨", "马兰", "王芳"} else "汉族",
                name in cast.WOMEN,
                "1975.03",
                "大专",
                "1998.07",
                "村民小组长",
            )
            for name in NAMES
        },
        {"merit": "带领群众修渠", "reason": "年龄偏大", "evidence": "群众反映好", "away": "外出务工"},
    )


def stands(told: Sequence[Claim] | None = None) -> Selection:
    """Where things stand once results are in the record too; 王芳 is of a national minority here."""
    members = tuple(
        msgspec.structs.replace(one, minority=one.id == "王芳") for one in cast.members(cast.LIUHE)
    )
    marks = tuple(
        msgspec.structs.replace(one, reason="away") if one.person == "宋江河" else one
        for one in cast.marks(cast.LIUHE)
    )
    instead = {
        events.subject(claim): claim
        for claim in (cast.roster_entered(cast.LIUHE, members), cast.marked(cast.LIUHE, marks))
    }
    every = [instead.get(events.subject(claim), claim) for claim in (cast.story() if told is None else told)]
    before = cast.selection(every)
    return cast.follow(before, *cast.results(before.facts))


def renamed(selection: Selection, old: str, new: str) -> Selection:
    """The same state in which a unit bears another name everywhere."""

    def swap(value: Any, kind: Any) -> Any:
        if isinstance(value, Layered):
            of: Any = dict.__class_getitem__(get_args(kind))
            return Layered(swap(dict(value), of)) if value else value
        text = canon.spell(value).decode()
        return canon.reader(kind).decode(
            text.replace(
                json.dumps(old, ensure_ascii=False)[1:-1], json.dumps(new, ensure_ascii=False)[1:-1]
            ).encode()
        )

    hints = get_type_hints(Facts)
    changed = {
        field.name: swap(getattr(selection.facts, field.name), hints[field.name])
        for field in msgspec.structs.fields(Facts)
        if field.name not in ("plan", "tree", "memo")
    }
    units = [
        msgspec.structs.replace(unit, name=unit.name.replace(old, new), parent=unit.parent.replace(old, new))
        for unit in selection.facts.register()
    ]
    results = {
        (kind, about.replace(old, new)): (n, swap(event, events.Event))
        for (kind, about), (n, event) in selection.results.items()
    }
    return dataclasses.replace(
        selection, facts=selection.facts.but(tree=Tree(units), **changed), results=Layered(results)
    )


def arguments(selection: Selection, kept: People | None = None) -> dict[str, Any]:
    """What page and document are written from, by name."""
    return {
        "selection": selection,
        "people": kept or people(),
        "problems": PROBLEMS,
        "oddities": PROBLEMS * 2,
        "answered": ["纪检监察", "政法", "统战"],
        "head": HEAD,
    }


def infeasible() -> Selection:
    """The county under a plan that no list can meet."""
    from fourgates.plan import Share

    shares = (Share("生产和工作一线", "100%"), Share("党员领导干部", "1"))
    structure = msgspec.structs.replace(cast.rulebook().structure, share=shares)
    plan = msgspec.structs.replace(cast.rulebook(), structure=structure)
    return stands(
        [claim for claim in cast.but(events.PlanAdopted(plan)) if not isinstance(claim, events.CountyDecided)]
    )


def unlawful() -> Selection:
    """The county with a decision that breaks the rules: 周正 without votes, in the place of 王芳."""
    votes = tuple(msgspec.structs.replace(vote, up=vote.person != "王芳") for vote in cast.DECISION.votes)
    return stands(cast.but(events.CountyDecided((msgspec.structs.replace(cast.DECISION, votes=votes),))))
