"""Policies and notes by version, standing consents and what is used of them, the open proposal. Each change is an entry of the journal as well."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from refloat.errors import WrongUse
from refloat.model.plan import Plan
from refloat.model.policy import BY_POLICY, StandingConsent
from refloat.store.accounts import account_named
from refloat.store.journal import Journal
from refloat.store.models import Account, EnteredFile, PlannedAction, Proposal, StandingUse, StandingWord
from refloat.store.plans import Plans
from refloat.store.rows import EnteredRow, ProposalRow
from refloat.store.turns import reading, writing

#: Stages at which an action has used what speaks for it, or may have: its intent is written.
_SENT = ("intended", "answered", "shown", "unclear", "undone")


class Policies:
    """Accounts are named; times are UTC."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def enter(self, account: str, kind: str, text: str, by: str, at: datetime, *, digest: str | None = None, anew: bool = False) -> EnteredRow:
        """Keep a new version of the account's ``policy`` or ``notes``; the very text that holds already stays the version that it is, unless ``anew``."""
        said = digest or hashlib.sha256(text.encode()).hexdigest()
        with writing():
            owner = Account.objects.select_for_update().get(pk=account_named(account).pk)
            last = EnteredFile.objects.filter(account=owner, kind=kind).order_by("-version").first()
            if last is not None and last.text == text and not anew:
                return _entered(last)
            highest = EnteredFile.objects.filter(account=owner, kind=kind).aggregate(Max("version"))["version__max"] or 0
            row = EnteredFile.objects.create(account=owner, kind=kind, version=highest + 1, hash=said, text=text, by=by, at=at)
            self._journal.append(account, "", f"{kind}-entered", {"version": row.version, "hash": said, "by": by}, at)
            return _entered(row)

    def newest(self, account: str, kind: str) -> EnteredRow | None:
        """The version that holds; None where none was ever entered."""
        with reading():
            found = EnteredFile.objects.filter(account=account_named(account), kind=kind).order_by("-version").first()
            return None if found is None else _entered(found)

    def history(self, account: str, kind: str) -> tuple[EnteredRow, ...]:
        """Every version, the newest first."""
        with reading():
            return tuple(_entered(row) for row in EnteredFile.objects.filter(account=account_named(account), kind=kind).order_by("-version"))

    def give(self, account: str, word: StandingConsent) -> StandingConsent:
        """Keep a standing consent; its number is given here."""
        with writing():
            owner = account_named(account)
            row = StandingWord.objects.create(
                account=owner, by=word.by, rule_hash=word.rule_hash, units_most=word.units_most, fee_most=word.fee_most, currency=word.currency, expires_on=word.expires_on,
                given_at=word.given_at, addresses=json.dumps(dict(word.addresses), sort_keys=True),
            )  # fmt: skip
            given = _standing(row, ())
            self._journal.append(account, "", "standing-consent-given", given.as_json(), word.given_at)
            return given

    def revoke(self, account: str, standing: int, by: str, at: datetime) -> StandingConsent:
        """End a standing consent at once; what was sent under it stays sent.

        Raises:
            WrongUse: there is none of that number, or it was revoked before.
        """
        with writing():
            row = StandingWord.objects.filter(account=account_named(account), pk=standing, revoked_at=None).first()
            if row is None:
                raise WrongUse(
                    "{account} has no standing consent {id} that could be revoked.",
                    why="There is none of that number, or it was revoked before.",
                    todo="refloat policy consent list {account}",
                    account=account,
                    id=standing,
                )
            row.revoked_at, row.revoked_by = at, by
            row.save(update_fields=["revoked_at", "revoked_by"])
            self._journal.append(account, "", "standing-consent-revoked", {"id": row.pk, "by": by}, at)
        return next(one for one in self.standing(account) if one.id == standing)

    def standing(self, account: str) -> tuple[StandingConsent, ...]:
        """Every standing consent of the account with what is used of it, the oldest first."""
        with reading():
            owner = account_named(account)
            uses: dict[int, list[StandingUse]] = {}
            for use in StandingUse.objects.filter(standing__account=owner).order_by("id"):
                uses.setdefault(use.standing_id, []).append(use)
            sent = set(PlannedAction.objects.filter(plan_id__in={one.plan_id for own in uses.values() for one in own}, stage__in=_SENT).values_list("plan_id", "name"))
            return tuple(_standing(row, [one for one in uses.get(row.pk, ()) if (one.plan_id, one.action) in sent]) for row in StandingWord.objects.filter(account=owner).order_by("id"))

    def speak(self, plan: Plan, words: Mapping[str, Sequence[str]], uses: Mapping[int, Mapping[str, tuple[int, Decimal]]], at: datetime) -> None:
        """Keep the consents that rules gave, and what they use of standing consents, all of it or nothing.

        ``words``: by whom → ids of actions; ``uses``: standing consent → action id → units and fee.
        """
        with writing():
            for by, actions in words.items():
                Plans(self._journal).consent(plan, by, at, actions)
            rows = [StandingUse(standing_id=number, plan_id=plan.id, action=name, units=units, fee=fee) for number, own in uses.items() for name, (units, fee) in own.items()]
            StandingUse.objects.bulk_create(rows, batch_size=500)

    def began_by_rule(self, account: str, since: datetime) -> list[datetime]:
        """When each action began that ran by a rule or a standing consent, the earliest first."""
        with reading():
            # With the id: two actions of one moment are two.
            rows = self._by_rule(account).filter(intended_at__gt=since).values_list("id", "intended_at")
            return sorted(at for _, at in rows)

    def sent_by_rule(self, account: str, since: datetime) -> dict[str, set[str]]:
        """Plan → ids of its actions that were sent, by a rule or a standing consent, and not refused."""
        with reading():
            found: dict[str, set[str]] = {}
            for plan_id, name in self._by_rule(account).filter(intended_at__gt=since, stage__in=_SENT).values_list("plan_id", "name"):
                found.setdefault(plan_id, set()).add(name)
            return found

    def surprised(self, account: str) -> dict[str, datetime]:
        """Remedy → when a surprise last stopped it while it ran by itself."""
        with reading():
            found: dict[str, datetime] = {}
            for remedy, at in self._by_rule(account).filter(stage="stopped").values_list("remedy", "at"):
                found[remedy] = max(at, found.get(remedy, at))
            return found

    def _by_rule(self, account: str) -> Any:
        own = PlannedAction.objects.filter(account=account_named(account))
        spoken = StandingUse.objects.filter(standing__account=account_named(account)).values("plan_id")
        return own.filter(plan__consent__by__startswith=BY_POLICY).distinct() | own.filter(plan_id__in=spoken).distinct()

    def proposal(self, account: str) -> ProposalRow | None:
        """The open proposal."""
        with reading():
            found = Proposal.objects.filter(account=account_named(account), closed_at=None).first()
            return None if found is None else ProposalRow(found.plan_id, found.substance, found.opened_at, json.loads(found.decided))

    def propose(self, account: str, plan: Plan | None, substance: str, decided: Mapping[str, Any], at: datetime) -> None:
        """Let this plan (kept already) be the open proposal, or none; the same substance only gets its newest decisions."""
        said = json.dumps(dict(decided), ensure_ascii=False, sort_keys=True)
        with writing():
            owner = Account.objects.select_for_update().get(pk=account_named(account).pk)
            now = Proposal.objects.filter(account=owner, closed_at=None).first()
            if now is not None and plan is not None and now.plan_id == plan.id:
                Proposal.objects.filter(pk=now.pk).update(decided=said)
                return
            if now is not None:
                Proposal.objects.filter(pk=now.pk).update(closed_at=at)
            if plan is not None:
                Proposal.objects.create(account=owner, plan_id=plan.id, substance=substance, opened_at=at, decided=said)
            if now is not None or plan is not None:
                body = {"plan": plan.id if plan else None, "before": now.plan_id if now else None}
                self._journal.append(account, "", "proposed", body, at)


def _entered(row: EnteredFile) -> EnteredRow:
    return EnteredRow(row.kind, row.version, row.hash, row.text, row.by, row.at)


def _standing(row: StandingWord, uses: Iterable[StandingUse]) -> StandingConsent:
    own: Collection[StandingUse] = list(uses)
    return StandingConsent(
        row.pk, row.by, row.rule_hash, row.units_most, row.fee_most, row.currency, row.expires_on, row.given_at, row.revoked_at, row.revoked_by,
        sum(one.units for one in own), sum((one.fee for one in own), Decimal(0)), json.loads(row.addresses or "{}"),
    )  # fmt: skip
