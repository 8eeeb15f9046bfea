"""From a row of the diagnosed frame to a finding: the sentence that says why, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from refloat.knowledge import predicates
from refloat.knowledge.catalogue import Catalogue, Cause, translated
from refloat.knowledge.tables import marketplaces
from refloat.model.finding import Automatic, Evidence, Finding, amount_text
from refloat.model.money import Money
from refloat.model.sighting import BY_NAME, LIVE

Row = Mapping[str, Any]
_UNKNOWN = {"en": "unknown", "zh-Hans": "未知"}
_SLICE = 10_000
_STANDING_EVIDENCE = {
    "suspected": ("stock_units_fulfillable", "listing_status", "listing_exists", "listing_channel", "stock_fba_listing"),
    "unknown": ("stock_units_fulfillable", "listing_status", "listing_exists", "listing_channel", "stock_fba_listing"),
    "conflicting": ("listing_status", "listing_channel"),
    "clearing": ("stock_units_total",),
}
#: What a page asks about as our code, and where it stands in Amazon's own words.
_AS_SEEN = {"status_secondary_code": "status_secondary", "issue_category": "issue_said", "recommended": "recommended_said"}
#: Where the stranded report is silent, these facts come from the other reports.
_IN_STOCK = {"units_fulfillable": "stock_units_fulfillable", "units_unfulfillable": "stock_units_unsellable", "units_reserved": "stock_units_reserved", "price_shown": "listing_price"}
#: A count of days that we work out → the day that stands in the source.
_DAY_BEHIND = {"opens_in_days": "offer_starts_on", "stranded_days": "stranded_on", "offer_ended_days": "live_ends_on"}


def findings(frame: pl.DataFrame, catalogue: Catalogue, language: str = "en") -> Iterator[Finding]:
    """Every row of the frame as a finding, a slice at a time, so that a million rows need little memory."""
    for part in frame.iter_slices(_SLICE):
        for row in part.iter_rows(named=True):
            yield finding(row, catalogue, language)


def finding(row: Row, catalogue: Catalogue, language: str = "en") -> Finding:
    """One row as a finding."""
    cause = catalogue.causes[row["cause"]]
    place = marketplaces().get(row["marketplace"] or "")
    currency = row["price_currency"]
    return Finding(
        **{name: row[name] for name in _COPIED},
        marketplace_id=place.id if place else None,
        price_amount=row["price_shown"],
        age_days=row["stranded_days"],
        why=why(row, cause, language),
        evidence=tuple(evidence(row, cause)),
        mode=cause.edit_mode if row["remedy"] == "edit-listing" else None,
        then=tuple(name for name in cause.remedies if name != row["remedy"]),
        after=cause.after,
        amazon_will=tuple(amazon_will(row)),
        worth=_money(row["worth_amount"], currency),
        cost_per_day=_money(row["cost_per_day"], row["cost_currency"]),
        cost_so_far=_money(row["cost_so_far"], row["cost_currency"]),
        aged_surcharge=_money(row["aged_surcharge"], row["aged_surcharge_currency"]),
        removal_cost=_money(row["removal_cost"], row["removal_cost_currency"]),
    )


_COPIED = (
    "account", "marketplace", "sku", "asin", "fnsku", "title", "condition",
    "units_fulfillable", "units_unfulfillable", "units_reserved", "units_inbound", "price_currency", "stranded_on",
    "said", "symptom", "recommended_said", "recommended", "status_primary", "status_secondary", "error_message", "program",
    "cause", "standing", "remedy", "safety", "removal_due_on", "removal_due_from", "removal_due_latest_on", "days_left", "pool", "counted",
)  # fmt: skip


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency)


def why(row: Row, cause: Cause, language: str = "en") -> str:
    """The page's own sentence with this row's values in it; what is not known is called unknown."""
    template = _why_template(cause, language)
    shown = _Shown(row, _UNKNOWN.get(language, "unknown"))
    return template.format_map(shown)


_templates: dict[tuple[Path, str], str] = {}


def _why_template(cause: Cause, language: str) -> str:
    """The page's sentence in the reader's language; each page is read once."""
    key = (cause.page.path, language)
    if key not in _templates:
        _templates[key] = str(translated(cause.page, language).front.get("why") or cause.why)
    return _templates[key]


class _Shown(dict[str, str]):
    """A row's values as a person reads them."""

    def __init__(self, row: Row, unknown: str) -> None:
        super().__init__()
        self.row, self.unknown = row, unknown

    def __missing__(self, name: str) -> str:
        if name == "units":
            return _text(self.row["units_stranded"], self.unknown)
        return _text(self.row.get(name), self.unknown)


def _text(value: Any, unknown: str) -> str:
    if value is None or value == "":
        return unknown
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def evidence(row: Row, cause: Cause) -> Iterator[Evidence]:
    """Where the conclusion stands in the sources: Amazon's reason, then every column that the page asks.

    Where no cell says anything more, it is the row itself that Amazon lists.
    """
    asked = predicates.columns_of(cause.when) if cause.when and not cause.is_reason else ()
    seen = _AS_SEEN if row["stranded_listed"] or row["listed_earlier"] else _AS_SEEN | _IN_STOCK
    names = dict.fromkeys(seen.get(name, name) for name in ("said", *asked, *_STANDING_EVIDENCE.get(row["standing"], ())))
    found = [piece for name in names if (piece := _piece(row, name))]
    yield from found or [Evidence("stranded" if seen is _AS_SEEN else "fba-inventory", "sku", row["sku"])]


def _piece(row: Row, name: str) -> Evidence | None:
    name = name if (live := LIVE.get(name)) is None or row[live] is None else live
    column = BY_NAME[name]
    if not column.field or row[name] is None or name.startswith("symptom"):
        return None
    return Evidence(column.report, column.field, _as_in_the_source(row, name))


def _as_in_the_source(row: Row, name: str) -> str:
    """The cell as it stands there: a day and not our count of days, Yes and not True."""
    value = row[name]
    if name in ("listing_exists", "live_exists"):
        return "present" if value else "absent"
    if name == "held_days":
        return str(row["today"] + timedelta(days=value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return _text(row[_DAY_BEHIND.get(name, name)], "")


def amazon_will(row: Row) -> Iterator[Automatic]:
    """What Amazon's own automation does with this row, and when, as far as the settings tell."""
    if row["amazon_relists"]:
        yield Automatic("relist", row["amazon_relist_on"])
    if row["amazon_changes"]:
        yield Automatic("change-to-fba", row["amazon_change_on"])
    if row["removal_due_on"] is not None:
        yield Automatic("remove", row["removal_due_on"], row["removal_due_from"] in ("settings", "clock", "assumed"))
