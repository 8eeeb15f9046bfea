"""Strandings and their history: what a pass found is compared with what was known, and only changes are written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from refloat.store import bulk
from refloat.store.accounts import account_named
from refloat.store.models import Account, Stranding, StrandingInterval
from refloat.store.rows import MEMORY, Conclusion, Recorded, StandingRow, StrandingRow
from refloat.store.turns import reading, writing

if TYPE_CHECKING:
    import polars as pl

#: A database takes so many values in one question at least.
_AT_ONCE = 500
_INTERVAL = tuple(field.name for field in fields(StandingRow))
_EPISODE_FIELDS = tuple(field.name for field in fields(StrandingRow) if field.name != "intervals")
_EPISODE = tuple(f"stranding__{name}" for name in _EPISODE_FIELDS[1:])


class Strandings:
    """Accounts are named; marketplaces are two-letter codes; times are UTC."""

    def record(
        self, account: str, marketplace: str, rows: pl.DataFrame | Iterable[Mapping[str, Any]], at: datetime,
        *, unknown: bool, concluded: Mapping[str, Conclusion] | None = None, memory: timedelta = MEMORY,
    ) -> Recorded:  # fmt: skip
        """Take over what a pass found: ``rows`` (a frame, where there are many) with a ``sku``, a ``standing`` and the fields of ``StandingRow``.

        A field that a row lacks is unknown. An open stranding that no row names gets what was ``concluded``
        about it, else the standing ``clearing``; it is never closed without an outcome. With ``unknown`` the
        source told nothing reliable: what no row names becomes ``unknown``, and nothing is closed.
        """
        # Polars is imported only here: most commands that open the store record nothing.
        from refloat.store.comparing import compared_and_written

        with reading():
            with bulk.room(), writing():
                concluded, absent = ({}, "unknown") if unknown else (concluded or {}, "clearing")
                recorded = compared_and_written((account_named(account), marketplace), rows, at, concluded=concluded, absent=absent, memory=memory)
            if recorded.opened + recorded.came_back + recorded.changed + recorded.closed >= bulk.MANY:
                bulk.weighed(Account, Stranding, StrandingInterval)
            return recorded

    def open_strandings(self, account: str, marketplace: str | None = None) -> tuple[StrandingRow, ...]:
        """Every open stranding with what is known now, by marketplace and SKU."""
        return self._found(account, to_at=None, stranding__closed_at=None, **_of(marketplace))

    def standing(self, account: str, marketplace: str | None = None) -> pl.DataFrame:
        """The same without all that is said, for many: marketplace, sku, fnsku, asin, standing, from_at (UTC), shown_buyable."""
        from refloat.store.standing import standing

        with reading():
            return standing(StrandingInterval.objects.filter(stranding__account=account_named(account), to_at=None, stranding__closed_at=None, **_of(marketplace)))

    def latest(self, account: str) -> tuple[StrandingRow, ...]:
        """Every episode, open or closed, with the last that was known of it."""
        return self._one_each(account, "-from_at", "-id")

    def first(self, account: str) -> tuple[StrandingRow, ...]:
        """Every episode, open or closed, with what was known when it began."""
        return self._one_each(account, "from_at", "id")

    def unchanged_since(self, account: str, remedy: str) -> dict[tuple[str, str], datetime]:
        """(marketplace, SKU) → since when an open stranding has had this remedy, for the same cause, without a break."""
        found = StrandingInterval.objects.filter(stranding__account=account_named(account), stranding__closed_at=None, to_at=None, remedy=remedy)
        with reading():
            own = list(found.values_list("stranding_id", flat=True))
        rows = (row for at in range(0, len(own), _AT_ONCE) for row in self._found(account, stranding_id__in=own[at : at + _AT_ONCE]))
        return {(row.marketplace, row.sku): _unchanged_since(row.intervals) for row in rows}

    def _one_each(self, account: str, *order: str) -> tuple[StrandingRow, ...]:
        with reading():
            found = StrandingInterval.objects.filter(stranding__account=account_named(account)).order_by("stranding_id", *order)
            seen: set[int] = set()
            rows = []
            for row in found.values_list("stranding_id", *_EPISODE, *_INTERVAL).iterator():
                if row[0] not in seen:
                    seen.add(row[0])
                    split = 1 + len(_EPISODE)
                    rows.append(StrandingRow(**dict(zip(_EPISODE_FIELDS, row[:split], strict=True)), intervals=(StandingRow(*row[split:]),)))
            return tuple(rows)

    def history(self, account: str, sku: str, marketplace: str | None = None) -> tuple[StrandingRow, ...]:
        """Every episode of the SKU, the oldest first, with all its intervals."""
        return self._found(account, stranding__sku=sku, **_of(marketplace))

    def one(self, stranding_id: int) -> tuple[str, StrandingRow] | None:
        """(account, the episode with all its intervals), open or closed; None where there is none, or its account was removed."""
        with reading():
            account = Stranding.objects.filter(pk=stranding_id, account__removed_at=None).values_list("account__name", flat=True).first()
            if account is None:
                return None
            intervals = StrandingInterval.objects.filter(stranding=stranding_id).order_by("from_at", "id")
            return account, next(_episodes(intervals))

    def ids(self, account: str, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """(marketplace, SKU) → the newest stranding of it, as far as there is one."""
        found: dict[tuple[str, str], int] = {}
        with reading():
            owner, skus = account_named(account), sorted({sku for _, sku in pairs})
            for at in range(0, len(skus), _AT_ONCE):
                rows = Stranding.objects.filter(account=owner, sku__in=skus[at : at + _AT_ONCE]).order_by("opened_at", "id")
                found.update({(marketplace, sku): key for key, marketplace, sku in rows.values_list("id", "marketplace", "sku")})
        return {pair: found[pair] for pair in pairs if pair in found}

    def every(self, account: str) -> tuple[StrandingRow, ...]:
        """Every episode of the account, open or closed, with all its intervals: one question."""
        return self._found(account)

    def _found(self, account: str, **where: object) -> tuple[StrandingRow, ...]:
        with reading():
            found = StrandingInterval.objects.filter(stranding__account=account_named(account), **where)
            return tuple(_episodes(found.order_by("stranding__marketplace", "stranding__sku", "stranding__opened_at", "stranding_id", "from_at", "id")))


def _unchanged_since(intervals: Sequence[StandingRow]) -> datetime:
    """The beginning of the last run of intervals with one cause and remedy, each begun as the one before it ended."""
    since = intervals[-1]
    for before in reversed(intervals[:-1]):
        if (before.cause, before.remedy, before.to_at) != (since.cause, since.remedy, since.from_at):
            break
        since = before
    return since.from_at


def _of(marketplace: str | None) -> dict[str, str]:
    return {} if marketplace is None else {"stranding__marketplace": marketplace}


def _episodes(intervals: QuerySet[StrandingInterval]) -> Iterator[StrandingRow]:
    rows = intervals.values_list("stranding_id", *_EPISODE, *_INTERVAL).iterator()
    split = 1 + len(_EPISODE)
    for episode, known in groupby(rows, key=lambda row: row[:split]):
        yield StrandingRow(**dict(zip(_EPISODE_FIELDS, episode, strict=True)), intervals=tuple(StandingRow(*row[split:]) for row in known))
