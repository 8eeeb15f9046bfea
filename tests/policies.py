"""Policies, actions and facts for tests of what is decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.plans import relist

from refloat.loop.deciding import Decision, Done, decided
from refloat.loop.returning import Facts
from refloat.model.cure import Change, Disposition, Field, Removal, Step
from refloat.model.money import Money
from refloat.model.plan import Action
from refloat.model.policy import Policy, RemovalRule, Rule, StandingConsent, address_digest

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ADDRESS = {"AddressName": "Sample Ltd", "AddressCity": "Seattle", "AddressCountryCode": "US"}
#: An address for returns, as a seller writes it into the notes.
RETURN_ADDRESS = """
[removal.address.US]
name = "Sample Ltd"
line1 = "1 Sample Street"
city = "Seattle"
state = "WA"
country = "US"
postal_code = "98101"
"""
RELISTS = Policy(relist=Rule(automatic=True, causes=("listing-closed",)), removal=RemovalRule(days_valuable=90, days_other=30))


def facts(**more: Any) -> Facts:
    """A stranding found ten days ago, certain, at the price that reports show."""
    return replace(Facts(TODAY, "America/Los_Angeles", NOW - timedelta(days=10), confirmed=True, stranded_on=date(2026, 11, 12), reference=Decimal("15.08")), **more)


def closed(sku: str = "CUP", number: int = 1, **more: Any) -> Action:
    """An action that opens a closed offer at 15.08 USD."""
    plain: dict[str, Any] = {"fields": (Field("price", "15.08 USD", "15.08 USD"),), "worth": Money(Decimal("45.24"), "USD")}
    return replace(relist(sku, number), **plain | more)


def leaving(sku: str = "CUP", number: int = 1, disposition: Disposition = "Return", **more: Any) -> Action:
    """An action that has units leave."""
    plain: dict[str, Any] = {
        "remedy": "create-removal", "cause": "listing-closed", "safety": "consent", "irreversible": True, "undo": None, "asks": ("remedy", "another-remedy"), "fields": (),
        "steps": (Step(Change("removal", removal=Removal(disposition, 3, 1, ADDRESS))),), "units": 4, "worth": Money(Decimal("60.32"), "USD"), "removal_due_on": TODAY + timedelta(days=6),
    }  # fmt: skip
    return replace(relist(sku, number), **plain | more)


def standing(policy: Policy = RELISTS, **more: Any) -> StandingConsent:
    """A person's word for returns."""
    plain = StandingConsent(1, "A. Sample", policy.removal.hash, 100, Decimal(200), "USD", TODAY + timedelta(days=30), NOW - timedelta(days=1), addresses={"US": address_digest(ADDRESS)})
    return replace(plain, **more)


def one(policy: Policy, action: Action, known: Facts, done: Done | None = None, now: datetime = NOW) -> Decision:
    """What is decided about one action."""
    return decided(policy, [(action, known)], done or Done(), now)[action.id]
