"""An account's plans as a list: how far each is, in numbers; no plan is unpacked for it."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import BinaryField, Count, QuerySet
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
        return tuple(row for _, row in _rows(PlanDocument.objects.filter(account=account_named(account)), most))


def rows_of(accounts: Sequence[str] | None, most: int, before: datetime | None = None) -> list[tuple[str, PlanRow]]:
    """The newest plans of these accounts (None: of all), made before that moment, each with its account's name."""
    with reading():
        found = PlanDocument.objects.all() if accounts is None else PlanDocument.objects.filter(account__name__in=accounts)
        return _rows(found if before is None else found.filter(made_at__lt=before), most)


def row_of(plan_id: str) -> tuple[str, PlanRow] | None:
    """One plan with its account's name; None where there is none of that id."""
    with reading():
        return next(iter(_rows(PlanDocument.objects.filter(pk=plan_id), 1)), None)


def _rows(found: QuerySet[PlanDocument], most: int) -> list[tuple[str, PlanRow]]:
    with reading():
        headed = found.annotate(head=Substr("packed", 1, _HEAD_BYTES, output_field=BinaryField()))
        plans = list(headed.order_by("-made_at", "-id").values_list("id", "made_at", "fingerprint", "head", "account__name")[:most])
        names = [name for name, *_ in plans]
        stages, verdicts = _counts(names)
        approved = _approved(names)
    rows = []
    for name, made_at, fingerprint, head, account in plans:
        actions = sum(stages[name].values())
        consents = approved.get((name, fingerprint), [])
        count = actions if None in consents else len({action for some in consents for action in some or ()})
        rows.append((account, PlanRow(name, made_at, _good_until(bytes(head)), actions, count, stages[name], verdicts[name])))
    return rows


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
