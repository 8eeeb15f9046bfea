"""A world of one healthy SKU, and every remedy as an act on it: the hands of the matrix of reasons and remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from refloat.simulator.nouns.catalogue import CatalogueEntry
from refloat.simulator.nouns.listing import Attributes, Listing
from refloat.simulator.nouns.places import PLACES
from refloat.simulator.nouns.seller import Participation, Seller
from refloat.simulator.nouns.stock import Stock
from refloat.simulator.rules import hand, reasons, writing
from refloat.simulator.rules.barriers import case_of, missing_attributes
from refloat.simulator.seeding import situations
from refloat.simulator.switches import Switches
from refloat.simulator.world import START, World

SELLER, PLACE, SKU, ASIN = "A1SAMPLESELLER", "ATVPDKIKX0DER", "SAMPLE-0001", "B0SAMPLE01"
MARK = {"marketplace_id": PLACE}
DOCUMENTS = "compliance-proof,invoice,letter-of-authorization,letter-of-compliance,safety-data-sheet,test-report"
NOW = timedelta(0)


def healthy(**switches: Any) -> World:
    """One seller, one product, one open offer by Amazon, seven sellable units; content saved two months ago."""
    world = World(switches=Switches().turned(**switches))
    world.add_seller(Seller(SELLER, "Sample", "NA", "client", "secret", "token", {PLACE: Participation(PLACE)}))
    world.add_entry(CatalogueEntry(PLACE, ASIN, "Sample bowl", "Sample Brand", "PET_SUPPLIES", "Pets", Decimal("20.00"), required=("item_name",)))
    world.add_stock(Stock(SELLER, "NA", "X00SAMPLE1", SKU, ASIN, "new_new", fulfillable=7))
    then = START - timedelta(days=60)
    world.add_listing(Listing(SELLER, PLACE, SKU, ASIN, "X00SAMPLE1", "new_new", "PET_SUPPLIES", attributes(), then, then, then))
    return world


def stranded(reason: str, **switches: Any) -> World:
    """The same world an hour after the situation arose."""
    world = healthy(**switches)
    situations.strand(world, SELLER, PLACE, SKU, reason)
    world.advance(timedelta(hours=1))
    return world


def attributes() -> Attributes:
    """What the listing says when all is well."""
    return {
        "item_name": [{"value": "Sample bowl", **MARK}],
        "main_product_image_locator": [{"media_location": "https://images.example/bowl.jpg", **MARK}],
        "generic_keyword": [{"value": "bowl", **MARK}],
        "batteries_required": [{"value": False, **MARK}],
        "supplier_declared_dg_hz_regulation": [{"value": "not_applicable", **MARK}],
        "condition_type": [{"value": "new_new", **MARK}],
        "purchasable_offer": [offer("19.50", START - timedelta(days=60))],
        "fulfillment_availability": [{"fulfillment_channel_code": "AMAZON_NA"}],
    }


def offer(price: str, start: Any) -> dict[str, Any]:
    """An open offer with bounds around its price."""
    amount = Decimal(price)
    low, high = _schedule(amount * Decimal("0.5")), _schedule(amount * Decimal("1.5"))
    return {**MARK, "currency": "USD", "audience": "ALL", "our_price": _schedule(amount), "minimum_seller_allowed_price": low, "maximum_seller_allowed_price": high, "start_at": _moment(start)}


def said(world: World) -> str | None:
    """Amazon's reason now; None when nothing is stranded."""
    found = reasons.stranded(world, SELLER, PLACE, SKU)
    return found.reason if found else None


def barrier(world: World) -> str | None:
    """The reason that a unit would be stranded for, if one were there."""
    return reasons.barrier(case_of(world, SELLER, PLACE, SKU))


def sells(world: World) -> bool:
    """There is positive proof: nothing stranded, and the offer can be bought from Amazon's units."""
    listing = world.listing(SELLER, PLACE, SKU)
    return said(world) is None and listing is not None and listing.by_amazon and reasons.buyable(world, listing)


def act(world: World, *names: str) -> World:
    """Apply remedies one after the other, each until it has taken effect."""
    for name in names:
        ACTS[name](world)
        world.advance(timedelta(hours=1))
    return world


def _schedule(amount: Decimal) -> list[dict[str, Any]]:
    return [{"schedule": [{"value_with_tax": float(amount)}]}]


def _moment(moment: Any) -> dict[str, Any]:
    return {"value": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}


def _patch(world: World, **values: list[dict[str, Any]]) -> None:
    """Replace attributes; a SKU that is not there answers 404, and nothing happens."""
    if world.listing(SELLER, PLACE, SKU) is not None:
        writing.patch(world, SELLER, PLACE, SKU, [{"op": "replace", "path": f"/attributes/{name}", "value": value} for name, value in values.items()], "api", NOW)


def _offer_with(world: World, **parts: Any) -> None:
    listing = world.listing(SELLER, PLACE, SKU)
    if listing is not None and listing.offer:
        _patch(world, purchasable_offer=[{name: value for name, value in {**listing.offer, **parts}.items() if value is not None}])


