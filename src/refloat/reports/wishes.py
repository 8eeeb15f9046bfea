"""The tables of the notes that say what the seller wants: prices, bounds, edits, days, goods, removals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, get_args

from refloat.knowledge.tables import marketplace_code, marketplaces
from refloat.model.cure import Disposition, Json, Wishes
from refloat.reports.entered import PRICE, Rows, as_written, named_twice, rows_of, unfit, wrong

Value = TypeVar("Value")

#: Table → the keys of a row.
ROWS: dict[str, Rows] = {
    "prices": Rows({"sku": str, "price": PRICE}, {"marketplace": str}, once=True),
    "bounds": Rows({"sku": str}, {"least": PRICE, "most": PRICE, "marketplace": str}, once=True),
    "edits": Rows({"sku": str, "attributes": dict}, once=True),
    "dates": Rows({"sku": str, "on": date}, once=True),
    "dangerous_goods": Rows({"sku": str, "attributes": dict}, once=True),
    "removals": Rows({"sku": str, "disposition": str}, once=True),
}
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
#: Our key of an address → Amazon's field, in the order of its removal form.
ADDRESS = {
    "name": "AddressName", "line1": "AddressFieldOne", "line2": "AddressFieldTwo", "line3": "AddressFieldThree", "city": "AddressCity",
    "country": "AddressCountryCode", "state": "AddressStateOrRegion", "postal_code": "AddressPostalCode", "phone": "ContactPhoneNumber",
}  # fmt: skip
ADDRESS_NEEDED = ("name", "line1", "city", "country", "postal_code")
#: A price has at most two decimals at Amazon: 1.499 would be a thousand written the German way.
_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_HIGHEST = 10**9
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EDIT = 'attributes.item_name = [{ value = "Blue mug" }]'
_GOODS = "attributes.batteries_required = false"


def wishes_of(path: Path, tables: Mapping[str, Any]) -> Wishes:
    """The wishes of a file that was read; ``path`` only names it.

    Raises:
        WrongUse: a row, key or value does not fit.
    """
    rows = {name: dict(enumerate(rows_of(path, name, known, tables.get(name, [])), 1)) for name, known in ROWS.items()}
    disposition, addresses = _removal(path, tables.get("removal", {}))
    prices = _by_place(path, "prices", rows["prices"], lambda number, row: _price(path, "prices", number, "price", row["price"]))
    bounds = _by_place(path, "bounds", rows["bounds"], lambda number, row: _bounds(path, number, row))
    return Wishes(
        prices=prices.pop("", {}),
        bounds=bounds.pop("", {}),
        prices_in=prices,
        bounds_in=bounds,
        edits={row["sku"]: _attributes(path, "edits", number, row["attributes"]) for number, row in rows["edits"].items()},
        dates={row["sku"]: row["on"] for row in rows["dates"].values()},
        goods={row["sku"]: _attributes(path, "dangerous_goods", number, row["attributes"]) for number, row in rows["dangerous_goods"].items()},
        dispositions={row["sku"]: _disposition(path, row["disposition"]) for row in rows["removals"].values()},
        disposition=disposition,
        addresses=addresses,
    )


def _by_place(path: Path, table: str, rows: Mapping[int, Mapping[str, Any]], value: Callable[[int, Mapping[str, Any]], Value]) -> dict[str, dict[str, Value]]:
    """Marketplace → SKU → value; under the empty name what counts everywhere."""
    found: dict[str, dict[str, Value]] = {}
    for number, row in rows.items():
        place = marketplace_code(row["marketplace"]) if "marketplace" in row else ""
        if place is None:
            raise unfit(path, table, number, "marketplace", row["marketplace"], 'marketplace = "DE"')
        if row["sku"] in found.setdefault(place, {}):
            raise named_twice(path, table, number, row["sku"])
        found[place][row["sku"]] = value(number, row)
    return found


def _price(path: Path, table: str, number: int, key: str, value: str | int | Decimal) -> Decimal:
    """The amount just as it is written."""
    if isinstance(value, str) and not _PRICE.fullmatch(value):
        raise unfit(path, table, number, key, value, f'{key} = "19.90"')
    amount = Decimal(value)
    if not amount.is_finite() or not 0 < amount <= _HIGHEST or amount != round(amount, 2):
        raise unfit(path, table, number, key, value, f'{key} = "19.90"')
    return amount


def _bounds(path: Path, number: int, row: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    least, most = (_price(path, "bounds", number, key, row[key]) if key in row else None for key in ("least", "most"))
    if least is None and most is None:
        raise wrong(path, "In the notes {file}, row {number} of {table} has neither {key} nor {other}.", "Write one of them, or both.", number=number, table="bounds", key="least", other="most")
    if least is not None and most is not None and least > most:
        raise unfit(path, "bounds", number, "least", row["least"], f"least = {as_written(row['most'])}")
    return least, most


def _attributes(path: Path, table: str, number: int, attributes: Mapping[str, Any]) -> dict[str, Json]:
    """Attribute → its array. Of dangerous goods a simple value becomes one; an edit is written as Amazon's JSON has it."""
    simple, written = table == "dangerous_goods", _GOODS if table == "dangerous_goods" else _EDIT
    if not attributes:
        raise unfit(path, table, number, "attributes", "", written)
    found: dict[str, Json] = {}
    for name, value in attributes.items():
        try:
            if not _ATTRIBUTE.fullmatch(name):
                raise ValueError(name)
            found[name] = _array(_json(value), simple=simple)
        except ValueError as error:
            raise unfit(path, table, number, f"attributes.{name}", value, written) from error
    return found


