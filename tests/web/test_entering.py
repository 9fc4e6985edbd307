"""Coming in: the first link, passwords, lock-out, languages, the demonstration's doors, and the headers of every page."""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_removed, authenticator_used
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone
from python_calamine import CalamineWorkbook

from fourgates.errors import Refused
from fourgates.web import tidying
from fourgates.web.accounts import visitor
from fourgates.web.home import Home
from fourgates.web.models import Link, Role, Selection, Token, User

OWN = "django.contrib.auth.backends.ModelBackend"
Visit = Callable[[str], Client]
WORD = "梧桐-槐树-月亮湾-柳河"
FIRST = {"username": "admin", "name": "管理员", "password": WORD}


@pytest.fixture
def browser(db: None) -> Client:
    return Client()


def test_the_first_link_makes_the_administrator_once(browser: Client) -> None:
    secret = Link.issue("first")
    assert User.objects.count() == 0
    assert browser.get(f"/link/{secret}/").status_code == 200
    weak = browser.post(f"/link/{secret}/", {**FIRST, "password": "1234567890"})
    assert (weak.status_code, User.objects.count()) == (422, 0)
    made = browser.post(f"/link/{secret}/", FIRST)
    assert (made.status_code, made.headers["Location"]) == (302, "/installation/")
    assert [(one.username, one.is_superuser) for one in User.objects.all()] == [("admin", True)]
    assert User.objects.get().password.startswith("argon2")
    assert browser.get(f"/link/{secret}/").status_code == 404
    assert Client().get(f"/link/{Link.issue('first')}/").status_code == 404
    assert browser.get("/installation/").status_code == 200


def test_a_link_is_kept_as_a_digest_and_ends(browser: Client) -> None:
    secret = Link.issue("first")
    assert secret not in str(list(Link.objects.values()))
    Link.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert browser.get(f"/link/{secret}/").status_code == 404
    assert browser.get("/link/another/").status_code == 404


def test_the_administrator_begins_a_selection_and_invites_a_clerk(browser: Client, tmp_path: Path) -> None:
    browser.post(f"/link/{Link.issue('first')}/", FIRST)
    with override_settings(INSTALLATION=Home(tmp_path, factor="none")):
        begun = browser.post("/installation/selections/new/", {"title": "代表推选", "slug": "first"})
    assert begun.headers["Location"] == "/s/first/"
    assert browser.get("/s/first/", follow=True).status_code == 200
    clerk = {"username": "clerk", "name": "张三", "selection": "first", "kind": "committee"}
    assert browser.post("/installation/accounts/new/", clerk).status_code == 422
    made = browser.post("/installation/accounts/new/", {**clerk, "place": "城关镇党委"})
    (where,) = re.findall(r"<code>http://testserver(/link/[^<]+)</code>", made.content.decode())
    user = User.objects.get(username="clerk")
    assert not user.has_usable_password()
    assert Role.objects.filter(user=user, kind="committee", unit="城关镇党委").count() == 1
    own = Client()
    assert own.post(where, {"password": WORD}).status_code == 302
    assert own.post(where, {"password": WORD}).status_code == 404
    signed = Client().post("/accounts/login/", {"login": "clerk", "password": WORD})
    assert signed.status_code == 302
    assert [own.get(f"/installation/{asked}").status_code for asked in ("", "?as=xlsx")] == [404, 404]
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/installation/?as=xlsx").content))
    assert book.sheet_names == ["推选", "账号"]
    rows = book.get_sheet_by_name("账号").to_python()
    assert rows[-1] == ["clerk", "张三", "first", "党委经办人", "城关镇党委", ""]
    more = {"username": "clerk", "selection": "first", "kind": "supervisor"}
    assert browser.post("/installation/roles/new/", more).status_code == 302
    assert browser.post("/installation/roles/new/", {**more, "username": "nobody"}).status_code == 422
    role = Role.objects.get(user=user, kind="supervisor")
    assert browser.post(f"/installation/roles/{role.pk}/away/").status_code == 302
    assert not Role.objects.filter(pk=role.pk).exists()


