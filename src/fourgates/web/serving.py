"""Starting the site (启动): its tables, its files, the first administrator's link, and the server."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from fourgates.web import home

if TYPE_CHECKING:
    from fourgates.web.models import Selection

OK = 200


def set_up(folder: Path) -> None:
    """Let ``folder`` be the home of this process."""
    os.environ[home.HOME] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourgates.web.settings")
    import django

    django.setup()


def prepare(folder: Path) -> None:
    """Make ``folder`` a home and bring its tables and its static files up to this version."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    set_up(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    # Here and not above: models may be named only once the site is set up.
    from fourgates.web import jobs, tidying

    jobs.give_up()
    tidying.daily()


def demonstrate(folder: Path, record: Path) -> None:
    """Make ``folder`` a home that shows the record in ``record`` halfway through, where one click enters as anybody."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / home.DEMO).write_text("", encoding="ascii")
    prepare(folder)
    # Here and not above: models may be named only once the site is set up.
    from fourgates.web import demonstration

    demonstration.show(record)


def take_in(record: Path, slug: str) -> int:
    """Open the record in the folder ``record`` as the selection ``slug``, or carry one on that began as the same record; gives
    the number of entries added. ``Broken`` where it does not hold, ``Refused`` (K.6) where another one is there."""
    from django.conf import settings

    from fourgates import bundle
    from fourgates.store import moving, open_store
    from fourgates.web.models import Selection

    title = bundle.verify(record).selection.facts.rulebook().selection.title
    address = settings.INSTALLATION.store(slug)
    store = open_store(address)
    added = moving.bring_in(record, store)
    store.close()
    Selection.objects.get_or_create(slug=slug, defaults={"title": title, "store": address})
    return added


def beside(slug: str, folder: Path) -> None:
    """Say that the box in ``folder`` is the selection's; ``Refused`` (B.8) where there is none, or no such selection."""
    from fourgates.web import boxes

    boxes.beside(_selection(slug), folder)


def kept(slug: str) -> str:
    """Where the selection's record is kept; ``Refused`` (B.8) where there is none."""
    return _selection(slug).store


def _selection(slug: str) -> Selection:
    from fourgates.errors import Refused
    from fourgates.web.models import Selection

    row = Selection.objects.filter(slug=slug).first()
    if row is None:
        raise Refused("B.8", "网站里没有简称为“{slug}”的推选", slug=slug)
    return row


def first_link() -> str:
    """The secret of a link that makes the first administrator; empty when there is one."""
    from fourgates.web.models import Link, User

    if User.objects.filter(is_superuser=True).exists():
        return ""
    Link.objects.filter(purpose="first").delete()
    return Link.issue("first", days=1)


def free(host: str, port: int) -> int:
    """The first port from ``port`` on that nobody listens on."""
    for one in range(port, min(port + 100, 65536)):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                trial.bind((host, one))
                return one
    return port


def address(host: str, port: int) -> str:
    """Where people reach the site: the address that the installation was told, else the one it listens on."""
    from django.conf import settings

    origin: str = settings.INSTALLATION.origin
    return origin.rstrip("/") or f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(folder: Path, host: str, port: int, *, threads: int = 8, once: bool = False) -> bool:
    """Serve until interrupted: one process with threads, so that one writer stands before the database.

    ``once``: stop as soon as the front door has opened, or after a minute. Gives whether it opened; without ``once`` nobody
    looked, and it is ``True``.
    """
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "fourgates.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_enabled=False,
        static_path_route=["/static"],
        static_path_mount=[folder.resolve() / "static"],
        static_path_expires=300,
    )
    opened = threading.Event()
    if once:
        asked = Request(f"http://{host}:{port}/", headers=_forwarded())
        threading.Thread(target=_look, args=(asked, opened), daemon=True).start()
    server.serve()
    return opened.is_set() or not once


def _forwarded() -> dict[str, str]:
    """What the server before this one says of a visitor, where there is one."""
    parts = urlsplit(address("", 0))
    return {"Host": parts.netloc, "X-Forwarded-Proto": "https"} if parts.scheme == "https" else {}


def _look(asked: Request, opened: threading.Event) -> None:
    """Knock at the front door until it opens or a minute has passed, then stop the server as Ctrl-C does."""
    until = time.monotonic() + 60
    while time.monotonic() < until and not opened.is_set():
        try:
            with urlopen(asked, timeout=5) as page:  # noqa: S310 - our own address
                if page.status == OK:
                    opened.set()
        except OSError:
            time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGINT)
