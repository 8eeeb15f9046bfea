"""The oracle: the same cause pages, read slowly, row by row, by other means.

Well-formed files only, cut at tabs. One dict a SKU, filled by hand. A page's ``when`` is put to
SQLite, everything else is plain Python. Nothing of ``refloat.loop``, ``refloat.insight`` or
``refloat.reports`` is used, so that a mistake there cannot hide here.
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import refloat.knowledge
from refloat.knowledge.page import read_page
from refloat.model.sighting import COLUMNS

KNOWLEDGE = Path(refloat.knowledge.__file__).parent
Row = dict[str, Any]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((KNOWLEDGE / f"{name}.toml").read_text(encoding="utf-8"))


PLACES, CLOCKS, LIMITS, WORDS = _toml("marketplaces"), _toml("clocks"), _toml("limits"), _toml("vocabulary")
CAUSES = [read_page(path).front for path in sorted((KNOWLEDGE / "causes").glob("*.md")) if not path.name.endswith(".zh.md")]
REMEDIES = {page.front["name"]: page.front for path in sorted((KNOWLEDGE / "remedies").glob("*.md")) if not path.name.endswith(".zh.md") for page in [read_page(path)]}

#: Headers that are not Amazon's English ones, as the demo account has them.
TRANSLATED = {
    "卖家-sku": "sku",
    "价格": "price",
    "数量": "quantity",
    "开售日期": "open-date",
    "配送渠道": "fulfillment-channel",
    "状态": "status",
    "原因": "reason",
    "状态更改日期": "status-change-date",
    "问题描述": "issue-description",
}
#: A column that only this report has.
TELLTALE = {
    "stranded": "primary-action", "stranded-loader": "leadtime-to-ship", "listings-suppressed": "issue-description", "fba-inventory": "afn-fulfillable-quantity", "planning": "units-shipped-t90",
    "returns": "return-date", "reserved": "reserved_customerorders", "removal-orders": "in-process-quantity", "storage-fees": "month_of_charge",
    "aged-fees": "surcharge-age-tier", "listings-all": "open-date",
}  # fmt: skip
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


@cache
def key(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


@cache
def code(group: str, text: str | None) -> str | None:
    return next((name for name, spellings in WORDS[group].items() if text and key(text) in {key(spelling) for spelling in spellings}), None)


@cache
def blank(text: str | None) -> bool:
    return not (text or "").strip() or key(text or "") in {key(word) for word in WORDS["nothing"]["nothing"]}


# -- cells ------------------------------------------------------------------------------------------


def number(text: str | None) -> Decimal | None:
    if text is None or (blank(text) and not any(letter.isdigit() for letter in text)):
        return None
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    return Decimal(text.replace(",", "."))


def price(text: str | None) -> Decimal | None:
    return number(text) or None


def count(text: str | None) -> int | None:
    amount = number(text)
    return None if amount is None else int(amount)


def day(text: str | None) -> date | None:
    if text is None or blank(text):
        return None
    if match := re.match(r"(\d{4})[-年](\d{1,2})[-月](\d{1,2})", text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.match(r"(\d\d)/(\d\d)/(\d{4})", text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    month, number_, year = text.replace(",", "").split()[:3]
    return date(int(year), MONTHS.index(month[:3]) + 1, int(number_))


def flag(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(code("flag", text) or "")


# -- files ------------------------------------------------------------------------------------------


@dataclass
class File:
    """One well-formed report: its rows by header, and the moment it shows (a mere day where ``dated``)."""

    report: str
    header: list[str]
    rows: list[Row]
    moment: datetime
    dated: bool


@dataclass
class Place:
    """All files of one marketplace."""

    code: str | None
    files: dict[str, list[File]] = field(default_factory=dict)
    found: dict[str, dict[str, list[Row]]] = field(default_factory=dict)

    def rows(self, report: str) -> list[Row]:
        return [row for file in self.files.get(report, []) for row in file.rows]

    def by_sku(self, report: str) -> dict[str, list[Row]]:
        """The rows of each SKU, in the files' order."""
        if report not in self.found:
            self.found[report] = {}
            for row in self.rows(report):
                self.found[report].setdefault(row.get("sku") or row["seller-sku"], []).append(row)
        return self.found[report]


def read(path: Path) -> File:
    raw = path.read_bytes()
    raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    lines = [line.removesuffix("\r") for line in text.split("\n") if line.strip()]
    header = [TRANSLATED.get(name := cell.strip().lower().replace(" ", "-"), name) for cell in lines[0].split("\t")]
    rows = [dict(zip(header, [cell or None for cell in line.split("\t")], strict=False)) for line in lines[1:]]
    report = next(report for report, column in TELLTALE.items() if column in header)
    named = re.search(r"(20\d\d)-(\d\d)-(\d\d)", path.name)
    moment = datetime(int(named[1]), int(named[2]), int(named[3]), tzinfo=UTC) if named else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return File(report, header, rows, moment, bool(named))


