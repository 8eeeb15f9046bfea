"""Amazon's files about the made-up account, each with Amazon's own header and the quirks of its time."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from demo_account import headers
from demo_account.cases import CHINESE
from demo_account.strandings import Account, Stranding

Cells = Sequence[object]

CURRENCY = {"US": "USD", "DE": "EUR"}


def table(header: Sequence[str], rows: Iterable[Cells], *, encoding: str = "utf-8", end: str = "\n") -> bytes:
    """The bytes of a tab-separated file; None becomes an empty cell."""
    lines = ["\t".join(header), *("\t".join("" if cell is None else str(cell) for cell in row) for row in rows)]
    return (end.join(lines) + end).encode(encoding)


def packed(content: bytes) -> bytes:
    """Gzip without a name or a time in it, so that the same content gives the same bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as file:
        file.write(content)
    return out.getvalue()


def stranded(account: Account, place: str) -> bytes:
    """Nineteen columns in the United States; in Germany eighteen, in Chinese, with CRLF."""
    header, rows = headers.STRANDED, [list(_stranded_row(row)) for row in account.of(place)[0]]
    if place == "US":
        return table(header, rows)
    chinese = [[CHINESE.get(str(cell), cell) for cell in row[:-1]] for row in rows]
    return table(header[:-1], chinese, end="\r\n")


def _stranded_row(row: Stranding) -> Iterator[object]:
    good = row.good
    removal = f"{row.removal_on}T00:00:00Z" if row.removal_on else ""
    price = row.price_text or row.price or ""
    yield from (row.action, row.stranded_on, removal, row.status_primary, row.status_secondary, row.error, row.said, good.asin, good.sku, good.fnsku, good.title, "New")
    yield from ("AMAZON_NA" if good.place == "US" else "AMAZON_EU", row.units, price, row.unsellable, row.reserved, row.inbound, "FBA")


def listings(account: Account, place: str) -> bytes:
    """All listings: cp1252 in the United States, in a Chinese account with its own header in UTF-8."""
    here, rest = account.of(place)
    rows = sorted((row for row in (*here, *rest) if row.listed), key=lambda row: row.good.sku)
    if place == "US":
        return table(headers.LISTINGS, (_listing_row(row, number) for number, row in enumerate(rows)), encoding="cp1252")
    return table(headers.LISTINGS_ZH, (_chinese_listing_row(row) for row in rows), end="\r\n")


def _listing_row(row: Stranding, number: int) -> Cells:
    good, opens = row.good, f"{row.opens_on} 07:30:00 {'PDT' if row.opens_on and 3 < row.opens_on.month < 11 else 'PST'}"
    first = (good.title, f"Made up for the demo — {good.title}", f"0101DEMO{number:05d}", good.sku, row.price, row.listing_quantity, opens, "", "y", 1, "", "", 11, "", "", "")
    return (*first, good.asin, "", "", "", "", "", good.asin, "", "", "", row.channel, "Migrated Template" if row.merchant else "", row.listing_status)


def _chinese_listing_row(row: Stranding) -> Cells:
    good, status = row.good, {"Active": "在售", "Inactive": "不可售", "Incomplete": "不完整"}[row.listing_status]
    price = str(row.price).replace(".", ",") if row.price else ""
    opens = f"{row.opens_on:%d/%m/%Y} 09:15:00 {'MESZ' if row.opens_on and 3 < row.opens_on.month < 11 else 'MEZ'}"
    return (good.title, good.sku, price, row.listing_quantity, opens, 1, "", 11, "", "", good.asin, good.asin, row.channel, status)


def stock(account: Account, place: str) -> bytes:
    """Manage FBA inventory, with the columns that each region has besides the common ones."""
    here, rest = account.of(place)
    rows = sorted((*here, *rest), key=lambda row: row.good.sku)
    return table([*headers.STOCK, *headers.STOCK_LAST[place]], (_stock_row(row, place) for row in rows))


def _stock_row(row: Stranding, place: str) -> Cells:
    good, on_hand = row.good, row.units + row.unsellable + row.reserved
    yes_no = ("Yes", row.listing_quantity or 0, "No") if row.merchant else ("No", "", "Yes" if row.listed else "No")
    first = (good.sku, good.fnsku, good.asin, good.title, "New", row.price, *yes_no, on_hand, row.units, row.unsellable, row.reserved, on_hand + row.inbound)
    last = (0, row.units, "") if place == "US" else (row.units, 0, "")
    return (*first, good.volume, 0, row.inbound, 0, 0, 0, 0, *last)


