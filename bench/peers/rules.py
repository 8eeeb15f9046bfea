"""What the peers know: the catalogue's pages as plain dictionaries, and the few causes that three files can show.

Written apart from ``refloat.loop`` on purpose: the peers are also its oracle. No Polars here.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date, timedelta

from refloat.knowledge.catalogue import UNEXPLAINED, catalogue
from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import clock_days, table

PAGES = catalogue()
FOUND, ARTEFACT = re.compile(r"Amazon\.Found\."), re.compile(r"FBA.*missing\d*$|amzn\.gr\.")
#: Kinds of reasons that other evidence may overrule, and the reasons that a missing listing explains.
OPEN_KINDS = frozenset({"listing", "stock", "channel", "price", "quality"})
FUTURE_KINDS = OPEN_KINDS - {"quality"}
UPLOAD_KINDS = OPEN_KINDS - {"channel"}
GONE = frozenset({"listing-closed", "listing-closed-and-inventory-error", "listing-error", "missing-sku", "inventory-error", "listing-removed", "no-listing-exists-for-inventory"})
CAUSE_OF = {name: cause.name for cause in PAGES.causes.values() if cause.said_as for name in (cause.name,)}
REMEDY_OF = {name: cause.remedies[0] for name, cause in PAGES.causes.items()}
NOTICE_DAYS: int = table("limits")["automation"]["removal_notice_days"]
BUCKETS: list[int] = table("limits")["order"]["buckets"]
EXEMPT = -1


def symptom_of(said: str) -> str | None:
    return PAGES.symptom_of(said) if said else None


def kind_of(symptom: str | None) -> str | None:
    return PAGES.symptoms[symptom].kind if symptom else None


def blocked(status: str) -> bool:
    return reason_key(status) == "blocked"


def clock_of(symptom: str | None, cause: str) -> int:
    """Days before Amazon removes the units; EXEMPT where it does not."""
    if REMEDY_OF[cause] == "hold":
        return EXEMPT
    clock = (PAGES.symptoms[symptom].clock if symptom else None) or PAGES.causes[cause].clock or "unlisted"
    return EXEMPT if clock == "exempt" else clock_days(clock) or EXEMPT


def cause_by_reason(symptom: str | None) -> str:
    return CAUSE_OF.get(symptom or "", UNEXPLAINED)


def bucket_of(days_left: int | None) -> int:
    """0 overdue, 1 within a week, … ; the last one has no date."""
    if days_left is None:
        return len(BUCKETS) + 1
    if days_left < BUCKETS[0]:
        return 0
    return next((index for index, limit in enumerate(BUCKETS[1:], 1) if days_left <= limit), len(BUCKETS))


def asked() -> tuple[list[str], date, date]:
    """The three files, the day, and the day that lies Amazon's notice ahead."""
    today = date.fromisoformat(sys.argv[4])
    return sys.argv[1:4], today, today + timedelta(days=NOTICE_DAYS)


def tell(rows: int, by_cause: dict[str, int], worth_cents: int, due_within_7_days: int, first: Sequence[str]) -> None:
    """The answer, in the form that ``run.py`` compares."""
    json.dump({"rows": rows, "by_cause": dict(sorted(by_cause.items())), "worth_cents": worth_cents, "due_within_7_days": due_within_7_days, "first": list(first)}, sys.stdout)
