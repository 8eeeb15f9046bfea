"""The whole in a few numbers; what is unknown is not counted as zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from refloat.insight.summary import incidents, summary
from refloat.insight.worth import AMOUNT

SCHEMA = {
    "account": pl.String(), "marketplace": pl.String(), "cause": pl.String(), "remedy": pl.String(), "standing": pl.String(), "stranded_on": pl.Date(), "days_left": pl.Int64(),
    "units_stranded": pl.Int64(), "worth_amount": AMOUNT, "price_currency": pl.String(), "counted": pl.Boolean(),
}  # fmt: skip
USUAL = {
    "marketplace": "US",
    "cause": "listing-closed",
    "remedy": "relist-offer",
    "standing": "confirmed",
    "stranded_on": date(2026, 11, 10),
    "units_stranded": 2,
    "worth_amount": Decimal("20.00"),
    "price_currency": "USD",
    "counted": True,
}


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([USUAL | row for row in rows], schema=SCHEMA)


def test_nothing_known_is_unknown() -> None:
    whole = summary(frame({"units_stranded": None, "worth_amount": None}), 0)
    assert (whole.skus, whole.units, whole.worth) == (1, None, ())


def test_no_rows_are_no_units_known() -> None:
    whole = summary(frame(), 1)
    assert (whole.skus, whole.units, whole.worth, whole.unknown, whole.by_cause) == (0, None, (), 1, {})


def test_what_is_not_counted_adds_to_the_skus_and_not_to_units_or_worth() -> None:
    whole = summary(frame({}, {"counted": False}), 0)
    assert (whole.skus, whole.units, [money.as_json() for money in whole.worth]) == (2, 2, [{"amount": "20.00", "currency": "USD"}])


def test_unknown_standings_and_unknown_sources_are_both_unknown() -> None:
    assert summary(frame({"standing": "unknown"}, {}), 2).unknown == 3


def test_due_within_a_week_takes_the_overdue_and_the_seventh_day() -> None:
    assert summary(frame(*({"days_left": days} for days in (-400, -1, 0, 7, 8, None))), 0).due_within_7_days == 4


def test_the_commonest_cause_first_and_equal_ones_by_name() -> None:
    whole = summary(frame({"cause": "b"}, {"cause": "a"}, {"cause": "z"}, {"cause": "z"}), 0)
    assert list(whole.by_cause.items()) == [("z", 2), ("a", 1), ("b", 1)]


class TestIncidents:
    def test_the_largest_first_then_the_worthiest(self) -> None:
        rows = [{"cause": "a"}] * 2 + [{"cause": "b", "worth_amount": Decimal(99)}] * 2 + [{"cause": "c", "worth_amount": None}] * 2 + [{"cause": "d", "worth_amount": Decimal(1)}] * 3
        assert [incident.cause for incident in incidents(frame(*rows))] == ["d", "b", "a", "c"]

    def test_one_alone_is_none(self) -> None:
        assert incidents(frame({"cause": "a"}, {"cause": "b"}, {"cause": "a", "stranded_on": date(2026, 11, 11)}, {"cause": "a", "marketplace": "DE"}, {"cause": "a", "account": "two"})) == []

    def test_an_unknown_day_makes_no_incident(self) -> None:
        assert incidents(frame({"stranded_on": None}, {"stranded_on": None})) == []

    def test_units_that_another_marketplace_counts_are_not_counted_again(self) -> None:
        (incident,) = incidents(frame({}, {"counted": False}))
        assert (incident.skus, incident.units, incident.worth[0].amount) == (2, 2, Decimal(20))
