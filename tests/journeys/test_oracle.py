"""The fast way and the slow way agree: same SKUs, cause, remedy, safety, standing, deadline, worth, same order."""

from __future__ import annotations

import random
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import oracle, report_files

from refloat import demo
from refloat.app import Question, triage
from refloat.knowledge.catalogue import catalogue
from refloat.reports.notes import read_notes
from refloat.stories import Story, stories

TODAY = date(2026, 11, 22)
Good = Mapping[str, Any]

SPELLINGS = tuple(spelling for cause in oracle.CAUSES for spellings in (cause["said_as"], *cause.get("also_said", {}).values()) for spelling in spellings)
#: What can be true of one SKU. Small pools: rare combinations turn up often.
POOLS: dict[str, tuple[Any, ...]] = {
    "sku": ("{n}", "{n}", "{n}", "{n}", "Amazon.Found.B{n}", "FBA15{n}missing1", "amzn.gr.{n}", "0{n}"),
    "listed": (True, True, True, False),
    "said": (
        *SPELLINGS,
        *("Listing closed", "Listing error", "", "--") * 6,
        "Merchant fulfilled",
        "Qualification required (brand)",
        "Please review for quality issues",
        "Digital product passport pending",
        "listing  CLOSED",
    ),
    "action": ("Relist", "Relist", "重新发布", "", "Create removal order", "Change to Fulfilled by Amazon", "Create a new listing", "Update price", "Sell it again"),
    "second": ("", "", "", "Out of stock", "Blocked", "已冻结", "Closed"),
    "on": ("2026-11-20", "2026-11-16T00:00:00Z", "2026-10-15", "2026-05-01", ""),
    "removal": ("", "", "", "2026-11-10", "2026-11-25", "2026-12-03", "2027-02-01"),
    "price": ("24.90", "5.00", "1,499.00", "0", "--", "", "24.90"),
    "units": ("0", "3", "3", "12", "", "450"),
    "reserved": ("0", "1", "0", ""),
    "listing": (None, "Active|AMAZON_EU|", "Active|AMAZON_EU|", "Inactive|AMAZON_EU|", "Active|DEFAULT|7", "Inactive|DEFAULT|0", "在售|AMAZON_EU|", "Incomplete|AMAZON_EU|", "Aktiv|DEFAULT|"),
    "opens": ("2025-03-01 10:00:00 PST", "2025-03-01", "", "2026-12-24"),
    "stock": (None, "0|Yes", "8|Yes", "8|No", "8|"),
    "issue": (None, None, None, None, "Missing attribute", "缺少主图", "Restricted", "Something new"),
    "shipped": (None, "0", "20", "100"),
    "returned": ((), (), ((1, 2),), ((3, 9), (120, 40)), ((10, 12),)),
    "bounds": (None, None, "|", "20.00|30.00", "30.00|", "|10.00"),
    "expires": (None, None, None, None, -3, 40),
    "hold": (None, None, None, None, None, 30, -2),
    "restriction": (None, None, None, None, "NOT_ELIGIBLE", "APPROVAL_REQUIRED", "APPROVAL_REQUIRED|Musterhafen", "ASIN_NOT_FOUND"),
    "documents": (0, 0, 1),
    "closed": (False, False, True),
    "notice": (None, None, None, -5, -40),
    "fnsku": ("own", "own", "shared", ""),
}
#: What can be true of the account as a whole.
WORLD: dict[str, tuple[Any, ...]] = {
    "place": ("DE", "US", "JP", None),
    "stranded": ("stranded.txt", "stranded_2026-11-20.txt", "stranded_2026-11-22.txt", "stranded_2026-11-02.txt"),
    "listings": ("listings.txt", None, "listings_2026-11-22.txt", "listings_2026-11-21.txt", "listings_2026-11-14.txt"),
    "stock": ("stock.txt", None, "stock_2026-11-22.txt"),
    "rest": (True, True, True, False),
    "era": (report_files.STRANDED_18, report_files.STRANDED_19, report_files.STRANDED_17),
    "kept": (True, False),
    "removal_days": (None, None, 20, 90),
}


