"""What people asked of plans: who wanted one, and for what; what they refused, and why; whose matter a stranding is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from refloat.model.plan import Action, Plan
from refloat.store.accounts import account_named
from refloat.store.asked_rows import AskedRow, RefusalRow
from refloat.store.journal import Journal
from refloat.store.models import Account, Assigned, PlanAsked, RefusedAction, Role, Stranding
from refloat.store.sql import answers, marks
from refloat.store.turns import reading, writing

#: So many are asked for in one question.
_AT_ONCE = 400


class Asking:
    """Accounts are named; times are UTC."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def asked_for(self, plan: Plan, by: str, asked: Mapping[str, Any], at: datetime) -> None:
        """A person asked for this plan."""
        with writing():
            PlanAsked.objects.create(plan_id=plan.id, by=by, at=at, asked=json.dumps(dict(asked), ensure_ascii=False, sort_keys=True))
            self._journal.append(plan.account, "", "plan-asked", {"plan": plan.id, "by": by, **asked}, at)

    def who_asked(self, plan_id: str) -> AskedRow | None:
        """Who asked for the plan; None where the command line or a rule made it."""
        with reading():
            found = PlanAsked.objects.filter(pk=plan_id).first()
            return None if found is None else AskedRow(found.by, found.at, json.loads(found.asked))

    def refuse(self, plan: Plan, actions: Sequence[Action], by: str, why: str, at: datetime) -> int:
        """These actions shall not be carried out, and not be proposed again unchanged; how many were not refused before."""
        with writing():
            owner = Account.objects.select_for_update().get(pk=account_named(plan.account).pk)
            before = set(RefusedAction.objects.filter(plan_id=plan.id).values_list("name", flat=True))
            new = [action for action in actions if action.id not in before]
            rows = (RefusedAction(plan_id=plan.id, account=owner, name=one.id, substance=one.substance, by=by, at=at, why=why) for one in new)
            RefusedAction.objects.bulk_create(rows, batch_size=500)
            if new:
                chosen = None if len(new) == len(plan.actions) else sorted(action.id for action in new)
                self._journal.append(plan.account, "", "refused", {"plan": plan.id, "fingerprint": plan.fingerprint, "by": by, "why": why, "actions": chosen}, at)
        return len(new)

    def refusals(self, plan_id: str) -> dict[str, RefusalRow]:
        """Action id → who refused it."""
        with reading():
            found = RefusedAction.objects.filter(plan_id=plan_id).order_by("id").values_list("name", "by", "at", "why")
            return {row[0]: RefusalRow(*row) for row in found}

    def refused(self, account: str) -> dict[str, RefusalRow]:
        """Substance → who refused it last, in whichever plan."""
        with reading():
            found = RefusedAction.objects.filter(account=account_named(account)).order_by("id").values_list("substance", "name", "by", "at", "why")
            return {row[0]: RefusalRow(*row[1:]) for row in found}

    def assign(self, account: str, strandings: Iterable[int], person_id: int | None, name: str | None, by: str, at: datetime) -> int:  # noqa: PLR0917 - whose, what, to whom, by whom
        """Give these open strandings to a person, or to nobody; how many there were."""
        ids, count = list(strandings), 0
        with writing():
            owner = account_named(account)
            for some in (ids[at_ : at_ + _AT_ONCE] for at_ in range(0, len(ids), _AT_ONCE)):
                rows = list(Stranding.objects.filter(account=owner, pk__in=some).order_by("marketplace", "id").values_list("id", "marketplace", "sku"))
                Assigned.objects.filter(stranding_id__in=[row[0] for row in rows]).delete()
                if person_id is not None:
                    Assigned.objects.bulk_create(Assigned(stranding_id=row[0], person_id=person_id, by=by, at=at) for row in rows)
                for place in sorted({row[1] for row in rows}):
                    self._journal.append_all(account, place, [("assigned", {"sku": row[2], "to": name, "by": by}) for row in rows if row[1] == place], at)
                count += len(rows)
        return count

    def assignees(self, strandings: Sequence[int]) -> dict[int, str]:
        """Stranding → the name of whose matter it is."""
        with reading():
            text = f"SELECT s.stranding_id, p.name FROM store_assigned s JOIN store_person p ON p.id = s.person_id WHERE s.stranding_id IN ({marks(strandings)})"  # noqa: S608 - placeholders
            return dict(answers(text, list(strandings))) if strandings else {}

    def people_for(self, account: str) -> dict[int, str]:
        """Who may be given a stranding of the account: person → name."""
        with reading():
            found = Role.objects.filter(person__is_active=True).exclude(role="viewer")
            own = found.filter(account=account_named(account)) | found.filter(account=None)
            return dict(own.order_by("person__name").values_list("person_id", "person__name"))
