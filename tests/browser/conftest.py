"""A real browser, and the site served to it as people are served."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

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
    port = serving.free("127.0.0.1", 8700)
    home = tmp_path_factory.mktemp("site") / "home"
    server = subprocess.Popen([sys.executable, "-c", SHOW, home, small_out / "record", str(port)])
    address = f"http://127.0.0.1:{port}"
    for _try in range(300):
        time.sleep(0.1)
        try:
            with urlopen(f"{address}/", timeout=2):  # noqa: S310 - our own address
                break
        except OSError:
            assert server.poll() is None
    yield address
    server.send_signal(signal.SIGINT)
    server.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as found:
        yield found
