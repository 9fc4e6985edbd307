"""Boxes: two documents that agree in nothing but their counts, what they count as, and what may be published of them."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import msgspec
import pytest

from afterwards import PAPERS, UNTIL, box, closed, longer, parts, told
from cast import (
    EAST1,
    LIUHE,
    MEETING,
    NOMINATED,
    SCHOOL,
    VILLAGE,
    WEST,
    broken,
    documents,
    follow,
    refused,
    rulebook,
    selection,
    without,
)
from fourgates import canon, events, judging
from fourgates.ballots import Box, Group, Paper, Part, published
from fourgates.events import Claim
from fourgates.participation import Rate
from fourgates.tally import Line

TOLD = selection()
# The school branch did it all in a box: no meeting, no sheet for its committee, no satisfaction forms.
SECRET = selection(
    without(("NominationsFiled", SCHOOL), ("ParticipationMarked", LIUHE), ("SatisfactionAsked", ""))
)


def changed(event: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(event, **fields)


def test_a_box_counts_as_taking_part_and_as_the_branch_s_nomination() -> None:
    state = told(box(), longer(), closed(), after=SECRET)
    (sitting,) = judging.filed(state.facts)[SCHOOL]
    assert (sitting.day, sitting.due, sitting.present) == (date(2022, 2, 25), 4, 4)
    assert [(name.person, name.members) for name in sitting.names] == [("王芳", 2), ("陶然", 1)]
    assert judging.tallied(state.facts, LIUHE) == [Line("王芳", 2, 6), Line("秦岭", 1, 4), Line("陶然", 1, 1)]
    assert judging.counted(state.facts).by_channel["微信"] == 4
    assert judging.satisfaction(state.facts) == Rate(2, 3)
    assert judging.deviations(state.facts, LIUHE) == ()
    silent = follow(
        state,
        events.PlanAdopted(changed(rulebook(), boxes=changed(rulebook().boxes, counts=False)), corrects=1),
    )
    assert SCHOOL not in judging.filed(silent.facts)


def test_who_was_in_a_box_and_on_another_list_is_a_conflict() -> None:
    state = told(box(), longer(), closed(), after=TOLD)
    assert [one.person for one in judging.conflicts(state.facts)] == [one.person for one in parts()]
    assert {act.source for one in judging.conflicts(state.facts) for act in one.acts} == {"box:b1", "sheet"}


def test_an_open_box_says_nothing() -> None:
    state = told(box(), after=SECRET)
    assert judging.counted(state.facts) == judging.counted(SECRET.facts)
    assert judging.satisfaction(state.facts) is None
    assert judging.filed(state.facts) == judging.filed(SECRET.facts)


def test_nobody_came_and_nothing_was_asked() -> None:
    state = told(box(satisfaction=False), longer(), closed((), ()), after=SECRET)
    (sitting,) = judging.filed(state.facts)[SCHOOL]
    assert (sitting.day, sitting.present, sitting.names) == (date(2022, 2, 28), 0, ())
    assert judging.satisfaction(state.facts) is None


@pytest.mark.parametrize(
    ("rule", "event"),
    [
        ("14.1", box(LIUHE)),
        ("14.1", box(SCHOOL, SCHOOL)),
        ("14.1", changed(box(), branches=())),
        ("14.1", changed(box(), names_at_most=0)),
        ("14.1", changed(box(), until="2022-02-30T10:00:00Z")),
        ("14.1", longer()),
        ("14.1", closed()),
    ],
)
def test_a_box_that_cannot_be(rule: str, event: Claim) -> None:
    with refused(rule):
        follow(TOLD, event)


@pytest.mark.parametrize(
    "event",
    [
        longer(ground="忘记了"),
        longer(until="2022-02-30T10:00:00Z"),
        longer(until=UNTIL),
        longer(until="2022-03-01T10:00:01Z"),
    ],
)
def test_a_box_is_extended_on_a_ground_and_not_for_ever(event: Claim) -> None:
    with refused("14.2"):
        told(box(), event, after=TOLD)
    assert (
        told(box(), longer("2022-03-01T10:00:00Z"), after=TOLD).facts.boxes["b1"].until
        == "2022-03-01T10:00:00Z"
    )


PEOPLE = parts()
CANNOT_CLOSE = [
    ("14.3", closed(at="2022-02-28T11:59:59Z")),
    ("14.3", closed(at="2022-02-30T12:00:00Z")),
    ("14.3", closed(PEOPLE[::-1])),
    ("14.3", closed(papers=PAPERS[::-1])),
    ("14.3", closed((*PEOPLE[:3], Part("龙", SCHOOL, "微信", MEETING)))),
    ("14.3", closed((Part("方正", SCHOOL, "微信", MEETING), *PEOPLE[1:]))),
    ("14.3", closed(tuple(changed(one, channel="短信") for one in PEOPLE))),
    (
        "14.3",
        closed(
            parts(VILLAGE),
            tuple(changed(one, tag=f"1{at}", branch=VILLAGE) for at, one in enumerate((*PAPERS, PAPERS[0]))),
        ),
    ),
    ("14.4", closed(papers=PAPERS[:3])),
    ("14.4", changed(closed(), took_part=5)),
    ("14.4", closed(papers=(*PAPERS[:3], Paper("04", WEST, ())))),
    ("14.9", closed(published=(("01", "another"), *((one.tag, one.seal) for one in PAPERS[1:])))),
    ("14.9", closed(published=tuple((one.tag, one.seal) for one in PAPERS[:3]))),
    ("14.5", closed(papers=(*PAPERS[:3], Paper("04", SCHOOL, ("王芳", "陶然", "李梅"))))),
    ("14.5", closed(papers=(*PAPERS[:3], Paper("04", SCHOOL, ("王芳", "王芳"))))),
    ("14.5", closed(papers=(*PAPERS[:3], Paper("04", SCHOOL, ("谢晋",))))),
    ("14.5", closed(papers=(*PAPERS[:3], Paper("04", SCHOOL, (), (), "很满意")))),
]


@pytest.mark.parametrize(("rule", "event"), CANNOT_CLOSE)
def test_a_box_does_not_close_on_what_cannot_have_been_in_it(rule: str, event: Claim) -> None:
    with refused(rule):
        told(box(), longer(), event, after=TOLD)


def test_writing_in_and_satisfaction_only_where_the_box_says_so() -> None:
    with refused("14.5"):
        told(changed(box(), write_in=False), longer(), closed(), after=TOLD)
    with refused("14.5"):
        told(box(satisfaction=False), longer(), closed(), after=TOLD)


def test_a_closed_box_does_not_change() -> None:
    state = told(box(), longer(), closed(), after=TOLD)
    for event in (box(), longer("2022-02-28T13:00:00Z"), closed()):
        with refused("14.1", box="b1"):
            told(event, after=state)
    with refused("0.1"):
        follow(state, events.Withdrawn(state.n))
    assert told(box(), changed(box(), names_at_most=3), after=TOLD).facts.boxes["b1"].names_at_most == 3


def test_its_documents_are_held_by_their_digests() -> None:
    event = closed()
    assert events.documents(event) == (event.document, event.papers, event.published)
    before = changed(event, published="")  # a record made before anything was published of a box
    assert events.documents(before) == (event.document, event.papers)
    told(box(), longer(), before, after=TOLD)
    assert events.documents(events.PeopleKept("0" * 64, 1)) == ()
    held = documents.pop(event.papers)
    try:
        with broken(TOLD.n + 3, "R.5"):
            told(box(), longer(), event, after=TOLD)
    finally:
        documents[event.papers] = held
    assert canon.digest(held) == event.papers


# --- what may be published --------------------------------------------------------------------------------------


def urn(sizes: tuple[int, ...], choices: tuple[tuple[str, ...], ...]) -> Box:
    """A closed box of branches of these sizes, whose members, in their order, named this."""
    at = [branch for branch, size in enumerate(sizes) for _ in range(size)]
    came = tuple(Part(f"p{number}", f"b{branch}", "微信", MEETING) for number, branch in enumerate(at))
    papers = tuple(
        Paper(f"{number:02d}", f"b{branch}", names)
        for number, (branch, names) in enumerate(zip(at, choices, strict=True))
    )
    branches = tuple(f"b{branch}" for branch in range(len(sizes)))
    return Box(branches, 2, False, False, UNTIL, False, UNTIL, came, papers)


ANSWERS: tuple[tuple[str, ...], ...] = ((), ("x",), ("y",), ("x", "y"))


@pytest.mark.parametrize(
    ("sizes", "smallest"),
    [((2,), 2), ((3,), 2), ((4,), 2), ((1, 1, 1), 2), ((2, 2), 2), ((2, 3), 3), ((3, 1), 3)],
)
def test_nothing_published_tells_what_anybody_named(sizes: tuple[int, ...], smallest: int) -> None:
    """Every way the members could have chosen is tried; for whatever is published, by whoever knows the rule, each member
    could as well not have named each name."""
    worlds: dict[str, list[tuple[tuple[str, ...], ...]]] = {}
    for choices in itertools.product(ANSWERS, repeat=sum(sizes)):
        shown = canon.spell(published(urn(sizes, choices), smallest)).decode()
        worlds.setdefault(shown, []).append(choices)
    assert derived(worlds, sum(sizes)) == 0


def derived(worlds: dict[str, list[tuple[tuple[str, ...], ...]]], members: int) -> int:
    """In how many published results somebody can be said to have named somebody."""
    return sum(
        any(all(name in choices[one] for choices in possible) for one in range(members) for name in "xy")
        for possible in worlds.values()
    )


def test_the_same_search_finds_what_plain_counts_give_away() -> None:
    worlds: dict[str, list[tuple[tuple[str, ...], ...]]] = {}
    for choices in itertools.product(ANSWERS, repeat=3):
        plain = str([sum(name in one for one in choices) for name in "xy"])
        worlds.setdefault(plain, []).append(choices)
    assert derived(worlds, 3) == 7


def test_small_branches_are_joined_by_who_took_part_and_never_by_what_was_named() -> None:
    quiet, loud = ((),) * 9, (("x",),) * 9
    for sizes, groups in (
        ((3, 3, 3), [("b0", "b1", "b2")]),
        ((6, 3), [("b0", "b1")]),
        ((3, 6), [("b0", "b1")]),
        ((9,), [("b0",)]),
    ):
        assert [one.branches for one in published(urn(sizes, quiet), 6)] == groups
        assert [one.branches for one in published(urn(sizes, loud), 6)] == groups
    assert published(urn((3, 2), quiet[:5]), 6) == ()
    two = published(urn((4, 4, 1), (*loud[:4], ("y",), *quiet[:4])), 4)
    assert two == (Group(("b0",), 4, {"x": (3, 4)}), Group(("b1", "b2"), 5, {"y": (1, 1)}))
    assert EAST1 not in {branch for one in two for branch in one.branches}


def test_who_was_named_in_a_box_alone_draws_lots_behind_all_others() -> None:
    meeting = changed(NOMINATED[VILLAGE], names=NOMINATED[VILLAGE].names[1:])
    state = told(events.NominationsFiled(VILLAGE, (meeting,)), box(), longer(), closed(), after=SECRET)
    assert judging.sent_up(state.facts)["王芳"] == LIUHE
    lots = {person: one.lot for person, one in judging.eligible(state.facts).items()}
    assert lots == {"何平": "3", "李梅": "1", "王芳": "7", "周正": "5"}
