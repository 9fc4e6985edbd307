"""Signing in with an account that members have already (单点登录): OpenID Connect, and then a code of the box like any other.

Whoever signs in is given a fresh code in place of the slip's; from there on nothing differs, and no session is kept. The
provider learns that somebody opened the page, never what was named. RFC 6749 with RFC 7636, OpenID Connect Core 3.1.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import jwt
import msgspec
import requests

from fourgates import canon
from fourgates.box.question import Question
from fourgates.errors import Refused

SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
LASTS, AT_ONCE, PATIENCE = 600.0, 20_000, 10.0
"""Seconds that a sign-in may take, how many may be under way, and seconds that the provider may take to answer."""
BACK = "/sso/back"

Filled = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Provider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who says who somebody is: ``issuer``, ``client_id`` and ``client_secret`` as the provider gave them; ``claim``: which
    of its claims names the account; ``address``: the box's own address, as it is registered there."""

    issuer: Filled
    client_id: Filled
    client_secret: Filled
    address: Filled
    claim: Filled = "sub"


class Kept(msgspec.Struct, frozen=True):
    """The provider, and whose account it is: keyed digest of the account → member."""

    provider: Provider
    key: str
    members: Mapping[str, str]


class Begun(NamedTuple):
    """One sign-in under way: what only this browser and the provider know, and until when (monotonic seconds)."""

    browser: str
    verifier: str
    nonce: str
    until: float


def provider(file: Path) -> Provider:
    """The provider as a TOML file names it; ``Refused`` (B.11) where a line is missing, unknown, or no https address."""
    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Provider)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise Refused(
            "B.11", "单点登录的设置读不懂：{file}，{what}", file=file.name, what=str(error)
        ) from None
    for address in (found.issuer, found.address):
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise Refused("B.11", "单点登录的网址要用https：{address}", address=address)
    return found


def kept(question: Question, chosen: Provider, accounts: Mapping[tuple[str, str], str]) -> Kept:
    """What the box keeps of ``accounts`` (by name and branch); ``Refused`` (B.11) where somebody is not on its roll, is one
    of two of the same name there, or two have one account."""
    on_roll: dict[tuple[str, str], list[str]] = {}
    for voter in question.voters:
        on_roll.setdefault((voter.name, voter.branch), []).append(voter.id)
    key, members = secrets.token_bytes(32), dict[str, str]()
    for (name, branch), account in accounts.items():
        found = on_roll.get((name, branch), [])
        if len(found) != 1:
            raise Refused(
                "B.11",
                "本箱名册上{branch}叫“{name}”的有{count}人",
                branch=branch,
                name=name,
                count=len(found),
            )
        if members.setdefault(_digest(key, account), found[0]) != found[0]:
            raise Refused("B.11", "两个人写了同一个账号：{branch}，{name}", branch=branch, name=name)
    return Kept(chosen, key.hex(), members)


def _digest(key: bytes, account: str) -> str:
    return hmac.digest(key, account.encode(), "sha256").hex()


