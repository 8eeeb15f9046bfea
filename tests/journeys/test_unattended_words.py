"""Whose word holds until when, while nobody looks: what was revoked, forbidden or tried since speaks for nothing more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.journeys.test_live import US
from tests.journeys.test_unattended import Unattended, closed_skus, near_deadline
from tests.journeys.test_unattended import live as account
from tests.policies import RETURN_ADDRESS

from refloat.app import unattended
from refloat.app.carrying import apply_plan
from refloat.app.deadlines import deadlines_due
from refloat.app.policies import confirm_policy, give_standing, in_force, sent_by_rule, standing_for
from refloat.app.working import overview
from refloat.config import Config
from refloat.errors import PlanRefused, RefloatError, WrongUse
from refloat.knowledge.policies_read import shipped
from refloat.loop import act, looking, sending
from refloat.model.policy import StandingConsent
from refloat.model.ports import Note
from refloat.simulator.rules import removals
from refloat.store.restoring import backed_up, put_back

live = account


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> None:
    raise Killed


def _given(live: Unattended, units: int = 10_000) -> StandingConsent:
    now = live.clock.now()
    return give_standing(live.store, "sample", standing_for(live.store, "sample", "A. Sample", (units, Decimal(100_000), "USD"), now.date() + timedelta(days=30), now))


def test_what_the_seller_closed_is_proposed_and_never_opened_by_a_rule(live: Unattended, tmp_path: Path) -> None:
    """``closed_on_purpose = "propose"`` says propose."""
    live.policy(shipped("recommended").replace('closed_on_purpose = "leave"', 'closed_on_purpose = "propose"'))
    purpose, *others = closed_skus(live)
    live.notes(tmp_path, f'closings_kept = true\n[[closed]]\nsku = "{purpose}"\non = 2026-01-01\n')
    for _ in range(3):
        told = live.look(8)
    assert set(others) <= live.sent("relist-offer")
    assert purpose not in live.sent()
    assert {(decision.outcome, decision.code) for action, decision in told.decided if action.sku == purpose} == {("proposed", "needs-a-person")}


def test_a_return_that_a_person_cancelled_is_not_ordered_again_unasked(live: Unattended, tmp_path: Path) -> None:
    """The standing consent spoke once for these units; that somebody cancelled it is an answer."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    _given(live)
    live.act()
    first = {deed.sku for deed in live.store.ledger("sample").removals_under_way()}
    assert first
    for order in removals.orders(live.world, live.seller.id, US):
        assert order.by == "amazon" or removals.cancel(live.world, live.seller.id, order.order_id)
    for _ in range(6):
        live.look(12)
    again = [deed for own in live.store.plans.of_strandings("sample").values() for deed in own if deed.remedy == "create-removal" and deed.sku in first]
    assert sorted(deed.sku for deed in again) == sorted(first)


