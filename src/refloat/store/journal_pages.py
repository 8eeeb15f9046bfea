"""Pages of the journal, the newest entry first: each is found by an index, however many entries there are."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from refloat.store.letters import storable
from refloat.store.models import Account, JournalEntry
from refloat.store.page_rows import AskedEntries, EntryCursor, EntryPage, PlacedEntry
from refloat.store.rows import EntryRow
from refloat.store.turns import reading


def page(asked: AskedEntries, cursor: EntryCursor | None, size: int) -> EntryPage:
    """``size`` entries after (or before) the cursor."""
    back = cursor is not None and cursor.back
    with reading():
        owner = Account.objects.filter(name=asked.account, removed_at=None).first()
        if owner is None:
            return EntryPage((), None, None)
        rows = list(_found(owner, asked, cursor)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    rows = rows[::-1] if back else rows
    entries = tuple(PlacedEntry(row.pk, row.marketplace, EntryRow(row.number, row.at, row.kind, json.loads(row.body), row.hash)) for row in rows)
    if not rows:
        return EntryPage((), None, None)
    first, last = EntryCursor(rows[0].at, rows[0].pk, True), EntryCursor(rows[-1].at, rows[-1].pk)
    return EntryPage(entries, last if back or more else None, first if (more if back else cursor is not None) else None)


def _found(owner: Account, asked: AskedEntries, cursor: EntryCursor | None) -> Any:
    equal = {"marketplace": asked.marketplace, "kind": asked.kind, "about_sku": asked.sku and storable(asked.sku), "about_plan": asked.plan and storable(asked.plan)}
    # An index on moments has all chains in one; a quiet chain would be looked for among the entries of the others.
    chain = asked.marketplace is not None and not (asked.kind or asked.sku or asked.plan or asked.since or asked.until)
    found = JournalEntry.objects.filter(account=owner, **{name: value for name, value in equal.items() if value is not None})
    found = found.filter(**{name: value for name, value in {"at__gte": asked.since, "at__lt": asked.until}.items() if value is not None})
    order = ("number",) if chain else ("at", "id")
    if cursor is not None:
        found = found.filter(_beyond(owner, cursor, chain=chain))
    return found.order_by(*(order if cursor is not None and cursor.back else [f"-{name}" for name in order]))


def _beyond(owner: Account, cursor: EntryCursor, *, chain: bool) -> Q:
    side = "gt" if cursor.back else "lt"
    if chain:
        number = JournalEntry.objects.filter(account=owner, pk=cursor.id).values_list("number", flat=True).first() or 0
        return Q(**{f"number__{side}": number})
    # The bound on the moment alone lets the index begin where the page does.
    return Q(**{f"at__{side}e": cursor.at}) & (Q(**{f"at__{side}": cursor.at}) | Q(**{f"id__{side}": cursor.id}))


def kinds(accounts: Collection[str] | None) -> tuple[str, ...]:
    """Every kind that an entry of these accounts has: one step of an index a kind, not one an entry."""
    with reading():
        owners = Account.objects.filter(removed_at=None, **({} if accounts is None else {"name__in": list(accounts)})).values_list("pk", flat=True)
        return tuple(sorted({kind for owner in owners for kind in _kinds_of(owner)}))


def _kinds_of(owner: int) -> list[str]:
    found, last = list[str](), ""
    while (kind := JournalEntry.objects.filter(account_id=owner, kind__gt=last).order_by("kind").values_list("kind", flat=True).first()) is not None:
        found.append(kind)
        last = kind
    return found
