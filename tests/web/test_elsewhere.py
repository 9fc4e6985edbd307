"""Signing in with an account kept elsewhere: an OpenID Connect provider that runs here, and WeCom's two questions."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import make_server

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.test import Client, override_settings
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

import servers
from fourgates.errors import Refused
from fourgates.web import elsewhere
from fourgates.web.models import User

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TOKEN = "一个只用来试的" + "令牌"
OWN = "django.contrib.auth.backends.ModelBackend"


@contextmanager
def opened(text: str, place: Path) -> Iterator[None]:
    """The site with this list of doors."""
    (place / elsewhere.LIST).write_text(text, encoding="utf-8")
    with override_settings(SOCIALACCOUNT_PROVIDERS=elsewhere.providers(elsewhere.doors(place))):
        yield


def oidc(port: int, *more: str) -> str:
    own = ('kind = "oidc"', 'client = "here"', 'secret = "between us"', f'server = "http://localhost:{port}"')
    return "\n".join(["[[door]]", *own, *more])


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    known = [Known(sub="7", claims={"preferred_username": "clerk", "name": "别人看的名字"})]
    with run_server_in_thread(user_claims=known) as server:
        yield server.server_port


def signed(browser: Client, who: str, *, process: str = "login") -> str:
    """Go there, sign in as ``who``, come back; gives where one is led then, empty when one is not let in."""
    away = browser.post(f"/accounts/oidc/office/login/?process={process}")
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert (asked["code_challenge_method"], sorted(asked["scope"][0].split())) == (
        ["S256"],
        ["openid", "profile"],
    )
    back = requests.post(away.headers["Location"], {"sub": who}, allow_redirects=False, timeout=20)
    came = browser.get(back.headers["Location"].removeprefix("http://testserver"))
    return str(came.headers.get("Location", ""))


def test_an_account_elsewhere_opens_what_it_was_joined_to(db: None, provider: int, tmp_path: Path) -> None:
    user = User.objects.create_user("office")
    with opened(oidc(provider), tmp_path):
        assert b"/accounts/oidc/office/login/" in Client().get("/accounts/login/").content
        stranger = Client()
        signed(stranger, "7")
        assert (stranger.get("/account/").status_code, User.objects.count()) == (302, 1)
        own = Client()
        own.force_login(user, backend=OWN)
        assert signed(own, "7", process="connect") == "/accounts/3rdparty/"
        assert own.get("/accounts/3rdparty/").status_code == 200
        again = Client()
        assert signed(again, "7") == "/"
        assert b"<dd>office</dd>" in again.get("/account/").content
        assert [(one.user.username, one.uid, one.extra_data) for one in SocialAccount.objects.all()] == [
            ("office", "7", {})
        ]
        user.is_active = False
        user.save()
        gone = Client()
        signed(gone, "7")
        assert gone.get("/account/").status_code == 302


def test_the_same_name_is_the_same_person_only_where_it_is_said(
    db: None, provider: int, tmp_path: Path
) -> None:
    User.objects.create_user("clerk")
    for said, status in (("same_names = false", 302), ("same_names = true", 200)):
        with opened(oidc(provider, said), tmp_path):
            browser = Client()
            signed(browser, "7")
            assert browser.get("/account/").status_code == status, said


def test_a_code_that_somebody_else_asked_for_is_refused(db: None, provider: int, tmp_path: Path) -> None:
    User.objects.create_user("clerk")
    with opened(oidc(provider, "same_names = true"), tmp_path):
        away = Client().post("/accounts/oidc/office/login/")
        back = requests.post(away.headers["Location"], {"sub": "7"}, allow_redirects=False, timeout=20)
        victim = Client()
        victim.get(back.headers["Location"].removeprefix("http://testserver"))
        assert victim.get("/account/").status_code == 302


@contextmanager
def corporation() -> Iterator[int]:
    """WeCom's two questions, as its manual has them."""

    def answer(environ: dict[str, str], start: object) -> list[bytes]:
        asked = {key: value[0] for key, value in parse_qs(environ["QUERY_STRING"]).items()}
        said: dict[str, object] = {"errcode": 40013}
        if environ["PATH_INFO"] == "/cgi-bin/gettoken" and asked == {"corpid": "ww1", "corpsecret": "s"}:
            said = {"errcode": 0, "access_token": TOKEN, "expires_in": 7200}
        if environ["PATH_INFO"] == "/cgi-bin/auth/getuserinfo" and asked.get("access_token", "") == TOKEN:
            said = {"clerk": {"errcode": 0, "userid": "clerk"}, "guest": {"errcode": 0, "openid": "o"}}[
                asked["code"]
            ]
        start("200 OK", [("Content-Type", "application/json")])  # type: ignore[operator]  # as a server calls it
        return [json.dumps(said).encode()]

    with make_server("127.0.0.1", 0, answer, handler_class=servers.Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("code", "secret", "status"), [("clerk", "s", 200), ("guest", "s", 302), ("clerk", "x", 302)]
)
def test_wecom_says_who_it_is(db: None, tmp_path: Path, code: str, secret: str, status: int) -> None:
    User.objects.create_user("clerk")
    with corporation() as port:
        text = f'[[door]]\nkind = "wecom"\nclient = "ww1"\nsecret = "{secret}"\nagent = "1000002"\nsame_names = true\n'
        with opened(text + f'server = "http://127.0.0.1:{port}"\n', tmp_path):
            browser = Client()
            away = browser.post("/accounts/wecom/login/").headers["Location"]
            asked = {key: value[0] for key, value in parse_qs(urlsplit(away).query).items()}
            assert (asked["appid"], asked["agentid"], asked["login_type"]) == ("ww1", "1000002", "CorpApp")
            browser.get("/accounts/wecom/login/callback/", {"code": code, "state": asked["state"]})
            assert browser.get("/account/").status_code == status


def test_dingtalk_is_a_door(db: None, tmp_path: Path) -> None:
    with opened('[[door]]\nkind = "dingtalk"\nclient = "d"\nsecret = "s"\n', tmp_path):
        away = Client().post("/accounts/dingtalk/login/").headers["Location"]
        assert away.startswith("https://login.dingtalk.com/oauth2/auth?")
    assert elsewhere.origins(elsewhere.doors(tmp_path)) == ["https://login.dingtalk.com"]


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / elsewhere.LIST).write_text('[[door]]\nkind = "other"\n', encoding="utf-8")
    with pytest.raises(Refused, match=re.escape("F.10")):
        elsewhere.doors(tmp_path)
    assert (elsewhere.doors(None), settings.DOORS) == ((), ())
