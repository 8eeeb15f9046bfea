"""FBA inventory and inbound eligibility of the simulator, driven by Amazon's own package over real HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.small_world import DELETED, HEALTHY, SELLER, SKUS, called, official

from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import issues
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"


@pytest.fixture
def inventory(served: Simulator) -> Any:
    from spapi import FbaInventoryApi

    return FbaInventoryApi(official(served.url).api_client)


@pytest.fixture
def eligibility(served: Simulator) -> Any:
    from spapi import FbaInboundEligibilityApi

    return FbaInboundEligibilityApi(official(served.url).api_client)


def summaries(inventory: Any, **more: Any) -> Any:
    return inventory.get_inventory_summaries("Marketplace", US, [US], **more)


def refusal(act: Any, *values: Any, **named: Any) -> Any:
    from spapi.rest import ApiException

    with pytest.raises(ApiException) as met:
        act(*values, **named)
    return met.value


def crowd(world: World, number: int) -> None:
    """More SKUs than fit on one page."""
    model = world.stocks[SELLER, "NA", "X00SAMPLE1"]
    for count in range(number):
        world.add_stock(replace(model, sku=f"SAMPLE-MORE-{count:04}", fnsku=f"X00MORE{count:04}"))


def test_every_sku_with_its_details(inventory: Any) -> None:
    """Without a filter, all the seller's stock comes, deleted listings included, with the parts of each quantity."""
    rows = {row.seller_sku: row for row in summaries(inventory, details=True).payload.inventory_summaries}
    assert set(rows) == set(SKUS)
    row = rows[DELETED]
    assert (row.total_quantity, row.condition, row.asin) == (17, "NewItem", "B0SAMPLE05")
    details = row.inventory_details
    assert (details.fulfillable_quantity, details.inbound_shipped_quantity) == (10, 4)
    assert (details.reserved_quantity.total_reserved_quantity, details.reserved_quantity.fc_processing_quantity) == (2, 2)
    assert (details.unfulfillable_quantity.total_unfulfillable_quantity, details.unfulfillable_quantity.defective_quantity) == (1, 1)


def test_details_only_where_they_are_asked_for(inventory: Any) -> None:
    """By default a summary has the total alone."""
    assert summaries(inventory, seller_skus=[HEALTHY]).payload.inventory_summaries[0].inventory_details is None


def test_named_skus_only(inventory: Any) -> None:
    """sellerSkus chooses; a SKU that the seller does not have is left out without a word."""
    rows = summaries(inventory, seller_skus=[HEALTHY, "SAMPLE-NOBODYS"]).payload.inventory_summaries
    assert [row.seller_sku for row in rows] == [HEALTHY]


def test_a_sku_with_a_comma_goes_alone(inventory: Any, world: World) -> None:
    """sellerSku is no list, so that a comma belongs to the SKU; in sellerSkus it would part two."""
    world.add_stock(replace(world.stocks[SELLER, "NA", "X00SAMPLE1"], sku="SAMPLE-1,2", fnsku="X00COMMA"))
    assert [row.seller_sku for row in summaries(inventory, seller_sku="SAMPLE-1,2").payload.inventory_summaries] == ["SAMPLE-1,2"]
    assert summaries(inventory, seller_skus=["SAMPLE-1,2"]).payload.inventory_summaries == []


def test_fifty_skus_are_the_most(inventory: Any, world: World) -> None:
    """50 SKUs are accepted; 51, which the package does not even send, are 400."""
    names = [f"SAMPLE-{number}" for number in range(51)]
    assert summaries(inventory, seller_skus=names[:50]).payload.inventory_summaries == []
    query = {"granularityType": "Marketplace", "granularityId": US, "marketplaceIds": US, "sellerSkus": ",".join(names)}
    assert called(world, "GET", "/fba/inventory/v1/summaries", query).code == 400


def test_page_by_page(inventory: Any, world: World) -> None:
    """nextToken leads through the whole list, each SKU once."""
    crowd(world, 120)
    token, seen = None, []
    while True:
        page = summaries(inventory, **({"next_token": token} if token else {}))
        seen += [row.seller_sku for row in page.payload.inventory_summaries]
        token = page.pagination.next_token if page.pagination else None
        world.advance(timedelta(seconds=2))
        if token is None:
            break
    assert len(seen) == len(set(seen)) == 120 + len(SKUS)


@pytest.mark.parametrize(("seconds", "good"), [(29, True), (30, False)])
def test_a_next_token_lives_for_thirty_seconds(inventory: Any, world: World, seconds: int, good: bool) -> None:
    """After 29 seconds it leads on, after 30 it is refused."""
    crowd(world, 60)
    token = summaries(inventory).pagination.next_token
    world.advance(timedelta(seconds=seconds))
    if good:
        assert summaries(inventory, next_token=token).payload.inventory_summaries
    else:
        assert refusal(summaries, inventory, next_token=token).status == 400


