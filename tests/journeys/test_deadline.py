"""By when: Amazon's removal date or our estimate of it, what Amazon does by itself, and which comes first."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests import report_files, small_account
from tests.small_account import Account, in_stock, listed, row

from refloat.model.finding import Finding
from refloat.model.notes import Notes, Settings

NO_DATE_COLUMN = tuple(name for name in report_files.STRANDED_18 if name != "Date-to-take-auto-removal")


def due(finding: Finding) -> tuple[str | None, str | None, str | None, int | None]:
    """``removal_due_on``, where it is from, the other end of the range, days left."""
    shown = finding.as_json()
    return shown["removal_due_on"], shown["removal_due_from"], shown["removal_due_latest_on"], shown["days_left"]


def one(folder: Path, notes: Notes | None = None, header: tuple[str, ...] = report_files.STRANDED_18, **cells: str) -> Finding:
    """A-1, stranded in the US on 15 January 2026 unless it says otherwise, as of 22 November 2026."""
    account = Account(folder).add("stranded.txt", small_account.stranded(row(sku="A-1", **cells), header=header))
    return account.finding(notes=notes or Notes())


REMOVAL = "Date-to-take-auto-removal"


class TestTheReportsOwnDate:
    def test_wins_over_everything(self, tmp_path: Path) -> None:
        notes = Notes(removal_notices={"A-1": date(2026, 11, 1)}, settings=Settings(removal_days=10))
        assert due(one(tmp_path, notes, **{REMOVAL: "2026-12-10"})) == ("2026-12-10", "report", None, 18)

    def test_may_lie_in_the_past(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, **{REMOVAL: "2026-11-20T00:00:00Z"})) == ("2026-11-20", "report", None, -2)

    def test_counts_even_for_an_exempt_reason(self, tmp_path: Path) -> None:
        """What Amazon announces, it may do."""
        assert due(one(tmp_path, stranded_reason="Under hazmat review", **{REMOVAL: "2026-12-10"})) == ("2026-12-10", "report", None, 18)


class TestAmazonsEmail:
    def test_thirty_days_after_it(self, tmp_path: Path) -> None:
        notes = Notes(removal_notices={"A-1": date(2026, 11, 8)}, settings=Settings(removal_days=10))
        assert due(one(tmp_path, notes)) == ("2026-12-08", "notice", None, 16)

    def test_needs_no_date_of_stranding(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, Notes(removal_notices={"A-1": date(2026, 11, 8)}), date_stranded="")) == ("2026-12-08", "notice", None, 16)

    def test_counts_even_for_an_exempt_reason(self, tmp_path: Path) -> None:
        notes = Notes(removal_notices={"A-1": date(2026, 11, 8)})
        assert due(one(tmp_path, notes, stranded_reason="Future listing sell date")) == ("2026-12-08", "notice", None, 16)


class TestTheSellersFasterSetting:
    def test_counts_from_the_stranding_as_entered(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, Notes(settings=Settings(removal_days=20)), date_stranded="2026-11-15")) == ("2026-12-05", "settings", None, 13)

    def test_may_have_passed(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, Notes(settings=Settings(removal_days=20)), date_stranded="2026-10-25")) == ("2026-11-14", "settings", None, -8)

    @pytest.mark.parametrize(
        ("reason", "expected"),
        [("Listing closed", ("2027-02-10", "settings", None, 80)), ("Deleted listing", ("2026-12-22", "clock", None, 30)), ("Restricted ASIN", ("2027-01-11", "clock", None, 50))],
    )
    def test_a_slower_one_does_not_slow_amazon_down(self, tmp_path: Path, reason: str, expected: tuple[str, str, None, int]) -> None:
        """90 days: faster than the 180 of a closed listing, slower than the 30 of a deleted one and the 60 of a policy."""
        assert due(one(tmp_path, Notes(settings=Settings(removal_days=90)), date_stranded="2026-11-12", stranded_reason=reason)) == expected

    def test_at_once_is_a_setting_too(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, Notes(settings=Settings(removal_days=0)), date_stranded="2026-11-21")) == ("2026-11-21", "settings", None, -1)

    def test_without_a_date_of_stranding_there_is_none(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, Notes(settings=Settings(removal_days=20)), date_stranded="")) == (None, None, None, None)


class TestTheClock:
    """The column is there but blank: Amazon has set no date yet, and mails 30 days ahead."""

    @pytest.mark.parametrize(
        ("reason", "expected"),
        [
            ("Listing closed", "2027-04-29"),  # 180 days
            ("Merchant fulfilled", "2027-04-29"),  # 180
            ("Restricted ASIN", "2026-12-30"),  # 60
            ("Qualification required (brand)", "2026-12-30"),  # 60
            ("Product recall", "2026-12-22"),  # 30, but not before today + 30
            ("Deleted listing", "2026-12-22"),  # 30
            ("Missing price", "2026-12-22"),  # not listed by Amazon: its shortest, 30
            ("Never seen before", "2026-12-22"),
            ("", "2026-12-22"),
        ],
    )
    def test_of_each_group_of_reasons(self, tmp_path: Path, reason: str, expected: str) -> None:
        finding = one(tmp_path, stranded_reason=reason, date_stranded="2026-10-31")
        assert due(finding)[:3] == (expected, "clock", None)

    def test_never_before_thirty_days_from_now(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, date_stranded="2026-01-15")) == ("2026-12-22", "clock", None, 30)

    def test_no_date_of_stranding_no_deadline(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, date_stranded="")) == (None, None, None, None)

    def test_is_an_estimate_and_shown_as_one(self, tmp_path: Path) -> None:
        (*_, removal) = one(tmp_path).as_json()["amazon_will"]
        assert removal == {"do": "remove", "on": "2026-12-22", "estimated": True}


class TestAssumed:
    """The column is missing altogether: nobody can tell whether a date is set."""

    @pytest.mark.parametrize("header", [NO_DATE_COLUMN, report_files.STRANDED_17])
    def test_thirty_days_with_the_clock_as_the_other_end(self, tmp_path: Path, header: tuple[str, ...]) -> None:
        latest = "2027-04-29" if header is NO_DATE_COLUMN else None
        assert due(one(tmp_path, header=header, date_stranded="2026-10-31")) == ("2026-11-30", "assumed", latest, 8)

    def test_where_the_clock_is_thirty_days_too_there_is_no_range(self, tmp_path: Path) -> None:
        assert due(one(tmp_path, header=NO_DATE_COLUMN, date_stranded="2026-10-31", stranded_reason="Deleted listing")) == ("2026-11-30", "assumed", None, 8)

    def test_may_have_passed(self, tmp_path: Path) -> None:
        """Nothing says that Amazon has not acted yet."""
        assert due(one(tmp_path, header=NO_DATE_COLUMN, date_stranded="2026-10-01")) == ("2026-10-31", "assumed", "2027-03-30", -22)

    def test_is_an_estimate_and_shown_as_one(self, tmp_path: Path) -> None:
        (*_, removal) = one(tmp_path, header=NO_DATE_COLUMN, date_stranded="2026-10-31").as_json()["amazon_will"]
        assert removal == {"do": "remove", "on": "2026-11-30", "estimated": True}

    def test_each_marketplace_by_its_own_report(self, tmp_path: Path) -> None:
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", date_stranded="2026-10-31"), name="us.txt")
            .add("de.txt", small_account.stranded(row(sku="B-2", date_stranded="2026-10-31"), header=NO_DATE_COLUMN), place="DE")
        )
        found = account.findings()
        assert (found["A-1"].removal_due_from, found["B-2"].removal_due_from) == ("clock", "assumed")


class TestExempt:
    @pytest.mark.parametrize("reason", ["Future listing sell date", "Under hazmat review", "Dangerous goods (in review)", "正在接受危险品审核"])
    @pytest.mark.parametrize("header", [report_files.STRANDED_18, NO_DATE_COLUMN])
    def test_these_reasons_have_no_deadline(self, tmp_path: Path, reason: str, header: tuple[str, ...]) -> None:
        finding = one(tmp_path, Notes(settings=Settings(removal_days=10)), header, stranded_reason=reason)
        assert (due(finding), finding.amazon_will) == ((None, None, None, None), ())

    def test_a_start_date_ahead_stops_the_clock(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1")).listings(listed("A-1", open_date="2026-12-24")).finding()
        assert (finding.remedy, due(finding), finding.amazon_will) == ("hold", (None, None, None, None), ())

    def test_the_sellers_own_hold_does_not_amazon_knows_nothing_of_it(self, tmp_path: Path) -> None:
        """Held back on purpose, and still relisted and removed by Amazon's own clock: it must be seen."""
        finding = one(tmp_path, Notes(holds={"A-1": date(2027, 1, 10)}), date_stranded="2026-11-10")
        assert (finding.remedy, due(finding)) == ("hold", ("2027-05-09", "clock", None, 168))
        assert [(will.do, will.on) for will in finding.amazon_will] == [("relist", date(2026, 12, 10)), ("remove", date(2027, 5, 9))]

    def test_documents_asked_for_are_no_review(self, tmp_path: Path) -> None:
        """Only the review is exempt; while Amazon waits for the seller the clock runs."""
        assert due(one(tmp_path, stranded_reason="Dangerous goods (upload documents and wait for review)"))[:2] == ("2026-12-22", "clock")


