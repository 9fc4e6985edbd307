"""Reading many strangers' workbooks, safely and fast (读取工作簿).

Every file is opened, checked and parsed in a child process (``worker``) that has little memory, little time and no
right to write. Up to two of them work, each through many files; what they read comes back in order, a few files
ahead of the caller and no more. A reader that dies is replaced, and the file it died over is tried once more by the
slow, safe way; whatever happens there is an ``Unreadable`` with its reason, never an exception.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec

from fourgates.papers.workbook import (
    COUNTY,
    NO_VALUE,
    Cell,
    CellError,
    Kind,
    Limits,
    Reason,
    Sheet,
    Unreadable,
)
from fourgates.papers.worker import Answer, Ask, receive, send

READERS = 2
AHEAD = 8
"""How many files may be read before the caller has taken the first of them: this bounds the memory held."""
ALONE = 40
"""Up to so many files for each reader, starting another costs more than it saves."""
START = 60
"""Seconds that a reader may take to start, on the busiest machine."""

_OVERTIME = {-getattr(signal, name, 0) for name in ("SIGALRM", "SIGXCPU")} - {0}

# glibc would give every large buffer back and ask for it anew with the next file. Others do not know these names.
_ALLOCATOR = {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_MMAP_THRESHOLD_": "67108864"}

_decode = msgspec.msgpack.Decoder(Answer).decode
_encode = msgspec.msgpack.Encoder().encode


def read_all(
    paths: Sequence[Path],
    *,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] | None = None,
    sheet: int = 0,
    kinds: tuple[Kind, ...] = COUNTY,
) -> Iterator[tuple[Path, Sheet | Unreadable]]:
    """Read the first visible sheet of every workbook, in the order asked; ``sheet`` asks for a later one, 1 the second.

    ``kinds`` are what a file may be: workbooks alone for the county folder, ``workbook.ANY`` for an import.
    ``progress(read, of)`` is called after each file. The readers end when the last file is given, when the iterator
    is closed or dropped, and on Ctrl-C. Raises ``RuntimeError`` only when no reader can be started at all.
    """
    work = _Work(paths, limits or Limits(), sheet, kinds)
    try:
        for number, path in enumerate(paths):
            answer = work.take(number)
            yield path, _sheet(answer) if isinstance(answer, bytes) else answer
            if progress is not None:
                progress(number + 1, len(paths))
    finally:
        work.stop()


def read(
    path: Path, *, limits: Limits | None = None, sheet: int = 0, kinds: tuple[Kind, ...] = COUNTY
) -> Sheet | Unreadable:
    """Read one workbook; for many, ``read_all`` starts its readers once."""
    ((_, result),) = read_all([path], limits=limits, sheet=sheet, kinds=kinds)
    return result


class _Reader:
    """One child process, and the clock of the file it has in hand."""

    def __init__(self, limits: Limits, sheet: int, kinds: tuple[Kind, ...]) -> None:
        self.limits = limits
        self._sheet = sheet
        self._kinds = kinds
        self.overdue = False
        self._deadline: float | None = None
        # Neither the folder the program stands in nor a script's surprises: the child imports what this one can, and looks
        # for nothing else (-S).
        environment = os.environ | _ALLOCATOR | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-P", "-m", "fourgates.papers.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        # Both are pipes, so both are there.
        self._to = cast("BinaryIO", self._process.stdin)
        self._from = cast("BinaryIO", self._process.stdout)

    def greet(self) -> bool:
        """Hand over the limits and wait until the process is ready; false when it cannot start."""
        self._deadline = time.monotonic() + START
        with suppress(OSError):
            send(self._to, _encode(self.limits))
        started = receive(self._from) == b""
        self._deadline = None
        return started

    def read(self, path: Path, *, careful: bool) -> bytes | Reason:
        """The packed answer, or why there is none."""
        self._deadline = time.monotonic() + self.limits.seconds
        try:
            send(self._to, _encode(Ask(os.fsencode(path), careful, self._sheet, self._kinds)))
            answer = receive(self._from)
        except OSError:
            answer = None
        self._deadline = None
        if answer is not None:
            return answer
        self.end()
        return Reason.TOO_SLOW if self.overdue or self._process.returncode in _OVERTIME else Reason.DIED

    def look_at_the_clock(self) -> None:
        """Kill the process when the file in hand has taken too long."""
        deadline = self._deadline
        if deadline is not None and time.monotonic() > deadline:
            self.overdue = True
            self._process.kill()

    def kill(self) -> None:
        """Kill the process at once; the thread that waits for its answer sees its end."""
        self._process.kill()

    def end(self) -> None:
        """Kill, wait, and close the pipes: no zombie stays."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._to, self._from):
            with suppress(OSError):  # What was still to be written has nobody to read it.
                pipe.close()


