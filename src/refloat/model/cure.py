"""What a cure changes at Amazon: attributes of a listing, a listing made or deleted, units removed.

Values are Amazon's own JSON, verbatim: an attribute is an array of objects.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from refloat.model.notes import Notes

Json = Any
Kind = Literal["patch", "put", "delete", "removal"]
Disposition = Literal["Return", "Disposal", "Liquidations"]


@dataclass(frozen=True, slots=True)
class Patch:
    """One attribute: as it was read, and as it shall be. ``before`` None: it was not there; ``after`` None: it goes."""

    attribute: str
    before: Json
    after: Json
    op: Literal["replace", "merge", "delete"] = "replace"

    def as_json(self) -> dict[str, Any]:
        return {"attribute": self.attribute, "op": self.op, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Removal:
    """Units that leave the fulfilment centres; ``address`` by Amazon's field names (AddressName …), only for a return."""

    disposition: Disposition
    units_sellable: int
    units_unsellable: int
    address: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"disposition": self.disposition, "units_sellable": self.units_sellable, "units_unsellable": self.units_unsellable, "address": dict(self.address)}


@dataclass(frozen=True, slots=True)
class Change:
    """One request about one SKU in one marketplace.

    ``patches``: the attributes of a patch; of a put all that it sends, each with ``before`` None.
    ``requirements``: what a put promises to hold, in Amazon's words (LISTING_OFFER_ONLY).
    """

    kind: Kind
    product_type: str = "PRODUCT"
    patches: tuple[Patch, ...] = ()
    requirements: str | None = None
    removal: Removal | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "product_type": self.product_type,
            "requirements": self.requirements,
            "patches": [patch.as_json() for patch in self.patches],
            "removal": None if self.removal is None else self.removal.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a cure, and how long after the step before it may follow."""

    change: Change
    wait_hours: float = 0
    #: What Amazon must show first: ``gone`` (the listing is no more), ``there``, ``same-fnsku``; None: nothing.
    after: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"change": self.change.as_json(), "wait_hours": self.wait_hours, "after": self.after}


@dataclass(frozen=True, slots=True)
class Field:
    """What a person reads of a change: price, end date, channel …; current and new value, as short texts."""

    name: str
    before: str | None
    after: str | None

    def as_json(self) -> dict[str, str | None]:
        return {"name": self.name, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a remedy would do to one stranding. ``reads``: attributes that it rests on beside those that it writes."""

    steps: tuple[Step, ...]
    fields: tuple[Field, ...]
    reads: tuple[str, ...] = ()
    #: What puts everything back as it was; None where nothing can.
    undo: Change | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A limit in the way (a row of ``guards.toml``), with what its sentence needs."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the seller wants, by SKU, where a remedy needs to be told. Entered, never guessed."""

    prices: Mapping[str, Decimal] = field(default_factory=dict)
    #: The seller's own least and most.
    bounds: Mapping[str, tuple[Decimal | None, Decimal | None]] = field(default_factory=dict)
    #: Attribute → its new array, verbatim; for ``edit-listing``.
    edits: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    #: The day on which an offer shall begin (``change-sell-date``) or come back (``pause-offer``).
    dates: Mapping[str, date] = field(default_factory=dict)
    #: Dangerous-goods attributes as the seller states them: batteries_required, supplier_declared_dg_hz_regulation …
    goods: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    dispositions: Mapping[str, Disposition] = field(default_factory=dict)
    #: For every SKU that has none of its own; None: not said, so nothing is removed.
    disposition: Disposition | None = None
    #: Where returns go, by Amazon's field names, for each marketplace (two-letter code).
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Marketplace → prices and bounds that count there alone, before the others: an amount is in its marketplace's currency.
    prices_in: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    bounds_in: Mapping[str, Mapping[str, tuple[Decimal | None, Decimal | None]]] = field(default_factory=dict)

    def of(self, marketplace: str, doubtful: Collection[str] = ()) -> Wishes:
        """The wishes for one marketplace. ``doubtful``: SKUs whose amount without a marketplace could be of several currencies."""
        prices = {sku: price for sku, price in self.prices.items() if sku not in doubtful}
        bounds = {sku: both for sku, both in self.bounds.items() if sku not in doubtful}
        return replace(self, prices=prices | dict(self.prices_in.get(marketplace, {})), bounds=bounds | dict(self.bounds_in.get(marketplace, {})))


@dataclass(frozen=True, slots=True)
class Case:
    """One stranding as a cure needs to know it.

    ``row``: the diagnosed row of the sighting frame. ``listing``: Amazon's newest answer about the SKU, verbatim;
    None: Amazon says that there is none; ``listing_at`` None: nobody has asked.
    ``pool``: where else the same FNSKU is sold → whether it can be bought there, None where that is unknown; None in all: nobody asked.
    """

    marketplace: str
    sku: str
    asin: str | None
    fnsku: str | None
    row: Mapping[str, Any]
    listing: Mapping[str, Any] | None
    listing_at: datetime | None
    now: datetime
    mode: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    notes: Notes = field(default_factory=Notes)
    account_standing: str | None = None
    pool: Mapping[str, bool | None] | None = None
    #: The other marketplaces of the pool → the SKU's row there; None where Amazon has neither a listing nor units of it. None in all: nobody looked.
    others: Mapping[str, Mapping[str, Any] | None] | None = None
    #: Guards that a person lifted by name.
    lifted: frozenset[str] = frozenset()

    @property
    def attributes(self) -> Mapping[str, Any]:
        """The listing's attributes; empty where there are none."""
        found = (self.listing or {}).get("attributes")
        return found if isinstance(found, Mapping) else {}
