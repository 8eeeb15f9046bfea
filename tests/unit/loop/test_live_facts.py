"""What Amazon answered, beside the reports: of the right condition, and only while it is fresh."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from refloat.loop import live_facts
from refloat.loop.scopes import Scope
from refloat.model import answers
from refloat.model.ports import Answer
from refloat.model.source import Source
from refloat.reports.answers import frame_of

TODAY = date(2026, 11, 22)
USED_IS_BARRED = {"restrictions": [{"reasons": [{"reasonCode": "APPROVAL_REQUIRED", "message": "You need approval."}]}]}


def _scope(kind: str, *given: Answer) -> Scope:
    frame = frame_of(kind, answers.written(kind, given))
    return Scope("sample", "US", {kind: ((Source("answers", kind, "US", "sample"), frame),)})


def _frame(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"sku": pl.String(), "asin": pl.String(), "condition": pl.String()}, orient="row")


def test_a_restriction_counts_for_its_condition_alone() -> None:
    """Used needs approval, New does not; of the third nobody asked, so it is unknown."""
    now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    scope = _scope("restriction-answers", Answer("B0TEST0001 New", {"restrictions": []}, now), Answer("B0TEST0001 UsedGood", USED_IS_BARRED, now), Answer("B0TEST0002", USED_IS_BARRED, now))
    rows = (("A", "B0TEST0001", "New"), ("B", "B0TEST0001", "UsedGood"), ("C", "B0TEST0001", None), ("D", "B0TEST0002", None))
    seen = live_facts.asked(_frame(*rows), scope, TODAY)
    assert seen["live_restricted"].to_list() == [False, True, None, True]
    assert seen["sku"].to_list() == ["A", "B", "C", "D"]


@pytest.mark.parametrize(("day", "counts"), [(22, True), (20, True), (19, False), (1, False)])
def test_an_answer_of_days_ago_tells_nothing(day: int, counts: bool) -> None:
    """Amazon could not be asked since: what it said then is unknown now, not still so."""
    scope = _scope("restriction-answers", Answer("B0TEST0001 New", USED_IS_BARRED, datetime(2026, 11, day, 8, tzinfo=UTC)))
    seen = live_facts.asked(_frame(("A", "B0TEST0001", "New")), scope, TODAY)
    assert seen["live_restricted"].to_list() == [True if counts else None]
