"""A site served for real: none of two hundred planted values is in its log or in its files, and nobody erased is in a copy."""

from __future__ import annotations

import logging
import re
import shutil
import sqlite3
from base64 import b64decode
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import servers
from fourgates import vault
from fourgates.commands import standing
from fourgates.keeper import Keeper
from fourgates.papers.people import People
from fourgates.store import open_store, portable
from fourgates.vault import Keys
from fourgates.web import serving
from fourgates.web.logs import Bare
from planting import holding, planted, under

SERVE = """
import sys
from pathlib import Path
from fourgates.web import serving
from fourgates.web.logs import Bare
serving.demonstrate(Path(sys.argv[1]), Path(sys.argv[2]))
from fourgates.web.views import supervision
def broken(room):
    raise ValueError(room.names)  # as bad as an error can be
supervision.asked = broken
serving.serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[3]))
"""


class Visitor:
    """Somebody with a browser that keeps its cookies."""

    def __init__(self, address: str) -> None:
        self.address, self._opens = address, build_opener(HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def see(self, path: str, **form: str) -> tuple[int, str]:
        """The status and the page at ``path``; a form is sent with what the page before gave for it."""
        sent = urlencode(form | {"csrfmiddlewaretoken": self._token}).encode() if form else None
        request = Request(f"{self.address}{path}", sent)  # noqa: S310 - our own address
        try:
            with self._opens.open(request, timeout=30) as answer:
                status, page = answer.status, answer.read().decode(errors="replace")
        except HTTPError as no:
            status, page = no.code, no.read().decode(errors="replace")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        self._token = found[1] if found else ""
        return status, page


def kept(store: str) -> People:
    """The names that the keys beside a store open."""
    found = open_store(store)
    try:
        return Keeper(found).people()
    finally:
        found.close()


def test_of_what_is_planted_nothing_is_in_the_log_and_of_who_is_erased_nothing_in_any_copy(
    small_out: Path, tmp_path: Path
) -> None:
    names = standing.names(small_out / "record")
    values = planted(names)
    id_, one = next((id_, one) for id_, one in sorted(names.people.items()) if one.secret)
    home, log, store = tmp_path / "site", tmp_path / "log", f"sqlite:///{tmp_path}/site/records/demo.db"
    person = f"/s/demo/people/{id_}/"
    with servers.shown(SERVE, home, small_out / "record", serving.free("127.0.0.1", 8720), log) as address:
        office = Visitor(address)
        office.see("/")
        assert office.see("/demo/", kind="county")[0] == 200
        assert office.see(f"/s/demo/people/{one.number}/")[0] == 404
        assert office.see(f"/s/demo/county/?q={quote(one.name)}&n={one.number}")[0] == 200
        assert one.number not in office.see(person)[1]
        assert one.number in office.see(f"{person}number/", reason=f"核对{one.name}的材料")[1]
        assert office.see("/s/demo/supervision/")[0] == 500
        portable.backup(open_store(store), tmp_path / "backup.db")
        shutil.copytree(home, tmp_path / "copy", ignore=shutil.ignore_patterns("*.keys"))
        assert holding(values, under(home, tmp_path / "copy", tmp_path / "backup.db")) == set()
        assert kept(store).people == names.people
        office.see(f"{person}erasing/")
        assert office.see(f"{person}erasing/confirm/", ground="误录", name="别人")[0] == 422
        assert kept(store).people == names.people
        assert office.see(f"{person}erasing/confirm/", ground="误录", name=one.name)[0] == 200
        assert one.name not in office.see(person)[1]
    told = log.read_bytes()
    assert (b"/s/demo/supervision/" in told, b"ValueError" in told) == (True, True)
    assert holding(values, [told]) == set()
    left = {other: details for other, details in names.people.items() if other != id_}
    keys = vault.beside(home / "records" / "demo.db")
    for copy in (tmp_path / "backup.db", tmp_path / "copy" / "records" / "demo.db"):
        shutil.copy(keys, vault.beside(copy))
        assert kept(f"sqlite:///{copy}").people == left
    assert kept(store).people == left
    assert opened(home / "site.db", Keys(keys)) == opened(tmp_path / "copy" / "site.db", Keys(keys)) == [None]


def opened(tables: Path, keys: Keys) -> list[bytes | None]:
    """What the keys open of why numbers were looked at."""
    asked = "SELECT selection_id, user_id, person, at, reason FROM web_look"
    with closing(sqlite3.connect(tables)) as own:
        rows = own.execute(asked).fetchall()
    return [
        keys.opened(f"{row}/look/{user}/{person}/{at.replace(' ', 'T')}+00:00", b64decode(reason))
        for row, user, person, at, reason in rows
    ]


def test_an_error_is_told_by_its_place_and_never_by_what_it_says() -> None:
    name = "李梅"
    try:
        try:
            dict[str, str]()[name]
        except KeyError as error:
            raise ValueError(name) from error
    except ValueError as error:
        whole = (ValueError, error, error.__traceback__)
    assert name in logging.Formatter().formatException(whole)
    told = Bare().formatException(whole)
    assert [line for line in told.split("\n") if line and not line.startswith(" ")] == [
        "ValueError",
        "KeyError",
    ]
    assert (told.count(__file__), name in told) == (2, False)