class TestWhatAmazonWillDo:
    def wills(self, finding: Finding) -> list[tuple[str, str | None]]:
        return [(will["do"], will["on"]) for will in finding.as_json()["amazon_will"]]

    def test_it_relists_thirty_days_after_the_stranding(self, tmp_path: Path) -> None:
        assert self.wills(one(tmp_path, date_stranded="2026-11-10", **{REMOVAL: "2027-05-09"})) == [("relist", "2026-12-10"), ("remove", "2027-05-09")]

    @pytest.mark.parametrize("reason", ["Listing closed and inventory error", "Item discontinued", "商品已停售"])
    def test_it_relists_these_too(self, tmp_path: Path, reason: str) -> None:
        assert self.wills(one(tmp_path, stranded_reason=reason, date_stranded="2026-11-10"))[0] == ("relist", "2026-12-10")

    def test_it_changes_merchant_fulfilled_offers_to_fba(self, tmp_path: Path) -> None:
        assert self.wills(one(tmp_path, stranded_reason="卖家自配送", date_stranded="2026-11-10", **{REMOVAL: "2027-05-09"})) == [("change-to-fba", "2026-12-10"), ("remove", "2027-05-09")]

    @pytest.mark.parametrize("reason", ["Merchant fulfilled (DG info required)", "Listing error", "Restricted ASIN", "Never seen before", ""])
    def test_it_only_removes_the_others(self, tmp_path: Path, reason: str) -> None:
        assert self.wills(one(tmp_path, stranded_reason=reason, **{REMOVAL: "2026-12-10"})) == [("remove", "2026-12-10")]

    @pytest.mark.parametrize(("entered", "expected"), [(7, "2026-11-17"), (2, "2026-11-12"), (1, "2026-11-12")])
    def test_the_sellers_days_count_but_amazon_takes_two_at_least_to_relist(self, tmp_path: Path, entered: int, expected: str) -> None:
        notes = Notes(settings=Settings(automatic_relist_days=entered))
        assert self.wills(one(tmp_path, notes, date_stranded="2026-11-10"))[0] == ("relist", expected)

    def test_the_change_to_fba_may_come_within_a_day(self, tmp_path: Path) -> None:
        notes = Notes(settings=Settings(automatic_change_to_fba_days=0))
        assert self.wills(one(tmp_path, notes, date_stranded="2026-11-22", stranded_reason="Merchant fulfilled"))[0] == ("change-to-fba", "2026-11-22")

    @pytest.mark.parametrize("reason", ["Listing closed", "Merchant fulfilled"])
    @pytest.mark.parametrize("notes", [Notes(opted_out=frozenset({"A-1"})), Notes(settings=Settings(automatic_relist=False, automatic_change_to_fba=False))])
    def test_who_opted_out_is_left_alone_but_removed_all_the_same(self, tmp_path: Path, reason: str, notes: Notes) -> None:
        assert self.wills(one(tmp_path, notes, stranded_reason=reason, **{REMOVAL: "2026-12-10"})) == [("remove", "2026-12-10")]

    def test_only_the_row_that_opted_out(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1", date_stranded="2026-11-10"), row(sku="B-2", date_stranded="2026-11-10"))
        found = account.findings(notes=Notes(opted_out=frozenset({"A-1"})))
        assert [[will.do for will in found[sku].amazon_will] for sku in ("A-1", "B-2")] == [["remove"], ["relist", "remove"]]

    def test_without_a_date_of_stranding_the_day_is_unknown(self, tmp_path: Path) -> None:
        assert self.wills(one(tmp_path, date_stranded="")) == [("relist", None)]


class TestOrder:
    """Bucket (overdue, 7, 14, 30 days, later, none), then the date, then worth, units, SKU."""

    def order(self, folder: Path, *rows: dict[str, str], **question: Any) -> list[str]:
        return [finding.sku for finding in Account(folder).stranded(*rows).triage(**question).findings()]

    def test_by_bucket_and_date(self, tmp_path: Path) -> None:
        days = {
            "none": "",
            "day-31": "2026-12-23",
            "day-30": "2026-12-22",
            "day-15": "2026-12-07",
            "day-14": "2026-12-06",
            "day-8": "2026-11-30",
            "day-7": "2026-11-29",
            "today": "2026-11-22",
            "late-1": "2026-11-21",
            "late-99": "2026-08-15",
        }
        rows = [row(sku=sku, date_stranded="", your_price=str(1000 - number)) | {REMOVAL: day} for number, (sku, day) in enumerate(days.items())]
        assert self.order(tmp_path, *rows) == ["late-99", "late-1", "today", "day-7", "day-8", "day-14", "day-15", "day-30", "day-31", "none"]
        buckets = Account(tmp_path).stranded(*rows).triage().frame.select("sku", "due_bucket").rows()
        assert buckets == [("late-99", 0), ("late-1", 0), ("today", 1), ("day-7", 1), ("day-8", 2), ("day-14", 2), ("day-15", 3), ("day-30", 3), ("day-31", 4), ("none", 5)]

    def test_ties_by_worth_then_units_then_sku_and_the_unknown_last(self, tmp_path: Path) -> None:
        rows = [
            row(sku="no-units", fulfillable_qty="", your_price="9.00"),
            row(sku="no-price-3", fulfillable_qty=3, reserved_quantity=0, your_price=""),
            row(sku="no-price-9", fulfillable_qty=9, reserved_quantity=0, your_price="0"),
            row(sku="b", fulfillable_qty=4, reserved_quantity=0, your_price="5.00"),
            row(sku="B", fulfillable_qty=4, reserved_quantity=0, your_price="5.00"),
            row(sku="a", fulfillable_qty=4, reserved_quantity=0, your_price="5.00"),
            row(sku="few", fulfillable_qty=1, reserved_quantity=1, your_price="10.00"),
            row(sku="most", fulfillable_qty=2, reserved_quantity=0, your_price="10.01"),
            row(sku="nothing-left", fulfillable_qty=0, reserved_quantity=0, your_price="99.00"),
        ]
        assert self.order(tmp_path, *rows) == ["most", "B", "a", "b", "few", "nothing-left", "no-price-9", "no-price-3", "no-units"]

    def test_worth_is_compared_within_one_currency_only(self, tmp_path: Path) -> None:
        """900 yen are no more than 30 dollars: currencies stand apart, and within each the most first."""
        account = Account(tmp_path).stranded(
            row(sku="J-900", your_price="900", fulfillable_qty=1, reserved_quantity=0), row(sku="J-950", your_price="950", fulfillable_qty=1, reserved_quantity=0), name="jp.txt", place="JP"
        )
        account.stranded(
            row(sku="U-30", your_price="30.00", fulfillable_qty=1, reserved_quantity=0), row(sku="U-40", your_price="40.00", fulfillable_qty=1, reserved_quantity=0), name="us.txt", place="US"
        )
        assert [finding.sku for finding in account.triage().findings()] == ["J-950", "J-900", "U-40", "U-30"]

    def test_the_order_of_the_rows_in_the_file_does_not_matter(self, tmp_path: Path) -> None:
        rows = [row(sku=f"S-{number:02}", date_stranded="2026-11-10" if number % 3 else "2026-10-31", your_price=str(number % 4), fulfillable_qty=number % 5) for number in range(40)]
        assert self.order(tmp_path / "forth", *rows) == self.order(tmp_path / "back", *reversed(rows))


class TestFilters:
    """They narrow the strandings, never the summary."""

    ROWS = (
        row(sku="A-1") | {REMOVAL: "2026-11-25"},
        row(sku="B-2", stranded_reason="Restricted ASIN", primary_action="Create removal order") | {REMOVAL: "2026-12-25"},
        row(sku="C-3", stranded_reason="Missing price", primary_action="Update price"),
    )

    @pytest.mark.parametrize(
        ("question", "shown"),
        [
            ({"reasons": ["listing-closed"]}, ["A-1"]),
            ({"reasons": ["Restricted ASIN"]}, ["B-2"]),
            ({"recommended": ["create-removal"]}, ["B-2"]),
            ({"recommended": ["Update price"]}, ["C-3"]),
            ({"remedies": ["relist-offer", "set-price"]}, ["A-1", "C-3"]),
            ({"due_within": 7}, ["A-1"]),
            ({"due_within": 2}, []),
            ({"places": ["DE"]}, []),
            ({"limit": 2}, ["A-1", "C-3"]),
            ({"sort": "sku"}, ["A-1", "B-2", "C-3"]),
            ({"remedies": ["relist-offer"], "due_within": 400, "places": ["US"]}, ["A-1"]),
        ],
    )
    def test_each(self, tmp_path: Path, question: dict[str, Any], shown: list[str]) -> None:
        account = Account(tmp_path).stranded(*self.ROWS)
        asked, unasked = account.triage(**question), account.triage()
        assert [finding.sku for finding in asked.findings()] == shown
        assert (asked.summary, asked.incidents, asked.frame.height) == (unasked.summary, unasked.incidents, 3)

    def test_due_this_week_counts_the_overdue_ones_too(self, tmp_path: Path) -> None:
        rows = [row(sku=day) | {REMOVAL: day} for day in ("2026-11-01", "2026-11-22", "2026-11-29", "2026-11-30")]
        assert Account(tmp_path).stranded(*rows).triage().summary.due_within_7_days == 3


def test_a_suspicion_has_no_deadline_for_nobody_knows_since_when(tmp_path: Path) -> None:
    finding = Account(tmp_path).stranded(row(sku="OTHER")).stock(in_stock("A-1")).listings(listed("A-1", status="Inactive"), listed("OTHER")).finding()
    assert (finding.standing, due(finding), finding.amazon_will) == ("suspected", (None, None, None, None), ())