def _array(value: Json, *, simple: bool) -> list[Json]:
    """The array of objects that an attribute is at Amazon.

    Raises:
        ValueError: it is another thing, or empty.
    """
    parts = value if isinstance(value, list) else [value] if simple else []
    objects = [part if isinstance(part, dict) or not simple or isinstance(part, list) else {"value": part} for part in parts]
    if not objects or not all(isinstance(part, dict) and part for part in objects):
        raise ValueError("no array of objects")
    return objects


def _json(value: Any) -> Json:
    """A value of TOML as JSON has it.

    Raises:
        ValueError: JSON has no such value: dates are texts at Amazon, and infinity is no number.
    """
    if isinstance(value, dict):
        return {key: _json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_json(part) for part in value]
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("no number")
        return float(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    raise ValueError("not of JSON")


def _removal(path: Path, table: Any) -> tuple[Disposition | None, dict[str, dict[str, str]]]:
    """What is done with units that leave, and where returns go."""
    if not isinstance(table, dict):
        raise wrong(path, "In the notes {file}, removal is not a table.", 'Write [removal] and below it, for example, disposition = "Return".')
    if unknown := sorted(set(table) - {"disposition", "address"}):
        raise wrong(path, "In the notes {file}, {table} has an unknown key: {key}.", "Known are {names}.", table="removal", key=unknown[0], names="disposition, address")
    addresses = table.get("address", {})
    if not isinstance(addresses, dict) or not all(isinstance(one, dict) for one in addresses.values()):
        raise wrong(path, "In the notes {file}, removal.address is not a table for each marketplace.", "Write [removal.address.US] and below it a line each for {names}.", names=", ".join(ADDRESS))
    found: dict[str, dict[str, str]] = {}
    for place, address in addresses.items():
        code = marketplace_code(place)
        if code is None or code in found:
            raise wrong(path, "In the notes {file}, {place} is no marketplace, or stands there twice.", "Known are {names}.", place=place, names=", ".join(marketplaces()))
        found[code] = _address(path, place, address)
    return _disposition(path, table["disposition"]) if "disposition" in table else None, found


def _disposition(path: Path, said: object) -> Disposition:
    found = next((one for one in DISPOSITIONS if one == said), None)
    if found is None:
        raise wrong(path, "In the notes {file}, {value} is not what can be done with removed units.", "Amazon's words are {names}.", value=as_written(said), names=", ".join(DISPOSITIONS))
    return found


def _address(path: Path, place: str, address: Mapping[str, Any]) -> dict[str, str]:
    """The address by Amazon's field names, for a table of tabs: no line breaks, nothing blank."""
    where = f"removal.address.{place}"
    if unknown := sorted(set(address) - set(ADDRESS)):
        raise wrong(path, "In the notes {file}, {table} has an unknown key: {key}.", "Known are {names}.", table=where, key=unknown[0], names=", ".join(ADDRESS))
    if missing := [key for key in ADDRESS_NEEDED if key not in address]:
        raise wrong(path, "In the notes {file}, {table} has no {key}.", 'Write for example {key} = "…".', table=where, key=missing[0])
    for key, value in address.items():
        if not isinstance(value, str) or not value.strip() or not value.isprintable() or (key == "country" and not _COUNTRY.fullmatch(value)):
            written = 'country = "US"' if key == "country" else f'{key} = "…"'
            raise wrong(path, "In the notes {file}, {table} says {key} = {value}, which does not fit.", "Write for example {example}.", table=where, key=key, value=as_written(value), example=written)
    return {field: address[key].strip() for key, field in ADDRESS.items() if key in address}
