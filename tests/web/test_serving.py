"""Serving for real: an empty site with one link and no password, a record brought in, and the demonstration's own moment."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from fourgates import bundle
from fourgates.events import Claim
from fourgates.ledger import Entry
from fourgates.simulate import halfway
from fourgates.store import open_store
from fourgates.web import access, demonstration, records, serving
from fourgates.web.home import Home
from fourgates.web.models import Selection
from fourgates.web.roles import KINDS


def served(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fourgates", "serve", *map(str, words), "--once"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_empty_site_starts_with_one_link(tmp_path: Path, small_out: Path) -> None:
    port = serving.free("127.0.0.1", 8710)
    first = served(tmp_path / "site", "--port", port)
    assert (first.returncode, first.stderr) == (0, "")
    site, link = first.stdout.splitlines()
    assert site == f"网站：http://127.0.0.1:{port}/"
    assert re.fullmatch(rf"设立管理员（只能用一次）：http://127\.0\.0\.1:{port}/link/[\w-]{{32}}/", link)
    again = served(tmp_path / "site", "--port", port, "--record", small_out / "record", "--slug", "county")
    n = bundle.head(small_out / "record").entries
    assert again.stdout.splitlines()[0] == f"放进网站：{small_out / 'record'}，{n}条"
    assert again.stdout.splitlines()[2] != link
    with open_store(f"sqlite:///{tmp_path}/site/records/county.db").reading() as view:
        assert view.head() == bundle.head(small_out / "record")


def test_the_demonstration_is_the_evening_of_the_middle_day(
    small_out: Path, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "INSTALLATION", Home(tmp_path, factor="none"))
    row = demonstration.show(small_out / "record")
    assert demonstration.show(small_out / "record") == row
    window = records.keeper(row).current().facts.rulebook().windows.nomination
    now = records.now(Selection.objects.get().ahead).astimezone(access.CHINA)
    assert (window.first < now.date() < window.last, now.hour) == (True, 17)
    assert sorted(role.kind for role in row.roles.all()) == sorted(KINDS)
    records.close(row)


def test_a_day_knows_nothing_of_the_days_after_it(small_out: Path) -> None:
    record = small_out / "record"
    entries: list[Entry] = [entry for entry, _line in bundle.entries(record)]
    plan = bundle.verify(record).selection.facts.rulebook()
    claims = [entry.event for entry in entries if isinstance(entry.event, Claim)]
    documents = bundle.Documents(record / bundle.DOCUMENTS)
    days = (plan.windows.plan.first, demonstration.middle(plan), plan.windows.county_review.last)
    known = {day: list(halfway.until(claims, documents, day)) for day in days}
    for day, told in known.items():
        assert all(when is None or when <= day for when, _claim, _own in told)
    counts = [len(told) for told in known.values()]
    assert counts == sorted(counts)
    assert {type(claim).__name__ for _when, claim, _own in known[days[1]]} == {
        "PlanAdopted", "UnitsEntered", "RosterEntered", "SanctionsEntered", "StepsRecorded",
        "ParticipationMarked", "NominationsFiled",
    }  # fmt: skip
