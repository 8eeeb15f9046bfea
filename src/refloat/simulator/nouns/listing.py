"""A listing: one seller's offer of one SKU in one marketplace, with the attributes as SP-API writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal

Attributes = dict[str, list[dict[str, Any]]]
Writer = Literal["seller", "api", "upload", "repricer", "erp", "amazon"]


@dataclass
class Listing:
    """One SKU in one marketplace. A deleted one stays in the world as a tombstone, unseen from outside."""

    seller_id: str
    marketplace_id: str
    sku: str
    asin: str
    fnsku: str
    condition: str
    product_type: str
    attributes: Attributes
    created_at: datetime
    updated_at: datetime
    #: The last save of anything but price and quantity.
    content_saved_at: datetime
    deleted_at: datetime | None = None
    deleted_by: Writer | None = None
    #: Amazon ended the record of the offer: only a new listing of the same SKU and ASIN helps.
    retired_at: datetime | None = None
    #: A fault of Amazon's systems; support mends it.
    broken_at: datetime | None = None
    #: Papers that support asks for first.
    broken_needs: frozenset[str] = frozenset()
    #: Sales paused until the seller has looked at it and saved.
    paused_at: datetime | None = None
    #: It is an offer on a product that the catalogue already had: name, brand and image are the detail page's own.
    on_known_product: bool = False
    #: Who wrote last, and what: (moment, writer, attribute names).
    writes: list[tuple[datetime, Writer, tuple[str, ...]]] = field(default_factory=list)

    @property
    def exists(self) -> bool:
        """The listing can be read from outside."""
        return self.deleted_at is None and self.retired_at is None

    @property
    def offer(self) -> dict[str, Any]:
        """The consumer offer (audience ALL) of ``purchasable_offer``; empty when there is none."""
        offers = self.attributes.get("purchasable_offer", [])
        return next((offer for offer in offers if offer.get("audience", "ALL") == "ALL"), {})

    @property
    def price(self) -> Decimal | None:
        """The consumer price; None when it is missing or 0."""
        return _amount(self.offer.get("our_price"))

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The seller's own lowest and highest price."""
        return _amount(self.offer.get("minimum_seller_allowed_price")), _amount(self.offer.get("maximum_seller_allowed_price"))

    @property
    def starts_at(self) -> datetime | None:
        """When the offer opens."""
        return moment_of(self.offer.get("start_at"))

    @property
    def ends_at(self) -> datetime | None:
        """When the offer ends; None when it does not."""
        return moment_of(self.offer.get("end_at"))

    @property
    def channels(self) -> dict[str, int | None]:
        """Fulfilment channel → quantity (None for Amazon's channels)."""
        return {row["fulfillment_channel_code"]: row.get("quantity") for row in self.attributes.get("fulfillment_availability", []) if "fulfillment_channel_code" in row}

    @property
    def by_amazon(self) -> bool:
        """The offer is fulfilled by Amazon; a DEFAULT row with a quantity above 0 turns it merchant-fulfilled."""
        return any(code.startswith("AMAZON") for code in self.channels) and not self.channels.get("DEFAULT")


def _amount(schedule: Any) -> Decimal | None:
    """The first amount of a schedule; None when it is missing, unreadable or 0."""
    try:
        amount = Decimal(str(schedule[0]["schedule"][0]["value_with_tax"]))
    except (KeyError, IndexError, TypeError, ArithmeticError):
        return None
    return amount or None


def moment_of(value: Any) -> datetime | None:
    """The moment of ``{"value": "…Z"}``; None when there is none."""
    text = value.get("value") if isinstance(value, dict) else value
    if not text:
        return None
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