def places(arguments: list[str]) -> list[Place]:
    found: dict[str | None, Place] = {}
    for argument in arguments:
        place, equals, path = argument.rpartition("=")
        file = read(Path(path))
        found.setdefault(place if equals else None, Place(place if equals else None)).files.setdefault(file.report, []).append(file)
    return [found[place] for place in sorted(found, key=lambda place: place or "")]


# -- facts ------------------------------------------------------------------------------------------


def sightings(place: Place, notes: Row, today: date) -> Iterator[Row]:
    """One dict for each SKU that Amazon lists, or that has units and no offer."""
    stock = {sku: max(rows, key=lambda row: count(row["afn-total-quantity"]) or -1) for sku, rows in place.by_sku("fba-inventory").items()}
    listings = {sku: max(rows, key=lambda row: (_channel(row) == "fba", code("listing_status", row["status"]) == "active")) for sku, rows in place.by_sku("listings-all").items()}
    for sku, rows in place.by_sku("stranded").items():
        yield _filled(place, _listed(rows[0]) | _of_stock(stock.get(sku)) | _of_listing(place, listings.get(sku), today), notes, today)
    for sku, row in stock.items():
        facts = {"sku": sku, "stranded_listed": False} | _of_stock(row) | _of_listing(place, listings.get(sku), today)
        if sku in place.by_sku("stranded") or not facts["stock_units_fulfillable"] or artefact(sku):
            continue
        if facts["stock_fba_listing"] is False or facts.get("listing_exists") is False or facts.get("listing_status") in ("inactive", "incomplete") or facts.get("listing_channel") == "merchant":
            facts |= {"units_fulfillable": facts["stock_units_fulfillable"], "units_reserved": facts["stock_units_reserved"], "price_shown": facts.get("listing_price"), "fnsku": row["fnsku"]}
            yield _filled(place, facts, notes, today)


def _channel(row: Row) -> str | None:
    return code("listing_channel", row["fulfillment-channel"])


def artefact(sku: str) -> bool:
    return bool(re.match(r"(FBA.*missing\d*|amzn\.gr\..*)$", sku))


@cache
def symptom_of(said: str | None) -> tuple[str | None, Row]:
    """Our name for Amazon's reason, and the page on which its spelling stands."""
    for cause in CAUSES:
        for name, spellings in {cause["name"]: cause["said_as"], **cause.get("also_said", {})}.items():
            if said and key(said) in map(key, spellings):
                return name, cause
    return None, {}


@cache
def recommended_of(said: str | None) -> str | None:
    return next((remedy["name"] for remedy in REMEDIES.values() if said and key(said) in map(key, remedy["recommended_as"])), None)


def _listed(row: Row) -> Row:
    said = None if blank(row.get("stranded-reason")) else row["stranded-reason"]
    name, page = symptom_of(said)
    second = row.get("status-secondary")
    return {
        "sku": row["sku"], "stranded_listed": True, "fnsku": row["fnsku"], "said": said, "symptom": name, "symptom_kind": page.get("kind"), "symptom_clock": page.get("clock"),
        "recommended_said": row["primary-action"], "recommended": recommended_of(row["primary-action"]),
        "status_secondary_code": second and (code("status_secondary", second) or key(second)), "stranded_on": day(row["date-stranded"]),
        "removal_date_given": day(row.get("date-to-take-auto-removal")), "error_message": row.get("error-message") or None,
        "units_fulfillable": count(row["fulfillable-qty"]), "units_reserved": count(row["reserved-quantity"]), "price_shown": price(row["your-price"]),
    }  # fmt: skip


def _of_stock(row: Row | None) -> Row:
    if row is None:
        return {}
    return {
        "stock_fba_listing": flag(row["afn-listing-exists"]), "stock_merchant_listing": flag(row["mfn-listing-exists"]), "stock_units_fulfillable": count(row["afn-fulfillable-quantity"]),
        "stock_units_reserved": count(row["afn-reserved-quantity"]), "stock_units_total": count(row["afn-total-quantity"]),
    }  # fmt: skip


