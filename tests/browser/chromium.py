"""Chromium, the served page and what is watched while a page is open."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
VIEWS = ("explore", "compare", "body", "responses", "claims", "library", "about", "glossary", "api")
WAIT_MS = 60_000
SPY = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.broken.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


def chromium_path() -> str | None:
    """Debian's chromium, or what the environment names; None where there is none."""
    return shutil.which(os.environ.get("CHROMIUM", "chromium"))


@contextmanager
def served() -> Iterator[str]:
    """The address of a server of our own; it ends with the block."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "threonate", "web", "--port", "0", "--no-open"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, f"the server said {line!r}"
            yield found[0]
        finally:
            server.terminate()


@contextmanager
def browser() -> Iterator[Any]:
    """A running Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        try:
            yield running
        finally:
            running.close()


@dataclass
class Watched:
    """A page, and what it asked for, complained about and failed with."""

    page: Any
    base: str
    left: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "", view: str = "explore", own: str = "") -> Watched:
        """Go to a view of a scenario and wait until it is drawn."""
        address = f"{self.base}{'?' + query if query else ''}#/{view}{'?' + own if own else ''}"
        if self.page.url.split("#")[0] == address.split("#")[0]:
            self.page.goto("about:blank")
        self.page.goto(address)
        self.drawn()
        return self

    def drawn(self) -> None:
        """Wait until the view shows an answer."""
        self.page.locator("main[data-drawn]").wait_for(timeout=WAIT_MS)

    def address_says(self, text: str) -> bool:
        """Whether the address says so, once it has followed the last change."""
        self.page.wait_for_function("(text) => location.href.includes(text)", arg=text, timeout=WAIT_MS)
        return text in self.page.url

    def evaluate(self, text: str, *argument: Any) -> Any:
        return self.page.evaluate(text, *argument)

    def assert_clean(self) -> None:
        """Nothing left the machine, nothing was logged as an error, no rule of the page was broken."""
        assert self.left == []
        assert self.complaints == []
        assert self.evaluate("() => window.broken") == []


def watched_page(context: Any, base: str) -> Watched:
    """A page of which every request is looked at; what is not loopback is refused and remembered."""
    page = context.new_page()
    watched = Watched(page, base)

    def look(route: Any) -> None:
        parts = urlsplit(route.request.url)
        watched.asked.append(route.request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            watched.left.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    page.route("**/*", look)
    page.add_init_script(SPY)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("console", lambda said: watched.complaints.append(said.text) if said.type == "error" else None)
    page.set_default_timeout(WAIT_MS)
    return watched
