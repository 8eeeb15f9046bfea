"""Every cure against a false Amazon: read over its API, drafted, sent in the official form; then the world itself says whether the units are stranded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from tests.small_world import SELLER, called

from refloat.amazon.cures import drafted
from refloat.amazon.cures.offers import amount_of, consumer
from refloat.amazon.listings import INCLUDED
from refloat.knowledge.catalogue import catalogue
from refloat.model.cure import Case, Change, Draft, Guard, Patch, Wishes
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import reasons, removals
from refloat.simulator.rules.said import DG_INFORMATION, TRADEMARK_SELF
from refloat.simulator.seeding import seeded
from refloat.simulator.seeding.situations import FOREIGN_WORD, VARIANT_REASONS
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
MARK = {"marketplace_id": US}
GOODS = {"batteries_required": False, "supplier_declared_dg_hz_regulation": "not_applicable"}
HOME = {"AddressName": "Sample Goods", "AddressFieldOne": "1 Sample Street", "AddressCity": "Springfield", "AddressCountryCode": "US", "AddressPostalCode": "62701"}
#: Amazon's own time until a change has taken effect, generously.
AN_HOUR = timedelta(hours=1)


@dataclass
class Stranding:
    """One SKU of a seeded world, stranded for one reason."""

    world: World
    sku: str

    @property
    def path(self) -> str:
        return f"/listings/2021-08-01/items/{SELLER}/{quote(self.sku, safe='')}"

    @property
    def said(self) -> str | None:
        found = reasons.stranded(self.world, SELLER, US, self.sku)
        return found.reason if found else None

    def read(self) -> Mapping[str, Any] | None:
        """getListingsItem: the body, or None where Amazon says that there is none."""
        self.world.advance(timedelta(seconds=5))
        reply = called(self.world, "GET", self.path, {"marketplaceIds": US, "includedData": ",".join(INCLUDED)})
        assert reply.code in {200, 404}, reply
        return reply.body if reply.code == 200 else None

    def case(self, **parts: Any) -> Case:
        """The case as a diagnosed row and Amazon's answer tell it."""
        pages, stock, listing = catalogue(), self.world.stock(SELLER, US, self.sku), self.read()
        assert stock is not None
        symptom = pages.symptom_of(self.said)
        row = {"said": self.said, "symptom": symptom, "symptom_kind": pages.symptoms[symptom].kind if symptom else None, "condition": "New"}
        row |= {"units_fulfillable": stock.fulfillable, "units_unfulfillable": stock.units_unfulfillable, "units_reserved": stock.units_reserved, "units_in_removal": stock.in_removal}
        case = Case("US", self.sku, stock.asin, stock.fnsku, row, listing, self.world.now, self.world.now, account_standing="NORMAL", **parts)
        price = amount_of(consumer(case), "our_price")
        return case if price is None else Case(**{name: getattr(case, name) for name in Case.__slots__} | {"row": row | {"price_shown": price}})

    def carry_out(self, draft: Draft) -> None:
        """Each step in its turn, once Amazon shows what must be seen first."""
        for step in draft.steps:
            self.world.advance(timedelta(hours=step.wait_hours))
            self.wait_for(step.after, draft)
            self.send(step.change)
            self.world.advance(AN_HOUR)

    def wait_for(self, after: str | None, draft: Draft) -> None:
        listing = self.read() if after else None
        assert (listing is None) == (after in {None, "gone"})
        if after == "same-fnsku":
            assert listing is not None
            assert [one.before for one in draft.fields if one.name == "fnsku"] == [listing["summaries"][0]["fnSku"]]

    def send(self, change: Change) -> None:
        """The request in Amazon's own form, first as a preview where there is one."""
        if change.kind == "delete":
            assert called(self.world, "DELETE", self.path, {"marketplaceIds": US}).body["status"] == "ACCEPTED"
            return
        method, body = ("PATCH", patched(change)) if change.kind == "patch" else ("PUT", put(change))
        for mode, expected in (({"mode": "VALIDATION_PREVIEW"}, "VALID"), ({}, "ACCEPTED")):
            self.world.advance(timedelta(seconds=5))
            reply = called(self.world, method, self.path, {"marketplaceIds": US, **mode}, body)
            assert (reply.code, reply.body.get("status")) == (200, expected), reply.body


def patched(change: Change) -> dict[str, Any]:
    return {"productType": change.product_type, "patches": [_operation(one) for one in change.patches]}


