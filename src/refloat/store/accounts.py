"""Accounts: their credentials sealed, their marketplaces as Amazon said them last."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Q

from refloat.errors import WrongUse
from refloat.model.ports import Place
from refloat.store import bulk, erasing
from refloat.store.models import Account, AccountPlace
from refloat.store.rows import AccountRow, PlaceRow, Unsealed
from refloat.store.secrets import Keyring
from refloat.store.troubles import SecretError
from refloat.store.turns import reading, writing


def account_named(name: str) -> Account:
    """The account of that name.

    Raises:
        WrongUse: there is none.
    """
    found = Account.objects.filter(name=name, removed_at=None).first()
    if found is None:
        known = ", ".join(Account.objects.filter(removed_at=None).order_by("name").values_list("name", flat=True))
        if not known:
            raise WrongUse("There is no account {name}.", why="No account was added yet.", todo="Add it with refloat accounts add {name}.", name=name)
        raise WrongUse("There is no account {name}.", why="These are known: {known}.", todo="Give one of these names, or add it with refloat accounts add.", name=name, known=known)
    return found


class Accounts:
    """The accounts, by the names that the user chose."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(
        self, name: str, *, region: str, seller_id: str, unsealed: Unsealed, at: datetime,
        api_url: str | None = None, token_url: str | None = None, secret_issued_on: date | None = None,
    ) -> AccountRow:  # fmt: skip
        """Add an account; one that was removed and is the same seller in the same region goes on with its history.

        Raises:
            WrongUse: the name is taken.
            SecretError: the credentials cannot be sealed.
        """
        sealed, key_fingerprint = self._keyring.sealed(_text(unsealed))
        try:
            with writing():
                account = _removed(name, region, seller_id) or Account(name=name, region=region, seller_id=seller_id)
                account.api_url, account.token_url, account.secret_issued_on = api_url, token_url, secret_issued_on
                account.sealed, account.key_fingerprint = sealed, key_fingerprint
                account.added_at, account.rotated_at, account.removed_at = at, None, None
                account.save()
        except IntegrityError:
            raise _taken(name) from None
        with reading():
            bulk.weighed(Account)
        return _row(account)

    def refuse_taken(self, name: str) -> None:
        """Ask before a person types three secrets for nothing.

        Raises:
            WrongUse: the name is taken.
        """
        with reading():
            if Account.objects.filter(name=name, removed_at=None).exists():
                raise _taken(name)

    def get(self, name: str) -> AccountRow:
        """The account of that name.

        Raises:
            WrongUse: there is none.
        """
        with reading():
            return _row(account_named(name))

    def has(self, name: str) -> bool:
        """Is there an account of that name?"""
        with reading():
            return Account.objects.filter(name=name, removed_at=None).exists()

    def list(self) -> tuple[AccountRow, ...]:
        """Every account, by name."""
        with reading():
            return tuple(_row(account) for account in Account.objects.filter(removed_at=None).order_by("name"))

    def credentials(self, name: str) -> Unsealed:
        """The secrets in clear, for the line to Amazon.

        Raises:
            SecretError: the key that sealed them is missing.
        """
        with reading():
            account = account_named(name)
        return Unsealed(**json.loads(self._keyring.unsealed(account.sealed, account.key_fingerprint)))

    def rotate(self, name: str, *, at: datetime, client_id: str | None = None, client_secret: str | None = None, refresh_token: str | None = None) -> AccountRow:
        """Replace what is given; with all three, the old credentials need not even open.

        A new client secret was issued on that day. Sealed by the newest key in any case.
        """
        given = {"client_id": client_id, "client_secret": client_secret, "refresh_token": refresh_token}
        new = {what: value for what, value in given.items() if value is not None}
        old = {} if len(new) == len(given) else json.loads(_text(self.credentials(name)))
        sealed, key_fingerprint = self._keyring.sealed(_text(Unsealed(**{**old, **new})))
        with writing():
            account = account_named(name)
            account.sealed, account.key_fingerprint, account.rotated_at = sealed, key_fingerprint, at
            account.secret_issued_on = at.date() if client_secret else account.secret_issued_on
            account.save()
        return _row(account)

    def seal_again(self) -> tuple[int, tuple[str, ...]]:
        """Seal the credentials of every account by the newest key.

        Returns how many an older key had sealed, and the names of the accounts whose key is missing: those
        stay as they are.
        """
        sealed_again, locked = 0, []
        with writing():
            for account in Account.objects.select_for_update().filter(removed_at=None).order_by("name"):
                old = account.key_fingerprint
                try:
                    account.sealed, account.key_fingerprint = self._keyring.sealed(self._keyring.unsealed(account.sealed, old))
                except SecretError:
                    locked.append(account.name)
                    continue
                account.save()
                sealed_again += account.key_fingerprint != old
        return sealed_again, tuple(locked)

    def remove(self, name: str, at: datetime, *, with_history: bool = False) -> None:
        """Forget the credentials. The snapshots and strandings stay, unless ``with_history``; the journal always does."""
        with writing():
            # Polars is imported only here: accounts are listed often, and removed seldom.
            from refloat.store.findings import forget

            account = account_named(name)
            forget(account)
            if with_history:
                erasing.erase(account, at)
            account.sealed, account.key_fingerprint, account.removed_at = "", "", at
            account.save()

    def note_places(self, name: str, places: Iterable[Place], at: datetime) -> None:
        """What Amazon says now about the marketplaces of the account; one that it no longer names goes."""
        with writing():
            account = account_named(name)
            named = []
            for place in places:
                facts = {"participates": place.participates, "suspended": place.suspended, "store_name": place.store_name, "checked_at": at}
                AccountPlace.objects.update_or_create(account=account, marketplace=place.marketplace, defaults=facts)
                named.append(place.marketplace)
            AccountPlace.objects.filter(Q(account=account) & ~Q(marketplace__in=named)).delete()

    def places(self, name: str) -> tuple[PlaceRow, ...]:
        """The marketplaces of the account, as Amazon said them last; empty when it was never asked."""
        with reading():
            found = AccountPlace.objects.filter(account=account_named(name)).order_by("marketplace")
            return tuple(PlaceRow(place.marketplace, place.participates, place.suspended, place.store_name, place.checked_at) for place in found)


def _taken(name: str) -> WrongUse:
    return WrongUse("There is already an account {name}.", why="A second one under its name would mix up two sellers.", todo="Choose another name, or use refloat accounts rotate {name}.", name=name)


def _removed(name: str, region: str, seller_id: str) -> Account | None:
    if not seller_id or Account.objects.filter(name=name, removed_at=None).exists():
        return None
    return Account.objects.filter(name=name, region=region, seller_id=seller_id).order_by("-removed_at").first()


def _text(unsealed: Unsealed) -> str:
    return json.dumps({"client_id": unsealed.client_id, "client_secret": unsealed.client_secret, "refresh_token": unsealed.refresh_token})


def _row(account: Account) -> AccountRow:
    return AccountRow(
        account.pk,
        account.name,
        account.region,
        account.seller_id,
        account.api_url,
        account.token_url,
        account.added_at,
        account.rotated_at,
        account.secret_issued_on,
    )
