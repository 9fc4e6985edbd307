"""A bounded load on one address of this machine: `python benchmarks/box/load.py PORT CONNECTIONS REQUESTS`.

Every connection sends its requests one after the other and waits for each answer. The bodies come from standard input,
one a line, each sent once. Prints one line: requests a second, median and 99th percentile in milliseconds, answers that
were not 200, CPU seconds of the sender.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator


class Sender(asyncio.Protocol):
    """One connection; takes the next body whenever an answer has come."""

    def __init__(
        self, bodies: Iterator[bytes], times: list[float], bad: list[bytes], done: asyncio.Future[None]
    ) -> None:
        self.bodies, self.times, self.bad, self.done = bodies, times, bad, done
        self.read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        body = next(self.bodies, None)
        if body is None:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self.start = time.perf_counter()
        head = (
            b"POST /b/name HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
            % len(body)
        )
        self.transport.write(head + body)  # type: ignore[attr-defined]  # a transport that writes

    def data_received(self, content: bytes) -> None:
        self.read += content
        head, found, rest = self.read.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
        if len(rest) < length:
            return
        self.times.append(time.perf_counter() - self.start)
        if not head.startswith(b"HTTP/1.1 200"):
            self.bad.append(rest)
        self.read = b""
        self.send()

    def connection_lost(self, error: Exception | None) -> None:
        del error
        if not self.done.done():
            self.bad.append(b"connection lost")
            self.done.set_result(None)


async def main() -> None:
    port, connections, requests = map(int, sys.argv[1:4])
    bodies = iter(sys.stdin.buffer.read().splitlines()[:requests])
    times: list[float] = []
    bad: list[bytes] = []
    loop = asyncio.get_running_loop()
    start, cpu = time.perf_counter(), time.process_time()
    waits = []
    for _number in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        waits.append(done)
        await loop.create_connection(lambda done=done: Sender(bodies, times, bad, done), "127.0.0.1", port)  # type: ignore[misc]  # a default holds the future
    await asyncio.gather(*waits)
    took = time.perf_counter() - start
    times.sort()
    middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(
        f"{len(times) / took:.0f} {middle * 1e3:.2f} {late * 1e3:.2f} {len(bad)} {time.process_time() - cpu:.2f}"
    )
    if bad:
        print(bad[0][:200], file=sys.stderr)


asyncio.run(main())
