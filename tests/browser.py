"""Pages in a headless Chromium: the one of the system, driven by Playwright; no browser is fetched.

A test opens its pages through the fixture `tabs`; at its end no page may have logged an error or
asked for anything from elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from waiting import PATIENCE

HERE = {"", "127.0.0.1", "localhost"}
"""Hosts that a page may ask; none for a file, a data URL or a blob."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Tabs:
    """The pages of one test."""

    def __init__(self, browser: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.faults: list[str] = []
        """What went wrong: errors on the console, requests to elsewhere."""
        self._browser = browser
        self._loop = loop
        self._contexts: list[Any] = []

    def open(
        self,
        url: str,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: str = "light",
        java_script: bool = True,
        zone: str | None = None,
        locale: str = "en",
    ) -> Any:
        """A page of its own, loaded; `scheme` is `light` or `dark`, the rest is the reader's."""
        # Playwright's loop counts as running from here on: it would be in the way of asyncio.run.
        asyncio._set_running_loop(self._loop)
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=java_script,
            timezone_id=zone,
            locale=locale,
        )
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("console", self._logged)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._requested)
        page.goto(url)
        return page

    def close(self) -> None:
        """Close the pages and let asyncio go on."""
        for context in self._contexts:
            context.close()
        asyncio._set_running_loop(None)

    def _logged(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{message.type}: {message.text}")

    def _requested(self, request: Any) -> None:
        if (urlsplit(request.url).hostname or "") not in HERE:
            self.faults.append(f"request: {request.url}")


def accessibility_faults(page: Any) -> list[str]:
    """What axe-core finds wrong with a page: each rule, and where it is broken."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - an extra

    return [
        f"{broken['id']}: {node['target']} {node['failureSummary']}"
        for broken in Axe().run(page).response["violations"]
        for node in broken["nodes"]
    ]


def ready(page: Any) -> None:
    """Wait until the page has its title, and nothing more to wait for."""
    page.locator("h1").first.wait_for()
    page.locator("[data-again]").wait_for(state="detached")


def settle(page: Any) -> None:
    """The same, and see that the page is no wider than its window and that anybody can use it."""
    ready(page)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{page.url} is wider than the window"
    assert accessibility_faults(page) == [], page.url


@contextmanager
def running_chromium() -> Iterator[tuple[Any, asyncio.AbstractEventLoop]]:
    """The browser, and Playwright's event loop. Skips where either is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        loop = asyncio.get_running_loop()
        # Chromium's sandbox needs rights that a container seldom gives.
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        asyncio._set_running_loop(None)
        yield browser, loop
        asyncio._set_running_loop(loop)
        browser.close()


def leave(page: Any) -> None:
    """Mark the titles of this screen, so that `arrived` waits for those of the next one."""
    page.evaluate("document.querySelectorAll('h1').forEach(each => each.dataset.left = '')")


def arrived(page: Any, heading: str | re.Pattern[str], patience: float = PATIENCE) -> Any:
    """The title of a screen that is there since `leave`, with nothing left to wait for."""
    title = page.get_by_role("heading", level=1, name=heading)
    title = title.and_(page.locator("h1:not([data-left])"))
    title.wait_for(timeout=patience * 1000)
    page.locator("[data-again]").wait_for(state="detached")
    return title


def drop_file(page: Any, where: str, file: Path) -> None:
    """Choose a file at a place for files, once the page listens to it."""
    page.locator(f"[data-ready] {where}").wait_for(state="attached")
    leave(page)
    page.set_input_files(where, file)
