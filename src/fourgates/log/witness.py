"""A witness (见证人): cosigns a tree only where it goes on from the one cosigned before (C2SP tlog-witness).

The same bytes go over the wire or on a stick: a request, and for an answer a status with a body. What a witness knows lies
in a folder of its own: its ``key``, the keys of the ``logs`` it watches, and the last note it cosigned of each. A note
it was shown and could not join to what it had seen is kept under ``doubted``: it may be proof of a second history.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import filelock

from fourgates.errors import Refused
from fourgates.log import checkpoint, cosignature, key, note, tree
from fourgates.log.checkpoint import Checkpoint
from fourgates.log.durable import put
from fourgates.log.key import Key, Signer, bytes64, text64
from fourgates.log.keyring import create, load
from fourgates.log.note import Note

KEY, LOGS, SEEN, DOUBTED = "key", "logs", "seen", "doubted"
LARGEST = 1 << 20
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
_REQUEST = re.compile(
    rb"old (?P<old>0|[1-9][0-9]{0,18})\n(?P<proof>(?:[A-Za-z0-9+/=]+\n){0,63})\n(?P<note>.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a witness is asked: cosign this note; it goes on from ``old`` lines, by this proof."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        proof = "".join(f"{text64(one)}\n" for one in self.proof)
        return f"old {self.old}\n{proof}\n{self.note}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: the status of HTTP, the body and its content type."""

    status: int
    body: str
    kind: str = TEXT


def read(body: bytes) -> Request:
    """The request in ``body``; ``Refused`` (R.8) when it is none."""
    found = _REQUEST.fullmatch(body) if len(body) <= LARGEST else None
    try:
        proof = [bytes64(line.decode()) for line in found["proof"].split(b"\n")[:-1]] if found else []
    except ValueError:
        found = None
    if found is None:
        raise Refused("R.8", "这不是见证请求")
    return Request(int(found["old"]), tuple(proof), note.read(found["note"]))


def judge(request: Request, logs: Sequence[Key], before: Checkpoint | None) -> Answer | Checkpoint:
    """The rules: the checkpoint that may be cosigned, or the answer that says no.

    ``before``: what was last cosigned of that log, none before the first.
    """
    seen = before.size if before else 0
    try:
        origin = checkpoint.read(request.note.text).origin
    except Refused:
        return Answer(400, "no checkpoint\n")
    mine = [log for log in logs if log.name == origin]
    if not mine:
        return Answer(404, "unknown log\n")
    try:
        asked, log = checkpoint.signed(request.note, mine)
    except Refused:
        return Answer(403, "no good signature of the log\n")
    if request.old > asked.size:
        return Answer(400, "old size beyond the checkpoint\n")
    if request.old != seen:
        return Answer(409, f"{seen}\n", SIZE)
    hashing = log.algorithm.hash
    if asked.size == 0:
        goes_on = asked.root == tree.empty(hashing) and not request.proof
    elif before is None or seen == 0:
        goes_on = not request.proof
    else:
        goes_on = tree.consistent(seen, asked.size, request.proof, before.root, asked.root, hashing)
    return asked if goes_on else Answer(422, "does not go on from what was seen\n")


class Witness:
    """A witness whose memory lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signer: Signer = load(folder / KEY)
        try:
            spelt = (folder / LOGS).read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(
                "R.8", "{folder}不是见证人的文件夹：{what}", folder=str(folder), what=str(error)
            ) from None
        self.logs = [key.read(line) for line in spelt if line]

    def add(self, body: bytes, at: int) -> Answer:
        """Cosign what ``body`` asks, as of ``at``, or say why not.

        Reading what was seen, judging and remembering are one step: no two requests are between them.
        """
        try:
            request = read(body)
        except Refused:
            return Answer(400, "no request\n")
        with filelock.FileLock(self.folder / ".lock"):
            place = self._seen(request.note.text.partition("\n")[0])
            before = checkpoint.read(note.read(place.read_bytes()).text) if place.exists() else None
            asked = judge(request, self.logs, before)
            if isinstance(asked, Answer):
                if asked.status == 422:
                    content = str(request.note).encode()
                    put(self.folder / DOUBTED / sha256(content).hexdigest(), content)
                return asked
            mine = cosignature.sign(asked, self.signer, at)
            signed = [one for one in request.note.signatures if any(one.by(log) for log in self.logs)]
            put(place, str(Note(request.note.text, (*signed, mine))).encode())
        return Answer(200, str(mine))

    def latest(self, origin_hash: str) -> Answer:
        """The note last cosigned of the log whose origin has this SHA-256, for monitors."""
        place = self.folder / SEEN / origin_hash
        if not re.fullmatch("[0-9a-f]{64}", origin_hash) or not place.exists():
            return Answer(404, "never cosigned\n")
        return Answer(200, place.read_text(encoding="utf-8"))

    def _seen(self, origin: str) -> Path:
        return self.folder / SEEN / sha256(origin.encode()).hexdigest()


def found(folder: Path, signer: Signer) -> None:
    """A new witness in ``folder``, watching nobody yet; ``Refused`` (R.8) for a key not for cosigning, or beside another."""
    if not signer.key.algorithm.timed:
        raise Refused("R.8", "密钥“{name}”不是见证用的密钥", name=signer.key.name)
    create(folder / KEY, signer)
    for place in (SEEN, DOUBTED):
        (folder / place).mkdir(parents=True, exist_ok=True)
    put(folder / LOGS, b"")


def watch(folder: Path, log: Key) -> None:
    """Watch another log from here on; ``Refused`` (R.8) for the key of a witness."""
    if log.algorithm.timed:
        raise Refused("R.8", "“{name}”是见证用的公钥，不是纪实的公钥", name=log.name)
    with filelock.FileLock(folder / ".lock"):
        known = [str(one) for one in Witness(folder).logs]
        put(folder / LOGS, "".join(f"{one}\n" for one in dict.fromkeys((*known, str(log)))).encode())
