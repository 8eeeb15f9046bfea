"""What a seller does in Seller Central who knows what is wrong: the right act for each of Amazon's reasons, the mildest that helps.

Amazon takes its time all the same: some 15 minutes for a write, days for a case, weeks for a removal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import timedelta

from refloat.simulator.nouns.listing import Attributes
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.rules import hand, meant, ordering, removals, writing
from refloat.simulator.rules.barriers import Case, case_of
from refloat.simulator.rules.reasons import barrier
from refloat.simulator.rules.said import DANGEROUS_GOODS_DOCUMENTS, DG_INFORMATION, TRADEMARK_SELF
from refloat.simulator.rules.support import fresh_offer
from refloat.simulator.world import World

Key = tuple[str, str, str]
#: Where the sample seller's returns go; nobody lives there.
ADDRESS = {
    "AddressName": "Sample Seller", "AddressFieldOne": "1 Sample Street", "AddressCity": "Springfield", "AddressStateOrRegion": "IL",
    "AddressPostalCode": "62701", "AddressCountryCode": "US",
}  # fmt: skip
#: Deleted and created again within that time, it is refused.
_RECREATION_WAIT = timedelta(hours=24)


def put_right(world: World, key: Key) -> str | None:
    """Do what is right for the SKU now; what was done, or None: nothing is to be done, or something is under way."""
    case = case_of(world, *key)
    reason = barrier(case)
    if reason is None or case.stock is None or case.stock.on_hand <= 0 or under_way(world, key):
        return None
    wanted = meant.wanted(world, key, reason)
    if wanted == "closed":
        return None
    act = _take_back if wanted == "remove" else _ACTS.get(reason)
    return act(case) if act is not None else None


def under_way(world: World, key: Key) -> bool:
    """A write, a case or a removal of the SKU is on its way."""
    case = hand.cases(world).get(_last_cases(world).get(key, ""))
    return writing.pending(world, *key) or (case is not None and case.outcome is None) or removals.ordered(world, *key)


def papers(world: World, key: Key) -> frozenset[str]:
    """The papers that the seller has for the SKU: all that Amazon asks for, or none."""
    own, case = meant.mishap(world, key), case_of(world, *key)
    if own is not None and not own.papers:
        return frozenset()
    needs = (one.needs for one in (case.entry.enforcements if case.entry else ()) if one.lifted_at is None)
    return frozenset({*hand.APPROVAL_NEEDS, *hand.DANGEROUS_GOODS_NEEDS}).union(*needs)


def before(world: World, key: Key) -> Attributes:
    """What the listing said before its mishap; as it is now where there was none."""
    own, listing = meant.mishap(world, key), world.listings.get(key)
    return deepcopy(own.before if own is not None else listing.attributes if listing is not None else {})


def _key(case: Case) -> Key:
    return case.seller.id, case.marketplace_id, case.sku


def _last_cases(world: World) -> dict[Key, str]:
    known: dict[Key, str] = world.rooms.setdefault("righting", {})
    return known


def _save(case: Case, *names: str) -> str:
    """Save these attributes as they were before."""
    old = before(case.world, _key(case))
    writing.write(case.world, *_key(case), {name: old[name] for name in names if name in old}, "seller")
    return "edit"


def _open(case: Case) -> str:
    """The offer as it was, from now on and without end."""
    world, own = case.world, before(case.world, _key(case)).get("purchasable_offer", [])
    for offer in own:
        offer["start_at"], offer["end_at"] = {"value": world.now.strftime("%Y-%m-%dT%H:%M:%SZ")}, {"value": None}
    writing.write(world, *_key(case), {"purchasable_offer": own}, "seller")
    return "offer"


def _by_amazon(case: Case) -> str:
    writing.write(case.world, *_key(case), {"fulfillment_availability": [{"fulfillment_channel_code": PLACES[case.marketplace_id].channel}]}, "seller")
    return "change-to-fba"


def _merchant_and_back(case: Case) -> str:
    """A listing as the merchant's, then changed to FBA: that ties a lost link again."""
    writing.write(case.world, *_key(case), {"fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]}, "seller")
    return _by_amazon(case)


def _link(case: Case) -> str:
    assert case.stock is not None
    if case.stock.link_mends_with == "recreate":
        writing.delete(case.world, *_key(case), "seller")
        return "delete"
    return {"relist": _open, "create": _merchant_and_back, "support": _by_hand("contact-support")}[case.stock.link_mends_with](case)


def _list_again(case: Case) -> str | None:
    """The same SKU, ASIN and condition as the units."""
    old, stock = case.listing, case.stock
    assert stock is not None
    if old is not None and old.deleted_at is not None and old.deleted_at + _RECREATION_WAIT > case.world.now:
        return None
    kept = {name: rows for name, rows in before(case.world, _key(case)).items() if name in {"purchasable_offer", "fulfillment_availability"}}
    attributes = {**fresh_offer(case), **kept}
    for offer in attributes["purchasable_offer"]:
        offer["end_at"] = {"value": None}
    writing.create(case.world, *_key(case), stock.asin, attributes, "seller", condition=stock.condition)
    return "create"


def _saved_again(case: Case) -> str:
    """Saved without a change."""
    assert case.listing is not None
    writing.write(case.world, *_key(case), {"item_name": case.listing.attributes.get("item_name", [])}, "seller")
    return "edit"


def _touched(case: Case) -> str:
    """A keyword changed: neither price nor quantity."""
    said = {"value": f"sample {case.world.now:%Y%m%d%H}", "marketplace_id": case.marketplace_id}
    writing.write(case.world, *_key(case), {"generic_keyword": [said]}, "seller")
    return "edit"


def _error(case: Case) -> str | None:
    """A fault of Amazon's own is support's; what is missing is given."""
    if case.listing is not None and case.listing.broken_at is not None:
        return _by_hand("contact-support")(case)
    return _save(case, "age_range_description") if "age_range_description" in before(case.world, _key(case)) else _give_age(case)


def _give_age(case: Case) -> str:
    writing.write(case.world, *_key(case), {"age_range_description": [{"value": "Adult", "marketplace_id": case.marketplace_id}]}, "seller")
    return "edit"


def _goods_stated(case: Case) -> str:
    said = {"batteries_required": False, "supplier_declared_dg_hz_regulation": "not_applicable"}
    attributes: Attributes = {name: [{"value": value, "marketplace_id": case.marketplace_id}] for name, value in said.items()}
    writing.write(case.world, *_key(case), {**attributes, "fulfillment_availability": [{"fulfillment_channel_code": PLACES[case.marketplace_id].channel}]}, "seller")
    return "submit-dangerous-goods"


def _by_hand(act: str) -> Callable[[Case], str]:
    """A case, with the papers that there are."""

    def opened(case: Case) -> str:
        hand.done(case.world, *_key(case)[:2], act, case.sku, documents=papers(case.world, _key(case)))
        _last_cases(case.world)[_key(case)] = next(reversed(hand.cases(case.world)))
        return act

    return opened


def _leave(case: Case) -> str:
    """Approved, it is saved; else approval is asked for."""
    assert case.entry is not None
    values = {"brand": case.entry.brand, "category": case.entry.category, "item": case.entry.asin}
    lacking = [kind for kind, value in values.items() if kind in case.entry.gated and case.seller.approved_at(kind, value) is None]
    return _by_hand("request-approval")(case) if lacking else _saved_again(case)


def _take_back(case: Case) -> str | None:
    """All units come back."""
    stock, world = case.stock, case.world
    assert stock is not None
    if not stock.fulfillable + stock.units_unfulfillable:
        return None
    item = ordering.Item(case.sku, stock.fulfillable, stock.units_unfulfillable)
    removals.order(world, *_key(case)[:2], f"OWN-{world.identity('own-removal', 8)}", "Return", ADDRESS, [item], "seller")
    return "removal"


_ACTS: Mapping[str, Callable[[Case], str | None]] = {
    **dict.fromkeys(("Listing closed", "Listing closed and inventory error", "Missing price", "Pricing error"), _open),
    **dict.fromkeys(("Potential high pricing error", "Potential low pricing error", "Future listing sell date"), _open),
    "Merchant fulfilled": _by_amazon,
    **dict.fromkeys(("Deleted listing", "Listing removed", "Discontinued listing", "Unexpected inventory received", "No listing exists for inventory"), _list_again),
    "Missing SKU": _link,
    "Listing error": _error,
    **dict.fromkeys(("Inventory error", "Please review for quality issues"), _saved_again),
    "Product update required": _touched,
    TRADEMARK_SELF: lambda case: _save(case, "item_name"),
    "Potential logo misuse": lambda case: _save(case, "main_product_image_locator"),
    "Miscategorized ASIN": _by_hand("change-category"),
    **dict.fromkeys(("Qualification required (brand)", "Qualification required (category)", "Qualification required (item)"), _leave),
    **dict.fromkeys(("Restricted ASIN", "Blocked listing"), _by_hand("appeal")),
    **dict.fromkeys(("Food safety investigation", "Product safety investigation", "Product recall"), _by_hand("submit-documents")),
    **dict.fromkeys(("Trademark misuse", "Restricted Product ASIN", "Item merged", "Item restricted"), _by_hand("contact-support")),
    DG_INFORMATION: _goods_stated,
    DANGEROUS_GOODS_DOCUMENTS: _by_hand("submit-dangerous-goods"),
}
