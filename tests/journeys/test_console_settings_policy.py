"""The policy at the console: in sentences, tried on the account's own history before it holds, its versions; standing consents; Amazon's settings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_roles import person

from refloat.app.amazon_settings import settings_on_record
from refloat.app.policies import in_force, notes_on_record, standing_now
from refloat.app.policy_trial import compared
from refloat.knowledge.policies_read import policy_of, shipped
from refloat.model.notes import Settings
from refloat.reports.wishes import ADDRESS

RELISTS = '[relist]\nautomatic = true\ncauses = ["listing-closed"]\n\n[pace]\nsoak_hours = 0\n'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("policy"), skus=80) as desk:
        yield desk


@pytest.fixture
def where(desk: Desk) -> str:
    return f"/settings/{desk.store.accounts.get(ACCOUNT).id}/policy/"


def hidden(page: str) -> str:
    found = re.search(r'name="tried" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_where_none_was_entered_nothing_runs_and_that_is_said(desk: Desk, where: str) -> None:
    page = desk.visitor.get(where).text
    assert "No policy was ever entered, so nothing runs by itself" in page
    assert "Relist the offer: only proposed" in page


def test_the_recommended_policy_is_reviewed_tried_and_entered_by_a_named_person(desk: Desk, where: str) -> None:
    review = desk.visitor.get(f"{where}edit/?from=recommended").text
    assert "This is the recommended policy as it ships" in review
    text = shipped("recommended")
    assert html.unescape(re.search(r"<textarea[^>]*>(.*)</textarea>", review, re.S)[1]).strip() == text.strip()  # type: ignore[index]
    unseen = desk.visitor.post(f"{where}edit/", {"text": text, "how": "enter"}, seen=where)
    assert "On your own history" in unseen.text
    assert desk.store.policies.newest(ACCOUNT, "policy") is None
    entered = desk.visitor.post(f"{where}edit/", {"text": text, "how": "enter", "tried": hidden(unseen.text)}, seen=where)
    assert "holds now, entered by sample-owner" in entered.text
    row = desk.store.policies.newest(ACCOUNT, "policy")
    assert row is not None
    assert (row.text, row.by) == (text, "sample-owner")
    assert "Relist the offer: by itself, as soon as it is certain" in entered.text


def test_the_trial_shows_what_the_trial_says(desk: Desk, where: str) -> None:
    page = desk.visitor.post(f"{where}edit/", {"text": RELISTS, "how": "try"}, seen=where).text
    told = compared(desk.store, ACCOUNT, policy_of(RELISTS), desk.clock.now()).then
    assert told.acted
    assert f"would have acted on {len(told.acted)} strandings: {told.became['open']} are still open" in page
    assert {one.cause for one in told.acted} == {"listing-closed"}
    assert "What history cannot tell" in page
    assert in_force(desk.store, ACCOUNT).policy != policy_of(RELISTS)


def test_a_policy_that_changed_after_it_was_tried_is_tried_again(desk: Desk, where: str) -> None:
    before = in_force(desk.store, ACCOUNT)
    tried = desk.visitor.post(f"{where}edit/", {"text": RELISTS, "how": "try"}, seen=where).text
    other = RELISTS.replace("soak_hours = 0", "soak_hours = 9")
    assert "On your own history" in desk.visitor.post(f"{where}edit/", {"text": other, "how": "enter", "tried": hidden(tried)}, seen=where).text
    assert in_force(desk.store, ACCOUNT) == before


def test_every_problem_stands_beside_the_others_with_its_line(desk: Desk, where: str) -> None:
    wrong = '[relist]\nautomatic = "yes"\ncauses = ["listing-closd"]\n\n[pace]\nper_hour = 0\nsoak = 3\n'
    answer = desk.visitor.post(f"{where}edit/", {"text": wrong, "how": "enter", "tried": "x"}, seen=where)
    page = html.unescape(re.sub(r"<[^>]+>", "", answer.text))
    assert answer.status_code == 422
    for said in ("Line 2: relist.automatic", "Line 3: relist.causes", "Did you mean listing-closed", "Line 6: pace.per_hour", "Line 7: There is no key pace.soak"):
        assert said in page
    assert html.unescape(re.search(r"<textarea[^>]*>(.*)</textarea>", answer.text, re.S)[1]).strip() == wrong.strip()  # type: ignore[index]


def test_no_toml_says_the_line(desk: Desk, where: str) -> None:
    page = desk.visitor.post(f"{where}edit/", {"text": "[relist]\nautomatic =\n</textarea><script>alert(1)</script>", "how": "try"}, seen=where).text
    assert "Line 2:" in page
    assert "<script>alert(1)" not in page


def test_versions_and_their_difference(desk: Desk, where: str) -> None:
    tried = desk.visitor.post(f"{where}edit/", {"text": RELISTS, "how": "try"}, seen=where).text
    desk.visitor.post(f"{where}edit/", {"text": RELISTS, "how": "enter", "tried": hidden(tried)}, seen=where)
    newest = desk.store.policies.newest(ACCOUNT, "policy")
    assert newest is not None
    page = desk.visitor.get(f"{where}versions/?to={newest.version}").text
    assert '<span class="gone">- soak_hours = 1' in page
    assert '<span class="new">+ soak_hours = 0' in page
    assert desk.visitor.get(f"{where}versions/?to=99").status_code == 404


def test_only_administrators_change_it(desk: Desk, where: str) -> None:
    before = desk.store.policies.history(ACCOUNT, "policy")
    for role in ("viewer", "operator", "approver"):
        visitor = person(desk, role)
        assert visitor.get(where).status_code == 200
        assert "Change what holds" not in visitor.get(where).text
        assert visitor.post(f"{where}edit/", {"text": shipped("fresh"), "how": "enter", "tried": policy_of(shipped("fresh")).hash}, seen="/").status_code == 403
    assert desk.store.policies.history(ACCOUNT, "policy") == before


def test_a_standing_consent_is_given_and_revoked_by_an_approver(desk: Desk, where: str) -> None:
    address = "".join(f'{name} = "US"\n' for name in ADDRESS)
    notes = f"# Ours.\n[removal.address.US]\n{address}"
    desk.store.policies.enter(ACCOUNT, "notes", notes, "sample-owner", desk.clock.now())
    approver, until = person(desk, "approver"), desk.clock.now().date() + timedelta(days=30)
    fields = {"units": "40", "fee": "150.00", "currency": "USD", "until": until.isoformat()}
    assert "is given by The approver" in approver.post(f"{where}consent/", fields, seen=where).text
    (given,) = standing_now(desk.store, ACCOUNT)
    assert (given.by, given.units_most, given.fee_most, given.expires_on) == ("The approver", 40, Decimal(150), until)
    assert "0 / 40" in desk.visitor.get(where).text
    approver.post(f"{where}consent/{given.id}/revoke/", seen=where)
    (ended,) = standing_now(desk.store, ACCOUNT)
    assert ended.revoked_by == "The approver"
    assert approver.post(f"{where}consent/{given.id}/revoke/", seen=where).status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"units": "0"}, "covers nothing"),
        ({"units": "many"}, "cannot be “many”"),
        ({"fee": "dear"}, "is no amount"),
        ({"until": "2001-01-01"}, "has ended already"),
        ({"until": ""}, "The last day is missing"),
        ({"currency": "XXX"}, "the currency of no marketplace"),
    ],
)
def test_a_consent_that_makes_no_sense_is_not_given(desk: Desk, where: str, changed: dict[str, str], said: str) -> None:
    before = standing_now(desk.store, ACCOUNT)
    fields = {"units": "40", "fee": "150.00", "currency": "USD", "until": (desk.clock.now().date() + timedelta(days=30)).isoformat()}
    answer = desk.visitor.post(f"{where}consent/", fields | changed, seen=where)
    assert answer.status_code == 422
    assert said in answer.text
    assert standing_now(desk.store, ACCOUNT) == before


def test_an_operator_gives_no_consent(desk: Desk, where: str) -> None:
    before = standing_now(desk.store, ACCOUNT)
    assert person(desk, "operator").post(f"{where}consent/", {"units": "1", "fee": "1", "currency": "USD", "until": "2099-01-01"}, seen="/").status_code == 403
    assert standing_now(desk.store, ACCOUNT) == before


def test_amazons_settings_are_entered_as_read_today_and_what_follows_is_told(desk: Desk, where: str) -> None:
    amazon, day = where.replace("/policy/", "/amazon/"), desk.clock.now().date().isoformat()
    assert "not entered, so Amazon’s default is reckoned with" in desk.visitor.get(amazon).text
    fields = {"automatic_relist": "off", "automatic_change_to_fba": "on", "automatic_relist_days": "", "automatic_change_to_fba_days": "2", "removal_days": "40"}
    answer = desk.visitor.post(amazon, {**fields, "removal_disposition": "Disposal", "looked_up_on": day}, seen=amazon)
    assert f"as read on {day}" in answer.text
    found = Settings(None, 2, 40, automatic_relist=False, automatic_change_to_fba=True, removal_disposition="Disposal", looked_up_on=date.fromisoformat(day))
    assert settings_on_record(desk.store, ACCOUNT) == found
    row = desk.store.policies.newest(ACCOUNT, "notes")
    assert row is not None
    assert row.by == "sample-owner"
    assert re.search(r"with these settings [\d,]+ units will be disposed of", answer.text)
    assert "What would spare it" in answer.text


@pytest.mark.parametrize(
    ("changed", "said"), [({"removal_days": "soon"}, "cannot be “soon”"), ({"removal_disposition": "Burn"}, "no disposition Burn"), ({"looked_up_on": "2099-01-01"}, "is still to come")]
)
def test_settings_that_make_no_sense_are_not_entered(desk: Desk, where: str, changed: dict[str, str], said: str) -> None:
    amazon, before = where.replace("/policy/", "/amazon/"), notes_on_record(desk.store, ACCOUNT)
    answer = desk.visitor.post(amazon, {"automatic_relist": "on", "automatic_change_to_fba": "on", **changed}, seen=amazon)
    assert answer.status_code == 422
    assert said in answer.text
    assert notes_on_record(desk.store, ACCOUNT) == before
    assert person(desk, "approver").post(amazon, {"automatic_relist": "on"}, seen=amazon).status_code == 403


def test_a_policy_that_came_back_with_a_backup_is_confirmed_by_a_named_person(desk: Desk, where: str) -> None:
    from refloat.store.models import Restoration

    assert desk.visitor.post(f"{where}confirm/", seen=where).status_code == 409
    Restoration.objects.create(at=desk.clock.now() + timedelta(seconds=1), backed_up_at=None, sha256="0" * 64)
    page = desk.visitor.get(where).text
    assert "nobody has confirmed this policy since" in page
    assert person(desk, "approver").post(f"{where}confirm/", seen="/").status_code == 403
    assert in_force(desk.store, ACCOUNT).unconfirmed_since is not None
    desk.visitor.post(f"{where}confirm/", seen=where)
    assert in_force(desk.store, ACCOUNT).unconfirmed_since is None