def loader(account: Account, place: str) -> bytes:
    """The bulk-fix file: only rows that are relisted, created or changed to FBA, or whose price is to be mended."""
    rows = [row for row in account.of(place)[0] if row.bounds or row.action in ("Relist", "Create a new listing", "Change to Fulfilled by Amazon")]
    return table(headers.LOADER, (_loader_row(row) for row in rows))


def _loader_row(row: Stranding) -> Cells:
    low, high = row.bounds or ("", "")
    return (row.good.sku, row.good.asin, 1, row.price, low, high, 11, row.units, "a", "", "", "", "", "", "", "", "")


def suppressed(account: Account, place: str) -> bytes:
    here, rest = account.of(place)
    rows = [row for row in (*here, *rest) if row.issue]
    if place == "US":
        return table(("Status", "Reason", "SKU", "ASIN", "Product name", "Condition", "Status Change Date", "Issue Description"), (_issue_row(row, account.today) for row in rows))
    return table(("状态", "原因", "卖家 SKU", "ASIN", "商品名称", "状况", "状态更改日期", "问题描述"), (_chinese_issue_row(row, account.today) for row in rows))


def _issue_row(row: Stranding, today: date) -> Cells:
    said, _, text, _ = row.issue or ("", "", "", "")
    since = row.stranded_on or today - timedelta(days=6)
    return ("Suppressed", said, row.good.sku, row.good.asin, row.good.title, "New", f"{since:%b} {since.day}, {since.year}", text)


def _chinese_issue_row(row: Stranding, today: date) -> Cells:
    _, said, _, text = row.issue or ("", "", "", "")
    since = row.stranded_on or today - timedelta(days=6)
    return ("禁止显示", said, row.good.sku, row.good.asin, row.good.title, "新品", f"{since.year}年{since.month}月{since.day}日", text)


def returns(account: Account, place: str) -> bytes:
    here, rest = account.of(place)
    sent = [(day, row) for row in (*here, *rest) for day in (row.returned or ([account.today - timedelta(days=33)] if row.units % 7 == 3 else []))]
    sent.sort(key=lambda one: (one[0], one[1].good.sku))
    return table(headers.RETURNS, (_return_row(day, row, number) for number, (day, row) in enumerate(sent, 1)))


def _return_row(day: date, row: Stranding, number: int) -> Cells:
    good = row.good
    reason = ("NOT_AS_DESCRIBED", "DEFECTIVE", "UNWANTED_ITEM")[number % 3]
    first = (f"{day}T09:41:00+00:00", f"000-0000000-{number:07d}", good.sku, good.asin, good.fnsku, good.title, 1)
    return (*first, "XXX1", "SELLABLE" if reason == "UNWANTED_ITEM" else "CUSTOMER_DAMAGED", reason, "Unit returned to inventory", f"LPNDEMO{number:05d}", "")


def planning(account: Account, place: str) -> bytes:
    """Those that shipped something, and every second stranded SKU; Amazon's own cost only for some of them."""
    here, rest = account.of(place)
    rows = [row for number, row in enumerate(here) if row.returned or number % 2] + rest[::4]
    return table(headers.PLANNING, (_planning_row(row, number, account.today, place) for number, row in enumerate(rows)))