def test_who_has_lost_the_way_in_gets_a_new_link_from_the_administrator(browser: Client) -> None:
    browser.post(f"/link/{Link.issue('first')}/", FIRST)
    user, own = User.objects.create_user("clerk", password=WORD[::-1]), Client()
    own.force_login(user, "django.contrib.auth.backends.ModelBackend")
    Token.objects.create(digest=Token.digested("secret"), user=user, name="x")
    old = Link.issue("set", user)
    assert own.post(f"/installation/accounts/{user.pk}/renew/").status_code == 404
    page = browser.post(f"/installation/accounts/{user.pk}/renew/").content.decode()
    (where,) = re.findall(r"<code>http://testserver(/link/[^<]+)</code>", page)
    assert [own.get("/account/").status_code, own.get(f"/link/{old}/").status_code] == [302, 404]
    assert (Token.objects.count(), User.objects.get(pk=user.pk).has_usable_password()) == (0, False)
    assert Client().post(where, {"password": WORD}).status_code == 302
    assert Client().post("/accounts/login/", {"login": "clerk", "password": WORD}).status_code == 302


def signed_in(user: User) -> Client:
    own = Client()
    own.force_login(user, OWN)
    return own


def turned_back(client: Client, **seconds: int) -> None:
    """Let what the session notes have been so many seconds earlier."""
    session = client.session
    session.update({name: session[name] - by for name, by in seconds.items()})
    session.save()


def test_a_session_ends_after_an_hour_of_rest_and_after_half_a_day(db: None) -> None:
    one = signed_in(User.objects.create(username="one"))
    seen = one.session["seen"]
    with CaptureQueriesContext(connection) as asked:
        one.get("/account/")
    assert [query["sql"] for query in asked if query["sql"].startswith("UPDATE")] == []
    turned_back(one, seen=70)
    with CaptureQueriesContext(connection) as asked:
        one.get("/account/")
    wrote = [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))]
    assert (len(wrote), "django_session" in wrote[0], one.session["seen"] >= seen) == (1, True, True)
    turned_back(one, seen=3590, began=3590)
    assert one.get("/account/").status_code == 200
    turned_back(one, seen=3600)
    assert [one.get("/account/").status_code, Session.objects.count()] == [302, 0]
    half_a_day = signed_in(User.objects.get())
    turned_back(half_a_day, began=12 * 3600)
    assert half_a_day.get("/account/").status_code == 302
    patient = signed_in(User.objects.get())
    turned_back(patient, seen=3700)
    with override_settings(INSTALLATION=Home(idle=90, factor="none")):
        assert patient.get("/account/").status_code == 200


def test_sessions_are_listed_and_end_one_by_one_or_with_the_tokens(db: None) -> None:
    user = User.objects.create_user("one", password=WORD)
    here, there, third = Client(), signed_in(user), signed_in(user)
    for client, where in ((here, "192.0.2.1"), (there, "192.0.2.2"), (third, "192.0.2.3")):
        client.post(f"/link/{Link.issue('enter', user)}/", REMOTE_ADDR=where)
    turned_back(third, seen=3600)
    own, page = UserSession.objects.get(ip="192.0.2.2"), here.get("/accounts/sessions/", follow=True)
    listed = re.findall(r"192\.0\.2\.\d", page.content.decode())
    assert listed == ["192.0.2.2", "192.0.2.2", "192.0.2.1"]  # and its button's own words; here there is none
    assert (
        signed_in(User.objects.create(username="x")).post(f"/account/sessions/{own.pk}/away/").status_code
        == 404
    )
    assert here.post(f"/account/sessions/{own.pk}/away/").status_code == 302
    assert [one.get("/account/").status_code for one in (here, there)] == [200, 302]

    def ended(what: Callable[[], Any]) -> tuple[int, int, int]:
        other = Client()
        other.post(f"/link/{Link.issue('enter', user)}/")
        Token.objects.create(digest=Token.digested("secret"), user=user, name="x")
        what()
        return here.get("/account/").status_code, other.get("/account/").status_code, user.tokens.count()

    changed = {"oldpassword": WORD, "password1": WORD[::-1], "password2": WORD[::-1]}
    factor = TOTP.activate(user, "JBSWY3DPEHPK3PXP").instance

    def asking() -> HttpRequest:
        request = RequestFactory().get("/")
        request.session = here.session
        return request

    ways = {
        "all": lambda: here.post("/account/sessions/away/"),
        "password": lambda: here.post("/accounts/password/change/", changed),
        "factor": lambda: authenticator_removed.send(None, request=asking(), user=user, authenticator=factor),
    }
    assert {name: ended(way) for name, way in ways.items()} == dict.fromkeys(ways, (200, 302, 0))
    codes = RecoveryCodes.activate(user)
    for one, left in ((factor, 1), (codes.instance, 0)):
        Token.objects.all().delete()
        Token.objects.create(digest=Token.digested("secret"), user=user, name="x")
        authenticator_used.send(None, request=asking(), user=user, authenticator=one)
        assert user.tokens.count() == left
    set_anew = Link.issue("set", user)
    assert ended(lambda: Client().post(f"/link/{set_anew}/", {"password": WORD})) == (302, 302, 0)


