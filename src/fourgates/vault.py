"""The vault of names (保险柜): each person's facts sealed under a key of their own, which lies apart and can be destroyed.

What is kept beside a record is one document; here it becomes one of sealed rows (AES-256-GCM): a row a person, a row a
text, and one for the rest. Each row is bound to what it is about, so that none can be put in another's place. The data
keys lie in a file of their own, beside the database and not in it: with a key destroyed its row says nothing any more,
wherever copies and backups of it lie, and the record, which holds neither, goes on verifying.

Whoever keeps rows of their own (the site its texts and papers) has ``Keys.seal`` and ``Keys.opened`` for them, with a text
that says table and row.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, Any

import filelock
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fourgates import canon
from fourgates.errors import Broken, Refused
from fourgates.log.durable import SECRET, put, shred

DOCUMENT, PAPERS = "document/", "papers/"
"""How the names of keys begin that are nobody's own: they go with whoever is erased, and new ones come after them."""
KEY, NONCE = 32, 12
Hexadecimal = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$")]
Text64 = Annotated[str, msgspec.Meta(max_length=1 << 24)]


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The document as it lies sealed: under which key ``rest`` is, and the rows by what they are about."""

    vault: int
    key: str
    rest: Text64
    people: Mapping[str, Text64]
    texts: Mapping[str, Text64]


class Kept(msgspec.Struct, frozen=True):
    """The file of keys: name → data key in hexadecimal."""

    keys: Mapping[str, Hexadecimal]


def seal(key: bytes, content: bytes, about: str) -> bytes:
    """``content`` as the row ``about``: a nonce, then what AES-256-GCM makes of it."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def opened(key: bytes, row: bytes, about: str) -> bytes:
    """What was sealed as the row ``about``; ``Broken`` (R.5) where it was changed, moved, or sealed under another key."""
    try:
        return AESGCM(key).decrypt(row[:NONCE], row[NONCE:], about.encode())
    except (InvalidTag, ValueError):
        raise Broken(0, "R.5", "附件{digest}被改动过", digest=about) from None


def person(id_: str) -> str:
    """The name of a person's data key."""
    return f"person/{id_}"


def text(digest: str) -> str:
    """The name of the data key of something written."""
    return f"text/{digest}"


def statement(case: str) -> str:
    """The name of the data key of what was written in an objection."""
    return f"statement/{case}"


