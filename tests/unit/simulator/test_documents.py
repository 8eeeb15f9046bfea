"""What stands in the report files of the simulator: headers, languages, letters, and the state that they tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.small_world import CLOSED, DELETED, HEALTHY, MERCHANT, PRICELESS, SELLER, SKUS, small_world

from refloat.simulator.documents.asked import Asked, condition, local
from refloat.simulator.documents.drawn import Drawn, drawn
from refloat.simulator.documents.headers import HEADERS
from refloat.simulator.documents.kinds import KINDS
from refloat.simulator.documents.languages import CODECS, header
from refloat.simulator.nouns.catalogue import Enforcement
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import charging, removals, strandedlist, trade
from refloat.simulator.world import World

PAGE, LOADER = "GET_STRANDED_INVENTORY_UI_DATA", "GET_STRANDED_INVENTORY_LOADER_DATA"
ALL, INACTIVE, SUPPRESSED = "GET_MERCHANT_LISTINGS_ALL_DATA", "GET_MERCHANT_LISTINGS_INACTIVE_DATA", "GET_MERCHANTS_LISTINGS_FYP_REPORT"


def made(world: World, name: str, country: str = "US", **options: str) -> Drawn:
    return drawn(KINDS[name], Asked(world, SELLER, (BY_COUNTRY[country].id,), options))


def table(world: World, name: str, country: str = "US", **options: str) -> list[dict[str, str]]:
    document = made(world, name, country, **options)
    head, *lines = document.content.decode(CODECS[document.charset]).rstrip("\r\n").split("\r\n")
    return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]


def by_sku(rows: list[dict[str, str]], name: str = "sku") -> dict[str, dict[str, str]]:
    return {row[name]: row for row in rows}


def stood(world: World) -> World:
    """The world some hours later, when Amazon's page has caught up."""
    for place in world.sellers[SELLER].places:
        strandedlist.rows(world, SELLER, place)
    world.advance(timedelta(hours=6))
    return world


@pytest.mark.parametrize("name", [name for name in KINDS if name != "GET_V2_SELLER_PERFORMANCE_REPORT"])
def test_the_header_is_amazons(name: str) -> None:
    """Each text report begins with its header, even when nothing else stands in it."""
    document = made(small_world(), name)
    assert document.content.decode(CODECS[document.charset]).split("\r\n")[0].split("\t") == list(HEADERS[name])


def test_how_many_columns_there_are() -> None:
    """The counts that sellers' files have; the capital letter of the removal date is Amazon's."""
    counts = {PAGE: 18, LOADER: 17, "GET_FBA_MYI_ALL_INVENTORY_DATA": 21, "GET_RESERVED_INVENTORY_DATA": 8, ALL: 29, INACTIVE: 28, SUPPRESSED: 8}
    assert {name: len(HEADERS[name]) for name in counts} == counts
    assert HEADERS[PAGE][2] == "Date-to-take-auto-removal"


@pytest.mark.parametrize("program", [True, False])
def test_the_nineteenth_column(program: bool) -> None:
    """Both ways of the switch: with ``program`` as the last column, or without it."""
    rows = table(stood(small_world(program_column=program)), PAGE)
    assert rows
    assert all(("program" in row) is program for row in rows)


@pytest.mark.parametrize(("timed", "length"), [(True, 20), (False, 10)])
def test_the_removal_date_with_and_without_a_time(timed: bool, length: int) -> None:
    """Both ways of the switch: ``2027-01-01T00:00:00Z`` or ``2027-01-01``."""
    dates = [row["Date-to-take-auto-removal"] for row in table(stood(small_world(removal_date_with_time=timed)), PAGE)]
    assert any(dates)
    assert {len(text) for text in dates if text} == {length}


def test_the_page_tells_the_stranded_and_only_them() -> None:
    """A SKU that sells is not on it; each other one is, with its units."""
    rows = by_sku(table(stood(small_world()), PAGE))
    assert set(rows) == set(SKUS) - {HEALTHY}
    assert {row["fulfillable-qty"] for row in rows.values()} == {"10"}
    assert rows[MERCHANT]["fulfilled-by"] == "DEFAULT"
    assert rows[CLOSED]["fulfilled-by"] == "AMAZON_NA"
    assert rows[PRICELESS]["your-price"] == ""