def _of_listing(place: Place, row: Row | None, today: date) -> Row:
    if "listings-all" not in place.files:
        return {}
    whole = all(file.rows for file in place.files["listings-all"]) and not stale(place, "listings-all", today)
    if row is None:
        return {"listings_read": whole, "listing_exists": False if whole else None}
    starts = day(row["open-date"])
    return {
        "listings_read": whole, "listing_exists": True, "listing_status": code("listing_status", row["status"]), "listing_channel": _channel(row), "listing_quantity": count(row.get("quantity")),
        "listing_price": price(row["price"]), "opens_in_days": (starts - today).days if starts and starts > today else None,
    }  # fmt: skip


def _filled(place: Place, facts: Row, notes: Row, today: date) -> Row:
    sku = facts["sku"]
    row: Row = dict.fromkeys([*(column.name for column in COLUMNS), "symptom_clock"]) | facts
    row |= {"marketplace": place.code, "today": today, "sku_artefact": artefact(sku), "sku_found": sku.startswith("Amazon.Found."), "return_rate_limit": LIMITS["returns"]["rate_limit"]}
    row["stranded_read"] = bool(place.rows("stranded")) and all(file.rows for file in place.files["stranded"])
    row["stranded_days"] = (today - row["stranded_on"]).days if row["stranded_on"] else None
    for bounds in place.by_sku("stranded-loader").get(sku, [])[:1]:
        row |= {"bound_min": price(bounds["minimum-seller-allowed-price"]), "bound_max": price(bounds["maximum-seller-allowed-price"])}
    for issue in place.by_sku("listings-suppressed").get(sku, [])[:1]:
        row |= {"issue_said": issue["reason"], "issue_category": code("issue_category", issue["reason"])}
    for plan in place.by_sku("planning").get(sku, [])[:1]:
        row["units_shipped_90_days"] = count(plan["units-shipped-t90"])
    if orders := place.by_sku("removal-orders").get(sku):
        row["units_in_removal"] = sum(count(order["in-process-quantity"]) or 0 for order in orders)
    if back := place.by_sku("returns").get(sku):
        recent = [count(unit["quantity"]) or 0 for unit in back if 0 <= (today - (day(unit["return-date"]) or today)).days <= LIMITS["returns"]["window_days"]]
        row |= {"units_returned": sum(count(unit["quantity"]) or 0 for unit in back), "units_returned_90_days": sum(recent)}
        row["return_rate"] = sum(recent) / row["units_shipped_90_days"] if row["units_shipped_90_days"] else None
    return row | _entered(sku, notes, today)


def _entered(sku: str, notes: Row, today: date) -> Row:
    """What the seller entered about this SKU; a kept register makes silence a no."""
    mine = {name: [entry for entry in entries if entry["sku"] == sku] for name, entries in notes.items() if isinstance(entries, list)}
    last = {name: entries[-1] for name, entries in mine.items() if entries}
    until = (last["holds"]["until"] - today).days if "holds" in last else 0
    return {
        "entered_expiry_on": last.get("expires", {}).get("on"), "documents_on_file": len(mine.get("documents", [])) or (0 if notes.get("documents_kept") else None),
        "closed_by_seller": "closed" in last or (False if notes.get("closings_kept") else None), "held_days": until if until > 0 else None, "opted_out": "opted_out" in last or None,
        "removal_notice_on": last.get("removal_notices", {}).get("on"), "restriction_code": last.get("restrictions", {}).get("code"),
        "restriction_names_brand": "brand" in last["restrictions"] if "restrictions" in last else None,
    }  # fmt: skip


# -- conclusions ------------------------------------------------------------------------------------


def true(row: Row, predicates: list[str]) -> list[bool]:
    """Which predicates hold for the row; SQLite decides, and null is no."""
    if not predicates:
        return []
    named = [column.name for column in COLUMNS]
    question = f"SELECT {', '.join(f'({predicate})' for predicate in predicates)} FROM (SELECT {', '.join(f'? AS {name}' for name in named)})"
    values = [float(value) if isinstance(value := row[name], Decimal) else value.isoformat() if isinstance(value, date) else value for name in named]
    (answer,) = SQLITE.execute(question, values)
    return [bool(value) for value in answer]


SQLITE = sqlite3.connect(":memory:")


def cause_of(row: Row) -> Row:
    """The page of the highest precedence that is true."""
    asked = [cause for cause in CAUSES if cause.get("when")]
    fires = [cause for cause, holds in zip(asked, true(row, [cause["when"] for cause in asked]), strict=True) if holds]
    fires += [cause for cause in CAUSES if not cause.get("when") and cause["name"] == row["symptom"]]
    fires += [cause for cause in CAUSES if cause["name"] == "unexplained"]
    return max(fires, key=lambda cause: cause["precedence"])


