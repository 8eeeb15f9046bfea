"""An account's plans as a list: how far each is, in numbers; no plan is unpacked for it."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from datetime import datetime

from django.db.models import BinaryField, Count
from django.db.models.functions import Substr

from refloat.store.accounts import account_named
from refloat.store.models import Consent, PlanDocument, PlannedAction
from refloat.store.rows import PlanRow
from refloat.store.turns import reading

#: The head of a plan holds how long it is good; what follows may be megabytes.
_HEAD_BYTES = 1024
_GOOD_UNTIL = re.compile(rb'"good_until":"([^"]+)"')


def plan_rows(account: str, most: int) -> tuple[PlanRow, ...]:
    """The newest plans of the account, ``most`` of them.

    Raises:
        WrongUse: there is no such account.
    """
    with reading():
        found = PlanDocument.objects.filter(account=account_named(account)).annotate(head=Substr("packed", 1, _HEAD_BYTES, output_field=BinaryField()))
        plans = list(found.order_by("-made_at", "-id").values_list("id", "made_at", "fingerprint", "head")[:most])
        names = [name for name, *_ in plans]
        stages, verdicts = _counts(names)
        approved = _approved(names)
    rows = []
    for name, made_at, fingerprint, head in plans:
        actions = sum(stages[name].values())
        consents = approved.get((name, fingerprint), [])
        count = actions if None in consents else len({action for some in consents for action in some or ()})
        rows.append(PlanRow(name, made_at, _good_until(bytes(head)), actions, count, stages[name], verdicts[name]))
    return tuple(rows)


def _counts(names: list[str]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Plan → how many actions stand at each stage, and how many have each verdict."""
    stages = {name: Counter[str]() for name in names}
    verdicts = {name: Counter[str]() for name in names}
    for name, stage, verdict, count in PlannedAction.objects.filter(plan_id__in=names).values_list("plan_id", "stage", "verdict").annotate(count=Count("id")):
        stages[name][stage] += count
        if verdict is not None:
            verdicts[name][verdict] += count
    return stages, verdicts


def _approved(names: list[str]) -> dict[tuple[str, str], list[list[str] | None]]:
    """(plan, fingerprint) → the actions of each consent; None: all of them."""
    found: dict[tuple[str, str], list[list[str] | None]] = {}
    for name, fingerprint, actions in Consent.objects.filter(plan_id__in=names).values_list("plan_id", "fingerprint", "actions"):
        found.setdefault((name, fingerprint), []).append(None if actions is None else json.loads(actions))
    return found


def _good_until(head: bytes) -> datetime | None:
    """How long the plan is good; None where it is damaged."""
    try:
        found = _GOOD_UNTIL.search(zlib.decompressobj().decompress(head))
        return datetime.fromisoformat(found[1].decode()) if found else None
    except (zlib.error, ValueError):
        return None
