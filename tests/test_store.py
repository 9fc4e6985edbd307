"""A record moves between folder, SQLite and PostgreSQL, into a backup and out of it, and stays the same bytes."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

import counties
import keeping
from cast import AT, BY, CHENGGUAN, broken, documents, refused, roster_entered, story
from fourgates import bundle, canon, checkpoints, events
from fourgates.bundle import Writer
from fourgates.checkpoints import Kept
from fourgates.cli import main
from fourgates.errors import Broken
from fourgates.log import key
from fourgates.log.algorithms import ED25519
from fourgates.log.checkpoint import Checkpoint
from fourgates.store import Store, open_store, signing
from fourgates.store.moving import bring_in, write_out
from fourgates.store.portable import backup, reading, restore
from fourgates.store.verdict import growth, kept, verify
from test_replay import stands

NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """As many new stores as are asked for, of one kind."""
    return lambda: new(request, tmp_path, request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of either kind."""
    return new(request, tmp_path, request.param)


def new(request: pytest.FixtureRequest, room: Path, kind: str) -> Store:
    if kind == "sqlite":
        store = open_store(f"sqlite:///{room}/store{next(NUMBERS)}.db")
    else:
        number = next(NUMBERS)
        address = request.getfixturevalue("postgresql")
        store = open_store(f"{address}&schema=store{number}&keys={room}/store{number}.keys")
    request.addfinalizer(store.close)
    return store


def folder(room: Path, upto: int | None = None) -> Path:
    """A record in a folder, names and all."""
    writer = Writer(room / "folder")
    for event in story()[writer.selection.n : upto]:
        writer.offer(event, at=AT, by=BY, documents=documents)
    if upto is None:
        writer.offer(events.PeopleKept(writer.keep_people(keeping.NAMES), 0), at=AT, by=BY)
    writer.commit()
    return room / "folder"


