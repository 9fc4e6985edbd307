"""What one reader is handed of a record (节录包): a folder that checks itself, written and verified.

``ledger.jsonl`` holds the lines this reader is shown and the leaves of the others, ``leaves.txt`` every leaf,
``documents/`` what may be read of the bulk, ``manifest.json`` every file by SHA-256 and the root; ``verify.py`` checks it
all with Python alone.
"""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from fourgates import ballots, bundle, canon, checkpoints, events, extracts, replay, sealed, verifier
from fourgates.errors import Broken, Refused
from fourgates.ledger import Entry
from fourgates.log import algorithms, tree
from fourgates.log.policy import Policy
from fourgates.readers import Reader
from fourgates.readers import read as read_reader
from fourgates.selection import Selection

MANIFEST, LEDGER, LEAVES, VERIFIER = "manifest.json", bundle.LEDGER, "leaves.txt", "verify.py"
DISCLOSURES, BOXES = "disclosures.json", "boxes.json"
FORMAT = verifier.FORMAT
LARGEST = 1 << 30
Whole = Annotated[int, msgspec.Meta(ge=0)]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in the folder: for whom, how many entries and how many of them shown, the seal of the last line (empty where
    that is withheld), the root of the tree and its hash, id and version of the rulebook, path → SHA-256 of every other
    file."""

    format: str
    reader: str
    entries: Whole
    shown: Whole
    head: str
    root: str
    hash: Literal["sha256", "sm3"]
    rulebook: tuple[str, str]
    files: Mapping[str, str]


class Checked(msgspec.Struct, frozen=True):
    """A bundle that holds: its manifest, where things stand as far as it shows, how many fields it discloses, how many
    results rest on what it withholds and were taken as given, how many checkpoints it brings, and whether the policy holds
    the latest for enough."""

    manifest: Manifest
    selection: Selection
    disclosed: int
    given: int
    checkpoints: int
    enough: bool


class Published(msgspec.Struct, frozen=True):
    """What is published of one closed box."""

    box: str
    groups: tuple[ballots.Group, ...]


def write(
    record: Path, out: Path, reader: Reader, disclosures: Sequence[str] = (), until: int | None = None
) -> Manifest:
    """Write into the new folder ``out`` what ``reader`` may see of the record in ``record``, replayed first.

    ``disclosures``: the personal facts this reader is shown; ``until``: as the record stood at that entry. Raises
    ``Broken`` where the record does not hold, ``Refused`` (H.4) where it has nothing to stand in the place of what is
    withheld, (H.5) where ``out`` is there already.
    """
    if out.exists():
        raise Refused("H.5", "{folder}已经存在；节录包要写进新的文件夹", folder=str(out))
    selection = bundle.verify(record, until).selection
    content = _content(record, reader, selection, disclosures)
    manifest = _manifest(reader, selection, content)
    try:
        for name, file in (*content.items(), (MANIFEST, canon.spell(manifest))):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(file)
        verify(out)
    except Broken as broken:
        shutil.rmtree(out)
        raise Refused(broken.rule, broken.why, **broken.facts) from None
    return manifest


IDENTIFYING = ("姓名", "公民身份号码", "工作单位及职务")


def disclosed(
    record: Path, reader: Reader, proofs: Mapping[str, Iterable[str]], until: int | None = None
) -> list[str]:
    """Which of ``proofs`` (id → disclosures) this reader is shown: everything, what is the reader's own, or of whom the
    department was asked what says who is meant; to the public nothing. Only what a sealed document of the record holds."""
    asked: dict[str, None] = {}
    files = bundle.Documents(record / bundle.DOCUMENTS)
    known: set[str] = set()
    for entry, _line in islice(bundle.entries(record), until):
        event = entry.event
        if isinstance(event, events.FactsSealed):
            known |= sealed.digests([files[event.document]])
        elif isinstance(event, events.DepartmentAsked):
            asked |= dict.fromkeys(event.people if event.department == reader.name else ())
        elif isinstance(event, events.RepliesReceived):
            told = [one.person for one in event.opinions] if event.department == reader.name else ()
            asked |= dict.fromkeys(told)
    match reader.kind:
        case "superior":
            shown = [one for some in proofs.values() for one in some]
        case "person":
            shown = [*proofs.get(reader.name, ())]
        case "department":
            some = (one for id_ in asked for one in proofs.get(id_, ()))
            shown = [one for one in some if sealed.read(one).name in IDENTIFYING]
        case _:
            shown = []
    return [one for one in shown if sealed.digest(one) in known]


def _content(
    record: Path, reader: Reader, selection: Selection, disclosures: Sequence[str]
) -> dict[str, bytes]:
    """Every file but the manifest."""
    documents = bundle.Documents(record / bundle.DOCUMENTS)
    kept = checkpoints.read(record).until(selection.n)
    ledger, leaves = bytearray(), bytearray()
    content: dict[str, bytes] = {}
    for entry, line in islice(bundle.entries(record), selection.n):
        leaf = tree.leaf(line, kept.hashing).hex().encode()
        ledger += (line if reader.sees(entry.event) else leaf) + b"\n"
        leaves += leaf + b"\n"
        if reader.reads(entry.event):
            for digest in events.documents(entry.event):
                content[f"{bundle.DOCUMENTS}/{digest}"] = documents[digest]
    for name in checkpoints.names(kept):
        content[name] = (record / name).read_bytes()
    if kept.notes:
        content[checkpoints.LATEST] = str(kept.notes[max(kept.notes)]).encode()
    if disclosures:
        content[DISCLOSURES] = canon.spell(sorted(disclosures))
    if reader.kind != "superior" and (boxes := _boxes(selection)):
        content[BOXES] = canon.spell(boxes)
    return {
        LEDGER: bytes(ledger),
        LEAVES: bytes(leaves),
        VERIFIER: inspect.getsource(verifier).encode(),
        **content,
    }


def _boxes(selection: Selection) -> list[Published]:
    """What is published of every closed box (rule 14.8), in place of the documents that say more."""
    return [
        Published(name, ballots.published(box, selection.facts.rulebook().boxes.smallest))
        for name, box in sorted(selection.facts.boxes.items())
        if box.closed
    ]


def _manifest(reader: Reader, selection: Selection, content: Mapping[str, bytes]) -> Manifest:
    lines = content[LEDGER].split(b"\n")[:-1]
    hashing = checkpoints.hashing(content.get(checkpoints.POLICY))
    rulebook = selection.facts.plan.rulebook if selection.facts.plan is not None else None
    return Manifest(
        FORMAT,
        str(reader),
        len(lines),
        sum(line.startswith(b"{") for line in lines),
        replay.head(lines),
        _root(content[LEAVES], hashing),
        "sm3" if hashing is algorithms.sm3 else "sha256",
        (rulebook.id, rulebook.version) if rulebook is not None else ("", ""),
        {name: canon.digest(file) for name, file in sorted(content.items())},
    )


def _root(leaves: bytes, hashing: tree.Hash) -> str:
    made = tree.Frontier(hashing)
    made.extend(bytes.fromhex(leaf.decode()) for leaf in leaves.split(b"\n")[:-1])
    return made.root().hex()


def verify(folder: Path, policy: Policy | None = None) -> Checked:
    """Check every file of the bundle in ``folder`` and replay what it shows; ``policy``: the reader's own, in place of the
    record's.

    Raises ``Broken`` with the number of the entry (0 for a file), the rule and one sentence at the first thing that does
    not hold.
    """
    try:
        return _verify(folder, policy)
    except OSError as error:
        raise Broken(0, "R.7", "{file}读不了：{what}", file=folder.name, what=str(error)) from None


def _verify(folder: Path, policy: Policy | None) -> Checked:
    content = _file(folder, MANIFEST)
    try:
        manifest = canon.reader(Manifest).decode(content)
        reader = read_reader(manifest.reader)
    except (ValueError, RecursionError, Refused) as error:
        raise Broken(0, "H.2", "{file}读不懂：{what}", file=MANIFEST, what=str(error)) from None
    if canon.spell(manifest) != content or manifest.format != FORMAT:
        raise Broken(0, "H.2", "{file}不是规范写法，内容被改动过", file=MANIFEST)
    hashing: tree.Hash = algorithms.sm3 if manifest.hash == "sm3" else sha256
    files = {name: _file(folder, name) for name in manifest.files if _inside(name)}
    ledger, leaves = (files.get(name, b"").split(b"\n") for name in (LEDGER, LEAVES))
    lines = replay.lines(ledger[:-1], leaves[:-1], hashing)
    shown = sum(isinstance(line, Entry) for line in lines)
    ends = len(lines) == manifest.entries and not ledger[-1] and not leaves[-1]
    if not ends or (shown, replay.head(ledger[:-1])) != (manifest.shown, manifest.head):
        raise Broken(
            0 if ends else min(len(lines), manifest.entries) + 1,
            "H.2",
            "与{file}写明的条数或者封印不符：末尾被改动、截去或者增加过",
            file=MANIFEST,
        )
    if _root(files[LEAVES], hashing) != manifest.root:
        raise Broken(0, "H.2", "{file}被改动过：与根不符", file=LEAVES)
    _same(folder, files, manifest)
    noted, enough = _checkpoints(folder, lines, ledger, leaves, policy)
    documents = {
        name.partition("/")[2]: file for name, file in files.items() if name.startswith(bundle.DOCUMENTS)
    }
    disclosed = _disclosed(files, documents)
    replayed = replay.follow(lines, reader, documents)
    plan = replayed.selection.facts.plan
    if manifest.rulebook != ((plan.rulebook.id, plan.rulebook.version) if plan else ("", "")):
        raise Broken(0, "H.2", "{file}写明的规则与工作方案不同", file=MANIFEST)
    return Checked(manifest, replayed.selection, disclosed, replayed.given, noted, enough)


def _checkpoints(
    folder: Path,
    lines: Sequence[replay.Line],
    ledger: Sequence[bytes],
    leaves: Sequence[bytes],
    policy: Policy | None,
) -> tuple[int, bool]:
    """How many checkpoints the bundle brings, each held against leaves and lines, and whether the latest is cosigned as the
    policy asks; ``Broken`` (R.8, R.9) at the first that does not fit."""
    enough, size = False, 0
    try:
        kept = checkpoints.read(folder)
        for size, noted in sorted(kept.notes.items()):
            shown = {
                n: text
                for n, (line, text) in enumerate(zip(lines[:size], ledger, strict=False), start=1)
                if isinstance(line, Entry)
            }
            own = [bytes.fromhex(leaf.decode()) for leaf in leaves[:-1][:size]]
            enough = extracts.withheld(own, shown, policy or kept.policy, noted).enough
    except Refused as refused:
        place = f"{checkpoints.FOLDER}/{size}" if size else checkpoints.LATEST
        raise Broken(0, refused.rule, refused.why, **{"file": place, **refused.facts}) from None
    return len(kept.notes), enough


def _inside(name: str) -> bool:
    """Whether a path of the manifest stays in the folder; ``Broken`` (H.2) otherwise."""
    parts = name.split("/")
    if len(parts) > 2 or any(part in ("", ".", "..") for part in parts) or "\\" in name or "\0" in name:
        raise Broken(0, "H.2", "{file}读不懂：{what}", file=MANIFEST, what=name)
    return True


def _file(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        raise Broken(0, "H.2", "节录包里缺少{file}", file=name)
    return path.read_bytes()


def _same(folder: Path, files: Mapping[str, bytes], manifest: Manifest) -> None:
    """``Broken`` (H.2) at a file that is not what the manifest says, or that it does not know."""
    for name, file in files.items():
        digest = canon.digest(file)
        named = name.partition("/")[2] if name.startswith(f"{bundle.DOCUMENTS}/") else digest
        if not digest == named == manifest.files[name]:
            raise Broken(0, "H.2", "{file}被改动过", file=name)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name in (bundle.DOCUMENTS, checkpoints.FOLDER) and path.is_dir() and not path.is_symlink():
            continue
        if name not in (MANIFEST, *manifest.files):
            raise Broken(0, "H.2", "节录包里多出了{file}", file=name)


def _disclosed(files: Mapping[str, bytes], documents: Mapping[str, bytes]) -> int:
    """How many fields are disclosed, each of them held by a sealed document; ``Broken`` (H.2) where one is not."""
    if DISCLOSURES not in files:
        return 0
    try:
        found = canon.reader(list[str]).decode(files[DISCLOSURES])
    except ValueError as error:
        raise Broken(0, "H.2", "{file}读不懂：{what}", file=DISCLOSURES, what=str(error)) from None
    known = sealed.digests(documents.values())
    if canon.spell(sorted(set(found))) != files[DISCLOSURES] or not all(
        sealed.digest(one) in known for one in found
    ):
        raise Broken(0, "H.2", "{file}里有封存件没有的内容", file=DISCLOSURES)
    return len(found)
