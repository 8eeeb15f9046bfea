"""Amazon's answers to single questions → a typed frame, one row per SKU or ASIN.

Bodies are Amazon's own JSON (Listings Items 2021-08-01, Restrictions 2021-08-01, FBA Inventory v1, FBA
Inbound Eligibility v1). What a body does not say is null; a key that we do not know is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from refloat.model import answers
from refloat.model.ports import Answer

_MONEY = pl.Decimal(18, 4)
#: More units, or a higher price, than anything has.
_MOST = 10**12
Body = Mapping[str, Any]


def frame_of(kind: str, content: bytes) -> pl.DataFrame:
    """The answers of one document.

    Raises:
        ValueError: the document is damaged.
    """
    rows_of, schema = _KINDS[kind]
    frame = pl.DataFrame([rows_of(answer) for answer in answers.read(content)], schema=schema, orient="row")
    key = [answers.KINDS[kind], "restriction_condition"] if kind == "restriction-answers" else [answers.KINDS[kind]]
    return frame if frame.select(key).is_unique().all() else _one_each(frame, key, kind)


def _one_each(frame: pl.DataFrame, key: list[str], kind: str) -> pl.DataFrame:
    """One row a key. Stock under several FNSKUs is counted together, unknown where any is, and has no one FNSKU."""
    if kind != "inventory-answers":
        return frame.unique(key, keep="last", maintain_order=True)
    units = [pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in frame.columns if name.startswith("inventory_units")]
    label = pl.when(pl.col("inventory_fnsku").n_unique() == 1).then(pl.col("inventory_fnsku").first()).alias("inventory_fnsku")
    return frame.group_by(key, maintain_order=True).agg(pl.col("inventory_at").min(), pl.col("inventory_asin").first(), label, *units).select(frame.columns)


def _listing(answer: Answer) -> tuple[Any, ...]:
    """A listing as Amazon shows it now; without a body it does not exist (404)."""
    body = answer.body or {}
    summary, offer = _first(body.get("summaries")), _consumer_offer(body)
    shown = status if isinstance(status := summary.get("status"), list) else None
    channel, merchant_units = _channel(body)
    category, code, text = _issue(_list(body.get("issues")))
    return (
        answer.key, answer.at, answer.body is not None, None if shown is None else "BUYABLE" in shown, channel, merchant_units,
        _text(summary.get("fnSku")), _text(summary.get("asin")), _price(body, offer), _amount(offer.get("minimum_seller_allowed_price")),
        _amount(offer.get("maximum_seller_allowed_price")), _day(offer.get("start_at")), _day(offer.get("end_at")), category, code, text,
    )  # fmt: skip


_LISTING = {
    "sku": pl.String(), "live_at": pl.Datetime(time_zone="UTC"), "live_exists": pl.Boolean(), "live_buyable": pl.Boolean(), "live_channel": pl.String(), "live_merchant_units": pl.Int64(),
    "live_fnsku": pl.String(), "live_asin": pl.String(), "live_price": _MONEY, "live_bound_min": _MONEY,
    "live_bound_max": _MONEY, "live_starts_on": pl.Date(), "live_ends_on": pl.Date(), "live_issue_category": pl.String(), "live_issue_code": pl.String(), "live_issue_text": pl.String(),
}  # fmt: skip


def _consumer_offer(body: Body) -> Body:
    """The offer for everybody (audience ALL); a business offer is another one."""
    offers = [offer for offer in _list(_dict(body.get("attributes")).get("purchasable_offer")) if isinstance(offer, dict)]
    return next((offer for offer in offers if offer.get("audience", "ALL") == "ALL"), {})


def _channel(body: Body) -> tuple[str | None, int | None]:
    """``fba`` or ``merchant``, and the merchant's quantity: a DEFAULT row above 0 is what customers buy."""
    rows = [row for row in _list(body.get("fulfillmentAvailability")) if isinstance(row, dict)]
    rows = rows or [row for row in _list(_dict(body.get("attributes")).get("fulfillment_availability")) if isinstance(row, dict)]
    codes = {str(row.get("fulfillmentChannelCode") or row.get("fulfillment_channel_code") or ""): row.get("quantity") for row in rows}
    merchant = codes.get("DEFAULT")
    units = _units(merchant)
    if any(code.startswith("AMAZON") for code in codes):
        return ("merchant" if units else "fba"), units
    return ("merchant" if "DEFAULT" in codes else None), units


def _price(body: Body, offer: Body) -> Decimal | None:
    """The consumer price that was submitted, else the one that Amazon shows; 0 is none."""
    shown = next((one for one in _list(body.get("offers")) if isinstance(one, dict) and one.get("offerType", "B2C") == "B2C"), {})
    return _amount(offer.get("our_price")) or _decimal(_dict(shown.get("price")).get("amount"))


def _issue(issues: Sequence[Any]) -> tuple[str | None, str | None, str | None]:
    """The gravest issue: what takes the item out of the catalogue, then what suppresses the listing, then any other error."""
    errors = [issue for issue in issues if isinstance(issue, dict) and issue.get("severity") == "ERROR"]
    graded = sorted(errors, key=lambda issue: _gravity(_actions(issue)))
    if not graded:
        return None, None, None
    issue = graded[0]
    category = "CATALOG_ITEM_REMOVED" if "CATALOG_ITEM_REMOVED" in _actions(issue) else _text(next(iter(_list(issue.get("categories"))), None))
    return category, _text(issue.get("code")), _text(issue.get("message"))


