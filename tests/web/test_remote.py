"""The terminal asks a site what it asks a folder, and gets the same answers."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.simple_server import make_server

import click
import pytest
from click.testing import Result

import counties
import servers
from fourgates.commands import remote
from fourgates.errors import Refused
from fourgates.web import records, wsgi
from fourgates.web.models import Selection, Token, User
from scripts import docs


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


# Every command: those that ask a record take --site, and of the others it is said why not.
ASKS = {
    "verify", "figures", "log", "why", "bundle", "diff", "export", "receive", "papers write", "papers check", "forms new",
    "store import", "rehearse", "checkpoint code", "checkpoint publish", "witness ask", "receipt",
}  # fmt: skip
ASKS_NO_RECORD = {
    "runs over the county folder; a site is handed the same workbooks on its page or through the interface": {"run", "import"},
    "writes into a record of its own, or holds the record's key; a site writes its own": {
        "checkpoint sign", "checkpoint policy", "witness take", "witness send", "box open", "box extend", "box close",
        "box publish", "erase", "retention",
    },
    "asks a database": {"store export", "store verify", "store sign", "backup", "restore"},
    "is about the box beside a site": {
        "box serve", "box roll", "box sso", "box replace", "box strike", "box visit", "box outbox", "box send", "box cases",
        "box find",
    },
    "is the witness's own": {"witness new", "witness watch", "witness sign", "witness serve"},
    "is about tables, without a record": {
        "slate solve", "slate check", "slate explain", "slate swap", "slate draw", "slate elect", "names sort",
    },
    "is about records taken in before": {"levels"},
    "is about no record": {"papers kinds", "papers templates", "simulate county", "keys new", "keys show", "demo"},
    "is the site": {"serve", "site backup", "site restore"},
}  # fmt: skip


def test_every_command_that_asks_a_record_asks_one_on_a_site() -> None:
    every = {
        one.command_path.removeprefix("fourgates "): {param.name for param in one.command.params}
        for one in docs.commands(docs.terminal())
        if not isinstance(one.command, click.Group)
    }
    assert {name for name, params in every.items() if "site" in params} == ASKS
    without = [name for names in ASKS_NO_RECORD.values() for name in names]
    assert sorted(without) == sorted(every.keys() - ASKS)


def test_a_site_answers_as_a_folder(
    county: Selection, small_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of where files were written names different places; everything else is the same, and so are the files."""
    user = User.objects.get(username="office")
    Token.objects.create(digest=Token.digested("secret"), user=user, name="terminal")
    token, record = ("--token", "secret"), small_out / "record"
    who = next(iter(records.keeper(county).current().facts.roster().members))
    monkeypatch.chdir(tmp_path)
    for words in (
        ["figures", "RECORD"],
        ["log", "RECORD"],
        ["why", "RECORD", who],
        ["rehearse", "RECORD", "--json"],
        ["diff", "RECORD", "3", "12"],
        ["export", "RECORD", "--as", "xes"],
        ["bundle", "RECORD", "INTO"],
        ["papers", "write", "RECORD", "summary", "--into", "INTO"],
    ):
        here, there = tmp_path / f"here {words[0]}", tmp_path / f"there {words[0]}"
        one = counties.asked(*({"RECORD": record, "INTO": here}.get(word, word) for word in words))
        other = answered(*({"RECORD": county.slug, "INTO": there}.get(word, word) for word in words), *token)
        assert (other.exit_code, other.output.replace("there", "here")) == (one.exit_code, one.output), words
        assert ("INTO" in words) == here.exists() == there.exists()
        if "INTO" in words:
            assert counties.files(there) == counties.files(here)
    verdict = answered("verify", county.slug, "--json", *token)  # a store keeps checkpoints of its own
    assert ('"holds": true' in verdict.output, verdict.exit_code) == (True, 0)
    refused = answered("figures", county.slug, "--token", "another")
    assert (refused.exit_code, "401" in refused.output) == (2, True)


def test_papers_from_a_site_are_put_where_the_command_was_given(
    county: Selection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User.objects.get(username="office")
    Token.objects.create(digest=Token.digested("secret"), user=user, name="terminal")
    monkeypatch.chdir(tmp_path)
    assert answered("papers", "write", county.slug, "minutes", "--token", "secret").exit_code == 0
    assert next(Path("文书").rglob("*.docx")).is_file()


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