def test_the_loader_leaves_out_what_must_be_removed() -> None:
    """Expired units stand on the page, and not in the file that could relist them; the fulfilment centre is empty."""
    world = small_world()
    stock = world.stock(SELLER, BY_COUNTRY["US"].id, HEALTHY)
    assert stock is not None
    stock.expires_on = world.now.date() - timedelta(days=5)
    stood(world)
    page, loader = by_sku(table(world, PAGE)), by_sku(table(world, LOADER))
    removed = {sku for sku, row in page.items() if row["primary-action"] == "Create removal order"}
    assert HEALTHY in removed
    assert set(loader) == set(page) - removed
    assert {row["fulfillment-center-id"] for row in loader.values()} == {""}


def test_a_closed_listing_stays_and_a_deleted_one_is_gone() -> None:
    """The listings report tells closed from deleted; the status follows what can be bought."""
    rows = by_sku(table(small_world(), ALL), "seller-sku")
    assert set(rows) == set(SKUS) - {DELETED}
    assert (rows[HEALTHY]["status"], rows[CLOSED]["status"], rows[PRICELESS]["status"]) == ("Active", "Inactive", "Incomplete")
    assert (rows[HEALTHY]["quantity"], rows[HEALTHY]["fulfillment-channel"]) == ("", "AMAZON_NA")
    assert (rows[MERCHANT]["quantity"], rows[MERCHANT]["fulfillment-channel"]) == ("3", "DEFAULT")


def test_the_inactive_are_the_rest() -> None:
    """What is not Active in the report of all stands in the report of the inactive, which has no status."""
    world = small_world()
    rows = table(world, INACTIVE)
    assert {row["seller-sku"] for row in rows} == {row["seller-sku"] for row in table(world, ALL) if row["status"] != "Active"}
    assert "status" not in rows[0]


def test_the_suppressed_say_why_and_since_when() -> None:
    """A listing without a price is suppressed; the date is written out in English."""
    rows = by_sku(table(small_world(), SUPPRESSED), "SKU")
    assert set(rows) == {PRICELESS}
    assert rows[PRICELESS]["Status Change Date"] == "May 6, 2026"
    assert rows[PRICELESS]["Issue Description"]


def test_stock_is_told_with_its_offers() -> None:
    """Manage FBA Inventory: units by state, and which kind of offer exists."""
    rows = by_sku(table(small_world(), "GET_FBA_MYI_ALL_INVENTORY_DATA"))
    told = {sku: (row["mfn-listing-exists"], row["afn-listing-exists"]) for sku, row in rows.items()}
    assert told == {HEALTHY: ("No", "Yes"), CLOSED: ("No", "Yes"), MERCHANT: ("Yes", "No"), PRICELESS: ("No", "Yes"), DELETED: ("No", "No")}
    row = rows[HEALTHY]
    assert [row[f"afn-{name}-quantity"] for name in ("warehouse", "fulfillable", "unsellable", "reserved", "inbound-shipped", "total")] == ["13", "10", "1", "2", "4", "17"]


def test_archived_records_are_in_the_report_of_all() -> None:
    """No unit and no listing: only GET_FBA_MYI_ALL_INVENTORY_DATA has it."""
    world = small_world()
    stock = world.stock(SELLER, BY_COUNTRY["US"].id, DELETED)
    assert stock is not None
    stock.fulfillable, stock.reserved, stock.unfulfillable, stock.inbound = 0, {}, {}, {}
    assert DELETED in by_sku(table(world, "GET_FBA_MYI_ALL_INVENTORY_DATA"))
    assert DELETED not in by_sku(table(world, "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"))
    assert DELETED not in by_sku(table(world, "GET_RESERVED_INVENTORY_DATA"))


