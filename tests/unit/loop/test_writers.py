"""Who changed it back, as far as can be known."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plans import CLOSED, OPEN, deed, relist

from refloat.knowledge.catalogue import catalogue
from refloat.loop.choosing import next_remedy
from refloat.loop.writers import changed_at, likely_writer
from refloat.model.cure import Change, Step


def _listing(offer: Any, at: str = "2026-11-23T10:15:30Z") -> dict[str, Any]:
    return {"sku": "CUP", "summaries": [{"lastUpdatedDate": at}], "attributes": {"purchasable_offer": offer}}


CLOSED_ANEW = [{**CLOSED[0], "end_at": {"value": "2026-11-23T10:15:00Z"}}]


@pytest.mark.parametrize(
    ("listing", "same", "writer"),
    [
        (_listing(CLOSED), 1, "another-tool"),
        (_listing(CLOSED_ANEW), 1, "seller-or-amazon"),
        (_listing(CLOSED_ANEW), 3, "file-upload"),
        (_listing(OPEN), 1, "nobody"),
        (None, 1, "deleted"),
    ],
)
def test_the_listing_itself_tells(listing: dict[str, Any] | None, same: int, writer: str) -> None:
    """The old value to the letter is a tool's own copy; many in one minute are an upload; what still stands was not undone."""
    assert likely_writer(relist("CUP"), listing, same_minute=same) == writer


@pytest.mark.parametrize(("seen", "writer"), [(False, "never"), (True, "seller-or-amazon")])
def test_a_deletion_that_was_never_seen_never_took_effect(seen: bool, writer: str) -> None:
    """One that was seen, and is there again, somebody has made anew."""
    away = relist("CUP", steps=(Step(Change("delete")),), remedy="delete-listing", undo=None)
    assert likely_writer(away, _listing(CLOSED), seen=seen) == writer


def test_what_we_closed_ourselves_is_ours() -> None:
    assert likely_writer(relist("CUP"), _listing(CLOSED_ANEW), [deed(remedy="pause-offer")]) == "us"


def test_the_minute_of_the_last_change() -> None:
    assert (changed_at(_listing(OPEN)), changed_at(None)) == ("2026-11-23T10:15", None)


@pytest.mark.parametrize(("by", "guard"), [("another-tool", "second-writer"), ("file-upload", "second-writer"), ("seller-or-amazon", "came-back")])
def test_two_flips_by_another_tool_stop_us_and_it_is_named(by: str, guard: str) -> None:
    """Nothing lifts that: both would go on for ever."""
    back = [deed(verdict="came-back", told={"by": by})] * 2
    found = next_remedy("relist-offer", catalogue().causes["listing-closed"], back)
    assert found.guard is not None
    assert found.guard.name == guard
    lifted = next_remedy("relist-offer", catalogue().causes["listing-closed"], back, lifted=frozenset({"came-back"}))
    assert (lifted.guard is None) is (guard == "came-back")


REPRICED = [{**CLOSED[0], "our_price": [{"schedule": [{"value_with_tax": 16.0}]}]}]


def test_a_repricer_that_writes_its_own_copy_is_known_though_it_changed_the_price() -> None:
    """The end date that we took out is there again, beside a new price."""
    assert likely_writer(relist("CUP"), _listing(REPRICED)) == "another-tool"


def test_what_was_accepted_and_never_seen_never_took_effect() -> None:
    assert likely_writer(relist("CUP"), _listing(CLOSED), seen=False) == "never"
    assert likely_writer(relist("CUP"), _listing(REPRICED), seen=False) == "another-tool"


@pytest.mark.parametrize(("by", "first", "second"), [("another-tool", "relist-offer", "second-writer"), ("never", "relist-offer", "contact-support"), ("nobody", "contact-support", "contact-support")])
def test_goods_are_not_removed_because_another_tool_took_the_cure_back(by: str, first: str, second: str) -> None:
    """Taken back once: the same cure again, twice: stopped, and told. One that stood and did not help leads to Amazon's support."""
    cause = catalogue().causes["listing-closed"]
    once = next_remedy("relist-offer", cause, [deed(verdict="unchanged", told={"by": by})])
    assert once.remedy == first
    again = [deed(verdict="unchanged", told={"by": by}), deed(remedy=first, verdict="unchanged", told={"by": by})]
    twice = next_remedy("relist-offer", cause, again)
    assert (twice.guard.name if twice.guard else twice.remedy) == second
