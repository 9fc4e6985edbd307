"""The box's own small server (推荐页面服务): a page, and what it may ask. It writes no log of who asks.

Members: ``POST /b/enter`` a code → the own roll entry and what is asked; ``POST /b/name`` an answer → recorded, changed
or already; ``POST /b/wrong`` → a case for the branch. Visitors: ``POST /b/visit`` → their kit; ``POST /b/sealed`` → what
they bring. Whoever signs in elsewhere: ``GET /sso``, and back. The office, with its token: ``POST /b/roll``, ``/b/replace``,
``/b/strike``, ``/b/extend``, ``/b/cases``.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import datetime
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from fourgates import canon, i18n
from fourgates.box import codes, pages
from fourgates.box.asking import Asking, Body
from fourgates.box.desk import Desk
from fourgates.box.pages import CHINA, Headers
from fourgates.box.patience import Patience
from fourgates.box.question import Answer
from fourgates.errors import Refused
from fourgates.i18n import _

if TYPE_CHECKING:
    from fourgates.box.signin import SignIn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Said = Mapping[bytes, bytes]
Reply = tuple[int, Headers, bytes]
LONGEST = 256 << 10
"""Bytes of a request: a visitor may bring a day's sealed nominations at once."""

_JSON: Headers = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_HTML: Headers = [(b"content-type", b"text/html; charset=utf-8"), *pages.SAFE]
_answer = canon.reader(Answer)


class Site:
    """The ASGI application for one open box; ``ready`` makes the desk once the event loop runs."""

    def __init__(self, ready: Callable[[], tuple[Desk, Asking, SignIn | None]]) -> None:
        self._ready = ready
        self._patience = Patience()
        self._fronts: dict[str, Reply] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            said = dict(scope["headers"])
            with i18n.speaking(_language(scope["query_string"], said.get(b"accept-language", b""))):
                status, headers, content = await self._reply(scope, said, receive)
            length = (b"content-length", str(len(content)).encode())
            await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
            await send({"type": "http.response.body", "body": content})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            said = (await receive())["type"]
            if said == "lifespan.startup":
                self.desk, self.asking, self.signin = self._ready()
            else:
                await self.desk.finish()
            await send({"type": f"{said}.complete"})
            if said == "lifespan.shutdown":
                return

    async def _reply(self, scope: Scope, said: Said, receive: Receive) -> Reply:
        path, method = scope["path"], scope["method"]
        if method == "GET" and path == "/b/health":
            return _said(200, {"open": self.desk.open, "box": self.desk.question.box})
        if method == "GET" and self.signin is not None and path in ("/sso", self.signin.back):
            return await self._sign_in(self.signin, path, scope, said)
        if method == "GET":
            return self._front(path, packed=b"gzip" in said.get(b"accept-encoding", b""))
        if method != "POST":
            return _said(405, {"error": _("不能这样访问")})
        content = await _body(receive)
        form = said.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")
        try:
            if path == "/b/name":
                return await self._name(_form(content) if form else _answer.decode(content), form=form)
            return _said(200, await self.asking.ask(path, content, said.get(b"authorization", b"")))
        except Refused as no:
            (status, sentence), rule = self._no(scope, no), no.rule
        except (ValueError, RecursionError):
            status, sentence, rule = 400, _("发来的内容读不懂"), ""
        except LookupError:
            return _said(404, {"error": _("没有这一页")})
        except Exception:  # noqa: BLE001 - a full disk or a lost database: nothing was taken, and whoever asked is told so
            status, sentence, rule = 503, _("现在存不下来，没有记录，请稍后再试"), ""
        if form:
            return status, _HTML, pages.sorry(sentence)
        return _said(status, {"error": sentence, "rule": rule})

    def _front(self, path: str, *, packed: bool) -> Reply:
        """The page or what it loads, which says nothing secret, packed once for all who can unpack it."""
        key = f"{path} {i18n.spoken()} {packed}"
        if key not in self._fronts:
            status, headers, content = pages.page(path, self.desk.question, sso=self.signin is not None)
            if status != 200:
                return status, headers, content
            if packed:
                headers, content = [*headers, (b"content-encoding", b"gzip")], gzip.compress(content, mtime=0)
            self._fronts[key] = status, headers, content
        return self._fronts[key]

    async def _sign_in(self, signin: SignIn, path: str, scope: Scope, said: Said) -> Reply:
        """To the provider, and back with a fresh code in the address, behind the #, which no browser sends to anybody."""
        secure = "; Secure" if signin.secure else ""
        cookie = "__Host-sso" if signin.secure else "sso"
        try:
            if path == "/sso":
                to, browser = await asyncio.to_thread(signin.start)
                lasts = int(signin.lasts)
            else:
                asked = parse_qs(scope["query_string"].decode("latin-1"))
                state, code = (asked.get(name, [""])[0] for name in ("state", "code"))
                member = await asyncio.to_thread(signin.finish, state, code, _cookie(said, cookie))
                to, browser, lasts = f"/#{(await self.asking.fresh(member))[0]}", "", 0
        except Refused as no:
            return 409, _HTML, pages.sorry(i18n.sentence(no))
        kept = f"{cookie}={browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}"
        headers = [
            (b"location", to.encode()),
            (b"set-cookie", kept.encode()),
            (b"cache-control", b"no-store"),
        ]
        return 303, headers, b""

    async def _name(self, answer: Answer, *, form: bool) -> Reply:
        outcome = await self.desk.take(answer, today())
        tag = codes.tag(answer.receipt)
        if form:
            return 200, _HTML, pages.told(outcome, answer.receipt, tag)
        return _said(200, {"outcome": outcome, "tag": tag})

    def _no(self, scope: Scope, no: Refused) -> tuple[int, str]:
        address = str((scope.get("client") or ("",))[0])
        if no.rule == "B.2" and self._patience.wrong(address, time.monotonic()):
            return 429, _("输错的次数太多，请核对纸条，过几分钟再试")
        return {"B.2": 409, "B.5": 409, "B.7": 403}.get(no.rule, 400), i18n.sentence(no)


def today() -> str:
    """The day in China, as the roll keeps it: no finer time is ever written down."""
    return datetime.now(CHINA).date().isoformat()


def _said(status: int, content: object) -> Reply:
    return status, _JSON, msgspec.json.encode(content)


async def _body(receive: Receive) -> Body:
    """What was sent; ``ValueError`` past ``LONGEST``: more than that is nothing anybody means."""
    pieces, size = [], 0
    while True:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size <= LONGEST:
            pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces) if size <= LONGEST else b""


def _form(content: bytes) -> Answer:
    """The answer from a page without scripts; its receipt is drawn here and shown once."""
    fields = parse_qs(content.decode("utf-8"), max_num_fields=64)
    written = tuple(text.strip() for text in fields.get("written", ()) if text.strip())
    said = {
        "code": fields.get("code", [""])[0],
        "receipt": codes.receipt(),
        "names": fields.get("names", []),
        "written": written,
        "satisfaction": fields.get("satisfaction", [""])[0],
    }
    return msgspec.convert(said, Answer)


def _cookie(said: Said, name: str) -> str:
    try:
        found = SimpleCookie(said.get(b"cookie", b"").decode("latin-1")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


@lru_cache(256)
def _language(query: bytes, accepts: bytes) -> i18n.Language:
    asked = parse_qs(query.decode("latin-1")).get("lang", [None])[0]
    return i18n.choose(asked, accepts.decode("latin-1").partition(",")[0])
