"""A reader of workbooks in a process of its own (读取进程): it may abort, run wild or die, and nothing else does.

Started by ``reading`` as ``python -m fourgates.papers.worker``. It limits itself first (memory, processor time for
each file, no writing of files, no core), then answers one frame for each frame it is sent; a frame is eight bytes of
length and a MessagePack value. The first frame in holds the limits; the first frame out is empty and says *ready*.
It ends when its input does.
"""

from __future__ import annotations

import gc
import math
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from python_calamine import CalamineWorkbook

from fourgates.papers import cadre, delimited, legacy, marks
from fourgates.papers.frame import frame
from fourgates.papers.precheck import Parts, Stopped, load, unpack
from fourgates.papers.workbook import COUNTY, SUFFIXES, Kind, Limits, Reason

HAS_LIMITS = find_spec("resource") is not None
"""Windows has no such limits: there the parent's clock alone ends a reader."""
if HAS_LIMITS:
    import resource

Scalar = str | int | float | bool | None
LENGTH = struct.Struct("<Q")
_EXACT = 10**15
_NO_DAY = date(1899, 12, 30)
"""What the fast reader makes of a serial that is no number, day nought before all days."""
_BESIDE: Any = object()


class Ask(msgspec.Struct, array_like=True, frozen=True):
    """One file to read; ``careful`` after a reader died over it; ``sheet`` counts the visible ones from nought; ``kinds``
    are what the file may be."""

    path: bytes
    careful: bool
    sheet: int = 0
    kinds: tuple[Kind, ...] = COUNTY


class Answer(msgspec.Struct, array_like=True):
    """What was read, or the reason why not. What MessagePack cannot say of a cell stands beside the rows, by place.
    ``kind`` is what the content turned out to be."""

    reason: str = ""
    facts: dict[str, str | int] = {}
    name: str = ""
    rows: list[list[Scalar]] = []
    dates: list[tuple[int, int, int]] = []
    moments: list[tuple[int, int, str]] = []
    errors: list[tuple[int, int, str]] = []
    no_values: list[tuple[int, int]] = []
    stamp: dict[str, str] = {}
    kind: Kind = Kind.WORKBOOK


