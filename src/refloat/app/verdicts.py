"""Verdicts: what is on record by now, held against what was sent. Nothing is asked of Amazon, and nothing is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from refloat.app.record import kept, troubled
from refloat.clock import WallClock
from refloat.knowledge.tables import table
from refloat.loop import telling, verify, writers
from refloat.loop.reports import SOURCES
from refloat.loop.resting import can_be_bought
from refloat.loop.shows import shows
from refloat.model import answers
from refloat.model.ports import Answer, Clock, Deed, Note
from refloat.model.remark import Remark
from refloat.reports import read_kept
from refloat.store import Store, StrandingRow


def verify_account(store: Store, account: str, clock: Clock | None = None, *, agreed: bool = False) -> list[Deed]:
    """The actions to which what is on record gives a new verdict, as they stand now. Each verdict goes into the journal once.

    ``agreed``: this pass heard from Amazon that our clock is right. Without that, days gone by do not make a removal
    order that no report shows one that was never made: the next pass that observes tells.
    """
    now = (clock or WallClock()).now()
    ledger, found = store.ledger(account), list[tuple[Deed, str, Note]]()
    episodes = {row.id: row for row in store.strandings.latest(account)}
    looked = {row.marketplace: _looked_at(store, account, row.marketplace) for row in store.accounts.places(account)}
    removed = {place: _removed(store, account, place) for place in looked}
    orders = {place: _orders_read_at(store, account, place, now) if agreed else None for place in looked}
    open_deeds = (*store.plans.waiting(account), *store.plans.cured(account), *_worse(store, account))
    told_now = {place: _answers(store, account, place, {deed.sku for deed in open_deeds if deed.marketplace == place}) for place in looked}
    for deed in _with_shown(store, account, open_deeds, told_now, now):
        seen = _seen(deed, episodes.get(deed.stranding_id or 0), looked.get(deed.marketplace), removed.get(deed.marketplace, {}))
        answer = told_now.get(deed.marketplace, {}).get(deed.sku)
        turned = _turned_buyable(episodes.get(deed.stranding_id or 0), answer.body if answer else None)
        seen = replace(seen, orders_read_at=orders.get(deed.marketplace), turned_buyable=turned)
        if deed.remedy == "delete-listing":
            seen = replace(seen, listing_there=answer.body is not None if _newer(answer, deed) and answer else None, listed_no_more=_listed_no_more(store, account, deed))
        if deed.stage == "unclear" and deed.remedy == "create-removal":
            _clear_up(store, account, deed, seen, now)
            continue
        word = verify.verdict(deed, seen, now)
        if word is not None and word != deed.verdict:
            found.append((deed, word, verify.noted(deed, word, seen)))
    back = _Back(store, account, [deed for deed, word, _ in found if word in _ASKED_BY_WHOM])
    told = []
    notes: dict[str, list[Note]] = {}
    for deed, word, note in found:
        by = {"by": back.writer(deed)} if word in _ASKED_BY_WHOM else {}
        said = {**note.told, **by}
        notes.setdefault(deed.plan_id, []).append(replace(note, told=said))
        told.append(replace(deed, verdict=word, verdict_at=now, told=said))
    for plan_id, own in notes.items():
        ledger.note(plan_id, own, now)
    return told


def _with_shown(store: Store, account: str, deeds: Sequence[Deed], told_now: Mapping[str, Mapping[str, Answer]], now: datetime) -> list[Deed]:
    """The deeds, with what the listing shows by now: it took effect, whatever comes of it. On record once, for whoever asks later who took it back."""
    late = [deed for deed in deeds if deed.stage == "answered" and deed.step + 1 >= deed.steps and _newer(told_now.get(deed.marketplace, {}).get(deed.sku), deed)]
    plans = {name: {action.id: action for action in store.plans.get(name).actions} for name in {deed.plan_id for deed in late}}
    notes: dict[str, list[Note]] = {}
    for deed in late:
        change = plans[deed.plan_id][deed.action_id].steps[deed.step].change
        if change.kind != "removal" and shows(change, told_now[deed.marketplace][deed.sku].body):
            notes.setdefault(deed.plan_id, []).append(Note(deed.action_id, "shown", "shown"))
    for plan_id, own in notes.items():
        store.ledger(account).note(plan_id, own, now)
    seen = {(plan_id, note.action_id) for plan_id, own in notes.items() for note in own}
    return [replace(deed, stage="shown") if (deed.plan_id, deed.action_id) in seen else deed for deed in deeds]


def _newer(answer: Answer | None, deed: Deed) -> bool:
    return answer is not None and deed.answered_at is not None and answer.at > deed.answered_at


def _worse(store: Store, account: str) -> Iterator[Deed]:
    """What was judged worse, where nothing but that action can have ended its stranding since: no person's task did."""
    by_hand = {row.stranding_id for row in store.tasks.all(account) if row.result in {"won", "done"}}
    return (deed for deed in store.plans.worse(account) if deed.stranding_id not in by_hand)


def _turned_buyable(episode: StrandingRow | None, listing: Mapping[str, Any] | None) -> bool:
    return episode is not None and episode.now.shown_buyable is False and can_be_bought(listing) is True


#: Verdicts of which it matters who was there: a cure that another tool took back was no bad cure.
_ASKED_BY_WHOM = frozenset({"came-back", "unchanged"})


