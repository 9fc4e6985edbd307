"""A small county in the site: once halfway through its nominations, once with everything decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

import offices
from fourgates.web import demonstration, records
from fourgates.web.models import Selection


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    """How often somebody has tried is counted across requests, and must not be across tests."""
    cache.clear()


@pytest.fixture(scope="session")
def stores(
    small: Path, small_out: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The addresses of both records, opened once; only to be read."""
    made = offices.stores(small_out, tmp_path_factory.mktemp("stores"))
    yield made
    records.close_all()


@pytest.fixture
def county(db: None, stores: dict[str, str]) -> Selection:
    """The county with everything decided, with its cast; only to be read."""
    return offices.open_county("done", stores["done"])


@pytest.fixture
def halfway(db: None, stores: dict[str, str]) -> Selection:
    """The county in the middle of its nominations, with its cast; only to be read."""
    return offices.open_county("half", stores["half"])


@pytest.fixture
def working(db: None, stores: dict[str, str], tmp_path: Path) -> Iterator[Selection]:
    """The county in the middle of its nominations, on the middle day, in a record of its own to be written to."""
    row = offices.open_county("work", offices.copied(stores["half"], tmp_path / "work.db"))
    demonstration.set_clock(row)
    yield row
    records.close(row)


@pytest.fixture
def hall(db: None, stores: dict[str, str], tmp_path: Path) -> Iterator[Selection]:
    """A county that has decided, on a Monday before a holiday, in a record of its own."""
    row = offices.open_county("hall", offices.copied(stores["done"], tmp_path / "hall.db"))
    offices.morning(row, offices.MONDAY)
    yield row
    records.close(row)


@pytest.fixture
def visit() -> Callable[[str], Client]:
    """A browser that somebody of the cast has signed in with."""
    return offices.visit
