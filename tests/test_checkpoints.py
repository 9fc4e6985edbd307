"""Checkpoints of a record: signed at every gate, held against the ledger, cosigned, handed out, and never of two histories."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path

import msgspec
import pytest

from cast import (
    AT,
    BY,
    LIUHE,
    PLAN,
    broken,
    documents,
    refused,
    results,
    roster_entered,
    rulebook,
    story,
    units_entered,
)
from disk import Stopped, failing
from fourgates import adopting, bundle, checkpoints, events, extracts, forks
from fourgates.arrangements import Seals
from fourgates.bundle import Writer, verify
from fourgates.checkpoints import Kept
from fourgates.commands import run as running
from fourgates.events import Event
from fourgates.log import code, cosignature, key, note, policy, proof, tiles, tree
from fourgates.log import witness as watching
from fourgates.log.algorithms import COSIGNING, COSIGNING_MLDSA, ED25519, SM2
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.key import Signer
from fourgates.log.policy import Policy
from fourgates.log.witness import Request, Witness

LOG = key.generate("成县/sx14", ED25519)
NAMES = b'{"x":"y"}'


def tell(writer: Writer, *told: Event, at: str = AT) -> None:
    for event in told:
        writer.offer(event, at=at, by=BY, documents=documents)


def begin(folder: Path, signer: Signer | None = LOG) -> Writer:
    writer = Writer(folder, signer)
    tell(writer, events.PeopleKept(writer.keep_people(NAMES), 1), events.PlanAdopted(rulebook()))
    tell(writer, units_entered())
    writer.commit()
    return writer


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of five entries with checkpoints over the second, the third and the fifth."""
    folder = tmp_path_factory.mktemp("signed") / "record"
    writer = begin(folder)
    tell(writer, roster_entered(LIUHE), events.TallyCounted(LIUHE, ()))
    writer.commit(pin=True)
    return folder


@pytest.fixture
def record(signed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(signed, tmp_path / "record"))


def sizes(folder: Path) -> list[int]:
    return sorted(checkpoints.read(folder).notes)


def watched(record: Path, *names: str, quorum: str = "", kind: object = COSIGNING) -> list[Signer]:
    """Put these witnesses into the policy of a record; all of them must cosign unless a quorum is given."""
    made = [key.generate(name, kind) for name in names]  # type: ignore[arg-type]
    kept = checkpoints.read(record)
    witnesses = {one.key.name: one.key for one in made}
    wanted = Policy(kept.policy.logs, witnesses, {"all": (len(names), names)}, quorum or "all")
    checkpoints.put(record, {checkpoints.POLICY: str(wanted).encode()})
    return made


# --- signing ----------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_signed_at_every_gate_and_once_a_day(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    writer = begin(folder)
    assert sizes(folder) == [2, 3]  # the plan; and the first of the day
    tell(writer, roster_entered(LIUHE))
    writer.commit()
    assert sizes(folder) == [2, 3]  # the day has its checkpoint
    tell(writer, events.TallyCounted(LIUHE, ()), at="2022-03-25T00:00:00Z")
    assert writer.commit() == 1
    assert sizes(folder) == [2, 3, 5]  # another day
    assert writer.commit(pin=True) == 0
    assert sizes(folder) == [2, 3, 5]  # nothing new to sign
    again = Writer(folder, LOG)
    tell(again, events.Withdrawn(4), at="2022-03-25T00:00:01Z")
    again.commit()
    assert sizes(folder) == [2, 3, 5]
    again.commit(pin=True)
    assert sizes(folder) == [2, 3, 5, 6]
    found = verify(folder)
    assert found.growth.frontier.root() == found.growth.checked[6].checkpoint.root
    assert {one.log for one in found.growth.checked.values()} == {LOG.key}
    assert found.growth.pinned == "2022-03-25T00:00:01Z"


def test_a_whole_selection_has_a_checkpoint_at_each_of_its_gates(tmp_path: Path) -> None:
    folder = tmp_path / "record"
    writer = Writer(folder, LOG)
    tell(writer, *story())
    tell(writer, *results(writer.selection.facts))
    writer.commit(pin=True)
    gates = [n for n, event in writer.events.items() if checkpoints.due(event)]
    assert {type(writer.events[n]).__name__ for n in gates} >= {
        "PlanAdopted",
        "CommitteeReviewed",
        "ListProposed",
    }
    assert sizes(folder) == sorted({*gates, len(writer.events)})
    assert verify(folder).growth.checked.keys() == set(sizes(folder))
    lines = [line for _entry, line in bundle.entries(folder)]
    assert verify(folder).growth.frontier.root() == tree.Tree(map(tree.leaf, lines)).root()


