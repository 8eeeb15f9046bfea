"""Several files in one call: none of them may make another one lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refloat.app import Question, Triage, triage
from refloat.errors import WrongUse
from refloat.model.notes import Notes

TODAY = date(2026, 11, 22)
STRANDED = "primary-action\tdate-stranded\tDate-to-take-auto-removal\tstranded-reason\tasin\tsku\tfnsku\tproduct-name\tfulfillable-qty\tyour-price\treserved-quantity\n"
LISTINGS = "item-name\tlisting-id\tseller-sku\tprice\tquantity\topen-date\titem-is-marketplace\tproduct-id-type\tasin1\tfulfillment-channel\tstatus\n"
STOCK = "sku\tfnsku\tasin\tproduct-name\tmfn-listing-exists\tafn-listing-exists\tafn-fulfillable-quantity\tafn-unsellable-quantity\tafn-reserved-quantity\tafn-total-quantity\n"


def row(sku: str = "MUG-1", reason: str = "Listing closed", *, removal: str = "", units: int = 5) -> str:
    return f"Relist\t2026-11-01\t{removal}\t{reason}\tB0TEST0001\t{sku}\tX00TEST001\tSample mug\t{units}\t10.00\t0\n"


def asked(folder: Path, *named: tuple[str, str, str], **how: object) -> Triage:
    """Triage of files given as (place, name, text)."""
    arguments = []
    for place, name, text in named:
        (folder / name).write_text(text, encoding="utf-8")
        arguments.append(f"{place}={folder / name}" if place else str(folder / name))
    return triage(Question(arguments, as_of=TODAY, **how))  # type: ignore[arg-type]


def test_one_marketplace_has_listings_and_the_other_has_none(tmp_path: Path) -> None:
    """Reports of two marketplaces, with listings for one only, give both marketplaces' strandings."""
    listing = "Mug\tL1\tMUG-1\t10.00\t\t2025-01-01 00:00:00 PST\ty\t1\tB0TEST0001\tAMAZON_NA\tInactive\n"
    result = asked(tmp_path, ("US", "a.txt", STRANDED + row()), ("DE", "b.txt", STRANDED + row()), ("US", "l.txt", LISTINGS + listing))
    assert sorted((found.marketplace, found.cause) for found in result.findings()) == [("DE", "listing-closed"), ("US", "listing-closed")]


@pytest.mark.parametrize("place", ["US", ""])
def test_two_files_that_disagree_keep_the_stricter_reason(tmp_path: Path, place: str) -> None:
    """A recall is not lost behind a closed listing of the same SKU, in whatever order the files come."""
    closed, recalled = (place, "a.txt", STRANDED + row()), (place, "b.txt", STRANDED + row(reason="Product recall", units=70))
    for files in ((closed, recalled), (recalled, closed)):
        result = asked(tmp_path, *files)
        (found,) = result.findings()
        assert (found.cause, found.standing, found.units_fulfillable) == ("product-recall", "conflicting", 70)
        assert found.safety != "safe"
        assert "sku-twice" in {warning.code for warning in result.warnings}


def test_the_same_file_given_twice_counts_once(tmp_path: Path) -> None:
    """A copy adds no unit, and the rows are as sure as before."""
    result = asked(tmp_path, ("US", "a.txt", STRANDED + row()), ("US", "copy.txt", STRANDED + row()))
    (found,) = result.findings()
    assert (result.summary.units, found.standing) == (5, "confirmed")


@pytest.mark.parametrize("content", ["", "PK\x03\x04 broken"])
def test_an_unreadable_file_beside_a_good_one_is_unknown(tmp_path: Path, content: str) -> None:
    """What could not be read may have been a stranded report: it is counted as unknown."""
    assert asked(tmp_path, ("US", "a.txt", STRANDED + row()), ("DE", "b.txt", content)).summary.unknown == 1


def test_stock_of_named_marketplaces_beside_an_unnamed_report_counts_once(tmp_path: Path) -> None:
    """The same SKU in two stock reports is not two more strandings of it."""
    stock = STOCK + "MUG-1\tX00TEST001\tB0TEST0001\tMug\tNo\tNo\t5\t0\t0\t5\n"
    result = asked(tmp_path, ("", "s.txt", STRANDED + row()), ("DE", "d.txt", stock), ("FR", "f.txt", stock))
    assert (result.summary.skus, result.summary.units) == (1, 5)


def test_a_removal_date_that_cannot_be_read_is_near_and_not_blank(tmp_path: Path) -> None:
    """Amazon did set a date: the estimate is 30 days from the stranding, not the long clock of a blank cell."""
    (found,) = asked(tmp_path, ("US", "a.txt", STRANDED + row(removal="soon"))).findings()
    assert (found.removal_due_on, found.removal_due_from) == (date(2026, 12, 1), "assumed")


@pytest.mark.parametrize(("name", "cause"), [("listings_2025-01-01.txt", "listing-closed"), ("listings_2026-11-21.txt", "listing-gone")])
def test_an_old_listings_report_proves_no_absence(tmp_path: Path, name: str, cause: str) -> None:
    """A SKU that a listings report of long ago lacks may well have a listing today."""
    other = "Cup\tL2\tCUP-1\t10.00\t\t2024-01-01 00:00:00 PST\ty\t1\tB0TEST0002\tAMAZON_NA\tActive\n"
    (found,) = asked(tmp_path, ("US", "a.txt", STRANDED + row()), ("US", name, LISTINGS + other)).findings()
    assert found.cause == cause


def test_a_slip_of_the_pen_in_the_notes_is_told(tmp_path: Path) -> None:
    """A note for a SKU that stands in no report would be ignored unseen."""
    result = asked(tmp_path, ("US", "a.txt", STRANDED + row()), notes=Notes(expires={"MUG-l": TODAY, "MUG-1": date(2027, 1, 1)}))
    assert [warning.value for warning in result.warnings if warning.code == "notes-unknown-sku"] == ["MUG-l"]


def test_filters_take_amazons_words_and_refuse_what_is_no_remedy(tmp_path: Path) -> None:
    """A filter in any spelling finds its rows; a remedy that does not exist is an error, not an empty list."""
    file = ("US", "a.txt", STRANDED + row())
    assert asked(tmp_path, file, reasons=["LISTING_CLOSED"], recommended=["Relist"]).shown_count == 1
    with pytest.raises(WrongUse):
        asked(tmp_path, file, remedies=["nonsense"])
