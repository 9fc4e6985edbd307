"""Nothing is lost and nothing counted twice while the box is killed.

Thirty-two members at a time hand in, each again until an answer is heard, every fifth twice at once; the server is killed
(kill -9) every few seconds and started again. In the end the box is opened and every figure is held against what was heard.
Ends with 1 where one does not agree. The control leaves one paper out on purpose, and must be found.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import secrets
import shutil
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.box.opening import PORT, open_box, serving

from fourgates.box import counting
from fourgates.box.place import Place

AT_ONCE, LIVES = 32, 6.0
"""Members at a time, and seconds between two killings."""


async def asked(body: bytes) -> tuple[int, dict[str, str]]:
    """One request on a connection of its own; ``OSError`` when no whole answer came."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", PORT), 5)
    try:
        writer.write(
            b"POST /b/name HTTP/1.1\r\nhost: box\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n%b" % (len(body), body)
        )
        answer = await asyncio.wait_for(reader.read(), 20)
        head, _gap, content = answer.partition(b"\r\n\r\n")
        try:
            return int(head.split(b" ", 2)[1]), json.loads(content)
        except (IndexError, ValueError):
            raise OSError("cut off") from None
    finally:
        writer.close()


async def member(body: bytes, heard: Counter[str], waits: list[float], until: float) -> None:
    """Hand in, and again until an answer is heard."""
    started = time.monotonic()
    while time.monotonic() < until + 60:
        try:
            status, said = await asked(body)
        except (OSError, TimeoutError):
            await asyncio.sleep(0.1)
            continue
        if status == 503:
            await asyncio.sleep(0.1)
            continue
        assert status == 200, said
        waits.append(time.monotonic() - started)
        heard[f"{said['tag']} {said['outcome']}"] += 1
        return


async def members(bodies: list[bytes], until: float) -> tuple[Counter[str], list[float], int]:
    """Everybody in turn, ``AT_ONCE`` at a time, again from the first after the last, until the time is over; what was heard,
    and how often somebody asked."""
    heard: Counter[str] = Counter()
    waits: list[float] = []
    waiting, asked_ = (
        itertools.cycle(bodies),
        0,
    )  # who came before asks again, and is counted once all the same

    async def queue() -> None:
        nonlocal asked_
        for body in waiting:
            if time.monotonic() > until:
                return
            asked_ += 1
            times = 2 if secrets.randbelow(5) == 0 else 1
            await asyncio.gather(*(member(body, heard, waits, until) for _time in range(times)))

    await asyncio.gather(*(queue() for _each in range(AT_ONCE)))
    return heard, waits, asked_


async def run(
    folder: Path, bodies: list[bytes], seconds: float
) -> tuple[Counter[str], list[float], int, int]:
    until, kills = time.monotonic() + seconds, 0
    work = asyncio.create_task(members(bodies, until))
    while not work.done():
        with serving(
            "asgi", "fourgates.box.served:application", folder, {"FOURGATES_BOX": str(folder)}
        ) as process:
            await asyncio.wait([work], timeout=LIVES)
            if not work.done():
                workers = (
                    Path(f"/proc/{process.pid}/task/{process.pid}/children")
                    .read_text(encoding="ascii")
                    .split()
                )
                for pid in (process.pid, *map(int, workers)):
                    os.kill(pid, signal.SIGKILL)
                kills += 1
    return *work.result(), kills


def measure(minutes: float, people: int) -> bool:
    """Print what was heard and what was found; gives whether they agree and the control was found."""
    room = Path(tempfile.mkdtemp())
    try:
        bodies = open_box(room / "box", people)
        heard, waits, came, kills = asyncio.run(run(room / "box", bodies, minutes * 60))
        place = Place(room / "box")
        urn = place.urn()
        found = counting.opened(place.question(), urn, place.key())
        urn.close()
    finally:
        shutil.rmtree(room, ignore_errors=True)
    tags = Counter(paper.tag for paper in found.papers)
    answered = {line.split()[0] for line in heard}
    recorded = Counter(line.split()[0] for line in heard.elements() if line.endswith(" recorded"))
    lost, twice, half = (
        len(answered - tags.keys()),
        sum(count > 1 for count in tags.values()) + sum(count > 1 for count in recorded.values()),
        abs(len(found.papers) - len(found.took_part)),
    )
    waits.sort()
    print(
        f"{minutes:g} minutes, {kills} times killed, {len(bodies)} members asked {came} times, {sum(heard.values())} answers"
    )
    print(
        f"median {1000 * waits[len(waits) // 2]:.1f} ms, 99th percentile {1000 * waits[len(waits) * 99 // 100]:.1f} ms, "
        "killings included"
    )
    print(
        f"answered and not in the box: {lost}; counted twice: {twice}; codes spent without a paper or papers without: {half}"
    )
    control = len(answered - (tags.keys() - {next(iter(answered))}))
    print(f"control, one paper left out: {control} found")
    return not (lost or twice or half) and control == 1
