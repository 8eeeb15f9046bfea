"""The charts: currencies apart, a table beside each, nothing that points outside."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from refloat.insight import charts as module
from refloat.insight.charts import Chart, charts
from refloat.insight.drawing import names_above_bars

TODAY = date(2026, 11, 22)
TYPES: dict[str, Any] = {
    "counted": pl.Boolean(), "cause": pl.String(), "price_currency": pl.String(), "worth_amount": pl.Decimal(38, 4), "units_stranded": pl.Int64(),
    "days_left": pl.Int64(), "removal_due_from": pl.String(), "stranded_days": pl.Int64(),
}  # fmt: skip
ORDINARY = {"counted": True, "cause": "listing-closed", "price_currency": "USD", "worth_amount": Decimal(10), "units_stranded": 2, "days_left": 5, "removal_due_from": "report", "stranded_days": 20}


def drawn(*rows: dict[str, Any]) -> dict[str, Chart]:
    """Charts by name, of ordinary rows but for what each says."""
    frame = pl.DataFrame([{**ORDINARY, **row} for row in rows], schema=TYPES)
    return {chart.name: chart for chart in charts(frame, TODAY, lambda text: text, lambda name: name.capitalize())}


def test_one_chart_a_currency() -> None:
    """Dollars and yen share neither an axis nor a row; an unknown currency has a chart of its own."""
    found = drawn({}, {}, {"price_currency": "JPY", "worth_amount": Decimal(900)}, {"price_currency": None, "worth_amount": Decimal(3)})
    assert found["worth-usd"].rows == (("Listing-closed", "2", "20.00"),)
    assert found["worth-jpy"].rows == (("Listing-closed", "1", "900"),)
    assert found["worth-unknown"].rows == (("Listing-closed", "1", "3.00"),)


def test_unknown_worth_is_left_out_and_said() -> None:
    """It is no bar of length zero."""
    chart = drawn({}, {"cause": "missing-price", "worth_amount": None})["worth-usd"]
    assert len(chart.rows) == 1
    assert chart.note == "SKUs of unknown worth, not in this chart: 1."


def test_shared_units_count_once() -> None:
    """The row of another marketplace that shares the stock is not added again."""
    assert drawn({}, {"counted": False})["worth-usd"].rows == (("Listing-closed", "1", "10.00"),)


def test_small_causes_share_a_bar() -> None:
    """Ten bars and one for the rest; nothing of the sum is lost."""
    chart = drawn(*({"cause": f"cause-{number}", "worth_amount": Decimal(number + 1)} for number in range(13)))["worth-usd"]
    assert len(chart.rows) == 11
    assert chart.rows[-1] == ("all other causes (3)", "3", "6.00")


def test_weeks_follow_each_other_without_a_hole() -> None:
    """Day 7 is of the first week, day 8 of the second; an empty week between is shown as zero."""
    rows = drawn({"days_left": -1}, {"days_left": 0}, {"days_left": 7}, {"days_left": 22, "removal_due_from": "clock"}, {"days_left": 200})["deadlines"].rows
    weeks = [f"by {TODAY + timedelta(days=7 * week)}" for week in (1, 2, 3, 4)]
    assert rows == (("overdue", "1", "0"), (weeks[0], "2", "0"), (weeks[1], "0", "0"), (weeks[2], "0", "0"), (weeks[3], "0", "1"), ("later", "1", "0"))


def test_our_own_dates_are_counted_apart() -> None:
    """What Amazon said, in the report or by mail, is one column; what we reckon is another."""
    rows = drawn(*({"removal_due_from": source} for source in ("report", "notice", "settings", "clock", "assumed")))["deadlines"].rows
    assert rows == (("by 2026-11-29", "2", "3"),)


@pytest.mark.parametrize(("days", "band"), [(0, "0–7 days"), (7, "0–7 days"), (8, "8–14 days"), (365, "181–365 days"), (366, "over 365 days")])
def test_bands_of_age_meet_at_their_ends(days: int, band: str) -> None:
    """A day belongs to one band."""
    assert drawn({"stranded_days": days})["ages"].rows[-1] == (band, "1", "2")


def test_without_dates_there_is_no_chart_of_dates() -> None:
    """Unknown ages and deadlines are no bars; the others stay."""
    assert set(drawn({"days_left": None, "removal_due_from": None, "stranded_days": None})) == {"worth-usd"}
    assert drawn({}, {"stranded_days": None})["ages"].note == "SKUs whose age is unknown, not in this chart: 1."


def test_nothing_gives_no_charts() -> None:
    """An empty frame is no reason to draw axes."""
    assert drawn() == {}


def test_a_drawing_points_at_nothing_and_has_a_name() -> None:
    """It stands inside a page as it is: a title for screen readers, the page's own text colour, no background."""
    for chart in drawn({}, {"removal_due_from": "clock"}).values():
        svg = ElementTree.fromstring(chart.svg)
        assert (svg.get("role"), svg.get("aria-label"), svg.findtext("title")) == ("img", chart.title, chart.title)
        assert svg.get("viewBox")
        assert not re.search(r"https?:|href|url\(|<style|<script|<image", chart.svg)
        assert {text.get("fill") for text in svg.iter("text")} == {"currentColor"}
        assert all(path.get("fill") in (None, "none", module.drawing.BAR, f"{module.drawing.BAR}1f") for path in svg.iter("path"))


def test_names_are_escaped() -> None:
    """A user's own cause may be called anything."""
    svg = ElementTree.fromstring(names_above_bars([("<b> & co", 1.0, "1")], '"<t>"'))
    assert svg.get("aria-label") == '"<t>"'
    assert "<b> & co" in [text.text for text in svg.iter("text")]
