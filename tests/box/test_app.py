"""The box as a browser sees it, through a real server on this machine."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from box.boxes import EAST, OTHER, RECEIPT, TOWN, Box, opened
from box.test_desk import in_the_box
from fourgates.box import codes
from fourgates.box.place import CASES
from fourgates.box.sealing import Sealer
from fourgates.i18n import translate


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    token: str

    def ask(
        self, path: str, what: object = None, *, token: str = "", **headers: str
    ) -> tuple[int, Any, dict[str, str]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as link:
            return self._asked(link, path, what, token, headers)

    @staticmethod
    def _asked(
        link: http.client.HTTPConnection, path: str, what: object, token: str, headers: dict[str, str]
    ) -> tuple[int, Any, dict[str, str]]:
        content = what if isinstance(what, str) else None if what is None else json.dumps(what)
        link.request(
            "GET" if what is None else "POST",
            path,
            content.encode() if content is not None else None,
            {"content-type": "application/json"}
            | ({"authorization": f"Bearer {token}"} if token else {})
            | {name.replace("_", "-"): value for name, value in headers.items()},
        )
        answer = link.getresponse()
        body = answer.read().decode()
        found = {name.lower(): value for name, value in answer.getheaders()}
        kind = found.get("content-type", "")
        return answer.status, json.loads(body) if kind == "application/json" else body, found


def listening(port: int) -> None:
    """Wait until a box answers."""
    for _try in range(400):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as link:
                link.request("GET", "/b/health")
                link.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)


@contextmanager
def served(box: Box, port: int = 0) -> Iterator[Server]:
    """The box behind a server of its own, killed at the end of the block like a power cut if it still runs."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--no-ws", "--loop", "asyncio",
         "--log-level", "error", "fourgates.box.served:application"],
        env=os.environ | {"FOURGATES_BOX": str(box.place.folder)},
        cwd=box.place.folder,
        start_new_session=True,
    )  # fmt: skip
    try:
        listening(port)
        yield Server(process, port, box.place.token())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


FAR = "2099-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    made = opened(tmp_path_factory.mktemp("box") / "box")
    object.__setattr__(made, "question", _until(made, FAR))
    return made


def _until(box: Box, closes: str) -> Any:
    import msgspec

    later = msgspec.structs.replace(box.question, closes=closes)
    box.place.extend(later)
    return later


@pytest.fixture(scope="module")
def server(box: Box) -> Iterator[Server]:
    with served(box) as found:
        yield found


def code(box: Box, number: int) -> str:
    return codes.shown(box.codes[box.question.voters[number].id])


def test_a_member_sees_the_own_entry_and_only_the_own_committee(box: Box, server: Server) -> None:
    status, said, headers = server.ask("/b/enter", {"code": code(box, 0)})
    assert (status, said["name"], said["branch"], said["joined"], said["used"]) == (
        200,
        "党员0",
        EAST,
        "1998.07",
        False,
    )
    assert len(said["nominees"]) == 20
    assert headers["cache-control"] == "no-store"


def test_a_nomination_goes_in_once(box: Box, server: Server) -> None:
    what = {
        "code": code(box, 1),
        "receipt": RECEIPT,
        "names": [box.question.voters[2].id],
        "satisfaction": "满意",
    }
    assert server.ask("/b/name", what)[:2] == (200, {"outcome": "recorded", "tag": codes.tag(RECEIPT)})
    assert server.ask("/b/name", what)[:2] == (200, {"outcome": "already", "tag": codes.tag(RECEIPT)})
    status, said, _headers = server.ask("/b/name", what | {"receipt": OTHER})
    assert (status, said["rule"]) == (409, "B.2")
    assert server.ask("/b/enter", {"code": code(box, 1)})[1]["used"] is True


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"code": 1}',
        '{"code":"x","receipt":"y"}',
        '{"code":"x","more":1}',
        "[" * 9000,
        "x" * 300_000,
    ],
)
@pytest.mark.parametrize("path", ["/b/name", "/b/enter", "/b/wrong", "/b/sealed"])
def test_what_cannot_be_read_is_refused(server: Server, path: str, body: str) -> None:
    assert server.ask(path, body)[0] == 400


