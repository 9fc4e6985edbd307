"""A record on disk: whatever anybody does to it is found, whatever breaks off leaves it whole."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cast import (
    AT,
    BY,
    CHENGGUAN,
    EAST1,
    LIUHE,
    VILLAGE,
    WEST,
    broken,
    documents,
    facts,
    member,
    members,
    refused,
    results,
    roster_entered,
    rulebook,
    selection,
    story,
    units_entered,
)
from disk import Stopped, failing
from fourgates import bundle, canon, events
from fourgates.bundle import DOCUMENTS, HEAD, LEDGER, PENDING, PEOPLE, Head, Writer, verify
from fourgates.errors import Broken
from fourgates.events import Event
from fourgates.ledger import Chain
from fourgates.nominations import Name
from fourgates.participation import Rate
from fourgates.roster import Sanction

NAMES = '{"王芳":"620000199001010000"}'.encode()


def tell(writer: Writer, *told: Event) -> None:
    for event in told:
        writer.offer(event, at=AT, by=BY, documents=documents)


def put_away(writer: Writer, names: bytes = NAMES) -> None:
    tell(writer, events.PeopleKept(writer.keep_people(names), 1))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record of the whole selection, with names and every result."""
    folder = tmp_path_factory.mktemp("whole") / "record"
    writer = Writer(folder)
    put_away(writer)
    tell(writer, *story())
    tell(writer, *results(writer.selection.facts))
    writer.commit()
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of five entries in which every kind of file stands."""
    folder = tmp_path_factory.mktemp("small") / "record"
    slim = msgspec.structs.replace(
        rulebook(), rulebook=msgspec.structs.replace(rulebook().rulebook, readings=(), readings_en=())
    )
    writer = Writer(folder)
    put_away(writer)
    tell(
        writer,
        events.PlanAdopted(slim),
        units_entered(),
        roster_entered(LIUHE),
        events.TallyCounted(LIUHE, ()),
    )
    writer.commit()
    return folder


@pytest.fixture
def record(whole: Path, tmp_path: Path) -> Path:
    """A copy of the whole record that may be spoilt."""
    return Path(shutil.copytree(whole, tmp_path / "record"))


@pytest.fixture
def tiny(small: Path, tmp_path: Path) -> Path:
    """A copy of the small record that may be spoilt."""
    return Path(shutil.copytree(small, tmp_path / "record"))


def reseal(folder: Path, lines: list[bytes]) -> None:
    """Put these lines in the ledger, and a head that fits them."""
    content = b"".join(line + b"\n" for line in lines)
    (folder / LEDGER).write_bytes(content)
    last = canon.digest(lines[-1]) if lines else Head().head
    (folder / HEAD).write_bytes(canon.spell(Head(len(lines), len(content), last)))


def forge(folder: Path, change: Callable[[list[Event]], None], *brought: str) -> None:
    """Change what was recorded, seal it all again as it should be, and put the documents it names beside it."""
    told: list[Event] = [entry.event for entry, _line in bundle.entries(folder)]
    change(told)
    chain = Chain()
    reseal(folder, [chain.seal(event, at=AT, by=BY)[1] for event in told])
    for digest in brought:
        (folder / DOCUMENTS / digest).write_bytes(documents[digest])


def place_of(told: list[Event], kind: type[Event], about: str = "") -> int:
    return next(
        place
        for place, event in enumerate(told)
        if isinstance(event, kind) and events.subject(event)[1] == about  # type: ignore[arg-type]
    )


# --- a record that holds ----------------------------------------------------------------------------------------


def test_what_was_written_verifies_and_comes_to_the_same(whole: Path) -> None:
    found = verify(whole)
    assert (found.people, found.unfinished) == (True, False)
    assert found.head.entries == found.selection.n == 1 + len(story()) + len(list(results(facts())))
    assert found.selection.facts.filed == facts().filed
    assert list(results(found.selection.facts)) == list(results(facts()))
    assert Writer(whole).selection.results == found.selection.results


def test_nothing_that_names_a_person_lies_in_ledger_or_documents(whole: Path) -> None:
    for path in [whole / LEDGER, *(whole / DOCUMENTS).iterdir()]:
        assert b"620000199001010000" not in path.read_bytes()
    assert Writer(whole).people() == NAMES


def test_as_of_an_entry(whole: Path) -> None:
    assert verify(whole, until=3).selection.n == 3
    assert verify(whole, until=0).selection.n == 0
    assert verify(whole, until=10_000) != verify(whole, until=3)


def test_without_the_names_it_holds_and_every_figure_is_equal(record: Path, whole: Path) -> None:
    before = list(results(verify(record).selection.facts))
    shutil.rmtree(record / PEOPLE)
    found = verify(record)
    assert (found.people, found.unfinished) == (False, False)
    assert list(results(found.selection.facts)) == before
    assert found.head == verify(whole).head
    writer = Writer(record)
    assert writer.people() is None
    tell(writer, events.Withdrawn(writer.selection.standing["CountyDecided", ""]))
    writer.commit()
    assert not verify(record).people


def test_a_record_is_read_without_solver_site_or_spreadsheets(whole: Path) -> None:
    program = f"""
