"""Where an open box lives (推荐箱文件夹): question, key, token, files of the urn; everything readable by its owner alone.

``question.json`` what is asked; ``key.json`` the private key, unless the scrutineers carry it away on a stick; ``token``
what the office shows; ``urn/`` roll, urn and intake; ``cases.jsonl`` what somebody has to look into; ``box.lock`` held by
whoever serves. All of it is destroyed when the box is closed and its documents are on record.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import msgspec

from fourgates import canon, i18n
from fourgates.box import app, asking
from fourgates.box.desk import Desk
from fourgates.box.question import Question, read
from fourgates.box.sealing import Key
from fourgates.box.urn import Files, Urn, overwrite
from fourgates.errors import Refused

if TYPE_CHECKING:
    from fourgates.box.signin import SignIn

PLACE, DATABASE = "FOURGATES_BOX", "FOURGATES_BOX_DATABASE"
OUTBOX, SIGN_IN = "outbox.json", "sso.json"
QUESTION, KEY, TOKEN, URN, CASES, LOCK, AT = (
    "question.json",
    "key.json",
    "token",
    "urn",
    "cases.jsonl",
    "box.lock",
    "address",
)


class Kept(msgspec.Struct, frozen=True):
    """A key pair as it is written down, in hexadecimal, with the box it is for."""

    box: str
    private: str
    public: str


class Place:
    """A box on disk; ``database``: the address of a PostgreSQL database that holds the urn instead of files."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder, self._database = folder, database

    def begin(self, question: Question, key: Key, key_file: Path | None = None) -> None:
        """Write a new box; ``Refused`` (B.8) when one lies there. ``key_file``: where the private key goes instead."""
        if (self.folder / QUESTION).exists():
            raise Refused("B.8", "这个文件夹里已经有一个推荐箱：{folder}", folder=self.folder.name)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = Kept(question.box, key.private.hex(), key.public.hex())
        secret(key_file or self.folder / KEY, canon.spell(kept))
        secret(self.folder / TOKEN, secrets.token_urlsafe(32).encode())
        secret(self.folder / QUESTION, canon.spell(question))

    def question(self) -> Question:
        """What the box asks; ``Refused`` (B.8) when there is no box or its question is damaged."""
        try:
            return read((self.folder / QUESTION).read_bytes())
        except FileNotFoundError:
            raise Refused("B.8", "这里没有推荐箱：{folder}", folder=self.folder.name) from None
        except msgspec.DecodeError as error:
            raise Refused("B.8", "推荐箱的事项文件读不懂：{what}", what=str(error)) from None

    def key(self, key_file: Path | None = None) -> Key:
        """The private key; ``Refused`` (B.8) when it is not there or belongs to another box."""
        try:
            kept = canon.reader(Kept).decode((key_file or self.folder / KEY).read_bytes())
        except (OSError, msgspec.DecodeError):
            raise Refused("B.8", "没有这个推荐箱的钥匙，请由监票人带钥匙文件来开箱") from None
        if kept.public != self.question().public:
            raise Refused("B.8", "这把钥匙是另一个推荐箱的：{box}", box=kept.box)
        return Key(bytes.fromhex(kept.private), bytes.fromhex(kept.public))

    def token(self) -> str:
        """What the office shows to a box that is being served."""
        return (self.folder / TOKEN).read_text(encoding="utf-8")

    def urn(self) -> Urn:
        """The files of the urn, or its tables."""
        if self._database:
            from fourgates.box.urn_postgres import Database  # here, so that a box in files starts sooner

            return Database(self._database)
        return Files(self.folder / URN)

    def lock(self) -> filelock.BaseFileLock:
        """Held by whoever serves or closes the box: there is one writer."""
        return filelock.FileLock(self.folder / LOCK, timeout=0)

    def extend(self, question: Question) -> None:
        """Write the question with its new end, so that it holds after a restart too."""
        secret(self.folder / QUESTION, canon.spell(question))

    def destroy(self, key_file: Path | None = None) -> None:
        """Destroy the key first, then all that it could open, then the rest."""
        for path in (
            key_file or self.folder / KEY,
            *(self.folder / name for name in (QUESTION, TOKEN, OUTBOX, SIGN_IN, CASES)),
        ):
            overwrite(path)
        self.urn().destroy()
        with suppress(FileNotFoundError):
            (self.folder / AT).unlink()


def secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    beside = path.with_name(path.name + ".new")
    with suppress(FileNotFoundError):
        beside.unlink()
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def ready(place: Place) -> tuple[Desk, asking.Asking, SignIn | None]:
    """The desk of the box at ``place``, what may be asked there, and who signs members in, if anybody does; what a break left
    in the intake is moved first."""
    urn = place.urn()
    urn.settle()
    desk = Desk(place.question(), urn, time.time, kept=place.extend)
    door = place.folder / SIGN_IN
    asked = asking.Asking(desk, place.folder / CASES, place.token(), app.today)
    if not door.exists():
        return desk, asked, None
    from fourgates.box import signin

    return desk, asked, signin.read(door.read_bytes())


def office(place: Place, path: str, what: object) -> Mapping[str, Any]:
    """Ask what only the office may, of the server where the box is being served, or here where it is not.

    Raises ``Refused`` as the box does, ``OSError`` when the server does not answer.
    """
    content = canon.spell(what)
    shown = f"Bearer {place.token()}"
    try:
        with place.lock():
            return asyncio.run(_alone(place, path, content, shown.encode()))
    except filelock.Timeout:
        return served(place, path, what)


def served(place: Place, path: str, what: object, patience: float = 30) -> Mapping[str, Any]:
    """Ask the server that serves the box, and nobody else; ``OSError`` where none answers within ``patience`` seconds."""
    host, _colon, port = (place.folder / AT).read_text(encoding="utf-8").rpartition(":")
    content, shown = canon.spell(what), f"Bearer {place.token()}"
    with closing(http.client.HTTPConnection(host, int(port), timeout=patience)) as link:
        link.request("POST", path, content, {"authorization": shown, "accept-language": i18n.spoken()})
        answer = link.getresponse()
        said: Mapping[str, Any] = msgspec.json.decode(answer.read())
    if answer.status != http.HTTPStatus.OK:
        raise Refused(
            said.get("rule") or "B.8", "推荐箱答复：{why}", why=said.get("error", str(answer.status))
        )
    return said


async def _alone(place: Place, path: str, content: bytes, shown: bytes) -> Mapping[str, Any]:
    desk, asking_, _signs = ready(place)
    try:
        found: Any = await asking_.ask(path, content, shown)
        return msgspec.json.decode(msgspec.json.encode(found))  # type: ignore[no-any-return]  # as the server would say it
    finally:
        await desk.finish()