def test_a_page_without_scripts_can_take_part_too(box: Box, server: Server) -> None:
    form = urlencode({"code": code(box, 3), "written": ["某某", ""], "satisfaction": "满意"}, doseq=True)
    status, page, _headers = server.ask("/b/name", form, content_type="application/x-www-form-urlencoded")
    found = re.search("<p>([0-9a-f]{32})</p><p>[^<]*</p><p>([0-9a-f]{32})</p>", page)
    assert status == 200
    assert found is not None
    assert codes.tag(found[1]) == found[2]
    status, page, _headers = server.ask("/b/name", form, content_type="application/x-www-form-urlencoded")
    assert (status, "这个编码已经用过" in page) == (409, True)


def test_the_page_is_small_and_lets_nothing_in_from_elsewhere(server: Server) -> None:
    pages = {path: server.ask(path) for path in ("/", "/page.js", "/worker.js", "/page.webmanifest")}
    assert [status for status, _text, _headers in pages.values()] == [200] * len(pages)
    size = sum(
        len(text.encode() if isinstance(text, str) else json.dumps(text).encode())
        for _s, text, _h in pages.values()
    )
    assert size < 100_000
    policy = pages["/"][2]["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    (style,) = re.findall(r"<style>(.*?)</style>", pages["/"][1], re.DOTALL)
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}';" in policy
    assert not re.search(r"<script>|style=|onclick=|https?://", pages["/"][1])
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as link:
        link.request("GET", "/", headers={"accept-encoding": "gzip, deflate"})
        packed = link.getresponse().read()
    assert gzip.decompress(packed).decode() == pages["/"][1]
    assert server.ask("/b/none", {})[0] == 404
    assert server.ask("/none")[0] == 404


def test_the_page_speaks_both_languages(server: Server) -> None:
    chinese, english = (server.ask(f"/?lang={language}")[1] for language in ("zh", "en"))
    assert "已经选的" in chinese
    assert translate("已经选的", "en") in english
    assert "已经选的" not in english
    assert server.ask("/b/enter?lang=en", {"code": "1234"})[1]["error"] == translate(
        "编码应为{length}个字母或数字，读到{read}个", "en"
    ).format(length=16, read=4)


def test_what_a_member_says_of_the_roll_becomes_a_case(box: Box, server: Server) -> None:
    assert server.ask("/b/wrong", {"code": code(box, 4), "says": "支部写错了"})[:2] == (
        200,
        {"outcome": "noted"},
    )
    lines = (box.place.folder / CASES).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"member": box.question.voters[4].id, "says": "支部写错了"}
    ]


def test_the_office_sees_who_took_part_and_nobody_else_may(box: Box, server: Server) -> None:
    for path in ("/b/roll", "/b/replace", "/b/strike", "/b/extend", "/b/cases"):
        status, said, _headers = server.ask(path, {})
        assert (status, said["rule"]) == (403, "B.7")
        assert server.ask(path, {}, token="x" * 43)[0] == 403
    status, said, _headers = server.ask("/b/roll", {}, token=server.token)
    assert status == 200
    assert {row[0] for row in said["roll"]} == {voter.id for voter in box.question.voters}
    assert all(
        set(row) <= {*row[:2], "good", "spent", "dead", "微信", "上门", "会议", "", row[4]}
        for row in said["roll"]
    )


def test_a_lost_slip_is_replaced_and_the_old_one_is_dead(box: Box, server: Server) -> None:
    member = box.question.voters[5].id
    status, said, _headers = server.ask("/b/replace", {"member": member}, token=server.token)
    assert (status, said["retired"]) == (200, 1)
    assert server.ask("/b/enter", {"code": code(box, 5)})[0] == 409
    assert server.ask("/b/enter", {"code": said["code"]})[1]["name"] == "党员5"


