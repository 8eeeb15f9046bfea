"""The Bulk Fix file from a triage: what it holds, what is left out and why, and that it comes back as it went."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.small_account import Account, listed, row

from refloat.app.loader import Bulk, bulk_of
from refloat.errors import WrongUse
from refloat.model.cure import Wishes
from refloat.model.notes import Notes, Restriction
from refloat.reports.loader import columns, read_loader

GOLDEN = (
    "sku\tproduct-id\tproduct-id-type\tprice\tminimum-seller-allowed-price\tmaximum-seller-allowed-price\titem-condition\tquantity\tadd-delete\t"
    "will-ship-internationally\texpedited-shipping\tstandard-plus\titem-note\tfulfillment-center-id\tproduct-tax-code\tleadtime-to-ship\tmerchant_shipping_group_name\n"
    "CLOSED\tB000TEST01\t1\t24.90\t\t\t11\t\ta\t\t\t\t\tAMAZON_NA\t\t\t\n"
    '12"-FBM\tB000TEST01\t1\t19.00\t\t\t11\t\ta\t\t\t\t\tAMAZON_NA\t\t\t\n'
    "GONE\tB000TEST01\t1\t\t\t\t3\t\ta\t\t\t\t\tAMAZON_NA\t\t\t\n"
    "PRICED\tB000TEST01\t1\t30.00\t20.00\t\t11\t\ta\t\t\t\t\tAMAZON_NA\t\t\t\n"
)
WISHES = Wishes(prices={"PRICED": Decimal("30.00")}, bounds={"PRICED": (Decimal("20.00"), None)})


def account(folder: Path) -> Account:
    return (
        Account(folder)
        .stranded(
            row(sku="CLOSED", date_stranded="2026-11-01"),
            row(sku='12"-FBM', stranded_reason="Merchant fulfilled", primary_action="Change to Fulfilled by Amazon", date_stranded="2026-11-02"),
            row(sku="GONE", stranded_reason="Deleted listing", primary_action="Create a new listing", condition="Used - Good", your_price="--", date_stranded="2026-11-03"),
            row(sku="PRICED", stranded_reason="Potential high pricing error", primary_action="", date_stranded="2026-11-04"),
            row(sku="FLAGGED", stranded_reason="Potential low pricing error", primary_action="", your_price="2.49"),
            row(sku="PAPERS", stranded_reason="Food safety investigation", primary_action=""),
        )
        .listings(listed("CLOSED", status="Inactive", price="24.90"), listed('12"-FBM', channel="DEFAULT", price="19.00"))
    )  # fmt: skip


def test_the_file(tmp_path: Path) -> None:
    """Letter by letter: Amazon's columns, the price of the listing, the channel, never a quantity."""
    bulk = bulk_of(account(tmp_path).triage(sort="sku"), WISHES)
    order = [one.split("\t")[0] for one in GOLDEN.splitlines()[1:]]
    bulk.rows.sort(key=lambda found: order.index(found["sku"]))
    assert bulk.content.decode() == GOLDEN
    assert {one.sku: one.why.name for one in bulk.left_out} == {"FLAGGED": "price-error", "PAPERS": "not-by-file"}
    assert (bulk.unpriced, bulk.without_condition, bulk.created) == (["GONE"], [], ["GONE"])


def test_the_filters_of_the_triage_hold(tmp_path: Path) -> None:
    """What was not asked for is neither written nor left out."""
    bulk = bulk_of(account(tmp_path).triage(remedies=["relist-offer"]), WISHES)
    assert ([found["sku"] for found in bulk.rows], bulk.left_out) == (["CLOSED"], [])
    assert [found["sku"] for found in bulk_of(account(tmp_path).triage(), WISHES, ["GONE"]).rows] == ["GONE"]


