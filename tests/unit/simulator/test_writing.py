"""Writes and what they do a quarter of an hour later."""

from __future__ import annotations

import pickle
from datetime import timedelta
from typing import Any

import pytest
from tests.small_world import CLOSED, DELETED, HEALTHY, MERCHANT, SELLER, small_world

from refloat.simulator.nouns.listing import Listing, Writer
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import freshness, writing
from refloat.simulator.rules.checking import of_patches, of_whole
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
HALF_HOUR = timedelta(minutes=30)
OFFER = [{"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}]}]
FBA, MFN_0 = {"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}
WHOLE: dict[str, list[dict[str, Any]]] = {"condition_type": [{"value": "new_new"}], "purchasable_offer": OFFER, "fulfillment_availability": [FBA]}


def listing(world: World, sku: str) -> Listing:
    found = world.listing(SELLER, US, sku)
    assert found is not None
    return found


def replace(name: str, *value: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"op": "replace", "path": f"/attributes/{name}", "value": list(value)}]


def test_a_write_takes_effect_after_a_while_and_not_before() -> None:
    """Ten minutes later nothing has happened; after half an hour the offer, the moments and the writer have changed."""
    world = small_world()
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "api")
    world.advance(timedelta(minutes=10))
    assert listing(world, CLOSED).ends_at is not None
    assert writing.pending(world, SELLER, US, CLOSED)
    world.advance(timedelta(minutes=20))
    found = listing(world, CLOSED)
    assert (found.ends_at, str(found.price)) == (None, "21.5")
    assert [(by, names) for _, by, names in found.writes] == [("api", ("purchasable_offer",))]
    assert world.start + timedelta(minutes=12) <= found.updated_at <= world.start + timedelta(minutes=18)
    assert not writing.pending(world, SELLER, US, CLOSED)


def test_price_and_channel_are_no_content() -> None:
    """Only a save of something else moves the date of the content, also when it says what was there already."""
    world = small_world()
    before = listing(world, HEALTHY).content_saved_at
    writing.write(world, SELLER, US, HEALTHY, {"purchasable_offer": OFFER, "fulfillment_availability": [FBA]}, "seller", timedelta(0))
    assert listing(world, HEALTHY).content_saved_at == before
    writing.write(world, SELLER, US, HEALTHY, {"condition_type": listing(world, HEALTHY).attributes["condition_type"]}, "seller", timedelta(0))
    assert listing(world, HEALTHY).content_saved_at == world.now
    assert [names for _, _, names in listing(world, HEALTHY).writes] == [("purchasable_offer",), ()]


def test_a_write_leaves_what_it_does_not_name_and_a_put_does_not() -> None:
    """A partial write keeps the channel; a put without it takes it away; an empty list takes one attribute away."""
    world = small_world()
    writing.write(world, SELLER, US, HEALTHY, {"item_name": [{"value": "Case"}]}, "seller", timedelta(0))
    assert sorted(listing(world, HEALTHY).attributes) == ["condition_type", "fulfillment_availability", "item_name", "merchant_suggested_asin", "purchasable_offer"]
    writing.write(world, SELLER, US, HEALTHY, {"item_name": []}, "seller", timedelta(0))
    assert "item_name" not in listing(world, HEALTHY).attributes
    writing.put(world, SELLER, US, HEALTHY, {"purchasable_offer": OFFER}, "seller", timedelta(0))
    assert sorted(listing(world, HEALTHY).attributes) == ["purchasable_offer"]


def test_writes_to_one_sku_do_not_overtake_each_other() -> None:
    """Whatever the waits by chance: the last one sent is the one that stays."""
    for seed in range(12):
        world = small_world(seed=seed)
        for price in (11, 12, 13):
            writing.patch(world, SELLER, US, HEALTHY, replace("purchasable_offer", {**OFFER[0], "our_price": [{"schedule": [{"value_with_tax": price}]}]}), "repricer")
        world.advance(HALF_HOUR)
        assert listing(world, HEALTHY).price == 13


@pytest.mark.parametrize(("survives", "by", "fba"), [(True, "api", False), (False, "api", True), (True, "seller", True), (True, "amazon", True)])
def test_the_merchants_row_survives_programs_only(survives: bool, by: Writer, fba: bool) -> None:
    """A replace by Amazon's channel alone leaves a program's offer merchant-fulfilled; on Amazon's own pages it works."""
    world = small_world(default_row_survives=survives)
    writing.patch(world, SELLER, US, MERCHANT, replace("fulfillment_availability", FBA), by, timedelta(0))
    assert listing(world, MERCHANT).by_amazon is fba


def test_both_rows_with_nothing_for_the_merchant_change_the_channel() -> None:
    """DEFAULT at 0 beside Amazon's channel is the change that always works."""
    world = small_world()
    writing.patch(world, SELLER, US, MERCHANT, replace("fulfillment_availability", FBA, MFN_0), "api", timedelta(0))
    assert listing(world, MERCHANT).by_amazon


def test_dangerous_goods_without_their_attributes_stay_with_the_merchant() -> None:
    """Amazon's channel becomes the merchant's without a word, on a change as on a creation, until both attributes are there."""
    world = small_world()
    for number in (3, 5):
        world.catalogue[US, f"B0SAMPLE0{number}"].dangerous_goods.information_needed = True
    writing.patch(world, SELLER, US, MERCHANT, replace("fulfillment_availability", FBA, MFN_0), "api", timedelta(0))
    assert listing(world, MERCHANT).channels == {"DEFAULT": 3}
    writing.create(world, SELLER, US, DELETED, "B0SAMPLE05", WHOLE, "api", delay=timedelta(0))
    assert listing(world, DELETED).channels == {"DEFAULT": 0}
    told = {"batteries_required": [{"value": False}], "supplier_declared_dg_hz_regulation": [{"value": "not_applicable"}]}
    writing.write(world, SELLER, US, MERCHANT, {**told, "fulfillment_availability": [FBA, MFN_0]}, "api", timedelta(0))
    assert listing(world, MERCHANT).by_amazon


def test_a_deletion_hides_the_listing_and_leaves_the_units() -> None:
    """Offer and bounds are gone, who did it is known, the units lie where they lay."""
    world = small_world()
    writing.delete(world, SELLER, US, HEALTHY, "api")
    assert world.listing(SELLER, US, HEALTHY) is not None
    world.advance(HALF_HOUR)
    assert world.listing(SELLER, US, HEALTHY) is None
    tomb = world.listings[SELLER, US, HEALTHY]
    assert (tomb.deleted_by, "purchasable_offer" in tomb.attributes) == ("api", False)
    stock = world.stock(SELLER, US, HEALTHY)
    assert stock is not None and stock.fulfillable == 10


def test_a_deletion_may_do_nothing() -> None:
    """Accepted, and the listing is still there: by switch, for programs."""
    world = small_world(delete_takes_effect=False)
    writing.delete(world, SELLER, US, HEALTHY, "api", timedelta(0))
    assert world.listing(SELLER, US, HEALTHY) is not None


@pytest.mark.parametrize(("asin", "condition", "new", "same"), [
    ("B0SAMPLE05", "new_new", False, True), ("B0SAMPLE05", "new_new", True, False), ("B0SAMPLE01", "new_new", False, False), ("B0SAMPLE05", "used_good", False, False), (None, "new_new", False, False),
])  # fmt: skip
def test_a_created_listing_meets_its_units_only_as_the_same_product(asin: str | None, condition: str, new: bool, same: bool) -> None:
    """Another ASIN or condition, no ASIN, or the switch: a new FNSKU, and the units stay behind."""
    world = small_world(recreate_new_fnsku=new)
    writing.create(world, SELLER, US, DELETED, asin, {**WHOLE, "condition_type": [{"value": condition}]}, "api", delay=timedelta(0))
    stock = world.stock(SELLER, US, DELETED)
    assert stock is not None
    found = listing(world, DELETED)
    assert (found.fnsku == stock.fnsku) is same
    assert found.condition == condition
    assert found.asin == (asin or found.asin) and (asin is not None or found.asin.startswith("B0N"))


def test_a_deletion_is_no_way_around_a_pause() -> None:
    """What Amazon holds against a listing survives deletion and creation."""
    world = small_world()
    paused = listing(world, HEALTHY)
    paused.paused_at, paused.broken_at = world.now, world.now
    saved = paused.content_saved_at
    writing.delete(world, SELLER, US, HEALTHY, "api", timedelta(0))
    writing.create(world, SELLER, US, HEALTHY, "B0SAMPLE01", WHOLE, "api", delay=timedelta(0))
    again = listing(world, HEALTHY)
    assert again is not paused
    assert (again.paused_at, again.broken_at, again.content_saved_at) == (world.now, world.now, saved)


@pytest.mark.parametrize(("mends", "ends_with"), [("relist", 1), ("create", 2), ("recreate", 3), ("support", None)])
def test_a_lost_link_is_mended_by_its_own_step_and_not_before(mends: Any, ends_with: int | None) -> None:
    """Relist; then as merchant-fulfilled and back to Amazon; then delete and create; support alone mends the last."""
    world = small_world()
    stock = world.stock(SELLER, US, HEALTHY)
    assert stock is not None
    stock.link_lost_at, stock.link_mends_with = world.now, mends
    mended = []
    writing.write(world, SELLER, US, HEALTHY, {"purchasable_offer": listing(world, HEALTHY).attributes["purchasable_offer"]}, "seller", timedelta(0))
    mended.append(stock.link_lost_at is None)
    writing.write(world, SELLER, US, HEALTHY, {"fulfillment_availability": [MFN_0]}, "seller", timedelta(0))
    writing.write(world, SELLER, US, HEALTHY, {"fulfillment_availability": [FBA]}, "seller", timedelta(0))
    mended.append(stock.link_lost_at is None)
    writing.delete(world, SELLER, US, HEALTHY, "seller", timedelta(0))
    writing.create(world, SELLER, US, HEALTHY, "B0SAMPLE01", WHOLE, "seller", delay=timedelta(0))
    mended.append(stock.link_lost_at is None)
    assert mended == [ends_with is not None and step >= ends_with for step in (1, 2, 3)]


def test_what_was_accepted_can_fail_later() -> None:
    """A broken listing, an ASIN that does not exist: nothing changes, and the issue is there afterwards, until a write works."""
    world = small_world()
    listing(world, CLOSED).broken_at = world.now
    before = dict(listing(world, CLOSED).attributes)
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "api")
    writing.create(world, SELLER, US, "NEW", "B0NOWHERE1", WHOLE, "seller")
    assert writing.failures(world, listing(world, CLOSED)) == []
    world.advance(HALF_HOUR)
    assert listing(world, CLOSED).attributes == before
    assert [(one["code"], one["marketplaceIds"]) for one in writing.failures(world, listing(world, CLOSED))] == [("8560", [US])]
    assert world.listing(SELLER, US, "NEW") is None
    listing(world, CLOSED).broken_at = None
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "api", timedelta(0))
    assert writing.failures(world, listing(world, CLOSED)) == []