def _gravity(actions: Sequence[str]) -> int:
    return 0 if "CATALOG_ITEM_REMOVED" in actions else 1 if "LISTING_SUPPRESSED" in actions else 2


def _actions(issue: Body) -> list[str]:
    return [str(_dict(action).get("action")) for action in _list(_dict(issue.get("enforcements")).get("actions"))]


def _restriction(answer: Answer) -> tuple[Any, ...]:
    """The gravest restriction of an ASIN in one condition; null when there is none, and then ``live_restricted`` is False."""
    every = [_dict(one) for one in _list((answer.body or {}).get("restrictions"))]
    said = [_dict(one) for restriction in every for one in _list(restriction.get("reasons"))]
    codes = {str(one.get("reasonCode")): one for one in reversed(said)}
    code = next((code for code in ("NOT_ELIGIBLE", "ASIN_NOT_FOUND", "APPROVAL_REQUIRED") if code in codes), None)
    text = _text(codes[code].get("message")) if code else None
    asin, _, condition = answer.key.partition(" ")
    return asin, condition or None, answer.at, code is not None, code, "brand" in text.lower() or "品牌" in text if text else None, text


_RESTRICTION = {
    "asin": pl.String(), "restriction_condition": pl.String(), "restriction_at": pl.Datetime(time_zone="UTC"), "live_restricted": pl.Boolean(), "live_restriction_code": pl.String(),
    "live_restriction_names_brand": pl.Boolean(), "live_restriction_text": pl.String(),
}  # fmt: skip

#: FBA Inbound Eligibility: the codes of an open dangerous-goods question.
DANGEROUS_GOODS = frozenset(f"FBA_INB_{number:04}" for number in range(7, 17)) | {"FBA_INB_0097"}


def _eligibility(answer: Answer) -> tuple[Any, ...]:
    body = answer.body or {}
    codes = [str(code) for code in _list(body.get("ineligibilityReasonList"))]
    eligible = body.get("isEligibleForProgram")
    return answer.key, answer.at, eligible if isinstance(eligible, bool) else None, " ".join(codes) or None, bool(DANGEROUS_GOODS & set(codes)) if body else None


_ELIGIBILITY = {
    "asin": pl.String(), "eligibility_at": pl.Datetime(time_zone="UTC"), "inbound_eligible": pl.Boolean(), "inbound_codes": pl.String(), "dangerous_goods_open": pl.Boolean(),
}  # fmt: skip


def _inventory(answer: Answer) -> tuple[Any, ...]:
    """The units of a SKU; a SKU that Amazon does not name has unknown units, not none."""
    body = answer.body or {}
    details = _dict(body.get("inventoryDetails"))
    inbound = [_units(details.get(f"inbound{step}Quantity")) for step in ("Working", "Shipped", "Receiving")]
    return (
        answer.key, answer.at, _text(body.get("asin")), _text(body.get("fnSku")), _units(body.get("totalQuantity")), _units(details.get("fulfillableQuantity")),
        _units(_dict(details.get("unfulfillableQuantity")).get("totalUnfulfillableQuantity")), _units(_dict(details.get("reservedQuantity")).get("totalReservedQuantity")),
        sum(one for one in inbound if one is not None) if any(one is not None for one in inbound) else None,
    )  # fmt: skip


_INVENTORY = {
    "sku": pl.String(), "inventory_at": pl.Datetime(time_zone="UTC"), "inventory_asin": pl.String(), "inventory_fnsku": pl.String(), "inventory_units_total": pl.Int64(),
    "inventory_units_fulfillable": pl.Int64(), "inventory_units_unfulfillable": pl.Int64(), "inventory_units_reserved": pl.Int64(), "inventory_units_inbound": pl.Int64(),
}  # fmt: skip

_KINDS: dict[str, tuple[Callable[[Answer], tuple[Any, ...]], dict[str, pl.DataType]]] = {
    "listing-answers": (_listing, _LISTING),
    "restriction-answers": (_restriction, _RESTRICTION),
    "eligibility-answers": (_eligibility, _ELIGIBILITY),
    "inventory-answers": (_inventory, _INVENTORY),
}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return _dict(next(iter(_list(value)), None))


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and str(value) else None


def _units(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def _amount(schedules: Any) -> Decimal | None:
    """The first amount of a price as the attributes write it: ``[{"schedule": [{"value_with_tax": 15.08}]}]``."""
    return _decimal(_first(_first(schedules).get("schedule")).get("value_with_tax"))


def _decimal(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    # What no price can be would not fit its column, and one odd answer must not hide all others.
    return round(amount, 4) if amount.is_finite() and 0 < amount < _MOST else None


def _day(value: Any) -> date | None:
    text = _dict(value).get("value") if isinstance(value, dict) else value
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00")).date() if text else None
    except ValueError:
        return None
