"""A record on disk (纪实包): ledger, documents, and the names beside them; read, append, verify.

``ledger.jsonl`` holds one entry a line; ``head.json`` says how many entries and bytes are committed and what the last
seal is; ``documents/`` holds the bulk by digest; ``people/`` the names, which can be deleted and the record still holds.
``pending`` stands while something is being written: what it covers is not yet part of the record. The checkpoints beside
them are ``checkpoints``' subject.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, BinaryIO

import msgspec

from fourgates import canon, checkpoints
from fourgates.checkpoints import PENDING as PENDING
from fourgates.checkpoints import Growth, Kept
from fourgates.errors import Broken, Refused
from fourgates.events import Event
from fourgates.events import documents as named
from fourgates.ledger import FIRST, Chain, Entry, followed
from fourgates.log.durable import settle as settle
from fourgates.log.durable import shred
from fourgates.log.durable import write as write
from fourgates.log.key import Signer
from fourgates.log.policy import Policy
from fourgates.selection import Selection, advance

LEDGER, HEAD = "ledger.jsonl", "head.json"
DOCUMENTS, PEOPLE = "documents", "people"
LONGEST_LINE = 16 << 20
LONGEST_HEAD = 1 << 10
_DIGEST = re.compile("[0-9a-f]{64}")
_PASSING = re.compile(
    rf"{DOCUMENTS}/[0-9a-f]{{64}}|{PEOPLE}/[0-9a-f]{{64}}\.json|"
    rf"(?:{HEAD}|{checkpoints.FOLDER}/[0-9]{{1,10}}|{checkpoints.LATEST}|{checkpoints.POLICY})\.new"
)
Whole = Annotated[int, msgspec.Meta(ge=0)]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the record reaches: entries, bytes of the ledger, and the seal of the last entry."""

    entries: Whole = 0
    bytes: Whole = 0
    head: str = FIRST


