"""Policies by version, standing consents, the open proposal, deadlines: kept, never changed, each with its entry in the journal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.plans import plan, relist, removal

from refloat.errors import WrongUse
from refloat.model.plan import Plan
from refloat.model.policy import StandingConsent
from refloat.model.ports import Note
from refloat.store import Store

DUE = date(2026, 12, 3)


def _plan(*actions: object, number: int = 0) -> Plan:
    from dataclasses import replace

    return replace(plan(*actions), account="harbour", id=f"20261122-0900-harbour-{number}")  # type: ignore[arg-type]


def _word(start: datetime) -> StandingConsent:
    return StandingConsent(0, "A. Sample", "c" * 64, 100, Decimal("80.50"), "USD", DUE, start)


def _kinds(store: Store, place: str = "") -> list[str]:
    return [entry.kind for entry in store.journal.entries("harbour", place)]


def test_each_version_stays_and_the_same_text_is_no_new_one(store: Store, account: str, start: datetime) -> None:
    """The newest holds; who and when stand beside it; another kind counts for itself."""
    assert store.policies.newest(account, "policy") is None
    first = store.policies.enter(account, "policy", "# one", "A. Sample", start, digest="a" * 64)
    again = store.policies.enter(account, "policy", "# one", "B. Sample", start + timedelta(days=1), digest="a" * 64)
    second = store.policies.enter(account, "policy", "# two", "B. Sample", start + timedelta(days=2), digest="b" * 64)
    notes = store.policies.enter(account, "notes", "# notes", "A. Sample", start)
    assert (first.version, again, second.version, notes.version) == (1, first, 2, 1)
    assert store.policies.newest(account, "policy") == second
    assert store.policies.history(account, "policy") == (second, first)
    assert _kinds(store) == ["policy-entered", "policy-entered", "notes-entered"]


def test_a_version_cannot_be_changed(store: Store, account: str, start: datetime) -> None:
    """By nobody: the database itself refuses. Notes, which hold addresses, go with the account."""
    from django.db import IntegrityError

    from refloat.store.models import EnteredFile

    store.policies.enter(account, "policy", "# one", "A. Sample", start)
    store.policies.enter(account, "notes", "# one", "A. Sample", start)
    with pytest.raises(IntegrityError, match="for good"):
        EnteredFile.objects.filter(kind="notes").update(text="other")
    with pytest.raises(IntegrityError, match="for good"):
        EnteredFile.objects.filter(kind="policy").delete()
    store.accounts.remove(account, start, with_history=True)
    assert [row.kind for row in EnteredFile.objects.all()] == ["policy"]


def test_a_standing_consent_is_used_by_what_was_sent(store: Store, account: str, start: datetime) -> None:
    """What was only planned uses nothing; what was refused gives it back."""
    given = store.policies.give(account, _word(start))
    kept = _plan(removal("CUP"), removal("POT", 2))
    store.plans.keep(kept)
    uses = {"US-0001": (4, Decimal("8.10")), "US-0002": (5, Decimal("9.20"))}
    store.policies.speak(kept, {"A. Sample · standing consent 1 cccc": list(uses)}, {given.id: uses}, start)
    assert [(one.units_used, one.fee_used) for one in store.policies.standing(account)] == [(0, Decimal(0))]
    ledger = store.ledger(account)
    ledger.note(kept.id, [Note("US-0001", "intent", "intended"), Note("US-0002", "intent", "intended")], start)
    assert [(one.units_used, one.fee_used) for one in store.policies.standing(account)] == [(9, Decimal("17.30"))]
    assert store.policies.sent_by_rule(account, start - timedelta(hours=1)) == {kept.id: {"US-0001", "US-0002"}}
    ledger.note(kept.id, [Note("US-0002", "receipt", "refused")], start)
    assert store.policies.sent_by_rule(account, start - timedelta(hours=1)) == {kept.id: {"US-0001"}}
    assert store.policies.sent_by_rule(account, start) == {}
    assert [(one.units_used, one.fee_used) for one in store.policies.standing(account)] == [(4, Decimal("8.10"))]
    assert store.policies.began_by_rule(account, start - timedelta(hours=1)) == [start, start]


def test_a_standing_consent_is_revoked_once(store: Store, account: str, start: datetime) -> None:
    """By a named person; a second time there is nothing to revoke."""
    given = store.policies.give(account, _word(start))
    ended = store.policies.revoke(account, given.id, "B. Sample", start + timedelta(days=1))
    assert (ended.revoked_by, ended.by, ended.units_most) == ("B. Sample", "A. Sample", 100)
    with pytest.raises(WrongUse, match="no standing consent"):
        store.policies.revoke(account, given.id, "B. Sample", start)
    assert _kinds(store) == ["standing-consent-given", "standing-consent-revoked"]


def test_what_ran_by_a_rule_is_told_from_what_a_person_approved(store: Store, account: str, start: datetime) -> None:
    """Only the rule's starts count against its caps, and only its surprises make it rest."""
    for number, by in enumerate(("policy 1 abc", "A. Sample")):
        kept = _plan(relist("CUP"), relist("POT", 2), number=number)
        store.plans.keep(kept)
        store.plans.consent(kept, by, start)
        store.ledger(account).note(kept.id, [Note("US-0001", "intent", "intended"), Note("US-0002", "stopped", "stopped")], start + timedelta(minutes=number))
    assert store.policies.began_by_rule(account, start - timedelta(hours=1)) == [start]
    assert store.policies.began_by_rule(account, start) == []
    assert store.policies.surprised(account) == {"relist-offer": start}


