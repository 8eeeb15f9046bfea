"""Every page, in both languages, light and dark, on a phone: nothing that a screen reader stumbles over, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.console_desk import Desk

#: Addresses that need no more than the made-up seller.
PAGES = (
    "/", "/strandings/", "/strandings/?due=30&cause=listing-closed", "/strandings/?q=nothing-is-called-so", "/strandings/1/", "/plans/", "/tasks/",
    "/removals/", "/journal/", "/trends/", "/settings/", "/settings/1/", "/settings/1/policy/", "/upload/", "/people/", "/account/",
    "/settings/work/", "/settings/alarms/", "/settings/recipients/", "/settings/add/", "/settings/1/policy/edit/", "/settings/1/amazon/", "/tokens/",
    "/gallery/", "/causes/listing-closed/", "/remedies/create-removal/", "/no-such-page/",
)  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_axe_finds_nothing(opened: Callable[..., Page], language: str) -> None:
    page = opened()
    choose(page, language)
    for path in PAGES:
        page.goto(f"{base(page)}{path}")
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == [], path


def test_dark_pages_have_contrast_too(opened: Callable[..., Page]) -> None:
    page = opened(color_scheme="dark")
    for path in PAGES:
        page.goto(f"{base(page)}{path}")
        assert violations(page) == [], path


def test_nothing_is_wider_than_a_phone(opened: Callable[..., Page]) -> None:
    page = opened(viewport={"width": 360, "height": 740})
    for path in PAGES:
        page.goto(f"{base(page)}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_keyboard_alone_reaches_the_table(opened: Callable[..., Page]) -> None:
    """The first key leads past the navigation; Enter follows it."""
    page = opened()
    page.goto(f"{base(page)}/strandings/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def base(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def choose(page: Page, language: str) -> None:
    if page.locator("html").get_attribute("lang") != language:
        page.locator('button[name="language"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_heavier_than_200_kilobytes(desk: Desk, path: str) -> None:
    """Before images; what is longer comes in pages."""
    assert len(desk.visitor.get(path).content) < 200_000