def test_who_signed_in_from_where_is_kept_half_a_year(db: None) -> None:
    user, now = User.objects.create_user("one", password=WORD), timezone.now()
    Client().post("/accounts/login/", {"login": "one", "password": "no"})
    Client().post("/accounts/login/", {"login": "one", "password": WORD})
    secret = Link.issue("enter", user)
    kinds = (AccessAttempt, AccessLog, UserSession, Session, Link)
    noted = {kind: kind.objects.count() for kind in kinds}
    assert min(noted.values()) > 0
    tidying.tidy(now + timedelta(hours=11))
    assert {kind: kind.objects.count() for kind in kinds} == noted
    tidying.tidy(now + timedelta(days=100))
    assert (AccessLog.objects.count(), UserSession.objects.count(), Session.objects.count()) == (1, 0, 0)
    Link.objects.filter(digest=Link.digested(secret)).update(until=now)
    with override_settings(INSTALLATION=Home(days=10, factor="none")):
        tidying.tidy(now + timedelta(days=11))
    assert {kind: kind.objects.count() for kind in kinds} == dict.fromkeys(kinds, 0)
    tidying.daily()
    Session.objects.create(session_key="x", session_data="", expire_date=now - timedelta(days=1))
    tidying.daily()  # once a day is enough
    assert Session.objects.count() == 1


def test_who_tries_too_often_waits(browser: Client) -> None:
    User.objects.create_user("clerk", password=WORD)
    tries = [
        browser.post("/accounts/login/", {"login": "clerk", "password": "no"}).status_code for _n in range(5)
    ]
    assert tries == [200, 200, 200, 200, 429]
    browser.post("/accounts/login/", {"login": "clerk", "password": WORD})
    assert browser.get("/account/").status_code == 302


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_who_tries_too_often_behind_another_server_shuts_nobody_else_out(browser: Client) -> None:
    user = User.objects.create_user("clerk", password=WORD)

    def tried(name: str, come_from: str) -> int:
        said = {"login": name, "password": WORD}
        return Client().post("/accounts/login/", said, headers={"X-Forwarded-For": come_from}).status_code

    for number in range(12):
        tried(f"nobody{number}", "203.0.113.1")
    # Even the right word opens nothing there for a while. Whatever was said before, the last is who came.
    assert [tried("clerk", f"{said}203.0.113.1") for said in ("", "203.0.113.9, ")] == [200, 200]
    assert tried("clerk", "203.0.113.2") == 302
    answers = [
        visitor(RequestFactory().get("/", headers={"X-Forwarded-For": said}))
        for said in ("203.0.113.9, 203.0.113.1", "")
    ]
    assert (answers, user.has_usable_password()) == (["203.0.113.1", "127.0.0.1"], True)


def test_who_signs_in_sees_their_place(county: Selection) -> None:
    user = User.objects.get(username="clerk")
    user.set_password(WORD)
    user.save()
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": "clerk", "password": WORD}, follow=True)
    assert answer.redirect_chain[:2] == [("/", 302), (f"/s/{county.slug}/", 302)]
    assert answer.status_code == 200
    for page in ("/account/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/"):
        assert browser.get(page, follow=True).status_code == 200, page
    assert browser.post("/accounts/logout/").status_code == 302
    assert browser.get("/account/").status_code == 302


def test_nobody_signs_up(browser: Client) -> None:
    answer = browser.post("/accounts/signup/", {"username": "x", "password1": WORD, "password2": WORD})
    assert (answer.status_code, User.objects.count()) == (200, 0)


