"""The books of a back-test: means, sums, shares of the bounds, targets."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from refloat.insight.backtest import AMAZON, CLAIRVOYANT, RECOMMENDED, WITH_PEOPLE, Played, dearest, rows, targets


def one(strategy: str, days: float, seed: int = 1, **more: object) -> Played:
    plain = Played(strategy, seed, days, 0.0, 0, 0, 0, 0, 100, {"storage USD": Decimal("10.00")}, 5, 3, 0, 2, {"merged": days})
    return replace(plain, **more)  # type: ignore[arg-type]


def test_a_row_is_a_mean_of_days_and_fees_and_a_sum_of_units() -> None:
    (row,) = rows([one(AMAZON, 10.0, wrong_offers=1), one(AMAZON, 30.0, seed=2, wrong_offers=2, fees={"storage USD": Decimal("20.01"), "removal USD": Decimal("1")})])
    assert (row.seeds, row.stranded_unit_days, row.wrong_offers, row.calls, row.people_acts) == (2, 20.0, 3, 10, 4)
    assert row.fees == {"removal USD": Decimal("0.50"), "storage USD": Decimal("15.00")}


def test_rows_stand_in_the_order_of_the_table_and_ones_own_policy_after_the_shipped() -> None:
    found = rows([one(CLAIRVOYANT, 1), one("mine.toml", 1), one(RECOMMENDED, 1), one(AMAZON, 1), one(WITH_PEOPLE, 1)])
    assert [row.strategy for row in found] == [AMAZON, RECOMMENDED, "mine.toml", WITH_PEOPLE, CLAIRVOYANT]


def test_a_share_is_of_the_bound_and_unknown_without_one() -> None:
    (alone,) = rows([one(RECOMMENDED, 23.0)])
    assert (alone.of_clairvoyant, alone.of_people) == (None, None)
    beside = {row.strategy: row for row in rows([one(RECOMMENDED, 23.0), one(CLAIRVOYANT, 10.0), one(WITH_PEOPLE, 20.0)])}
    assert beside[RECOMMENDED].of_clairvoyant == pytest.approx(2.3)
    assert beside[RECOMMENDED].of_people == pytest.approx(1.15)


def test_targets_say_what_was_reached_and_nothing_of_what_was_not_played() -> None:
    assert targets([one(AMAZON, 1)]) == []
    told = {target.name: target for target in targets([one(RECOMMENDED, 12.0, wrong_offers=1), one(AMAZON, 119.0), one(WITH_PEOPLE, 11.0)])}
    assert {name: target.met for name, target in told.items()} == {"of-clairvoyant": None, "of-people": True, "better-than-amazon": False, "disposed-unasked": True, "wrong-offers": False}
    assert told["better-than-amazon"].reached == pytest.approx(119 / 12)


def test_the_dearest_kinds_come_first() -> None:
    own = one(RECOMMENDED, 9, by_kind={"merged": 3.0, "blocked": 6.0})
    bound = one(WITH_PEOPLE, 4, by_kind={"merged": 2.5, "expired": 1.0})
    assert dearest([own, bound], RECOMMENDED, WITH_PEOPLE) == [("blocked", 6.0, 0.0), ("merged", 3.0, 2.5), ("expired", 0.0, 1.0)]


def test_what_the_world_counted_becomes_a_run() -> None:
    told = {"stranded_unit_days": 1.5, "on_purpose_unit_days": 0.0, "units_disposed_unasked": 0, "units_returned_unasked": 0, "wrong_offers": 0, "units_sold_wrongly": 0, "units_sold": 9}
    more = {"fees": {"storage USD": "3.10"}, "calls": 7, "mishaps": 2, "stranded_at_the_end": 0, "by_kind": {"merged": 1.5}, "mishaps_dropped": 4}
    run = Played.of(AMAZON, 1, {**told, **more}, people_acts=6)
    assert (run.fees, run.calls, run.people_acts, run.looks) == ({"storage USD": Decimal("3.10")}, 7, 6, 0)
    assert run.as_json()["fees"] == {"storage USD": "3.10"}
