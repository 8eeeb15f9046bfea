"""Accounts with a live line: observe them, and triage what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from refloat.amazon import AmazonLine, Credentials, Endpoints, Secret
from refloat.app.record import ClockOfStore, kept, troubled
from refloat.app.triage import Question, Triage, triage
from refloat.clock import WallClock
from refloat.errors import NothingReadable, WrongUse
from refloat.loop import cleared
from refloat.loop.details import Suspect
from refloat.loop.observe import Looked, observe
from refloat.loop.reports import Place
from refloat.model.ports import Clock
from refloat.model.source import Warning
from refloat.reports import read_kept
from refloat.store import Store, StrandingRow

#: Kinds of reasons for which Amazon's inbound eligibility says more; its call is the slowest, so no others are asked.
_ELIGIBILITY = ("channel", "dangerous-goods")


@dataclass(frozen=True)
class Observed:
    """What a pass over one marketplace brought, and how the strandings changed by it."""

    account: str
    marketplace: str
    looked: Looked
    #: The stranded report could not be had, so nothing was concluded from silence.
    unknown: bool
    opened: int
    came_back: int
    changed: int
    closed: int
    #: Source → why it could not be had.
    troubles: Mapping[str, str]


def line_of(store: Store, account: str, clock: Clock, **more: Any) -> AmazonLine:
    """The line of a stored account; its secrets go into it and nowhere else."""
    row, secrets = store.accounts.get(account), store.accounts.credentials(account)
    own = Endpoints.of_region(row.region)
    endpoints = Endpoints(row.api_url or own.api, row.token_url or own.token)
    credentials = Credentials(row.seller_id or None, secrets.client_id, Secret(secrets.client_secret), Secret(secrets.refresh_token))
    return AmazonLine(credentials, endpoints, gate=store.gate, clock=clock, **more)


def observe_account(
    store: Store, account: str, *, places: Sequence[str] = (), clock: Clock | None = None, line: AmazonLine | None = None, progress: Callable[[str], None] = lambda _: None,
) -> Iterator[Observed]:  # fmt: skip
    """One pass over each marketplace of the account (or those named), one after the other.

    Raises:
        AmazonError: not even the list of marketplaces could be had.
        WrongUse: a marketplace was named in which the account does not sell.
    """
    clock = ClockOfStore(clock or WallClock(), store)
    own = line or line_of(store, account, clock)
    try:
        for marketplace in _places(store, account, places, own, clock):
            progress(marketplace)
            yield _observed(store, Place(marketplace, own, store.record(account, marketplace), clock), account)
    finally:
        if line is None:
            own.close()


def _places(store: Store, account: str, named: Sequence[str], line: AmazonLine, clock: Clock) -> list[str]:
    """The marketplaces to look at: those on record, or asked for at Amazon where none is."""
    if not store.accounts.places(account):
        store.accounts.note_places(account, line.places(), clock.now())
    known = [row.marketplace for row in store.accounts.places(account) if row.participates]
    if strange := [place for place in named if place not in known]:
        raise WrongUse(
            "{account} does not sell in {place}.",
            why="Amazon names these marketplaces for it: {names}.",
            todo="Leave --marketplace out to look at all of them, or ask Amazon anew: refloat accounts check {account}.",
            account=account,
            place=strange[0],
            names=", ".join(known) or "none",
        )
    return list(named) or known


def _observed(store: Store, place: Place, account: str) -> Observed:
    looked = observe(place, lambda: _suspects(store, account, place))
    found = _triaged(store, account, place)
    now, marketplace = place.clock.now(), place.marketplace
    unknown = _unknown(store, account, place)
    absent = [(row.sku, row.fnsku) for row in store.strandings.open_strandings(account, marketplace)]
    concluded = {} if found is None else cleared.concluded(found.answers, absent)
    recorded = store.strandings.record(account, marketplace, _rows(found), now, unknown=unknown, concluded=_conclusions(concluded))
    troubles = {row.source: f"{row.trouble_code}: {row.trouble_text}" for row in troubled(store, account, marketplace)}
    body = {"reports": list(looked.reports), "answers": looked.answers, "changes": looked.changes, "unknown": unknown, "troubles": sorted(troubles)}
    counts = {"opened": recorded.opened, "came_back": recorded.came_back, "changed": recorded.changed, "closed": recorded.closed}
    store.journal.append(account, marketplace, "observed", {**body, **counts}, now)
    return Observed(account, marketplace, looked, unknown, troubles=troubles, **counts)


def _unknown(store: Store, account: str, place: Place) -> bool:
    """Is the stranded report missing, or could its newest not be had?"""
    return place.record.read_at("stranded") is None or any(row.source == "stranded" for row in troubled(store, account, place.marketplace))


def _conclusions(concluded: Mapping[str, cleared.Proof]) -> dict[str, Any]:
    from refloat.store import Conclusion

    return {sku: Conclusion("cleared", outcome=proof.outcome) for sku, proof in concluded.items()}


def _suspects(store: Store, account: str, place: Place) -> list[Suspect]:
    """Everything that is stranded or may be, and what was stranded until now: of that, too, Amazon is asked for proof."""
    found = _triaged(store, account, place)
    suspects = {} if found is None else {row["sku"]: _suspect(row) for row in found.rows.iter_rows(named=True)}
    for row in store.strandings.open_strandings(account, place.marketplace):
        suspects.setdefault(row.sku, _of_record(row))
    return list(suspects.values())


def _suspect(row: Mapping[str, Any]) -> Suspect:
    doubtful = row["symptom_kind"] in _ELIGIBILITY or row["listing_channel"] == "merchant"
    return Suspect(row["sku"], row["asin"], row["condition"], doubtful)


def _of_record(row: StrandingRow) -> Suspect:
    return Suspect(row.sku, row.now.asin, None)


#: The columns of a diagnosed row that a stranding keeps, and what it calls them where the name differs.
_KEPT = (
    "sku", "fnsku", "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved",
    "worth_amount", "removal_due_on", "title", "asin",
)  # fmt: skip


def _rows(found: Triage | None) -> Iterator[Mapping[str, Any]]:
    """The diagnosed rows as the store takes them; what is merely no longer listed is not among them: it needs proof."""
    if found is None:
        return
    rows = found.rows.filter(pl.col("stranded_listed") | (pl.col("standing") != "clearing"))
    yield from rows.select(*_KEPT, pl.col("price_currency").alias("worth_currency")).unique("sku", keep="first", maintain_order=True).iter_rows(named=True)


def _triaged(store: Store, account: str, place: Place) -> Triage | None:
    """What is on record of one marketplace, triaged; None when nothing is."""
    question = Question((), account=account, marketplace=place.marketplace)
    try:
        return triage(question, place.clock.now, readings=read_kept(kept(store, account, place.marketplace)))
    except NothingReadable:
        return None


def triage_account(store: Store, question: Question, clock: Clock | None = None) -> Triage:
    """The same triage as of files, from what is on record of ``question.account``.

    Raises:
        RefloatError: there is no such account, or nothing is on record of it yet.
    """
    account = question.account or ""
    store.accounts.get(account)
    known = [row.marketplace for row in store.accounts.places(account)]
    places = [place for place in question.places or known if place in known]
    snapshots = [one for place in places for one in kept(store, account, place)]
    if not snapshots:
        raise NothingReadable(
            "Nothing is on record of {account} yet.",
            why="Nobody has looked at what Amazon shows for it, so what is stranded is unknown; that is not the same as nothing.",
            todo="refloat observe {account}",
            more="docs/start/live.md",
            account=account,
        )
    now = (clock or WallClock()).now
    found = triage(replace(question, marketplace=None), now, readings=read_kept(snapshots))
    return replace(found, warnings=(*found.warnings, *(warning for place in places for warning in _troubles(store, account, place, now()))))


def _troubles(store: Store, account: str, place: str, now: datetime) -> Iterator[Warning]:
    """Every source of which something newer could not be had: since when, how old what we have is, and why."""
    for row in troubled(store, account, place):
        since = (row.troubled_since or row.last_tried_at).astimezone(UTC)
        age = f"{(now - row.last_good_at).total_seconds() / 3600:.1f}" if row.last_good_at else None
        facts = (("source", row.source), ("place", place), ("since", f"{since:%Y-%m-%d %H:%M} UTC"), ("hours", age or "-"), ("error", str(row.trouble_text)))
        yield Warning("source-failed" if age else "source-never-read", f"{place}/{row.source}", facts=facts)