def addresses(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    for one in patterns:
        address = before + str(one.pattern).lstrip("^").rstrip("$")
        if hasattr(one, "url_patterns"):
            yield from addresses(one.url_patterns, address)
        elif not {"<", "("} & set(address):
            yield address


def test_no_page_about_an_account_breaks_and_none_is_about_mail(browser: Client) -> None:
    """Whatever the library behind signing in has pages for, signed in and not."""
    own = {one for one in addresses(get_resolver().url_patterns) if one.startswith("accounts/")}
    assert {"accounts/login/", "accounts/2fa/webauthn/add/", "accounts/wecom/login/"} < own
    somebody = Client(raise_request_exception=False)
    somebody.force_login(User.objects.create(username="one"), "django.contrib.auth.backends.ModelBackend")
    found = {one: (browser.get(f"/{one}").status_code, somebody.get(f"/{one}").status_code) for one in own}
    assert [one for one, statuses in found.items() if max(statuses) >= 500] == []
    gone = {one for one, (_visitor, status) in found.items() if status == 404}
    mail = {one for one in own if re.match(r"accounts/(email|confirm-email|password/reset|login/code)", one)}
    doors = {one for one in own if re.match("accounts/(wecom|dingtalk)/", one)}
    assert {one for one in gone if "/2fa/" not in one} == mail | doors  # of second factors there are none yet
    assert {found[one][0] for one in mail | doors} == {302, 404}
    assert (len(mail), len(doors)) == (6, 4)
    asked = somebody.get("/accounts/reauthenticate/").content.decode()
    assert ("password/reset" in asked, 'name="password"' in asked) == (False, True)


def test_a_demonstration_alone_has_doors(county: Selection, tmp_path: Path) -> None:
    browser = Client()
    assert browser.get("/").status_code == 302
    assert browser.post("/demo/", {"kind": "county"}).status_code == 404
    (tmp_path / "demo").write_text("")
    with override_settings(INSTALLATION=Home(tmp_path, factor="none")):
        assert browser.get("/").content.count(b'name="kind"') == 6
        assert browser.post("/demo/", {"kind": "nobody"}).status_code == 404
        entered = browser.post("/demo/", {"kind": "branch"}, follow=True)
    assert (entered.status_code, str(entered.context["user"])) == (200, "secretary")


def test_the_language_is_chosen_and_stays(browser: Client) -> None:
    assert b'lang="zh-Hans"' in browser.get("/accounts/login/").content
    wished = browser.get("/accounts/login/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert b'<html lang="en">' in wished.content
    changed = browser.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert changed.headers["Location"] == "/accounts/login/"
    assert b'<html lang="en">' in browser.get("/accounts/login/").content
    away = browser.post("/language/", {"language": "zh", "next": "https://example.org/"})
    assert away.headers["Location"] == "/"


def test_a_form_from_elsewhere_is_refused() -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/language/", {"language": "en"}).status_code == 403


def test_every_answer_carries_the_headers(county: Selection, visit: Visit) -> None:
    for path in ("/accounts/login/", f"/s/{county.slug}/county/", "/nowhere/"):
        headers = visit("office").get(path, follow=True).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["Cache-Control"] == "no-store, private"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


# --- the home -----------------------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    home = Home(tmp_path / "site")
    secret = home.secret()
    assert (len(secret) >= 64, home.secret()) == (True, secret)
    assert stat.S_IMODE((tmp_path / "site" / "secret.key").stat().st_mode) == 0o600
    assert Home(tmp_path / "other").secret() != secret


def test_one_setting_chooses_the_database(tmp_path: Path) -> None:
    assert Home(tmp_path).tables()["NAME"] == str(tmp_path / "site.db")
    assert Home(tmp_path).store("first") == f"sqlite:///{tmp_path}/records/first.db"
    kept = Home(tmp_path, "postgresql://office:p%40ss@db.example:5433/fourgates")
    asked = {key: kept.tables()[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert asked == {
        "NAME": "fourgates",
        "USER": "office",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
    beside = Home(tmp_path, "postgresql://office:@/fourgates?host=/run/db")
    keys = f"&keys={tmp_path}/keys"
    assert beside.tables()["HOST"] == "/run/db"
    assert beside.store("x") == f"{beside.database}&schema=record_x{keys}/x.json"
    assert kept.store("my-first") == f"{kept.database}?schema=record_my_first{keys}/my-first.json"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOURGATES_HOME", str(tmp_path))
    monkeypatch.setenv("FOURGATES_ORIGIN", "https://select.example")
    monkeypatch.setenv("FOURGATES_HOSTS", "other.example")
    monkeypatch.setenv("FOURGATES_IDLE", "15")
    home = Home.of_environment()
    assert (home.folder, home.secure, home.idle, home.days) == (tmp_path, True, 15, 183)
    monkeypatch.setenv("FOURGATES_LOG_DAYS", "0")
    with pytest.raises(Refused, match="FOURGATES_LOG_DAYS"):
        Home.of_environment()
    assert home.hosts[3:] == ("other.example", "select.example")


def test_the_settings_that_guard_are_on(db: None) -> None:
    assert (settings.DEBUG, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (
        False,
        True,
        "Lax",
    )
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
