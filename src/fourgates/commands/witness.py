"""Witnesses (见证): asked and answered by file on a stick, or over HTTP with the same bytes (C2SP tlog-witness)."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import filelock

from fourgates import extracts
from fourgates.commands import helping, remote, standing
from fourgates.commands.answering import UNUSABLE, answering, says, warns
from fourgates.commands.keys import KINDS
from fourgates.errors import Refused
from fourgates.i18n import _, mark
from fourgates.log import key, keyring
from fourgates.log import witness as watching
from fourgates.log.durable import put
from fourgates.log.witness import LARGEST, Answer, Witness

SECONDS = 30
_folder = click.argument("folder", type=click.Path(path_type=Path))
_record = click.argument("record", type=click.Path(path_type=Path))


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


@click.group(
    cls=helping.Group,
    help=mark(
        "见证：上级、纪委、监票人对检查点联署。只有接得上上次所见的才联署，所以纪实不能有两本。\n"
        "可以用优盘传文件（ask、sign、take），也可以走网络（serve、send），内容一样。"
    ),
)
def witness() -> None:
    """Witnesses cosign checkpoints, and only those that go on from what they saw before."""


@witness.command(help=mark("新设一个见证人，它的密钥和记忆放在文件夹 FOLDER；打印公钥。"))
@_folder
@click.option("--name", required=True, help=mark("见证人的名称，不含空格和加号"))
@click.option(
    "--kind", type=click.Choice([one for one in KINDS if one.startswith("witness")]), default="witness"
)
def new(folder: Path, name: str, kind: str) -> None:
    """Set up a witness in FOLDER and print its public key."""
    with answering():
        signer = key.generate(keyring.spelt(name), KINDS[kind])
        watching.found(folder, signer)
        click.echo(str(signer.key))


@witness.command(help=mark("让 FOLDER 的见证人见证公钥为 KEY 的纪实。"))
@_folder
@click.argument("log", metavar="KEY")
def watch(folder: Path, log: str) -> None:
    """Let the witness in FOLDER watch the record of that public KEY."""
    with answering():
        watching.watch(folder, key.read(log))


@witness.command(
    help=mark("FOLDER 的见证人看请求文件 REQUEST：接得上就联署，写到 --out；接不上就说明状态，什么都不写。")
)
@_folder
@click.argument("request", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), required=True, help=mark("联署写到哪里"))
def sign(folder: Path, request: Path, out: Path) -> None:
    """Let the witness in FOLDER cosign what the file REQUEST asks, into --out; else say the status and write nothing."""
    with answering(), request.open("rb") as file:
        answer = Witness(folder).add(file.read(LARGEST + 1), _now())
        if answer.status != 200:
            _refused(answer)
        put(out, answer.body.encode())
        says.print(_("已联署：{file}").format(file=out), markup=False)


def _refused(answer: Answer) -> None:
    """Say why a witness did not cosign, and end."""
    why = {
        400: _("请求读不懂"),
        403: _("检查点没有可信的签名"),
        404: _("不认识这份纪实：请先用 witness watch 加上它的公钥"),
        409: _("见证人上次联署到第{size}条，请按它重新写请求（--old {size}）").format(
            size=answer.body.strip()
        ),
        422: _("接不上上次所见：可能有两本账，请求已留存备查"),
    }
    warns.print(f"{answer.status} {why.get(answer.status, answer.body)}", style="red", markup=False)
    sys.exit(UNUSABLE)


@witness.command(
    help=mark("向见证方案中的见证人 NAME 请求联署纪实 RECORD 最近的检查点：请求写到 --out，拷给对方。")
)
@_record
@click.argument("name")
@remote.of_site("record")
@click.option("--out", type=click.Path(path_type=Path), required=True, help=mark("请求写到哪里"))
@click.option("--old", type=click.IntRange(min=0), help=mark("见证人已联署到第几条（默认看纪实里的联署）"))
def ask(record: Path, name: str, out: Path, old: int | None) -> None:
    """Ask the witness NAME of the policy to cosign the latest checkpoint of RECORD: the request goes into --out."""
    with answering():
        put(out, str(extracts.request(standing.folder(record), name, old)).encode())
        says.print(str(out), markup=False)


@witness.command(help=mark("把见证人交回的联署文件 ANSWER 收进纪实 RECORD；签名不成立的不收。"))
@_record
@remote.sealed_on_site("record")
@click.argument("answer", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def take(record: Path, answer: Path) -> None:
    """Take the cosignatures in the file ANSWER into RECORD."""
    with answering():
        _taken(standing.folder(record), answer.read_bytes())


def _taken(folder: Path, content: bytes) -> None:
    with filelock.FileLock(folder.parent / ".lock", timeout=0):
        size = extracts.take(folder, content)
    says.print(_("已收到第{size}条检查点的联署").format(size=size), markup=False)


@witness.command(help=mark("经网络请求：向 URL 处的见证人 NAME 请求联署，并把联署收进纪实 RECORD。"))
@_record
@remote.sealed_on_site("record")
@click.argument("name")
@click.argument("url")
def send(record: Path, name: str, url: str) -> None:
    """Ask the witness NAME at URL over HTTP and take its cosignature into RECORD."""
    with answering():
        folder = standing.folder(record)
        answer = _post(url, str(extracts.request(folder, name)).encode())
        if answer.status == 409 and answer.body.strip().isdecimal():
            answer = _post(url, str(extracts.request(folder, name, int(answer.body))).encode())
        if answer.status != 200:
            _refused(answer)
        _taken(folder, answer.body.encode())


def _post(url: str, body: bytes) -> Answer:
    """What the witness at ``url`` answers; ``Refused`` (R.8) for another kind of place than HTTP."""
    if not url.startswith(("http://", "https://")):
        raise Refused("R.8", "这不是网址：{url}", url=url)
    asked = urllib.request.Request(f"{url.rstrip('/')}/add-checkpoint", body)  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - checked above
            return Answer(answer.status, answer.read(LARGEST).decode("utf-8", "replace"))
    except urllib.error.HTTPError as no:
        with no:
            return Answer(no.code, no.read(LARGEST).decode("utf-8", "replace"))


@witness.command(
    help=mark(
        "FOLDER 的见证人在网上应答：POST /add-checkpoint 联署，GET /<来源的摘要>/checkpoint 取最近联署的检查点。\n"
        "只听本机的，前面请放反向代理。"
    )
)
@_folder
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8014, show_default=True)
def serve(folder: Path, host: str, port: int) -> None:
    """Let the witness in FOLDER answer over HTTP, until it is told to stop."""
    with answering():
        server = service(folder, host, port)
        says.print(_("见证人在 {host}:{port} 应答").format(host=host, port=server.server_port), markup=False)
        with server:
            server.serve_forever()


def service(folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """The HTTP service of the witness in ``folder``."""
    Witness(folder)  # refuses here what would be refused at every request

    class Service(BaseHTTPRequestHandler):
        """One request at a time to the witness, whose memory is locked while it judges."""

        protocol_version = "HTTP/1.1"
        timeout = SECONDS

        def do_POST(self) -> None:
            """``add-checkpoint``."""
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._answer(Answer(404, "no such place\n"), close=True)
            elif not length.isdecimal() or int(length) > LARGEST:
                self._answer(Answer(400, "no request\n"), close=True)
            else:
                self._answer(Witness(folder).add(self.rfile.read(int(length)), _now()))

        def do_GET(self) -> None:
            """``<origin hash>/checkpoint``."""
            origin, _slash, rest = self.path.strip("/").partition("/")
            known = rest == "checkpoint"
            self._answer(Witness(folder).latest(origin) if known else Answer(404, "no such place\n"))

        def _answer(self, answer: Answer, *, close: bool = False) -> None:
            content = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(content)))
            if close:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the library
            """Say nothing: who asks is nobody's business."""

    return ThreadingHTTPServer((host, port), Service)