def test_the_planning_report_counts_age_and_surcharge() -> None:
    """Five of the units have lain 200 days, five 20: the surcharge stands at the right tier."""
    row = by_sku(table(small_world(), "GET_FBA_INVENTORY_PLANNING_DATA"))[HEALTHY]
    assert [row[f"inv-age-{days}-days"] for days in ("0-to-90", "91-to-180", "181-to-270", "271-to-365", "365-plus")] == ["5", "0", "5", "0", "0"]
    assert row["quantity-to-be-charged-ais-181-210-days"] == "5"
    assert Decimal(row["estimated-ais-181-210-days"]) > 0
    assert Decimal(row["estimated-ais-211-240-days"]) == 0


def test_what_was_removed_is_told() -> None:
    """An accepted removal order stands in the order report at once, and in the shipment report when its parcels have left."""
    world, place = small_world(), BY_COUNTRY["US"].id
    address = {"AddressName": "Sample Goods", "AddressFieldOne": "1 Sample Street", "AddressCity": "Sampleton", "AddressCountryCode": "US", "AddressStateOrRegion": "WA", "AddressPostalCode": "00000"}
    assert removals.order(world, SELLER, place, "SAMPLE-ORDER-1", "Return", address, [removals.Item(CLOSED, 6, 1)], "seller") == []
    orders = table(world, "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA")
    assert {(row["order-id"], row["sku"], row["disposition"], row["requested-quantity"]) for row in orders} == {
        ("SAMPLE-ORDER-1", CLOSED, "Sellable", "6"),
        ("SAMPLE-ORDER-1", CLOSED, "Unsellable", "1"),
    }
    assert made(world, "GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA").rows == 0
    world.advance(timedelta(days=60))
    left = table(world, "GET_FBA_FULFILLMENT_REMOVAL_SHIPMENT_DETAIL_DATA")
    ended = table(world, "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA")
    assert sum(int(row["shipped-quantity"]) for row in left) == sum(int(row["shipped-quantity"]) for row in ended) > 0


def test_what_was_sent_back_is_told() -> None:
    """A return stands in the report once it has arrived, within the days asked for."""
    world, place = small_world(), BY_COUNTRY["US"].id
    trade.begin(world)
    stock = world.stock(SELLER, place, HEALTHY)
    assert stock is not None
    trade.send_back(world, place, stock, "111-0000000-0000001", 2, timedelta(days=10))
    name = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
    assert made(world, name).rows == 0
    world.advance(timedelta(days=11))
    assert [(row["sku"], row["quantity"]) for row in table(world, name)] == [(HEALTHY, "2")]
    world.advance(timedelta(days=100))
    assert made(world, name).rows == 0


def test_charged_fees_are_told() -> None:
    """Storage of a month and the surcharge of a 15th: what was charged is what the reports say."""
    world, place = small_world(), BY_COUNTRY["US"].id
    while world.now < datetime(2026, 12, 31, 12, tzinfo=UTC):
        charging.daily(world)
        world.advance(timedelta(days=1))
    stored = table(world, "GET_FBA_STORAGE_FEE_CHARGES_DATA")
    aged = table(world, "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA")
    assert sorted({row["month_of_charge"] for row in stored}) == ["2026-11", "2026-12"]
    assert sum(Decimal(row["estimated_monthly_storage_fee"]) for row in stored) == sum(one.amount for one in charging.storage(world, SELLER, place))
    assert sum(Decimal(row["amount-charged"]) for row in aged) == sum(one.amount for one in charging.surcharges(world, SELLER, place)) > 0


def test_the_health_report_counts_what_is_held_against_the_seller() -> None:
    """Account status and violations come from the world: none, then one."""
    world, place = small_world(), BY_COUNTRY["US"].id
    before = json.loads(made(world, "GET_V2_SELLER_PERFORMANCE_REPORT").content)
    world.sellers[SELLER].account_status = "AT_RISK"
    entry = world.entry(place, "B0SAMPLE01")
    assert entry is not None
    entry.enforcements.append(Enforcement("restricted-products", world.now))
    after = json.loads(made(world, "GET_V2_SELLER_PERFORMANCE_REPORT").content)
    assert [_health(one) for one in (before, after)] == [("NORMAL", 0, "GOOD"), ("AT_RISK", 1, "BAD")]


