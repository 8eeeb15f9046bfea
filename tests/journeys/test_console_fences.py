"""Every address of the console, tried by those who may not; and what strangers, liars and hostile names bring along.

The addresses come from the urlconf itself, so a page that is added is tried as well. Where a page is for everybody, or a
viewer may send a form, it is named here with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from tests.console_desk import ACCOUNT, Desk, Visitor, served
from tests.console_people import PASSWORD, Address, accepted, addresses, all_rows, code_of, invited, newcomer, rows, sign_in

from refloat.store import Unsealed

OTHER = "Quiet Lagoon Trading"
#: Pages without anybody signed in: signing in itself, and what leads there.
OPEN = {
    "enter", "invitation", "language", "account_login", "account_logout", "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent", "mfa_login_webauthn", "leave", "api-description", "api-docs",
}  # fmt: skip
#: Forms that a viewer may send: about themselves alone, their saved views among it.
ONES_OWN = re.compile(r"account_|mfa_|usersessions_|language$|leave$|enter$|invitation$|save_view$|delete_view$")
#: How a form is refused. 302 counts where it leads to the sign-in.
REFUSED = {400, 401, 403, 404, 405, 422}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("fences"), skus=40) as desk:
        desk.store.accounts.add(OTHER, region="eu", seller_id="AOTHERSELLER", unsealed=Unsealed("a", "b", "c"), at=datetime.now(UTC))
        yield desk


@pytest.fixture(scope="module")
def every(desk: Desk) -> list[Address]:
    found = addresses(desk)
    assert {"home", "strandings", "people-invite", "person-remove", "account_login", "mfa_activate_totp"} <= {one.name for one in found}
    return found


@pytest.fixture(scope="module")
def viewer(desk: Desk) -> Visitor:
    return newcomer(desk, "viewer@example.com", "Vera Viewer", "viewer", [ACCOUNT])


@pytest.fixture(autouse=True)
def _nobody_is_slowed_down(desk: Desk) -> None:
    rows.Throttle.objects.all().delete()


def _values(desk: Desk) -> dict[str, object]:
    """What is really there, so that a page is refused for the role and not because there is nothing."""
    finding = rows.OpenFinding.objects.values_list("id", flat=True).first()
    invitation = rows.Invitation.objects.filter(used_at=None).values_list("id", flat=True).first()
    owner = desk.store.people.called("sample-owner@localhost").id
    return {"person": owner, "invitation": invitation or 1, "account": ACCOUNT, "marketplace": "US", "stranding": finding, "finding": finding, "number": finding, "uidb36": "1", "key": "a-b"}


def _sent(visitor: Visitor, path: str, token: str) -> httpx2.Response:
    return visitor.client.post(path, data={"csrfmiddlewaretoken": token, "email": "evil@example.com", "role": "admin", "all": "yes", "on": "yes"}, headers={"Referer": visitor.base + "/"})


def _token(visitor: Visitor, page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(page, follow=True).text)
    assert found
    return found[1]


def test_a_stranger_sends_no_form_anywhere(desk: Desk, every: list[Address]) -> None:
    invited(desk, "open@example.com", "viewer")
    before, values, stranger = all_rows(), _values(desk), desk.newcomer()
    token = _token(stranger, "/account/login/")
    wrong = {}
    for one in every:
        if one.name in OPEN:
            continue
        answer = _sent(stranger, one.filled(values), token)
        led = answer.status_code == 302 and answer.headers["location"].startswith("/account/login/")
        if not led and answer.status_code not in REFUSED:
            wrong[one.route] = answer.status_code
    assert wrong == {}
    assert all_rows() == before


def test_a_viewer_sends_no_form_but_about_themselves(desk: Desk, every: list[Address], viewer: Visitor) -> None:
    invited(desk, "open@example.com", "viewer")
    before, values, token = all_rows(), _values(desk), _token(viewer, "/")
    wrong = {}
    for one in every:
        if not ONES_OWN.match(one.name):
            answer = _sent(viewer, one.filled(values), token)
            if answer.status_code not in REFUSED:
                wrong[one.route] = answer.status_code
    # Pages that only show answer a form as they answer a look; they change nothing, as the rows tell.
    assert {route: code for route, code in wrong.items() if code != 200} == {}
    assert all_rows() == before


def test_a_stranger_sees_the_way_in_alone(desk: Desk, every: list[Address]) -> None:
    stranger, values = desk.newcomer(), _values(desk)
    seen = {one.route for one in every if one.name not in OPEN and stranger.get(one.filled(values)).status_code == 200}
    assert seen == set()


def test_a_viewer_of_one_account_never_reads_of_the_other(desk: Desk, every: list[Address], viewer: Visitor) -> None:
    values = _values(desk)
    for one in every:
        if one.name in {"leave", "account_logout"}:
            continue
        for asked in (values, values | {"account": OTHER}):
            answer = viewer.get(one.filled(asked))
            assert OTHER not in answer.text, one.route
            assert answer.status_code < 500, one.route


def test_every_page_of_sign_in_is_ours(desk: Desk, every: list[Address]) -> None:
    """No page is allauth's own: it would be without our styles, words and policy."""
    person, values = newcomer(desk, "pages@example.com", "Paula Pages", "viewer", [ACCOUNT]), _values(desk)
    person.post("/account/reauthenticate/", {"password": PASSWORD}, seen="/account/reauthenticate/?next=/account/")
    for visitor in (person, desk.newcomer()):
        for one in every:
            answer = visitor.get(one.filled(values))
            if answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
                assert "refloat/console.css" in answer.text, one.route
                assert "style=" not in answer.text, one.route
                # Data for a script may stand in a page; a script may not.
                assert re.findall(r"<script(?![^>]*(?: src=|type=\"application/json\"))[^>]*>", answer.text) == [], one.route