def test_without_a_key_there_are_none_and_the_record_has_its_root_all_the_same(tmp_path: Path) -> None:
    begin(tmp_path / "bare", None)
    begin(tmp_path / "signed")
    bare, found = (verify(tmp_path / name) for name in ("bare", "signed"))
    assert sorted(path.name for path in (tmp_path / "bare").iterdir()) == [
        "documents",
        "head.json",
        "ledger.jsonl",
        "people",
    ]
    assert bare.growth.checked == {}
    assert bare.growth.frontier.root() == found.growth.frontier.root()
    later = Writer(tmp_path / "bare", LOG)
    later.commit(pin=True)
    assert sizes(tmp_path / "bare") == [3]
    assert Writer(tmp_path / "none", LOG).commit(pin=True) == 0


def test_as_of_an_entry_the_root_is_that_of_then(signed: Path) -> None:
    early = verify(signed, until=2).growth
    assert early.frontier.root() == early.checked[2].checkpoint.root
    assert early.frontier.size == 2


def test_another_key_signs_on_only_under_the_same_name_and_hash(record: Path) -> None:
    for other in (key.generate("另一处", ED25519), key.generate(LOG.key.name, SM2)):
        with refused("R.9"):
            Writer(record, other)
    newer = key.generate(LOG.key.name, ED25519)
    writer = Writer(record, newer)
    tell(writer, events.Withdrawn(4))
    writer.commit(pin=True)
    assert checkpoints.read(record).policy.logs == (LOG.key, newer.key)
    assert verify(record).growth.checked[6].log == newer.key


def test_a_record_under_the_national_algorithms(tmp_path: Path) -> None:
    national = key.generate("成县/sx14", SM2)
    folder = tmp_path / "record"
    begin(folder, national)
    writer = Writer(folder, national)
    tell(writer, roster_entered(LIUHE))
    writer.commit(pin=True)
    found = verify(folder)
    assert [one.log.algorithm.c2sp for one in found.growth.checked.values()] == [False] * 3
    begin(tmp_path / "plain", None)
    bare = Writer(tmp_path / "plain", national)
    bare.commit(pin=True)
    assert (
        verify(tmp_path / "plain").growth.checked[3].checkpoint.root
        == found.growth.checked[3].checkpoint.root
    )
    with refused("R.9"):
        Writer(folder, LOG)


def test_the_plan_says_by_which_algorithm_checkpoints_are_signed(tmp_path: Path) -> None:
    """A key of another kind is refused before anything is written, and again when the plan is there already."""
    national = key.generate("成县/sx14", SM2)
    wanted = msgspec.structs.replace(rulebook(), seals=Seals("sm2"))
    folder = tmp_path / "record"
    writer = Writer(folder, LOG)
    tell(writer, events.PlanAdopted(wanted))
    with refused("R.14"):
        writer.commit()
    assert not folder.exists()
    writer = Writer(folder, national)
    tell(writer, events.PlanAdopted(wanted))
    writer.commit()
    assert [one.log for one in verify(folder).growth.checked.values()] == [national.key]
    with refused("R.14"):
        Writer(folder, LOG)


def test_a_run_makes_the_key_its_plan_wants(tmp_path: Path) -> None:
    toml = '\n[seals]\nalgorithm = "{}"\n'
    national, usual = (adopting.adopt(PLAN + toml.format(name)) for name in ("sm2", "ed25519"))
    for plan, kind in ((national, SM2), (usual, ED25519), (rulebook(), ED25519)):
        made = running._signer(tmp_path / kind.name, "成县/sx14", plan)
        assert made is not None
        assert made.key.algorithm == kind
    assert running._signer(tmp_path / "sm2", "成县/sx14", rulebook()) is not None
    with refused("R.14"):
        running._signer(tmp_path / "sm2", "成县/sx14", usual)
    with refused("1.0"):
        adopting.adopt(PLAN + toml.format("md5"))


# --- held against the ledger ------------------------------------------------------------------------------------


def resigned(record: Path, size: int, root: bytes, signer: Signer = LOG, name: str = "") -> None:
    content = str(Checkpoint(signer.key.name, size, root).sign(signer)).encode()
    (record / checkpoints.FOLDER / (name or str(size))).write_bytes(content)


def test_a_checkpoint_over_other_entries_is_found_at_its_entry(record: Path) -> None:
    resigned(record, 3, tree.leaf(b"else"))
    with broken(3, "R.9"):
        verify(record)


