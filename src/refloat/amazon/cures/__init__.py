"""The cures: for each remedy that Amazon lets a program carry out, what it would send. Pure: nothing here asks or sends.

A cure is given one case and answers with a draft, or with the limit that is in its way. It merges into what was read, it
makes up nothing, and it knows how to put back what it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refloat.amazon.cures import (
    change_sell_date,
    change_to_fba,
    create_listing,
    create_removal,
    dangerous_goods,
    delete_listing,
    edit_listing,
    pause_offer,
    recreate_listing,
    relist_offer,
    set_price,
)  # fmt: skip
from refloat.amazon.cures.enforcement import in_the_way
from refloat.model.cure import Case, Draft, Guard

__all__ = ["CURES", "drafted"]

#: Remedy → what drafts it. A remedy that is not here is done by a person, or is waiting.
CURES: Mapping[str, Callable[[Case], Draft | Guard]] = {
    "relist-offer": relist_offer.draft,
    "change-to-fba": change_to_fba.draft,
    "set-price": set_price.draft,
    "edit-listing": edit_listing.draft,
    "create-listing": create_listing.draft,
    "recreate-listing": recreate_listing.draft,
    "change-sell-date": change_sell_date.draft,
    "pause-offer": pause_offer.draft,
    "delete-listing": delete_listing.draft,
    "create-removal": create_removal.draft,
    "submit-dangerous-goods": dangerous_goods.draft,
}


def drafted(remedy: str, case: Case) -> Draft | Guard:
    """What the remedy would do to the case; the limits that hold for every remedy come first.

    Raises:
        KeyError: no program can carry out the remedy.
    """
    draft = CURES[remedy]
    return in_the_way(remedy, case) or draft(case)
