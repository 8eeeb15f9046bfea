"""After a removal: for which SKUs the units have gone, and what their cause's page names to be done then.

Amazon's stranded report lists them no more, so they are told by our own record (a removal that is proven finished) and by
what Amazon answers when it is asked for them by name, in every marketplace of their pool and for a limited time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from refloat.knowledge.catalogue import Catalogue, catalogue, translated
from refloat.knowledge.labels import label
from refloat.knowledge.tables import pool_of, table
from refloat.locale import translator
from refloat.loop.plan import Follows
from refloat.model.ports import Deed
from refloat.store import Store, StrandingRow

#: What follows a finished removal.
REMEDY = "delete-listing"


@dataclass(frozen=True)
class Finished:
    """A SKU whose removal is proven finished. ``places``: the marketplaces of its pool, its own first."""

    removal: Deed
    stranding: StrandingRow
    places: Sequence[str]

    @property
    def key(self) -> tuple[str, str]:
        """(marketplace, SKU)."""
        return self.removal.marketplace, self.removal.sku


@dataclass(frozen=True)
class Afterwards:
    """Every such SKU of an account, and what Amazon is to be asked of them."""

    finished: Sequence[Finished]

    @classmethod
    def of(cls, store: Store, account: str, now: datetime, pages: Catalogue | None = None) -> Afterwards:
        """As the record has it now; a removal so long ago that nobody can show that nothing came back is left out."""
        since = now - timedelta(days=table("observing")["afterwards"]["days"])
        newest = {(deed.marketplace, deed.sku): deed for deed in store.plans.removed(account, since)}
        sells = [row.marketplace for row in store.accounts.places(account) if row.participates] if newest else []
        return cls(tuple(_finished(store, account, newest.values(), sells, pages or catalogue())))

    @cached_property
    def asked(self) -> Mapping[str, Collection[str]]:
        """Marketplace → SKUs whose listing and stock there tell whether it may be done."""
        found: dict[str, set[str]] = {}
        for one in self.finished:
            for place in one.places:
                found.setdefault(place, set()).add(one.removal.sku)
        return found


def _finished(store: Store, account: str, removals: Collection[Deed], sells: Sequence[str], pages: Catalogue) -> Iterator[Finished]:
    for removal in removals:
        cause = pages.causes.get(removal.cause)
        if cause is None or REMEDY not in cause.after:
            continue
        sent = store.plans.of_sku(account, removal.marketplace, removal.sku)
        names = [(deed.plan_id, deed.action_id) for deed in sent]
        later = sent[names.index((removal.plan_id, removal.action_id)) + 1 :]
        episodes = store.strandings.history(account, removal.sku, removal.marketplace)
        # Whatever else was sent since, or stranded anew since, is another matter; and what is deleted is done.
        if any(deed.remedy != REMEDY or deed.verdict == "deleted" for deed in later) or not episodes or episodes[-1].id != removal.stranding_id:
            continue
        others = [place for place in sells if place != removal.marketplace and pool_of(place) == pool_of(removal.marketplace)]
        yield Finished(removal, episodes[-1], (removal.marketplace, *others))


def row_of(one: Finished, besides: pl.DataFrame | None) -> dict[str, Any] | None:
    """The SKU's row in its own marketplace, with what is on record of its stranding; None where nothing of that marketplace could be read."""
    row, known = _rows(one, besides).get(one.removal.marketplace), one.stranding
    if row is None:
        return None
    named = {"fnsku": row["fnsku"] or known.fnsku, "asin": row["asin"] or known.now.asin, "title": row["title"] or known.now.title}
    return row | named | {"cause": one.removal.cause, "said": one.removal.said, "standing": "cleared", "remedy": REMEDY, "safety": "consent"}


def others_of(one: Finished, besides: pl.DataFrame | None) -> dict[str, Mapping[str, Any] | None]:
    """The other marketplaces of the pool → the SKU's row there.

    None where Amazon has nothing of it there: no listing, asked for it by name, and a whole stock report of ours does not
    name it. Without a row nothing is known.
    """
    rows = _rows(one, besides)
    return {place: None if (row := rows.get(place, {})) and _is_not_there(row) else row for place in one.places[1:]}


def _is_not_there(row: Mapping[str, Any]) -> bool:
    return row["live_exists"] is False and row["stock_read"] and row["stock_units_total"] is None


def _rows(one: Finished, besides: pl.DataFrame | None) -> dict[str, dict[str, Any]]:
    if besides is None:
        return {}
    return {row["marketplace"]: row for row in besides.filter(pl.col("sku") == one.removal.sku).iter_rows(named=True)}


def follows(one: Finished, pages: Catalogue, language: str) -> Follows:
    """What follows, and why, as a person reads it."""
    say, cause = translator(language), pages.causes[one.removal.cause]
    why = say("The removal of {units} units is finished (plan {plan}); no unit is left in {places}. After it the page “{cause}” names the deletion.").format(
        units="?" if one.removal.units is None else f"{one.removal.units:,}",
        plan=one.removal.plan_id,
        places=", ".join(one.places),
        cause=label(translated(cause.page, language), language),
    )
    return Follows(REMEDY, why)
