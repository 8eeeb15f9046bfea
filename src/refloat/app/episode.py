"""One stranding, open or closed, with everything that is on record of it: what a page of its own shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.app.as_found import diagnosed, held_until
from refloat.app.choices import Choice, choices
from refloat.app.moments import Moment, moments
from refloat.app.policies import in_force, notes_on_record
from refloat.app.showing import today_in
from refloat.app.tasks import Desk, fallbacks, on_record
from refloat.knowledge.catalogue import Catalogue
from refloat.loop.findings import finding
from refloat.model.finding import Finding
from refloat.model.notes import Notes
from refloat.model.ports import Clock, Deed
from refloat.model.task import Task
from refloat.store import SkuNoteRow, SourceRow, Store, StrandingRow
from refloat.store.finding_rows import FindingRow


@dataclass(frozen=True)
class Episode:
    """``found``, ``row`` and ``finding``: the last look's, as of ``today`` in the marketplace; None where the record alone tells.

    ``others``: the SKU's other strandings there, the oldest first. ``fallbacks``: remedies by hand of its cause that have no task yet.
    """

    account: str
    stranding: StrandingRow
    now: datetime
    today: date
    found: FindingRow | None
    row: Mapping[str, Any] | None
    finding: Finding | None
    held_until_on: date | None
    choices: Sequence[Choice]
    moments: Sequence[Moment]
    deeds: Sequence[Deed]
    tasks: Sequence[Task]
    fallbacks: Sequence[str]
    sources: Sequence[SourceRow]
    notes: Notes
    #: What a person entered as its price from now on, and whether it counts: a notes file of a later day may have another.
    price: SkuNoteRow | None
    price_counts: bool
    #: That a person took the SKU out of what runs by itself, in every marketplace; None: nobody did.
    opted_out: SkuNoteRow | None
    others: Sequence[StrandingRow]


def episode(store: Store, stranding_id: int, clock: Clock, language: str, pages: Path | None = None) -> Episode | None:
    """None: there is no such stranding."""
    there = store.strandings.one(stranding_id)
    if there is None:
        return None
    account, stranding = there
    (notes, wishes), now = notes_on_record(store, account), clock.now()
    price = store.sku_notes.of(account, "price", stranding.marketplace, stranding.sku)
    desk, today = Desk(store, account, notes, language, clock, pages), today_in(stranding.marketplace, now)
    found, text = store.pages.one(stranding_id) or (None, None)
    row = None if text is None else diagnosed(text, today)
    known, tasks = desk.catalogue, _tasks(desk, stranding_id)
    deeds = [deed for deed in store.plans.planned_for(account, stranding.marketplace, stranding.sku) if _of_this(deed, stranding)]
    cause = (row or {}).get("cause") or stranding.now.cause or ""
    return Episode(
        account,
        stranding,
        now,
        today,
        found,
        row,
        None if row is None else _finding(row, known, language, found),
        held_until(found, today),
        () if row is None else choices(row, in_force(store, account).policy.removal, notes, now),
        _moments(store, account, stranding, deeds),
        deeds,
        tasks,
        () if stranding.closed_at else [name for name in fallbacks(known, cause) if name not in {task.remedy for task in tasks}],
        store.snapshots.sources(account, stranding.marketplace),
        notes,
        price,
        price is not None and wishes.of(stranding.marketplace).prices.get(stranding.sku) == Decimal(price.value),
        store.sku_notes.of(account, "opt-out", "", stranding.sku),
        [one for one in store.strandings.history(account, stranding.sku, stranding.marketplace) if one.id != stranding_id],
    )


def _of_this(deed: Deed, stranding: StrandingRow) -> bool:
    """Of this stranding; one that was planned before the stranding was on record, by its moment."""
    if deed.stranding_id is not None:
        return deed.stranding_id == stranding.id
    return deed.at >= stranding.opened_at and (stranding.closed_at is None or deed.at <= stranding.closed_at)


def _finding(row: Mapping[str, Any], known: Catalogue, language: str, found: FindingRow | None) -> Finding | None:
    """The finding; its standing is the one of now. None: its cause is a page of the user's own that has gone since."""
    if row["cause"] not in known.causes:
        return None
    standing = found.standing if found else row["standing"]
    return replace(finding(row, known, language), standing=standing)


def _tasks(desk: Desk, stranding_id: int) -> list[Task]:
    rows = [one.row for one in desk.store.task_pages.of_stranding(stranding_id)]
    return on_record(desk, [row for row in rows if row.remedy in desk.catalogue.remedies])


def _moments(store: Store, account: str, stranding: StrandingRow, deeds: Sequence[Deed]) -> list[Moment]:
    plans = sorted({deed.plan_id for deed in deeds})
    consents = {plan: store.plans.consents(plan) for plan in plans}
    return moments(stranding, deeds, consents, store.plans.made_at(plans), store.journal.about(account, stranding.sku, stranding.marketplace))