import sys
banned = {{"highspy", "numpy", "openpyxl", "python_calamine", "xlsxwriter", "docx", "django", "jinja2", "click", "rich"}}
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in banned:
            raise ImportError(name)
sys.meta_path.insert(0, Wall())
from pathlib import Path
from fourgates import bundle
print(bundle.verify(Path({str(whole)!r})).head.head)
assert not banned & {{name.partition(".")[0] for name in sys.modules}}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.strip()) == ("", bundle.head(whole).head)


# --- any byte ---------------------------------------------------------------------------------------------------


def spoilt(content: bytes, stride: int = 1, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """``content`` with one byte other, missing or added, at every place, and the place."""
    for place in range(start, len(content), stride):
        yield place, content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        yield place, content[:place] + content[place + 1 :]
        yield place, content[:place] + b"0" + content[place:]
    yield len(content), content + b"\n"
    yield len(content), content + b"0"


def fault(folder: Path) -> Broken:
    """What does not hold in the lines of a record."""
    try:
        list(bundle.entries(folder))
    except Broken as found:
        return found
    raise AssertionError("the record holds")


def test_every_byte_of_the_ledger_is_held(tiny: Path) -> None:
    content = (tiny / LEDGER).read_bytes()
    ends = [place for place, byte in enumerate(content) if byte == 10]
    assert len(ends) == 5
    plan = range(ends[0] + 1, ends[1])  # its every byte is tried in tests/test_ledger.py
    for place, other in spoilt(content):
        if other == content or (place in plan and place % 40):
            continue
        (tiny / LEDGER).write_bytes(other)
        found = fault(tiny)
        line = 1 + bisect_left(ends, place)
        assert found.rule in ("R.1", "R.2", "R.3", "R.4")
        assert found.entry in (line, line + 1, 5)


def test_any_byte_of_a_whole_record_is_held(record: Path) -> None:
    for path in sorted(path for path in record.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for _place, other in spoilt(content, stride=max(1, len(content) // 5), start=len(content) // 11):
            path.write_bytes(other)
            with pytest.raises(Broken):
                verify(record)
        path.write_bytes(content)
    verify(record)


@pytest.mark.parametrize("place", [HEAD, DOCUMENTS, PEOPLE])
def test_every_byte_of_every_other_file_is_held(tiny: Path, place: str) -> None:
    files = [tiny / place] if place == HEAD else sorted((tiny / place).iterdir())
    assert len(files) == (2 if place == DOCUMENTS else 1)
    for path in files:
        content = path.read_bytes()
        for _place, other in spoilt(content, stride=1 if place == HEAD else 11):
            path.write_bytes(other)
            with pytest.raises(Broken) as caught:
                verify(tiny)
            assert caught.value.rule in (("R.1", "R.4") if place == HEAD else ("R.5",))
            if place == DOCUMENTS:
                assert caught.value.entry in (3, 4)
        path.write_bytes(content)
    verify(tiny)


# --- lines and files --------------------------------------------------------------------------------------------


def lines_of(folder: Path) -> list[bytes]:
    return (folder / LEDGER).read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("change", "entry", "rule"),
    [
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1, "R.2"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], 4, "R.2"),
        (lambda lines: [*lines[:3], *lines[4:]], 4, "R.2"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, "R.2"),
        (lambda lines: lines[1:], 1, "R.2"),
        (lambda lines: lines[:-1], 58, "R.4"),
        (lambda lines: [*lines[:-1], lines[-1][:-1]], 58, "R.4"),
        (lambda lines: [*lines, lines[-1]], 59, "R.4"),
        (lambda lines: [*lines, b"\n"], 59, "R.4"),
        (lambda lines: [*lines[:5], b"\n", *lines[5:]], 6, "R.1"),
        (lambda lines: [lines[0].replace(b"\n", b"\r\n"), *lines[1:]], 1, "R.1"),
        (lambda _lines: [], 1, "R.4"),
    ],
)
def test_lines_swapped_dropped_doubled_and_cut(
    record: Path, change: Callable[[list[bytes]], list[bytes]], entry: int, rule: str
) -> None:
    lines = lines_of(record)
    assert len(lines) == 58
    (record / LEDGER).write_bytes(b"".join(change(lines)))
    with broken(entry, rule):
        verify(record)


def test_a_ledger_cut_and_sealed_anew_is_shorter_and_says_so(record: Path, whole: Path) -> None:
    reseal(record, [line[:-1] for line in lines_of(record)[:-1]])
    assert verify(record).head.entries == verify(whole).head.entries - 1


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "R.4"),
        (b"{}", "R.4"),
        (b"null", "R.4"),
        (b"\xff", "R.4"),
        (b"[" * 500, "R.4"),
        (b'{"x":' + b"[" * 100_000, "R.4"),
        (b'{"bytes":0,"entries":0,"head":"","x":1}', "R.4"),
        (b'{"bytes":-1,"entries":-1,"head":""}', "R.4"),
        (b'{"bytes":' + b"9" * 400 + b',"entries":0,"head":""}', "R.4"),
        (b'{"bytes":' + b"9" * 4000 + b',"entries":0,"head":""}', "R.4"),
        (b'{"bytes":1e9,"entries":0,"head":""}', "R.4"),
        (b'{"bytes":0, "entries":0,"head":""}', "R.4"),
        (b'{"bytes":0,"entries":0,"head":""}', "R.4"),
        (canon.spell(Head()), "R.4"),
    ],
    ids=range(14),
)
def test_a_head_that_is_not_the_records(tiny: Path, content: bytes, rule: str) -> None:
    (tiny / HEAD).write_bytes(content)
    with pytest.raises(Broken) as caught:
        verify(tiny)
    assert (caught.value.rule, caught.value.entry in (0, 1)) == (rule, True)


