"""Personal values planted and looked for: none in what the public gets or in what is printed, and after erasure none in
the record, the database, its write-ahead log, or a backup made before; while every figure and checkpoint still holds.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from afterwards import afterwards
from cast import AT, BY, documents, refused, story
from counties import asked, unordered
from fourgates import bundle, canon, erasing, events, handout, readers, run, sealed, vault
from fourgates.bundle import Writer
from fourgates.commands import standing
from fourgates.erasing import Folder, Kept
from fourgates.keeper import Keeper
from fourgates.papers import people
from fourgates.papers.people import People
from fourgates.run import RECORD
from fourgates.store import open_store, portable
from fourgates.store.moving import bring_in
from fourgates.store.portable import backup
from fourgates.store.verdict import verify
from planting import PLANTED, holding, planted, under

MISTAKE = "误录"
NUMBERS = count()


@pytest.fixture
def out(small_out: Path, tmp_path: Path) -> Path:
    """The same results, to be changed."""
    return Path(shutil.copytree(small_out, tmp_path / "out"))


def figures(folder: Path, id_: str = "", number: str = "") -> Any:
    """Every figure of a record, persons by their numbers, also the one whose number is gone; lists in one order."""
    told = json.loads(asked("figures", folder).stdout.replace(id_ or number, number))
    del told["record"]  # how many entries, and the last seal
    return unordered(told)


def put_forward(names: People) -> str:
    """Somebody of whom there are facts."""
    return next(id_ for id_, one in sorted(names.people.items()) if one.secret)


# --- what is handed out -------------------------------------------------------------------------------------------


def test_two_hundred_values_are_planted_and_the_search_finds_them_where_they_lie(small_out: Path) -> None:
    names = standing.names(small_out / RECORD)
    values = planted(names)
    assert len(set(values)) == PLANTED
    assert holding(values, under(small_out / RECORD / bundle.PEOPLE)) == set(values)


def test_none_of_them_is_in_a_public_bundle_or_in_what_is_printed(small_out: Path, tmp_path: Path) -> None:
    values = planted(standing.names(small_out / RECORD))
    said = [asked("bundle", small_out, tmp_path / "public").output]
    said += [asked(word, small_out, "--json").output for word in ("verify", "log")]
    said += [asked("verify", tmp_path / "public", *more).output for more in ((), ("--json",))]
    assert holding(values, under(tmp_path / "public")) == set()
    assert holding(values, [text.encode() for text in said]) == set()


def test_who_may_see_a_fact_can_prove_it_and_nobody_is_shown_more(small_out: Path, tmp_path: Path) -> None:
    names = standing.names(small_out / RECORD)
    id_, proofs = put_forward(names), names.disclosures()
    everything = {one for some in proofs.values() for one in some}
    own = {sealed.read(one).name: sealed.read(one).value for one in proofs[id_]}
    assert own == {name: value for name, value in names.people[id_].facts().items() if value}
    expected = {
        "superior": everything,
        f"person:{id_}": {*proofs[id_]},
        "person:nobody": set[str](),
        "public": set(),
    }
    for reader, wanted in expected.items():
        out = tmp_path / str(next(NUMBERS))
        asked("bundle", small_out, out, "--for", reader)
        assert handout.verify(out).disclosed == len(wanted)
        told = canon.reader(list[str]).decode((out / handout.DISCLOSURES).read_bytes()) if wanted else []
        assert set(told) == wanted
        alone = subprocess.run(
            [sys.executable, "-I", out / "verify.py"], capture_output=True, text=True, check=True
        )
        assert f"{len(wanted)} fields disclosed" in alone.stdout
    whom = readers.read("department:政法")
    shown = [sealed.read(one) for one in handout.disclosed(small_out / RECORD, whom, proofs)]
    sent = {
        one.person
        for event in told_of(small_out)
        if isinstance(event, events.RepliesReceived)
        for one in event.opinions
    }
    assert {one.name for one in shown} == set(handout.IDENTIFYING)
    assert {one.value for one in shown if one.name == "公民身份号码"} == {
        names.people[one].number for one in sent
    }


def told_of(out: Path) -> list[events.Event]:
    return [entry.event for entry, _line in bundle.entries(standing.folder(out))]


def test_of_those_a_department_was_asked_about_it_is_shown_who_they_are(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "record")
    asked_about = next(one for one in afterwards() if isinstance(one, events.DepartmentAsked))
    facts = {one: sealed.facts(one.encode(), {"姓名": one, "民族": "汉"}) for one in asked_about.people}
    document = sealed.seal(facts)
    content = canon.spell(document)
    claims = [one for one in story() if not isinstance(one, events.RepliesReceived)]
    for event in (*claims, asked_about, events.FactsSealed(canon.digest(content), len(facts))):
        writer.offer(event, at=AT, by=BY, documents={**documents, canon.digest(content): content})
    writer.commit()
    whom = readers.read(f"department:{asked_about.department}")
    proofs = {**facts, "else": sealed.facts(b"else", {"姓名": "else"})}
    shown = handout.disclosed(tmp_path / "record", whom, proofs)
    assert [sealed.read(one).value for one in shown] == [*asked_about.people]


# --- erased -------------------------------------------------------------------------------------------------------


def test_erased_in_a_folder_a_person_is_gone_and_everything_else_holds(out: Path, tmp_path: Path) -> None:
    record = out / RECORD
    names, before = standing.names(record), figures(out)
    id_ = put_forward(names)
    own = [one for one in names.people[id_].facts().values() if len(one) > 2]
    own += [names.people[id_].secret, names.key]
    own += [names.texts[one] for one in erasing.about(told_of(out), id_) & names.texts.keys()]
    os.link(next((record / bundle.PEOPLE).iterdir()), tmp_path / "as it lay on the disk")
    assert holding(own, under(record)) == holding(own, under(tmp_path / "as it lay on the disk")) == set(own)
    answer = asked("erase", out, names.people[id_].number, "--ground", MISTAKE)
    assert (answer.exit_code, answer.stdout) == (0, f"{id_}的个人信息已经删除，已记入纪实\n")
    left = standing.names(record)
    assert left.people == {one: details for one, details in names.people.items() if one != id_}
    unique = [one for one in own if one not in str(left)]
    assert len(unique) >= 4
    assert holding(unique, under(record, tmp_path / "as it lay on the disk")) == set()
    assert bundle.verify(record).selection.erased == {id_: bundle.head(record).entries - 1}
    number = names.people[id_].number
    assert figures(out, id_, number) == before
    again = asked("erase", out, id_, "--ground", MISTAKE)
    assert again.stdout == f"{id_}的个人信息早已删除\n"
    # Who has the key of today cannot find the id by trying the number, and everybody else keeps theirs.
    assert left.id_of(number) != id_
    assert left.ids() == {one.number: other for other, one in names.people.items() if other != id_}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    (tmp_path / "store").mkdir()
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/record.db"
    url = request.getfixturevalue("postgresql")
    return f"{url}&schema=erased{next(NUMBERS)}&keys={tmp_path}/store/record.keys"


def test_erased_in_a_store_nothing_can_be_read_of_a_person_in_any_copy(
    small_out: Path, address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    names = standing.names(small_out / RECORD)
    values = planted(names)
    store = open_store(address)
    bring_in(small_out / RECORD, store)
    assert Keeper(store).people() == names
    backup(store, tmp_path / "backup")
    places = [tmp_path / "backup", tmp_path / "store"]
    if address.startswith("postgresql"):
        with psycopg.connect(request.getfixturevalue("postgresql")) as server:
            ((data,),) = server.execute("SHOW data_directory").fetchall()
        places += [Path(data) / "base", Path(data) / "pg_wal"]
    # No value lies open anywhere, not in the log that is written ahead either, while they can still be read with the keys.
    assert holding(values, under(*places)) == set()
    id_ = put_forward(names)
    store.close()
    assert asked("erase", address, id_, "--ground", "依法要求删除").exit_code == 0
    store = open_store(address)
    keeper = Keeper(store)
    keys = store.keys
    assert keys is not None
    assert vault.person(id_) not in keys.every()
    assert keeper.people().people == {one: it for one, it in names.people.items() if one != id_}
    assert keeper.current().erased == {id_: keeper.current().n - 1}
    with portable.reading(tmp_path / "backup") as view:
        ((_name, row),) = view.rows_of_people()
    assert vault.person(id_) in vault.names(row)
    old = vault.read(row, keys)
    assert old is not None
    assert people.read(old).people == keeper.people().people
    assert people.read(old).key == ""  # nor can the id be found by trying numbers
    assert holding(values, under(*places)) == set()
    with store.reading() as view:
        assert verify(view).erased == {id_: keeper.current().n - 1}
    assert not erasing.person(Kept(keeper), id_, MISTAKE)
    store.close()


# --- the time to keep them is over --------------------------------------------------------------------------------


def test_all_names_go_once_their_time_is_over_and_not_before(out: Path, tmp_path: Path) -> None:
    record = out / RECORD
    names, before = standing.names(record), bundle.verify(record)
    plan = before.selection.facts.rulebook()
    last = plan.windows.county_review.last.replace(year=plan.windows.county_review.last.year + 5)
    assert erasing.until(before.selection.facts) == last
    today = date(last.year + 1, 1, 1)
    writer = Folder(Writer(record), lambda: f"{today}T08:00:00Z")
    assert erasing.everybody(writer, last) == (last, 0)
    assert bundle.head(record) == before.head
    os.link(next((record / bundle.PEOPLE).iterdir()), tmp_path / "as it lay on the disk")
    store = open_store(f"sqlite:///{tmp_path}/record.db")
    bring_in(record, store)
    for held in (writer, Kept(Keeper(store, lambda: f"{today}T08:00:00Z"))):
        assert erasing.everybody(held, today) == (last, len(names.people))
        assert erasing.everybody(held, today) == (last, 0)
        assert held.current().ended == before.head.entries + 1
        assert held.people() == People("")
    assert store.keys is not None
    assert store.keys.every() == {}
    store.close()
    assert holding(planted(names), under(record, *tmp_path.glob("*.db*"), *tmp_path.glob("as *"))) == set()
    after = bundle.verify(record)
    assert (after.people, after.selection.results) == (False, before.selection.results)
    with refused("F.2"):
        run.key(Writer(record))


def test_the_terminal_says_until_when_names_are_kept(
    small_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fourgates.commands.erasing.moment", lambda: AT)
    last = erasing.until(bundle.verify(small_out / RECORD).selection.facts)
    assert asked("retention", small_out).stdout.startswith(f"个人信息保存到{last}为止")


def test_who_is_not_kept_cannot_be_erased(out: Path) -> None:
    answer = asked("erase", out, "查无此人", "--ground", MISTAKE)
    assert (answer.exit_code, answer.stderr.startswith("[V.5] ")) == (2, True)


def test_a_store_without_keys_has_none_to_destroy(postgresql: str) -> None:
    store = open_store(f"{postgresql}&schema=erased{next(NUMBERS)}")
    assert store.keys is None
    Kept(Keeper(store)).destroy(None)
    assert store.keys is None
    store.close()


def test_texts_are_found_however_deep_they_lie() -> None:
    assert list(erasing._texts({"a": ["一", 2, {"b": ("二",)}], "c": "三", "d": None})) == ["一", "二", "三"]
