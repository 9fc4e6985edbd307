"""Behind a server with TLS the site is to be reached with TLS alone, and says so; on the loopback it says nothing of it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fourgates.web import serving

HOST = "select.example"


@contextmanager
def served(home: Path, first: int, **settings: str) -> Iterator[int]:
    """The port, from ``first`` on, of an empty site, served as the command serves it."""
    port = serving.free("127.0.0.1", first)
    server = subprocess.Popen(
        [sys.executable, "-m", "fourgates", "serve", home, "--port", str(port)],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    for _try in range(600):
        try:
            asked(port, "127.0.0.1")
            break
        except OSError:
            time.sleep(0.1)
            assert server.poll() is None
    yield port
    server.send_signal(signal.SIGINT)
    _link, said = server.communicate(timeout=30)
    assert said == b""  # nobody's address is told to the terminal, whatever was typed


def asked(port: int, host: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/accounts/login/", headers={"Host": host, **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_behind_tls_it_is_reached_with_tls_alone(tmp_path: Path) -> None:
    with served(tmp_path / "site", 8740, FOURGATES_ORIGIN=f"https://{HOST}") as port:
        plain = asked(port, HOST)
        assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")
        assert plain.headers["Set-Cookie"] is None
        page = asked(port, HOST, **{"X-Forwarded-Proto": "https"})
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
        name, *flags = page.headers["Set-Cookie"].split("; ")
        assert name.partition("=")[0] == "__Host-csrftoken"
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(flags)
        assert asked(port, "elsewhere.example", **{"X-Forwarded-Proto": "https"}).status == 400


def test_on_the_loopback_nothing_is_said_of_tls(tmp_path: Path) -> None:
    with served(tmp_path / "site", 8750) as port:
        for claims in ({}, {"X-Forwarded-Proto": "https"}):
            page = asked(port, "127.0.0.1", **claims)
            assert (page.status, page.headers["Strict-Transport-Security"]) == (200, None)
            name, *flags = page.headers["Set-Cookie"].split("; ")
            assert (name.partition("=")[0], "Secure" in flags) == ("csrftoken", False)