def test_files_missing(tiny: Path) -> None:
    for path in sorted(path for path in tiny.rglob("*") if path.is_file()):
        content = path.read_bytes()
        path.unlink()
        if path.parent.name == PEOPLE:
            assert not verify(tiny).people
        else:
            with broken(
                {HEAD: 0, LEDGER: 1}.get(path.name, 3 if b"units" in content else 4), wanting(path.name)
            ):
                verify(tiny)
        path.write_bytes(content)
    shutil.rmtree(tiny / DOCUMENTS)
    with broken(3, "R.5"):
        verify(tiny)
    with broken(0, "R.4"):
        verify(tiny / "nowhere")


def wanting(name: str) -> str:
    return {HEAD: "R.4", LEDGER: "R.7"}.get(name, "R.5")


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        ".hidden",
        "HEAD.json",
        "head.json.new",
        "documents/" + "0" * 64,
        "documents/.DS_Store",
        "people/" + "0" * 64 + ".json",
        "people/names.json",
        "drafts/plan.toml",
        "\udcff",
    ],
)
def test_a_file_no_entry_speaks_of(tiny: Path, name: str) -> None:
    (tiny / name).parent.mkdir(exist_ok=True)
    (tiny / name).write_bytes(b"")
    with broken(0, "R.6"):
        verify(tiny)


def test_folders_links_and_pipes_are_no_files(tiny: Path, tmp_path: Path) -> None:
    (tiny / "empty").mkdir()
    with broken(0, "R.6"):
        verify(tiny)
    (tiny / "empty").rmdir()
    (tiny / PENDING).mkdir()
    with broken(0, "R.6"):
        verify(tiny)
    (tiny / PENDING).rmdir()
    for path in [tiny / HEAD, tiny / LEDGER, *(tiny / DOCUMENTS).iterdir(), *(tiny / PEOPLE).iterdir()]:
        content, away = path.read_bytes(), tmp_path / "away"
        path.replace(away)
        path.symlink_to(away)
        with pytest.raises(Broken):
            verify(tiny)
        path.unlink()
        os.mkfifo(path)
        with pytest.raises(Broken):
            verify(tiny)
        path.unlink()
        path.mkdir()
        with pytest.raises(Broken):
            verify(tiny)
        path.rmdir()
        path.write_bytes(content)
    (tiny / PEOPLE).replace(tmp_path / PEOPLE)
    (tiny / PEOPLE).symlink_to(tmp_path / PEOPLE)
    with broken(0, "R.6"):
        verify(tiny)