def test_a_form_without_its_token_changes_nothing(desk: Desk) -> None:
    before = rows.Invitation.objects.count()
    answer = desk.visitor.client.post("/people/invite/", data={"email": "forged@example.com", "role": "admin", "all": "yes"}, headers={"Referer": "https://evil.example/"})
    assert (answer.status_code, "Nothing was changed" in answer.text) == (403, True)
    assert rows.Invitation.objects.count() == before


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example", "\thttps://evil.example"])
def test_nobody_is_sent_elsewhere(desk: Desk, target: str) -> None:
    email = "next@example.com"
    if not rows.Person.objects.filter(email=email).exists():
        newcomer(desk, email, "Next Person", "viewer")
    visitor = desk.newcomer()
    assert sign_in(visitor, email, after=target).headers["location"] == "/"
    assert visitor.post("/language/", {"language": "en", "back": target}, follow=False).headers["location"] == "/"
    # Once somebody is in, the sign-in page leads on by itself: to a place of ours.
    assert visitor.client.get("/account/login/", params={"next": target}).headers["location"] == "/"
    assert visitor.post("/account/logout/", {"next": target}, follow=False).headers["location"] == "/account/login/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
def test_another_host_name_gets_no_link(desk: Desk, host: str) -> None:
    answer = desk.newcomer().client.get("/account/login/", headers={"Host": host})
    assert answer.status_code == 400


