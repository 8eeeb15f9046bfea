"""Who calls, which accounts they see, and how the accounts' sources are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import Field

from refloat.api.callers import Request
from refloat.api.doors import read
from refloat.api.kinds import Asked, Text, Told
from refloat.api.words import say
from refloat.app import served


class Role(Told):
    """What you may do for an account; null: for all of them."""

    account: str | None
    role: str


class You(Told):
    """The person of the token or session."""

    name: str
    email: str
    language: str
    roles: list[Role]
    scopes: Annotated[list[str], Field(description="What this token may be used for, never beyond the roles.")]


class MarketplaceOfAccount(Told):
    """One marketplace, as Amazon said it last."""

    marketplace: str
    participates: bool
    suspended: bool
    store_name: str | None
    checked_at: datetime


class Account(Told):
    """An account without its secrets."""

    name: str
    region: str
    seller_id: str
    added_at: datetime
    role: Annotated[str | None, Field(description="Yours.")]
    marketplaces: list[MarketplaceOfAccount]


class Accounts(Told):
    """Every account that you see."""

    items: list[Account]


class Source(Told):
    """How the last try at a source of Amazon's went."""

    account: str
    marketplace: str
    source: str
    last_tried_at: datetime
    last_good_at: Annotated[datetime | None, Field(description="null: never yet.")]
    trouble: Annotated[str | None, Field(description="A code; null: it went well.")]
    troubled_since: datetime | None


class Sources(Told):
    """Every source of the accounts; what is missing is unknown, never empty."""

    items: list[Source]


class OfAccounts(Asked):
    """Of which accounts; none named: all that you see."""

    account: list[Text] = Field(default_factory=list, max_length=100)


@read("/you", You, say("Who you are, and what you may do"), tag="you")
def get_you(request: Request) -> Any:
    """The person, their roles, and what this token may be used for."""
    access, scopes = request.auth.access, request.auth.scopes
    roles = [{"account": account, "role": role} for account, role in sorted(access.roles.items(), key=lambda one: one[0] or "")]
    return {"name": access.name, "email": access.email, "language": access.language, "roles": roles, "scopes": sorted(scopes)}


@read("/accounts", Accounts, say("The accounts that you see"), tag="you")
def list_accounts(request: Request) -> Any:
    """With their marketplaces, as Amazon said them last."""
    store = served.store()
    own = [row for row in store.accounts.list() if request.auth.sees(row.name)]
    return {
        "items": [
            {"name": row.name, "region": row.region, "seller_id": row.seller_id, "added_at": row.added_at, "role": request.auth.access.role(row.name), "marketplaces": store.accounts.places(row.name)}
            for row in own
        ]
    }


@read("/sources", Sources, say("How each source of each account is"), tag="you")
def list_sources(request: Request, asked: Query[OfAccounts]) -> Any:
    """When it was last tried, when it last went well, and what is wrong with it."""
    found = []
    for name in names_of(request, asked.account):
        for place in ["", *(row.marketplace for row in served.store().accounts.places(name))]:
            found += [
                {"account": name, "marketplace": one.marketplace, "source": one.source, "last_tried_at": one.last_tried_at, "last_good_at": one.last_good_at, "trouble": one.trouble_code,
                 "troubled_since": one.troubled_since}
                for one in served.store().snapshots.sources(name, place)
            ]  # fmt: skip
    return {"items": found}


def names_of(request: Request, asked: list[str]) -> list[str]:
    """The accounts that are there, asked for (or all), and seen."""
    return [row.name for row in served.store().accounts.list() if (not asked or row.name in asked) and request.auth.sees(row.name)]
