"""The Bulk Fix file, from a triage: ready to be looked through and uploaded in Seller Central.

Every row keeps the units Amazon-fulfilled: the channel is written, the quantity never.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from refloat.app.triage import Triage
from refloat.errors import WrongUse
from refloat.knowledge import loader as knowledge
from refloat.knowledge.tables import marketplaces, table
from refloat.model.cure import Guard, Wishes
from refloat.model.finding import amount_text
from refloat.model.money import Money
from refloat.reports import encoding
from refloat.reports.careful import bare
from refloat.reports.loader import columns
from refloat.reports.loader_cells import SPOILT_BY_EXCEL

Row = Mapping[str, Any]
#: Standings in which nothing is to be mended, or nobody knows.
_UNSURE = ("clearing", "conflicting", "unknown")
#: No letters: they would end the cell, the row, or the file.
_BREAKING = ("Cc", "Cs", "Zl", "Zp")
_NO_BOUNDS: tuple[Decimal | None, Decimal | None] = (None, None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A stranding that is not in the file, and why."""

    sku: str
    why: Guard


@dataclass
class Bulk:
    """The file's rows by Amazon's columns, what was left out, and what a person must still do."""

    marketplace: str
    rows: list[dict[str, str]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    #: SKUs whose price or condition is not known, so that the cell is empty; and those whose listing is made anew.
    unpriced: list[str] = field(default_factory=list)
    without_condition: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        names = columns()
        return "".join("\t".join(cells) + "\n" for cells in (names, *([row.get(name, "") for name in names] for row in self.rows)))

    @property
    def content(self) -> bytes:
        """The file: in the charset of Amazon's own templates where that can be told again by reading, else in UTF-8."""
        text = self.text
        codec = "cp932" if self.marketplace == "JP" else "cp1252"
        try:
            written = text.encode(codec)
        except UnicodeEncodeError:
            return text.encode()
        return written if encoding.as_utf8(written, encoding.detected(written)) == text.encode() else text.encode()


def bulk_of(triage: Triage, wishes: Wishes, skus: Sequence[str] = ()) -> Bulk:
    """The shown strandings that the file can mend; of ``skus`` only, where any are named.

    Raises:
        WrongUse: they are of several marketplaces, or of one that nobody named.
    """
    shown = triage.shown.filter(pl.col("sku").is_in(list(skus))) if skus else triage.shown
    bulk = Bulk(_only_place(triage, shown))
    for row in shown.iter_rows(named=True):
        guard = _against(row) or _add(bulk, row, wishes.of(row["marketplace"] or ""))
        if guard is not None:
            bulk.left_out.append(LeftOut(row["sku"], guard))
    return bulk


def _only_place(triage: Triage, shown: pl.DataFrame) -> str:
    """The one marketplace of the rows: an upload in Seller Central is for one."""
    places = sorted(shown["marketplace"].fill_null("").unique()) or [triage.question.marketplace or ""]
    if len(places) > 1:
        raise WrongUse(
            "There are strandings in several marketplaces: {names}.",
            why="An upload in Seller Central is for one marketplace, and so is the file.",
            todo="Choose one, for example --marketplace {first}.",
            names=", ".join(place or "?" for place in places),
            first=next(place for place in places if place),
        )
    if not places[0] and shown.height:
        raise WrongUse(
            "It is not known of which marketplace the files are.",
            why="The file names Amazon's fulfilment channel, which differs from marketplace to marketplace; without it the offers would become merchant-fulfilled.",
            todo="Name it, for example --marketplace DE.",
        )
    return str(places[0])


def _against(row: Row) -> Guard | None:
    """What stands against mending it by a file at all."""
    if row["standing"] in _UNSURE:
        return Guard("not-confirmed", {"standing": row["standing"]})
    if row["remedy"] not in knowledge.remedies():
        return Guard("not-by-file", {"remedy": row["remedy"]})
    if row["held_days"]:
        return Guard("held", {"until": str(row["today"] + timedelta(days=row["held_days"]))})
    if row["opted_out"]:
        return Guard("opted-out")
    if row["closed_by_seller"]:
        return Guard("closed-on-purpose")
    if row["opens_in_days"]:
        return Guard("future-start", {"on": str(row["offer_starts_on"])})
    if row["restriction_code"]:
        return Guard("restricted", {"code": row["restriction_code"]})
    if row["units_in_removal"]:
        return Guard("units-in-removal", {"units": str(row["units_in_removal"])})
    if row["dangerous_goods_open"]:
        return Guard("dangerous-goods-unknown")
    return next((Guard("unfit-for-file", {"column": name, "value": _shown(row[name])}) for name in ("sku", "asin") if row[name] is not None and not _survives(row[name])), None)


def _survives(text: str) -> bool:
    """Would the text come out of a file of tabs as it went in?"""
    if SPOILT_BY_EXCEL.fullmatch(text):
        return False
    return bool(text) and text == text.strip() and bare(text) == text and not any(unicodedata.category(letter) in _BREAKING for letter in text)


def _shown(text: str) -> str:
    return text.encode("unicode_escape").decode() if any(unicodedata.category(letter) in _BREAKING for letter in text) else text


def _add(bulk: Bulk, row: Row, wishes: Wishes) -> Guard | None:
    """Write the row, or say what is missing that nobody may guess."""
    sku, remedy = row["sku"], row["remedy"]
    price = _price(row, wishes)
    if isinstance(price, Guard) and (remedy == "set-price" or price.name == "price-outside-bounds"):
        return price
    if remedy == "create-listing" and not row["asin"]:
        return Guard("asin-unknown")
    condition = knowledge.condition_number(row["condition"])
    least, most = (_written(amount, bulk.marketplace) for amount in wishes.bounds.get(sku, _NO_BOUNDS))
    known = {"product-id": row["asin"], "product-id-type": table("loader")["asin"]} if row["asin"] else {}
    bulk.rows.append({
        "sku": sku, **known, "price": "" if isinstance(price, Guard) else _written(price, bulk.marketplace), "minimum-seller-allowed-price": least, "maximum-seller-allowed-price": most,
        "item-condition": condition or "", "add-delete": table("loader")["update"], "fulfillment-center-id": knowledge.channel_of(bulk.marketplace) or "",
    })  # fmt: skip
    bulk.unpriced += [sku] if isinstance(price, Guard) else []
    bulk.without_condition += [] if condition else [sku]
    bulk.created += [sku] if remedy == "create-listing" else []
    return None


def _written(amount: Decimal | None, marketplace: str) -> str:
    """With a point, in the currency's digits, without thousands: as Amazon's template wants it."""
    return "" if amount is None else format(Money(amount, marketplaces()[marketplace].currency).rounded(), "f")


def _price(row: Row, wishes: Wishes) -> Decimal | Guard:
    """The price that was wished, else the listing's own where nothing speaks against it; or why there is none."""
    wished = wishes.prices.get(row["sku"])
    # A bound that nobody writes stays as it is at Amazon.
    least, most = (own if wish is None else wish for wish, own in zip(wishes.bounds.get(row["sku"], _NO_BOUNDS), (row["bound_min"], row["bound_max"]), strict=True))
    price = wished if wished is not None else _own_price(row)
    currency = marketplaces()[row["marketplace"]].currency
    if price is None or price <= 0 or price != Money(price, currency).rounded():
        return Guard("price-unknown", {"sku": row["sku"], "marketplace": row["marketplace"] or "…"})
    if wished is None and _flagged(row):
        return Guard("price-error", {"price": amount_text(price)})
    if (least is not None and price < least) or (most is not None and price > most):
        return Guard("price-outside-bounds", {"price": amount_text(price), "least": _bound(least), "most": _bound(most)})
    return price


def _own_price(row: Row) -> Decimal | None:
    price: Decimal | None = row["listing_price"] if row["listing_price"] is not None else row["price_shown"]
    return price


def _flagged(row: Row) -> bool:
    """Amazon itself doubts the price."""
    return bool(row["symptom_kind"] == "price" or row["issue_category"] == "INVALID_PRICE")


def _bound(amount: Decimal | None) -> str:
    return "…" if amount is None else amount_text(amount)


def kinds_left_out(bulk: Bulk) -> Iterator[tuple[Guard, list[str]]]:
    """Every reason for which something was left out, once, with its SKUs in order of urgency."""
    grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for one in bulk.left_out:
        grouped.setdefault((one.why.name, tuple(one.why.facts.items())), []).append(one.sku)
    yield from ((Guard(name, dict(facts)), skus) for (name, facts), skus in grouped.items())