class _Work:
    """The list of files, shared out to readers; each reader is led by one thread."""

    def __init__(self, paths: Sequence[Path], limits: Limits, sheet: int, kinds: tuple[Kind, ...]) -> None:
        self._paths = paths
        self._limits = limits
        self._sheet = sheet
        self._kinds = kinds
        self._changed = threading.Condition()
        self._next = 0
        self._taken = 0
        self._answers: dict[int, bytes | Unreadable] = {}
        self._readers: set[_Reader] = set()
        self._stopped = False
        self._failed = False
        wanted = min(READERS, os.cpu_count() or 1, -(-len(paths) // ALONE))
        self._threads = [threading.Thread(target=self._lead, daemon=True) for _ in range(wanted)]
        for thread in self._threads:
            thread.start()

    def take(self, number: int) -> bytes | Unreadable:
        """Wait for the answer to one file, with an eye on the clock."""
        with self._changed:
            while number not in self._answers:
                if self._failed:
                    raise RuntimeError(f"cannot start {sys.executable} -m fourgates.papers.worker")
                self._changed.wait(0.2)
                for reader in self._readers:
                    reader.look_at_the_clock()
            self._taken = number + 1
            self._changed.notify_all()
            return self._answers.pop(number)

    def stop(self) -> None:
        """End every reader and wait until it has gone."""
        with self._changed:
            self._stopped = True
            for reader in self._readers:
                reader.kill()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _lead(self) -> None:
        reader: _Reader | None = None
        finished = False
        try:
            while (number := self._draw()) is not None:
                answer: bytes | Reason = Reason.DIED
                for careful in (False, True):
                    if reader is None and (reader := self._start()) is None:
                        return  # The file in hand has no answer: `take` is told below.
                    answer = reader.read(self._paths[number], careful=careful)
                    if isinstance(answer, bytes):
                        break
                    self._forget(reader)
                    reader = None
                    if answer is Reason.TOO_SLOW:
                        break
                with self._changed:
                    self._answers[number] = (
                        answer if isinstance(answer, bytes) else Unreadable(answer, self._facts(answer))
                    )
                    self._changed.notify_all()
            finished = True
        finally:
            if reader is not None:
                self._forget(reader)
            with self._changed:
                self._failed = self._failed or not (finished or self._stopped)
                self._changed.notify_all()

    def _facts(self, reason: Reason) -> dict[str, str | int]:
        return {"limit": self._limits.seconds} if reason is Reason.TOO_SLOW else {}

    def _draw(self) -> int | None:
        """The number of the next file to read, once the caller is near enough; none when there is no more to do."""
        with self._changed:
            while not self._stopped and self._next - self._taken >= AHEAD and self._next < len(self._paths):
                self._changed.wait()
            if self._stopped or self._next >= len(self._paths):
                return None
            self._next += 1
            return self._next - 1

    def _start(self) -> _Reader | None:
        try:
            reader = _Reader(self._limits, self._sheet, self._kinds)
        except OSError:
            return None
        with self._changed:
            self._readers.add(reader)
            if self._stopped:
                reader.kill()
        if reader.greet():
            return reader
        self._forget(reader)
        return None

    def _forget(self, reader: _Reader) -> None:
        with self._changed:
            self._readers.discard(reader)
        reader.end()


def _sheet(packed: bytes) -> Sheet | Unreadable:
    """Unpack an answer and put the days and marks back into their cells."""
    try:
        answer = _decode(packed)
        if answer.reason:
            return Unreadable(Reason(answer.reason), answer.facts)
        rows: list[list[Any]] = answer.rows
        _put(rows, [(row, column, date.fromordinal(day)) for row, column, day in answer.dates])
        _put(rows, [(row, column, datetime.fromisoformat(at)) for row, column, at in answer.moments])
        _put(rows, [(row, column, CellError(text)) for row, column, text in answer.errors])
        _put(rows, [(row, column, NO_VALUE) for row, column in answer.no_values])
    except (msgspec.MsgspecError, ValueError, IndexError, OverflowError):
        # Only a reader that its file had taken over would answer so.
        return Unreadable(Reason.DIED)
    return Sheet(answer.name, rows, answer.stamp, answer.kind)


def _put(rows: list[list[Any]], cells: list[tuple[int, int, Cell]]) -> None:
    for row, column, cell in cells:
        rows[row][column] = cell
