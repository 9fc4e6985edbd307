"""A real browser, and the site served to it as people are served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import servers
from browsers import chromium
from fourgates.web import serving

SHOW = """
import sys
from pathlib import Path
from fourgates.web import serving
serving.demonstrate(Path(sys.argv[1]), Path(sys.argv[2]))
serving.serve(Path(sys.argv[1]), "127.0.0.1", int(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def site(small_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration of the small county, in a process of its own."""
    home = tmp_path_factory.mktemp("site") / "home"
    with servers.shown(SHOW, home, small_out / "record", serving.free("127.0.0.1", 8700)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as found:
        yield found
