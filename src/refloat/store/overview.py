"""What alarms and digests are made of: an account at one look, in few questions, without a model instance for each row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from refloat.model.alarm import ACCOUNT_SOURCE, Failed, Silent, Stranded
from refloat.model.money import Money
from refloat.store.accounts import account_named
from refloat.store.models import Account, JournalEntry, PlannedAction, SourceState, StrandingInterval
from refloat.store.turns import reading

if TYPE_CHECKING:
    import polars as pl

_STRANDED = (
    "stranding_id", "stranding__times_back", "stranding__marketplace", "stranding__sku", "stranding__fnsku", "stranding__opened_at", "from_at", "standing", "cause", "remedy",
    "units_fulfillable", "units_reserved", "worth_amount", "worth_currency", "removal_due_on",
)  # fmt: skip
#: What ``history`` gives of each interval.
HISTORY = ("stranding_id", "cause", "stranding__opened_at", "from_at", "to_at", "units_fulfillable", "units_reserved")


class Overview:
    """Accounts are named; times are UTC. One question a method, and one for the account."""

    def stranded(self, account: str) -> tuple[Stranded, ...]:
        """Everything that is stranded now."""
        with reading():
            return _stranded(account_named(account))

    def standing(self, account: str) -> pl.DataFrame:
        """The same as a frame, for many: id, turn, marketplace, sku, opened_at, since, standing, cause, remedy, units, worth_amount, worth_currency, removal_due_on."""
        from refloat.store.standing import overview

        with reading():
            return overview(StrandingInterval.objects.filter(to_at=None, stranding__account=account_named(account), stranding__closed_at=None))

    def failed(self, account: str) -> tuple[Failed, ...]:
        """What of ours did not help, of what is still stranded."""
        with reading():
            return _failed(account_named(account))

    def sources(self, account: str) -> tuple[tuple[Silent, ...], datetime | None]:
        """The sources that cannot be had, and when any source was last tried."""
        with reading():
            rows = list(SourceState.objects.filter(account=account_named(account)).values_list("marketplace", "source", "trouble_code", "troubled_since", "last_tried_at"))
        silent = tuple(Silent(place, source, code, since or tried) for place, source, code, since, tried in rows if code)
        return silent, max((tried for _, source, _, _, tried in rows if source != ACCOUNT_SOURCE), default=None)

    def history(self, account: str, since: datetime, until: datetime) -> Iterator[tuple[Any, ...]]:
        """What was known of each stranding between two moments, interval by interval, in order: rows of ``HISTORY``."""
        with reading():
            found = StrandingInterval.objects.filter(Q(to_at=None) | Q(to_at__gt=since), stranding__account=account_named(account), from_at__lt=until)
            yield from found.order_by("stranding_id", "from_at", "id").values_list(*HISTORY).iterator(chunk_size=10_000)

    def heads(self, account: str) -> tuple[tuple[str, int, str], ...]:
        """Marketplace, number and hash of the last entry of each chain of the journal."""
        with reading():
            chains = JournalEntry.objects.filter(account=account_named(account))
            last = dict(chains.order_by("marketplace").values_list("marketplace").annotate(last=Max("number")))
            which = Q(pk=None)
            for place, number in last.items():
                which |= Q(marketplace=place, number=number)
            return tuple(chains.filter(which).order_by("marketplace").values_list("marketplace", "number", "hash"))


def _stranded(owner: Account) -> tuple[Stranded, ...]:
    rows = StrandingInterval.objects.filter(to_at=None, stranding__account=owner, stranding__closed_at=None).values_list(*_STRANDED)
    return tuple(
        Stranded(number, turn, place, sku, fnsku, opened_at, since, standing, cause, remedy, _units(sellable, reserved), _money(amount, currency), due_on)
        for number, turn, place, sku, fnsku, opened_at, since, standing, cause, remedy, sellable, reserved, amount, currency, due_on in rows.iterator(chunk_size=10_000)
    )


def _units(sellable: int | None, reserved: int | None) -> int | None:
    """As worth counts them; unknown where the sellable ones are."""
    return None if sellable is None else sellable + (reserved or 0)


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None else Money(amount, currency)


_FAILED = ("plan_id", "name", "marketplace", "sku", "remedy", "stage", "verdict", "stranding_id", "told")


def _failed(owner: Account) -> tuple[Failed, ...]:
    bad = Q(verdict__in=("unchanged", "worse", "came-back")) | Q(stage__in=("refused", "unclear"))
    rows: Iterable[Any] = PlannedAction.objects.filter(bad, account=owner, stranding__closed_at=None, stranding__isnull=False).order_by("id").values_list(*_FAILED)
    found = []
    for plan, action, place, sku, remedy, stage, verdict, stranding, told in rows:
        # A refusal has no verdict of its own.
        word = verdict if verdict in {"unchanged", "worse", "came-back"} else stage
        found.append(Failed(plan, action, place, sku, remedy, word, stranding, json.loads(told).get("by")))
    return tuple(found)
