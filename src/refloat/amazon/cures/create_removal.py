"""create-removal: units leave the fulfilment centres. It cannot be taken back, so every doubt is in its way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from refloat.amazon.cures import prices, units
from refloat.amazon.cures.attributes import Outcome, place
from refloat.amazon.cures.enforcement import unless_lifted
from refloat.model.cure import Case, Change, Disposition, Draft, Field, Guard, Removal, Step

_ADDRESS = ("AddressName", "AddressFieldOne", "AddressCity", "AddressCountryCode", "AddressPostalCode")
#: The same country under another name.
_COUNTRY = {"UK": "GB"}
_IN_REVIEW = frozenset({"under-hazmat-review", "dangerous-goods-documents"})


def draft(case: Case) -> Outcome:
    """All units that can be taken, sellable and unsellable apart, to where the seller said."""
    disposition = case.wishes.dispositions.get(case.sku) or case.wishes.disposition
    if disposition is None:
        return Guard("removal-not-said")
    sellable, unsellable = units.told(case, "units_fulfillable"), units.told(case, "units_unfulfillable")
    if sellable is None or unsellable is None:
        return Guard("units-unknown")
    guard = _of_units(case, sellable + unsellable) or _of_pool(case) or _of_disposition(case, disposition) or _of_danger(case) or _of_fee(case)
    if guard:
        return guard
    address = dict(case.wishes.addresses.get(case.marketplace, {})) if disposition == "Return" else {}
    removal = Removal(disposition, sellable, unsellable, address)
    return Draft((Step(Change("removal", removal=removal)),), _fields(case, removal))


def _of_units(case: Case, takeable: int) -> Guard | None:
    """Nothing is there to take, or it is on its way already."""
    leaving = units.told(case, "units_in_removal")
    if leaving:
        return Guard("units-in-removal", {"units": str(leaving)})
    return None if takeable else Guard("no-units", {"reserved": _count(units.told(case, "units_reserved"))})


def _of_pool(case: Case) -> Guard | None:
    """The same units sell in another marketplace of the pool, or nobody knows."""
    if case.pool is None:
        return Guard("pool-unknown", {"places": case.marketplace})
    buyable = sorted(code for code, can in case.pool.items() if can)
    unknown = sorted(code for code, can in case.pool.items() if can is None)
    if buyable:
        return Guard("buyable-elsewhere", {"places": ", ".join(buyable)})
    return Guard("pool-unknown", {"places": ", ".join(unknown)}) if unknown else None


def _of_disposition(case: Case, disposition: Disposition) -> Guard | None:
    if disposition == "Liquidations":
        if units.never_sold_again(case):
            return Guard("not-resellable", {"disposition": disposition})
        return None if place(case).liquidations else Guard("not-offered", {"disposition": disposition, "marketplace": case.marketplace})
    return _of_address(case, case.wishes.addresses.get(case.marketplace, {})) if disposition == "Return" else None


def _of_address(case: Case, address: Mapping[str, str]) -> Guard | None:
    """The address is whole, and lies where Amazon sends to."""
    if not all(address.get(name, "").strip() for name in _ADDRESS):
        return Guard("address-missing", {"marketplace": case.marketplace})
    said = address["AddressCountryCode"].strip().upper()
    area = place(case).removal_area
    if _COUNTRY.get(said, said) in area:
        return None
    return Guard("address-outside", {"country": said, "marketplace": case.marketplace, "area": ", ".join(area)})


def _of_danger(case: Case) -> Guard | None:
    row = case.row
    doubtful = row.get("symptom") in _IN_REVIEW or row.get("symptom_kind") == "dangerous-goods" or row.get("dangerous_goods_open")
    return unless_lifted(case, Guard("hazmat")) if doubtful else None


def _of_fee(case: Case) -> Guard | None:
    """The removal costs more than the units are worth. What may never be sold again has no worth to compare: it has to leave."""
    fee, worth = case.row.get("removal_cost"), case.row.get("worth_amount")
    currency = place(case).currency
    same = case.row.get("removal_cost_currency") == currency and case.row.get("price_currency") == currency
    if units.never_sold_again(case) or not isinstance(fee, Decimal) or not isinstance(worth, Decimal) or not same or fee <= worth:
        return None
    return unless_lifted(case, Guard("fee-above-worth", {"fee": prices.text(case, fee), "worth": prices.text(case, worth)}))


def _fields(case: Case, removal: Removal) -> tuple[Field, ...]:
    """What leaves and what stays. Expired and recalled units are units, never sellable ones."""
    reserved = _count(units.told(case, "units_reserved"))
    if units.never_sold_again(case):
        counted = [Field("units", str(removal.units_sellable + removal.units_unsellable), "0")]
    else:
        counted = [Field("units-sellable", str(removal.units_sellable), "0"), Field("units-unsellable", str(removal.units_unsellable), "0")]
    to = ", ".join(removal.address[name] for name in _ADDRESS if name in removal.address)
    # Reserved units cannot be ordered away: they stay, and are said to.
    return (Field("disposition", None, removal.disposition), *counted, Field("units-reserved", reserved, reserved), *([Field("address", None, to)] if to else []))


def _count(units_told: int | None) -> str:
    return "?" if units_told is None else str(units_told)
