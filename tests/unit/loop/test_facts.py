"""What each report tells about one SKU: one row each, and unknown stays unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from refloat.loop import facts
from refloat.model.notes import Notes

TODAY = date(2026, 11, 22)


def told(frame: pl.DataFrame) -> dict[str, Any]:
    """The only row."""
    return frame.row(0, named=True)


def returns(*rows: tuple[date | None, int | None]) -> dict[str, Any]:
    frame = pl.DataFrame([("A-1", *row) for row in rows], schema={"sku": pl.String(), "return_on": pl.Date(), "return_units": pl.Int64()}, orient="row")
    return told(facts.returns(frame, TODAY))


def test_returns_of_ninety_days_and_of_the_whole_file() -> None:
    seen = returns((date(2026, 11, 22), 1), (date(2026, 8, 24), 2), (date(2026, 8, 23), 4), (date(2026, 11, 23), 8), (None, 16))
    assert (seen["units_returned"], seen["units_returned_90_days"], seen["returned_last_on"]) == (31, 3, date(2026, 11, 23))


def test_returns_without_a_number_are_not_none_returned() -> None:
    seen = returns((date(2026, 11, 1), None), (date(2026, 11, 2), None))
    assert (seen["units_returned"], seen["units_returned_90_days"]) == (None, None)


REMOVALS = {
    "sku": pl.String(),
    "removal_units_disposed": pl.Int64(),
    "removal_units_shipped": pl.Int64(),
    "units_in_removal": pl.Int64(),
    "removal_fee": pl.Decimal(18, 4),
    "removal_currency": pl.String(),
}


def removal(*rows: tuple[int | None, int | None, int | None, Decimal | None, str | None]) -> dict[str, Any]:
    return told(facts.removals(pl.DataFrame([("A-1", *row) for row in rows], schema=REMOVALS, orient="row")))


def test_a_removed_units_fee_is_what_was_charged_by_what_was_processed() -> None:
    seen = removal((2, 3, 0, Decimal("5.00"), "USD"), (5, 0, 4, Decimal("7.00"), "USD"), (9, 9, None, None, "USD"), (0, 0, 1, Decimal("3.00"), "USD"))
    assert (seen["removal_fee_per_unit"], seen["removal_currency"], seen["units_in_removal"]) == (1.2, "USD", 5)


def test_fees_in_two_currencies_have_no_sum_and_unknown_units_none_either() -> None:
    seen = removal((2, 3, None, Decimal("5.00"), "USD"), (5, 0, None, Decimal("7.00"), "CAD"))
    assert (seen["removal_fee_per_unit"], seen["units_in_removal"]) == (None, None)


def test_of_a_sku_that_stands_twice_the_active_fba_row_is_taken() -> None:
    frame = pl.DataFrame({"sku": ["A", "A", "B", "B"], "listing_channel": ["merchant", "fba", "fba", "fba"], "listing_status": ["active", "inactive", None, "active"], "row": [1, 2, 3, 4]})
    assert sorted(facts.one_listing_each(frame)["row"]) == [2, 4]


def test_of_stock_that_stands_twice_the_larger_is_taken() -> None:
    frame = pl.DataFrame({"sku": ["A", "A", "A"], "stock_units_total": [3, None, 9]})
    assert facts.one_stock_each(frame).rows() == [("A", 9)]


def test_the_latest_issue_with_a_category_is_taken() -> None:
    frame = pl.DataFrame(
        {"sku": ["A"] * 3, "issue_said": ["Missing attribute", "Something new", "Restricted"], "issue_text": ["", "", ""], "issue_on": [date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 10)]}
    )
    assert told(facts.suppressed(frame))["issue_category"] == "RESTRICTED"


def entered(notes: Notes) -> dict[str, Any] | None:
    frame = facts.entered(notes, TODAY)
    return None if frame is None else told(frame)


def test_a_hold_that_has_ended_holds_no_longer() -> None:
    days = [(entered(Notes(holds={"A-1": until})) or {})["held_days"] for until in (date(2026, 11, 23), TODAY, date(2026, 11, 21))]
    assert days == [1, None, None]


def test_nothing_entered_is_nothing_known() -> None:
    assert entered(Notes()) is None


def measured(volume: float | None, measure: str | None) -> float | None:
    cells = {
        "sku": ["A"],
        "planning_on": [TODAY],
        "item_volume": [volume],
        "volume_measure": [measure],
        "units_shipped_90_days": [1],
        "storage_type": ["x"],
        "planning_currency": ["USD"],
        "storage_cost_next_month": [None],
        "ais_181_210": [None],
    }
    found: float | None = told(facts.planning(pl.DataFrame(cells, schema_overrides={"item_volume": pl.Float64(), "volume_measure": pl.String(), "ais_181_210": pl.Decimal(18, 4)})))[
        "volume_cubic_feet"
    ]
    return found


def test_a_volume_counts_only_with_its_measure() -> None:
    assert [measured(1728.0, "Cubic Inches"), measured(2.0, "cubic feet"), measured(2.0, None), measured(2.0, "hogsheads"), measured(None, "cubic feet")] == [1.0, 2.0, None, None, None]