def test_a_disk_that_fails_is_said_and_not_thrown(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.parent.name == where:
            raise OSError(errno.EIO, "Input/output error")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    where = DOCUMENTS
    with broken(3, "R.5"):
        verify(tiny)
    where = PEOPLE
    with broken(0, "R.7"):
        verify(tiny)


# --- hostile lines under a head that fits -----------------------------------------------------------------------

DEEP = b"[" * 100_000
LINE = b'{"at":"2022-03-24T08:00:00Z","by":"x","event":%s,"n":1,"prev":"' + b"0" * 64 + b'"}'


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\x00",
        b"\xff\xfe\x00",
        b"{" * 100_000,
        DEEP,
        LINE % b"null",
        LINE % b"{}",
        LINE % b'{"kind":"Nothing"}',
        LINE % b'{"kind":7}',
        LINE % (b'{"corrects":' + DEEP + b',"kind":"Withdrawn"}'),
        LINE % (b'{"corrects":0,"kind":"Withdrawn","x":' + DEEP + b"}"),
        LINE % (b'{"corrects":' + b"9" * 4000 + b',"kind":"Withdrawn"}'),
        LINE % (b'{"corrects":' + b"9" * 10_000 + b',"kind":"Withdrawn"}'),
        LINE % b'{"corrects":1e999,"kind":"Withdrawn"}',
        LINE % b'{"corrects":NaN,"kind":"Withdrawn"}',
        LINE % b'{"corrects":-1,"kind":"Withdrawn"}',
        LINE % b'{"corrects":true,"kind":"Withdrawn"}',
        LINE % b'{"document":"\\u0000","kind":"PeopleKept","people":1}',
        LINE % b'{"document":"\\ud800","kind":"PeopleKept","people":1}',
        LINE % b'{"document":"../../../etc/passwd","kind":"PeopleKept","people":1}',
        LINE % b'{"committee":"x","kind":"NamesCarriedUp","people":[]}',
        LINE
        % b'{"committee":"x","corrects":0,"document":"../ledger.jsonl","kind":"RosterEntered","members":1}',
        LINE % b'{"kind":"PlanAdopted","plan":{}}',
        LINE % (b'{"corrects":0,"kind":"Withdrawn","x":"' + b"x" * (20 << 20) + b'"}'),
    ],
    ids=range(24),
)
def test_a_hostile_line_is_broken_and_nothing_else(tiny: Path, line: bytes) -> None:
    reseal(tiny, [line])
    with pytest.raises(Broken) as caught:
        verify(tiny)
    assert caught.value.entry in (0, 1)
    assert str(caught.value)
    with pytest.raises(Broken):
        Writer(tiny)


@pytest.mark.parametrize("digest", ["../head.json", "0" * 63, "é" * 64, "\x00" * 64, "A" * 64, ""])
def test_a_document_is_looked_for_nowhere_else(tiny: Path, digest: str) -> None:
    forge(tiny, lambda told: told.__setitem__(2, msgspec.structs.replace(units_entered(), document=digest)))
    with broken(3, "R.5"):
        verify(tiny)
    held = bundle.Documents(tiny / DOCUMENTS)
    assert digest not in held
    assert sorted(held) == sorted(path.name for path in (tiny / DOCUMENTS).iterdir())
    assert len(held) == 2


# --- forged and properly sealed ---------------------------------------------------------------------------------


def replaced(kind: type[Event], about: str = "", **changed: Any) -> Callable[[list[Event]], int]:
    """A forger who changes one event; gives the entry's number."""

    def change(told: list[Event]) -> int:
        place = place_of(told, kind, about)
        fields = {name: value(getattr(told[place], name)) for name, value in changed.items()}
        told[place] = msgspec.structs.replace(told[place], **fields)
        return place + 1

    return change


