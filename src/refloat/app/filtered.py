"""The findings that fit a question of the pages, whole, one by one: from the rows that each look keeps of what is open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from refloat.knowledge.catalogue import Catalogue
from refloat.loop.findings import finding
from refloat.loop.kept_rows import KeptRow, row_of
from refloat.model.finding import Finding
from refloat.store import Store
from refloat.store.finding_rows import Asked, Days, FindingRow

#: So many are read at once.
_AT_ONCE = 2000
#: The cause of what nobody can say more of.
_UNEXPLAINED = "unexplained"


def findings_of(store: Store, asked: Asked, today: Days, known: Catalogue, language: str) -> Iterator[Finding]:
    """However many, the most urgent first; ages and days left as of today."""
    keys = (number for number, *_ in store.pages.keys(asked, today))
    while some := list(islice(keys, _AT_ONCE)):
        told = store.pages.diagnosed(some)
        for row in store.pages.rows(some):
            yield finding(_as_of(row, row_of(told[row.id]) if row.id in told else KeptRow(), today.at(row.marketplace), known), known, language)


def _as_of(row: FindingRow, kept: KeptRow, today: date, known: Catalogue) -> KeptRow:
    """The row whole; of what no report names any more, what was last known. The days that have gone since the look count."""
    plain = {name: getattr(row, name) for name in FindingRow._fields if name not in {"id", "urgency", "price_amount", "held_until_on", "looked_on"}}
    made = KeptRow({**kept, **plain, "price_shown": row.price_amount, "today": today})
    made["units_fulfillable"] = kept["units_fulfillable"] if kept else row.units_stranded
    made["cause"] = row.cause if row.cause in known.causes else _UNEXPLAINED
    made["remedy"] = row.remedy if row.remedy in known.remedies else known.causes[_UNEXPLAINED].remedies[0]
    made["stranded_days"] = None if row.stranded_on is None else (today - row.stranded_on).days
    made["days_left"] = None if row.removal_due_on is None else (row.removal_due_on - today).days
    if row.cost_so_far is not None:
        made["cost_so_far"] = row.cost_so_far + (row.cost_per_day or 0) * max(0, (today - row.looked_on).days)
    return made
