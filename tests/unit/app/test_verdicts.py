"""Verdicts by what is on record; days gone by count only while our clock is Amazon's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from tests.plans import CLOSED, MADE_AT, OPEN, plan, relist, removal

from refloat.app.verdicts import verify_account
from refloat.clock import SimulatedClock
from refloat.model import answers
from refloat.model.plan import Plan
from refloat.model.ports import Answer, Deed, Note, Place, SentFeed
from refloat.store import Store

HOUR = timedelta(hours=1)
MARK = "20261122-0900-sample-R001"


@pytest.fixture
def made(store: Store, account: str) -> Plan:
    """A removal that has left; whether Amazon made it is not certain."""
    store.accounts.note_places(account, [Place("US", True, False)], MADE_AT)
    kept = plan(removal("CUP"), account=account)
    store.plans.keep(kept)
    feed = SentFeed(MARK, "US", "POST_FLAT_FILE_FBA_CREATE_REMOVAL", None, MADE_AT, None, "IN_QUEUE", 1)
    store.ledger(account).feed_leaves(kept.id, feed, [Note("US-0001", "intent", "intended", 0, MARK, told={"by": "removal"})])
    store.ledger(account).note(kept.id, [Note("US-0001", "unclear", "unclear")], MADE_AT)
    return kept


def _verified(store: Store, made: Plan, hours: float, *, agreed: bool, read: float | None = None) -> Mapping[str, Deed]:
    """So long after the order was sent, with a removal order report of that or another moment that does not show it."""
    at = MADE_AT + hours * HOUR
    store.record(made.account, "US").keep("removal-orders", b"order-id\tsku\tquantity\n", at=MADE_AT + (hours if read is None else read) * HOUR)
    verify_account(store, made.account, SimulatedClock(at), agreed=agreed)
    return store.ledger(made.account).deeds(made.id)


def test_days_by_our_clock_alone_do_not_unmake_a_removal_order(store: Store, made: Plan) -> None:
    """The clock may have jumped: only a pass that heard from Amazon that it is right may conclude that it was never made."""
    assert _verified(store, made, 100, agreed=False)["US-0001"].stage == "unclear"
    assert _verified(store, made, 71, agreed=True)["US-0001"].stage == "unclear"
    deed = _verified(store, made, 73, agreed=True)["US-0001"]
    assert (deed.stage, deed.told["code"]) == ("refused", "never-made")


def test_a_report_of_a_moment_that_a_wrong_clock_wrote_tells_nothing(store: Store, made: Plan) -> None:
    """Read an hour after the order while the clock ran a hundred hours ahead; later the clock is right again, and that report still the last."""
    assert _verified(store, made, 80, read=101, agreed=True)["US-0001"].stage == "unclear"
    assert _verified(store, made, 107, read=101, agreed=True)["US-0001"].stage == "unclear"


def test_an_accepted_order_that_no_report_shows_is_not_given_up_by_a_clock_that_jumped(store: Store, made: Plan) -> None:
    """Given up, its units could be ordered out a second time."""
    store.ledger(made.account).note(made.id, [Note("US-0001", "receipt", "answered")], MADE_AT)
    assert _verified(store, made, 100, agreed=False)["US-0001"].verdict != "unchanged"
    assert _verified(store, made, 100, agreed=True)["US-0001"].verdict == "unchanged"


def test_what_the_listing_shows_is_on_record_before_another_tool_takes_it_back(store: Store, account: str) -> None:
    """Seen once, it took effect: later it is not taken for a change that Amazon never made, and whoever writes its own copy back is named."""
    store.accounts.note_places(account, [Place("US", True, False)], MADE_AT)
    kept = plan(relist("CUP"), account=account)
    store.plans.keep(kept)
    ledger = store.ledger(account)
    ledger.note(kept.id, [Note("US-0001", "intent", "intended", 0)], MADE_AT)
    ledger.note(kept.id, [Note("US-0001", "receipt", "answered")], MADE_AT)
    for hours, offer, stage in ((-1, OPEN, "answered"), (2, CLOSED, "answered"), (3, OPEN, "shown"), (9, CLOSED, "shown")):
        body = {"attributes": {"purchasable_offer": offer}}
        at = MADE_AT + hours * HOUR
        store.record(account, "US").keep("listing-answers", answers.written("listing-answers", [Answer("CUP", body, at, None)]), at=at)
        verify_account(store, account, SimulatedClock(MADE_AT + 10 * HOUR))
        assert ledger.deeds(kept.id)["US-0001"].stage == stage, hours
