"""What is written is what the record holds, valid by the published schemas, and names nobody unless asked to."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from counties import asked
from fourgates import bundle, judging, run
from fourgates.commands import standing
from fourgates.exchange import formats
from fourgates.exchange.popolo import put_forward
from fourgates.papers.people import People
from fourgates.selection import Selection

DOCS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
PUBLISHED = Path(__file__).parent / "published"
KEYS = [one.key for one in formats.FORMATS]
JSON = [key for key in KEYS if key not in ("xes", "bpmn")]
SCHEMAS = {
    key: PUBLISHED / "NIST_V2_election_results_reporting.json"
    if key == "nist"
    else DOCS / f"{key}.schema.json"
    for key in JSON
}
Told = dict[str, Any]


@pytest.fixture(scope="module")
def stands(small_out: Path) -> tuple[Selection, People]:
    found, people = standing.replayed(small_out)
    return found.selection, people


@pytest.fixture(scope="module")
def told(small_out: Path) -> dict[str, Told]:
    """Every JSON format of the small county."""
    return {key: json.loads(asked("export", small_out, "--as", key).stdout) for key in JSON}


def valid(key: str, document: Told) -> list[str]:
    """What the schema has against a document."""
    schema = json.loads(SCHEMAS[key].read_text(encoding="utf-8"))
    checker = jsonschema_rs.validator_for(schema, validate_formats=True)
    return [error.message for error in checker.iter_errors(document)]


@pytest.mark.parametrize("key", JSON)
def test_a_document_is_valid_by_its_schema_and_a_spoilt_one_is_not(told: dict[str, Told], key: str) -> None:
    assert valid(key, told[key]) == []
    for name in told[key]:
        assert valid(key, {**told[key], name: 7.5}) != []


@pytest.mark.parametrize("key", JSON)
def test_a_document_of_half_a_selection_is_valid_too(small_out: Path, key: str) -> None:
    for entry in (8, 40, 72):
        assert valid(key, json.loads(asked("export", small_out, "--as", key, "--as-of", entry).stdout)) == []


@pytest.mark.parametrize("key", KEYS)
def test_nobody_is_named_unless_asked(small_out: Path, stands: tuple[Selection, People], key: str) -> None:
    everybody = stands[1].people.values()
    hidden = asked("export", small_out, "--as", key).stdout
    assert [one.name for one in everybody if one.name in hidden or one.number in hidden] == []
    shown = asked("export", small_out, "--as", key, "--names").stdout
    assert [one.number for one in everybody if one.number in shown] == []
    named = {one.name for one in everybody if f'"{one.name}"' in shown}
    if key in ("xes", "bpmn", "notices", "cascade"):  # no person stands in these here
        assert shown == hidden
    elif key == "participation":
        assert len(named) > 150
    else:
        wanted = judging.sent_up(stands[0].facts) if key == "opinions" else put_forward(stands[0].facts)
        assert named == {stands[1].people[id_].name for id_ in wanted}


def test_names_that_were_erased_cannot_be_written(small_out: Path, tmp_path: Path) -> None:
    out = Path(shutil.copytree(small_out, tmp_path / "out"))
    shutil.rmtree(out / run.RECORD / bundle.PEOPLE)
    answer = asked("export", out, "--as", "popolo", "--names")
    assert (answer.exit_code, answer.stdout, answer.stderr) == (2, "", "[X.4] 人员附件不在，写不出姓名\n")
    assert asked("export", out, "--as", "popolo").exit_code == 0


def test_an_unknown_format_is_refused(small_out: Path) -> None:
    answer = asked("export", small_out, "--as", "csv")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("[X.3] 没有“csv”这种格式；有：xes、bpmn、popolo、nist、")


def test_a_file_is_written_whole(small_out: Path, tmp_path: Path) -> None:
    answer = asked("export", small_out, "--as", "nist", "--out", tmp_path / "r.json")
    assert answer.stdout == f"各级推荐和表决结果，NIST SP 1500-100 第2版 JSON，在{tmp_path / 'r.json'}\n"
    assert (tmp_path / "r.json").read_bytes() == asked("export", small_out, "--as", "nist").stdout_bytes


def test_a_log_names_its_record_and_every_event_its_entry(small_out: Path) -> None:
    log = ET.fromstring(asked("export", small_out, "--as", "xes").stdout_bytes)  # noqa: S314 - our own text
    entries = {entry.n: entry.event for entry, _line in bundle.entries(small_out / run.RECORD)}
    own = {one.get("key"): one.get("value") for one in log if one.get("key")}
    assert own["fourgates:entry"] == str(len(entries))
    assert own["fourgates:seal"] == bundle.head(small_out / run.RECORD).head
    events = [
        {one.get("key"): str(one.get("value")) for one in event} for event in log.findall(".//{*}event")
    ]
    found = {(one["concept:name"], int(one["fourgates:entry"])) for one in events}
    kinds = {name: {type(entries[n]).__name__ for one, n in found if one == name} for name, _n in found}
    assert kinds.pop("推荐会议") == kinds.pop("党支部推荐提名") == {"NominationsFiled"}
    assert set.union(*kinds.values()) == {"StepsRecorded"}


def test_every_flow_of_the_model_leads_somewhere_and_every_node_has_its_place(small_out: Path) -> None:
    model = ET.fromstring(asked("export", small_out, "--as", "bpmn").stdout_bytes)  # noqa: S314 - our own text
    (process,) = model.findall(".//{*}process")
    nodes = {node.get("id") for node in process if node.get("sourceRef") is None}
    flows = [node for node in process if node.get("sourceRef") is not None]
    assert {flow.get(end) for flow in flows for end in ("sourceRef", "targetRef")} == nodes
    assert {shape.get("bpmnElement") for shape in model.findall(".//{*}BPMNShape")} == nodes
    assert {edge.get("bpmnElement") for edge in model.findall(".//{*}BPMNEdge")} == {
        flow.get("id") for flow in flows
    }
    boxes = [
        tuple(int(str(box.get(key))) for key in ("x", "y", "width", "height"))
        for box in model.findall(".//{*}Bounds")
    ]
    assert [
        (one, other)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if all(
            one[side] < other[side] + other[side + 2] and other[side] < one[side] + one[side + 2]
            for side in (0, 1)
        )
    ] == []


def test_popolo_joins_people_units_and_posts(told: dict[str, Told], stands: tuple[Selection, People]) -> None:
    found, facts = told["popolo"], stands[0].facts
    names = {one["id"]: one["name"] for one in found["organizations"]}
    assert {(names[one["id"]], names.get(one.get("parent_id"), "")) for one in found["organizations"]} == {
        (unit.name, unit.parent) for unit in facts.register()
    }
    posts = {one["id"]: (one["role"], names[one["organization_id"]]) for one in found["posts"]}
    held = [(one["person_id"], *posts[one["post_id"]]) for one in found["memberships"] if "post_id" in one]
    assert {(id_, at) for id_, role, at in held if role == "推荐人选"} == set(judging.sent_up(facts).items())
    decided = judging.decision(facts)
    assert decided is not None
    assert tuple(id_ for id_, role, _at in held if role == "县委决定的名单") == decided.people
    members = {
        one["person_id"]: names[one["organization_id"]]
        for one in found["memberships"]
        if one["role"] == "党员"
    }
    assert members == {id_: facts.roster().members[id_].branch for id_ in put_forward(facts)}
    assert {one["id"] for one in found["persons"]} == set(put_forward(facts))


def test_nist_counts_are_the_tally(told: dict[str, Told], stands: tuple[Selection, People]) -> None:
    found, facts = told["nist"], stands[0].facts
    (election,) = found["Election"]
    units = {one["@id"]: one["Name"]["Text"][0]["Content"] for one in found["GpUnit"]}
    for contest in (one for one in election["Contest"] if one["@id"].startswith("contest-tally")):
        committee = units[contest["ElectionDistrictId"]]
        lines = {
            one["CandidateIds"][0].removeprefix("candidate-"): (
                [count["Count"] for count in one["VoteCounts"] if units[count["GpUnitId"]] == committee],
                [count["Count"] for count in one["VoteCounts"] if units[count["GpUnitId"]] != committee],
            )
            for one in contest["ContestSelection"]
        }
        assert {id_: sums for id_, (sums, _parts) in lines.items()} == {
            line.person: [line.members, line.branches] for line in judging.tallied(facts, committee)
        }
        assert all(sums == [sum(parts), len(parts)] for sums, parts in lines.values())
    (decision,) = (one for one in election["Contest"] if one["@id"] == "contest-decision")
    assert {
        one["CandidateIds"][0].removeprefix("candidate-"): [count["Count"] for count in one["VoteCounts"]]
        for one in decision["ContestSelection"]
    } == {
        vote.person: [vote.votes_for, vote.against, vote.abstained, sitting.due]
        for sitting in facts.decided or ()
        for vote in sitting.votes
    }
    counted = judging.counted(facts)
    assert sum(one.get("VotersParticipated", 0) for one in found["GpUnit"]) == counted.members.part
    assert sum(one.get("VotersRegistered", 0) for one in found["GpUnit"]) == counted.members.whole


def test_participation_adds_up_at_every_level(
    told: dict[str, Told], stands: tuple[Selection, People]
) -> None:
    found = told["participation"]
    counted = judging.counted(stands[0].facts)
    by_kind: dict[str, list[Told]] = {}
    for unit in found["units"]:
        by_kind.setdefault(unit["kind"], []).append(unit)
    (county,) = by_kind["county"]
    assert county["members"] == {"part": counted.members.part, "whole": counted.members.whole}
    assert county["by_channel"] == dict(counted.by_channel)
    committees = by_kind["committee"] + by_kind["working_committee"]
    for level in (committees, by_kind["branch"]):
        for part in ("part", "whole"):
            assert sum(unit["members"][part] for unit in level) == county["members"][part]
    assert sorted(
        one["person"] for one in found["members"] if one["channel"] in ("", found["absent_word"])
    ) == list(counted.absent)


def test_every_department_speaks_of_everybody_and_silence_is_said(
    small_out: Path, told: dict[str, Told], stands: tuple[Selection, People]
) -> None:
    facts = stands[0].facts
    up = set(judging.sent_up(facts))
    assert [one["department"] for one in told["opinions"]["departments"]] == list(
        facts.rulebook().integrity.departments
    )
    assert all(
        {opinion["person"] for opinion in one["opinions"]} == up for one in told["opinions"]["departments"]
    )
    early = json.loads(asked("export", small_out, "--as", "opinions", "--as-of", 60).stdout)
    silent = {
        one["department"]
        for one in early["departments"]
        if {opinion["meaning"] for opinion in one["opinions"]} == {"silent"}
    }
    answered = standing.replayed(small_out, "60")[0].selection.facts.replies
    assert silent == set(facts.rulebook().integrity.departments) - set(answered)
    assert answered


def test_a_nomination_is_followed_to_where_it_ended(
    told: dict[str, Told], stands: tuple[Selection, People]
) -> None:
    facts = stands[0].facts
    found = {one["person"]: one["stations"] for one in told["nominations"]["nominations"]}
    assert set(found) == set(put_forward(facts))
    went = {id_: [one["station"] for one in stations] for id_, stations in found.items()}
    up = set(judging.sent_up(facts))
    assert {id_ for id_, stations in went.items() if "judged" in stations} == up
    assert {id_ for id_, stations in went.items() if "listed" in stations} == up
    assert {one["went_up"] for id_ in up for one in found[id_] if one["station"] == "voted"} == {True}
    order = ["named", "tallied", "voted", "judged", "listed", "decided"]
    assert all(stations == sorted(stations, key=order.index) for stations in went.values())
    assert re.fullmatch("[0-9a-f]{64}", told["nominations"]["origin"]["seal"])
