"""Passkeys in a real browser with a virtual authenticator (WebAuthn, as CDP offers it): registered, listed, signed in with, removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.test_every_page import violations
from tests.console_desk import ACCOUNT, Desk
from tests.console_people import PASSWORD, invited, rows


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser whose device vouches for its owner without being asked; whatever it complains about fails the test."""
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(60_000)
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()
    assert complaints == []


def _base(desk: Desk) -> str:
    """Browsers know passkeys for names, not for numbers: localhost, and not 127.0.0.1."""
    return desk.base.replace("127.0.0.1", "localhost")


def _come_in(page: Page, desk: Desk, email: str, name: str) -> None:
    page.goto(invited(desk, email, "approver", [ACCOUNT]).replace("127.0.0.1", "localhost"))
    page.get_by_label("Your name, as it stands on record").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, again").fill(PASSWORD)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name=name).wait_for()


def _prove(page: Page) -> None:
    """Where a proof is asked for, the password is one."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_registered_lets_in_without_a_password_and_is_removed(page: Page, desk: Desk) -> None:
    _come_in(page, desk, "passkey@example.com", "Pascal Keys")
    page.goto(f"{_base(desk)}/account/2fa/webauthn/add/")
    _prove(page)
    assert violations(page) == []
    page.get_by_label("Name of this passkey").fill("Harbour laptop")
    page.get_by_label("Sign in with this key alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Recovery codes").wait_for()
    assert violations(page) == []
    page.goto(f"{_base(desk)}/account/2fa/webauthn/")
    assert "Harbour laptop" in page.locator("table").inner_text()
    assert violations(page) == []
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Pascal Keys").wait_for()
    entry = rows.AccessEntry.objects.filter(kind="signed-in", by="Pascal Keys").latest("id")
    assert entry.told == {"how": "webauthn"}

    page.goto(f"{_base(desk)}/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove").click()
    _prove(page)
    page.get_by_role("button", name="Remove a passkey").click()
    page.get_by_text("You have no passkey yet.").wait_for()
    assert rows.AccessEntry.objects.filter(kind="factor-removed", by="Pascal Keys", told={"how": "webauthn"}).exists()


def test_a_passkey_is_the_second_factor_after_the_password(page: Page, desk: Desk) -> None:
    _come_in(page, desk, "second@example.com", "Second Factor")
    page.goto(f"{_base(desk)}/account/2fa/webauthn/add/")
    _prove(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Recovery codes").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("second@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second factor").wait_for()
    assert violations(page) == []
    page.goto(f"{_base(desk)}/strandings/")
    assert page.url.endswith("/account/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("link", name="Second Factor").wait_for()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_axe_finds_nothing_on_the_pages_of_people(page: Page, desk: Desk, language: str) -> None:
    page.goto(f"{_base(desk)}/account/login/")
    if page.locator("html").get_attribute("lang") != language:
        page.locator('button[name="language"]').click()
    assert violations(page) == []
    page.goto(desk.link("sample-owner@localhost").replace("127.0.0.1", "localhost"))
    if page.locator("html").get_attribute("lang") != language:
        page.locator('button[name="language"]').click()
    owner = desk.store.people.called("sample-owner@localhost").id
    for path in (
        "/people/",
        f"/people/{owner}/",
        f"/people/{owner}/remove/",
        "/people/record/",
        "/account/",
        "/account/sessions/",
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/password/set/",
    ):
        page.goto(f"{_base(desk)}{path}")
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == [], path