def _planning_row(row: Stranding, number: int, today: date, place: str) -> Cells:
    good, on_hand = row.good, row.units + row.unsellable + row.reserved
    volume, measure = (good.volume, "cubic feet") if place == "US" else (round(good.volume * 28316.8), "cubic centimeters")
    cost = f"{max(0.01, good.volume * on_hand * 2.40):.2f}" if number % 3 else ""
    old = number % 5 == 0
    surcharge = [f"{good.volume * row.units * rate:.2f}" if old and index < 3 else "" for index, rate in enumerate((0.5, 1.0, 1.5, 3.8, 4.0, 4.2, 6.9))]
    first = (today, good.sku, good.fnsku, good.asin, good.title, "New", row.units, 0, 0 if old else row.units, 0, row.units if old else 0, 0, CURRENCY[place])
    shipped = (row.shipped_90 // 13, row.shipped_90 // 3, row.shipped_90 * 2 // 3, row.shipped_90)
    return (*first, *shipped, "", row.price, volume, measure, "Oversize" if good.volume > 1.3 else "Standard-Size", round(good.volume * on_hand, 2), place, "", cost, *surcharge)


def removals(account: Account, place: str) -> bytes:
    """Removal orders: old ones with what they cost, and some that are still under way."""
    rows = [row for row in account.of(place)[0] if row.action == "Create removal order"][::2]
    return table(headers.REMOVALS, (_removal_row(row, number, account.today, place) for number, row in enumerate(rows, 1)))


def _removal_row(row: Stranding, number: int, today: date, place: str) -> Cells:
    done = number % 3 > 0
    asked = min(row.units, 4) if done else max(1, row.units // 2)
    day = today - timedelta(days=90 + number if done else 5 + number)
    first = (f"{day}T08:00:00+00:00", f"DEMO-REMOVAL-{number:03d}", "Return", "Standard", "Completed" if done else "Processing", f"{day + timedelta(days=3)}T08:00:00+00:00")
    fee = f"{asked * (0.84 if row.good.weight < 1 else 2.24):.2f}" if done else ""
    return (*first, row.good.sku, row.good.fnsku, "Sellable", asked, 0, 0, asked if done else 0, 0 if done else asked, fee, CURRENCY[place])


def storage_fees(account: Account, place: str) -> bytes:
    here, rest = account.of(place)
    rows = list({row.good.fnsku: row for row in (*here[::3], *rest[::6])}.values())
    return table(headers.STORAGE, (_storage_row(row, place) for row in rows))


def _storage_row(row: Stranding, place: str) -> Cells:
    good, on_hand = row.good, row.units + row.reserved
    tier = "Small oversize" if good.volume > 1.3 else "Large standard-size" if good.volume > 0.05 else "Small standard-size"
    weight, unit = (good.weight, "pounds") if place == "US" else (round(good.weight * 0.4536, 3), "kilograms")
    first = (good.asin, good.fnsku, good.title, "XXX1", place, 12, 8, 4, "inches", weight, unit, good.volume, "cubic feet", tier)
    return (*first, on_hand, 0, round(good.volume * on_hand, 3), "2026-10", 2.40, CURRENCY[place], f"{good.volume * on_hand * 2.40:.4f}")


def aged_fees(account: Account, place: str) -> bytes:
    """What Amazon charged last for units that lie too long."""
    rows = [row for row in account.of(place)[0] if row.units > 4 and row.stranded_on and (account.today - row.stranded_on).days > 40][:24]
    return table(headers.AGED, (_aged_row(row, place) for row in rows))


def _aged_row(row: Stranding, place: str) -> Cells:
    good, units = row.good, max(1, row.units // 2)
    first = ("2026-11-15", good.sku, good.fnsku, good.asin, good.title, "New", good.volume, CURRENCY[place], "cubic feet", place)
    return (*first, units, f"{good.volume * units * 1.5:.2f}", "211-240 days", 1.5)


def reserved(account: Account, place: str) -> bytes:
    here, rest = account.of(place)
    rows = sorted((row for row in (*here, *rest) if row.reserved), key=lambda row: row.good.sku)
    return table(headers.RESERVED, (_reserved_row(row) for row in rows))


def _reserved_row(row: Stranding) -> Cells:
    good, orders = row.good, row.reserved // 2
    return (good.sku, good.fnsku, good.asin, good.title, row.reserved, orders, row.reserved - orders, 0, "FBA")


def notes(account: Account) -> bytes:
    """What only the seller knows, as ``--notes`` reads it."""
    rows = sorted((*account.stranded, *account.suspected), key=lambda row: row.good.sku)
    lines = [
        "# What no report says and only the seller knows (refloat triage --notes notes.toml). All made up.",
        "documents_kept = true",
        "closings_kept = true",
        "",
        "[settings]",
        "automatic_relist_days = 30",
        "automatic_change_to_fba_days = 30",
    ]
    for row in rows:
        for name, fields in _noted(row):
            lines += ["", f"[[{name}]]", f"sku = {_quoted(row.good.sku)}", *(f"{key} = {value}" for key, value in fields.items())]
    return ("\n".join(lines) + "\n").encode()


def _noted(row: Stranding) -> Iterator[tuple[str, dict[str, object]]]:
    if row.expires:
        yield "expires", {"on": row.expires}
    if row.document:
        yield "documents", {"kind": _quoted(row.document)}
    if row.closed_on:
        yield "closed", {"on": row.closed_on}
    if row.hold:
        yield "holds", {"until": row.hold}
    if row.restriction:
        code, brand = row.restriction
        yield "restrictions", {"code": _quoted(code)} | ({"brand": _quoted(brand)} if brand else {})
    if row.noticed_on:
        yield "removal_notices", {"on": row.noticed_on}
    if row.opted_out:
        yield "opted_out", {}


def _quoted(text: str) -> str:
    return "'" + text + "'" if '"' in text else '"' + text + '"'
