"""A listing comes into being: its ASIN, its FNSKU, what it keeps of the one that was deleted, which lost link it mends."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Literal

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.stock import Mending, Stock
from refloat.simulator.rules.patching import OFFER_NAMES
from refloat.simulator.world import World

#: From the mildest to the last; the last mends what the ones before would have.
_MENDINGS: tuple[Mending, ...] = ("relist", "create", "recreate", "support")


def created(world: World, key: tuple[str, str, str], asin: str | None, attributes: Attributes, *, product_type: str = "PRODUCT", condition: str | None = None) -> Listing:
    """The new listing, put into the world.

    What Amazon held against the old one (a pause, a fault of its own) and the content that it wants saved anew survive
    a deletion: deleting is no way around them.
    """
    seller_id, marketplace_id, sku = key
    old, stock = world.listings.get(key), world.stock(seller_id, marketplace_id, sku)
    known = asin is not None and world.entry(marketplace_id, asin) is not None
    entry = _entry(world, marketplace_id, asin, attributes, product_type)
    state = condition or _text(attributes, "condition_type") or (stock.condition if stock else "new_new")
    kept = {name: value for name, value in old.attributes.items() if name not in OFFER_NAMES} if old is not None and old.asin == entry.asin else {}
    listing = Listing(
        seller_id=seller_id, marketplace_id=marketplace_id, sku=sku, asin=entry.asin, fnsku=_fnsku(world, key, entry.asin, state, stock), condition=state,
        product_type=entry.product_type if product_type == "PRODUCT" else product_type, attributes={**kept, **deepcopy(attributes)},
        created_at=world.now, updated_at=world.now, content_saved_at=world.now, on_known_product=known,
    )  # fmt: skip
    if old is not None and old.asin == entry.asin:
        listing.content_saved_at, listing.paused_at, listing.broken_at = old.content_saved_at, old.paused_at, old.broken_at
        listing.writes = list(old.writes)
    mended_by_recreation = old is not None and old.deleted_at is not None and stock is not None and stock.link_lost_at is not None and old.deleted_at >= stock.link_lost_at
    world.add_listing(listing)
    if mended_by_recreation:
        mend(world, listing, "recreate")
    return listing


def mend(world: World, listing: Listing, act: Literal["relist", "create", "recreate"]) -> None:
    """Tie the units to the listing again, if this act is enough for it and they are the same product."""
    stock = world.stock(listing.seller_id, listing.marketplace_id, listing.sku)
    if stock is None or stock.link_lost_at is None or stock.fnsku != listing.fnsku:
        return
    if _MENDINGS.index(stock.link_mends_with) <= _MENDINGS.index(act):
        stock.link_lost_at = None
        world.note("link-mended", listing.seller_id, stock.fnsku, act)


def _fnsku(world: World, key: tuple[str, str, str], asin: str, condition: str, stock: Stock | None) -> str:
    """The units' own FNSKU where product and condition are theirs; else a new one, and the units stay behind (models#5254)."""
    again = key in world.listings
    if stock is not None and (stock.asin, stock.condition) == (asin, condition) and not (again and world.switches.recreate_new_fnsku):
        return stock.fnsku
    pool = PLACES[key[1]].pool
    others = (world.listings.get((key[0], place.id, key[2])) for place in PLACES.values() if place.pool == pool and place.id != key[1])
    known = next((one.fnsku for one in others if one is not None and (one.asin, one.condition) == (asin, condition)), None)
    return known if known and not again else f"X00{world.identity('fnsku', 7)}"


def _entry(world: World, marketplace_id: str, asin: str | None, attributes: Attributes, product_type: str) -> CatalogueEntry:
    """The catalogue's entry; without an ASIN a second product beside the one that the units are."""
    found = world.entry(marketplace_id, asin) if asin else None
    if found is not None:
        return found
    name, price = _text(attributes, "item_name") or "A product of its own", Decimal(20)
    own = CatalogueEntry(marketplace_id, asin or f"B0N{world.identity('asin', 7)}", name, _text(attributes, "brand") or "Generic", product_type, product_type, price)
    return world.add_entry(own)


def _text(attributes: Attributes, name: str) -> str | None:
    value = next(iter(attributes.get(name) or []), {}).get("value")
    return None if value is None else str(value)
