"""The terminal asks a site what it asks a folder, and gets the same answers."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.simple_server import make_server

import pytest
from click.testing import Result

import counties
import servers
from fourgates.commands import remote
from fourgates.errors import Refused
from fourgates.web import records, wsgi
from fourgates.web.models import Selection, Token, User


def answered(*words: object) -> Result:
    """The terminal's answer, while this thread serves the site once: the tables of a test belong to its thread."""
    with (
        make_server("127.0.0.1", 0, wsgi.application, handler_class=servers.Quiet) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        server.timeout = 20
        site = f"http://127.0.0.1:{server.server_port}"
        asked = pool.submit(counties.asked, *words, "--site", site)
        server.handle_request()
        return asked.result(60)


def test_a_site_answers_as_a_folder(county: Selection, small_out: Path) -> None:
    user = User.objects.get(username="office")
    Token.objects.create(digest=Token.digested("secret"), user=user, name="terminal")
    token = ("--token", "secret")
    who = next(iter(records.keeper(county).current().facts.roster().members))
    for command, *more in (["figures"], ["log"], ["why", who], ["verify", "--json"]):
        here = counties.asked(command, small_out, *more)
        there = answered(command, county.slug, *more, *token)
        if command == "verify":  # a store keeps checkpoints of its own
            assert ('"holds": true' in there.output, there.exit_code) == (True, 0)
            continue
        assert (there.exit_code, there.output) == (here.exit_code, here.output), command
    refused = answered("figures", county.slug, "--token", "another")
    assert (refused.exit_code, "401" in refused.output) == (2, True)


@pytest.mark.parametrize("site", ["http://select.example", "ftp://127.0.0.1", "select.example"])
def test_a_token_never_travels_in_the_open(site: str) -> None:
    with pytest.raises(Refused, match="https"), remote.fetched(site, "secret", "x"):
        pass


@pytest.mark.parametrize("name", ["record/../../x", "other/x", "/x"])
def test_nothing_of_an_archive_leads_out(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    (tmp_path / "a.zip").write_bytes(out.getvalue())
    with pytest.raises(Refused):
        remote._unpacked(tmp_path / "a.zip", tmp_path / "out")