def test_a_fault_can_undo_what_was_accepted() -> None:
    """By its name and rate, for programs; what Amazon and the seller do by hand it spares."""
    world = small_world()
    world.faults.rates = {"accepted-fails-later": 1.0}
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "api", timedelta(0))
    assert [one["code"] for one in writing.failures(world, listing(world, CLOSED))] == ["90229"]
    assert listing(world, CLOSED).ends_at is not None
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "amazon", timedelta(0))
    assert listing(world, CLOSED).ends_at is None


@pytest.mark.parametrize(("waits", "hours", "codes"), [(True, 23, ["13013"]), (True, 25, []), (False, 1, [])])
def test_a_deleted_sku_is_free_again_after_a_day(waits: bool, hours: int, codes: list[str]) -> None:
    """Error 13013 within 24 hours, unless the switch says that Amazon no longer minds."""
    world = small_world(recreate_waits=waits)
    writing.delete(world, SELLER, US, HEALTHY, "api", timedelta(0))
    world.advance(timedelta(hours=hours))
    attributes = {**WHOLE, "merchant_suggested_asin": [{"value": "B0SAMPLE01"}]}
    assert [one["code"] for one in of_whole(world, SELLER, US, HEALTHY, attributes, product_type="PRODUCT", requirements="LISTING_OFFER_ONLY")] == codes