def remedy_of(row: Row, cause: Row) -> str:
    preferred = [name for name, predicate in cause.get("prefer", {}).items() if true(row, [predicate])[0]]
    return str((preferred or cause["remedies"])[-1 if preferred else 0])


def safety_of(row: Row, remedy: str) -> str:
    own: str = REMEDIES[remedy]["safety"]
    another = not blank(row["recommended_said"]) and row["recommended"] != remedy
    unmet = "safe_when" in REMEDIES[remedy] and not true(row, [REMEDIES[remedy]["safe_when"]])[0]
    return "consent" if own == "safe" and (another or unmet or row["standing"] != "confirmed") else own


def standing_of(row: Row, place: Place, today: date) -> str:
    if not row["stranded_listed"] and (not row["stranded_read"] or stale(place, "fba-inventory", today)):
        return "unknown"
    if stale(place, "stranded", today):
        return "unknown"
    if not row["stranded_listed"]:
        return "suspected"
    if newer(place, "fba-inventory") and row["stock_units_total"] == 0:
        return "clearing"
    if newer(place, "listings-all") and row["listing_status"] == "active" and row["listing_channel"] == "fba":
        return "conflicting"
    return "confirmed"


def stale(place: Place, report: str, today: date) -> bool:
    files = place.files.get(report, [])
    days = [file.moment.date() for file in files if file.dated]
    return bool(files) and len(days) == len(files) and (today - max(days)).days * 24 > LIMITS["standing"]["report_hours"]


def newer(place: Place, report: str) -> bool:
    if report not in place.files or "stranded" not in place.files:
        return False
    theirs, ours = (max(place.files[name], key=lambda file: file.moment) for name in (report, "stranded"))
    if theirs.dated or ours.dated:
        return (theirs.moment.date() - ours.moment.date()).days > 1
    return theirs.moment - ours.moment > timedelta(hours=24)


def deadline_of(row: Row, cause: Row, notes: Row, today: date, *, column: bool) -> tuple[date | None, str | None, date | None]:
    if row["removal_date_given"]:
        return row["removal_date_given"], "report", None
    if row["removal_notice_on"]:
        return row["removal_notice_on"] + timedelta(days=30), "notice", None
    ours = "exempt" if row["opens_in_days"] and row["remedy"] == "hold" else None
    clock = ours or row["symptom_clock"] or (cause.get("clock") if row["remedy"] != "hold" else None) or "unlisted"
    if clock == "exempt" or row["stranded_on"] is None:
        return None, None, None
    days: int = CLOCKS[clock]["days"]
    faster = notes.get("settings", {}).get("removal_days")
    if faster is not None and faster <= days:
        return row["stranded_on"] + timedelta(days=faster), "settings", None
    latest: date = row["stranded_on"] + timedelta(days=days)
    if column:
        return max(latest, today + timedelta(days=30)), "clock", None
    return row["stranded_on"] + timedelta(days=min(days, 30)), "assumed", latest if days > 30 else None


def worth_of(row: Row) -> Decimal | None:
    if row["price_shown"] is None or row["units"] is None or row["symptom_kind"] == "price" or row["recommended"] == "set-price":
        return None
    return Decimal(row["price_shown"] * row["units"])


def order_of(row: Row) -> tuple[Any, ...]:
    left = row["days_left"]
    bucket = 5 if left is None else 0 if left < 0 else 1 if left <= 7 else 2 if left <= 14 else 3 if left <= 30 else 4
    due, worth, units = row["removal_due_on"], row["worth"], row["units"]
    return (bucket, due or date.max, row["currency"] is None, row["currency"] or "", worth is None, -(worth or 0), units is None, -(units or 0), row["sku"])


def triage(arguments: list[str], notes: Row, today: date) -> list[Row]:
    """Every stranding with what was concluded, the most urgent first."""
    found = []
    for place in places(arguments):
        column = any("date-to-take-auto-removal" in file.header for file in place.files.get("stranded", []))
        for row in sightings(place, notes, today):
            cause = cause_of(row)
            row |= {"cause": cause["name"], "remedy": remedy_of(row, cause), "standing": standing_of(row, place, today), "currency": PLACES[place.code]["currency"] if place.code else None}
            row["safety"] = safety_of(row, row["remedy"])
            row["units"] = None if row["units_fulfillable"] is None else row["units_fulfillable"] + (row["units_reserved"] or 0)
            row["worth"] = worth_of(row)
            row["removal_due_on"], row["removal_due_from"], row["removal_due_latest_on"] = deadline_of(row, cause, notes, today, column=column)
            row["days_left"] = (row["removal_due_on"] - today).days if row["removal_due_on"] else None
            found.append(row)
    return sorted(found, key=order_of)
