"""Row 3: the power goes. A file system that remembers what was synced shows what a disk may hold afterwards."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

from drill import BEGUN, EACH, amount, begin, holds, opened, said, sealing
from fourgates import vault
from fourgates.errors import Broken, Refused
from fourgates.log import durable
from fourgates.log.durable import SECRET
from fourgates.store import Store, Unsure, open_store, sqlite
from fourgates.store.sqlite import SQLite
from keeping import keeper

SECTOR = 512


@dataclass
class Disk:
    """Everything asked of the file system since the recording began, in its order, and what was acknowledged when."""

    steps: list[Any] = field(default_factory=list)

    def image(self, cut: int, before: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
        """What the disk may hold when the power goes after ``cut`` steps: what was synced, and of what came after it
        each sector written, not written, or written by half."""
        disk = {name: bytearray(content) for name, content in before.items()}
        waiting: dict[str, list[Any]] = {}
        for kind, name, *what in self.steps[:cut]:
            if kind == "acknowledged":
                continue
            if kind == "put":  # whole and synced when it returns
                disk[str(name)] = bytearray(*what)
            elif kind == "sync":
                for step in waiting.pop(str(name), []):
                    _apply(disk, str(name), step)
            elif kind == "delete":
                waiting.setdefault(str(name), []).append(None)
            else:
                waiting.setdefault(str(name), []).append(what)
        for name, steps in waiting.items():
            for step in steps:
                if step is None or len(step) == 1:  # a deletion or a new length reached the disk, or did not
                    if chance.random() < 0.5:
                        _apply(disk, name, step)
                    continue
                at, content = step
                for sector in range(0, len(content), SECTOR):
                    piece = content[sector : sector + SECTOR]
                    luck = chance.random()
                    if luck < 0.4:
                        _apply(disk, name, (at + sector, piece))
                    elif luck < 0.5:
                        _apply(disk, name, (at + sector, piece[: chance.randrange(1, len(piece) + 1)]))
        return {name: bytes(content) for name, content in disk.items()}


def _apply(files: dict[str, bytearray], name: str, step: Any) -> None:
    if step is None:
        files.pop(name, None)
        return
    content = files.setdefault(name, bytearray())
    if len(step) == 1:
        del content[step[0] :]
        content.extend(bytes(step[0] - len(content)))
        return
    at, piece = step
    content.extend(bytes(max(0, at - len(content))))
    content[at : at + len(piece)] = piece


class Recorded(apsw.VFSFile):
    """A file whose every write and sync is remembered."""

    def __init__(self, disk: Disk, filename: Any, flags: list[int]) -> None:
        super().__init__("", filename, flags)
        self._disk = disk
        name = filename.filename() if isinstance(filename, apsw.URIFilename) else str(filename)
        self._name = Path(name).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # apsw's name
        self._disk.steps.append(("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802  # apsw's name
        self._disk.steps.append(("truncate", self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802  # apsw's name
        self._disk.steps.append(("sync", self._name))
        super().xSync(flags)


class Recording(apsw.VFS):
    """The file system of SQLite, remembering."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__("recording", "")

    def xOpen(self, name: Any, flags: list[int]) -> Recorded:  # noqa: N802  # apsw's name
        return Recorded(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802  # apsw's name
        self._disk.steps.append(("delete", Path(filename).name))
        super().xDelete(filename, syncdir)


class Through:
    """A connection of a store's, through the recording file system and apsw's own SQLite."""

    synchronous = "FULL"

    def __init__(self, path: Path, mode: str = "rw") -> None:
        del mode
        self.own = apsw.Connection(str(path), vfs="recording", flags=apsw.SQLITE_OPEN_READWRITE)
        # A file system written in Python has no shared memory: the log's index is kept in this process.
        for pragma in (
            "locking_mode = EXCLUSIVE",
            f"synchronous = {self.synchronous}",
            "wal_autocheckpoint = 30",
        ):
            self.own.execute(f"PRAGMA {pragma}").fetchall()

    def ask(self, sql: str, *values: Any) -> list[Any]:
        return self.own.execute(sql, values).fetchall()

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(columns))
        self.own.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608  # names


@contextmanager
def recording(
    store_url: str, synchronous: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Store, Disk]]:
    disk = Disk()
    vfs = Recording(disk)

    def put(path: Path, content: bytes, mode: int) -> None:
        durable.put(path, content, mode)
        disk.steps.append(("put", path.name, content))

    with monkeypatch.context() as patched:
        patched.setattr(vault, "put", put)
        patched.setattr(sqlite, "Connected", Through)
        patched.setattr(Through, "synchronous", synchronous)
        store = open_store(store_url)
        yield store, disk
        store.close()
        vfs.unregister()


def cuts(synchronous: str, images: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What became of a record on so many disks on which the power went at some step."""
    place = tmp_path / synchronous
    place.mkdir()
    url = f"sqlite:///{place}/record.db"
    with opened(open_store(url)) as store:
        begin(keeper(store))
    before = {path.name: path.read_bytes() for path in place.iterdir() if path.suffix != ".lock"}
    with recording(url, synchronous, monkeypatch) as (store, disk):
        keeps = keeper(store)
        for k in range(40):
            keeps.offer(**sealing(k, keeps.current()))
            disk.steps.append(("acknowledged", k))
        steps = len(disk.steps)
    chance, found = random.Random(5), {"kept": 0, "lost": 0, "damaged": 0}
    for image in range(images):
        cut = chance.randrange(steps + 1)
        acknowledged = sum(step[0] == "acknowledged" for step in disk.steps[:cut])
        there = tmp_path / "image"
        there.mkdir(exist_ok=True)
        for path in there.iterdir():
            path.unlink()
        for name, content in disk.image(cut, before, chance).items():
            if not name.endswith("-shm"):
                (there / name).write_bytes(content)
                (there / name).chmod(SECRET)
        found[_became(there, acknowledged, thorough=image % 25 == 0)] += 1
    return found


def _became(there: Path, acknowledged: int, *, thorough: bool) -> str:
    try:
        with opened(SQLite(there / "record.db")) as store:
            if thorough:
                assert holds(store) == (store.head().entries - BEGUN) // EACH
            with store.reading() as view:
                lines, answers, head = list(view.lines()), view.answers(), view.head()
                assert view.beyond() == 0
            assert len(lines) == head.entries
            sealed = (head.entries - BEGUN) // EACH
            assert (head.entries - BEGUN) % EACH == 0
            assert len(answers) == sealed <= acknowledged + 1
    except (Unsure, Broken, Refused, sqlite3.Error):
        return "damaged"
    return "kept" if sealed >= acknowledged else "lost"


def test_what_was_acknowledged_is_there_when_the_power_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = amount(150, 10_000)
    found = cuts("FULL", images, tmp_path, monkeypatch)
    said("power cuts, WAL FULL", images=images, **found)
    assert found == {"kept": images, "lost": 0, "damaged": 0}


def test_the_power_cuts_find_a_store_that_does_not_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with ``synchronous = NORMAL`` the log is not synced at each commit."""
    images = amount(30, 1_000)
    found = cuts("NORMAL", images, tmp_path, monkeypatch)
    said("control: power cuts, WAL NORMAL", images=images, **found)
    assert found["lost"]