@pytest.mark.parametrize(("sku", "patches", "codes"), [
    (HEALTHY, replace("purchasable_offer", *OFFER), []),
    (HEALTHY, replace("purchasable_offer", {"marketplace_id": US}), ["99022"]),
    (HEALTHY, replace("purchasable_offer", {**OFFER[0], "currency": "EUR"}), ["90244"]),
    (HEALTHY, replace("purchasable_offer", {**OFFER[0], "our_price": [{"schedule": [{"value_with_tax": -1}]}]}), ["90244"]),
    (HEALTHY, replace("purchasable_offer", {**OFFER[0], "marketplace_id": "A1PA6795UKMFR9"}), ["90000900"]),
    (HEALTHY, replace("fulfillment_availability", {"fulfillment_channel_code": "AMAZON_EU"}), ["90244"]),
    (HEALTHY, replace("fulfillment_availability", {"fulfillment_channel_code": "DEFAULT"}), ["90220"]),
    (HEALTHY, replace("offer", OFFER[0]), ["90000900"]),
    (HEALTHY, [{"op": "merge", "path": "/attributes/fulfillment_availability", "value": [{"quantity": 0}]}], ["90000900"]),
    (HEALTHY, [{"op": "merge", "path": "/attributes/purchasable_offer", "value": [{"marketplace_id": US, "end_at": {"value": None}}]}], []),
    (HEALTHY, replace("supplier_declared_dg_hz_regulation", {"value": "harmless"}), ["90244"]),
    ("NEVER-THERE", replace("purchasable_offer", *OFFER), ["13013"]),
])  # fmt: skip
def test_a_form_that_is_wrong_is_found_at_once(sku: str, patches: list[dict[str, Any]], codes: list[str]) -> None:
    """The codes of Amazon's examples, each for its own mistake."""
    assert [one["code"] for one in of_patches(small_world(), SELLER, US, sku, patches)] == codes


