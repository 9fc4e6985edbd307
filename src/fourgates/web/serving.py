"""Starting the site (启动): its tables, its files, the first administrator's link, and the server."""

from __future__ import annotations

import os
from pathlib import Path

from fourgates.web import home


def prepare(folder: Path) -> None:
    """Make ``folder`` a home and bring its tables and its static files up to this version."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ[home.HOME] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fourgates.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def first_link() -> str:
    """The secret of a link that makes the first administrator; empty when there is one."""
    from fourgates.web.models import Link, User

    if User.objects.filter(is_superuser=True).exists():
        return ""
    Link.objects.filter(purpose="first").delete()
    return Link.issue("first", days=1)


def serve(folder: Path, host: str, port: int, *, threads: int = 8) -> None:
    """Serve until interrupted: one process with threads, so that one writer stands before the database."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
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
    ).serve()
