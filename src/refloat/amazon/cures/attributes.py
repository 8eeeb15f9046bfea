"""A listing's attributes as Amazon answered them, and patches that touch one thing and leave the rest as it was read.

An attribute is an array of elements, and a patch replaces the whole array: what is not written back is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from refloat.knowledge.tables import Marketplace, marketplaces
from refloat.model.cure import Case, Change, Draft, Field, Guard, Patch, Step

Json = Any
Element = dict[str, Json]
Outcome = Draft | Guard


def place(case: Case) -> Marketplace:
    """The marketplace of the case."""
    return marketplaces()[case.marketplace]


def elements(case: Case, name: str) -> list[Json]:
    """The attribute's elements as a copy; empty where there is none."""
    found = case.attributes.get(name)
    return deepcopy(found) if isinstance(found, list) else []


def is_here(case: Case, element: Json) -> bool:
    """The element speaks of the case's marketplace: one that names none was asked for there."""
    return isinstance(element, Mapping) and element.get("marketplace_id", place(case).id) == place(case).id


def with_mine(case: Case, name: str, mine: Sequence[Json]) -> list[Json]:
    """The array with its elements of this marketplace exchanged; those of others stay, in their order."""
    old = elements(case, name)
    first = next((number for number, one in enumerate(old) if is_here(case, one)), len(old))
    return [*(one for one in old[:first] if not is_here(case, one)), *deepcopy(list(mine)), *(one for one in old[first:] if not is_here(case, one))]


def patch(case: Case, name: str, after: Sequence[Json]) -> Patch:
    """The attribute as it was read and as it shall be; an empty array takes it away."""
    # An empty array is nothing to put back: Amazon refuses one in a patch.
    before = elements(case, name) or None
    return Patch(name, before, list(after) or None, "replace" if after else "delete")


def summary(case: Case) -> Mapping[str, Any]:
    """Amazon's summary of the listing in this marketplace; empty where there is none."""
    found = (case.listing or {}).get("summaries")
    rows = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return next((one for one in rows if one.get("marketplaceId", place(case).id) == place(case).id), {})


def product_type(case: Case) -> str:
    """The listing's own product type; PRODUCT, which does for an offer, where it is not told."""
    return str(summary(case).get("productType") or "PRODUCT")


def patches_of(case: Case, patches: Iterable[Patch]) -> Change:
    """One request with these patches."""
    return Change("patch", product_type(case), tuple(patches))


def undo_of(case: Case, patches: Iterable[Patch]) -> Change:
    """What puts these attributes back as they were read."""
    back = (Patch(one.attribute, deepcopy(one.after), deepcopy(one.before), "replace" if one.before else "delete") for one in patches)
    return patches_of(case, back)


def one_change(case: Case, patches: Iterable[Patch], fields: Iterable[Field], reads: Iterable[str] = ()) -> Outcome:
    """A draft of one request, with its undo; a patch that would change nothing is left out."""
    if case.listing is None:
        return Guard("listing-gone")
    real = tuple(one for one in patches if one.before != one.after)
    if not real:
        return Guard("nothing-to-change")
    return Draft((Step(patches_of(case, real)),), tuple(fields), tuple(reads), undo_of(case, real))


def issues(case: Case) -> list[Mapping[str, Any]]:
    """What Amazon holds against the listing, as it answered."""
    found = (case.listing or {}).get("issues")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def strings(issue: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts in an issue (categories, attributeNames)."""
    found = issue.get(name)
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def actions(issue: Mapping[str, Any]) -> set[str]:
    """What Amazon does because of the issue: LISTING_SUPPRESSED, CATALOG_ITEM_REMOVED …"""
    enforced = issue.get("enforcements")
    listed = enforced.get("actions") if isinstance(enforced, Mapping) else None
    return {str(one.get("action")) for one in listed if isinstance(one, Mapping)} if isinstance(listed, list) else set()
