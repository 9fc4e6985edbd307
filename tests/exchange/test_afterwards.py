"""What is told beside the forms goes out too: boxes, notices, objections, names handed down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from afterwards import OFFICE_MEETING, afterwards, box, closed, handed, longer, mark, objected, posted, told
from cast import (
    AT,
    BEST,
    CHENGGUAN,
    COUNTY,
    LIUHE,
    REVIEWS,
    SCHOOL,
    SHUILI,
    facts,
    follow,
    results,
    selection,
    without,
)
from exchange.conformance import fitting
from fourgates import events, judging
from fourgates.exchange import bpmn, carried, cascade, channels, formats, nist, popolo, postings, xes
from fourgates.exchange.source import Source
from fourgates.roster import Sanction
from fourgates.selection import Selection

DOCS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
SCHEMAS = {"notices", "cascade", "nominations", "participation", "opinions", "popolo"}


def source(stands: Selection) -> Source:
    return Source(stands, stands.n, AT, "0" * 64)


def whole() -> Selection:
    stands = told(*afterwards(), after=selection())
    return follow(stands, *results(stands.facts))


WHOLE = whole()


@pytest.mark.parametrize("key", sorted(SCHEMAS))
def test_everything_told_is_valid(key: str) -> None:
    checker = jsonschema_rs.validator_for(
        json.loads((DOCS / f"{key}.schema.json").read_text(encoding="utf-8"))
    )
    document = json.loads(formats.named(key).write(source(WHOLE)))
    assert [error.message for error in checker.iter_errors(document)] == []
    assert not checker.is_valid(
        {name: value for name, value in document.items() if name != "origin"} | {"persons": 1}
    )


def test_a_notice_with_its_cases() -> None:
    (notice,) = json.loads(postings.write(source(WHOLE)))["notices"]
    (case,) = notice["objections"]
    kinds = {**WHOLE.standing}
    assert [one["person"] for one in notice["people"]] == list(BEST)
    assert notice["entries"] == [kinds["NoticePosted", "n1"], kinds["NoticeEnded", "n1"]]
    assert (case["person"], case["upheld"]) == ("王芳", False)
    assert case["entries"] == [
        kinds[kind, "c1"] for kind in ("ObjectionReceived", "ObjectionFound", "ObjectionAnswered")
    ]
    open_ = told(posted(), objected(), after=selection())
    (notice,) = json.loads(postings.write(source(open_)))["notices"]
    assert (notice["ended"], notice["objections"][0]["answered"]) == (None, None)
    assert notice["objections"][0]["entries"][1:] == [0, 0]


def test_names_handed_down_add_up() -> None:
    stands = told(handed(), after=selection())
    found = json.loads(cascade.write(source(stands)))
    (down,) = found["handed"]
    assert (found["allotted"], down["unit"], down["total"]) == (1, COUNTY, 4)
    assert down["entry"] == stands.standing["SeatsAllotted", COUNTY]
    assert {part["unit"]: part["number"] for part in down["parts"]} == {CHENGGUAN: 2, LIUHE: 1, SHUILI: 1}


def test_a_box_is_a_meeting_in_the_log_and_both_judges_agree(tmp_path: Path) -> None:
    (tmp_path / "log.xes").write_bytes(xes.write(source(WHOLE)))
    (tmp_path / "model.bpmn").write_bytes(bpmn.write(source(WHOLE)))
    found = fitting(tmp_path / "log.xes", tmp_path / "model.bpmn")
    assert [met for _unit, met, _fits in found] == [fits for _unit, _met, fits in found]
    assert b'value="%d"' % WHOLE.standing["BoxClosed", "b1"] in xes.write(source(WHOLE))


def test_every_name_and_every_mark_is_counted_as_the_county_counts_it() -> None:
    document: Any = json.loads(nist.write(source(WHOLE)))
    counted = judging.counted(WHOLE.facts)
    assert sum(one.get("VotersParticipated", 0) for one in document["GpUnit"]) == counted.members.part
    took = json.loads(channels.write(source(WHOLE)))["units"][0]
    assert took["by_channel"] == dict(counted.by_channel)
    named = json.loads(carried.write(source(WHOLE)))["nominations"]
    boxed = WHOLE.standing["BoxClosed", "b1"]
    assert any(one.get("entry") == boxed for person in named for one in person["stations"])


def test_every_mark_names_the_entry_that_says_so() -> None:
    single, met = mark("宋江河", "电话"), OFFICE_MEETING
    unheard = selection(without(("ParticipationMarked", LIUHE), ("ParticipationMarked", SHUILI)))
    stands = told(single, *met, box(), longer(), closed(), after=unheard)
    at = stands.standing
    wanted = {
        "白玉兰": at["ParticipationMarked", CHENGGUAN],
        "宋江河": at["MemberMarked", "宋江河 branch"],
        "周正": at["AttendanceTaken", "office"],
        "陶然": at["BoxClosed", "b1"],
        "秦岭": 0,
    }
    found = {
        one["person"]: one.get("entry", 0) for one in json.loads(channels.write(source(stands)))["members"]
    }
    assert {person: found[person] for person in wanted} == wanted


def test_who_lost_the_right_or_was_voted_on_without_being_known_is_still_written() -> None:
    late = (
        *(facts().sanctions or ()),
        Sanction("李梅", "留党察看一年", facts().rulebook().selection.reference_date),
    )
    strange = msgspec.structs.replace(
        REVIEWS[LIUHE], votes=(msgspec.structs.replace(REVIEWS[LIUHE].votes[0], person="stranger"),)
    )
    few = msgspec.structs.replace(facts().filed[SCHOOL][0], present=1, names=())
    stands = told(
        events.SanctionsEntered(late),
        events.CommitteeReviewed(LIUHE, (strange,)),
        events.NominationsFiled(SCHOOL, (few,)),
        after=selection(),
    )
    document: Any = json.loads(nist.write(source(stands)))
    tallies = {
        selected["CandidateIds"][0]
        for contest in document["Election"][0]["Contest"]
        if contest["@id"].startswith("contest-tally")
        for selected in contest["ContestSelection"]
    }
    assert tallies == {
        f"candidate-{line.person}"
        for committee in (CHENGGUAN, LIUHE, SHUILI)
        for line in judging.tallied(stands.facts, committee)
    }
    assert "candidate-李梅" not in tallies
    found = json.loads(popolo.write(source(stands)))
    joined = {one["person_id"] for one in found["memberships"]}
    assert {one["id"] for one in found["persons"]} - joined == {"stranger"}
