"""The record of one marketplace, as the loop asks for it; and reports on order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from refloat.model.ports import Order, Record
from refloat.store import Store

HOUR = timedelta(hours=1)


def test_an_order_is_on_record_before_and_after_amazon_s_answer(store: Store, account: str, start: datetime) -> None:
    """A pass that is killed between the two finds an order without an id; after it, one with."""
    record: Record = store.record(account, "DE")
    assert record.open_order("stranded") is None
    record.order("stranded", "GET_MADE_UP", start)
    assert record.open_order("stranded") == Order("stranded", "GET_MADE_UP", None, start)
    record.ordered("stranded", "R-1")
    assert store.record(account, "DE").open_order("stranded") == Order("stranded", "GET_MADE_UP", "R-1", start)
    assert store.record(account, "FR").open_order("stranded") is None


def test_keeping_settles_the_order_that_brought_it(store: Store, account: str, start: datetime) -> None:
    """The snapshot of another report leaves the order open."""
    record = store.record(account, "DE")
    record.order("stranded", "GET_MADE_UP", start)
    record.ordered("stranded", "R-1")
    record.keep("stranded", b"old", at=start, report_id="R-0")
    assert record.open_order("stranded") is not None
    record.keep("stranded", b"new", at=start + HOUR, charset="cp1252", report_id="R-1")
    assert record.open_order("stranded") is None
    assert (record.content("stranded"), record.read_at("stranded"), record.looked_at("stranded")) == (b"new", start + HOUR, start + HOUR)


def test_an_order_ends_without_a_document(store: Store, account: str, start: datetime) -> None:
    """Cancelled: settled, and a new one may be ordered."""
    record = store.record(account, "DE")
    record.order("stranded", "GET_MADE_UP", start)
    record.ordered("stranded", "R-1")
    record.settled("stranded", "CANCELLED", start + HOUR)
    assert record.open_order("stranded") is None
    assert (record.refused_at("stranded"), record.has_ordered("R-1")) == (start + HOUR, True)


def test_one_order_at_a_time(store: Store, account: str, start: datetime) -> None:
    """A new order of the same source takes the place of the old one."""
    record = store.record(account, "DE")
    record.order("stranded", "GET_MADE_UP", start)
    record.order("stranded", "GET_MADE_UP", start + HOUR)
    record.ordered("stranded", "R-2")
    record.settled("stranded", "DONE", start + HOUR)
    assert record.open_order("stranded") is None


def test_what_was_never_read_is_unknown(store: Store, account: str, start: datetime) -> None:
    """None, not empty: for a source never tried, and for one that failed."""
    record = store.record(account, "DE")
    assert (record.read_at("stranded"), record.looked_at("stranded"), record.content("stranded")) == (None, None, None)
    record.failed("stranded", "amazon-down", "words", start)
    assert (record.read_at("stranded"), record.looked_at("stranded"), record.content("stranded")) == (None, start, None)


def test_a_look_that_brought_nothing_new_is_a_good_look(store: Store, account: str, start: datetime) -> None:
    """It ends the trouble, and the last good snapshot stays what it was."""
    record = store.record(account, "DE")
    record.keep("stranded", b"what was", at=start)
    record.failed("stranded", "amazon-down", "words", start + HOUR)
    record.looked("stranded", start + 2 * HOUR)
    (source,) = store.snapshots.sources(account)
    assert (source.trouble_code, record.looked_at("stranded"), record.read_at("stranded")) == (None, start + 2 * HOUR, start)


@pytest.mark.parametrize("stage", ["CANCELLED", "FATAL", "REFUSED"])
def test_what_amazon_ended_is_refused_until_another_order_ends_well(store: Store, account: str, start: datetime, stage: str) -> None:
    """Asking at once would bring the same; an order that was merely lost, or replaced, is no refusal."""
    record = store.record(account, "DE")
    assert record.refused_at("stranded") is None
    for ended, refused in ((stage, start), ("LOST", None)):
        record.order("stranded", "GET_MADE_UP", start)
        assert record.refused_at("stranded") is None
        record.settled("stranded", ended, start)
        assert record.refused_at("stranded") == refused


def test_an_id_is_known_once_it_was_given(store: Store, account: str, start: datetime) -> None:
    """So a look at Amazon for a lost order passes over the report that an earlier order brought."""
    record = store.record(account, "DE")
    record.order("stranded", "GET_MADE_UP", start)
    record.ordered("stranded", "R-1")
    record.keep("stranded", b"content", at=start, report_id="R-1")
    assert (record.has_ordered("R-1"), record.has_ordered("R-2")) == (True, False)


def test_one_id_may_be_given_to_two_sources(store: Store, account: str, start: datetime) -> None:
    """Amazon's static sandbox does so; each source keeps its own snapshot."""
    record = store.record(account, "DE")
    for source in ("stranded", "planning"):
        record.order(source, "GET_MADE_UP", start)
        record.ordered(source, "R-1")
        record.keep(source, source.encode(), at=start, report_id="R-1")
    assert (record.content("stranded"), record.content("planning")) == (b"stranded", b"planning")