def _relist(world: World) -> None:
    """Open the offer again; a date that the seller set ahead is left alone."""
    listing = world.listing(SELLER, PLACE, SKU)
    ahead = listing is not None and listing.starts_at is not None and listing.starts_at > world.now
    _offer_with(world, end_at=None, **({} if ahead else {"start_at": _moment(world.now)}))


def _change_sell_date(world: World) -> None:
    listing = world.listing(SELLER, PLACE, SKU)
    if listing is not None and listing.starts_at is not None and listing.starts_at > world.now:
        _offer_with(world, start_at=_moment(world.now))


def _set_price(world: World) -> None:
    fresh = offer("20.50", world.now)
    _offer_with(world, **{name: fresh[name] for name in ("our_price", "minimum_seller_allowed_price", "maximum_seller_allowed_price")})


def _change_to_fba(world: World) -> None:
    """Both rows, as the quirk of the surviving DEFAULT row asks for."""
    _patch(world, fulfillment_availability=[{"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}])


def _complete(world: World) -> None:
    """Give what is missing: required attributes, a price."""
    listing, entry = world.listing(SELLER, PLACE, SKU), world.entry(PLACE, ASIN)
    if listing is None or entry is None:
        return
    if missing := missing_attributes(listing, entry):
        _patch(world, **{name: [{"value": "given", **MARK}] for name in missing})
    if listing.price is None:
        _set_price(world)


def _refresh(world: World) -> None:
    """Save unchanged."""
    listing = world.listing(SELLER, PLACE, SKU)
    if listing is not None:
        _patch(world, generic_keyword=listing.attributes["generic_keyword"])


def _touch(world: World) -> None:
    """Change a keyword."""
    _patch(world, generic_keyword=[{"value": f"bowl {world.now:%H%M%S}", **MARK}])


def _withdraw(world: World) -> None:
    """Take out the word or the image that is somebody else's; nothing to do when there is none."""
    entry = world.entry(PLACE, ASIN)
    if entry is not None and entry.protected_words:
        _patch(world, item_name=[{"value": "Sample bowl", **MARK}])
    if entry is not None and entry.protected_images:
        _patch(world, main_product_image_locator=[{"media_location": "https://images.example/own.jpg", **MARK}])


def _create(world: World) -> None:
    """Same SKU, ASIN and condition; where the SKU exists the page refuses, unless FBA misses it: then as a merchant's first."""
    fresh = {**attributes(), "purchasable_offer": [offer("19.50", world.now)]}
    if world.listing(SELLER, PLACE, SKU) is None:
        writing.create(world, SELLER, PLACE, SKU, ASIN, fresh, "api", condition="new_new", delay=NOW)
    elif said(world) == "Missing SKU":
        writing.put(world, SELLER, PLACE, SKU, {**fresh, "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 0}]}, "api", NOW)
        world.advance(timedelta(hours=1))
        _change_to_fba(world)


def _recreate(world: World) -> None:
    """Delete, wait a day, create it as it was."""
    listing = world.listing(SELLER, PLACE, SKU)
    if listing is None:
        return
    was = listing.attributes
    _delete(world)
    world.advance(timedelta(hours=25))
    writing.create(world, SELLER, PLACE, SKU, ASIN, was, "api", condition="new_new", delay=NOW)


def _delete(world: World) -> None:
    writing.delete(world, SELLER, PLACE, SKU, "api", NOW)


def _remove_all(world: World) -> None:
    """A removal order of every unit, at its end."""
    stock = world.stock(SELLER, PLACE, SKU)
    assert stock is not None
    stock.fulfillable, stock.unfulfillable, stock.reserved, stock.researching = 0, {}, {}, 0


def _by_hand(name: str) -> Callable[[World], None]:
    """Until Amazon has decided; every document that there is goes with it."""

    def done(world: World) -> None:
        hand.done(world, SELLER, PLACE, name, SKU, documents=DOCUMENTS)
        world.move_to(list(hand.cases(world).values())[-1].due_at)

    return done


def _passes(days: int) -> Callable[[World], None]:
    return lambda world: world.advance(timedelta(days=days))


#: Every remedy (``edit-listing`` in its four modes) but ``create-removal``, which ends everything by taking the units away.
ACTS: Mapping[str, Callable[[World], None]] = {
    "relist-offer": _relist,
    "change-to-fba": _change_to_fba,
    "set-price": _set_price,
    "complete": _complete,
    "refresh": _refresh,
    "touch": _touch,
    "withdraw": _withdraw,
    "create-listing": _create,
    "recreate-listing": _recreate,
    "change-sell-date": _change_sell_date,
    "delete-listing": _delete,
    "create-removal": _remove_all,
    **{name: _by_hand(name) for name in ("appeal", "request-approval", "submit-documents", "submit-dangerous-goods", "change-category", "contact-support", "report-abuse")},
    "wait": _passes(12),
    "hold": _passes(61),
}
assert PLACES[PLACE].pool == "NA"