@pytest.mark.parametrize(
    ("notes", "guard"),
    [
        (Notes(opted_out=frozenset({"A-1"})), "opted-out"),
        (Notes(restrictions={"A-1": Restriction("NOT_ELIGIBLE")}), "restricted"),
        (Notes(holds={"A-1": date(2026, 12, 1)}), "held"),
        (Notes(closed={"A-1": date(2026, 11, 1)}), "closed-on-purpose"),
    ],
)
def test_what_is_off_sale_on_purpose_is_not_put_on_sale(tmp_path: Path, notes: Notes, guard: str) -> None:
    """Whichever way it is found: by another remedy, or by its own guard."""
    bulk = bulk_of(Account(tmp_path).stranded(row(sku="A-1")).triage(notes=notes), Wishes())
    assert bulk.rows == []
    assert bulk.left_out[0].why.name in (guard, "not-by-file")


def test_a_wished_price_outside_of_the_bounds_is_left_out(tmp_path: Path) -> None:
    """Amazon would take the offer off sale again."""
    wishes = Wishes(prices={"A-1": Decimal("5.00")}, bounds={"A-1": (Decimal("10.00"), None)})
    (left,) = bulk_of(Account(tmp_path).stranded(row(sku="A-1")).triage(), wishes).left_out
    assert (left.why.name, left.why.facts["price"]) == ("price-outside-bounds", "5.00")


def test_one_file_is_for_one_marketplace(tmp_path: Path) -> None:
    """Several, or none that anybody named, are refused: the channel would be a guess."""
    several = Account(tmp_path).stranded(row(sku="A"), name="us.txt").stranded(row(sku="B"), name="de.txt", place="DE")
    with pytest.raises(WrongUse, match="DE, US"):
        bulk_of(several.triage(), Wishes())
    assert bulk_of(several.triage(places=["DE"]), Wishes()).rows[0]["fulfillment-center-id"] == "AMAZON_EU"
    with pytest.raises(WrongUse, match="marketplace"):
        bulk_of(Account(tmp_path).stranded(row(sku="A"), name="x.txt", place=None).triage(), Wishes())


@pytest.mark.parametrize("sku", ["A\tB", "A\nB", " A", "x", '"A,B"', "A\u2028B", "1E+05"])
def test_a_sku_that_a_file_of_tabs_would_change_is_refused_by_name(tmp_path: Path, sku: str) -> None:
    """It is not altered, and the row is not written."""
    found = Account(tmp_path).stranded(row(sku="A-1")).triage()
    object.__setattr__(found, "rows", found.rows.with_columns(pl.lit(sku).alias("sku")))
    bulk = bulk_of(found, Wishes())
    assert [one["sku"] for one in bulk.rows] == (["x"] if sku == "x" else [])
    assert [one.why.name for one in bulk.left_out] == ([] if sku == "x" else ["unfit-for-file"])


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), st.decimals("0.01", "999999.99", places=2), min_size=1, max_size=8),
    st.sampled_from(["US", "DE"]),
)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, prices: dict[str, Decimal], place: str) -> None:
    """The same SKUs and prices, whatever letters a SKU has; what would not come back is not written."""
    folder = tmp_path_factory.mktemp("round")
    found = Account(folder).stranded(*(row(sku=f"S{number}") for number in range(len(prices))), place=place).triage()
    names = {f"S{number}": sku for number, sku in enumerate(prices)}
    object.__setattr__(found, "rows", found.rows.with_columns(pl.col("sku").replace_strict(names)))
    bulk = bulk_of(found, Wishes(prices=prices))
    (folder / "out.txt").write_bytes(bulk.content)
    filled = read_loader(folder / "out.txt", place)
    written = {one["sku"] for one in bulk.rows}
    assert written | {one.sku for one in bulk.left_out} == set(prices)
    if written:
        assert (filled.refused, filled.warnings) == ((), ())
    assert dict(filled.wishes.prices) == {sku: price for sku, price in prices.items() if sku in written}


def test_an_empty_bulk_has_a_header_alone() -> None:
    assert Bulk("US").text == "\t".join(columns()) + "\n"
