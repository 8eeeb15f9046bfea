"""A real browser: Debian's Chromium, driven by Playwright, on a console that is served as ``refloat serve`` serves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.console_desk import Desk, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
#: Five seconds, its own default, is less than a busy machine may need.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread for as long as it lives: Django would take our own calls to the store for
    # asynchronous ones, and the engine refuses to begin. So it ends with the module, before other tests come by.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        # As root, and in a container without user namespaces, Chromium has no sandbox of its own.
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("browser")) as desk:
        yield desk


@pytest.fixture
def opened(browser: Browser, desk: Desk) -> Iterator[Callable[..., Page]]:
    """A page of a newcomer who came in by a link; whatever the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(email: str = "sample-owner@localhost", **more: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **more})  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" and not said.location["url"].endswith("/no-such-page/") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(desk.link(email))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