class SignIn:
    """Sign-ins under way. What is kept of one is gone once it has ended, or after ``LASTS`` seconds."""

    back, lasts = BACK, LASTS

    def __init__(self, said: Kept) -> None:
        self._provider, self._key, self._members = said.provider, bytes.fromhex(said.key), said.members
        self._begun: dict[str, Begun] = {}
        self._found: tuple[Mapping[str, Any], jwt.PyJWKClient] | None = None

    @property
    def secure(self) -> bool:
        """Whether the box itself is reached over https, so that its cookie may say so."""
        return self._provider.address.startswith("https:")

    def start(self) -> tuple[str, str]:
        """Where to send the browser, and the cookie by which it is known again. Asks the provider: may take seconds.

        Raises ``Refused`` (B.11) when the provider does not answer as one."""
        state, browser, verifier, nonce = (secrets.token_urlsafe(32) for _each in range(4))
        now = time.monotonic()
        self._begun = {one: begun for one, begun in self._begun.items() if begun.until > now}
        if len(self._begun) >= AT_ONCE:
            raise Refused("B.11", "现在登录的人太多，请稍后再试，或者用纸条上的编码")
        self._begun[state] = Begun(browser, verifier, nonce, now + LASTS)
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self._provider.client_id, "redirect_uri": self._redirect,
            "scope": "openid profile", "state": state, "nonce": nonce, "code_challenge": challenge,
            "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self._discovered()[0]['authorization_endpoint']}?{urlencode(asked)}", browser

    def finish(self, state: str, code: str, browser: str) -> str:
        """The member who came back from the provider; a state counts once. Asks the provider: may take seconds.

        Raises ``Refused`` (B.11): not begun by this browser or too late, not confirmed, or nobody on this box's roll."""
        begun = self._begun.pop(state, None)
        if begun is None or begun.until < time.monotonic() or not hmac.compare_digest(begun.browser, browser):
            raise Refused("B.11", "这次登录不是从这部手机开始的，或者已经过时，请重新登录")
        claims = self._confirmed(code, begun)
        member = self._members.get(_digest(self._key, str(claims.get(self._provider.claim, ""))))
        if member is None:
            raise Refused("B.11", "这个账号不在本箱的名册上，请用纸条上的编码")
        return member

    @property
    def _redirect(self) -> str:
        return self._provider.address.rstrip("/") + BACK

    def _discovered(self) -> tuple[Mapping[str, Any], jwt.PyJWKClient]:
        """What the provider says of itself, and where its keys are read; asked once."""
        if self._found is None:
            found = self._asked(
                "GET", self._provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
            )
            if found.get("issuer") != self._provider.issuer:
                raise _unconfirmed()
            self._found = found, jwt.PyJWKClient(found["jwks_uri"], timeout=PATIENCE)
        return self._found

    def _confirmed(self, code: str, begun: Begun) -> Mapping[str, Any]:
        """The claims of whoever signed in, out of a token that the provider signed for us and for this sign-in."""
        known, keys = self._discovered()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect, "code_verifier": begun.verifier,
        }  # fmt: skip
        own = (self._provider.client_id, self._provider.client_secret)
        given = self._asked("POST", known["token_endpoint"], data=form, auth=own)
        try:
            token = given["id_token"]
            claims: Mapping[str, Any] = jwt.decode(
                token,
                _signer(keys, token),
                algorithms=sorted(SIGNATURES),
                audience=self._provider.client_id,
                issuer=self._provider.issuer,
                options={"require": ["exp", "iat", "sub"]},
            )
        except (LookupError, TypeError, ValueError, jwt.PyJWTError):
            raise _unconfirmed() from None
        if not hmac.compare_digest(str(claims.get("nonce", "")), begun.nonce):
            raise _unconfirmed()
        if self._provider.claim in claims or "userinfo_endpoint" not in known:
            return claims
        told = self._asked(
            "GET",
            known["userinfo_endpoint"],
            headers={"authorization": f"Bearer {given.get('access_token', '')}"},
        )
        return told if told.get("sub") == claims["sub"] else claims

    @staticmethod
    def _asked(method: str, address: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = requests.request(method, address, timeout=PATIENCE, allow_redirects=False, **more)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError):
            raise _unconfirmed() from None
        return found if isinstance(found, dict) else {}


def _signer(keys: jwt.PyJWKClient, token: str) -> Any:
    """The provider's key that signed ``token``: the one it names, or the only one where it names none (Core 10.1)."""
    if "kid" in jwt.get_unverified_header(token):
        return keys.get_signing_key_from_jwt(token).key
    (only,) = keys.get_signing_keys()
    return only.key


def _unconfirmed() -> Refused:
    return Refused("B.11", "登录没有得到单位账号系统的确认，请重试，或者用纸条上的编码")


def read(content: bytes) -> SignIn:
    """What ``kept`` wrote."""
    return SignIn(canon.reader(Kept).decode(content))
