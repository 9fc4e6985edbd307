"""What one reader is handed of a record: no more than may be seen, and all that is needed to count it again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

import tampering
from cast import AT, BY, broken, documents, refused, results, story
from fourgates import bundle, canon, events, handout, readers, replay, verifier
from fourgates.bundle import Writer
from fourgates.errors import Broken
from fourgates.events import Event
from fourgates.gates.procedure import Deviation
from fourgates.ledger import Entry
from fourgates.participation import Rate
from fourgates.readers import Reader

SALT = "00112233445566778899aabbccddeeff"
PUBLIC, SUPERIOR = Reader("public"), Reader("superior")
DEPARTMENT, PERSON = Reader("department", "统战"), Reader("person", "李梅")
READERS = [PUBLIC, SUPERIOR, DEPARTMENT, PERSON]


def kept(folder: Path, *told: Event) -> Path:
    """A record of what was told, with every result after it."""
    writer = Writer(folder)
    for event in (*told, *results(selection_of(told))):
        writer.offer(event, at=AT, by=BY, documents=documents, salt=SALT)
    writer.commit()
    return folder


def selection_of(told: tuple[Event, ...]) -> Any:
    from cast import selection

    return selection(told).facts


@pytest.fixture(scope="session")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(tmp_path_factory.mktemp("handed") / "record", *story())


@pytest.fixture(scope="session")
def made(record: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Reader], Path]:
    """A bundle for a reader, made once."""
    room = tmp_path_factory.mktemp("bundles")

    def make(reader: Reader) -> Path:
        folder = room / reader.kind
        if not folder.exists():
            handout.write(record, folder, reader)
        return folder

    return make


def shown(folder: Path) -> list[Event]:
    lines = (folder / bundle.LEDGER).read_bytes().split(b"\n")[:-1]
    leaves = (folder / handout.LEAVES).read_bytes().split(b"\n")[:-1]
    return [line.event for line in replay.lines(lines, leaves) if isinstance(line, Entry)]


def alone(folder: Path) -> subprocess.CompletedProcess[str]:
    """The answer of the program that lies in the bundle, without this software."""
    return subprocess.run(
        [sys.executable, "-I", "-S", folder / handout.VERIFIER], capture_output=True, text=True, check=False
    )


# --- who sees what ------------------------------------------------------------------------------------------------


def test_every_kind_of_entry_has_its_readers() -> None:
    assert set(readers.LINES) == set(events.Event.__args__)


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_both_verifiers_say_that_a_bundle_holds(made: Callable[[Reader], Path], reader: Reader) -> None:
    folder = made(reader)
    found = handout.verify(folder)
    assert (found.manifest.reader, found.manifest.entries) == (str(reader), 57)
    answer = alone(folder)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.endswith(f", counted again, root {found.manifest.root}\n")
    assert found.selection.n == 57


def test_the_upper_level_sees_everything_and_the_public_nothing_about_persons(
    record: Path, made: Callable[[Reader], Path]
) -> None:
    told = [entry.event for entry, _line in bundle.entries(record)]
    assert shown(made(SUPERIOR)) == told
    private = (
        events.SanctionsEntered,
        events.PersonDescribed,
        events.StandardAssessed,
        events.ChecksDone,
        events.RepliesReceived,
        events.PersonJudged,
        events.RosterEntered,
        events.ParticipationMarked,
        events.SatisfactionAsked,
    )
    assert shown(made(PUBLIC)) == [event for event in told if not isinstance(event, private)]
    own = [event for event in told if getattr(event, "department", "") == "统战"]
    assert [event for event in shown(made(DEPARTMENT)) if isinstance(event, private)] == own
    of_her = [
        event for event in told if isinstance(event, private) and getattr(event, "person", "") == "李梅"
    ]
    assert [event for event in shown(made(PERSON)) if isinstance(event, private)] == of_her
    assert {type(event) for event in of_her} == {
        events.PersonDescribed,
        events.StandardAssessed,
        events.ChecksDone,
        events.PersonJudged,
    }


def test_the_public_is_given_no_document_with_rows_of_persons(made: Callable[[Reader], Path]) -> None:
    roll = next(one for one in shown(made(PUBLIC)) if isinstance(one, events.RightsJudged))
    units = next(one for one in shown(made(PUBLIC)) if isinstance(one, events.UnitsEntered))
    given = {path.name for path in (made(PUBLIC) / bundle.DOCUMENTS).iterdir()}
    assert given == {roll.document, units.document}


def test_a_reader_is_one_of_four() -> None:
    assert [str(readers.read(str(one))) for one in READERS] == [str(one) for one in READERS]
    for wrong in ("", "public:", "public:x", "department", "person:", "everybody"):
        with refused("H.1"):
            readers.read(wrong)


# --- what cannot be handed out ------------------------------------------------------------------------------------


def test_a_bundle_goes_into_a_new_folder(record: Path, tmp_path: Path) -> None:
    with refused("H.5"):
        handout.write(record, tmp_path, PUBLIC)


def test_a_record_without_a_roll_cannot_be_shown_in_part(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")
    told = [
        *story(),
        *(one for one in results(selection_of(tuple(story()))) if not isinstance(one, events.RightsJudged)),
    ]
    for event in told:
        writer.offer(event, at=AT, by=BY, documents=documents)
    writer.commit()
    with refused("H.4"):
        handout.write(tmp_path / "record", tmp_path / "out", PUBLIC)
    assert not (tmp_path / "out").exists()
    handout.write(tmp_path / "record", tmp_path / "all", SUPERIOR)
    assert alone(tmp_path / "all").returncode == 0


def test_a_record_is_shown_though_claims_were_withdrawn_and_judged_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")

    def tell(*told: Event) -> None:
        for event in told:
            writer.offer(event, at=AT, by=BY, documents=documents, salt=SALT)

    tell(*story())
    tell(*results(writer.selection.facts))
    standing = writer.selection.standing
    for about in (("SanctionsEntered", ""), ("NominationsFiled", "水利局机关党支部"), ("CountyDecided", "")):
        tell(events.Withdrawn(standing[about]))
    tell(*results(writer.selection.facts))
    writer.commit()
    for reader in READERS:
        handout.write(tmp_path / "record", tmp_path / reader.kind, reader)
        assert alone(tmp_path / reader.kind).returncode == 0, reader


# --- what was forged and sealed again -----------------------------------------------------------------------------


def forged(folder: Path, out: Path, kind: type[Event], change: Callable[[Any], Any]) -> tuple[Path, int]:
    """A copy of a bundle in which one result was changed and everything sealed again as it should be."""
    shutil.copytree(folder, out)
    whole = tampering.content(folder)
    lines = tampering.lines(whole)
    place = next(
        n for n, line in enumerate(lines) if line[:1] == b"{" and f'"kind":"{kind.__name__}"'.encode() in line
    )
    entry = canon.reader(Entry).decode(lines[place])
    lines[place] = canon.spell(msgspec.structs.replace(entry, event=change(entry.event)))
    tampering.laid(out, whole, tampering.resealed(whole, lines))
    return out, place + 1


def changed(**fields: Any) -> Callable[[Any], Any]:
    return lambda event: msgspec.structs.replace(
        event, **{name: value(event) if callable(value) else value for name, value in fields.items()}
    )


def counted(**fields: Any) -> Callable[[Any], Any]:
    return lambda event: changed(counted=msgspec.structs.replace(event.counted, **fields))(event)


FORGED: list[tuple[type[Event], Callable[[Any], Any]]] = [
    (events.RightsJudged, changed(people=26)),
    (events.ParticipationCounted, counted(members=Rate(27, 27))),
    (events.ParticipationCounted, counted(organisations=Rate(5, 6))),
    (events.ParticipationCounted, counted(absent=())),
    (events.ParticipationCounted, counted(silent=("西街党支部",))),
    (events.ParticipationCounted, counted(by_channel={"会议": 26})),
    (events.ParticipationCounted, lambda one: counted(by_channel={**one.counted.by_channel, "会议": 0})(one)),
    (events.TallyCounted, changed(lines=lambda one: one.lines[::-1])),
    (events.TallyCounted, changed(lines=lambda one: one.lines[1:])),
    (events.TallyCounted, changed(lines=lambda one: (*one.lines, one.lines[-1]))),
    (events.NamesCarriedUp, changed(people=("李梅",))),
    (events.NamesCarriedUp, changed(people=("何平", "李梅", "陈大山"))),
    (
        events.NominationsFiled,
        changed(sittings=lambda one: (msgspec.structs.replace(one.sittings[0], present=9),)),
    ),
]


def test_a_channel_by_which_few_took_part_is_told_to_the_upper_level_alone(
    made: Callable[[Reader], Path], tmp_path: Path
) -> None:
    """Older records have every channel: who counts them again may see them, the public may not (2.14)."""
    exact = counted(by_channel={"会议": 25, "上门": 1, "电话": 0, "微信": 0})
    folder, _place = forged(made(SUPERIOR), tmp_path / "superior", events.ParticipationCounted, exact)
    handout.verify(folder)
    verifier.verify(folder)
    folder, place = forged(made(PUBLIC), tmp_path / "public", events.ParticipationCounted, exact)
    with pytest.raises(Broken) as caught:
        handout.verify(folder)
    assert (caught.value.entry, caught.value.rule) == (place, "2.14")
    with pytest.raises(verifier.Fault) as fault:
        verifier.verify(folder)
    assert fault.value.args[0] == f"entry {place}"


@pytest.mark.parametrize("reader", [PUBLIC, SUPERIOR, PERSON], ids=str)
@pytest.mark.parametrize(
    ("kind", "change"), FORGED, ids=[f"{kind.__name__}-{n}" for n, (kind, _) in enumerate(FORGED)]
)
def test_both_verifiers_find_a_forged_result_that_was_sealed_again(
    made: Callable[[Reader], Path],
    tmp_path: Path,
    reader: Reader,
    kind: type[Event],
    change: Callable[[Any], Any],
) -> None:
    folder, place = forged(made(reader), tmp_path / "forged", kind, change)
    with pytest.raises(Broken) as caught:
        handout.verify(folder)
    assert caught.value.entry == place
    with pytest.raises(verifier.Fault) as fault:
        verifier.verify(folder)
    assert fault.value.args[0] == f"entry {place}"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        (events.EligibleJudged, changed(people=lambda one: one.people[::-1])),
        (
            events.EligibleJudged,
            changed(people=lambda one: (*one.people, events.Tagged("陈大山", ("农民",)))),
        ),
        (
            events.EligibleJudged,
            changed(people=lambda one: (events.Tagged(one.people[0].person, ("神仙",)),)),
        ),
        (
            events.ListProposed,
            lambda one: msgspec.structs.replace(
                one, slate=msgspec.structs.replace(one.slate, chosen=one.slate.chosen[:1])
            ),
        ),
        (events.DecisionJudged, changed(lawful=False)),
        (
            events.ProcedureJudged,
            changed(deviations=lambda one: (Deviation("6.1", "方案", one.committee),)),
        ),
    ],
)
def test_what_only_the_rules_can_judge_is_found_by_the_rules(
    made: Callable[[Reader], Path], tmp_path: Path, kind: type[Event], change: Callable[[Any], Any]
) -> None:
    folder, place = forged(made(PUBLIC), tmp_path / "forged", kind, change)
    with pytest.raises(Broken) as caught:
        handout.verify(folder)
    assert caught.value.entry == place


def test_a_line_shown_to_the_wrong_reader_is_found(made: Callable[[Reader], Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(made(PERSON), tmp_path / "copy"))
    manifest = canon.reader(handout.Manifest).decode((folder / handout.MANIFEST).read_bytes())
    (folder / handout.MANIFEST).write_bytes(canon.spell(msgspec.structs.replace(manifest, reader="public")))
    with pytest.raises(Broken) as caught:
        handout.verify(folder)
    assert caught.value.rule == "H.3"


def test_a_file_that_is_changed_missing_or_too_many_is_named(
    made: Callable[[Reader], Path], tmp_path: Path
) -> None:
    for number, name in enumerate(
        sorted(
            path.relative_to(made(PUBLIC)).as_posix() for path in made(PUBLIC).rglob("*") if path.is_file()
        )
    ):
        folder = Path(shutil.copytree(made(PUBLIC), tmp_path / str(number)))
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        with pytest.raises(Broken), pytest.MonkeyPatch.context():
            handout.verify(folder)
        with pytest.raises(verifier.Fault):
            verifier.verify(folder)
        (folder / name).unlink()
        with broken(0, "H.2"):
            handout.verify(folder)
        with pytest.raises(verifier.Fault) as fault:
            verifier.verify(folder)
        assert fault.value.args == (name, "is missing")
        (folder / name).write_bytes(content)
        (folder / "more").write_bytes(b"")
        with broken(0, "H.2"):
            handout.verify(folder)
        with pytest.raises(verifier.Fault) as fault:
            verifier.verify(folder)
        assert fault.value.args == ("more", "does not belong here")


@pytest.mark.parametrize("name", ["../ledger.jsonl", "a/b/c", "", "documents\\x"])
def test_a_manifest_cannot_lead_out_of_its_folder(
    made: Callable[[Reader], Path], tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(made(PUBLIC), tmp_path / "copy"))
    manifest = canon.reader(handout.Manifest).decode((folder / handout.MANIFEST).read_bytes())
    files = {**manifest.files, name: "0" * 64}
    (folder / handout.MANIFEST).write_bytes(canon.spell(msgspec.structs.replace(manifest, files=files)))
    with broken(0, "H.2"):
        handout.verify(folder)
    with pytest.raises(verifier.Fault):
        verifier.verify(folder)
