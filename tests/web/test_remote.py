"""The terminal asks a site what it asks a folder, and gets the same answers."""

from __future__ import annotations

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.simple_server import make_server

import click
import pytest
from click.testing import Result

import counties
import servers
from fourgates import bundle
from fourgates.commands import remote, standing
from fourgates.errors import Refused
from fourgates.web import records, serving, wsgi
from fourgates.web.models import Selection, Token, User
from papers import qingwu
from papers.test_import_command import ILL, NEW, WELL
from scripts import docs


def answered(*words: object, times: int = 1) -> Result:
    """The terminal's answer, while this thread serves the site so many times: the tables of a test belong to its thread."""
    with (
        make_server("127.0.0.1", 0, wsgi.application, handler_class=servers.Quiet) as server,
        ThreadPoolExecutor(1) as pool,
    ):
        server.timeout = 20
        site = f"http://127.0.0.1:{server.server_port}"
        asked = pool.submit(counties.asked, *words, "--site", site)
        for _request in range(times):
            server.handle_request()
        return asked.result(60)


# Every command: those that ask a record take --site, and of the others it is said why not.
ASKS = {
    "verify", "figures", "log", "why", "bundle", "diff", "export", "receive", "papers write", "papers check", "forms new",
    "store import", "rehearse", "checkpoint sign", "checkpoint code", "checkpoint policy", "checkpoint publish",
    "witness ask", "witness take", "witness send", "receipt", "run", "import", "erase", "retention",
    "box open", "box extend", "box close", "box publish",
}  # fmt: skip
ASKS_NO_RECORD = {
    "asks a database": {"store export", "store verify", "store sign", "backup", "restore"},
    "asks the box where it lies": {
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
    assert (refused.exit_code, "令牌不对" in refused.output) == (2, True)


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
        remote.unpacked(tmp_path / "a.zip", tmp_path / "out", "record")


BEGUN = """
import sys
from pathlib import Path
from fourgates.web import serving
serving.prepare(Path(sys.argv[1]))
from django.conf import settings
from fourgates.web.models import Role, Selection, Token, User
user = User.objects.create(username="office", name=User.sealed("office", "县委组织部"))
row = Selection.objects.create(slug="county", title="推荐提名", store=settings.INSTALLATION.store("county"))
Role.objects.create(user=user, selection=row, kind="county")
Token.objects.create(digest=Token.digested("secret"), user=user, name="terminal")
serving.serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[3]))
"""


def test_a_county_folder_is_run_on_a_site_as_it_is_here(
    small: Path, small_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes of it is the same, but for ids, which are another in every record; and one person less afterwards."""
    monkeypatch.chdir(tmp_path)
    home, port = tmp_path / "home", serving.free("127.0.0.1", 8780)
    with servers.shown(BEGUN, home, small_out / "record", port) as address:
        site = ("--site", address, "--token", "secret")
        told = ("run", small, "--out", tmp_path / "out", *site, "--selection", "county")
        looked = counties.asked(*told, "--preview")
        assert ("什么也没有记" in looked.output, (tmp_path / "out").exists()) == (True, False)
        done = counties.asked(*told)
        again = counties.asked(*told, "--json")
        same = json.loads((small_out / "summary.json").read_text(encoding="utf-8"))
        assert (done.exit_code, again.exit_code, looked.exit_code) == (0, 0, 0)
        found = json.loads(again.stdout)
        assert (found.pop("record")["entries"], found) == (same.pop("record")["entries"], same)
        files = [
            {name for name in counties.files(out) if not name.startswith("record/")}
            for out in (tmp_path / "out", small_out)
        ]
        assert files[0] == files[1] - {".lock"}
        head = bundle.head(tmp_path / "out" / "record")
        verdict = counties.asked("verify", tmp_path / "out" / "record")
        assert (head.entries, verdict.exit_code) == (bundle.head(small_out / "record").entries, 0)

        who = next(iter(standing.names(tmp_path / "out" / "record").people))
        erased = counties.asked("erase", "county", who, "--ground", "误录", *site)
        assert (erased.exit_code, "已经删除" in erased.output) == (0, True), erased.output
        with remote.fetched(address, "secret", "county") as record:
            left = standing.names(record).people
        assert {who} == standing.names(tmp_path / "out" / "record").people.keys() - left.keys()

        kept = counties.asked("retention", "county", *site)
        assert (kept.exit_code, "没有要删除的" in kept.output) == (0, True), kept.output
        sealed(tmp_path, head.entries + 2, *site)

        assert counties.asked(*told[:3], tmp_path / "none", *site, "--selection", "other").exit_code == 2
        assert (
            "F.10"
            in counties.asked(*told[:4], "--site", address, "--token", "x", "--selection", "county").output
        )
        assert counties.asked(*told[:4], *site).exit_code == 2
        assert counties.asked(*told[:4], "--preview").exit_code == 2
    nobody = counties.asked(*told)
    assert (nobody.exit_code, "没有应答" in nobody.output) == (2, True)


def sealed(place: Path, last: int, *site: object) -> None:
    """A checkpoint over the last entry of a record on a site is signed here, and cosigned by a witness, with keys that stay."""

    def asked(*words: object, status: int = 0) -> str:
        found = counties.asked(*words)
        assert found.exit_code == status, found.output
        return found.output

    asked("keys", "new", place / "key", "--name", "青梧/2022")
    asked("checkpoint", "sign", "county", *site, status=2)
    assert f"封到第{last}条" in asked("checkpoint", "sign", "county", "--key", place / "key", *site)
    witness = asked("witness", "new", place / "witness", "--name", "市委组织部").strip()
    log = asked("keys", "show", place / "key").strip()
    asked("witness", "watch", place / "witness", log)
    (place / "policy").write_text(f"witness 市委 {witness}\nquorum 市委\n", encoding="utf-8")
    assert f"log {log}" in asked("checkpoint", "policy", "county", place / "policy", *site)
    asked("witness", "ask", "county", "市委", "--out", place / "request", *site)
    asked("witness", "sign", place / "witness", place / "request", "--out", place / "answer")
    assert f"第{last}条" in asked("witness", "take", "county", place / "answer", *site)
    verdict = json.loads(asked("verify", "county", "--json", *site))
    found = verdict["checkpoints"]
    assert (found["entries"], found["witnesses"]["市委"]["entries"], found["enough"]) == (last, last, True)
    asked("keys", "new", place / "other", "--name", "另一处")
    asked("checkpoint", "sign", "county", "--key", place / "other", *site, status=2)


def test_a_roster_made_elsewhere_is_taken_over_on_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = qingwu.county(tmp_path / "青梧县")
    roster = qingwu.text(tmp_path / "名册.csv", qingwu.FOREIGN, WELL, NEW, ILL)
    assumed = [f"--assume={one}" for one in ("党籍状态=正常", "流动党员=否", "年老体弱=否")]
    with servers.shown(BEGUN, tmp_path / "home", tmp_path, serving.free("127.0.0.1", 8790)) as address:
        site = ("--site", address, "--token", "secret")
        early = counties.asked("import", roster, "--into", "county", *assumed, *site)
        assert (early.exit_code, "F.8" in early.output) == (2, True)
        counties.asked("run", folder, "--out", tmp_path / "out", *site, "--selection", "county")
        here = counties.asked("import", roster, "--against", folder, *assumed)
        there = counties.asked("import", roster, "--against", "county", *assumed, *site)
        assert (there.exit_code, there.output) == (here.exit_code, here.output)
        with remote.fetched(address, "secret", "county") as record:
            before = bundle.head(record).entries
        done = counties.asked("import", roster, "--into", "county", *assumed, *site)
        assert (done.exit_code, "网站记入了" in done.output) == (1, True), done.output
        with remote.fetched(address, "secret", "county") as record:
            assert bundle.head(record).entries > before
            assert "马小青" in {one.name for one in standing.names(record).people.values()}
        both = counties.asked("import", roster, "--into", "county", "--against", "county", *assumed, *site)
        assert both.exit_code == 2