def test_one_proposal_is_open(store: Store, account: str, start: datetime) -> None:
    """A new one closes the one before; the same plan only gets newer decisions."""
    first, second = _plan(relist("CUP"), number=1), _plan(relist("POT"), number=2)
    for one in (first, second):
        store.plans.keep(one)
    store.policies.propose(account, first, "s1", {"US-0001": {"code": "removal"}}, start)
    store.policies.propose(account, first, "s1", {"US-0001": {"code": "needs-two"}}, start + timedelta(hours=4))
    told = store.policies.proposal(account)
    assert told is not None
    assert (told.plan_id, told.opened_at, told.decided) == (first.id, start, {"US-0001": {"code": "needs-two"}})
    store.policies.propose(account, second, "s2", {}, start)
    told = store.policies.proposal(account)
    assert told is not None and told.plan_id == second.id
    store.policies.propose(account, None, "", {}, start)
    store.policies.propose(account, None, "", {}, start)
    assert store.policies.proposal(account) is None
    assert _kinds(store).count("proposed") == 3


def test_a_deadline_climbs_once_a_step_and_is_taken_by_a_name(store: Store, account: str, start: datetime) -> None:
    """The same step twice is one row; taking it takes what is open, and the next step is open again."""
    store.strandings.record(account, "US", [{"sku": "CUP", "standing": "confirmed"}], start, unknown=False)
    (row,) = store.strandings.open_strandings(account)
    for _ in range(2):
        store.deadlines.climbed(account, [(row.id, DUE, 14), (row.id, DUE, 7)], start)
    assert [(one.step, one.taken_by) for one in store.deadlines.open_steps(account)] == [(14, None), (7, None)]
    assert store.deadlines.take(account, "CUP", "A. Sample", datetime(2026, 11, 27, tzinfo=UTC), note="case 1") == 2
    with pytest.raises(WrongUse, match="waits for anybody"):
        store.deadlines.take(account, "CUP", "A. Sample", start)
    store.deadlines.climbed(account, [(row.id, DUE, 3)], start)
    assert [(one.step, one.taken_by) for one in store.deadlines.open_steps(account)] == [(14, "A. Sample"), (7, "A. Sample"), (3, None)]
    assert _kinds(store, "US") == ["deadline", "deadline", "deadline-taken", "deadline"]


def test_what_is_under_way_has_something_to_come(store: Store, account: str, start: datetime) -> None:
    """Sent and not told, or with a step to go; what is only planned, or at its end, has not."""
    kept = _plan(relist("CUP"), relist("POT", 2), relist("PAN", 3), relist("JUG", 4))
    store.plans.keep(kept)
    notes = [Note("US-0001", "intent", "intended"), Note("US-0002", "receipt", "answered"), Note("US-0003", "unclear", "unclear")]
    store.ledger(account).note(kept.id, notes, start)
    assert store.plans.under_way(account) == {kept.id: ["US-0001", "US-0003"]}
