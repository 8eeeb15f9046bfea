"""Verdicts: only what a later look shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.plans import MADE_AT, deed

from refloat.loop.verify import Seen, expected_at, verdict

HOUR = timedelta(hours=1)
OPEN = Seen(None, None, None, "Listing closed", "confirmed", MADE_AT + HOUR)


def _closed(outcome: str, hours: float = 1) -> Seen:
    return Seen(MADE_AT + hours * HOUR, outcome, None, None, None, MADE_AT + hours * HOUR)


@pytest.mark.parametrize(("outcome", "word"), [("cleared", "cured"), ("sold-out", "sold-out")])
def test_proof_later_than_the_write_is_a_cure(outcome: str, word: str) -> None:
    assert verdict(deed(), _closed(outcome), MADE_AT + 2 * HOUR) == word


def test_proof_from_before_the_write_is_none() -> None:
    assert verdict(deed(), _closed("cleared", -1), MADE_AT + 2 * HOUR) is None


@pytest.mark.parametrize("stage", ["planned", "intended", "refused", "dropped", "stopped", "unclear", "undone"])
def test_what_was_not_accepted_has_no_verdict(stage: str) -> None:
    assert verdict(deed(stage), _closed("cleared"), MADE_AT + 2 * HOUR) is None


@pytest.mark.parametrize(("hours", "word"), [(2, "too-early"), (23, "too-early"), (25, "unchanged")])
def test_still_listed_is_too_early_and_then_unchanged(hours: int, word: str) -> None:
    assert verdict(deed(), OPEN, MADE_AT + hours * HOUR) == word


def test_without_a_later_look_nothing_is_said() -> None:
    """The report could not be had since, or is older than the write: days may pass, it stays open."""
    for looked in (None, MADE_AT, MADE_AT - HOUR):
        assert verdict(deed(), Seen(None, None, None, "Listing closed", "confirmed", looked), MADE_AT + 99 * HOUR) is None


@pytest.mark.parametrize("standing", ["clearing", "unknown"])
def test_absence_alone_is_neither_a_cure_nor_a_failure(standing: str) -> None:
    assert verdict(deed(), Seen(None, None, None, "Listing closed", standing, MADE_AT + 90 * HOUR), MADE_AT + 99 * HOUR) == "too-early"


@pytest.mark.parametrize(("standing", "hours", "word"), [("suspected", 99, "unchanged"), ("conflicting", 99, "too-early"), ("conflicting", 150, "unchanged")])
def test_what_is_still_not_sold_in_the_end_was_not_helped(standing: str, hours: int, word: str) -> None:
    """Amazon's report never listed it, or others deny it: past its time the remedy did not help, and the next one comes."""
    assert verdict(deed(), Seen(None, None, None, "Listing closed", standing, MADE_AT + 90 * HOUR), MADE_AT + hours * HOUR) == word


def test_a_list_that_is_late_is_no_failure_of_the_cure() -> None:
    """Not BUYABLE while it was stranded, BUYABLE since: the report that still lists it may be two days old, and no goods are removed for it."""
    seen = Seen(None, None, None, "Listing closed", "confirmed", MADE_AT + 26 * HOUR, turned_buyable=True)
    assert verdict(deed(), seen, MADE_AT + 26 * HOUR) == "too-early"
    assert verdict(deed(), seen, MADE_AT + 150 * HOUR) == "unchanged"


def test_the_same_reason_in_another_spelling_is_not_worse() -> None:
    assert verdict(deed(), Seen(None, None, None, "LISTING_CLOSED", "confirmed", MADE_AT + 90 * HOUR), MADE_AT + 99 * HOUR) == "unchanged"


def test_what_was_over_before_it_was_sent_needs_a_later_look_too() -> None:
    """Closed an hour before our write, and found closed by a look after it."""
    seen = Seen(MADE_AT - HOUR, "cleared", None, None, None, MADE_AT + HOUR)
    assert verdict(deed(), seen, MADE_AT + 2 * HOUR) == "cured"


