"""What a write does when it takes effect: facts only, never a conclusion.

It changes the attributes, ``updated_at``, ``writes`` (with the names that really changed, so a save of what was there
already is an entry without names), ``content_saved_at`` (when content was saved, changed or not; price and channel are
no content), and a lost link that this write mends:

* ``relist``: the offer was written, at the same price;
* ``create``: the channel went from the merchant to Amazon, or the listing was created;
* ``recreate``: the listing was created after a deletion that came after the loss.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Literal

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Attributes, Listing, Writer
from refloat.simulator.rules import creating, freshness
from refloat.simulator.rules.patching import OFFER_NAMES, patched
from refloat.simulator.world import World

Key = tuple[str, str, str]
_DANGER = ("batteries_required", "supplier_declared_dg_hz_regulation")


@dataclass
class Change:
    """One write on its way."""

    kind: Literal["patch", "write", "put", "create", "delete"]
    seller_id: str
    marketplace_id: str
    sku: str
    by: Writer
    submission: str
    attributes: Attributes = field(default_factory=dict)
    patches: list[dict[str, Any]] = field(default_factory=list)
    asin: str | None = None
    product_type: str = "PRODUCT"
    condition: str | None = None

    @property
    def key(self) -> Key:
        return self.seller_id, self.marketplace_id, self.sku


def dangerous_goods_missing(entry: CatalogueEntry | None, attributes: Attributes) -> bool:
    """Amazon wants battery and regulation attributes, and they are not all there."""
    return entry is not None and entry.dangerous_goods.information_needed and not all(attributes.get(name) for name in _DANGER)


def trouble(world: World, change: Change) -> dict[str, Any] | None:
    """Why the write fails although it was accepted; None when it works."""
    listing = world.listing(*change.key)
    if change.by not in {"amazon", "seller"} and world.faults.strikes(world, "accepted-fails-later", "writing"):
        return _issue("90229", "We could not complete the update of this listing. Nothing was changed. Submit it again.", [])
    if listing is not None and listing.broken_at is not None and change.kind != "delete":
        return _issue("8560", "The listing could not be updated because of an error in the catalog. Contact Selling Partner Support.", [])
    if change.kind == "create" and change.asin is not None and world.entry(change.marketplace_id, change.asin) is None:
        return _issue("8541", f"The ASIN {change.asin} does not exist in this store. No offer was created.", ["merchant_suggested_asin"])
    return None


def _issue(code: str, message: str, names: list[str]) -> dict[str, Any]:
    return {"code": code, "message": message, "severity": "ERROR", "attributeNames": names, "categories": ["INVALID_ATTRIBUTE"] if names else []}


def take(world: World, change: Change) -> None:
    """Let the write take effect, now."""
    _EFFECTS[change.kind](world, change)


def _patch_effect(world: World, change: Change) -> None:
    listing = world.listing(*change.key)
    if listing is None:
        return
    survives = world.switches.default_row_survives and change.by not in {"amazon", "seller"}
    touched = {str(one["path"]).rsplit("/", 1)[-1] for one in change.patches}
    after = patched(listing.attributes, change.patches, default_row_survives=survives)
    save(world, listing, {name: after[name] for name in after if name in touched}, change.by)


def _write_effect(world: World, change: Change) -> None:
    listing = world.listing(*change.key)
    if listing is not None:
        save(world, listing, change.attributes, change.by)


def _put_effect(world: World, change: Change) -> None:
    listing = world.listing(*change.key)
    if listing is None:
        _create_effect(world, change)
        return
    save(world, listing, {**{name: [] for name in listing.attributes}, **change.attributes}, change.by)


def _create_effect(world: World, change: Change) -> None:
    if world.listing(*change.key) is not None:
        _write_effect(world, change)
        return
    attributes = _without_danger(world, change.marketplace_id, change.asin, change.attributes)
    listing = creating.created(world, change.key, change.asin, attributes, product_type=change.product_type, condition=change.condition)
    listing.writes.append((world.now, change.by, tuple(sorted(attributes))))
    creating.mend(world, listing, "create")
    freshness.touched(world, listing)


def _delete_effect(world: World, change: Change) -> None:
    listing = world.listing(*change.key)
    if listing is None or (change.by == "api" and not world.switches.delete_takes_effect):
        return
    # The offer goes for good; what the seller once said about the product stays with the ASIN.
    listing.attributes = {name: value for name, value in listing.attributes.items() if name not in OFFER_NAMES}
    listing.deleted_at, listing.deleted_by, listing.updated_at = world.now, change.by, world.now
    listing.writes.append((world.now, change.by, ()))
    freshness.touched(world, listing)


_EFFECTS: dict[str, Callable[[World, Change], None]] = {
    "patch": _patch_effect,
    "write": _write_effect,
    "put": _put_effect,
    "create": _create_effect,
    "delete": _delete_effect,
}


def save(world: World, listing: Listing, attributes: Attributes, by: Writer) -> None:
    """Save the named attributes now: the listing, its moments, its writers, a link that this mends."""
    before, was_amazons, prices = listing.attributes, listing.by_amazon, (listing.price, *listing.bounds)
    wanted = {**before, **deepcopy(attributes)}
    after = _without_danger(world, listing.marketplace_id, listing.asin, {name: value for name, value in wanted.items() if value}, before)
    changed = tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
    listing.attributes, listing.updated_at = after, world.now
    if set(attributes) - OFFER_NAMES:
        listing.content_saved_at = world.now
    listing.writes.append((world.now, by, changed))
    # A new price is no relisting: a repricer would mend every lost link within a day.
    if "purchasable_offer" in attributes and (listing.price, *listing.bounds) == prices:
        creating.mend(world, listing, "relist")
    if listing.by_amazon and not was_amazons:
        creating.mend(world, listing, "create")
    freshness.touched(world, listing)


def _without_danger(world: World, marketplace_id: str, asin: str | None, after: Attributes, before: Attributes | None = None) -> Attributes:
    """Amazon's channel without battery and regulation attributes becomes the merchant's, without a word (models#4265)."""
    entry = world.entry(marketplace_id, asin) if asin else None
    rows = after.get("fulfillment_availability", [])
    if not dangerous_goods_missing(entry, after) or not any(str(row.get("fulfillment_channel_code")).startswith("AMAZON") for row in rows) or rows == (before or {}).get("fulfillment_availability"):
        return after
    kept = [row for row in (before or {}).get("fulfillment_availability", []) if row.get("fulfillment_channel_code") == "DEFAULT"]
    return {**after, "fulfillment_availability": kept or [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]}