def written(folder: Path, world: Mapping[str, Any], goods: Sequence[Good]) -> list[str]:
    """The world as report files and notes; the arguments that triage takes."""
    named = [dict(good, sku=good["sku"].format(n=f"SKU-{index:03}"), fnsku={"own": f"X{index:03}", "shared": "XSHARED", "": ""}[good["fnsku"]]) for index, good in enumerate(goods)]
    files = {world["stranded"]: report_files.text(*(_stranded(good, world["era"]) for good in named if good["listed"]), header=world["era"])}
    if world["listings"]:
        files[world["listings"]] = report_files.table(
            ("item-name", "listing-id", "seller-sku", "price", "quantity", "open-date", "fulfillment-channel", "status"), *(_listing(good) for good in named if good["listing"])
        )
    if world["stock"]:
        files[world["stock"]] = report_files.table(
            ("sku", "fnsku", "asin", "product-name", "your-price", "mfn-listing-exists", "afn-listing-exists", "afn-fulfillable-quantity", "afn-reserved-quantity", "afn-total-quantity"),
            *(_stock(good) for good in named if good["stock"]),
        )
    if world["rest"]:
        files |= _rest(named)
    arguments = [str(report_files.write(folder, text, name)) for name, text in files.items()]
    (folder / "notes.toml").write_text(_notes(named, world), encoding="utf-8")
    return [f"{world['place']}={argument}" if world["place"] else argument for argument in arguments]


def _stranded(good: Good, era: Sequence[str]) -> str:
    return report_files.line(
        era, sku=good["sku"], fnsku=good["fnsku"], primary_action=good["action"], stranded_reason=good["said"], status_secondary=good["second"], date_stranded=good["on"],
        **{"Date-to-take-auto-removal": good["removal"], "fulfillable-qty": good["units"], "reserved-quantity": good["reserved"], "your-price": good["price"]},
    )  # fmt: skip


def _listing(good: Good) -> dict[str, str]:
    status, channel, quantity = good["listing"].split("|")
    return {"item-name": "Cup", "seller-sku": good["sku"], "price": "17.50", "quantity": quantity, "open-date": good["opens"], "fulfillment-channel": channel, "status": status}


def _stock(good: Good) -> dict[str, str]:
    units, listed = good["stock"].split("|")
    return {
        "sku": good["sku"],
        "fnsku": good["fnsku"],
        "asin": "B000TEST01",
        "mfn-listing-exists": "No",
        "afn-listing-exists": listed,
        "afn-fulfillable-quantity": units,
        "afn-reserved-quantity": "2",
        "afn-total-quantity": str(int(units) * 2),
    }


def _rest(goods: Sequence[Good]) -> dict[str, str]:
    bounds = [dict(zip(("minimum-seller-allowed-price", "maximum-seller-allowed-price"), good["bounds"].split("|"), strict=True), sku=good["sku"]) for good in goods if good["bounds"]]
    back = [{"return-date": (TODAY - timedelta(days=days)).isoformat(), "sku": good["sku"], "quantity": str(units), "reason": "UNWANTED_ITEM"} for good in goods for days, units in good["returned"]]
    return {
        "loader.txt": report_files.table(("sku", "price", "minimum-seller-allowed-price", "maximum-seller-allowed-price", "add-delete", "leadtime-to-ship"), *bounds),
        "suppressed.txt": report_files.table(
            ("Status", "Reason", "SKU", "ASIN", "Status Change Date", "Issue Description"),
            *({"Reason": good["issue"], "SKU": good["sku"], "Status Change Date": "Nov 3, 2026"} for good in goods if good["issue"]),
        ),
        "planning.txt": report_files.table(
            ("snapshot-date", "sku", "units-shipped-t90"), *({"snapshot-date": "2026-11-21", "sku": good["sku"], "units-shipped-t90": good["shipped"]} for good in goods if good["shipped"])
        ),
        "returns.txt": report_files.table(("return-date", "order-id", "sku", "quantity", "reason"), *back),
    }