def files(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


def test_a_folder_comes_back_out_of_a_store_byte_for_byte(
    stores: Callable[[], Store], tmp_path: Path
) -> None:
    store, origin = stores(), folder(tmp_path)
    assert bring_in(origin, store) == len(story()) + 1
    with store.reading() as view:
        assert stands(verify(view)) == stands(bundle.verify(origin).selection)
    assert write_out(store, tmp_path / "out") == bundle.head(origin)
    assert files(tmp_path / "out") == files(origin)
    assert bring_in(origin, store) == 0
    with refused("K.7", file="out"):
        write_out(store, tmp_path / "out")


def test_a_folder_that_went_on_carries_its_store_on_and_no_other(
    stores: Callable[[], Store], tmp_path: Path
) -> None:
    store, whole = stores(), stores()
    assert bring_in(folder(tmp_path, 7), store) == 7
    shutil.copytree(tmp_path / "folder", tmp_path / "beginning")
    assert bring_in(folder(tmp_path), store) == len(story()) + 1 - 7
    bring_in(tmp_path / "folder", whole)
    assert keeping.holds(store) == keeping.holds(whole)
    before = keeping.holds(store)
    with refused("K.6"):
        bring_in(tmp_path / "beginning", store)
    writer = Writer(tmp_path / "another")
    for event in story():
        writer.offer(event, at="2022-03-25T08:00:00Z", by=BY, documents=documents)
    writer.offer(events.Withdrawn(9), at=AT, by=BY)
    writer.offer(events.Withdrawn(10), at=AT, by=BY)
    writer.commit()
    with refused("K.6"):
        bring_in(tmp_path / "another", store)
    assert keeping.holds(store) == before


def test_a_store_is_signed_at_every_gate_and_at_its_end(stores: Callable[[], Store], tmp_path: Path) -> None:
    """Its checkpoints are those that a folder would have had; a second time there is nothing to sign."""
    store, signer = stores(), key.generate("青梧/2022", ED25519)
    keeps = keeping.keeper(store)
    keeping.tell(keeps)
    told = keeps.entries()
    gates = [entry.n for entry in told if checkpoints.due(entry.event)]
    last = store.head().entries
    assert gates
    assert signing.sign(store, signer) == sorted({*gates, last})
    assert signing.sign(store, signer) == []
    keeping.tell(
        keeps, [events.StepsRecorded(CHENGGUAN, (), keeps.current().standing["StepsRecorded", CHENGGUAN])]
    )
    assert signing.sign(store, signer) == [last + 1]
    with refused("R.9"):
        signing.sign(store, key.generate("另一处", ED25519))
    write_out(store, tmp_path / "out")
    found = bundle.verify(tmp_path / "out").growth
    assert sorted(found.checked) == sorted({*gates, last, last + 1})
    assert {one.log for one in found.checked.values()} == {signer.key}
    with store.writing() as room:
        room.keep_checkpoint(last, str(found.checked[last + 1].checkpoint.sign(signer)).encode())
    with store.reading() as view, broken(last, "R.9"):
        verify(view, grown=growth(view))


def test_checkpoints_signed_over_a_copy_are_taken_in_and_no_others(
    stores: Callable[[], Store], tmp_path: Path
) -> None:
    store, signer = stores(), key.generate("青梧/2022", ED25519)
    last = bring_in(folder(tmp_path), store)
    write_out(store, tmp_path / "copy")
    writer = Writer(tmp_path / "copy", signer)
    writer.commit(pin=True)
    signed = checkpoints.read(tmp_path / "copy")
    assert (signing.take(store, signed), signing.take(store, signed)) == ([last], [])
    with store.reading() as view:
        assert (kept(view), verify(view, grown=growth(view)).n) == (signed, last)

    another = key.generate("青梧/2022", ED25519)
    joined = checkpoints.joined(signed.policy, another.key)
    false = Checkpoint("青梧/2022", last, bytes(32)).sign(signer)
    over = Checkpoint("青梧/2022", last - 1, bytes(32)).sign(signer)
    beyond = Checkpoint("青梧/2022", last + 1, bytes(32)).sign(signer)
    strange = Checkpoint("青梧/2022", last, writer.growth.frontier.root()).sign(another)
    for rule, coming in [
        ("R.9", Kept(checkpoints.joined(checkpoints.NOBODY, another.key), {last: strange})),
        ("R.9", Kept(signed.policy, {last: false})),
        ("R.9", Kept(signed.policy, {last - 1: over})),
        ("R.9", Kept(signed.policy, {last + 1: beyond})),
        ("R.8", Kept(signed.policy, {last - 1: Checkpoint("青梧/2022", last - 1, bytes(32)).sign(another)})),
    ]:
        with refused(rule):
            signing.take(store, coming)
    assert signing.take(store, Kept(joined, {last: strange})) == [last]
    with store.reading() as view:
        assert (kept(view).policy, len(kept(view).notes[last].signatures)) == (joined, 2)


def test_the_terminal_signs_a_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one.db"
    store = open_store(url)
    keeping.tell(keeping.keeper(store), story()[:4])
    store.close()
    assert counties.asked("keys", "new", tmp_path / "key", "--name", "青梧/2022").exit_code == 0
    assert counties.asked("store", "sign", url, "--key", tmp_path / "key").stdout.split() == [
        "封到第1条",
        "封到第4条",
    ]
    told = counties.asked("store", "verify", url).stdout.splitlines()
    assert told[1] == "检查点2个，都与账本一致，最近一个封到第4条，由“青梧/2022”签发"


def test_a_folder_that_does_not_hold_is_not_brought_in(stores: Callable[[], Store], tmp_path: Path) -> None:
    store, origin = stores(), folder(tmp_path)
    lines = (origin / "ledger.jsonl").read_bytes()
    (origin / "ledger.jsonl").write_bytes(lines.replace(b'"n":3', b'"n":4', 1))
    with pytest.raises(Broken):
        bring_in(origin, store)
    assert store.head().entries == 0


def test_names_that_lie_open_are_those_that_the_record_names(stores: Callable[[], Store]) -> None:
    """A store without keys, or one from before: a document that was changed is found when it is read."""
    store = stores()
    name = f"{canon.digest(keeping.NAMES)}.json"
    with store.writing() as room:
        room.fill_people([(name, keeping.NAMES)])
    with store.reading() as view:
        assert view.person(name) == keeping.NAMES
    with store.writing() as room:
        room.fill_people([("other.json", keeping.NAMES)])
    with store.reading() as view, pytest.raises(Broken, match=r"R\.5"):
        view.people()


def test_a_backup_taken_under_writes_is_one_moment_and_comes_back_into_either_kind(
    stores: Callable[[], Store], other: Store, tmp_path: Path
) -> None:
    store = stores()
    keeper = keeping.keeper(store)
    keeping.tell(keeper)
    keeper.offer(**keeping.kept_people(), by=BY, key="names")
    keeper.keep_checkpoint(3, b"note")
    stop, written = threading.Event(), []

    def writes() -> None:
        while not stop.is_set():
            number = keeper.current().standing["StepsRecorded", CHENGGUAN]
            written.append(
                keeper.offer([events.StepsRecorded(CHENGGUAN, (), number)], by=BY, key=str(number))
            )

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        first = len(written)
        reached = backup(store, tmp_path / "backup")
        last = len(written)
    finally:
        stop.set()
        writer.join()
    begun = len(story()) + 1
    assert begun + first <= reached.entries <= begun + last + 1
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup"]
    with reading(tmp_path / "backup") as view:
        stands_there = verify(view)
    assert stands(stands_there) == stands(keeper.at(reached.entries))
    assert stands(restore(tmp_path / "backup", other)) == stands(stands_there)
    assert (
        not store.keys or keeping.holds(other)["people"] == {}
    )  # what reads the names is no part of a backup
    if store.keys and other.keys:
        other.keys.bring(store.keys.every())
    whole = keeping.holds(other)
    assert whole["lines"] == keeping.holds(store)["lines"][: reached.entries]
    assert whole["people"] == keeping.holds(store)["people"]
    assert whole["checkpoints"] == {3: b"note"}
    assert keeping.keeper(other).offer(**keeping.kept_people(), by=BY, key="names")[0].n == begun
    with refused("K.6"):
        restore(tmp_path / "backup", other)
    with refused("K.7", file="backup"):
        backup(store, tmp_path / "backup")


def test_a_backup_that_was_changed_is_not_restored(other: Store, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/record.db")
    keeping.tell(keeping.keeper(store))
    backup(store, tmp_path / "backup")
    store.close()

    def changed(*statements: str) -> Path:
        shutil.copy(tmp_path / "backup", tmp_path / "changed")
        with sqlite3.connect(tmp_path / "changed") as connection:
            for (trigger,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return tmp_path / "changed"

    one = "UPDATE ledger SET line = cast(replace(line, {}) AS BLOB) WHERE n = 7"
    stray = "INSERT INTO documents VALUES ('{}', cast('stray' AS BLOB))"
    for rule, statement in [
        ("R.1", "UPDATE ledger SET line = cast(line AS TEXT) WHERE n = 7"),
        ("R.1", one.format("'StepsRecorded', 'Stepsrecorded'")),
        ("R.2", "DELETE FROM ledger WHERE n = 7"),
        ("R.2", one.format("""'"n":7', '"n":8'""")),
        ("R.3", one.format("'2022-03-24T', '2021-03-24T'")),
        ("R.4", "DELETE FROM ledger WHERE n = (SELECT max(n) FROM ledger)"),
        ("R.4", "UPDATE head SET head = '00'"),
        ("R.4", "UPDATE head SET bytes = bytes + 1"),
        ("R.4", "UPDATE head SET entries = entries - 1"),
        ("R.5", "DELETE FROM documents"),
        ("R.5", "UPDATE documents SET content = x'00'"),
        ("R.6", stray.format(hashlib.sha256(b"stray").hexdigest())),
    ]:
        with pytest.raises(Broken) as caught:
            restore(changed(statement), other)
        assert caught.value.rule == rule, statement
        assert other.head().entries == 0
    restore(changed(), other)


def test_what_is_no_backup_is_not_restored(other: Store, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no database at all" * 100)
    with refused("K.3", file="text"):
        restore(tmp_path / "text", other)
    sqlite3.connect(tmp_path / "else").execute("CREATE TABLE t (x)").connection.close()
    with refused("K.3", file="else"):
        restore(tmp_path / "else", other)


def test_the_terminal_moves_backs_up_and_restores(tmp_path: Path) -> None:
    origin, url, again = folder(tmp_path), f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"

    def said(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result.output

    entries = len(story()) + 1
    assert said("store", "import", str(origin), url) == f"已搬入{entries}条\n"
    holds = f"成立：{entries}条，封印 {bundle.head(origin).head}\n"
    assert said("store", "verify", url) == holds
    assert said("backup", url, str(tmp_path / "backup")) == holds
    assert said("restore", str(tmp_path / "backup"), again) == holds
    (tmp_path / "a.db.keys").rename(tmp_path / "b.db.keys")
    assert said("store", "export", again, str(tmp_path / "out")) == holds
    assert files(tmp_path / "out") == files(origin)
    assert "[K.6]" in said("restore", str(tmp_path / "backup"), url, code=2)
    with sqlite3.connect(tmp_path / "b.db") as connection:
        connection.execute("DROP TRIGGER head_onward")
        connection.execute("UPDATE head SET entries = 3")
    connection.close()
    assert "[R.4]" in said("store", "verify", again, code=1)


def test_roster_documents_come_with_the_claims_that_name_them(stores: Callable[[], Store]) -> None:
    keeper = keeping.keeper(stores())
    keeping.tell(keeper, story()[:2])
    told = roster_entered(CHENGGUAN)
    keeper.offer([told], by=BY, documents=documents)
    assert told.document in keeping.holds(keeper.store)["documents"]
