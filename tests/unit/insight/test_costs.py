"""The fee table by the day, and the fee by weight."""

from __future__ import annotations

from datetime import date

import pytest

from refloat.insight import costs


@pytest.mark.parametrize(
    ("day", "standard", "oversize"),
    [
        (date(2026, 9, 30), 0.78 / 30, 0.56 / 30),
        (date(2026, 10, 1), 2.40 / 31, 1.40 / 31),
        (date(2026, 12, 31), 2.40 / 31, 1.40 / 31),
        (date(2027, 1, 1), 0.78 / 31, 0.56 / 31),
        (date(2028, 2, 29), 0.78 / 29, 0.56 / 29),
        (date(2024, 4, 1), 0.78 / 30, 0.56 / 30),
    ],
)
def test_the_storage_fee_of_a_day_is_the_months_by_its_days(day: date, standard: float, oversize: float) -> None:
    assert costs._rate_on(day) == pytest.approx((standard, oversize))


def test_before_the_table_no_fee_is_known() -> None:
    assert costs._rate_on(date(2024, 3, 31)) == (None, None)


def test_the_sum_of_a_whole_month_is_its_fee() -> None:
    sums = {day: (standard, oversize) for day, standard, oversize in costs._summed_rates(date(2026, 10, 31)).select("day", "standard_sum", "oversize_sum").iter_rows()}
    october = [after - before for after, before in zip(sums[date(2026, 10, 31)], sums[date(2026, 9, 30)], strict=True)]
    assert october == pytest.approx([2.40, 1.40])


def test_no_sum_reaches_back_before_the_table() -> None:
    rows = costs._summed_rates(date(2024, 4, 2)).tail(3)
    assert rows["standard_sum"].to_list() == pytest.approx([None, 0.026, 0.052])