class _Back:
    """Who most likely undid the actions that came back."""

    def __init__(self, store: Store, account: str, deeds: Sequence[Deed]) -> None:
        self._plans = {name: {action.id: action for action in store.plans.get(name).actions} for name in {deed.plan_id for deed in deeds}}
        self._listings = {place: _bodies(store, account, place, {deed.sku for deed in deeds}) for place in {deed.marketplace for deed in deeds}}
        self._sent = store.plans.of_strandings(account) if deeds else {}
        self._minutes = Counter(writers.changed_at(self._listings[deed.marketplace].get(deed.sku)) for deed in deeds)

    def writer(self, deed: Deed) -> str:
        listing = self._listings[deed.marketplace].get(deed.sku)
        later = [one for one in self._sent.get((deed.marketplace, deed.sku), ()) if one.at > (deed.verdict_at or deed.at)]
        seen = deed.stage == "shown" or deed.verdict == "cured"
        return writers.likely_writer(self._plans[deed.plan_id][deed.action_id], listing, later, self._minutes[writers.changed_at(listing)], seen=seen)


def _bodies(store: Store, account: str, place: str, skus: set[str]) -> dict[str, Mapping[str, Any] | None]:
    return {sku: answer.body for sku, answer in _answers(store, account, place, skus).items()}


def _answers(store: Store, account: str, place: str, skus: set[str]) -> dict[str, Answer]:
    """The newest answer about each of these listings."""
    content = store.record(account, place).content("listing-answers") if skus else None
    return {answer.key: answer for answer in answers.read(content) if answer.key in skus} if content else {}


def _seen(deed: Deed, episode: StrandingRow | None, looked_at: datetime | None, removed: dict[tuple[str, str], tuple[int, int, int]]) -> verify.Seen:
    own = removed.get((deed.feed or "", deed.sku))
    if episode is None:
        return verify.Seen(None, None, None, None, None, looked_at, own)
    back = episode.now.from_at if episode.times_back and episode.closed_at is None else None
    return verify.Seen(episode.closed_at, episode.outcome, back, episode.now.said, episode.now.standing, looked_at, own)


def _looked_at(store: Store, account: str, place: str) -> datetime | None:
    """The newest moment of which the stranded report tells; None where it could not be had."""
    if any(row.source == "stranded" for row in troubled(store, account, place)):
        return None
    return store.record(account, place).read_at("stranded")


def _orders_read_at(store: Store, account: str, place: str, now: datetime) -> datetime | None:
    """The moment of which the removal order report tells, where it was read of late; an older moment may be that of a clock that was wrong."""
    read_at = store.record(account, place).read_at("removal-orders")
    longest = timedelta(hours=SOURCES["removal-orders"]["hours"] + 1)
    return read_at if read_at is not None and timedelta(0) <= now - read_at <= longest else None


def _removed(store: Store, account: str, place: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(order id, SKU) → units requested, gone, cancelled, by the newest removal order report."""
    frames = [reading.frame for reading in read_kept(one for one in kept(store, account, place) if "/removal-orders " in one.name) if reading.frame is not None]
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for frame in frames:
        counts = [
            pl.col(name).fill_null(0) if name in frame.columns else pl.lit(0) for name in ("removal_units_requested", "removal_units_disposed", "removal_units_shipped", "removal_units_cancelled")
        ]
        for order, sku, requested, disposed, shipped, cancelled in frame.select("removal_order_id", "sku", *(one.alias(str(number)) for number, one in enumerate(counts))).iter_rows():
            before = found.get((order, sku), (0, 0, 0))
            found[order, sku] = (before[0] + requested, before[1] + disposed + shipped, before[2] + cancelled)
    return found


def _listed_no_more(store: Store, account: str, deed: Deed) -> bool:
    """Does a whole all-listings report, read since, name the SKU no more? One that could not be had, or holds nothing, tells nothing."""
    snapshots = [one for one in kept(store, account, deed.marketplace) if "/listings-all " in one.name]
    later = [one for one in snapshots if deed.answered_at is not None and one.observed_at > deed.answered_at and one.whole and not one.failed]
    frames = [reading.frame for reading in read_kept(later)]
    return any(frame is not None and frame.height > 0 and deed.sku not in set(frame["sku"].drop_nulls()) for frame in frames)


def _clear_up(store: Store, account: str, deed: Deed, seen: verify.Seen, now: datetime) -> None:
    """A removal order whose fate was not certain: Amazon's own report of removal orders tells, once it is late enough."""
    sent, ledger = deed.intended_at or deed.at, store.ledger(account)
    if seen.removed is not None:
        ledger.note(deed.plan_id, [Note(deed.action_id, "receipt", "answered", told=telling.told("why", Remark("removal-reported"), amazon="found", order_id=deed.feed))], now)
        ledger.feed_noted(str(deed.feed), stage="DONE", ended_at=now)
        return
    if seen.orders_read_at is not None and seen.orders_read_at - sent > timedelta(hours=table("curing")["removal"]["report_hours"]):
        never = telling.told("why", Remark("removal-not-reported"), code="never-made", order_id=deed.feed)
        ledger.note(deed.plan_id, [Note(deed.action_id, "receipt", "refused", told=never)], now)
        ledger.feed_noted(str(deed.feed), stage="LOST", ended_at=now)
