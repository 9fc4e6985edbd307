"""What the member's page costs an old phone.

A real Chromium, with the processor slowed six times and a network of 1.6 Mbit/s down, 0.75 up and 150 ms there and back, as
phone audits do. Printed: bytes over the wire, first paint, and when a code can be typed; beside them a page that says one word,
and the limits (100,000 bytes, 1,000 ms).
"""

from __future__ import annotations

import http.server
import os
import statistics
import tempfile
import threading
from pathlib import Path

from benchmarks.box.opening import PORT, open_box, serving
from playwright.sync_api import Browser, sync_playwright

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
TIMES = 5
WORD = b"<!doctype html><meta charset=utf-8><title>x</title><p>x"


class Word(http.server.BaseHTTPRequestHandler):
    """Answers everything with one word."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(WORD)))
        self.end_headers()
        self.wfile.write(WORD)

    def log_message(self, *_said: object) -> None:
        """Nothing."""


def painted(browser: Browser, address: str) -> tuple[float, float, int]:
    """First paint and script ready, in ms after the address was asked for, and bytes over the wire; nothing cached."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, device_scale_factor=2, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    link = context.new_cdp_session(page)
    sizes: list[float] = []
    link.on("Network.loadingFinished", lambda said: sizes.append(said["encodedDataLength"]))
    link.send("Network.enable")
    link.send("Network.emulateNetworkConditions", SLOW)
    link.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto(address, wait_until="load")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    context.close()
    return first, ready, int(sum(sizes))


def measure() -> None:
    """Print what a page of one word costs, and ours."""
    folder = Path(tempfile.mkdtemp()) / "box"
    open_box(folder, 600)
    plain = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Word)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    with (
        serving("asgi", "fourgates.box.served:application", folder, {"FOURGATES_BOX": str(folder)}),
        sync_playwright() as player,
    ):
        browser = player.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for name, address in (
            ("one word", f"http://127.0.0.1:{plain.server_port}/"),
            ("the page", f"http://127.0.0.1:{PORT}/?lang=zh"),
        ):
            rows = [painted(browser, address) for _time in range(TIMES)]
            first, ready, size = (statistics.median(column) for column in zip(*rows, strict=True))
            print(
                f"{name}: first paint {first:.0f} ms (limit 1000), can be typed in {ready:.0f} ms, "
                f"{size:.0f} bytes (limit 100000)"
            )
        browser.close()
