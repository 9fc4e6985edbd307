"""A selection on a site, worked with from the terminal (远程纪实): what is said of a folder, with a token, over an address."""

from __future__ import annotations

import http.client
import json
import secrets
import shutil
import ssl
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import click

from fourgates import checkpoints, i18n
from fourgates.commands.answering import answering
from fourgates.errors import Refused
from fourgates.i18n import mark

F = TypeVar("F", bound=Callable[..., Any])
LARGEST = 2 << 30
LONGEST = 1 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WAIT = 120


class Still(HTTPRedirectHandler):
    """Goes nowhere else: a token is for the site that was named."""

    def redirect_request(self, *_asked: Any) -> None:
        """Not followed."""


@dataclass(frozen=True)
class Site:
    """A selection of a site, entered with a token; ``Refused`` (F.10) wherever the site does not answer as it should."""

    url: str
    token: str
    slug: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Refused("F.10", "网站地址要以 https:// 开头：令牌不能不加密地送出")
        if not self.token:
            raise Refused("F.10", "没有令牌：写 --token，或者放在环境变量 FOURGATES_TOKEN 里")

    def told(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """What the site says, read as JSON; ``None`` where it says nothing."""
        with self._answer(method, path, body, headers) as answer:
            content = answer.read(64 << 20)
        try:
            return json.loads(content) if content else None
        except ValueError:
            raise Refused("F.10", "{url}不是我们的网站，或者版本不同", url=self.url) from None

    def handed(
        self, path: str, fields: Mapping[str, str], files: Iterable[tuple[str, str, bytes]], once: str
    ) -> Any:
        """What the site says to a form with these fields and files (field, name, content), which it takes once under a key."""
        line = secrets.token_hex(16)
        named = [(f'name="{name}"', text.encode()) for name, text in fields.items()]
        named += [(f'name="{field}"; filename="{name}"', content) for field, name, content in files]
        body = b"".join(
            f"--{line}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
            for head, content in named
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={line}", "Idempotency-Key": once}
        return self.told("POST", path, body + f"--{line}--\r\n".encode(), **headers)

    def taken(self, path: str, into: Path) -> Path:
        """A file of the site."""
        with self._answer("GET", path, b"", {}) as answer, into.open("wb") as file:
            size = 0
            while block := answer.read(1 << 20):
                size += len(block)
                if size > LARGEST:
                    raise Refused("F.10", "网站给的文件太大，没有取")
                file.write(block)
            if (told := answer.headers.get("Content-Length")) and int(told) != size:
                raise Refused("F.10", "网站没有应答：{what}", what=f"{size}/{told}")
        return into

    @contextmanager
    def _answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Iterator[Any]:
        where = f"{self.url.rstrip('/')}/api/s/{quote(self.slug, safe='')}/{path}"
        spoken = {"Authorization": f"Bearer {self.token}", "Accept-Language": i18n.spoken(), **headers}
        asked = Request(where, body or None, spoken, method=method)  # noqa: S310 - its scheme was looked at
        try:
            with build_opener(Still()).open(asked, timeout=WAIT) as answer:
                yield answer
        except HTTPError as error:
            raise self._no(error) from None
        except (URLError, ssl.SSLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, ssl.SSLCertVerificationError):
                raise Refused(
                    "F.10",
                    "网站的证书不可信（{what}）：把单位的根证书写进环境变量 SSL_CERT_FILE 指的文件再来",
                    what=reason.verify_message,
                ) from None
            raise Refused("F.10", "网站没有应答：{what}", what=str(reason) or type(reason).__name__) from None

    def _no(self, error: HTTPError) -> Refused:
        """Why the site did not do it: the rule it named, or what its answer means."""
        with error:
            try:
                said = json.loads(error.read(LONGEST))
                rule, why = str(said["rule"]), str(said["why"])
            except (ValueError, KeyError, TypeError, OSError):
                rule = why = ""
        if rule:
            return Refused(rule, "{why}", why=why)
        if error.code == 401:
            return Refused("F.10", "令牌不对、过期了或者被收回了：在网站“我的账号”里造一个新的")
        if error.code == 404:
            return Refused(
                "F.10",
                "网站没有“{slug}”，或者令牌的主人看不到：核对简称；整个纪实和表册只有县委组织部能取",
                slug=self.slug,
            )
        if error.code == 413:
            return Refused("F.10", "交来的文件太大，网站不收")
        return Refused("F.10", "网站没有照办（{status}）：{what}", status=error.code, what=why[:200] or "—")


def of_site(argument: str) -> Callable[[F], F]:
    """The options ``--site URL`` and ``--token``: then ``argument`` is the short name of a selection on that site."""
    return _with(argument, mark("从这个网站取纪实；这时参数写推选在网址中的简称"), fetched)


def sealed_on_site(argument: str) -> Callable[[F], F]:
    """The same for a command that signs, or takes in what others signed: its checkpoints are handed to the site afterwards."""
    return _with(
        argument,
        mark("取这个网站的纪实来办，检查点交回网站；这时参数写推选在网址中的简称"),
        handed_back,
    )


def _with(
    argument: str, said: str, opened: Callable[[str, str, str], AbstractContextManager[Path]]
) -> Callable[[F], F]:
    def wrapped(command: F) -> F:
        @addressed(said)
        @wraps(command)
        def called(*args: Any, site: str, token: str, **told: Any) -> Any:
            if not site or told[argument] is None:
                return command(*args, **told)
            with answering(), opened(site, token, str(told[argument])) as record:
                return command(*args, **{**told, argument: record})

        return called  # type: ignore[return-value]  # the same command, with two options more

    return wrapped


def addressed(said: str) -> Callable[[F], F]:
    """The options ``--site URL``, which ``said`` explains, and ``--token``."""

    def wrapped(command: F) -> F:
        token = click.option(
            "--token",
            default="",
            envvar="FOURGATES_TOKEN",
            help=mark("接口令牌，可以放在环境变量 FOURGATES_TOKEN 里"),
        )
        return click.option("--site", default="", metavar="URL", help=said)(token(command))

    return wrapped


def asked() -> bool:
    """Whether the command at work was asked about a record on a site: then its folder is gone afterwards."""
    return bool(click.get_current_context().params.get("site"))


@contextmanager
def fetched(site: str, token: str, slug: str) -> Iterator[Path]:
    """The record of the selection ``slug`` in a folder that is gone afterwards; ``Refused`` (F.10) where it cannot be had."""
    there = Site(site, token, slug)
    with tempfile.TemporaryDirectory() as place:
        yield record(there, Path(place))


@contextmanager
def handed_back(site: str, token: str, slug: str) -> Iterator[Path]:
    """The same; whatever checkpoints it has more afterwards, or with more signatures, go to the site."""
    with fetched(site, token, slug) as record:
        before = checkpoints.read(record)
        yield record
        after = checkpoints.read(record)
        if after != before:
            notes = [str(one) for n, one in after.notes.items() if one != before.notes.get(n)]
            said = json.dumps({"policy": str(after.policy), "notes": notes}).encode()
            Site(site, token, slug).told("POST", "checkpoints", said, **{"Content-Type": "application/json"})


def record(site: Site, place: Path) -> Path:
    """The record of a selection, put into ``place``."""
    packed = site.taken("record.zip", place / "record.zip")
    unpacked(packed, place, "record")
    packed.unlink()
    return place / "record"


def unpacked(packed: Path, place: Path, first: str = "") -> None:
    """Put what is in an archive into ``place``, every name of it held inside, below ``first`` where that is given."""
    try:
        with zipfile.ZipFile(packed) as archive:
            members = archive.infolist()
            if sum(one.file_size for one in members) > LARGEST:
                raise Refused("F.10", "网站给的文件太大，没有取")
            for one in members:
                path = PurePosixPath(one.filename)
                strange = path.is_absolute() or ".." in path.parts or "\\" in one.filename
                if strange or (first and path.parts[:1] != (first,)):
                    raise Refused("F.10", "网站给的不是所要的文件")
                archive.extract(one, place)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Refused("F.10", "网站给的不是所要的文件") from None


def moved(source: Path, target: Path) -> None:
    """Put a folder in the place of another."""
    if target.exists():
        shutil.rmtree(target)
    shutil.move(source, target)
