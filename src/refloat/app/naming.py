"""What a question names by a word must exist: a slip of the pen would look like “nothing is stranded”."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from refloat.app.near import known_remedy, nearest
from refloat.app.record import kept
from refloat.app.triage import Triage
from refloat.errors import WrongUse
from refloat.knowledge.catalogue import catalogue
from refloat.model.source import Warning
from refloat.reports import read_kept
from refloat.store import Store

if TYPE_CHECKING:
    from refloat.app.planning import PlanQuestion


def known_reasons(asked: PlanQuestion, found: Triage) -> None:
    """Each reason is a cause of ours, a reason of Amazon's, or stands word for word in the account's own reports.

    Raises:
        WrongUse: one is none of these.
    """
    pages = found.catalogue
    for name in asked.reasons:
        if name in pages.causes or pages.symptom_of(name) or name in set(found.rows["said"].drop_nulls()):
            continue
        if near := nearest(name, pages.causes):
            raise WrongUse("There is no reason “{name}”.", why="It is neither a cause nor a reason of Amazon's, and no report of the account says so.", todo="Near it: {near}.", name=name, near=near)
        raise WrongUse("There is no reason “{name}”.", why="It is neither a cause nor a reason of Amazon's, and no report of the account says so.", todo="refloat explain lists them all.", name=name)


def told_of_skus(store: Store, asked: PlanQuestion, found: Triage) -> Iterator[Warning]:
    """Of each SKU that is asked for and not shown: that it is not stranded, or only not so as asked.

    Raises:
        WrongUse: nothing on record of the account names it.
    """
    # The rows of a filled-in file are answered for by line and column.
    wanted = set() if asked.filled is not None else set(asked.skus or ()) - set(found.shown["sku"])
    stranded = wanted & set(found.rows["sku"])
    known = set[str]() if wanted == stranded else _skus_on_record(store, asked.account)
    for sku in sorted(wanted):
        if sku in stranded:
            yield Warning("sku-stranded-otherwise", value=sku)
        elif sku in known:
            yield Warning("sku-not-stranded", value=sku)
        else:
            raise _no_sku(sku, asked.account, known | set(found.rows["sku"]))


def _no_sku(sku: str, account: str, known: Collection[str]) -> WrongUse:
    if near := nearest(sku, known):
        return WrongUse("{account} has no SKU {sku}.", why="Nothing that is on record of the account names it.", todo="Near it: {near}.", account=account, sku=sku, near=near)
    return WrongUse(
        "{account} has no SKU {sku}.",
        why="Nothing that is on record of the account names it.",
        todo="Compare it with Seller Central; if it is new there: refloat observe {account}",
        account=account,
        sku=sku,
    )


def _skus_on_record(store: Store, account: str) -> set[str]:
    """Every SKU that stands in the newest reports and answers of the account."""
    frames = (reading.frame for place in store.accounts.places(account) for reading in read_kept(kept(store, account, place.marketplace)))
    return {sku for frame in frames if frame is not None and "sku" in frame.columns for sku in frame["sku"].drop_nulls()}


def by_own_name(asked: PlanQuestion) -> PlanQuestion:
    """The question with Amazon's word for its remedy replaced by ours.

    Raises:
        WrongUse: there is no such remedy.
    """
    return asked if asked.remedy is None else replace(asked, remedy=known_remedy(asked.remedy, catalogue()))
