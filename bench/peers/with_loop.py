"""The same work as a plain Python loop: split the lines, look up in dictionaries, sort tuples.

python bench/peers/with_loop.py STRANDED LISTINGS STOCK AS_OF
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import rules

_NO_DATE = date.max
Listing = tuple[str, str, int, int, date]


def rows_of(path: str) -> Iterator[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="\n") as file:
        header = file.readline().rstrip("\n").split("\t")
        for line in file:
            yield dict(zip(header, line.rstrip("\n").split("\t"), strict=True))


@cache
def day_of(text: str) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


@cache
def reason_of(said: str) -> tuple[str | None, str | None]:
    symptom = rules.symptom_of(said)
    return symptom, rules.kind_of(symptom)


def cents_of(text: str) -> int:
    """Cents; 0 where there is no price."""
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int((rest + "00")[:2]) if text else 0


def listings_of(path: str) -> dict[str, Listing]:
    found = {}
    for row in rows_of(path):
        found[row["seller-sku"]] = (row["status"], row["fulfillment-channel"], int(row["quantity"] or 0), cents_of(row["price"]), day_of(row["open-date"]) or date.min)
    return found


def cause_of(sku: str, said: str, status: str, units: int, listing: Listing | None, today: date) -> tuple[str, str | None, str | None]:
    """The cause by precedence, the symptom and its kind."""
    symptom, kind = reason_of(said)
    if rules.ARTEFACT.match(sku):
        return "artefact-sku", symptom, kind
    if rules.blocked(status) and (not said or kind in rules.OPEN_KINDS):
        return "asin-restricted", symptom, kind
    if symptom == "future-listing-sell-date" or (listing and listing[4] > today and (not said or kind in rules.FUTURE_KINDS)):
        return "future-listing-sell-date", symptom, kind
    if listing is None and rules.FOUND.match(sku) and (not said or kind in rules.OPEN_KINDS):
        return "found-without-listing", symptom, kind
    if listing is None and (not said or symptom in rules.GONE):
        return "listing-gone", symptom, kind
    if listing and listing[1] == "DEFAULT" and listing[2] > 0 and units > 0 and (not said or kind in rules.UPLOAD_KINDS or symptom == "merchant-fulfilled"):
        return "converted-by-upload", symptom, kind
    return rules.cause_by_reason(symptom), symptom, kind


def suspected(stock: dict[str, str], listing: Listing | None) -> bool:
    """Units in stock that nobody can buy, though the stranded report is silent."""
    if int(stock["afn-fulfillable-quantity"]) <= 0 or rules.ARTEFACT.match(stock["sku"]):
        return False
    return listing is None or listing[0] != "Active" or listing[1] == "DEFAULT" or stock["afn-listing-exists"] == "No"


def main() -> None:
    (stranded_file, listings_file, stock_file), today, noticed = rules.asked()
    listings = listings_of(listings_file)
    result, seen, causes = [], set(), Counter[str]()
    for row in rows_of(stranded_file):
        sku = row["sku"]
        seen.add(sku)
        units = int(row["fulfillable-qty"])
        cause, symptom, kind = cause_of(sku, row["stranded-reason"], row["status-secondary"], units, listings.get(sku), today)
        causes[cause] += 1
        due = day_of(row["Date-to-take-auto-removal"])
        if due is None and (clock := rules.clock_of(symptom, cause)) != rules.EXEMPT:
            since = day_of(row["date-stranded"])
            due = max(since + timedelta(days=clock), noticed) if since else None
        units += int(row["reserved-quantity"])
        price = cents_of(row["your-price"])
        worth = None if not price or kind == "price" else price * units
        result.append((rules.bucket_of((due - today).days if due else None), due or _NO_DATE, worth is None, -(worth or 0), -units, sku, row["fnsku"]))
    for row in rows_of(stock_file):
        sku = row["sku"]
        listing = listings.get(sku)
        if sku not in seen and suspected(row, listing):
            units = int(row["afn-fulfillable-quantity"])
            cause, _, _ = cause_of(sku, "", "", units, listing, today)
            causes[cause] += 1
            units += int(row["afn-reserved-quantity"])
            price = listing[3] if listing else 0
            result.append((rules.bucket_of(None), _NO_DATE, not price, -price * units, -units, sku, row["fnsku"]))
    result.sort()
    rules.tell(len(result), causes, worth_of(result), sum(row[0] <= 1 for row in result), [row[5] for row in result[:50]])


def worth_of(result: list[tuple[int, date, bool, int, int, str, str]]) -> int:
    """All worth in cents; units behind one label count once, where most of them are seen, if possible with a worth."""
    best: dict[str, tuple[int, bool, str, int]] = {}
    for _, _, unknown, worth, units, sku, fnsku in result:
        if fnsku not in best or (units, unknown, sku) < best[fnsku][:3]:
            best[fnsku] = (units, unknown, sku, worth)
    return -sum(worth for _, _, _, worth in best.values())


if __name__ == "__main__":
    main()
