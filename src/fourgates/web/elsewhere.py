"""Signing in with an account kept elsewhere (统一登录): OpenID Connect, WeCom and DingTalk, as ``sign-in.toml`` lists them.

Nobody gets an account this way. An account of the site is joined to one elsewhere by its owner, once signed in; or, where the
list says ``same_names = true``, by having the same name there as here. The secrets stand in that file alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from fourgates.errors import Refused
from fourgates.i18n import mark

LIST = "sign-in.toml"
SIGN_IN = {"wecom": "https://login.work.weixin.qq.com", "dingtalk": "https://login.dingtalk.com"}
NAMES = {"oidc": "OpenID Connect", "wecom": mark("企业微信"), "dingtalk": mark("钉钉")}


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way in: ``client`` and ``secret`` as the other side gave them (WeCom: corp id and application secret), ``id`` its part
    of the addresses here, ``name`` what people read, ``server`` the issuer (OpenID Connect) or another host than the usual one,
    ``agent`` the number of the WeCom application, ``origins`` where else the browser is sent to sign in."""

    kind: Literal["oidc", "wecom", "dingtalk"]
    client: str
    secret: str
    id: str = "office"
    name: str = ""
    server: str = ""
    agent: str = ""
    same_names: bool = False
    origins: tuple[str, ...] = ()


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    door: tuple[Door, ...] = ()


def doors(folder: Path | None) -> tuple[Door, ...]:
    """The doors that the installation's list names; none where there is no list. ``Refused`` (F.10) where it cannot be read."""
    path = folder / LIST if folder is not None else None
    if path is None or not path.exists():
        return ()
    try:
        return msgspec.toml.decode(path.read_bytes(), type=_List).door
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused("F.10", "{file}读不懂：{why}", file=LIST, why=str(error)) from None


def providers(opened: Iterable[Door]) -> dict[str, Any]:
    """The doors as the library that opens them wants them."""
    found: dict[str, Any] = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile"]},
        "wecom": {},
        "dingtalk": {},
    }
    for one in opened:
        provider = "openid_connect" if one.kind == "oidc" else one.kind
        told = {
            "provider_id": one.id if one.kind == "oidc" else one.kind,
            "name": one.name or NAMES[one.kind],
            "client_id": one.client,
            "secret": one.secret,
            "key": one.agent,
            "settings": {"server_url": one.server, "same_names": one.same_names},
        }
        found[provider].setdefault("APPS", []).append(told)
    return found


def origins(opened: Iterable[Door]) -> list[str]:
    """Where a form here may send the browser to, so that somebody signs in there."""
    found = []
    for one in opened:
        parts = urlsplit(one.server or SIGN_IN.get(one.kind, ""))
        found += [f"{parts.scheme}://{parts.netloc}", *one.origins]
    return found
