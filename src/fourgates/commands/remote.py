"""A record on a site, read from the terminal (远程纪实): fetched with a token, then worked out here like any folder."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import click

from fourgates.commands.answering import answering
from fourgates.errors import Refused
from fourgates.i18n import mark

F = TypeVar("F", bound=Callable[..., Any])
LARGEST = 2 << 30
LOOPBACK = ("localhost", "127.0.0.1", "::1")
WAIT = 120


def of_site(argument: str) -> Callable[[F], F]:
    """The options ``--site URL`` and ``--token``: then ``argument`` is the short name of a selection on that site."""

    def wrapped(command: F) -> F:
        @click.option(
            "--site", default="", metavar="URL", help=mark("从这个网站取纪实；这时参数写推选在网址中的简称")
        )
        @click.option(
            "--token",
            default="",
            envvar="FOURGATES_TOKEN",
            help=mark("接口令牌，可以放在环境变量 FOURGATES_TOKEN 里"),
        )
        @wraps(command)
        def called(*args: Any, site: str, token: str, **told: Any) -> Any:
            if not site or told[argument] is None:
                return command(*args, **told)
            with answering(), fetched(site, token, str(told[argument])) as record:
                return command(*args, **{**told, argument: record})

        return called  # type: ignore[return-value]  # the same command, with two options more

    return wrapped


def asked() -> bool:
    """Whether the command at work was asked about a record on a site: then its folder is gone afterwards."""
    return bool(click.get_current_context().params.get("site"))


@contextmanager
def fetched(site: str, token: str, slug: str) -> Iterator[Path]:
    """The record of the selection ``slug`` in a folder that is gone afterwards; ``Refused`` (F.10) where it cannot be had."""
    parts = urlsplit(site)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Refused("F.10", "网站地址要以 https:// 开头：令牌不能不加密地送出")
    where = f"{site.rstrip('/')}/api/s/{quote(slug, safe='')}/record.zip"
    asked = Request(where, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 - looked at above
    with tempfile.TemporaryDirectory() as place:
        packed = Path(place) / "record.zip"
        try:
            with urlopen(asked, timeout=WAIT) as answer, packed.open("wb") as file:  # noqa: S310 - as above
                size = 0
                while block := answer.read(1 << 20):
                    size += len(block)
                    if size > LARGEST:
                        raise Refused("F.10", "网站给的纪实太大，没有取")
                    file.write(block)
        except HTTPError as error:
            error.close()
            raise Refused(
                "F.10", "网站没有给出“{slug}”的纪实（{status}）：核对简称和令牌", slug=slug, status=error.code
            ) from None
        except URLError as error:
            raise Refused("F.10", "网站没有应答：{what}", what=str(error.reason)) from None
        yield _unpacked(packed, Path(place))


def _unpacked(packed: Path, place: Path) -> Path:
    """The folder in an archive, every name of it held inside."""
    try:
        with zipfile.ZipFile(packed) as archive:
            members = archive.infolist()
            if sum(one.file_size for one in members) > LARGEST:
                raise Refused("F.10", "网站给的纪实太大，没有取")
            for one in members:
                parts = PurePosixPath(one.filename).parts
                if parts[:1] != ("record",) or ".." in parts or "\\" in one.filename:
                    raise Refused("F.10", "网站给的不是纪实")
                archive.extract(one, place)
    except zipfile.BadZipFile:
        raise Refused("F.10", "网站给的不是纪实") from None
    return place / "record"
