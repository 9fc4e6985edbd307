"""A box for a benchmark, and a server for whatever is measured: one process of granian, with a bound on everything."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
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
