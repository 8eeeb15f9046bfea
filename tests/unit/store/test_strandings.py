"""Strandings as intervals: opened, changed, come back, closed with proof, and nothing written where nothing changed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from refloat.store import Conclusion, Recorded, Store

HOUR = timedelta(hours=1)


def _row(sku: str = "MUG-BLUE-11", **more: Any) -> dict[str, Any]:
    """A stranded SKU with every field filled."""
    return {
        "sku": sku, "fnsku": "X00TEST011", "standing": "confirmed", "symptom": "listing-closed", "said": "商品已下架", "cause": "listing-closed", "remedy": "relist-offer", "safety": "safe",
        "units_fulfillable": 7, "units_unfulfillable": 0, "units_reserved": None, "worth_amount": Decimal("83.93"), "worth_currency": "EUR",
        "removal_due_on": date(2026, 12, 1), "title": "Mug, blue", "asin": "B0TEST0011", **more,
    }  # fmt: skip


def _record(store: Store, account: str, rows: list[dict[str, Any]], at: datetime, **more: Any) -> Recorded:
    return store.strandings.record(account, "DE", rows, at, **{"unknown": False, **more})


def test_a_new_stranding_is_opened_with_everything_known(store: Store, account: str, start: datetime) -> None:
    """Every field comes back with its type; what the row left out or gave as None is unknown, not zero."""
    assert _record(store, account, [_row()], start) == Recorded(1, 0, 0, 0, 0)
    (found,) = store.strandings.open_strandings(account)
    assert (found.sku, found.fnsku, found.opened_at, found.closed_at, found.times_back) == ("MUG-BLUE-11", "X00TEST011", start, None, 0)
    known = found.now
    assert {name: getattr(known, name) for name in _row() if name not in {"sku", "fnsku"}} == {name: value for name, value in _row().items() if name not in {"sku", "fnsku"}}
    assert (known.from_at, known.to_at) == (start, None)


def test_nothing_is_written_where_nothing_changed(store: Store, account: str, start: datetime) -> None:
    """The same again, and again, is one interval."""
    for turn in range(3):
        recorded = _record(store, account, [_row()], start + turn * HOUR)
    assert recorded == Recorded(0, 0, 0, 0, 1)
    (found,) = store.strandings.history(account, "MUG-BLUE-11")
    assert len(found.intervals) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("standing", "conflicting"), ("said", None), ("units_fulfillable", None), ("worth_amount", Decimal("83.94")), ("removal_due_on", date(2026, 12, 2)), ("title", "Mug, red")],
)
def test_a_change_begins_a_new_interval(store: Store, account: str, start: datetime, name: str, value: object) -> None:
    """The old interval ends where the new one begins, and keeps what was known."""
    _record(store, account, [_row()], start)
    assert _record(store, account, [_row(**{name: value})], start + HOUR) == Recorded(0, 0, 1, 0, 0)
    (found,) = store.strandings.history(account, "MUG-BLUE-11")
    before, now = found.intervals
    assert (before.to_at, now.from_at, now.to_at) == (start + HOUR, start + HOUR, None)
    assert (getattr(before, name), getattr(now, name)) == (_row()[name], value)


def test_an_amount_in_other_digits_is_no_change(store: Store, account: str, start: datetime) -> None:
    """83.93 and 83.930 are the same amount."""
    _record(store, account, [_row()], start)
    assert _record(store, account, [_row(worth_amount=Decimal("83.930"))], start + HOUR).unchanged == 1


def test_large_amounts_come_back_exactly(store: Store, account: str, start: datetime) -> None:
    """Fifteen digits of money survive the database."""
    _record(store, account, [_row(worth_amount=Decimal("12345678901.2345"))], start)
    assert store.strandings.open_strandings(account)[0].now.worth_amount == Decimal("12345678901.2345")


def test_absence_alone_is_clearing(store: Store, account: str, start: datetime) -> None:
    """A SKU that the report no longer lists is not cured by that: it stays open."""
    _record(store, account, [_row()], start)
    assert _record(store, account, [], start + HOUR) == Recorded(0, 0, 1, 0, 0)
    (found,) = store.strandings.open_strandings(account)
    assert (found.now.standing, found.now.cause, found.closed_at) == ("clearing", "listing-closed", None)


def test_a_conclusion_without_an_outcome_keeps_it_open(store: Store, account: str, start: datetime) -> None:
    """The caller may say another standing; only an outcome closes."""
    _record(store, account, [_row()], start)
    _record(store, account, [], start + HOUR, concluded={"MUG-BLUE-11": Conclusion(standing="suspected")})
    assert store.strandings.open_strandings(account)[0].now.standing == "suspected"


def test_proof_closes(store: Store, account: str, start: datetime) -> None:
    """With an outcome the episode ends, and its last interval with it."""
    _record(store, account, [_row(), _row("MUG-RED-12")], start)
    recorded = _record(store, account, [_row("MUG-RED-12")], start + HOUR, concluded={"MUG-BLUE-11": Conclusion(outcome="cured"), "MUG-RED-12": Conclusion(outcome="cured")})
    assert recorded == Recorded(0, 0, 0, 1, 1)
    assert [found.sku for found in store.strandings.open_strandings(account)] == ["MUG-RED-12"]
    (found,) = store.strandings.history(account, "MUG-BLUE-11")
    assert (found.closed_at, found.outcome, found.now.to_at) == (start + HOUR, "cured", start + HOUR)


def test_an_unknown_source_closes_nothing(store: Store, account: str, start: datetime) -> None:
    """Not even what the caller concluded: what no row names is unknown from then on, and known again later."""
    _record(store, account, [_row(), _row("MUG-RED-12")], start)
    recorded = _record(store, account, [_row("MUG-RED-12")], start + HOUR, unknown=True, concluded={"MUG-BLUE-11": Conclusion(outcome="cured")})
    assert recorded == Recorded(0, 0, 1, 0, 1)
    assert [(found.sku, found.now.standing) for found in store.strandings.open_strandings(account)] == [("MUG-BLUE-11", "unknown"), ("MUG-RED-12", "confirmed")]
    _record(store, account, [_row(), _row("MUG-RED-12")], start + 2 * HOUR)
    assert [one.standing for one in store.strandings.history(account, "MUG-BLUE-11")[0].intervals] == ["confirmed", "unknown", "confirmed"]


@pytest.mark.parametrize(("days", "episodes", "times_back"), [(29, 1, 1), (31, 2, 0)])
def test_what_strands_again_soon_is_the_same_stranding(store: Store, account: str, start: datetime, days: int, episodes: int, times_back: int) -> None:
    """Within the memory it came back, with its history; after that it is a new episode."""
    _record(store, account, [_row()], start)
    _record(store, account, [], start + HOUR, concluded={"MUG-BLUE-11": Conclusion(outcome="cured")})
    recorded = _record(store, account, [_row(fnsku="X00TEST099")], start + HOUR + timedelta(days=days))
    assert (recorded.opened, recorded.came_back) == (episodes - 1, times_back)
    found = store.strandings.history(account, "MUG-BLUE-11")
    assert (len(found), found[-1].times_back, found[-1].closed_at, found[-1].outcome, found[-1].fnsku) == (episodes, times_back, None, None, "X00TEST099")


def test_marketplaces_and_accounts_are_apart(store: Store, account: str, start: datetime) -> None:
    """The same SKU in another marketplace is another stranding; an empty report of one closes nothing of the other."""
    _record(store, account, [_row()], start)
    store.strandings.record(account, "FR", [_row()], start, unknown=False)
    store.strandings.record(account, "FR", [], start + HOUR, unknown=False)
    assert [(found.marketplace, found.now.standing) for found in store.strandings.open_strandings(account)] == [("DE", "confirmed"), ("FR", "clearing")]
    assert [found.marketplace for found in store.strandings.open_strandings(account, "FR")] == ["FR"]


def test_a_clock_set_back_does_not_turn_an_interval_around(store: Store, account: str, start: datetime) -> None:
    """No interval ends before it begins."""
    _record(store, account, [_row()], start)
    _record(store, account, [_row(said="Listing closed")], start - HOUR)
    (found,) = store.strandings.history(account, "MUG-BLUE-11")
    assert [(one.from_at, one.to_at) for one in found.intervals] == [(start, start), (start, None)]


def test_ten_thousand_rows_take_few_statements(store: Store, account: str, start: datetime) -> None:
    """Rows go in bulk: the number of statements does not grow with the number of rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for place, size in (("DE", 10), ("FR", 10_000)):
        store.strandings.record(account, place, [_row(f"SKU-{number}") for number in range(size // 2)], start, unknown=False)
        with CaptureQueriesContext(connection) as seen:
            recorded = store.strandings.record(account, place, [_row(f"SKU-{number}", units_fulfillable=8) for number in range(2, size)], start + HOUR, unknown=False)
        assert recorded == Recorded(size // 2, 0, size // 2, 0, 0)
        counts.append(len(seen.captured_queries))
    # PostgreSQL is told to look at its table where so many changed: one more.
    assert counts[1] == counts[0] + (connection.vendor == "postgresql")
    assert len(store.strandings.open_strandings(account, "FR")) == 10_000


def test_since_when_a_remedy_has_been_the_one(store: Store, account: str, start: datetime) -> None:
    """Other changes do not count, another cause does; and while the stranding was over nothing waited."""
    wait = {"cause": "inventory-error", "remedy": "wait"}
    states = [{}, wait, {**wait, "units_fulfillable": 5}, {**wait, "cause": "under-hazmat-review"}, {**wait, "cause": "under-hazmat-review", "units_fulfillable": 4}]
    for turn, state in enumerate(states):
        _record(store, account, [_row(**state), _row("VASE-02", **{**wait, "title": str(turn)}), _row("POT-03")], start + turn * HOUR)
    assert store.strandings.unchanged_since(account, "wait") == {("DE", "MUG-BLUE-11"): start + 3 * HOUR, ("DE", "VASE-02"): start}
    _record(store, account, [], start + 9 * HOUR, concluded={"VASE-02": Conclusion("cleared", outcome="cleared")})
    _record(store, account, [_row("VASE-02", **wait)], start + 12 * HOUR)
    assert store.strandings.unchanged_since(account, "wait")["DE", "VASE-02"] == start + 12 * HOUR


def test_a_frame_is_taken_like_rows(store: Store, account: str, start: datetime) -> None:
    """With amounts of more digits, other types of numbers, and a column that nobody asked for; a SKU twice counts once."""
    rows = [_row(), _row("MUG-RED-12", worth_amount=Decimal("83.93005"), units_reserved=3)]
    frame = pl.DataFrame(rows).with_columns(pl.col("units_fulfillable").cast(pl.Int32), pl.lit("x").alias("other"))
    assert _record(store, account, rows, start) == Recorded(2, 0, 0, 0, 0)
    assert store.strandings.record(account, "DE", pl.concat([frame, frame]), start + HOUR, unknown=False) == Recorded(0, 0, 0, 0, 2)


def test_a_number_of_another_version_is_no_change(store: Store, account: str, start: datetime) -> None:
    """Where the stored number is not ours the words are compared, and the number is set right."""
    from refloat.store.models import Stranding

    _record(store, account, [_row()], start)
    right = Stranding.objects.get().digest
    for wrong in (None, 1):
        Stranding.objects.update(digest=wrong)
        assert _record(store, account, [_row()], start + HOUR) == Recorded(0, 0, 0, 0, 1)
        assert Stranding.objects.get().digest == right


def test_what_comes_back_into_the_list_is_a_change(store: Store, account: str, start: datetime) -> None:
    """Absent and then listed again in the same words: its standing was another in between."""
    for rows in ([_row()], [], [_row()]):
        recorded = _record(store, account, rows, start)
    assert recorded == Recorded(0, 0, 1, 0, 0)
    assert [one.standing for one in store.strandings.history(account, "MUG-BLUE-11")[0].intervals] == ["confirmed", "clearing", "confirmed"]


def test_what_no_column_holds_is_unknown(store: Store, account: str, start: datetime) -> None:
    """A count or an amount beyond all belief spoils the row's own field, and not the pass."""
    _record(store, account, [_row(units_fulfillable=10**12, worth_amount=Decimal(10) ** 14)], start)
    now = store.strandings.open_strandings(account)[0].now
    assert (now.units_fulfillable, now.units_unfulfillable, now.worth_amount) == (None, 0, None)


def test_the_number_is_the_same_in_another_process() -> None:
    """Else every pass would compare every word."""
    code = "from refloat.store.difference import taken; from decimal import Decimal; print(*taken([{'sku': 'A', 'standing': 'x', 'title': '杯', 'worth_amount': Decimal(1)}, {'sku': 'B'}])['digest'])"
    told = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(told) == 1
    assert len(next(iter(told)).split()) == 2


#: Texts that one or the other way into a database and out of it reads as something else.
ODD = ("", " ", "\\N", "\\.", "NULL", 'a "b", c', "one\ntwo\r\nthree\tfour", '{x,\\"y"}', "'; --", "\x01", "100%s %", "杯子 🫖", "2026-11-02", "1e5", "true")


def test_odd_texts_go_in_and_come_out_as_they_are(store: Store, account: str, start: datetime) -> None:
    """As SKUs and as what is said of them; written, compared, changed, closed, come back."""
    rows = [_row(f"{number}{odd}", fnsku=odd, said=odd, title=odd or None, cause=odd) for number, odd in enumerate(ODD)]
    assert _record(store, account, rows, start) == Recorded(len(ODD), 0, 0, 0, 0)
    assert {(row.sku, row.fnsku, row.now.said, row.now.title) for row in store.strandings.open_strandings(account)} == {(row["sku"], row["fnsku"], row["said"], row["title"]) for row in rows}
    assert set(store.strandings.standing(account)["sku"]) == {row["sku"] for row in rows}
    assert _record(store, account, rows, start + HOUR) == Recorded(0, 0, 0, 0, len(ODD))
    changed = [row | {"said": f"{row['said']}!", "fnsku": f"X{row['fnsku']}"} for row in rows]
    assert _record(store, account, changed, start + 2 * HOUR) == Recorded(0, 0, len(ODD), 0, 0)
    over = {row["sku"]: Conclusion("cleared", outcome="cleared") for row in rows}
    assert _record(store, account, [], start + 3 * HOUR, concluded=over) == Recorded(0, 0, 0, len(ODD), 0)
    assert _record(store, account, rows, start + 4 * HOUR) == Recorded(0, len(ODD), 0, 0, 0)
    found = store.strandings.open_strandings(account)
    assert {(row.sku, row.fnsku, row.now.said) for row in found} == {(row["sku"], row["fnsku"] or "X", row["said"]) for row in rows}


def test_moments_and_amounts_come_out_to_the_last_digit(store: Store, account: str, start: datetime) -> None:
    """A moment with fractions of a second and one without, and the longest amounts: compared with themselves they are no change."""
    amounts = [Decimal(text) for text in ("0", "0.0001", "99999999999.9999", "-12345678901.2345", "84", "0.1")]
    rows = [_row(str(number), worth_amount=amount, shown_buyable=number % 2 == 0) for number, amount in enumerate(amounts)]
    late = start + timedelta(microseconds=7)
    assert _record(store, account, rows, late) == Recorded(len(rows), 0, 0, 0, 0)
    _forget_numbers()
    assert _record(store, account, rows, late + HOUR) == Recorded(0, 0, 0, 0, len(rows))
    assert _record(store, account, [row | {"title": "x"} for row in rows], start + 2 * HOUR) == Recorded(0, 0, len(rows), 0, 0)
    for row, told in zip(rows, store.strandings.open_strandings(account), strict=True):
        assert (told.now.worth_amount, told.now.from_at, told.opened_at) == (row["worth_amount"], start + 2 * HOUR, late)
    assert store.strandings.standing(account).select("sku", "standing", "from_at", "shown_buyable").row(1) == ("1", "confirmed", start + 2 * HOUR, False)


def _forget_numbers() -> None:
    """Then the next pass compares the words themselves."""
    from refloat.store.models import Stranding

    Stranding.objects.update(digest=None)


def test_ids_go_on_where_they_were(store: Store, account: str, start: datetime) -> None:
    """Those drawn beforehand and those that the database gives are never the same, and one that is gone is not given again."""
    from refloat.store.models import Account, Stranding, StrandingInterval

    ids = []
    for turn in range(3):
        _record(store, account, [_row(f"SKU-{turn}-{number}") for number in range(3)], start + turn * HOUR)
        ids.append(Stranding.objects.create(account=Account.objects.get(), marketplace="FR", sku=f"SKU-{turn}", opened_at=start).pk)
        last = Stranding.objects.get(marketplace="DE", sku=f"SKU-{turn}-2")
        StrandingInterval.objects.filter(stranding=last).delete()
        ids.append(last.pk)
        last.delete()
    ids += Stranding.objects.filter(marketplace="DE").values_list("pk", flat=True)
    assert len(ids) == len(set(ids)) == 12


def test_a_frame_with_letters_that_no_database_takes(store: Store, account: str, start: datetime) -> None:
    """They are replaced, once for all: two SKUs that are then the same are one, and the next pass finds no change."""
    frame = pl.DataFrame([_row("A\0"), _row("A\ufffd"), _row("B", title="b\0")])
    assert store.strandings.record(account, "DE", frame, start, unknown=False) == Recorded(2, 0, 0, 0, 0)
    assert store.strandings.record(account, "DE", frame, start + HOUR, unknown=False) == Recorded(0, 0, 0, 0, 2)
    assert {(row.sku, row.now.title) for row in store.strandings.open_strandings(account)} == {("A\ufffd", "Mug, blue"), ("B", "b\ufffd")}