def test_a_word_revoked_while_the_cures_are_carried_out_sends_no_return(live: Unattended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cures wait for minutes until Amazon shows them; what was revoked meanwhile is over at once."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    word, sends = _given(live), []

    def applied(store: Any, plan: Any, **more: Any) -> Any:
        if not sends:
            store.policies.revoke("sample", word.id, "B. Sample", live.clock.now())
        sends.append(plan.id)
        return apply_plan(store, plan, **more)

    monkeypatch.setattr(unattended, "apply_plan", applied)
    live.act()
    assert live.removals() == []


def test_a_plan_whose_word_was_revoked_is_not_carried_out_by_hand_either(live: Unattended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spoken for, killed before anything left, then revoked: nobody's word is left."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    word, kept = _given(live), []

    def kept_only(_store: Any, plan: Any, **_: Any) -> Any:
        kept.append(plan)
        if any(action.irreversible for action in plan.actions):
            raise Killed
        return act.Applied({}, None, {})

    with monkeypatch.context() as patched:
        patched.setattr(unattended, "apply_plan", kept_only)
        with pytest.raises(Killed):
            live.act()
    live.store.policies.revoke("sample", word.id, "A. Sample", live.clock.now())
    with pytest.raises(PlanRefused):
        apply_plan(live.store, kept[-1], clock=live.clock)
    assert live.removals() == []


def test_a_policy_that_is_switched_off_while_a_wave_is_waited_for_begins_no_further_wave(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of each remedy left; the others are looked at again, and stay."""
    live.policy(shipped("recommended"))
    live.hours(6)
    live.observe()
    shown = looking.shown

    def switched_off(*given: Any, **more: Any) -> Any:
        live.policy(shipped("fresh"))
        return shown(*given, **more)

    monkeypatch.setattr(act.looking, "shown", switched_off)
    told = live.act()
    assert len(closed_skus(live)) >= 3
    assert len(live.sent("relist-offer")) == 1
    assert "word-over" in {one.stopped.code for one in told.applied.values() if one.stopped}
    for _ in range(2):
        live.look(6)
    assert len(live.sent("relist-offer")) == 1


@pytest.mark.parametrize("when", ["before", "between"])
def test_a_return_address_that_was_changed_ends_the_standing_consent(live: Unattended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Before anything was planned, and between the plan and the order: to neither address does anything leave by it."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    _given(live)
    moved = RETURN_ADDRESS.replace("1 Sample Street", "2 Sample Street")

    def applied(store: Any, plan: Any, **more: Any) -> Any:
        live.notes(tmp_path, moved)
        return apply_plan(store, plan, **more)

    if when == "before":
        live.notes(tmp_path, moved)
    else:
        monkeypatch.setattr(unattended, "apply_plan", applied)
    live.act()
    assert live.removals() == []
    told = live.act()
    assert live.removals() == []
    assert "standing-address-changed" in {decision.code for action, decision in told.decided if action.irreversible}


def test_after_the_policy_was_switched_off_nothing_that_never_left_is_sent(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the intent and the request; then the seller says that nothing runs by itself."""
    live.policy(shipped("recommended"))
    live.hours(6)
    live.observe()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "side_by_side", killed)
        with pytest.raises(Killed):
            live.act()
    before = list(live.writes())
    live.policy(shipped("fresh"))
    for _ in range(3):
        live.look(2)
    assert live.writes() == before


def test_a_standing_consent_from_before_a_restore_is_over(live: Unattended, tmp_path: Path) -> None:
    """It was revoked after the backup was made, and the store has forgotten that: it speaks for nothing."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    word = _given(live)
    config = Config(None, "en", home=tmp_path)
    backed_up(config, live.store, tmp_path / "kept")
    live.store.policies.revoke("sample", word.id, "A. Sample", live.clock.now())
    live.store.close()
    put_back(config, tmp_path / "kept", live.clock.now(), in_place=True)
    for _ in range(8):
        told = live.look(12)
    assert live.removals() == []
    assert "standing-over" in {decision.code for action, decision in told.decided if action.irreversible}
    with pytest.raises(WrongUse, match="refloat policy confirm"):
        _given(live)
    confirm_policy(live.store, "sample", "A. Sample", live.clock.now())
    _given(live)
    live.act()
    assert live.removals() != []


def test_a_policy_that_a_restore_brought_back_does_nothing_until_somebody_confirms_it(live: Unattended, tmp_path: Path) -> None:
    """It was switched off after the backup was made, and the store has forgotten that. Setting the very same one confirms it as well."""
    live.policy(shipped("recommended"))
    closed = set(closed_skus(live))
    config = Config(None, "en", home=tmp_path)
    backed_up(config, live.store, tmp_path / "kept")
    live.policy(shipped("fresh"))
    live.store.close()
    put_back(config, tmp_path / "kept", live.clock.now(), in_place=True)
    for _ in range(4):
        told = live.look(12)
    assert live.sent() == set()
    assert {(decision.outcome, decision.code) for action, decision in told.decided if action.sku in closed} == {("proposed", "policy-unconfirmed")}
    assert overview(live.store, None, live.clock.now()).unconfirmed == {"sample": in_force(live.store, "sample").unconfirmed_since}
    live.policy(shipped("recommended"))
    assert overview(live.store, "sample", live.clock.now()).unconfirmed == {}
    live.look()
    assert closed <= live.sent("relist-offer")


def test_confirmed_by_a_clock_that_lags_it_holds_all_the_same(live: Unattended, tmp_path: Path) -> None:
    """And it is a version of its own, by that person; a second time there is nothing to confirm."""
    live.policy(shipped("recommended"))
    config, early = Config(None, "en", home=tmp_path), live.clock.now() - timedelta(days=2)
    with pytest.raises(WrongUse, match="waits to be confirmed"):
        confirm_policy(live.store, "sample", "B. Sample", live.clock.now())
    backed_up(config, live.store, tmp_path / "kept")
    live.store.close()
    put_back(config, tmp_path / "kept", live.clock.now(), in_place=True)
    row = confirm_policy(live.store, "sample", "B. Sample", early)
    assert (row.version, row.by, row.text) == (2, "B. Sample", shipped("recommended"))
    assert in_force(live.store, "sample").unconfirmed_since is None
    with pytest.raises(WrongUse, match="waits to be confirmed"):
        confirm_policy(live.store, "sample", "B. Sample", live.clock.now())


def test_no_return_leaves_while_a_task_for_its_stranding_is_open(live: Unattended, tmp_path: Path) -> None:
    """The rule's days are over for all of them; what a person is at stays, from the very first pass on, until the day on which to ask again."""
    live.policy(shipped("recommended").replace("days_valuable = 90", "days_valuable = 1").replace("days_other = 30", "days_other = 1"))
    live.notes(tmp_path, RETURN_ADDRESS)
    _given(live)
    told = live.act()
    waits = {action.sku for action, decision in told.decided if decision.code == "task-open"}
    assert waits
    assert waits <= {task.sku for task in live.store.tasks.all("sample") if task.ended_at is None}
    left = live.sent("create-removal")
    assert waits & left == set()
    for _ in range(5):
        live.look(24)
    assert waits & live.sent("create-removal") != set()


def test_a_return_is_not_split_over_calls_to_need_one_person_only(live: Unattended, tmp_path: Path) -> None:
    """What the first call sent by the standing consent counts for a day, here and where a person approves the rest."""
    live.policy(shipped("recommended") + '\n[consent]\ntwo_people_above = { USD = "1000000" }\n')
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    _given(live)
    live.act()
    sent = sent_by_rule(live.store, "sample", live.clock.now())
    assert {action.remedy for action in sent if action.irreversible} == {"create-removal"}
    (name, *_) = live.store.policies.sent_by_rule("sample", live.clock.now() - timedelta(hours=24))
    assert [action for action in sent_by_rule(live.store, "sample", live.clock.now(), beside=name) if action in live.store.plans.get(name).actions] == []
    assert sent_by_rule(live.store, "sample", live.clock.now() + timedelta(hours=24)) == ()


def test_quiet_hours_without_a_clock_of_their_own_are_those_of_the_account(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the clock of the account's first marketplace, in all of its marketplaces: as the page says."""
    live.hours(6)
    live.observe()
    shown = live.clock.now().astimezone(ZoneInfo("Asia/Tokyo"))
    live.policy(shipped("recommended") + f'\n[quiet]\nbegins = "{shown - timedelta(hours=1):%H:%M}"\nends = "{shown + timedelta(hours=1):%H:%M}"\n')
    monkeypatch.setattr(unattended, "zone_of", lambda *_: "Asia/Tokyo")
    told = live.act()
    assert {decision.code for action, decision in told.decided if action.sku in closed_skus(live)} == {"quiet"}
    assert live.sent() == set()


def test_an_order_that_may_never_have_been_made_meets_no_deadline(live: Unattended, tmp_path: Path) -> None:
    """Its fate is not certain, so the deadline goes on climbing."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    _given(live)
    live.act()
    (deed, *_) = live.store.ledger("sample").removals_under_way()
    assert deed.sku not in {one.sku for one in deadlines_due(live.store, "sample", live.clock.now())}
    live.store.ledger("sample").note(deed.plan_id, [Note(deed.action_id, "unclear", "unclear")], live.clock.now())
    assert deed.sku in {one.sku for one in deadlines_due(live.store, "sample", live.clock.now())}


def test_a_plan_that_cannot_be_gone_on_with_keeps_no_deadline_from_climbing(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn fails, every time; the step is open all the same."""
    near_deadline(live, 14)
    monkeypatch.setattr(type(live.store.plans), "under_way", lambda *_: {"20260101-0000-lost": ["US-0001"]})
    with pytest.raises(RefloatError, match="no plan"):
        live.act()
    assert live.store.deadlines.open_steps("sample")