def _operation(one: Patch) -> dict[str, Any]:
    return {"op": one.op, "path": f"/attributes/{one.attribute}", **({"value": one.after} if one.after is not None else {})}


def put(change: Change) -> dict[str, Any]:
    return {"productType": change.product_type, "requirements": change.requirements, "attributes": {one.attribute: one.after for one in change.patches}}


def stranding(reason: str) -> Stranding:
    """The first SKU of a world in which every SKU is stranded for this reason, a day later."""
    world = seeded(seed=4, skus=4, stranded=1.0, reasons=[reason])
    world.advance(timedelta(hours=25))
    wanted = VARIANT_REASONS.get(reason, reason)
    skus = [stock.sku for stock in world.stocks.values() if stock.seller_id == SELLER]
    return next(one for sku in skus if (one := Stranding(world, sku)).said == wanted)


def usual(one: Stranding) -> Decimal:
    """What the product usually costs: what a seller would enter."""
    stock = one.world.stock(SELLER, US, one.sku)
    entry = one.world.entry(US, stock.asin) if stock else None
    assert entry is not None
    return entry.reference_price


def priced(one: Stranding) -> Wishes:
    return Wishes(prices={one.sku: usual(one)})


def bounded(one: Stranding) -> Wishes:
    return Wishes(bounds={one.sku: (None, usual(one) * 2)})


def stated(one: Stranding) -> Wishes:
    return Wishes(goods={one.sku: GOODS}, prices={one.sku: usual(one)})


def edited(name: str, **element: Any) -> Callable[[Stranding], Wishes]:
    return lambda one: Wishes(edits={one.sku: {name: [{**element, **MARK}]}})


def renamed(one: Stranding) -> Wishes:
    """The title without the foreign word."""
    listing = one.read()
    assert listing is not None
    rows = [{**row, "value": row["value"].replace(f" for {FOREIGN_WORD}", "")} for row in listing["attributes"]["item_name"]]
    return Wishes(edits={one.sku: {"item_name": rows}})


def nothing(one: Stranding) -> Wishes:
    return Wishes()


#: (Amazon's reason or a way into it, remedy, mode, what the seller enters).
CURED: list[tuple[str, str, str | None, Callable[[Stranding], Wishes]]] = [
    ("Listing closed", "relist-offer", None, nothing),
    ("Listing closed and inventory error", "relist-offer", None, nothing),
    ("link-relist", "relist-offer", None, nothing),
    ("Merchant fulfilled", "change-to-fba", None, nothing),
    ("converted-by-upload", "change-to-fba", None, nothing),
    (DG_INFORMATION, "change-to-fba", None, stated),
    ("Missing price", "set-price", None, priced),
    ("Pricing error", "set-price", None, bounded),
    ("Potential high pricing error", "set-price", None, priced),
    ("Potential low pricing error", "set-price", None, priced),
    ("content-missing", "edit-listing", "complete", edited("age_range_description", value="Adult")),
    ("Inventory error", "edit-listing", "refresh", nothing),
    ("Please review for quality issues", "edit-listing", "refresh", nothing),
    ("Product update required", "edit-listing", "touch", nothing),
    (TRADEMARK_SELF, "edit-listing", "withdraw", renamed),
    ("Potential logo misuse", "edit-listing", "withdraw", edited("main_product_image_locator", media_location="https://images.example/own.jpg")),
    ("Deleted listing", "create-listing", None, priced),
    ("deleted-by-another", "create-listing", None, priced),
    ("Discontinued listing", "create-listing", None, priced),
    ("Missing SKU", "create-listing", None, nothing),
    ("link-recreate", "recreate-listing", None, nothing),
    ("update-by-recreation", "recreate-listing", None, nothing),
    ("Future listing sell date", "change-sell-date", None, nothing),
]


@pytest.mark.parametrize(("reason", "remedy", "mode", "entered"), CURED, ids=[f"{reason} {remedy} {mode or ''}".strip() for reason, remedy, mode, _ in CURED])
def test_the_cure_ends_the_stranding(reason: str, remedy: str, mode: str | None, entered: Callable[[Stranding], Wishes]) -> None:
    one = stranding(reason)
    draft = drafted(remedy, one.case(mode=mode, wishes=entered(one)))
    assert isinstance(draft, Draft), draft
    one.carry_out(draft)
    assert one.said is None
    listing = one.world.listing(SELLER, US, one.sku)
    assert listing is not None
    assert listing.by_amazon
    assert not listing.channels.get("DEFAULT")
    assert reasons.buyable(one.world, listing)