def test_a_checkpoint_under_another_number_is_found(record: Path) -> None:
    root = verify(record).growth.checked[3].checkpoint.root
    resigned(record, 3, root, name="4")
    with broken(4, "R.9"):
        verify(record)
    (record / "checkpoints/4").unlink()
    resigned(record, 3, root, name="0")
    with broken(1, "R.9"):
        verify(record)


def test_a_ledger_cut_short_with_a_head_that_fits_is_found(record: Path) -> None:
    lines = [line for _entry, line in bundle.entries(record)][:4]
    content = b"".join(line + b"\n" for line in lines)
    (record / "ledger.jsonl").write_bytes(content)
    from fourgates import canon

    (record / "head.json").write_bytes(canon.spell(bundle.Head(4, len(content), canon.digest(lines[-1]))))
    (record / "checkpoint").unlink()
    with broken(0, "R.9"):
        verify(record)
    shutil.copy(record / "checkpoints/5", record / "checkpoint")
    with broken(4, "R.9"):
        verify(record)


def test_a_checkpoint_of_a_stranger_or_with_a_false_signature_is_found(record: Path) -> None:
    root = verify(record).growth.checked[3].checkpoint.root
    resigned(record, 3, root, key.generate(LOG.key.name, ED25519))
    with broken(0, "R.8"):
        verify(record)
    (record / "policy").unlink()
    with broken(0, "R.8"):
        verify(record)


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("checkpoint", b"", "R.9"),
        ("checkpoints/3", b"", "R.8"),
        ("policy", b"quorum none\n", "R.8"),
        ("policy", b"", "R.8"),
        ("checkpoints/03", b"", "R.6"),
        ("checkpoints/more", b"", "R.6"),
        ("tile", b"", "R.6"),
    ],
)
def test_what_is_no_checkpoint_does_not_belong(record: Path, name: str, content: bytes, rule: str) -> None:
    (record / name).write_bytes(content)
    with broken(0, rule):
        verify(record)


def test_a_policy_of_two_origins_or_hashes_does_not_hold(record: Path) -> None:
    for other in (key.generate("另一处", ED25519), key.generate(LOG.key.name, SM2)):
        (record / "policy").write_text(f"log {LOG.key}\nlog {other.key}\nquorum none\n", encoding="utf-8")
        with broken(0, "R.9"):
            verify(record)


def test_a_link_or_a_folder_is_no_checkpoint(record: Path) -> None:
    (record / "checkpoints/3").unlink()
    (record / "checkpoints/3").symlink_to(record / "checkpoints/2")
    with broken(0, "R.7"):
        verify(record)


def test_a_reader_goes_by_a_policy_of_its_own(record: Path) -> None:
    stranger = key.generate(LOG.key.name, ED25519).key
    wanted = policy.read(f"log {LOG.key}\nquorum none\n".encode())
    assert verify(record, policy=wanted).growth.checked[5].enough
    with broken(0, "R.8"):
        verify(record, policy=policy.read(f"log {stranger}\nquorum none\n".encode()))


@pytest.mark.parametrize("stops", [True, False])
def test_whatever_breaks_off_leaves_a_record_that_holds(record: Path, tmp_path: Path, stops: bool) -> None:
    """Every single call to the system fails once while a day's checkpoint is written; then the writing is done again."""
    at, failed = 0, True
    while failed:
        at += 1
        folder = Path(shutil.copytree(record, tmp_path / f"{stops}{at}"))
        writer = Writer(folder, LOG)
        tell(writer, events.Withdrawn(4), at="2022-03-26T00:00:00Z")
        with failing(at, stops=stops) as disk, contextlib.suppress(OSError, Stopped):
            writer.commit()
        failed = disk.failed
        assert verify(folder).head.entries in (5, 6)
        again = Writer(folder, LOG)
        if again.selection.n == 5:
            tell(again, events.Withdrawn(4), at="2022-03-26T00:00:00Z")
        again.commit(pin=True)
        found = verify(folder)
        assert (found.head.entries, max(found.growth.checked), found.unfinished) == (6, 6, False)
        assert not list(folder.rglob("*.new"))
        shutil.rmtree(folder)
    assert at > 15


def test_nothing_is_put_into_a_record_while_a_writing_is_unfinished(record: Path) -> None:
    (record / "pending").write_bytes(b"")
    with refused("R.9"):
        checkpoints.put(record, {})


# --- witnesses --------------------------------------------------------------------------------------------------