class Documents(Mapping[str, bytes]):
    """The documents of a record by digest, read when asked for, and those not yet written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.new: dict[str, bytes] = {}

    def __getitem__(self, digest: str) -> bytes:
        if digest in self.new:
            return self.new[digest]
        path = self._folder / digest
        try:
            if not _DIGEST.fullmatch(digest) or not _plain(path):
                raise KeyError(digest)
            return path.read_bytes()
        except OSError:
            raise KeyError(digest) from None

    def __iter__(self) -> Iterator[str]:
        yield from self.new
        yield from (path.name for path in self._folder.glob("*") if path.name not in self.new)

    def __len__(self) -> int:
        return sum(1 for _digest in self)


def head(folder: Path) -> Head:
    """How far the record in ``folder`` reaches; ``Broken`` (R.4) when the head is missing or not as it was written."""
    try:
        _must_be_plain(folder / HEAD)
        with (folder / HEAD).open("rb") as file:
            content = file.read(LONGEST_HEAD)
        found = canon.reader(Head).decode(content)
    except (OSError, ValueError, RecursionError) as error:
        raise Broken(0, "R.4", "{file}缺失或者读不懂：{what}", file=HEAD, what=str(error)) from None
    if canon.spell(found) != content:
        raise Broken(0, "R.4", "{file}不是规范写法，内容被改动过", file=HEAD)
    return found


def entries(folder: Path) -> Iterator[tuple[Entry, bytes]]:
    """The committed entries with their lines, each checked to follow the last, down to the head.

    Raises ``Broken`` with the number of the first entry that fails. What a broken-off writing left behind the head is
    passed over while ``pending`` stands, and is an error otherwise.
    """
    until = head(folder)
    chain, size = Chain(), 0

    def whole(lines: BinaryIO) -> Iterator[bytes]:
        nonlocal size
        number = 1
        while size < until.bytes and (line := lines.readline(LONGEST_LINE)):
            size += len(line)
            if size > until.bytes or not line.endswith(b"\n"):
                raise Broken(number, "R.4", "这一条超出了{file}写明的长度，或者没有写完", file=HEAD)
            yield line[:-1]
            number += 1

    try:
        _must_be_plain(folder / LEDGER)
        with (folder / LEDGER).open("rb") as lines:
            yield from followed(whole(lines), chain)
            rest = lines.read(1)
    except OSError as error:
        raise Broken(chain.n + 1, "R.7", "{file}读不了：{what}", file=LEDGER, what=str(error)) from None
    if (chain.n, size, chain.head) != (until.entries, until.bytes, until.head):
        raise Broken(
            min(chain.n + 1, until.entries) or 1,
            "R.4",
            "{file}写明{entries}条，读到{read}条，末尾被改动、截去或者增加过",
            file=HEAD,
            entries=until.entries,
            read=chain.n,
        )
    if rest and not (folder / PENDING).exists():
        raise Broken(chain.n + 1, "R.4", "账本末尾多出了内容")


@dataclass(frozen=True, slots=True)
class Verified:
    """A record that holds: entries, the last seal, where things stand, whether the names are there, whether an unfinished
    writing was passed over, and the tree over the entries with its checkpoints."""

    head: Head
    selection: Selection
    people: bool
    unfinished: bool
    growth: Growth


def verify(
    folder: Path, until: int | None = None, *, policy: Policy | None = None, signer: Signer | None = None
) -> Verified:
    """Replay the record in ``folder`` from its first entry and work everything out again.

    Raises ``Broken`` with the entry's number, the rule and one sentence at the first thing that does not hold: a byte
    of the ledger, a document missing or changed, a file that does not belong, a claim no rule allows, a result that is not
    what the facts give. ``until``: stop after that entry (nothing after it is judged, and ``head`` is its own).
    ``policy``: hold the checkpoints against this one and not the record's own. ``signer``: who is about to sign the first.
    """
    used: set[str] = set()
    reached, size, last = 0, 0, b""

    def watched() -> Iterator[Entry]:
        nonlocal reached, size, last
        for entry, line in islice(entries(folder), until):
            reached, size, last = entry.n, size + len(line) + 1, line
            used.update(named(entry.event))
            growth.add(line, entry.at)
            yield entry

    try:
        kept = checkpoints.read(folder, settled=not (folder / PENDING).exists())
        growth = Growth(kept.until(until), policy, signer.key.algorithm.hash if signer else None)
        state = advance(Selection(), watched(), Documents(folder / DOCUMENTS))
        if until is None:
            growth.done()
    except Refused as refused:
        raise Broken(reached, refused.rule, refused.why, **refused.facts) from None
    except Broken as broken:
        raise Broken(broken.entry or reached, broken.rule, broken.why, **broken.facts) from None
    except OSError as error:
        raise Broken(0, "R.7", "{file}读不了：{what}", file=folder.name, what=str(error)) from None
    if until is None:
        try:
            _strays(folder, state, used, {*checkpoints.names(kept)})
        except OSError as error:
            raise Broken(0, "R.7", "{file}读不了：{what}", file=folder.name, what=str(error)) from None
    people = state.people is not None and (folder / PEOPLE / f"{state.people.document}.json").exists()
    stands = head(folder) if until is None else Head(reached, size, canon.digest(last) if last else FIRST)
    return Verified(stands, state, people, (folder / PENDING).exists(), growth)


def _strays(folder: Path, state: Selection, used: set[str], pinned: set[str]) -> None:
    """``Broken`` when a document is changed, or a file lies in the record that no entry speaks of."""
    pending = _pending(folder)
    known = {f"{DOCUMENTS}/{digest}": digest for digest in used}
    if state.people is not None:
        known[f"{PEOPLE}/{state.people.document}.json"] = state.people.document
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in (DOCUMENTS, PEOPLE, checkpoints.FOLDER) and path.is_dir() and not path.is_symlink():
            continue
        if name in known:
            if not _plain(path) or canon.digest(path.read_bytes()) != known[name]:
                raise Broken(0, "R.5", "{file}被改动过", file=name)
        elif not (name in (LEDGER, HEAD, PENDING) or name in pending or name in pinned) or not _plain(path):
            raise Broken(
                0, "R.6", "纪实包里多出了{file}", file=os.fsencode(name).decode("utf-8", "backslashreplace")
            )


def _pending(folder: Path) -> set[str]:
    """What a broken-off writing may have left behind; nothing but a document, the names or a head can be."""
    if not _plain(folder / PENDING):
        return set()
    lines = (folder / PENDING).read_text(encoding="utf-8", errors="replace").split("\n")
    return {line for line in lines if _PASSING.fullmatch(line)}


def _plain(path: Path) -> bool:
    """Whether ``path`` is a file and not a link, a folder or anything that could wait for ever to be read."""
    return path.is_file() and not path.is_symlink()


def _must_be_plain(path: Path) -> None:
    if path.exists() and not _plain(path):
        raise OSError(path.name)


class Writer:
    """The only writer of a record: offers events to the fold, and commits what it accepted, whole or not at all.

    ``selection`` is where things stand including what is not yet committed. Nothing is on disk before ``commit``; a break
    at any moment leaves the last committed record, which holds. With a ``signer``, checkpoints are signed as they are due.
    """

    def __init__(self, folder: Path, signer: Signer | None = None) -> None:
        self.folder = folder
        self.documents = Documents(folder / DOCUMENTS)
        self.events: dict[int, Event] = {}
        self._head = Head()
        self._lines: list[bytes] = []
        self._people: dict[str, bytes] = {}
        self.selection = Selection()
        self.growth = Growth(Kept(), hashing=signer.key.algorithm.hash if signer else None)
        self._due: dict[int, bytes] = {}
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            verified = verify(folder, signer=signer)
            self._head, self.selection, self.growth = verified.head, verified.selection, verified.growth
            self.events = {entry.n: entry.event for entry, _line in entries(folder)}
            self._sweep()
        self._chain = Chain(self._head.entries, self._head.head)
        self.sign_with(signer)

    def sign_with(self, signer: Signer | None) -> None:
        """Sign checkpoints with this key from here on; ``Refused`` (R.9, R.14) now, not after writing, when it cannot."""
        if signer is not None:
            checkpoints.fits(signer.key, self.selection.facts.plan)
            checkpoints.files(checkpoints.read(self.folder), signer, {})
        self._signer = signer

    def _sweep(self) -> None:
        """Take away what a broken-off writing left behind: it was never part of the record."""
        names = _pending(self.folder)
        kept = {f"{DOCUMENTS}/{digest}" for event in self.events.values() for digest in named(event)}
        if self.selection.people is not None:
            kept.add(f"{PEOPLE}/{self.selection.people.document}.json")
        for name in names - kept:
            shred(self.folder / name)
        if (self.folder / PENDING).exists():
            os.truncate(self.folder / LEDGER, self._head.bytes)
            checkpoints.mend(self.folder)
            (self.folder / PENDING).unlink()

    def offer(
        self,
        event: Event,
        *,
        at: str,
        by: str,
        documents: Mapping[str, bytes] = MappingProxyType({}),
        salt: str = "",
    ) -> Entry:
        """Seal ``event`` as the next entry, at the time and by the office given, if the fold accepts it.

        Raises ``Refused`` and changes nothing when it does not. ``documents`` holds what the event names by digest.
        """
        trial = Chain(self._chain.n, self._chain.head)
        entry, line = trial.seal(event, at=at, by=by, salt=salt)
        before = dict(self.documents.new)
        self.documents.new |= {
            digest: documents[digest] for digest in named(entry.event) if digest in documents
        }
        try:
            self.selection = advance(self.selection, [entry], self.documents)
        except (Refused, Broken):
            self.documents.new = before
            raise
        self._chain = trial
        self._lines.append(line + b"\n")
        self.events[entry.n] = entry.event
        self.growth.add(line, entry.at)
        if checkpoints.due(entry.event):
            self._due[entry.n] = self.growth.frontier.root()
        return entry

    def keep_people(self, content: bytes) -> str:
        """Put the names aside to be written with the entry that names them; gives their digest for that entry."""
        digest = canon.digest(content)
        self._people[digest] = content
        return digest

    def people(self) -> bytes | None:
        """The document of names, ``None`` when none was kept or it was deleted."""
        if self.selection.people is None:
            return None
        path = self.folder / PEOPLE / f"{self.selection.people.document}.json"
        return path.read_bytes() if _plain(path) else None

    def commit(self, *, pin: bool = False) -> int:
        """Write what was accepted since the last commit, and the checkpoints due; gives the number of entries written.

        In this order, each step on the disk before the next: what is coming, documents, lines, head. The head alone
        decides what counts; a commit that broke off may be tried again. A checkpoint is signed over what is on the disk, never
        before. ``pin``: sign one over the last entry, whether a gate was closed or not.
        """
        if self._signer is not None:
            checkpoints.fits(self._signer.key, self.selection.facts.plan)
        written = self._write() if self._lines else 0
        if self._signer is not None:
            self._pin(self._signer, now=pin)
        return written

    def _pin(self, signer: Signer, *, now: bool) -> None:
        """Sign what is due: every gate closed, and at least one checkpoint a day on which something was written."""
        last, kept = self.growth.frontier.size, checkpoints.read(self.folder)
        if last and last not in kept.notes and (now or self.growth.turned):
            self._due[last] = self.growth.frontier.root()
        if self._due:
            checkpoints.put(self.folder, checkpoints.files(kept, signer, self._due))
            self.growth.pinned, self._due = self.growth.at, {}

    def _write(self) -> int:
        if not (self.folder / HEAD).exists():
            _found(self.folder)
        coming, stale = self._coming()
        write(self.folder / PENDING, "\n".join([*coming, *stale, f"{HEAD}.new"]).encode())
        settle(self.folder)
        for name, content in coming.items():
            if not _holds(self.folder / name, content):
                write(self.folder / name, content)
        for place in (DOCUMENTS, PEOPLE):
            settle(self.folder / place)
        added = b"".join(self._lines)
        with (self.folder / LEDGER).open("r+b") as file:
            file.truncate(self._head.bytes)
            file.seek(self._head.bytes)
            file.write(added)
            file.flush()
            os.fsync(file.fileno())
        reached = Head(self._chain.n, self._head.bytes + len(added), self._chain.head)
        write(self.folder / f"{HEAD}.new", canon.spell(reached))
        (self.folder / f"{HEAD}.new").replace(self.folder / HEAD)
        written = len(self._lines)
        self._head, self._lines, self.documents.new = reached, [], {}
        self._people.pop(
            getattr(self.selection.people, "document", ""), None
        )  # what is erased later stays erased
        settle(self.folder)
        for old in stale:
            shred(self.folder / old)
        (self.folder / PENDING).unlink(missing_ok=True)
        return written

    def _coming(self) -> tuple[dict[str, bytes], list[str]]:
        """The files the next commit brings, and those it makes stale: names that newer ones have replaced."""
        coming = {f"{DOCUMENTS}/{digest}": content for digest, content in self.documents.new.items()}
        for place in (DOCUMENTS, PEOPLE):
            (self.folder / place).mkdir(exist_ok=True)
        kept = self.selection.people.document if self.selection.people is not None else ""
        if kept in self._people:
            coming[f"{PEOPLE}/{kept}.json"] = self._people[kept]
        held = [f"{PEOPLE}/{path.name}" for path in (self.folder / PEOPLE).iterdir()]
        return coming, [name for name in held if name != f"{PEOPLE}/{kept}.json"]


def _found(folder: Path) -> None:
    """An empty record, whole from the first moment: built beside its place and moved there in one step."""
    beside = folder.with_name(folder.name + ".new")
    if beside.exists():
        shutil.rmtree(beside)
    for place in (DOCUMENTS, PEOPLE):
        (beside / place).mkdir(parents=True)
    write(beside / LEDGER, b"")
    write(beside / HEAD, canon.spell(Head()))
    beside.replace(folder)
    settle(folder.parent)


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