@pytest.mark.parametrize(("reason", "remedy", "mode", "entered"), [row for row in CURED if row[1] in {"relist-offer", "change-to-fba", "set-price", "change-sell-date"} and row[0] != "link-relist"])
def test_the_undo_puts_back_what_was_written(reason: str, remedy: str, mode: str | None, entered: Callable[[Stranding], Wishes]) -> None:
    one = stranding(reason)
    asked = one.case(mode=mode, wishes=entered(one))
    draft = drafted(remedy, asked)
    assert isinstance(draft, Draft)
    one.carry_out(draft)
    if "ricing error" in reason:
        assert draft.undo is None, "a price that Amazon called wrong does not go back on sale"
        return
    assert draft.undo is not None
    for patch in draft.undo.patches:
        # Sent without a preview: a price that was missing is one that Amazon would refuse.
        called(one.world, "PATCH", one.path, {"marketplaceIds": US}, patched(Change("patch", draft.undo.product_type, (patch,))))
        one.world.advance(AN_HOUR)
    listing = one.read()
    assert listing is not None
    if reason != "Missing price":
        assert listing["attributes"] == asked.attributes


def test_a_created_listing_can_be_closed_again() -> None:
    one = stranding("Deleted listing")
    draft = drafted("create-listing", one.case(wishes=priced(one)))
    assert isinstance(draft, Draft)
    one.carry_out(draft)
    assert draft.undo is not None
    one.send(draft.undo)
    one.world.advance(AN_HOUR)
    assert one.said == "Listing closed"


@pytest.mark.parametrize("reason", ["Unexpected inventory received", "No listing exists for inventory"])
def test_units_that_nobody_listed_get_their_listing_on_their_own_label(reason: str) -> None:
    """Under Amazon's own name for found units; name, brand and image are those of the product that the units are."""
    one = stranding(reason)
    draft = drafted("create-listing", one.case(wishes=priced(one)))
    assert isinstance(draft, Draft)
    one.carry_out(draft)
    listing, stock = one.world.listing(SELLER, US, one.sku), one.world.stock(SELLER, US, one.sku)
    assert listing is not None
    assert stock is not None
    assert (listing.sku, listing.fnsku, listing.asin) == (one.sku, stock.fnsku, stock.asin)
    assert one.said is None
    assert reasons.buyable(one.world, listing)


def test_a_pause_keeps_it_off_sale_and_ends() -> None:
    one = stranding("Listing closed")
    relisted = drafted("relist-offer", one.case())
    assert isinstance(relisted, Draft)
    one.carry_out(relisted)
    until = (one.world.now + timedelta(days=10)).date()
    paused = drafted("pause-offer", one.case(wishes=Wishes(dates={one.sku: until})))
    assert isinstance(paused, Draft)
    one.carry_out(paused)
    assert one.said == "Future listing sell date"
    one.world.advance(timedelta(days=12))
    assert one.said is None


def test_units_leave_as_they_were_counted() -> None:
    one = stranding("Item discontinued")
    draft = drafted("create-removal", one.case(wishes=Wishes(disposition="Return", addresses={"US": HOME}), pool={"CA": False}))
    assert isinstance(draft, Draft)
    removal = draft.steps[0].change.removal
    assert removal is not None
    item = removals.Item(one.sku, removal.units_sellable, removal.units_unsellable)
    assert removals.order(one.world, SELLER, US, "order-1", removal.disposition, dict(removal.address), [item], "api") == []
    stock = one.world.stock(SELLER, US, one.sku)
    assert stock is not None
    assert (stock.fulfillable, stock.units_unfulfillable) == (0, 0)
    assert drafted("create-removal", one.case(wishes=Wishes(disposition="Disposal"))) == Guard("units-in-removal", {"units": str(stock.in_removal)})


@pytest.mark.parametrize("reason", ["Restricted ASIN", "Blocked listing", "Product recall", "Trademark misuse", "Item restricted", "Restricted program"])
@pytest.mark.parametrize("remedy", ["relist-offer", "set-price", "edit-listing", "recreate-listing", "change-to-fba"])
def test_nothing_is_written_into_what_amazon_enforces(reason: str, remedy: str) -> None:
    found = drafted(remedy, stranding(reason).case(mode="refresh"))
    assert isinstance(found, Guard)
    assert found.name == "enforcement"