def test_witnesses_by_file_until_the_policy_is_satisfied(record: Path, tmp_path: Path) -> None:
    made = watched(record, "市委", "纪委")
    assert not verify(record).growth.checked[5].enough
    for at, signer in enumerate(made, start=100):
        folder = tmp_path / signer.key.name
        watching.found(folder, signer)
        watching.watch(folder, LOG.key)
        asked = extracts.request(record, signer.key.name)
        assert asked.old == 0
        answer = Witness(folder).add(str(asked).encode(), at)
        assert extracts.take(record, answer.body.encode()) == 5
    checked = verify(record).growth.checked[5]
    assert (dict(checked.witnesses), checked.enough) == ({"市委": 100, "纪委": 101}, True)
    assert (record / "checkpoint").read_bytes() == (record / "checkpoints/5").read_bytes()
    writer = Writer(record, LOG)
    tell(writer, events.Withdrawn(4))
    writer.commit(pin=True)
    later = extracts.request(record, "市委")
    assert later.old == 5
    answer = Witness(tmp_path / "市委").add(str(later).encode(), 200)
    assert extracts.take(record, answer.body.encode()) == 6
    assert extracts.cosigned(checkpoints.read(record)) == {
        2: {},
        3: {},
        5: {"市委": 100, "纪委": 101},
        6: {"市委": 200},
    }
    assert not verify(record).growth.checked[6].enough
    # The receipt goes under the latest that is cosigned by enough, not under the latest.
    assert extracts.receipt(record, 4).note.text.split("\n")[1] == "5"
    assert extracts.receipt(record, 6).note.text.split("\n")[1] == "6"


def test_a_cosignature_of_an_earlier_checkpoint_is_put_where_it_belongs(record: Path) -> None:
    (signer,) = watched(record, "监票人", kind=COSIGNING_MLDSA)
    third = verify(record).growth.checked[3].checkpoint
    mine = str(cosignature.sign(third, signer, 100)).encode()
    assert extracts.take(record, mine) == 3
    checked = verify(record).growth.checked
    assert (dict(checked[3].witnesses), dict(checked[5].witnesses)) == ({"监票人": 100}, {})
    assert (record / "checkpoint").read_bytes() == (record / "checkpoints/5").read_bytes()


def test_a_cosignature_that_fits_nothing_is_not_taken(record: Path, tmp_path: Path) -> None:
    (signer,) = watched(record, "市委")
    stranger = cosignature.sign(Checkpoint("a", 1, bytes(32)), key.generate("b", COSIGNING), 1)
    false = cosignature.sign(Checkpoint("a", 1, bytes(32)), signer, 1)
    with refused("R.9"):
        extracts.take(record, str(stranger).encode())
    with refused("R.8"):
        extracts.take(record, str(false).encode())
    with refused("R.8"):
        extracts.take(record, b"409\n")
    begin(tmp_path / "bare", None)
    with refused("R.9"):
        extracts.take(tmp_path / "bare", str(false).encode())
    with refused("R.9"):
        checkpoints.cosigned(checkpoints.read(record), 4, ())


def test_what_cannot_be_asked_of_a_witness(record: Path, tmp_path: Path) -> None:
    begin(tmp_path / "bare", None)
    watched(record, "市委")
    for folder, name, old in ((tmp_path / "bare", "市委", 0), (record, "纪委", 0), (record, "市委", 6)):
        with refused("R.9"):
            extracts.request(folder, name, old)
    assert extracts.request(record, "市委", 3) == Request(
        3, tuple(extracts.whole(record)[1].consistency(3)), checkpoints.read(record).notes[5]
    )


# --- receipts, tiles --------------------------------------------------------------------------------------------


def test_a_receipt_of_every_entry_is_checked_offline(record: Path) -> None:
    lines = [line for _entry, line in bundle.entries(record)]
    for n in range(1, 6):
        content = str(extracts.receipt(record, n)).encode()
        entry, found = extracts.check(proof.read(content))
        assert (entry.n, found.checkpoint.size, found.log, found.enough) == (n, 5, LOG.key, True)
        assert json.loads(proof.read(content).extra)["line"].encode() == lines[n - 1]
    for n in (0, 6):
        with refused("R.9"):
            extracts.receipt(record, n)


def test_an_altered_receipt_proves_nothing(record: Path) -> None:
    made = extracts.receipt(record, 4)
    shown = json.loads(made.extra)
    for part, value, rule in (
        ("line", shown["line"].replace("RosterEntered", "RosterEntered "), "R.8"),
        ("line", shown["line"].replace('"n":4', '"n":3'), "R.10"),
        ("line", shown["line"].replace(BY, BY + "们"), "R.10"),
        ("policy", f"log {key.generate(LOG.key.name, ED25519).key}\nquorum none\n", "R.8"),
        ("policy", "", "R.8"),
    ):
        spoilt = json.dumps({**shown, part: value}, ensure_ascii=False).encode()
        with refused(rule):
            extracts.check(proof.Proof(made.index, made.path, made.note, spoilt))
    with refused("R.8"):
        extracts.check(proof.Proof(made.index, made.path, made.note, b"{}"))
    stranger = policy.read(f"log {key.generate(LOG.key.name, ED25519).key}\nquorum none\n".encode())
    with refused("R.8"):
        extracts.check(made, stranger)