def test_a_proxys_header_is_not_believed_without_a_proxy(desk: Desk) -> None:
    desk.newcomer().client.post("/account/login/", data={}, headers={"X-Forwarded-For": "198.51.100.7"})
    newcomer(desk, "proxied@example.com", "Proxied Person", "viewer")
    visitor = desk.newcomer()
    visitor.client.headers["X-Forwarded-For"] = "198.51.100.7"
    sign_in(visitor, "proxied@example.com")
    assert rows.AccessEntry.objects.filter(by="Proxied Person").latest("id").address == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('<script>alert("x")</script>', '<script>alert("x")</script>'),
        ("Eve\u202enimdA", "EvenimdA"),
        ("  Anna\u200b \t Berg\x00 ", "Anna Berg"),
        ("{{ 7*7 }} %s {0}", "{{ 7*7 }} %s {0}"),
        ("王小明", "王小明"),
        ("🚢 Kapitän Ö", "🚢 Kapitän Ö"),
    ],
)
def test_a_hostile_name_stays_a_name(desk: Desk, name: str, kept: str) -> None:
    email = f"hostile-{name.encode().hex()[:24]}@example.com"
    visitor, answer = accepted(desk, invited(desk, email, "viewer", [ACCOUNT]), name)
    assert answer.status_code == 200
    assert rows.Person.objects.get(email=email).name == kept
    for page in (desk.visitor.get("/people/"), desk.visitor.get("/people/record/"), visitor.get("/account/")):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "\u202e" not in page.text


@pytest.mark.parametrize("name", ["", " \u200b ", "x" * 121, "名" * 300, "vera\u00a0VIEWER", "Ｖera Viewer"])
def test_no_name_too_long_a_name_and_somebody_elses_are_refused(desk: Desk, viewer: Visitor, name: str) -> None:
    link = invited(desk, "refused@example.com", "viewer")
    visitor, answer = accepted(desk, link, name)
    assert answer.status_code == 422
    assert not rows.Person.objects.filter(email="refused@example.com").exists()
    assert visitor.get("/").status_code == 302
    assert visitor.get(link).status_code == 200


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "<script>@example.com", "x" * 300 + "@example.com", "eve@example.com\r\nBcc: all@example.com", "еve@example.com"])
def test_what_is_no_address_is_not_invited(desk: Desk, email: str) -> None:
    answer = desk.visitor.post("/people/invite/", {"email": email, "role": "viewer", "all": "yes"}, seen="/people/")
    assert (answer.status_code, "is no e-mail address" in answer.text) == (422, True)
    assert "<script>@" not in answer.text


def test_no_secret_stands_on_a_page_or_in_the_store_in_clear(desk: Desk, every: list[Address]) -> None:
    link = invited(desk, "secret@example.com", "viewer", [ACCOUNT])
    invitation = link.rstrip("/").rpartition("/")[2]
    person, _ = accepted(desk, link, "Secret Person")
    waiting = invited(desk, "waiting@example.com", "viewer").rstrip("/").rpartition("/")[2]
    entry = desk.link("secret@example.com").rstrip("/").rpartition("/")[2]
    person.post("/account/reauthenticate/", {"password": PASSWORD}, seen="/account/reauthenticate/?next=/account/")
    page = person.get("/account/2fa/totp/activate/").text
    factor = re.search(r'id="secret" type="text" value="([A-Z2-7]+)"', page)
    assert factor
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    done = person.client.post("/account/2fa/totp/activate/", data={"csrfmiddlewaretoken": token[1], "code": code_of(factor[1])}, headers={"Referer": desk.base})
    assert done.status_code == 302
    cookies = [cookie.value for visitor in (person, desk.visitor) for cookie in visitor.client.cookies.jar if cookie.name == "refloat_session" and cookie.value]
    secrets = [invitation, waiting, entry, factor[1], PASSWORD, *cookies]
    values = _values(desk)
    for one in every:
        if one.name in {"leave", "account_logout"}:
            continue
        for visitor in (desk.visitor, person):
            text = visitor.get(one.filled(values)).text
            assert [secret for secret in secrets if secret in text] == [], one.route
    # The session's key names the session and stands in its table; nothing else is there in clear.
    kept = b"".join(path.read_bytes() for path in desk.config.home.glob("refloat.sqlite3*")) + (desk.config.home / "serve.log").read_bytes()
    assert [secret for secret in secrets if secret not in cookies and secret.encode() in kept] == []
