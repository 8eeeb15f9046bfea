"""Recipients: who is told what. Their addresses are sealed like the credentials of an account."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import IntegrityError

from refloat.errors import WrongUse
from refloat.model.alarm import Wanted
from refloat.model.money import Money
from refloat.store.alarm_rows import NewRecipient, RecipientRow
from refloat.store.models import Delivery, Recipient
from refloat.store.secrets import Keyring
from refloat.store.troubles import SecretError
from refloat.store.turns import reading, writing


class Recipients:
    """The recipients, by the names that the user chose."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def add(self, new: NewRecipient, at: datetime) -> RecipientRow:
        """Add a recipient, the address sealed.

        Raises:
            WrongUse: the name is taken.
            SecretError: the address cannot be sealed.
        """
        sealed, key_fingerprint = self._keyring.sealed(new.url)
        try:
            with writing():
                made = Recipient.objects.create(
                    name=new.name,
                    sealed=sealed,
                    key_fingerprint=key_fingerprint,
                    shown=new.shown,
                    language=new.language,
                    timezone=new.timezone,
                    wanted=_said(new),
                    added_at=at,
                )
        except IntegrityError:
            raise _taken(new.name) from None
        return row_of(made)

    def change(self, new: NewRecipient) -> RecipientRow:
        """Let the recipient of that name be told what ``new`` says; an empty address keeps the old one.

        Raises:
            WrongUse: there is none of that name.
            SecretError: the new address cannot be sealed.
        """
        sealed = self._keyring.sealed(new.url) if new.url else None
        with writing():
            one = _named(new.name)
            one.language, one.timezone, one.wanted = new.language, new.timezone, _said(new)
            if sealed is not None:
                (one.sealed, one.key_fingerprint), one.shown = sealed, new.shown
            one.save()
            return row_of(one)

    def refuse_taken(self, name: str) -> None:
        """Ask before a person types an address for nothing.

        Raises:
            WrongUse: the name is taken.
        """
        with reading():
            if Recipient.objects.filter(name=name, removed_at=None).exists():
                raise _taken(name)

    def list(self) -> tuple[RecipientRow, ...]:
        """Every recipient, by name."""
        with reading():
            return tuple(row_of(one) for one in Recipient.objects.filter(removed_at=None).order_by("name"))

    def get(self, name: str) -> RecipientRow:
        """The recipient of that name.

        Raises:
            WrongUse: there is none.
        """
        with reading():
            return row_of(_named(name))

    def url(self, recipient_id: int) -> str:
        """The address in clear, for the embassy that sends and nobody else.

        Raises:
            SecretError: the key that sealed it is missing.
        """
        with reading():
            sealed, key_fingerprint = Recipient.objects.values_list("sealed", "key_fingerprint").get(pk=recipient_id)
        return self._keyring.unsealed(sealed, key_fingerprint)

    def remove(self, name: str, at: datetime) -> None:
        """Forget the address; what was to be sent there is dropped."""
        with writing():
            one = _named(name)
            Delivery.objects.filter(recipient=one, ended_at=None).update(ended_at=at, ending="dropped")
            one.sealed, one.key_fingerprint, one.removed_at = "", "", at
            one.save()

    def seal_again(self) -> tuple[int, tuple[str, ...]]:
        """Seal every address by the newest key: how many an older key had sealed, and the names of those whose key is missing."""
        sealed_again, locked = 0, []
        with writing():
            for one in Recipient.objects.select_for_update().filter(removed_at=None).order_by("name"):
                old = one.key_fingerprint
                try:
                    one.sealed, one.key_fingerprint = self._keyring.sealed(self._keyring.unsealed(one.sealed, old))
                except SecretError:
                    locked.append(one.name)
                    continue
                one.save()
                sealed_again += one.key_fingerprint != old
        return sealed_again, tuple(locked)


def _named(name: str) -> Recipient:
    found = Recipient.objects.filter(name=name, removed_at=None).first()
    if found is None:
        known = ", ".join(Recipient.objects.filter(removed_at=None).order_by("name").values_list("name", flat=True))
        raise WrongUse("There is no recipient {name}.", why="These are known: {known}.", todo="Add one with refloat notify add NAME.", name=name, known=known or "-")
    return found


def _taken(name: str) -> WrongUse:
    return WrongUse("There is already a recipient {name}.", why="Each is told under a name of their own.", todo="Choose another name, or remove that one: refloat notify remove {name}", name=name)


def _said(new: NewRecipient) -> str:
    wanted = new.wanted
    said = {
        "accounts": None if wanted.accounts is None else sorted(wanted.accounts),
        "kinds": None if wanted.kinds is None else sorted(wanted.kinds),
        "least_worth": [one.as_json() for one in wanted.least_worth],
        "steps": {kind: list(steps) for kind, steps in (wanted.steps or {}).items()},
        "digests": list(new.digests),
        "quiet": new.quiet and list(new.quiet),
        "cleared": new.cleared,
    }
    return json.dumps(said, sort_keys=True)


def row_of(one: Recipient) -> RecipientRow:
    """The recipient as a row."""
    said = json.loads(one.wanted)
    worth = tuple(money for money in map(Money.from_json, said["least_worth"]) if money is not None)
    steps = {kind: tuple(steps) for kind, steps in said["steps"].items()}
    accounts, kinds = (None if said[name] is None else frozenset(said[name]) for name in ("accounts", "kinds"))
    quiet = (said["quiet"][0], said["quiet"][1]) if said["quiet"] else None
    return RecipientRow(one.pk, one.name, one.shown, one.language, one.timezone, Wanted(accounts, kinds, worth, steps), tuple(said["digests"]), quiet, said["cleared"], one.added_at)