def test_a_published_record_is_read_as_any_c2sp_log_is(record: Path, tmp_path: Path) -> None:
    into = tmp_path / "public"
    assert extracts.publish(record, into) == 3

    def fetch(name: str) -> bytes:
        return (into / name).read_bytes()

    noted = note.read(fetch("checkpoint"))
    found = checkpoints.read(record).policy.check(noted).checkpoint
    leaves, lines = tiles.read_leaves(fetch, found.size), tiles.read_lines(fetch, found.size)
    assert lines == [line for _entry, line in bundle.entries(record)]
    assert tree.Tree(map(tree.leaf, lines)).root() == found.root
    assert leaves == [tree.leaf(line) for line in lines]
    begin(tmp_path / "bare", None)
    with refused("R.9"):
        extracts.publish(tmp_path / "bare", into)


def test_a_record_with_lines_withheld_is_checked_from_their_leaves(record: Path) -> None:
    kept, grown, lines = extracts.whole(record)
    noted = kept.notes[5]
    shown = {2: lines[1], 5: lines[4]}
    leaves = grown.levels[0]
    assert extracts.withheld(leaves, shown, kept.policy, noted).checkpoint.size == 5
    with broken(5, "R.9"):
        extracts.withheld(leaves, {**shown, 5: lines[3]}, kept.policy, noted)
    with broken(4, "R.9"):
        extracts.withheld(leaves[:4], {2: lines[1]}, kept.policy, kept.notes[5])
    with broken(5, "R.9"):
        extracts.withheld([*leaves[:4], leaves[0]], {2: lines[1]}, kept.policy, noted)
    root = Checkpoint(LOG.key.name, 6, grown.root()).sign(LOG)
    with broken(5, "R.9"):
        extracts.withheld(leaves, shown, kept.policy, root)


# --- two histories ----------------------------------------------------------------------------------------------


@pytest.fixture
def other(record: Path, tmp_path: Path) -> Path:
    """Another history under the same key: the same up to the third entry."""
    folder = tmp_path / "other"
    writer = begin(folder)
    tell(writer, events.TallyCounted(LIUHE, ()))
    writer.commit(pin=True)
    return folder


def test_two_histories_are_found_and_whoever_signed_both_is_named(record: Path, other: Path) -> None:
    assert forks.against_record(record, other) == forks.Parted(4, ((LOG.key.name, 5, 4),))
    assert forks.against_record(other, record) == forks.Parted(4, ((LOG.key.name, 4, 5),))
    theirs = (other / "checkpoint").read_bytes()
    assert forks.against_note(record, theirs) == forks.Parted(0, ((LOG.key.name, 5, 4),))
    ours = (record / "checkpoint").read_bytes()
    with refused("R.13", ours=4, theirs=5):
        forks.against_note(other, ours)


def test_one_record_that_goes_on_from_the_other_is_one_history(record: Path, tmp_path: Path) -> None:
    begin(tmp_path / "early")
    assert forks.against_record(record, tmp_path / "early") is None
    assert forks.against_record(tmp_path / "early", record) is None
    assert forks.against_note(record, (tmp_path / "early" / "checkpoint").read_bytes()) is None
    with refused("R.8"):
        forks.against_note(record, b"")


def test_two_histories_nobody_signed_are_two_all_the_same(record: Path, tmp_path: Path) -> None:
    writer = begin(tmp_path / "bare", None)
    tell(writer, events.TallyCounted(LIUHE, ()))
    writer.commit()
    assert forks.against_record(record, tmp_path / "bare") == forks.Parted(4, ())


def test_the_code_of_a_root_is_that_of_the_checkpoint(record: Path) -> None:
    growth = verify(record).growth
    assert code.differing(code.spell(growth.checked[5].checkpoint.root), growth.frontier.root()) == 0


def test_kept_without_anything_is_nobodys(tmp_path: Path) -> None:
    assert checkpoints.read(tmp_path) == Kept()
    assert checkpoints.names(Kept()) == []
    checkpoints.mend(tmp_path)
    assert list(tmp_path.iterdir()) == []
