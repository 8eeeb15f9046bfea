"""A seller: who may sign in, where the account sells, and what it has set on Amazon's own pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

AccountStatus = Literal["NORMAL", "AT_RISK", "DEACTIVATED"]

#: The roles of a developer's application, as Seller Central names them.
ROLES = ("Selling Partner Insights", "Product Listing", "Inventory and Order Tracking", "Amazon Fulfillment", "Pricing", "Notifications")


@dataclass
class Settings:
    """What the seller set for Amazon's own automatic actions in one marketplace; None is switched off."""

    relist_days: int | None = 30
    change_to_fba_days: int | None = 30
    #: Faster than Amazon's own clock when it is set.
    removal_days: int | None = None
    removal_disposition: Literal["Return", "Disposal", "Liquidations"] = "Disposal"
    #: Where Amazon's own returns go, by the removal feed's names (AddressName …); without one it disposes instead.
    removal_address: dict[str, str] = field(default_factory=dict)


@dataclass
class Participation:
    """The seller in one marketplace."""

    marketplace_id: str
    participating: bool = True
    suspended_listings: bool = False
    settings: Settings = field(default_factory=Settings)
    #: Rows for which the seller switched the automatic action off.
    opted_out: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Approval:
    """Leave to sell a brand, a category or an item, and since when."""

    kind: Literal["brand", "category", "item", "b2b"]
    value: str
    granted_at: datetime


@dataclass
class Seller:
    """One selling partner account."""

    id: str
    name: str
    region: Literal["NA", "EU", "FE"]
    client_id: str
    client_secret: str
    refresh_token: str
    places: dict[str, Participation]
    account_status: AccountStatus = "NORMAL"
    roles: set[str] = field(default_factory=lambda: set(ROLES))
    #: The seller took the leave back from the application.
    revoked: bool = False
    approvals: list[Approval] = field(default_factory=list)
    #: What the account has been charged, by kind (storage, aged, removal) and currency.
    charged: dict[tuple[str, str], str] = field(default_factory=dict)

    def approved_at(self, kind: str, value: str) -> datetime | None:
        """When leave of this kind was given; None when it never was."""
        return next((approval.granted_at for approval in self.approvals if (approval.kind, approval.value) == (kind, value)), None)