def _health(report: dict[str, Any]) -> tuple[str, int, str]:
    violations = report["performanceMetrics"][0]["restrictedProductPolicyViolations"]
    return report["accountStatuses"][0]["status"], violations["defectsCount"], violations["status"]


@pytest.mark.parametrize(("country", "listings", "others"), [("DE", "Cp1252", "Cp1252"), ("JP", "Shift_JIS", "Windows-31J"), ("US", "Cp1252", "UTF-8"), ("MX", "UTF-8", "UTF-8")])
def test_the_letters_of_a_marketplace(country: str, listings: str, others: str) -> None:
    """Which charset a marketplace's files declare; they are written in it."""
    world = small_world(country)
    assert [made(world, name, country).charset for name in (ALL, "GET_FBA_MYI_ALL_INVENTORY_DATA")] == [listings, others]
    assert table(world, ALL, country)


def test_us_listings_in_either_charset() -> None:
    """Both ways of the switch."""
    assert [made(small_world(us_listings_cp1252=western), ALL).charset for western in (True, False)] == ["Cp1252", "UTF-8"]


def test_what_the_charset_lacks_becomes_a_question_mark() -> None:
    """A Chinese title in a western file is lost for good; in a Japanese one, what fits stays."""
    world = small_world("DE")
    entry = world.entry(BY_COUNTRY["DE"].id, "B0SAMPLE01")
    assert entry is not None
    entry.title = "行李箱 grün"
    assert by_sku(table(world, ALL, "DE"), "Händler-SKU")[HEALTHY]["Artikelbezeichnung"] == "??? grün"


@pytest.mark.parametrize(
    ("locale", "sku", "price"),
    [
        ("de_DE", "Händler-SKU", "Preis"),
        ("ja_JP", "出品者SKU", "価格"),
        ("zh_CN", "卖家 SKU", "价格"),
        ("fr-BE", "sku-vendeur", "prix"),
        ("es_MX", "SKU del vendedor", "Precio"),
        ("sv_SE", "seller-sku", "price"),
    ],
)
def test_the_header_in_another_language(locale: str, sku: str, price: str) -> None:
    """The words of sellers' files; a language without words stays English, and so does a column without one."""
    words = header(HEADERS[ALL], locale)
    assert (words[3], words[4], words[16]) == (sku, price, "asin1")


def test_the_language_is_asked_for_or_that_of_the_marketplace() -> None:
    """Germany writes German, unless English is asked for; the FBA reports stay English; a header is never made of question marks."""
    world = small_world("DE")
    assert "Händler-SKU" in table(world, ALL, "DE")[0]
    assert "seller-sku" in table(world, ALL, "DE", preferredReportDocumentLocale="en_GB")[0]
    assert "afn-total-quantity" in table(world, "GET_FBA_MYI_ALL_INVENTORY_DATA", "DE")[0]
    assert "卖家 SKU" in table(world, ALL, "DE", preferredReportDocumentLocale="zh_CN")[0]


def test_a_title_cannot_break_the_table() -> None:
    """Tabs and line ends in a title become blanks; a lone quote stays as it is."""
    world = small_world()
    entry = world.entry(BY_COUNTRY["US"].id, "B0SAMPLE01")
    assert entry is not None
    entry.title = 'Case\t47"\r\nred'
    assert by_sku(table(world, ALL), "seller-sku")[HEALTHY]["item-name"] == 'Case 47"  red'


def test_conditions_and_moments() -> None:
    """Every spelling of a condition leads to the same words; moments carry the zone of the country."""
    assert {condition(text) for text in ("new_new", "New", "NewItem", "new")} == {("New", "11", "NewItem")}
    assert condition("Used - Very Good").item == condition("used_very_good").item == "UsedVeryGood"
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [local(at, BY_COUNTRY[country]) for country in ("US", "DE", "JP", "TR")] == ["2026-01-01 19:04:05 PST", "2026-01-02 04:04:05 MET", "2026-01-02 12:04:05 JST", "2026-01-02 03:04:05 UTC"]