def test_the_index_follows_writes_and_deletions() -> None:
    """After a write a listing stands at its new moment, after a deletion nowhere, after a creation again."""
    world = small_world()
    index = freshness.index(world, SELLER, US)
    assert [sku for _, sku in index.updated] == sorted([HEALTHY, CLOSED, MERCHANT, "SAMPLE-PRICELESS"])
    world.advance(timedelta(hours=1))
    writing.write(world, SELLER, US, CLOSED, {"purchasable_offer": OFFER}, "seller", timedelta(0))
    assert index.between("updated", world.now, None) == [(world.now, CLOSED)]
    writing.delete(world, SELLER, US, HEALTHY, "seller", timedelta(0))
    assert HEALTHY not in [sku for _, sku in (*index.updated, *index.created)]
    writing.create(world, SELLER, US, HEALTHY, "B0SAMPLE01", WHOLE, "seller", delay=timedelta(0))
    assert index.between("created", world.now, world.now) == [(world.now, HEALTHY)]


def test_a_world_with_writes_on_their_way_can_be_kept_and_goes_on_the_same() -> None:
    """Everything on its way is plain values: a pickled world comes to the same history."""
    world = small_world()
    writing.patch(world, SELLER, US, CLOSED, replace("purchasable_offer", *OFFER), "api")
    twin: World = pickle.loads(pickle.dumps(world))
    for one in (world, twin):
        one.advance(HALF_HOUR)
    assert twin.fingerprint() == world.fingerprint()
    assert listing(twin, CLOSED).ends_at is None