@pytest.mark.parametrize("more", [{"step": 0, "steps": 2}, {"plan_id": "20261122-0900-sample-undo1"}])
def test_before_the_last_step_and_for_an_undo_there_is_no_verdict(more: dict[str, object]) -> None:
    assert verdict(deed(**more), OPEN, MADE_AT + 99 * HOUR) is None


def test_a_removal_that_no_report_shows_a_day_later_was_never_made() -> None:
    """Amazon accepted the feed; its own report of removal orders does not know the order."""
    seen = Seen(None, None, None, None, "confirmed", MADE_AT + 80 * HOUR, orders_read_at=MADE_AT + 80 * HOUR)
    assert verdict(deed(remedy="create-removal"), seen, MADE_AT + 81 * HOUR) == "unchanged"


def test_another_reason_than_before_is_worse() -> None:
    assert verdict(deed(), Seen(None, None, None, "Restricted ASIN", "confirmed", MADE_AT + 90 * HOUR), MADE_AT + 99 * HOUR) == "worse"


def test_what_strands_again_after_its_cure_came_back() -> None:
    cured = deed(verdict="cured", verdict_at=MADE_AT + HOUR)
    assert verdict(cured, Seen(None, None, MADE_AT + 5 * HOUR, "Listing closed", "confirmed", MADE_AT + 5 * HOUR), MADE_AT + 6 * HOUR) == "came-back"


@pytest.mark.parametrize(("removed", "word"), [((4, 4, 0), "removed"), ((4, 3, 1), "removed"), ((4, 0, 4), "unchanged"), ((10, 1, 9), "unchanged"), ((4, 3, 0), "too-early"), (None, "too-early")])
def test_a_removal_is_done_when_its_own_order_says_so(removed: tuple[int, int, int] | None, word: str) -> None:
    """By the units of the order itself; a cancelled order removed nothing."""
    seen = Seen(None, None, None, None, "confirmed", MADE_AT + HOUR, removed)
    assert verdict(deed(remedy="create-removal"), seen, MADE_AT + 2 * HOUR) == word


def test_the_time_at_which_it_usually_shows_is_told() -> None:
    assert expected_at(deed()) == MADE_AT + 3 * HOUR


def test_a_step_further_is_neither_worse_nor_a_cure() -> None:
    """The goods' information was taken, and Amazon asks for the change to FBA now: that is the page's own next step, and the cure is still to come."""
    sent = deed(remedy="submit-dangerous-goods", cause="merchant-fulfilled-dg-info-required", said="Merchant fulfilled (DG info required)")
    much_later = MADE_AT + 400 * HOUR
    for said in ("Merchant fulfilled", "Seller-fulfilled"):
        assert verdict(sent, replace(OPEN, said=said), much_later) == "too-early"
    assert verdict(sent, replace(OPEN, said="Restricted ASIN"), much_later) == "worse"
    assert verdict(sent, replace(OPEN, said=sent.said), much_later) == "unchanged"
    assert verdict(sent, _closed("cleared", 500), much_later + 200 * HOUR) == "cured"


def _after_deletion(hours: float, *, there: bool | None, listed_no_more: bool = False) -> str | None:
    seen = Seen(None, None, None, None, None, None, listing_there=there, listed_no_more=listed_no_more)
    return verdict(deed(remedy="delete-listing"), seen, MADE_AT + hours * HOUR)


@pytest.mark.parametrize(
    ("hours", "there", "listed_no_more", "word"),
    [
        (2, None, True, None), (99, None, False, None), (2, False, True, "deleted"), (2, False, False, "too-early"), (99, False, False, "too-early"),
        (2, True, False, "too-early"), (23, True, True, "too-early"), (25, True, False, "unchanged"), (25, True, True, "unchanged"),
    ],
)  # fmt: skip
def test_a_listing_is_deleted_once_amazon_and_its_report_say_so(hours: float, there: bool | None, listed_no_more: bool, word: str | None) -> None:
    """An answer that there is none, and a whole later report without it; one that shows it denies both. Without an answer nothing is said."""
    assert _after_deletion(hours, there=there, listed_no_more=listed_no_more) == word
