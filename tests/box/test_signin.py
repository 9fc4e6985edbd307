"""Members who sign in with an account that they have, at a real provider on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import oidc_provider_mock
import pytest

from box.boxes import EAST, RECEIPT, Box, opened
from box.test_app import Server, _until, free_port, served
from fourgates import canon
from fourgates.box import signin
from fourgates.box.place import SIGN_IN, secret
from fourgates.errors import Refused

FAR = "2099-01-01T00:00:00Z"
# The provider's own library warns itself of what it will drop.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")


class Answer(NamedTuple):
    """What a browser was answered: status, where it is sent, the cookie that it keeps, and the page."""

    status: int
    location: str
    cookie: str
    page: str


def browsed(address: str, *, cookie: str = "", form: dict[str, str] | None = None) -> Answer:
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)) as link:
        headers = {"cookie": cookie} if cookie else {}
        headers |= {"content-type": "application/x-www-form-urlencoded"} if form else {}
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        link.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = link.getresponse()
        page = answer.read().decode()
        kept = (answer.getheader("set-cookie") or "").partition(";")[0]
        return Answer(answer.status, answer.getheader("location") or "", kept, page)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as provider:
        yield f"http://127.0.0.1:{provider.server_port}"


def said(issuer: str, address: str) -> str:
    return f'issuer = "{issuer}"\nclient_id = "fourgates"\nclient_secret = "known to two"\naddress = "{address}"\n'


def accounts(box: Box) -> dict[tuple[str, str], str]:
    return {
        (voter.name, voter.branch): f"worker-{number}" for number, voter in enumerate(box.question.voters)
    }


@pytest.fixture(scope="module")
def signing(issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Box, Server, str]]:
    folder = tmp_path_factory.mktemp("signing")
    box, port = opened(folder / "box"), free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / "sso.toml").write_text(said(issuer, f"{address}/"), encoding="utf-8")
    kept = signin.kept(_until(box, FAR), signin.provider(folder / "sso.toml"), accounts(box))
    secret(box.place.folder / SIGN_IN, canon.spell(kept))
    with served(box, port) as server:
        yield box, server, address


def at_the_provider(address: str, account: str) -> tuple[Answer, str]:
    """Begin at the box, sign in at the provider; the cookie kept, and the address to which the browser is sent back."""
    begun = browsed(f"{address}/sso")
    assert begun.status == 303
    asked = parse_qs(urlsplit(begun.location).query)
    assert asked["code_challenge_method"] == ["S256"]
    signed = browsed(begun.location, form={"sub": account})
    assert signed.location.startswith(f"{address}/sso/back?")
    return begun, signed.location


def test_whoever_signs_in_gets_a_code_and_the_slip_is_dead(signing: tuple[Box, Server, str]) -> None:
    box, server, address = signing
    assert 'href="/sso"' in browsed(address).page
    begun, back = at_the_provider(address, "worker-3")
    came = browsed(back, cookie=begun.cookie)
    assert (came.status, came.cookie) == (303, "sso=")
    code = came.location.removeprefix("/#")
    assert server.ask("/b/enter", {"code": code})[1]["name"] == "党员3"
    assert server.ask("/b/enter", {"code": box.codes[box.question.voters[3].id]})[0] == 409
    assert server.ask("/b/name", {"code": code, "receipt": RECEIPT})[1]["outcome"] == "recorded"
    # Signing in again gives no second code to who has taken part.
    begun, back = at_the_provider(address, "worker-3")
    again = browsed(back, cookie=begun.cookie)
    assert (again.status, "已经通过推荐箱参加" in again.page) == (409, True)


def test_only_the_browser_that_began_comes_back_and_only_once(signing: tuple[Box, Server, str]) -> None:
    _box, _server, address = signing
    begun, back = at_the_provider(address, "worker-4")
    for cookie in ("", "sso=somebody-else"):
        refused = browsed(back, cookie=cookie)
        assert (refused.status, "不是从这部手机开始的" in refused.page) == (409, True)
        begun, back = at_the_provider(address, "worker-4")
    assert browsed(back, cookie=begun.cookie).status == 303
    assert browsed(back, cookie=begun.cookie).status == 409


def test_an_account_that_is_on_no_roll_and_a_code_nobody_gave_are_refused(
    signing: tuple[Box, Server, str],
) -> None:
    _box, _server, address = signing
    begun, back = at_the_provider(address, "stranger")
    refused = browsed(back, cookie=begun.cookie)
    assert (refused.status, "不在本箱的名册上" in refused.page) == (409, True)
    begun, back = at_the_provider(address, "worker-5")
    forged = back.replace("code=", "code=x")
    refused = browsed(forged, cookie=begun.cookie)
    assert (refused.status, "没有得到单位账号系统的确认" in refused.page) == (409, True)


def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    with served(opened(tmp_path / "box")) as server:
        assert server.ask("/sso")[0] == 404
        assert "/sso" not in server.ask("/")[1]


def test_settings_that_cannot_be_are_refused_and_said_where(tmp_path: Path) -> None:
    file = tmp_path / "sso.toml"
    for text, told in (
        ("issuer = ", "sso.toml"),
        ('issuer = "https://a.example"\n', "client_id"),
        (said("https://a.example", "https://b.example") + 'colour = "red"\n', "colour"),
        (said("http://a.example", "https://b.example"), "http://a.example"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(Refused) as no:
            signin.provider(file)
        assert no.value.rule == "B.11"
        assert told in str(no.value.facts)


def test_accounts_that_say_two_things_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "sso.toml"
    file.write_text(said("https://a.example", "https://b.example"), encoding="utf-8")
    box, provider = opened(tmp_path / "box"), signin.provider(file)
    mine = accounts(box)
    kept = signin.kept(box.question, provider, mine)
    assert sorted(kept.members.values()) == sorted(voter.id for voter in box.question.voters)
    assert not any(account in canon.spell(kept).decode() for account in mine.values())
    for wrong in ({("外人", EAST): "worker-1"}, {**mine, ("党员1", EAST): "worker-0"}):
        with pytest.raises(Refused) as no:
            signin.kept(box.question, provider, wrong)
        assert no.value.rule == "B.11"


def test_a_sign_in_that_takes_too_long_or_one_too_many_is_refused(
    issuer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sso.toml"
    file.write_text(said(issuer, "http://127.0.0.1:1"), encoding="utf-8")
    signing = signin.SignIn(signin.Kept(signin.provider(file), "00" * 32, {}))
    monkeypatch.setattr(signin, "AT_ONCE", 1)
    location, browser = signing.start()
    with pytest.raises(Refused, match="登录的人太多"):
        signing.start()
    monkeypatch.setattr(signin, "LASTS", -1.0)
    (state,) = parse_qs(urlsplit(location).query)["state"]
    signing._begun[state] = signing._begun[state]._replace(until=0.0)
    with pytest.raises(Refused, match="过时"):
        signing.finish(state, "code", browser)
