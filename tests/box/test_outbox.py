"""Messages to members: read before anything leaves, sent through a real mail server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

import counties
from box.boxes import opened
from box.test_commands import ADDRESS, UNTIL, printed, record
from fourgates.box import codes
from fourgates.box.outbox import Letter, contacts, keep, read
from fourgates.box.place import OUTBOX, Place
from fourgates.errors import Refused

__all__ = ["record"]


class Kept:
    """A mail server that keeps what it is sent, and turns one address away."""

    def __init__(self) -> None:
        self.letters: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        assert isinstance(envelope.content, bytes)
        said = message_from_bytes(envelope.content, policy=policy.default)
        body = said.get_body(("plain", "html"))
        assert body is not None
        self.letters[envelope.rcpt_tos[0]] = body.get_content()
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Kept, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = Kept()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, f"mailto://127.0.0.1:{port}?from=office@example.org&to={{to}}&mode=insecure&format=text"
    server.stop()


def test_what_was_read_in_the_outbox_is_what_arrives(
    record: Path, tmp_path: Path, mail: tuple[Kept, str]
) -> None:
    kept, via = mail
    voters = _voters(record, tmp_path)
    table = tmp_path / "contacts.csv"
    rows = [(name, branch, f"m{number}@example.org") for number, (name, branch) in enumerate(voters[:3])]
    rows += [(*voters[3], "nobody@example.org"), ("查无此人", "某党支部", "x@example.org")]
    table.write_text(
        "姓名,党支部,联系方式\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8-sig"
    )
    asked = counties.asked(
        "box", "open", record, tmp_path / "box", "--until", UNTIL, "--address", ADDRESS, "--slips", tmp_path / "s.html",
        "--contacts", table,
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    assert ("待发箱：4条" in asked.output, "查无此人" in asked.output) == (True, True)
    slips = {codes.read(code) for code in printed(tmp_path / "s.html")}
    shown = counties.asked("box", "outbox", tmp_path / "box").output
    assert shown.count("同志：") == 4
    assert [code for code in slips if code in shown or codes.shown(code) in shown] == []
    assert "m0@example.org" not in shown
    assert kept.letters == {}
    unsure = counties.asked("box", "send", tmp_path / "box", "--via", via, stdin=b"n\n")
    assert (unsure.exit_code, kept.letters) == (1, {})
    sent = counties.asked("box", "send", tmp_path / "box", "--via", via, "--yes")
    assert (sent.exit_code, sorted(kept.letters)) == (1, [f"m{number}@example.org" for number in range(3)])
    text = kept.letters["m0@example.org"]
    assert voters[0][0] in text
    assert [code for code in slips if f"{ADDRESS}#{code}" in text and codes.shown(code) in text] != []
    left = read(Place(tmp_path / "box"))
    assert [letter.to for letter in left] == ["nobody@example.org"]


def _voters(record: Path, tmp_path: Path) -> list[tuple[str, str]]:
    asked = counties.asked(
        "box", "open", record, tmp_path / "other", "--until", UNTIL, "--address", ADDRESS, "--slips", tmp_path / "o.html"
    )  # fmt: skip
    assert asked.exit_code == 0, asked.output
    voters = [(voter.name, voter.branch) for voter in Place(tmp_path / "other").question().voters]
    return [one for one in voters if voters.count(one) == 1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "姓名,联系方式\n张,1\n",
        "姓名,党支部,联系方式\n张三,,13\n",
        "姓名,党支部,联系方式\n张,甲,1\n张,甲,2\n",
    ],
)
def test_a_table_that_cannot_be_right_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "contacts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as no:
        contacts(tmp_path / "contacts.csv")
    assert no.value.rule == "B.10"


def test_an_empty_line_is_passed_over_and_the_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    text = "联系方式,备注,姓名,党支部\n139,x,张三,甲\n,,,\n".encode("gb18030")
    (tmp_path / "contacts.csv").write_bytes(text)
    assert contacts(tmp_path / "contacts.csv") == {("张三", "甲"): "139"}


@pytest.mark.parametrize("via", ["", "mailto://x", "nothing://{to}"])
def test_a_way_of_sending_that_is_none_sends_nothing(tmp_path: Path, via: str) -> None:
    box = opened(tmp_path / "box")
    keep(box.place, [Letter("张三", "甲", "a@example.org", "text")])
    asked = counties.asked("box", "send", tmp_path / "box", "--via", via, "--yes")
    assert (asked.exit_code, "[B.10]" in asked.output) == (2, True)
    assert (tmp_path / "box" / OUTBOX).stat().st_mode & 0o077 == 0
    assert len(read(box.place)) == 1
