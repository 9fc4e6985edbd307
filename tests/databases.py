"""Databases of the tests: a new one of a PostgreSQL server, and the clock of a site turned in whichever it keeps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

import psycopg


def made(server: str, name: str) -> str:
    """The address of a new database of the server."""
    with psycopg.connect(server, autocommit=True) as own:
        own.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def turn(address: str, ahead: int) -> None:
    """Let the clock of every selection of the site, whose tables are at ``address``, be ``ahead`` seconds ahead of the
    wall: what nobody may do at a screen, and time does by itself."""
    if address.startswith("postgresql"):
        with psycopg.connect(address, autocommit=True) as tables:
            tables.execute("UPDATE web_selection SET ahead = %s", (ahead,))
        return
    with closing(sqlite3.connect(urlsplit(address).path, timeout=20)) as file, file:
        file.execute("UPDATE web_selection SET ahead = ?", (ahead,))