def test_who_took_part_in_the_meeting_is_struck_off(box: Box, server: Server) -> None:
    member = box.question.voters[6].id
    assert server.ask("/b/strike", {"member": member, "channel": "会议"}, token=server.token)[0] == 200
    status, said, _headers = server.ask("/b/name", {"code": code(box, 6), "receipt": "6" * 32})
    assert (status, said["rule"]) == (409, "B.2")
    assert (
        server.ask("/b/strike", {"member": "nobody", "channel": "会议"}, token=server.token)[1]["rule"]
        == "B.2"
    )


def test_two_visitors_bring_what_they_cannot_read(box: Box, server: Server) -> None:
    status, kit, _headers = server.ask("/b/visit", {"visitor": box.visitor})
    assert (status, kit["names"], kit["route"]) == (200, ["王芳", "李强"], ["党员3"])
    receipt = "7" * 32
    inside = json.dumps([receipt, [box.question.voters[0].id], [], "满意"]).encode()
    sealed = Sealer(bytes.fromhex(kit["key"]), kit["box"], kit["size"]).seal(inside).hex()
    brought = {"code": code(box, 7), "handle": codes.handle(receipt).hex(), "sealed": sealed}
    unknown = brought | {"code": "0" * 16, "handle": "0" * 32}
    for _again in range(2):
        status, said, _headers = server.ask(
            "/b/sealed", {"visitor": box.visitor, "brought": [brought, unknown]}
        )
        assert (status, said["taken"], list(said["refused"])) == (200, [brought["handle"]], ["0" * 32])
    assert server.ask("/b/visit", {"visitor": "0" * 16})[1]["rule"] == "B.2"
    # A second nomination for the same code counts for nothing, and two persons will look into it.
    twice = brought | {"handle": codes.handle("8" * 32).hex()}
    for _again in range(2):
        assert server.ask("/b/sealed", {"visitor": box.visitor, "brought": [twice]})[1]["taken"] == []
    rows = server.ask("/b/cases", {}, token=server.token)[1]["cases"]
    assert [row for row in rows if row[2] == "党员7"] == [
        [TOWN, EAST, "党员7", "重复参加，由两人核实", "先前：上门；上门带回：王芳、李强"]
    ]


def test_many_wrong_codes_from_one_address_stop_no_good_one(box: Box, server: Server) -> None:
    answers = [server.ask("/b/enter", {"code": f"{number:016x}"[::-1]})[0] for number in range(1, 70)]
    assert set(answers) == {409, 429}
    assert answers[-1] == 429
    assert server.ask("/b/enter", {"code": code(box, 8)})[0] == 200


def test_whoever_is_told_to_stop_serving_leaves_no_server_behind(tmp_path: Path) -> None:
    box, port = opened(tmp_path / "box"), free_port()
    serving = subprocess.Popen(
        [sys.executable, "-m", "fourgates", "box", "serve", box.place.folder, "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    listening(port)
    serving.terminate()
    assert serving.wait(20) == 0
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass


def test_killed_while_it_takes_them_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    """`FOURGATES_KILLS` times kill -9 in the last minute, each at another moment; what was answered lies in the box, and
    every spent code too."""
    kills = int(os.environ.get("FOURGATES_KILLS", "4"))
    box = opened(tmp_path / "box", people=40 * kills)
    acknowledged: set[str] = set()
    voters = iter(enumerate(box.question.voters))
    for kill in range(kills):
        _until(box, (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
        with served(box) as server:
            until = time.monotonic() + 0.02 + 0.11 * ((kill * 37) % 10) / 10
            for number, voter in voters:
                if time.monotonic() > until:
                    os.killpg(server.process.pid, signal.SIGKILL)
                    server.process.wait(20)
                receipt = f"{number:032x}"
                try:
                    status, said, _headers = server.ask(
                        "/b/name", {"code": box.codes[voter.id], "receipt": receipt}
                    )
                except (OSError, http.client.HTTPException):
                    break
                assert (status, said["outcome"]) == (200, "recorded")
                acknowledged.add(said["tag"])
    found = in_the_box(box)
    assert acknowledged - {paper.tag for paper in found.papers} == set()
    assert len(found.papers) == len(found.took_part)
    assert len(acknowledged) >= kills
