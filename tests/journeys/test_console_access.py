"""Who gets in, who may what, and what ends: over HTTP, with the store's record as the judge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_people import PASSWORD, accepted, aged, code_of, invited, link_of, newcomer, rows, sign_in
from tests.postgres import private_postgres

from refloat.store import Unsealed

OTHER = "Quiet Lagoon Trading"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as stack:
        url = None
        if request.param == "postgresql":
            server = stack.enter_context(private_postgres())
            server.run_sql("CREATE DATABASE access")
            url = server.url("access")
        desk = stack.enter_context(served(tmp_path_factory.mktemp("access"), skus=40, database_url=url))
        desk.store.accounts.add(OTHER, region="eu", seller_id="AOTHERSELLER", unsealed=Unsealed("a", "b", "c"), at=datetime.now(UTC))
        yield desk


@pytest.fixture(autouse=True)
def _nobody_is_slowed_down(desk: Desk) -> None:
    """Each test begins with a clean slate: all of them come from one address."""
    rows.Throttle.objects.all().delete()


def _kinds(whom: str) -> list[str]:
    return list(rows.AccessEntry.objects.filter(whom__icontains=whom).order_by("id").values_list("kind", flat=True))


def test_an_invitation_makes_a_person_with_their_role_alone(desk: Desk) -> None:
    visitor = newcomer(desk, "Mia@Example.com", "Mia Sandberg", "operator", [ACCOUNT])
    person = rows.Person.objects.get(email="mia@example.com")
    assert (person.name, person.language, list(rows.Role.objects.filter(person=person).values_list("account__name", "role"))) == ("Mia Sandberg", "en", [(ACCOUNT, "operator")])
    assert "Mia Sandberg" in visitor.get("/").text
    assert _kinds("mia@example.com") == ["invited"]
    assert rows.AccessEntry.objects.filter(by="Mia Sandberg").order_by("id").values_list("kind", flat=True)[0] == "invitation-accepted"


def test_an_invitation_is_used_once(desk: Desk) -> None:
    link = invited(desk, "once@example.com", "viewer")
    assert accepted(desk, link, "Only Once")[1].status_code == 200
    _, second = accepted(desk, link, "Only Twice")
    assert (second.status_code, "lets nobody in any more" in second.text) == (403, True)
    assert not rows.Person.objects.filter(name="Only Twice").exists()


def test_an_invitation_is_good_for_a_week(desk: Desk) -> None:
    link = invited(desk, "late@example.com", "viewer")
    made = rows.Invitation.objects.get(email="late@example.com")
    assert made.until - made.at == timedelta(days=7)
    rows.Invitation.objects.filter(pk=made.pk).update(until=datetime.now(UTC) - timedelta(seconds=1))
    assert accepted(desk, link, "Too Late")[1].status_code == 403
    assert not rows.Person.objects.filter(email="late@example.com").exists()


def test_a_withdrawn_invitation_lets_nobody_in(desk: Desk) -> None:
    link = invited(desk, "withdrawn@example.com", "viewer")
    number = rows.Invitation.objects.get(email="withdrawn@example.com").pk
    assert "is withdrawn" in desk.visitor.post(f"/people/invitations/{number}/withdraw/", seen="/people/").text
    assert accepted(desk, link, "Withdrawn")[1].status_code == 403
    assert _kinds("withdrawn@example.com") == ["invited", "invitation-withdrawn"]


def test_a_second_invitation_takes_the_place_of_the_first(desk: Desk) -> None:
    first, second = (invited(desk, "again@example.com", "viewer") for _ in range(2))
    assert accepted(desk, first, "Again")[1].status_code == 403
    assert accepted(desk, second, "Again")[1].status_code == 200


@pytest.mark.parametrize(("password", "why"), [("short", "at least 12 characters"), ("password1234", "too common"), ("483920175630", "entirely numeric"), ("weak.person1", "too similar")])
def test_a_weak_password_is_refused_and_the_invitation_stays(desk: Desk, password: str, why: str) -> None:
    link = invited(desk, "weak.person1@example.com", "viewer")
    _, answer = accepted(desk, link, "Weak", password=password)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="Weak"' in answer.text
    assert f'"{password}"' not in answer.text
    assert not rows.Person.objects.filter(email="weak.person1@example.com").exists()


def test_sign_in_with_a_password(desk: Desk) -> None:
    newcomer(desk, "sign@example.com", "Signe Holm", "viewer", [ACCOUNT])
    visitor = desk.newcomer()
    assert sign_in(visitor, "SIGN@example.com", after="/strandings/?q=a").headers["location"] == "/strandings/?q=a"
    assert visitor.get("/").status_code == 200
    assert rows.AccessEntry.objects.filter(kind="signed-in", by="Signe Holm").latest("id").told == {"how": "password"}


def test_an_unknown_address_gets_the_same_answer(desk: Desk) -> None:
    newcomer(desk, "known@example.com", "Known Person", "viewer")
    known, unknown = (re.sub(r'value="[^"]*"', "", sign_in(desk.newcomer(), email, "wrong-password-1").text) for email in ("known@example.com", "nobody@example.com"))
    assert known == unknown
    assert "correct" in known
    last = rows.AccessEntry.objects.filter(kind="sign-in-failed").order_by("-id")[:2]
    # What was typed stands there only where somebody signs in with it: it may have been a password.
    assert [entry.whom for entry in last] == ["", "known@example.com"]


def test_whoever_tries_many_passwords_is_slowed_down_and_not_the_others(desk: Desk) -> None:
    newcomer(desk, "target@example.com", "Target Person", "viewer")
    newcomer(desk, "beside@example.com", "Beside Person", "viewer")
    for _ in range(5):
        assert "Too many" not in sign_in(desk.newcomer(), "target@example.com", "wrong-password-1").text
    refused = sign_in(desk.newcomer(), "target@example.com")
    assert refused.status_code != 302
    assert "Too many" in refused.text
    assert sign_in(desk.newcomer(), "beside@example.com").status_code == 302
    # The same goes on in another process: what was counted lies in the store.
    assert rows.Throttle.objects.exists()
    assert not any("target" in key for key in rows.Throttle.objects.values_list("key", flat=True))


def test_nobody_signs_up(desk: Desk) -> None:
    before = rows.Person.objects.count()
    answer = desk.newcomer().post("/account/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}, seen="/account/signup/")
    assert "an administrator invites people" in answer.text
    assert rows.Person.objects.count() == before


def _with_app(desk: Desk, email: str, name: str) -> tuple[str, list[str]]:
    """Somebody with an authenticator app: (its secret, their recovery codes)."""
    visitor = newcomer(desk, email, name, "approver", [ACCOUNT])
    visitor.post("/account/reauthenticate/", {"password": PASSWORD}, seen="/account/reauthenticate/?next=/account/2fa/totp/activate/")
    page = visitor.get("/account/2fa/totp/activate/", follow=True).text
    secret = re.search(r'id="secret" type="text" value="([A-Z2-7]+)"', page)
    assert secret, page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    codes = visitor.client.post("/account/2fa/totp/activate/", data={"csrfmiddlewaretoken": token[1], "code": code_of(secret[1])}, headers={"Referer": desk.base}, follow_redirects=True).text
    return secret[1], re.findall(r"\b\d{8}\b", codes)


def test_a_second_factor_is_asked_for_and_a_recovery_code_works_once(desk: Desk) -> None:
    secret, codes = _with_app(desk, "factor@example.com", "Factor Person")
    assert len(codes) == 10
    visitor = desk.newcomer()
    assert sign_in(visitor, "factor@example.com").headers["location"].startswith("/account/2fa/authenticate/")
    assert visitor.get("/").status_code == 302
    assert visitor.post("/account/2fa/authenticate/", {"code": "000000"}, seen="/account/2fa/authenticate/", follow=False).status_code == 200
    assert visitor.post("/account/2fa/authenticate/", {"code": codes[0]}, seen="/account/2fa/authenticate/", follow=False).status_code == 302
    assert visitor.get("/").status_code == 200
    other = desk.newcomer()
    sign_in(other, "factor@example.com")
    assert other.post("/account/2fa/authenticate/", {"code": codes[0]}, seen="/account/2fa/authenticate/", follow=False).status_code == 200
    # The app's code lets in, once as well.
    shown = code_of(secret)
    assert other.post("/account/2fa/authenticate/", {"code": shown}, seen="/account/2fa/authenticate/", follow=False).status_code == 302
    third = desk.newcomer()
    sign_in(third, "factor@example.com")
    assert third.post("/account/2fa/authenticate/", {"code": shown}, seen="/account/2fa/authenticate/", follow=False).status_code == 200
    assert (other.get("/").status_code, third.get("/").status_code) == (200, 302)
    assert {"sign-in-failed"} <= set(_kinds("factor@example.com"))
    assert rows.AccessEntry.objects.filter(kind="factor-added", by="Factor Person").exists()


def test_a_lost_second_factor_is_taken_away_by_an_administrator(desk: Desk) -> None:
    _with_app(desk, "lost@example.com", "Lost Telephone")
    person = rows.Person.objects.get(email="lost@example.com").pk
    desk.visitor.post(f"/people/{person}/second-factor/", seen=f"/people/{person}/")
    assert sign_in(desk.newcomer(), "lost@example.com").headers["location"] == "/"
    assert "factor-removed" in _kinds("Lost Telephone")


def test_approvers_are_led_to_a_second_factor_where_it_is_required(desk: Desk) -> None:
    approver = newcomer(desk, "needs@example.com", "Needs Factor", "approver", [ACCOUNT])
    viewer = newcomer(desk, "needsnot@example.com", "Needs None", "viewer", [ACCOUNT])
    _with_app(desk, "has@example.com", "Has Factor")
    desk.visitor.post("/people/second-factor/", {"on": "yes"}, seen="/people/")
    try:
        assert desk.store.people.second_factor_asked()
        assert approver.get("/").headers["location"] == "/account/"
        assert approver.get("/strandings/", part=True).headers["hx-redirect"] == "/account/"
        assert "need a second factor" in approver.get("/account/").text
        assert viewer.get("/").status_code == 200
        # Whoever required it is an administrator themselves, and finds the way as well.
        assert desk.visitor.get("/people/").headers["location"] == "/account/"
        assert desk.visitor.get("/account/2fa/totp/activate/").status_code == 200
    finally:
        desk.store.people.ask_second_factor(on=False)


def test_sessions_end_after_half_a_day_without_a_page(desk: Desk) -> None:
    visitor = newcomer(desk, "idle@example.com", "Idle Person", "viewer")
    aged(desk, "seen", seconds=11.5 * 3600)
    assert visitor.get("/").status_code == 200
    aged(desk, "seen", seconds=12.5 * 3600)
    assert visitor.get("/").headers["location"].startswith("/account/login/")
    desk.visitor.get(desk.link("sample-owner@localhost"))


def test_sessions_end_after_two_weeks_at_the_latest(desk: Desk) -> None:
    visitor = newcomer(desk, "long@example.com", "Long Person", "viewer")
    aged(desk, "began", seconds=13.9 * 86400)
    assert visitor.get("/").status_code == 200
    aged(desk, "began", seconds=0.2 * 86400)
    assert visitor.get("/").status_code == 302
    desk.visitor.get(desk.link("sample-owner@localhost"))


def test_one_session_is_ended_from_another_and_all_others_at_once(desk: Desk) -> None:
    first = newcomer(desk, "several@example.com", "Several Places", "viewer")
    second, third = desk.newcomer(), desk.newcomer()
    sign_in(second, "several@example.com")
    sign_in(third, "several@example.com")
    page = first.get("/account/sessions/").text
    ends = re.findall(r'name="end" value="(\d+)"', page)
    assert len(ends) == 2
    first.post("/account/sessions/", {"end": ends[0]}, seen="/account/sessions/")
    assert sorted(one.get("/").status_code for one in (second, third)) == [200, 302]
    first.post("/account/sessions/", {"end": "others"}, seen="/account/sessions/")
    assert [one.get("/").status_code for one in (first, second, third)] == [200, 302, 302]
    # Somebody else's is not there.
    other = desk.store.people.called("sample-owner@localhost").id
    assert first.post("/account/sessions/", {"end": str(other)}, seen="/account/sessions/").status_code == 404


def test_a_changed_password_ends_the_other_sessions(desk: Desk) -> None:
    first = newcomer(desk, "change@example.com", "Change Person", "viewer")
    second = desk.newcomer()
    sign_in(second, "change@example.com")
    first.post("/account/reauthenticate/", {"password": PASSWORD}, seen="/account/reauthenticate/?next=/account/")
    first.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": PASSWORD + "-2", "password2": PASSWORD + "-2"}, seen="/account/password/change/")
    assert (first.get("/").status_code, second.get("/").status_code) == (200, 302)
    assert sign_in(desk.newcomer(), "change@example.com", PASSWORD + "-2").status_code == 302
    assert rows.AccessEntry.objects.filter(kind="password-changed", by="Change Person").count() == 1


def test_removal_ends_the_sessions_at_once_and_an_invitation_brings_back(desk: Desk) -> None:
    visitor = newcomer(desk, "gone@example.com", "Gone Person", "admin")
    theirs = invited(desk, "friend@example.com", "admin", by=visitor)
    person = rows.Person.objects.get(email="gone@example.com").pk
    assert "Their sessions end at once" in desk.visitor.get(f"/people/{person}/remove/").text
    assert visitor.get("/people/").status_code == 200
    _, token = desk.store.tokens.make(person, "nightly export", ("read",), datetime.now(UTC))
    desk.visitor.post(f"/people/{person}/remove/", seen=f"/people/{person}/remove/")
    assert visitor.get("/people/").headers["location"].startswith("/account/login/")
    assert sign_in(desk.newcomer(), "gone@example.com").status_code != 302
    assert accepted(desk, theirs, "A Friend")[1].status_code == 403
    back, _ = accepted(desk, invited(desk, "gone@example.com", "viewer", [ACCOUNT]), "Gone Person")
    assert back.get("/").status_code == 200
    assert back.get("/people/").status_code == 403
    assert rows.Person.objects.filter(email="gone@example.com").count() == 1
    assert desk.store.tokens.find(token, datetime.now(UTC)) is None
    assert list(rows.AccessEntry.objects.filter(kind="token-revoked", whom="nightly export (Gone Person)").values_list("by", flat=True)) == ["sample-owner"]


def test_the_last_administrator_stays(desk: Desk) -> None:
    owner = desk.store.people.called("sample-owner@localhost").id
    others = [one for one in desk.store.people.everyone() if one.roles.get(None) == "admin" and one.id != owner]
    for one in others:
        desk.store.people.change_roles(one.id, {None: None})
    for path, given in ((f"/people/{owner}/remove/", {}), (f"/people/{owner}/", {"role": "viewer"})):
        answer = desk.visitor.post(path, given, seen=f"/people/{owner}/")
        assert (answer.status_code, "last administrator stays" in answer.text) == (409, True)
    assert desk.store.people.called("sample-owner@localhost").roles == {None: "admin"}


def test_an_administrator_of_one_account_gives_roles_for_that_one_alone(desk: Desk) -> None:
    local = newcomer(desk, "local@example.com", "Local Admin", "admin", [ACCOUNT])
    newcomer(desk, "lagoon@example.com", "Lagoon Viewer", "viewer", [OTHER])
    page = local.get("/people/").text
    assert "Local Admin" in page
    assert "Lagoon Viewer" not in page
    assert OTHER not in page
    lagoon, owner = (desk.store.people.called(email).id for email in ("lagoon@example.com", "sample-owner@localhost"))
    assert local.get(f"/people/{lagoon}/").status_code == 404
    for given in ({"email": "x@example.com", "role": "admin", "all": "yes"}, {"email": "x@example.com", "role": "admin", "account": OTHER}):
        assert local.post("/people/invite/", given, seen="/people/").status_code == 403
    # A person is more than their role for one account: their password and sessions are not this administrator's.
    for action in ("password", "sessions", "remove", "second-factor"):
        assert local.post(f"/people/{owner}/{action}/", seen="/people/").status_code == 403
    assert local.get("/people/record/").status_code == 403
    local.post(f"/people/{owner}/", {"role": "", f"role:{OTHER}": "viewer"}, seen="/people/")
    assert desk.store.people.called("sample-owner@localhost").roles == {None: "admin"}
    assert accepted(desk, invited(desk, "helped@example.com", "operator", [ACCOUNT], by=local), "Helped Person")[1].status_code == 200


def test_a_changed_role_counts_at_once_and_is_on_record(desk: Desk) -> None:
    visitor = newcomer(desk, "rise@example.com", "Rise Person", "viewer", [ACCOUNT])
    person = desk.store.people.called("rise@example.com").id
    assert visitor.get("/people/").status_code == 403
    desk.visitor.post(f"/people/{person}/", {"role": "", f"role:{ACCOUNT}": "admin", f"role:{OTHER}": "viewer"}, seen=f"/people/{person}/")
    assert visitor.get("/people/").status_code == 200
    assert desk.store.people.called("rise@example.com").roles == {ACCOUNT: "admin", OTHER: "viewer"}
    told = [entry.told for entry in rows.AccessEntry.objects.filter(kind="roles-changed", whom="Rise Person").order_by("id")]
    assert {"before": f"viewer for {ACCOUNT}", "after": f"admin for {ACCOUNT}"} in told or {"before": f"viewer for {ACCOUNT}", "after": f"administrator for {ACCOUNT}"} in told
    assert "Rise Person" in desk.visitor.get("/people/record/").text


def test_the_record_takes_no_change(desk: Desk) -> None:
    for change in (lambda: rows.AccessEntry.objects.all().delete(), lambda: rows.AccessEntry.objects.update(by="nobody")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_link_for_a_new_password_ends_the_sessions_and_keeps_the_second_factor(desk: Desk) -> None:
    _with_app(desk, "forgot@example.com", "Forgot Person")
    old = desk.newcomer()
    person = desk.store.people.called("forgot@example.com").id
    link = link_of(desk.visitor.post(f"/people/{person}/password/", seen=f"/people/{person}/"))
    path = link.removeprefix(desk.base)
    answer = old.post(path, {"language": "en", "password": PASSWORD + "-3", "again": PASSWORD + "-3"}, seen=path, follow=False)
    assert answer.headers["location"].startswith("/account/2fa/authenticate/")
    assert old.get("/").status_code == 302
    assert desk.store.people.called("forgot@example.com").roles == {ACCOUNT: "approver"}
