"""A second factor where the installation asks for one: nothing else before it is set up, and it is not taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, override_settings
from django.utils import timezone

from fourgates.errors import Refused
from fourgates.web.accounts import Factors
from fourgates.web.home import ADMINISTRATOR, Home
from fourgates.web.models import Selection, Token, User
from fourgates.web.roles import KINDS
from web.test_pages import paths

Visit = Callable[[str], Client]
SET_UP = "/accounts/2fa/"
KEY = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def asked(county: Selection) -> Iterator[Selection]:
    """The county as an installation serves it that says nothing of second factors."""
    with override_settings(INSTALLATION=Home()):
        yield county


def test_whoever_must_have_one_is_led_there_from_everywhere(asked: Selection, visit: Visit) -> None:
    client = visit("office")
    for name, path in paths(asked):
        if name != "office" or path.startswith(("/public/", "/in/")):
            continue
        answer = client.get(path)
        if answer.status_code != 404:  # where nothing is, nothing is led away from
            assert (path, answer.status_code, answer.headers.get("Location")) == (path, 302, SET_UP)
    sent = client.post(f"/s/{asked.slug}/consultation/ask/")
    assert (sent.status_code, sent.headers["Location"]) == (302, SET_UP)
    assert "第二重验证" in client.get(f"/s/{asked.slug}/county/", follow=True).content.decode()
    assert client.post("/language/", {"language": "zh", "next": "/"}).headers["Location"] == "/"
    assert visit("secretary").get(f"/s/{asked.slug}/", follow=True).status_code == 200


def test_with_one_everything_is_open_and_it_stays(asked: Selection, visit: Visit) -> None:
    client, user = visit("office"), User.objects.get(username="office")
    codes = RecoveryCodes.activate(user)
    assert client.get(f"/s/{asked.slug}/county/").status_code == 302  # recovery codes alone are none
    first = TOTP.activate(user, KEY).instance
    assert client.get(f"/s/{asked.slug}/county/").status_code == 200
    assert client.session["factor"] is True
    assert not Factors().can_delete_authenticator(first)
    passkey = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    assert Factors().can_delete_authenticator(first)
    away = f"/accounts/2fa/webauthn/keys/{passkey.pk}/remove/"
    assert (
        client.get(away).headers["Location"].startswith("/accounts/reauthenticate/")
    )  # asked who it is, not turned away
    codes.instance.delete()
    first.delete()
    for ask in (client.get, client.post):
        assert ask(away).headers["Location"] == SET_UP
    assert "最后一个" in client.get(SET_UP).content.decode()
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
    first = TOTP.activate(user, KEY).instance
    passkey.delete()
    with override_settings(INSTALLATION=Home(factor="none")):
        assert Factors().can_delete_authenticator(first)
    first.delete()


def test_a_token_is_good_for_nothing_without_one(asked: Selection, client: Client) -> None:
    user = User.objects.get(username="office")
    Token.objects.create(
        digest=Token.digested("key"), user=user, name="程序", until=timezone.now() + timedelta(days=1)
    )
    where, head = f"/api/s/{asked.slug}/overview", {"Authorization": "Bearer key"}
    no = client.get(where, headers=head)
    assert (no.status_code, no.json()["rule"]) == (409, "F.10")
    factor = TOTP.activate(user, KEY).instance
    assert client.get(where, headers=head).status_code == 200
    factor.delete()


def test_the_setting_says_who(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(said: str) -> frozenset[str]:
        monkeypatch.setenv("FOURGATES_SECOND_FACTOR", said)
        return Home.of_environment().factors

    assert asked("") == {ADMINISTRATOR, "county"}
    assert [*map(asked, ("none", "all"))] == [frozenset(), frozenset({ADMINISTRATOR, *KINDS})]
    assert asked("county, supervisor") == {"county", "supervisor"}
    with pytest.raises(Refused, match=r"F\.10"):
        asked("everybody")
