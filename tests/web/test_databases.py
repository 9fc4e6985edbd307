"""The whole site on PostgreSQL as on SQLite: the same pages to everybody, written to, backed up, restored, and the same again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import databases

WALK = """
import hashlib, json, re, sys
from pathlib import Path
from fourgates.web import serving
home, record = Path(sys.argv[1]), sys.argv[2]
serving.demonstrate(home, Path(record)) if record else serving.prepare(home)
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
from fourgates.web import access, backups, looks, records
from fourgates.web.models import Look, Role, Selection
row = Selection.objects.get()
facts = records.keeper(row).current().facts
tree = facts.register()
committee = tree.committees()[0].name
branch = tree.branches(committee)[0].name
person = next(one.id for one in facts.roster().members.values() if one.branch == branch)
of, own, at = access.key(committee), access.key(branch), f"/s/{row.slug}/"
PAGES = ["county/", "screen/", "log/", f"units/{of}/", f"units/{own}/", f"units/{own}/marks/", f"units/{of}/allotment/",
         f"people/{person}/", "figures/members/", "consultation/", "meetings/", "supervision/", "looks/"]
ALONE = re.compile(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"')
clients = {}
for role in Role.objects.filter(kind__in=["county", "branch", "department"]).order_by("pk"):
    clients[role.kind] = Client()
    clients[role.kind].force_login(role.user, backend="django.contrib.auth.backends.ModelBackend")
def walked(pages):
    said = {}
    for kind, client in clients.items():
        for page in pages:
            answer = client.get(at + page)
            shown = ALONE.sub("", answer.content.decode())
            said[f"{kind} {page}"] = [answer.status_code, hashlib.sha256(shown.encode()).hexdigest()]
    return said
told = {"database": settings.DATABASES["default"]["ENGINE"], "before": walked(PAGES) if record else {}}
if record:
    secretary = clients["branch"]
    page = secretary.get(f"{at}units/{own}/marks/").content.decode()
    channel, where = re.search(r'name="channel" value="([^"]+)" formaction="([^"]+)"', page).groups()
    day = re.search(r'name="day" value="([^"]+)"', page)[1]
    sent = {"day": day, "channel": channel, "second": "\u674e\u56db"}
    told["written"] = [secretary.post(where, sent).status_code,
                       secretary.post(f"{at}people/{person}/number/", {"reason": "\u6838\u5bf9\u5fd7\u613f\u4e66"}).status_code]
    backups.pack(home.parent / f"{home.name}.zip", home.parent / f"{home.name}.zip.key")
told["after"] = {name: status for name, (status, _digest) in walked(PAGES[:3]).items()}
told["entries"] = records.keeper(row).current().n
told["looks"] = [[one.person, looks.reason(one)] for one in Look.objects.all()]
print(json.dumps(told))
"""


def run(words: list[str], database: str) -> str:
    """What a program of ours prints, with its tables and its records in ``database``; in files where it is empty."""
    env = {**os.environ, "FOURGATES_DATABASE": database}
    done = subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def walked(home: Path, record: str, database: str) -> dict[str, Any]:
    """What the walk through a site says."""
    found: dict[str, Any] = json.loads(run(["-c", WALK, str(home), record], database))
    return found


def test_a_site_is_the_same_in_either_database(postgresql: str, small_out: Path, tmp_path: Path) -> None:
    files = walked(tmp_path / "files", str(small_out / "record"), "")
    one, other = databases.made(postgresql, "site"), databases.made(postgresql, "restored")
    tables = walked(tmp_path / "tables", str(small_out / "record"), one)
    assert [files.pop("database"), tables.pop("database")] == [
        f"django.db.backends.{name}" for name in ("sqlite3", "postgresql")
    ]
    assert tables == files
    assert tables["written"] == [302, 200]
    run(["-m", "fourgates", "site", "restore", str(tmp_path / "tables.zip"), str(tmp_path / "new")], other)
    again = walked(tmp_path / "new", "", other)
    assert {name: again[name] for name in ("after", "entries", "looks")} == {
        name: tables[name] for name in ("after", "entries", "looks")
    }