def renamed(sittings: tuple[Any, ...]) -> tuple[Any, ...]:
    return (msgspec.structs.replace(sittings[0], names=(Name("无名", 4, ""),)),)


def one_more(lines: tuple[Any, ...]) -> tuple[Any, ...]:
    return (msgspec.structs.replace(lines[0], members=lines[0].members + 1), *lines[1:])


def flattered(counted: Any) -> Any:
    return msgspec.structs.replace(counted, members=Rate(27, 27), absent=())


def swapped(slate: Any) -> Any:
    return msgspec.structs.replace(slate, chosen=("何平", "王芳"))


def punished(given: tuple[Sanction, ...]) -> tuple[Sanction, ...]:
    return (*given, Sanction("无名", "警告", given[0].approved))


FORGERIES: list[tuple[Callable[[list[Event]], int], str]] = [
    (replaced(events.NominationsFiled, WEST, sittings=renamed), "3.2"),
    (replaced(events.TallyCounted, CHENGGUAN, lines=one_more), "0.3"),
    (replaced(events.ParticipationCounted, counted=flattered), "0.3"),
    (replaced(events.ParticipationCounted, satisfaction=lambda _rate: Rate(24, 25)), "0.3"),
    (replaced(events.NamesCarriedUp, LIUHE, people=lambda _people: ("秦岭",)), "0.3"),
    (replaced(events.ProcedureJudged, LIUHE, committee=lambda _name: "没有的党委"), "1.3"),
    (replaced(events.PersonJudged, "何平", integrity=lambda _outcome: "not_met"), "0.3"),
    (replaced(events.PersonJudged, "何平", bars=lambda _bars: ("处分影响期内",)), "0.3"),
    (replaced(events.PersonJudged, "何平", person=lambda _person: "秦岭"), "7.7"),
    (replaced(events.ListProposed, slate=swapped), "S.8"),
    (replaced(events.DecisionJudged, lawful=lambda lawful: not lawful), "0.3"),
    (replaced(events.DecisionJudged, people=lambda _people: ("何平", "王芳")), "0.3"),
    (
        replaced(
            events.SanctionsEntered,
            sanctions=punished,
        ),
        "1.5",
    ),
    (replaced(events.StandardAssessed, "李梅", person=lambda _person: "无名"), "1.5"),
    (replaced(events.RepliesReceived, "政法", department=lambda _department: "气象"), "8.4"),
    (replaced(events.CommitteeReviewed, LIUHE, committee=lambda _name: "没有的党委"), "1.3"),
    (replaced(events.CommitteeReviewed, LIUHE, corrects=lambda _number: 3), "0.1"),
    (replaced(events.RosterEntered, LIUHE, members=lambda number: number + 1), "0.4"),
    (replaced(events.UnitsEntered, units=lambda number: number - 1), "0.4"),
]


@pytest.mark.parametrize(("change", "rule"), FORGERIES)
def test_a_forged_entry_properly_sealed_is_refused_with_its_number_and_rule(
    record: Path, change: Callable[[list[Event]], int], rule: str
) -> None:
    numbers: list[int] = []
    forge(record, lambda told: numbers.append(change(told)))
    with broken(numbers[0], rule):
        verify(record)


@pytest.mark.parametrize(
    ("kind", "about", "changed", "result", "of"),
    [
        (
            events.NominationsFiled,
            VILLAGE,
            lambda told: msgspec.structs.replace(told, sittings=()),
            events.TallyCounted,
            LIUHE,
        ),
        (
            events.CommitteeReviewed,
            LIUHE,
            lambda told: msgspec.structs.replace(told, sittings=()),
            events.NamesCarriedUp,
            LIUHE,
        ),
        (
            events.StepsRecorded,
            LIUHE,
            lambda told: msgspec.structs.replace(told, held=()),
            events.ProcedureJudged,
            LIUHE,
        ),
        (
            events.ChecksDone,
            "李梅",
            lambda told: msgspec.structs.replace(told, results={}),
            events.PersonJudged,
            "李梅",
        ),
        (
            events.PersonDescribed,
            "李梅",
            lambda told: msgspec.structs.replace(told, part="党员领导干部", tags=()),
            events.EligibleJudged,
            "",
        ),
        (
            events.CountyDecided,
            "",
            lambda told: msgspec.structs.replace(told, sittings=()),
            events.DecisionJudged,
            "",
        ),
    ],
    ids=lambda one: one.__name__ if isinstance(one, type) else "",
)
def test_a_claim_changed_and_sealed_is_found_at_the_result_that_rests_on_it(
    record: Path, kind: type[Event], about: str, changed: Callable[[Any], Any], result: type[Event], of: str
) -> None:
    places: list[int] = []

    def change(told: list[Event]) -> None:
        place = place_of(told, kind, about)
        told[place] = changed(told[place])
        places.append(place_of(told, result, of) + 1)

    forge(record, change)
    with broken(places[0], "S.8" if result is events.ListProposed else "0.3"):
        verify(record)


