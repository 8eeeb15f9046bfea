"""Which sources belong together, which is the later one, and what came whole."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from refloat.loop.scopes import Scope, grouped, successive
from refloat.model.source import Source


def source(report: str = "stranded", day: int | None = 20, hour: int = 0, known_from: str = "name", marketplace: str | None = "US", **more: object) -> Source:
    moment = None if day is None else datetime(2026, 11, day, hour, tzinfo=UTC)
    return Source(f"{report}-{day}-{hour}", report, marketplace, rows=1, observed_at=moment, observed_from=known_from, **more)  # type: ignore[arg-type]


def part(*arguments: object, sku: str = "A-1", **more: object) -> tuple[Source, pl.DataFrame]:
    return source(*arguments, **more), pl.DataFrame({"sku": [sku]})  # type: ignore[arg-type]


def scope(*parts: tuple[Source, pl.DataFrame], marketplace: str | None = "US") -> Scope:
    reports = dict.fromkeys(given.report for given, _ in parts)
    return Scope(None, marketplace, {report: tuple(one for one in parts if one[0].report == report) for report in reports})


class TestNewer:
    @pytest.mark.parametrize(
        ("ours", "theirs", "expected"),
        [
            ((20, 0, "name"), (21, 0, "name"), False),
            ((20, 0, "name"), (22, 0, "name"), True),
            ((20, 0, "name"), (22, 0, "content"), True),
            ((20, 0, "name"), (21, 23, "file-time"), False),
            ((20, 0, "name"), (22, 1, "file-time"), True),
            ((20, 23, "file-time"), (22, 0, "name"), True),
            ((20, 12, "file-time"), (21, 12, "file-time"), False),
            ((20, 12, "file-time"), (21, 13, "file-time"), True),
            ((22, 0, "name"), (20, 0, "name"), False),
        ],
    )
    def test_by_more_than_a_day(self, ours: tuple[int, int, str], theirs: tuple[int, int, str], expected: bool) -> None:
        assert scope(part("stranded", *ours), part("listings-all", *theirs)).newer("listings-all", "stranded") is expected

    def test_not_without_a_moment_or_a_file(self) -> None:
        assert not scope(part("stranded", 1), part("listings-all", None)).newer("listings-all", "stranded")
        assert not scope(part("stranded", None), part("listings-all", 20)).newer("listings-all", "stranded")
        assert not scope(part("stranded", 1)).newer("listings-all", "stranded")
        assert not scope(part("listings-all", 20)).newer("listings-all", "stranded")


class TestSuccessive:
    def days(self, parts: list[tuple[Source, pl.DataFrame]]) -> list[int]:
        return [given.observed_at.day for given, _ in parts if given.observed_at]

    def test_two_days_in_names(self) -> None:
        now, before = successive((part(day=21), part(day=22)), "US")
        assert (self.days(now), self.days(before)) == ([22], [21])

    def test_two_hours_of_a_day_are_one_snapshot(self) -> None:
        now, before = successive((part(day=21, hour=20, known_from="file-time"), part(day=22, hour=1, known_from="file-time")), "US")
        assert (self.days(now), before) == ([21, 22], [])

    @pytest.mark.parametrize("marketplace", [None, "US"])
    def test_never_without_marketplace_or_moment(self, marketplace: str | None) -> None:
        parts = (part(day=None), part(day=22)) if marketplace else (part(day=2), part(day=22))
        assert successive(parts, marketplace) == (list(parts), [])


class TestWhole:
    def test_cut_or_empty_is_not_whole(self) -> None:
        assert scope(part()).whole("stranded")
        assert not scope(part(whole=False)).whole("stranded")
        assert not scope((Source("empty", "stranded", "US", rows=0), pl.DataFrame({"sku": []}))).whole("stranded")
        assert not scope(part()).whole("listings-all")

    def test_only_the_latest_counts(self) -> None:
        assert scope(part(day=2, whole=False), part(day=22)).whole("stranded")
        assert not scope(part(day=2), part(day=22, whole=False)).whole("stranded")


class TestFrame:
    def test_of_what_is_the_latest_of_what_happened_all(self) -> None:
        found = scope(part("listings-all", 2, sku="OLD"), part("listings-all", 22, sku="NEW"), part("returns", 2, sku="OLD"), part("returns", 22, sku="NEW"))
        shown = {report: rows["sku"].to_list() for report in ("listings-all", "returns") if (rows := found.frame(report)) is not None}
        assert shown == {"listings-all": ["NEW"], "returns": ["OLD", "NEW"]}

    def test_of_what_was_not_given_none(self) -> None:
        assert scope(part()).frame("returns") is None


class TestGrouped:
    def test_what_names_no_marketplace_joins_the_only_one(self) -> None:
        (only,) = grouped([part("stranded", marketplace="DE"), part("returns", marketplace=None)]).scopes
        assert (only.marketplace, set(only.parts)) == ("DE", {"stranded", "returns"})

    def test_or_is_left_out_where_there_are_several_and_that_is_said(self) -> None:
        found = grouped([part("stranded", marketplace="DE"), part("stranded", marketplace="FR"), part("returns", marketplace=None)])
        assert [(one.marketplace, set(one.parts)) for one in found.scopes] == [("DE", {"stranded"}), ("FR", {"stranded"})]
        assert [warning.code for warning in found.warnings] == ["marketplace-not-joined"]

    def test_what_others_name_is_no_currency_for_a_silent_stranded_report(self) -> None:
        (only,) = grouped([part("stranded", marketplace=None), part("planning", marketplace="DE")]).scopes
        assert (only.marketplace, set(only.parts)) == (None, {"stranded", "planning"})

    def test_accounts_never_meet(self) -> None:
        found = grouped([part("stranded", account="one"), part("listings-all", account="two")])
        assert [(one.account, set(one.parts)) for one in found.scopes] == [("one", {"stranded"}), ("two", {"listings-all"})]

    def test_rows_of_two_marketplaces_in_one_file_are_parted(self) -> None:
        rows = pl.DataFrame({"sku": ["A", "B", "C"], "row_marketplace": ["DE", "Amazon.fr", None]})
        found = grouped([part("stranded", marketplace="DE"), part("stranded", marketplace="FR"), (source("planning", marketplace=None), rows)])
        parted = {one.marketplace: rows["sku"].to_list() for one in found.scopes if (rows := one.frame("planning")) is not None}
        assert parted == {"DE": ["A"], "FR": ["B"]}


@pytest.mark.parametrize(("known_from", "failed", "complete"), [("snapshot", None, True), ("snapshot", "report-cancelled", False), ("name", None, False), ("file-time", None, False)])
def test_only_what_we_asked_amazon_for_ourselves_is_known_to_reach_back_far_enough(known_from: str, failed: str | None, complete: bool) -> None:
    """A file that a person downloaded may begin last week."""
    assert scope(part("returns", known_from=known_from, failed=failed)).complete("returns") is complete
