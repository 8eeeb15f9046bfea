"""Accounts as both doors enter and show them: what may be entered, and what is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from refloat.errors import WrongUse
from refloat.store import AccountRow, PlaceRow, SourceRow, Store, Unsealed
from refloat.store.turns import writing

REGIONS = ("NA", "EU", "FE")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
#: Amazon wants a new client secret every 180 days ("Rotating your application's client secrets"); from here on we say so.
SECRET_DAYS = 180
WARN_DAYS = 150


@dataclass(frozen=True, slots=True)
class Listed:
    """One account with what is known about it; ``secret_days`` is a least age where ``issued_on`` is unknown."""

    account: AccountRow
    places: tuple[PlaceRow, ...]
    sources: tuple[SourceRow, ...]
    secret_days: int

    @property
    def secret_due(self) -> bool:
        """Whether it is time for a new client secret."""
        return self.secret_days >= WARN_DAYS


def add(store: Store, name: str, by: str, at: datetime, *, unsealed: Unsealed, **facts: Any) -> AccountRow:
    """Add the account (``facts`` as ``Accounts.add`` takes them), with its entry in the journal.

    Raises:
        WrongUse: the name is taken.
        SecretError: the credentials cannot be sealed.
    """
    with writing():
        row = store.accounts.add(name, unsealed=unsealed, at=at, **facts)
        store.journal.append(name, "", "account-added", {"by": by, "region": row.region, "seller_id": row.seller_id}, at)
    return row


def rotate(store: Store, name: str, by: str, at: datetime, **given: str | None) -> AccountRow:
    """New credentials (as ``Accounts.rotate`` takes them), with an entry in the journal that says which, and none of them.

    Raises:
        WrongUse: there is no such account.
        SecretError: the key that sealed the old ones is missing.
    """
    with writing():
        row = store.accounts.rotate(name, at=at, **given)
        store.journal.append(name, "", "account-rotated", {"by": by, "what": sorted(one for one, value in given.items() if value)}, at)
    return row


def remove(store: Store, name: str, by: str, at: datetime, *, with_history: bool) -> None:
    """Forget the credentials, with the last entry of the account's journal. The door writes it into the record of access as well: no page shows the journal of
    an account that is gone.

    Raises:
        WrongUse: there is no such account.
    """
    with writing():
        store.journal.append(name, "", "account-removed", {"by": by, "with_history": with_history}, at)
        store.accounts.remove(name, at, with_history=with_history)


def listed(store: Store, account: AccountRow, now: datetime) -> Listed:
    """What the store knows about the account."""
    return Listed(account, store.accounts.places(account.name), store.snapshots.sources(account.name), (now.date() - _since(account)).days)


def _since(account: AccountRow) -> date:
    """The last day on which the secret was certainly there already."""
    return account.secret_issued_on or account.added_at.date()


def refuse_name(name: str) -> None:
    """An account is called so that it can be printed in a line, and typed again.

    Raises:
        WrongUse: it cannot.
    """
    if not name.strip() or name != name.strip() or name.startswith("-") or not name.isprintable() or len(name) > 100:
        raise WrongUse("“{name}” cannot be an account's name.", why="A name is printed in lists and typed again.", todo="Use up to 100 letters, digits and blanks, for example harbour-eu.", name=name)


def region_of(region: str) -> str:
    """One of Amazon's three regions.

    Raises:
        WrongUse: it is none.
    """
    if region.upper() not in REGIONS:
        raise WrongUse("There is no region {region}.", why="Amazon has three: NA, EU and FE.", todo="For example --region EU for Germany.", region=region)
    return region.upper()


def refuse_clear(url: str | None) -> None:
    """Secrets go to these addresses: encrypted, or not beyond this machine.

    Raises:
        WrongUse: it is neither.
    """
    parts = urlsplit(url or "https://example.org")
    if not (parts.scheme == "https" and parts.hostname) and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise WrongUse(
            "{url} cannot be used.", why="Secrets are sent there, so it must be https, or http on this machine.", todo="For example --api-url http://127.0.0.1:8400 for a simulator.", url=url
        )


def issued_on(text: str | None) -> date | None:
    """The day on which Amazon issued the client secret; None where nobody says.

    Raises:
        WrongUse: it is no day.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse("{text} is not a date.", why="Dates are written year-month-day, so that nobody mixes up day and month.", todo="For example --secret-issued-on 2026-11-22.", text=text) from None