def test_what_changed_since(inventory: Any, world: World) -> None:
    """startDateTime leaves out what was seen before and has not changed; the SKUs beside it are ignored."""
    summaries(inventory)
    world.advance(timedelta(minutes=30))
    since = world.now
    world.stocks[SELLER, "NA", "X00SAMPLE1"].fulfillable -= 1
    rows = summaries(inventory, start_date_time=since, seller_skus=[DELETED]).payload.inventory_summaries
    assert [row.seller_sku for row in rows] == [HEALTHY]


def test_the_wrong_granularity(inventory: Any) -> None:
    """granularityId must be the marketplace that was asked for."""
    assert refusal(inventory.get_inventory_summaries, "Marketplace", "A2EUQ1WTGCTBG2", [US]).status == 400


def test_another_marketplace(inventory: Any) -> None:
    """A marketplace in which the seller does not take part is refused."""
    germany = BY_COUNTRY["DE"].id
    assert refusal(inventory.get_inventory_summaries, "Marketplace", germany, [germany]).status == 400


def test_inventory_has_two_calls_at_once(inventory: Any, world: World) -> None:
    """2 a second, burst 2: the third call at the same moment is 429 without the limit header; half a second later one goes through."""
    _, code, headers = inventory.get_inventory_summaries_with_http_info("Marketplace", US, [US])
    assert (code, headers["x-amzn-RateLimit-Limit"]) == (200, "2")
    summaries(inventory)
    met = refusal(summaries, inventory)
    assert (met.status, json.loads(met.body)["errors"][0]["code"]) == (429, "QuotaExceeded")
    assert "x-amzn-RateLimit-Limit" not in met.headers
    world.advance(timedelta(seconds=0.5))
    assert summaries(inventory).payload.inventory_summaries


def test_expired_token_and_missing_role(inventory: Any, eligibility: Any, world: World) -> None:
    """403 for both operations, without the role and with an old token."""
    world.sellers[SELLER].roles.discard("Amazon Fulfillment")
    assert refusal(summaries, inventory).status == 403
    assert refusal(eligibility.get_item_eligibility_preview, "B0SAMPLE01", "INBOUND", marketplace_ids=[US]).status == 403
    world.sellers[SELLER].roles.add("Amazon Fulfillment")
    world.advance(timedelta(hours=2))
    assert "expired" in refusal(summaries, inventory).body
    assert "expired" in refusal(eligibility.get_item_eligibility_preview, "B0SAMPLE01", "INBOUND", marketplace_ids=[US]).body


def test_the_sandbox_operations_are_not_played(inventory: Any) -> None:
    """Creating, filling and deleting items belongs to Amazon's sandbox: 501."""
    from spapi.models.fba_inventory_v1 import AddInventoryRequest, CreateInventoryItemRequest, InventoryItem

    item = CreateInventoryItemRequest(seller_sku=HEALTHY, marketplace_id=US, product_name="Sample case")
    more = AddInventoryRequest(inventory_items=[InventoryItem(seller_sku=HEALTHY, marketplace_id=US, quantity=1)])
    met = [refusal(inventory.create_inventory_item, item), refusal(inventory.add_inventory, "sample-idempotency-1", more), refusal(inventory.delete_inventory_item, HEALTHY, US)]
    assert {(one.status, json.loads(one.body)["errors"][0]["code"]) for one in met} == {(501, "NotYetImplemented")}


def test_an_item_that_may_be_sent(eligibility: Any) -> None:
    """A healthy ASIN is eligible and has no reasons."""
    found = eligibility.get_item_eligibility_preview("B0SAMPLE01", "INBOUND", marketplace_ids=[US]).payload
    assert (found.is_eligible_for_program, found.ineligibility_reason_list, found.marketplace_id) == (True, None, US)


def test_an_item_that_may_not(eligibility: Any, world: World) -> None:
    """Dangerous-goods documents are missing: the codes are the ones that the rules derive."""
    entry = world.entry(US, "B0SAMPLE02")
    assert entry is not None
    entry.dangerous_goods.documents_needed = True
    found = eligibility.get_item_eligibility_preview("B0SAMPLE02", "INBOUND", marketplace_ids=[US]).payload
    assert found.is_eligible_for_program is False
    assert found.ineligibility_reason_list == issues.ineligibility(world, SELLER, US, "B0SAMPLE02", "INBOUND") != []


def test_commingling_needs_no_marketplace(eligibility: Any, world: World) -> None:
    """COMMINGLING may be asked without a marketplace, INBOUND may not."""
    assert eligibility.get_item_eligibility_preview("B0SAMPLE01", "COMMINGLING").payload.program == "COMMINGLING"
    world.advance(timedelta(seconds=1))
    assert refusal(eligibility.get_item_eligibility_preview, "B0SAMPLE01", "INBOUND").status == 400


def test_an_unknown_asin(eligibility: Any) -> None:
    """An ASIN that is not in the catalogue is 404; the next call at the same moment is 429."""
    met = refusal(eligibility.get_item_eligibility_preview, "B0NOBODYS1", "INBOUND", marketplace_ids=[US])
    assert (met.status, json.loads(met.body)["errors"][0]["code"]) == (404, "NotFound")
    assert refusal(eligibility.get_item_eligibility_preview, "B0SAMPLE01", "INBOUND", marketplace_ids=[US]).status == 429
