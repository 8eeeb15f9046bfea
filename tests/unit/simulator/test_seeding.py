"""Seeded worlds: visibly made up, the same for the same seed, stranded as asked."""

from __future__ import annotations

from collections import Counter

import pytest

from refloat.simulator import seeding
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import reasons, strandedlist
from refloat.simulator.seeding import situations
from refloat.simulator.world import World

US, CA, DE, JP = (BY_COUNTRY[country].id for country in ("US", "CA", "DE", "JP"))


def _stranded(world: World, marketplace_id: str = US, seller_id: str = seeding.SELLER_ID) -> list[strandedlist.Row]:
    return strandedlist.rows(world, seller_id, marketplace_id)


def test_as_many_are_stranded_as_were_asked_for() -> None:
    """A fifth of a hundred SKUs stands on Amazon's page, each of them truly stranded for the reason that is shown."""
    world = seeding.seeded()
    rows = _stranded(world)
    assert len(rows) == 20
    assert all(reasons.stranded(world, seeding.SELLER_ID, US, row.sku) == row.found for row in rows)


def test_nothing_else_is_stranded() -> None:
    """Healthy, sold-out, merchant-only and closed-empty SKUs are not stranded; all four kinds are there."""
    world = seeding.seeded(skus=300, stranded=0)
    assert _stranded(world) == []
    kinds = Counter(
        "buyable" if reasons.buyable(world, listing) and listing.by_amazon else "merchant" if not listing.by_amazon else "closed" if listing.ends_at else "sold out"
        for listing in world.listings_of(seeding.SELLER_ID, US)
    )
    assert set(kinds) == {"buyable", "merchant", "closed", "sold out"}
    assert kinds["buyable"] > 240


def test_every_reason_can_be_had() -> None:
    """With room for all of them, every situation there is stands on the page or would tell so in an hour."""
    world = seeding.seeded(skus=240, stranded=0.25)
    assert {row.found.reason for row in _stranded(world)} == set(situations.SITUATIONS)


def test_only_the_reasons_that_were_asked_for() -> None:
    """The reasons are dealt out in turn."""
    rows = _stranded(seeding.seeded(skus=40, stranded=0.25, reasons=["Listing closed", "Merchant fulfilled"]))
    assert Counter(row.found.reason for row in rows) == {"Listing closed": 5, "Merchant fulfilled": 5}


def test_found_units_have_a_name_of_amazons() -> None:
    """Unexpected inventory lies under an Amazon.Found SKU that nobody lists."""
    world = seeding.seeded(skus=10, stranded=0.1, reasons=["Unexpected inventory received"])
    (row,) = _stranded(world)
    assert row.sku.startswith("Amazon.Found.B0SAMPLE")
    assert world.listing(seeding.SELLER_ID, US, row.sku) is None


def test_strandings_lie_in_the_past_and_their_dates_agree() -> None:
    """A listing that was closed was closed on the day since when it is stranded."""
    world = seeding.seeded(skus=50, stranded=0.2, reasons=["Listing closed"])
    for row in _stranded(world):
        listing = world.listing(seeding.SELLER_ID, US, row.sku)
        assert listing is not None
        assert listing.ends_at == row.since.replace(microsecond=0) < world.start


def test_one_seed_is_one_world() -> None:
    """Two worlds of one seed are equal record by record; another seed gives another."""
    first, again, other = seeding.seeded(3), seeding.seeded(3), seeding.seeded(4)
    assert (first.listings, first.stocks, first.catalogue, first.history) == (again.listings, again.stocks, again.catalogue, again.history)
    assert first.stocks != other.stocks


def test_pools_and_regions() -> None:
    """Marketplaces of one pool share the units; every region has a seller of its own, in the words and coins of its marketplaces."""
    world = seeding.seeded(skus=60, countries=("US", "CA", "DE", "JP"))
    assert [seller.region for seller in world.sellers.values()] == ["NA", "EU", "FE"]
    assert [list(seller.places) for seller in world.sellers.values()] == [[US, CA], [DE], [JP]]
    assert world.stock(seeding.SELLER_ID, US, "SAMPLE-0001") is world.stock(seeding.SELLER_ID, CA, "SAMPLE-0001")
    japanese = next(world.listings_of("A3SAMPLESELLER", JP))
    assert japanese.offer["currency"] == "JPY"
    assert isinstance(japanese.offer["our_price"][0]["schedule"][0]["value_with_tax"], int)


@pytest.mark.parametrize("countries", [("US", "CA"), ("DE", "FR", "PL")])
def test_every_reason_can_be_had_where_marketplaces_share_units(countries: tuple[str, ...]) -> None:
    """What nobody ever listed is listed in no marketplace of the pool: one listing would be enough for the units."""
    world = seeding.seeded(skus=240, stranded=0.25, countries=countries)
    first, other = (BY_COUNTRY[country].id for country in countries[:2])
    assert {row.found.reason for row in _stranded(world, first)} == set(situations.SITUATIONS)
    unlisted = [row.sku for row in _stranded(world, first) if row.found.reason == "No listing exists for inventory"]
    assert unlisted
    assert all(world.listing(seeding.SELLER_ID, other, sku) is None for sku in unlisted)


def test_the_credentials_are_the_known_ones() -> None:
    """The first seller signs in with the exported constants, the second with the same application and another token."""
    first, second = seeding.seeded(skus=1, stranded=0, countries=("US", "DE")).sellers.values()
    assert (first.id, first.client_id, first.client_secret, first.refresh_token) == (seeding.SELLER_ID, seeding.CLIENT_ID, seeding.CLIENT_SECRET, seeding.REFRESH_TOKEN)
    assert (second.client_id, second.refresh_token) == (seeding.CLIENT_ID, "Atzr|sample-refresh-token-2")


def test_many_sellers_have_nothing_in_common_but_the_application() -> None:
    """Each has its own id, token and products; what one seller's stock suffers strands nobody else's."""
    world = seeding.seeded(skus=10, stranded=0.3, countries=("US", "DE"), sellers=3, first=5)
    owners = list(world.sellers.values())
    assert [seller.id for seller in owners] == [f"A{number}SAMPLESELLER" for number in range(5, 11)]
    assert len({seller.refresh_token for seller in owners}) == 6
    asins = [{listing.asin for listing in world.listings_of(seller.id, US)} for seller in owners[:3]]
    assert all(asins) and not (asins[0] & asins[1] or asins[1] & asins[2] or asins[0] & asins[2])
    assert [len(_stranded(world, US, seller.id)) for seller in owners[:3]] == [3, 3, 3]
    assert [len(_stranded(world, DE, seller.id)) for seller in owners[3:]] == [3, 3, 3]


def test_some_skus_must_be_quoted() -> None:
    """Every fiftieth SKU has a slash, a blank and a number sign in it."""
    assert seeding.sku_of(50) == "SAMPLE-0050/A #2"
    assert seeding.seeded(skus=50, stranded=0).listing(seeding.SELLER_ID, US, "SAMPLE-0050/A #2") is not None


def test_an_unknown_country_is_an_error() -> None:
    """There is no marketplace in Iceland."""
    with pytest.raises(KeyError):
        seeding.seeded(countries=("IS",))