def receive(pipe: BinaryIO) -> bytes | None:
    """The next frame, or nothing when the other side has ended."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def send(pipe: BinaryIO, body: bytes) -> None:
    """Send one frame."""
    pipe.write(LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def read(
    path: Path, limits: Limits, *, careful: bool, sheet: int = 0, kinds: tuple[Kind, ...] = COUNTY
) -> Answer:
    """Read one file here and now; only ``main`` in its limited process should do so."""
    try:
        content = load(path, limits, kinds if kinds == COUNTY else SUFFIXES)
        kind = Kind.WORKBOOK if kinds == COUNTY else delimited.kind(content, path.suffix.lower())
        answer = Answer(kind=kind)
        match kind:
            case Kind.WORKBOOK:
                _read_workbook(answer, content, limits, careful=careful, sheet=sheet)
            case Kind.OLD:
                _read_old(answer, content, limits)
            case Kind.TEXT:
                answer.rows = delimited.read(content, limits)
                _refuse_long(answer.rows, limits)
            case Kind.CADRE:
                answer.rows = cadre.read(content, limits)
            case Kind.OLD_CADRE:
                answer.rows = cadre.read_old(delimited.decode(content), limits)
    except Stopped as stop:
        return Answer(reason=stop.unreadable.reason, facts=dict(stop.unreadable.facts))
    except MemoryError:
        return Answer(reason=Reason.OUT_OF_MEMORY, facts={"size_limit": limits.memory})
    return answer


def _read_workbook(answer: Answer, content: bytes, limits: Limits, *, careful: bool, sheet: int) -> None:
    parts = unpack(content, limits, sheet=sheet)
    answer.name, answer.stamp = parts.name, parts.stamp
    if careful:
        _read_carefully(answer, parts, limits)
    else:
        _read_fast(answer, parts, limits)
    long = _may_be_long(parts.strings.content, b"<si", limits) or _may_be_long(
        parts.sheet.content, b"<c", limits
    )
    _tidy(answer, limits, lambda height, width: marks.covered(parts.sheet.content, height, width), long=long)


def _read_old(answer: Answer, content: bytes, limits: Limits) -> None:
    """A workbook of the years up to 2003: looked through and framed anew, then read by calamine."""
    book = legacy.look(content, limits)
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(book.framed)).get_sheet_by_index(0)
        marks.check_extent(sheet.total_height, sheet.total_width, limits)
        answer.rows = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]  # plain values
    except (Stopped, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception, and there is no second reader
        raise Stopped(Reason.DAMAGED) from None
    answer.name, answer.errors = book.name, book.errors
    _spell(answer)
    _tidy(answer, limits, lambda height, width: legacy.within(book.merged, height, width), long=True)


def _read_fast(answer: Answer, parts: Parts, limits: Limits) -> None:
    """Calamine, and the careful reader where calamine gives up or would read something else than is written."""
    try:
        found = marks.find(parts.sheet.content, parts.strings.content, limits)
        sheet = CalamineWorkbook.from_filelike(BytesIO(frame(parts))).get_sheet_by_index(0)
        marks.check_extent(sheet.total_height, sheet.total_width, limits)
        answer.rows = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]  # plain values
    except (Stopped, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception; the careful reader then judges
        _read_carefully(answer, parts, limits)
    else:
        answer.errors, answer.no_values = found.errors, found.no_values
        _spell(answer)


def _read_carefully(answer: Answer, parts: Parts, limits: Limits) -> None:
    # Here and not above: it takes longer to load than most files to read, and few files need it.
    from fourgates.papers import careful

    answer.rows = []
    careful.read(answer.rows, answer.errors, answer.no_values, parts, limits)
    _spell(answer)


def _spell(answer: Answer) -> None:
    """Put every cell as MessagePack can say it: empty is nil, whole numbers are integers, days stand beside."""
    beside: list[Any] = []

    def other(cell: Any) -> Any:
        if type(cell) is float:
            return _number(cell)
        if cell is None or type(cell) is bool or type(cell) is int:
            return cell
        beside.append(cell)
        return _BESIDE

    for number, row in enumerate(answer.rows):
        # Nearly all of the time here goes into this line, hence its shape.
        row[:] = [(cell or None) if cell.__class__ is str else other(cell) for cell in row]
        if beside:
            column = 0
            for cell in beside:
                column = row.index(_BESIDE, column)
                row[column] = _beside(answer, number, column, cell)
            beside.clear()


def _number(number: float) -> Scalar:
    if number.is_integer() and -_EXACT < number < _EXACT:
        return int(number)
    # What is written as a number and is none (NaN, 1e999) must not get into any count.
    return number if math.isfinite(number) else str(number)


def _beside(answer: Answer, row: int, column: int, cell: Any) -> Scalar:
    if type(cell) is date:
        answer.dates.append((row, column, cell.toordinal()))
        return None
    if type(cell) is datetime:
        if cell.date() == _NO_DAY:
            return 0
        answer.moments.append((row, column, cell.isoformat()))
        return None
    # An hour or a duration is no date: it is given as the number of days that the workbook stores.
    if type(cell) is time:
        cell = timedelta(
            hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond
        )
    return cell / timedelta(days=1)  # type: ignore[no-any-return]  # a float


def _tidy(
    answer: Answer,
    limits: Limits,
    covered: Callable[[int, int], Iterable[tuple[int, int, int, int]]],
    *,
    long: bool,
) -> None:
    """Clear what merges cover, make room for the marks, and refuse a cell longer than Excel allows where one may be."""
    rows = answer.rows
    marked = [(mark[0], mark[1]) for mark in answer.errors] + answer.no_values
    height = max([len(rows), *(row + 1 for row, _ in marked)])
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in marked)])
    marks.check_extent(height, width, limits)
    rows.extend([] for _ in range(height - len(rows)))
    if marked:
        for row in rows:
            row.extend([None] * (width - len(row)))
    if long:
        _refuse_long(rows, limits)
    hidden: set[tuple[int, int]] = set()
    for top, first, bottom, last in covered(height, width):
        for number in range(top, bottom):
            left = first + 1 if number == top else first
            rows[number][left:last] = [None] * (last - left)
            hidden.update((number, column) for column in range(left, last))
    if hidden:
        answer.dates = [mark for mark in answer.dates if mark[:2] not in hidden]
        answer.moments = [mark for mark in answer.moments if mark[:2] not in hidden]
        answer.errors = [mark for mark in answer.errors if mark[:2] not in hidden]
        answer.no_values = [mark for mark in answer.no_values if mark not in hidden]


def _may_be_long(part: bytes, tag: bytes, limits: Limits) -> bool:
    """Whether some stretch without a new text or cell is long enough to hold a text that is too long."""
    step = max(1, limits.characters // 2)
    return any(part.find(tag, at, at + step) < 0 for at in range(0, len(part) - step, step))


def _refuse_long(rows: list[list[Scalar]], limits: Limits) -> None:
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if isinstance(cell, str) and len(cell) > limits.characters:
                raise Stopped(
                    Reason.LONG_CELL, row=number, column=column, found=len(cell), limit=limits.characters
                )


def _limit_this_process(limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer; it ends this process.
    if not HAS_LIMITS:
        return
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, limits.memory),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # Some systems know the name of a limit and refuse to set it.
            continue


def _wind_the_clocks(limits: Limits) -> None:
    """Processor time and wall time for one file, a little over the parent's own, in case the parent is gone."""
    if not HAS_LIMITS:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.seconds + 2, most))
    signal.alarm(limits.seconds + 2)


def main() -> None:
    """Answer until there is no more input."""
    inward = os.fdopen(os.dup(0), "rb")
    outward = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # Nothing that a library prints may get between the frames.
    first = receive(inward)
    if first is None:
        return
    limits = msgspec.msgpack.decode(first, type=Limits)
    _limit_this_process(limits)
    gc.disable()  # Rows of plain values form no cycles; looking for some took a tenth of the time.
    send(outward, b"")
    decode = msgspec.msgpack.Decoder(Ask).decode
    encode = msgspec.msgpack.Encoder().encode
    while (asked := receive(inward)) is not None:
        ask = decode(asked)
        _wind_the_clocks(limits)
        path = Path(os.fsdecode(ask.path))
        answer = read(path, limits, careful=ask.careful, sheet=ask.sheet, kinds=ask.kinds)
        try:
            body = encode(answer)
        except MemoryError:
            body = encode(Answer(reason=Reason.OUT_OF_MEMORY, facts={"size_limit": limits.memory}))
        del answer
        send(outward, body)
        gc.collect(0)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # The parent has gone; there is nobody to tell.
        sys.exit(1)