def test_a_roster_forged_with_its_document_is_found_at_the_roll(record: Path) -> None:
    padded = roster_entered(LIUHE, (*members(LIUHE), member("冯唐", VILLAGE)))
    places: list[int] = []

    def change(told: list[Event]) -> None:
        told[place_of(told, events.RosterEntered, LIUHE)] = padded
        places.append(place_of(told, events.RightsJudged) + 1)

    forge(record, change, padded.document)
    (record / DOCUMENTS / roster_entered(LIUHE).document).unlink()
    with broken(places[0], "0.3"):
        verify(record)


def test_entries_dropped_or_put_elsewhere_and_sealed_anew(record: Path, whole: Path) -> None:
    def drop(told: list[Event]) -> None:
        del told[place_of(told, events.NominationsFiled, EAST1)]

    forge(record, drop)
    with pytest.raises(Broken) as caught:
        verify(record)
    assert caught.value.rule == "0.3"
    shutil.rmtree(record)
    shutil.copytree(whole, record)
    forge(record, lambda told: told.insert(0, told.pop(place_of(told, events.TallyCounted, LIUHE))))
    with broken(1, "0.2"):
        verify(record)


# --- writing ----------------------------------------------------------------------------------------------------


def test_nothing_is_on_disk_before_the_commit(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")
    tell(writer, *story()[:2])
    assert writer.selection.n == 2
    assert list(tmp_path.iterdir()) == []
    assert writer.commit() == 2
    assert writer.commit() == 0
    assert verify(tmp_path / "record").selection.n == 2


def test_a_record_goes_on_where_it_stopped(tmp_path: Path) -> None:
    for place, claim in enumerate(story(), start=1):
        writer = Writer(tmp_path / "record")
        tell(writer, claim)
        assert (writer.commit(), writer.selection.n) == (1, place)
    found = verify(tmp_path / "record").selection
    assert found.standing == selection().standing
    assert writer.events[found.n] == story()[-1]


def test_a_folder_that_waits_empty_becomes_the_record(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    (tmp_path / "record.new").mkdir()
    (tmp_path / "record.new" / "left over").write_text("")
    writer = Writer(tmp_path / "record")
    tell(writer, *story()[:2])
    writer.commit()
    assert verify(tmp_path / "record").selection.n == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["record"]


def test_what_does_not_hold_is_not_written_on(tiny: Path, tmp_path: Path) -> None:
    (tiny / HEAD).unlink()
    with broken(0, "R.4"):
        Writer(tiny)
    (tmp_path / "file").write_text("a file where the record should be")
    with broken(0, "R.4"):
        Writer(tmp_path / "file")


def test_a_refused_claim_changes_nothing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")
    tell(writer, *story()[:3])
    before = writer.selection
    twice = roster_entered(LIUHE, (*members(LIUHE), members(LIUHE)[0]))
    with refused("1.4"):
        tell(writer, twice)
    with broken(4, "R.5"):
        tell(writer, msgspec.structs.replace(twice, document="0" * 64))
    with refused("R.1"):
        writer.offer(story()[3], at="today", by=BY, documents=documents)
    assert writer.selection is before
    assert writer.commit() == 3
    assert twice.document not in {path.name for path in (tmp_path / "record" / DOCUMENTS).iterdir()}
    assert verify(tmp_path / "record").selection.n == 3


def test_a_document_that_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")
    tell(writer, *story()[:3])
    writer.commit()
    document = tmp_path / "record" / DOCUMENTS / units_entered().document
    written = document.stat().st_mtime_ns
    tell(writer, units_entered(corrects=2))
    writer.commit()
    assert document.stat().st_mtime_ns == written
    assert verify(tmp_path / "record").selection.n == 4


def test_newer_names_take_the_place_of_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    writer = Writer(folder)
    put_away(writer)
    assert writer.people() is None
    writer.commit()
    assert writer.people() == NAMES
    put_away(writer, b"{}")
    tell(writer, *story()[:2])
    writer.commit()
    assert [path.read_bytes() for path in (folder / PEOPLE).iterdir()] == [b"{}"]
    assert Writer(folder).people() == b"{}"
    put_away(writer, b"[]")
    writer.keep_people(b"never spoken of")
    writer.commit()
    assert Writer(folder).people() == b"[]"
    tell(writer, events.PeopleKept("0" * 64, 9))
    writer.commit()
    assert list((folder / PEOPLE).iterdir()) == []
    assert not verify(folder).people


def test_names_erased_while_a_writer_is_open_stay_erased(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    writer = Writer(folder)
    put_away(writer)
    writer.commit()
    shutil.rmtree(folder / PEOPLE)
    tell(writer, *story()[:2])
    writer.commit()
    assert writer.people() is None
    assert not verify(folder).people


def test_a_writer_before_any_names_knows_none(tmp_path: Path) -> None:
    assert Writer(tmp_path / "record").people() is None


# --- what a broken-off writing leaves ---------------------------------------------------------------------------


def test_what_a_broken_off_writing_left_is_passed_over_and_swept(record: Path, whole: Path) -> None:
    left = f"{DOCUMENTS}/{'1' * 64}", f"{PEOPLE}/{'2' * 64}.json", f"{HEAD}.new"
    for name in left:
        (record / name).write_bytes(b"half writ")
    committed = sorted(path.name for path in (record / DOCUMENTS).iterdir() if path.name != "1" * 64)
    names = [
        *left,
        f"{DOCUMENTS}/{committed[0]}",
        "../precious",
        "head.json",
        "ledger.jsonl",
        "\x00",
        "documents/1",
    ]
    (record / PENDING).write_text("\n".join(names))
    (record.parent / "precious").write_text("not ours")
    with (record / LEDGER).open("ab") as file:
        file.write(b'{"at":"2022-')
    found = verify(record)
    assert found.unfinished
    assert found.head == verify(whole).head
    Writer(record)
    found = verify(record)
    assert not found.unfinished
    assert (record.parent / "precious").read_text() == "not ours"
    assert sorted(path.relative_to(record) for path in record.rglob("*")) == sorted(
        path.relative_to(whole) for path in whole.rglob("*")
    )
    assert (record / LEDGER).read_bytes() == (whole / LEDGER).read_bytes()


def test_leftovers_are_passed_over_only_while_a_writing_stands_open(record: Path) -> None:
    (record / PENDING).write_bytes(b"\xff\xfe notes.txt\nnotes.txt")
    assert verify(record).unfinished
    (record / "notes.txt").write_text("")
    with broken(0, "R.6"):
        verify(record)


@pytest.mark.parametrize("stops", [True, False], ids=["machine stops", "disk full"])
@pytest.mark.parametrize("committed", [0, 3], ids=["first", "later"])
def test_a_commit_that_breaks_anywhere_leaves_the_old_record_or_the_new(
    tmp_path: Path, committed: int, stops: bool
) -> None:
    step, finished = 0, False
    while not finished:
        step += 1
        folder = tmp_path / f"{step}" / "record"
        writer = Writer(folder)
        if committed:
            put_away(writer)
            tell(writer, *story()[:committed])
            writer.commit()
        before, after = writer.selection.n, 1 + len(story()[:9]) + bool(committed)
        put_away(writer, b"{}")
        tell(writer, *story()[committed:9])
        assert writer.selection.n == after
        with failing(step, stops=stops) as disk, suppress(Stopped, OSError):
            writer.commit()
        finished = not disk.failed
        assert entries_held(folder) in ((after,) if finished else (before, after))
        if not stops:
            writer.commit()
            assert entries_held(folder) == after
        again = Writer(folder)
        assert again.selection.n == entries_held(folder)
        if again.selection.n:
            assert not verify(folder).unfinished
            assert again.people() in (NAMES, b"{}")
    assert step > 20


def entries_held(folder: Path) -> int:
    """How many entries the record holds, 0 where there is none yet."""
    return verify(folder).selection.n if folder.exists() else 0