def _notes(goods: Sequence[Good], world: Mapping[str, Any]) -> str:
    lines = [f"documents_kept = {str(world['kept']).lower()}", f"closings_kept = {str(world['kept']).lower()}"]
    lines += ["[settings]", f"removal_days = {world['removal_days']}"] if world["removal_days"] else []
    for good in goods:
        sku = f"sku = '{good['sku']}'"
        for table, name, entry in (("expires", "expires", "on"), ("holds", "hold", "until"), ("removal_notices", "notice", "on")):
            lines += [f"[[{table}]]", sku, f"{entry} = {TODAY + timedelta(days=good[name])}"] if good[name] is not None else []
        lines += ["[[documents]]", sku, "kind = 'invoice'"] * good["documents"] + (["[[closed]]", sku, "on = 2026-10-01"] if good["closed"] else [])
        if good["restriction"]:
            restriction, _, brand = good["restriction"].partition("|")
            lines += ["[[restrictions]]", sku, f"code = '{restriction}'", *([f"brand = '{brand}'"] if brand else [])]
    return "\n".join(lines) + "\n"


SAME = ("marketplace", "sku", "cause", "remedy", "safety", "standing", "removal_due_on", "removal_due_from", "removal_due_latest_on", "days_left")


def agreed(arguments: list[str], notes: Path, today: date) -> list[dict[str, Any]]:
    """What both find; fails at the first stranding on which they differ."""
    fast = triage(Question(arguments, as_of=today, notes=read_notes(notes)))
    slow = oracle.triage(arguments, tomllib.loads(notes.read_text(encoding="utf-8")), today)
    rows = [{name: row[name] for name in SAME} | {"worth": row["worth_amount"], "units": row["units_stranded"], "currency": row["price_currency"]} for row in fast.frame.iter_rows(named=True)]
    assert rows == [{name: row[name] for name in (*SAME, "worth", "units", "currency")} for row in slow]
    return rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in WORLD.items()}),
    st.lists(st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in POOLS.items()}), min_size=1, max_size=24),
)
def test_any_world_is_read_alike(world: Mapping[str, Any], goods: Sequence[Good]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        agreed(written(Path(folder), world, goods), Path(folder) / "notes.toml", TODAY)


#: Four accounts that together have every era: one with the stranded report alone, one whose listings are newer by two days.
ACCOUNTS = tuple(
    {"place": place, "stranded": stranded, "listings": listings, "stock": listings and "stock.txt", "rest": listings is not None, "era": era, "kept": kept, "removal_days": days}
    for place, stranded, listings, era, kept, days in (
        ("DE", "stranded.txt", "listings.txt", report_files.STRANDED_18, True, None),
        (None, "stranded.txt", None, report_files.STRANDED_19, False, 20),
        ("JP", "stranded.txt", "listings.txt", report_files.STRANDED_17, True, 90),
        ("US", "stranded_2026-11-20.txt", "listings_2026-11-22.txt", report_files.STRANDED_18, True, None),
    )
)


def test_large_accounts_meet_every_cause(tmp_path: Path) -> None:
    """Eight hundred SKUs an account, drawn from the same pools: every page fires, and both agree on each."""
    dice = random.Random(36)
    met: set[str] = set()
    for number, world in enumerate(ACCOUNTS):
        goods = [{name: dice.choice(pool) for name, pool in POOLS.items()} for _ in range(800)]
        folder = tmp_path / str(number)
        met |= {row["cause"] for row in agreed(written(folder, world, goods), folder / "notes.toml", TODAY)}
    assert met == set(catalogue().causes)


@pytest.mark.parametrize("story", (told := [story for story in stories() if not any("refloat-answers" in text for _, text in story.reports)]), ids=[story.name for story in told])
def test_a_story_is_read_alike(story: Story, tmp_path: Path) -> None:
    notes = tmp_path / "notes.toml"
    notes.write_text(story.notes, encoding="utf-8")
    agreed(story.written_to(tmp_path), notes, story.as_of)


def test_the_demo_account_is_read_alike() -> None:
    """Two marketplaces, English and Chinese, one order over all."""
    arguments = [f"{place}={path}" for place in ("DE", "US") for path in sorted((demo.FOLDER / place).glob("*.txt"))]
    assert len(agreed(arguments, demo.FOLDER / "notes.toml", demo.AS_OF)) > 300
