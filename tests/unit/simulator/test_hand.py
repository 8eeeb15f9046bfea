"""By hand: Amazon takes its time, wants its documents, and says no to what is not its to give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.simulator.strandings import DOCUMENTS, PLACE, SELLER, SKU, healthy, said, stranded

from refloat.simulator.rules import hand
from refloat.simulator.world import World


def _outcome(world: World) -> str | None:
    return list(hand.cases(world).values())[-1].outcome


def test_an_appeal_takes_two_days() -> None:
    """Nothing happens before 48 hours; then the enforcement is gone and the offer is closed where a client can read it."""
    world = stranded("Blocked listing")
    assert "received" in hand.done(world, SELLER, PLACE, "appeal", SKU, documents="invoice")
    world.advance(timedelta(hours=47))
    assert (said(world), _outcome(world)) == ("Blocked listing", None)
    world.advance(timedelta(hours=1))
    assert (said(world), _outcome(world)) == ("Listing closed", "granted")
    listing = world.listing(SELLER, PLACE, SKU)
    assert listing is not None
    assert listing.ends_at == world.now
    assert listing.writes[-1] == (world.now, "amazon", ("purchasable_offer",))


@pytest.mark.parametrize(
    ("reason", "act"),
    [
        ("Blocked listing", "appeal"),
        ("Product recall", "submit-documents"),
        ("Qualification required (brand)", "request-approval"),
        ("Trademark misuse", "contact-support"),
        ("Dangerous goods (upload documents and wait for review)", "submit-dangerous-goods"),
    ],
)
def test_without_its_documents_a_case_is_refused(reason: str, act: str) -> None:
    """The documents that it needs are not named: refused, and stranded as before; named on the next try, granted."""
    world = stranded(reason)
    hand.done(world, SELLER, PLACE, act, SKU, documents="a-kind-letter")
    world.advance(timedelta(days=7))
    assert (said(world), _outcome(world)) == (reason, "refused")
    hand.done(world, SELLER, PLACE, act, SKU, documents=DOCUMENTS.split(","))
    world.advance(timedelta(days=7))
    assert _outcome(world) == "granted"


def test_a_complete_case_may_be_refused_all_the_same() -> None:
    """Reinstatement is not guaranteed: with the switch, complete appeals fail too."""
    world = stranded("Blocked listing", by_hand_refused_share=1.0)
    hand.done(world, SELLER, PLACE, "appeal", SKU, documents=DOCUMENTS)
    world.advance(timedelta(days=3))
    assert (said(world), _outcome(world)) == ("Blocked listing", "refused")


def test_nothing_to_decide_is_refused() -> None:
    """A healthy listing gives no act anything to do, and stays healthy."""
    for act in hand.ACTS:
        world = healthy()
        hand.done(world, SELLER, PLACE, act, SKU, documents=DOCUMENTS)
        world.advance(timedelta(days=10))
        assert (said(world), _outcome(world)) == (None, "refused"), act


def test_an_unknown_act_is_an_error() -> None:
    """There is no such act, and no case is opened."""
    world = healthy()
    with pytest.raises(KeyError):
        hand.done(world, SELLER, PLACE, "bribe", SKU)
    assert hand.cases(world) == {}


def test_weekends_are_no_business_days() -> None:
    """Four business days from a Thursday end on the Wednesday after."""
    assert hand.business_days(4, datetime(2026, 11, 26, 9, tzinfo=UTC)) == datetime(2026, 12, 2, 9, tzinfo=UTC)


def test_the_same_acts_give_the_same_history() -> None:
    """Case numbers, waits and chance come from the seed alone."""
    prints = set()
    for _ in range(2):
        world = stranded("Restricted ASIN", by_hand_refused_share=0.5)
        for act in hand.ACTS:
            hand.done(world, SELLER, PLACE, act, SKU, documents=DOCUMENTS)
        world.advance(timedelta(days=10))
        prints.add(world.fingerprint())
    assert len(prints) == 1
