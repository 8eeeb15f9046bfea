"""How sure we are that it is stranded, from files and their moments."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import small_account
from tests.small_account import Account, hour, in_stock, listed, row


def test_what_amazon_lists_is_confirmed(tmp_path: Path) -> None:
    assert Account(tmp_path).stranded(row(sku="A-1")).standings() == {"A-1": "confirmed"}


def test_active_elsewhere_alone_is_no_conflict(tmp_path: Path) -> None:
    """Most stranded SKUs show as Active in the listings report of the same hour."""
    assert Account(tmp_path).stranded(row(sku="A-1")).listings(listed("A-1")).standings() == {"A-1": "confirmed"}


@pytest.mark.parametrize(
    ("seen", "standing"),
    [("listings_2026-11-22.txt", "conflicting"), ("listings_2026-11-21.txt", "confirmed"), ("listings_2026-11-20.txt", "confirmed"), ("listings_2026-11-10.txt", "confirmed")],
)
def test_active_in_a_listings_report_of_another_day(tmp_path: Path, seen: str, standing: str) -> None:
    account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-20.txt").listings(listed("A-1"), name=seen)
    assert account.standings() == {"A-1": standing}


@pytest.mark.parametrize("denial", [{"status": "Inactive"}, {"channel": "DEFAULT", "quantity": 3}, {"status": "Incomplete"}])
def test_a_later_report_that_shows_no_fba_offer_does_not_deny_it(tmp_path: Path, denial: dict[str, str]) -> None:
    account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-20.txt").listings(listed("A-1", **denial), name="listings_2026-11-22.txt")
    assert account.standings() == {"A-1": "confirmed"}


def test_file_times_count_where_names_tell_nothing(tmp_path: Path) -> None:
    later = Account(tmp_path / "later").stranded(row(sku="A-1"), written_at=hour(20)).listings(listed("A-1"), written_at=hour(21, 13))
    same = Account(tmp_path / "same").stranded(row(sku="A-1"), written_at=hour(20)).listings(listed("A-1"), written_at=hour(21, 11))
    assert (later.standings(), same.standings()) == ({"A-1": "conflicting"}, {"A-1": "confirmed"})


def test_a_mere_day_is_not_taken_for_its_first_hour(tmp_path: Path) -> None:
    """Stranded on the 20th, downloaded perhaps at night; the listings of the next morning are hours newer, not 33."""
    account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-20.txt").listings(listed("A-1"), written_at=hour(21, 9))
    assert account.standings() == {"A-1": "confirmed"}


def test_sold_out_in_a_later_stock_report_is_clearing(tmp_path: Path) -> None:
    account = Account(tmp_path).stranded(row(sku="A-1"), row(sku="B-2"), name="stranded_2026-11-20.txt").stock(in_stock("A-1", 0), in_stock("B-2", 4), name="stock_2026-11-22.txt")
    assert account.standings() == {"A-1": "clearing", "B-2": "confirmed"}


def test_no_units_in_a_stock_report_of_the_same_day_clears_nothing(tmp_path: Path) -> None:
    account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-22.txt").stock(in_stock("A-1", 0), name="stock_2026-11-22.txt")
    assert account.standings() == {"A-1": "confirmed"}


class TestWhatTheReportDoesNotList:
    def test_units_without_an_offer_are_suspected(self, tmp_path: Path) -> None:
        goods = [in_stock("INACTIVE"), in_stock("MERCHANT"), in_stock("ABSENT"), in_stock("WELL"), in_stock("EMPTY", 0), in_stock("NO-FBA", afn_listing_exists="No")]
        offers = [listed("INACTIVE", status="Inactive"), listed("MERCHANT", channel="DEFAULT", quantity=2), listed("WELL"), listed("EMPTY", status="Inactive"), listed("NO-FBA")]
        found = Account(tmp_path).stranded(row(sku="A-1")).stock(*goods).listings(*offers, listed("A-1")).standings()
        assert found == {"A-1": "confirmed", "INACTIVE": "suspected", "MERCHANT": "suspected", "ABSENT": "suspected", "NO-FBA": "suspected"}

    def test_amazons_own_bookkeeping_is_never_suspected_but_found_units_may_be(self, tmp_path: Path) -> None:
        goods = [in_stock(sku) for sku in ("FBA15TEST01missing1", "amzn.gr.CUP-1-abc", "Amazon.Found.B000TEST09")]
        assert Account(tmp_path).stranded(row(sku="A-1")).stock(*goods).listings(listed("A-1")).standings() == {"A-1": "confirmed", "Amazon.Found.B000TEST09": "suspected"}

    def test_without_a_stranded_report_nobody_can_tell(self, tmp_path: Path) -> None:
        assert Account(tmp_path).stock(in_stock("S-1")).listings(listed("S-1", status="Inactive")).standings() == {"S-1": "unknown"}

    def test_a_cut_report_makes_silent_stock_unknown(self, tmp_path: Path) -> None:
        cut = small_account.stranded(row(sku="A-1"), row(sku="B-2")).rstrip("\n")[:-40]
        account = Account(tmp_path).add("stranded.txt", cut).stock(in_stock("S-1")).listings(listed("S-1", status="Inactive"))
        assert account.standings() == {"A-1": "confirmed", "S-1": "unknown"}

    def test_a_header_alone_makes_silent_stock_unknown(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded().stock(in_stock("S-1")).listings(listed("S-1", status="Inactive"))
        assert account.standings() == {"S-1": "unknown"}

    def test_an_old_report_makes_everything_unknown(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-02.txt").stock(in_stock("S-1")).listings(listed("S-1", status="Inactive"))
        assert account.standings() == {"A-1": "unknown", "S-1": "unknown"}
        assert "report-old" in {warning.code for warning in account.triage().warnings}

    def test_a_week_is_not_yet_old(self, tmp_path: Path) -> None:
        assert Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-15.txt").standings() == {"A-1": "confirmed"}


class TestTwoReports:
    def test_what_the_later_one_no_longer_lists_is_clearing(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1"), row(sku="GONE"), name="stranded_2026-11-15.txt").stranded(row(sku="A-1"), row(sku="NEW"), name="stranded_2026-11-22.txt")
        assert account.standings() == {"A-1": "confirmed", "NEW": "confirmed", "GONE": "clearing"}

    def test_the_order_of_the_files_does_not_matter(self, tmp_path: Path) -> None:
        account = (
            Account(tmp_path).stranded(row(sku="A-1", fulfillable_qty=3), name="stranded_2026-11-22.txt").stranded(row(sku="A-1", fulfillable_qty=9), row(sku="GONE"), name="stranded_2026-11-15.txt")
        )
        assert account.standings() == {"A-1": "confirmed", "GONE": "clearing"}
        assert account.finding("A-1").units_fulfillable == 3

    def test_two_days_in_the_names_are_two_snapshots(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="GONE"), name="stranded_2026-11-21.txt").stranded(row(sku="A-1"), name="stranded_2026-11-22.txt")
        assert account.standings() == {"A-1": "confirmed", "GONE": "clearing"}

    def test_files_of_one_day_are_one_snapshot_in_pieces(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1"), written_at=hour(21, 20)).stranded(row(sku="B-2"), name="second.txt", written_at=hour(22, 1))
        assert account.standings() == {"A-1": "confirmed", "B-2": "confirmed"}

    def test_without_a_marketplace_none_is_called_earlier(self, tmp_path: Path) -> None:
        """They may well be of two marketplaces."""
        account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-16.txt", place=None).stranded(row(sku="B-2"), name="stranded_2026-11-22.txt", place=None)
        assert account.standings() == {"A-1": "confirmed", "B-2": "confirmed"}

    @pytest.mark.parametrize("later", ["", "cut"])
    def test_a_failed_later_report_clears_nothing(self, tmp_path: Path, later: str) -> None:
        rows = [row(sku="B-2"), row(sku="C-3")] if later else []
        text = small_account.stranded(*rows)
        account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-15.txt").add("stranded_2026-11-22.txt", text[:-40] if later else text)
        assert account.standings()["A-1"] == "unknown"

    def test_a_cut_earlier_report_spoils_nothing(self, tmp_path: Path) -> None:
        cut = small_account.stranded(row(sku="GONE"), row(sku="B-2"))[:-40]
        account = Account(tmp_path).add("stranded_2026-11-15.txt", cut).stranded(row(sku="A-1"), name="stranded_2026-11-22.txt").stock(in_stock("S-1")).listings(listed("S-1", status="Inactive"))
        assert account.standings() == {"A-1": "confirmed", "GONE": "clearing", "S-1": "suspected"}


def test_of_two_listings_reports_the_later_one_counts(tmp_path: Path) -> None:
    """A listing deleted between two downloads is deleted, though the older file still has it."""
    account = (
        Account(tmp_path)
        .stranded(row(sku="A-1"), name="stranded_2026-11-22.txt")
        .listings(listed("A-1"), listed("B-2"), name="listings_2026-11-08.txt")
        .listings(listed("B-2"), name="listings_2026-11-22.txt")
    )
    assert account.finding("A-1").cause == "listing-gone"


def test_of_two_stock_reports_the_later_one_counts(tmp_path: Path) -> None:
    account = (
        Account(tmp_path)
        .stranded(row(sku="A-1"))
        .listings(listed("S-1", status="Inactive"))
        .stock(in_stock("S-1", 90), name="stock_2026-11-08.txt")
        .stock(in_stock("S-1", 4), name="stock_2026-11-22.txt")
    )
    assert account.finding("S-1").units_fulfillable == 4
