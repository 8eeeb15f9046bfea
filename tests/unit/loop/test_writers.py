"""Who changed it back, as far as can be known."""

from __future__ import annotations

from typing import Any

import pytest
from tests.plans import CLOSED, OPEN, deed, relist

from refloat.knowledge.catalogue import catalogue
from refloat.loop.choosing import next_remedy
from refloat.loop.writers import changed_at, likely_writer


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