class Keys:
    """The data keys of one record in the file ``path``, readable by its owner alone; made keys are there once ``save`` has
    returned, destroyed ones are overwritten before their file goes."""

    def __init__(self, path: Path, *, shared: bool = True) -> None:
        """``shared``: several processes may change the file, and wait for each other."""
        self.path, self._shared = path, shared
        self._new: dict[str, bytes] = {}
        self._known: tuple[object, Mapping[str, str]] = (None, {})
        self._losses = 0
        self._turn = threading.RLock()

    def every(self) -> dict[str, bytes]:
        """Every key by its name; ``Refused`` (V.1) when the file cannot be read, or by others too."""
        with self._turn:
            return {name: bytes.fromhex(key) for name, key in self._read().items()} | self._new

    def key(self, name: str) -> bytes | None:
        """The key of this name; ``None`` where there is none any more, ``Refused`` (V.1) as ``every``."""
        with self._turn:
            there = self._read().get(name)
            return self._new.get(name) if there is None else bytes.fromhex(there)

    def losses(self) -> int:
        """How often keys were found destroyed since the file was first read: while it is the same, whatever could be opened
        still can be."""
        with self._turn:
            self._read()
            return self._losses

    def made(self, names: Iterable[str]) -> dict[str, bytes]:
        """The keys of these names, new ones where there was none."""
        with self._turn:
            there, found = self._read(), dict[str, bytes]()
            for name in names:
                known = there.get(name)
                made = self._new.get(name) if known is None else bytes.fromhex(known)
                found[name] = made or self._new.setdefault(name, secrets.token_bytes(KEY))
            return found

    def papers(self) -> str:
        """The name of the key that papers of many persons are under from now on."""
        with self._turn:
            there = [name for name in (*self._read(), *self._new) if name.startswith(PAPERS)]
        return there[0] if there else f"{PAPERS}{secrets.token_hex(8)}"

    def seal(self, rows: Mapping[str, bytes], name: Callable[[str], str]) -> dict[str, bytes]:
        """Rows by what they are about, each under the key that ``name`` says, which it names; the keys are on the disk."""
        under = {row: name(row) for row in rows}
        made = self.made(dict.fromkeys(under.values()))
        self.save()
        return {
            row: under[row].encode() + b"\n" + seal(made[under[row]], content, row)
            for row, content in rows.items()
        }

    def opened(self, row: str, sealed: bytes) -> bytes | None:
        """What ``seal`` made a row of; ``None`` where its key was destroyed, ``Broken`` (R.5) where it was changed or moved."""
        name, _line, content = sealed.partition(b"\n")
        key = self.key(name.decode(errors="replace"))
        return None if key is None else opened(key, content, row)

    def save(self) -> None:
        """Put the new keys on the disk."""
        with self._turn:
            if self._new:
                with self._alone():
                    self._write({**_spelt(self._new), **self._read()})
                self._new = {}

    def bring(self, others: Mapping[str, bytes]) -> None:
        """Take over keys from elsewhere and put them on the disk."""
        with self._turn, self._alone():
            if others:
                self._write({**self._read(), **_spelt(others)})

    def destroy(self, names: Iterable[str]) -> int:
        """Destroy keys: gives how many there were. The old file is overwritten before it goes, as far as the disk lets."""
        with self._turn:
            self.save()
            with self._alone():
                there, gone = self._read(), set(names)
                left = {name: key for name, key in there.items() if name not in gone}
                if len(left) == len(there):
                    return 0
                beside = self.path.with_name(self.path.name + ".old")
                beside.unlink(missing_ok=True)
                os.link(self.path, beside)
                self._write(left)
                shred(beside)
            return len(there) - len(left)

    def _write(self, keys: Mapping[str, str]) -> None:
        put(self.path, canon.spell(Kept(dict(sorted(keys.items())))), SECRET)
        self._learn(_state(self.path.stat()), keys)

    def _learn(self, state: object, keys: Mapping[str, str]) -> None:
        self._losses += not self._known[1].keys() <= keys.keys()
        self._known = state, keys

    def _read(self) -> Mapping[str, str]:
        """Every key on the disk, in hexadecimal by its name."""
        try:
            there = self.path.stat()
        except FileNotFoundError:
            self._learn(None, {})
            return {}
        try:
            state = _state(there)
            if state == self._known[0]:
                return self._known[1]
            if os.name == "posix" and stat.S_IMODE(there.st_mode) & ~SECRET:
                raise Refused(
                    "V.1", "密钥文件{file}别人也能读，请改为只有自己可读（0600）", file=self.path.name
                )
            found = canon.reader(Kept).decode(self.path.read_bytes())
            self._learn(state, found.keys)
        except (OSError, ValueError) as error:
            raise Refused(
                "V.1", "密钥文件{file}读不了：{what}", file=self.path.name, what=str(error)
            ) from None
        return self._known[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the file meanwhile."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(self.path.with_name(f".{self.path.name}.lock"))
        with lock if self._shared else nullcontext():
            yield


def _state(there: os.stat_result) -> object:
    return there.st_ino, there.st_mtime_ns, there.st_size, there.st_mode


def _spelt(keys: Mapping[str, bytes]) -> dict[str, str]:
    return {name: key.hex() for name, key in keys.items()}


# --- the document of names ------------------------------------------------------------------------------------------


def sealed(content: bytes, keys: Keys) -> bytes:
    """The document of names in ``content`` as sealed rows; the keys they need are made, and still to be saved.

    What is nobody's own (the key of the ids) goes under a new key each time, so that the one before can be destroyed.
    """
    document = _document(content)
    people, texts = document.pop("people"), document.pop("texts")
    own = f"{DOCUMENT}{secrets.token_hex(8)}"
    made = keys.made([own, *map(person, people), *map(text, texts)])

    def row(name: str, value: Any) -> str:
        return base64.b64encode(seal(made[name], canon.spell(value), name)).decode()

    return canon.spell(
        Rows(
            1,
            own,
            row(own, document),
            {id_: row(person(id_), one) for id_, one in people.items()},
            {digest: row(text(digest), one) for digest, one in texts.items()},
        )
    )


def _document(content: bytes) -> dict[str, Any]:
    """A document of names as its parts; anything else is kept whole."""
    try:
        document = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        document = None
    parts = isinstance(document, dict) and all(
        isinstance(document.get(one), dict) for one in ("people", "texts")
    )
    if not parts or canon.spell(document) != content:
        return {"people": {}, "texts": {}, "whole": base64.b64encode(content).decode()}
    return dict(document)


def is_sealed(content: bytes) -> bool:
    """Whether these are sealed rows; a document of an older version lies there as it was."""
    return content.startswith(b'{"key":"document/')


def read(content: bytes, keys: Keys) -> bytes | None:
    """The document of names in sealed rows, without those whose keys were destroyed, and without the key of the ids where it
    went with somebody; ``None`` where nothing is left. ``Broken`` (R.5) at a row that was changed or moved.
    """
    if not is_sealed(content):
        return content
    try:
        rows = canon.reader(Rows).decode(content)
    except ValueError:
        raise Broken(0, "R.5", "附件{digest}被改动过", digest="people") from None
    every = keys.every()

    def row(name: str, value: str) -> Any:
        return msgspec.json.decode(opened(every[name], base64.b64decode(value), name))

    document = row(rows.key, rows.rest) if rows.key in every else {"key": ""}
    if "whole" in document:
        return base64.b64decode(document["whole"])
    people = {id_: row(person(id_), one) for id_, one in rows.people.items() if person(id_) in every}
    texts = {one: row(text(one), value) for one, value in rows.texts.items() if text(one) in every}
    if rows.key not in every and not people and not texts:
        return None
    return canon.spell({**document, "people": people, "texts": texts})


def names(content: bytes) -> set[str]:
    """The names of the keys that sealed rows are under; none for a document of an older version."""
    if not is_sealed(content):
        return set()
    rows = canon.reader(Rows).decode(content)
    return {rows.key, *map(person, rows.people), *map(text, rows.texts)}


def beside(database: Path) -> Path:
    """Where the keys lie of the names in a database that is one file."""
    return database.with_name(f"{database.name}.keys")
