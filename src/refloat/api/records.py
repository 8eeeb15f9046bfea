"""What is on record: the journal, removals, policies, alarms, and what Amazon will do by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import ConfigDict, Field

from refloat.api.callers import Request
from refloat.api.doors import read, write
from refloat.api.kinds import SIZE, Asked, At, Day, LongText, Moment, Money, Number, Place, Size, Text, Told, YesNo
from refloat.api.places_in import flag, moment, packed, unpacked, whole
from refloat.api.plain import json_of
from refloat.api.plan_rows import DeedOfPlan, deed_of
from refloat.api.problems import Problem
from refloat.api.words import language_of, say
from refloat.api.you import names_of
from refloat.app import served
from refloat.store import AlarmRow, EnteredRow
from refloat.store.page_rows import AskedEntries, EntryCursor


class Entry(Told):
    """One entry of the journal."""

    id: int
    marketplace: Annotated[str, Field(description="Empty: of the whole account.")]
    number: int
    at: datetime
    kind: str
    body: dict[str, Any]
    hash: str


class Journal(Told):
    """The newest first."""

    items: list[Entry]
    next: str | None
    before: str | None


class AskedJournal(Asked):
    """Which entries of one account."""

    account: Text
    marketplace: Place | None = None
    kind: Text | None = None
    sku: Text | None = None
    plan: Text | None = None
    since: Day | None = None
    until: Day | None = None
    at: At | None = None
    size: Size = SIZE


@read("/journal", Journal, say("The journal of an account, the newest entry first"), tag="records")
def list_journal(request: Request, asked: Query[AskedJournal]) -> Any:
    """Append-only; each entry's hash covers the one before."""
    from datetime import UTC, time

    request.auth.need_role("viewer", asked.account)
    begins = unpacked(asked.at, moment, whole, flag)
    since, until = (None if day is None else datetime.combine(day, time(), UTC) for day in (asked.since, asked.until))
    page = served.store().journal.page(AskedEntries(asked.account, asked.marketplace, asked.kind, asked.sku, asked.plan, since, until), EntryCursor(*begins) if begins else None, asked.size)
    items = [{"id": one.id, "marketplace": one.marketplace} | {name: getattr(one.entry, name) for name in ("number", "at", "kind", "body", "hash")} for one in page.entries]
    return {"items": items, "next": packed(page.next), "before": packed(page.before)}


class Removals(Told):
    """Removals that were sent, the newest first."""

    items: list[DeedOfPlan]


class OneAccount(Asked):
    """Of which account."""

    account: Text
    size: Size = SIZE


@read("/removals", Removals, say("The removals of an account, the newest first"), tag="records")
def list_removals(request: Request, asked: Query[OneAccount]) -> Any:
    """Each with how far it is."""
    request.auth.need_role("viewer", asked.account)
    return {"items": [deed_of(one, language_of(request)) for one in _there(asked.account).plans.removals(asked.account, asked.size)]}


def _there(account: str) -> Any:
    """The store, where it has the account."""
    if account not in {row.name for row in served.store().accounts.list()}:
        raise Problem("not-there")
    return served.store()


class PolicyVersion(Told):
    """A version of the seller's policy; 0 is what holds where none was entered, by which nothing runs by itself."""

    account: str
    version: int
    hash: str
    by: str
    at: datetime | None
    text: str


class Policies(Told):
    """The one in force first."""

    items: list[PolicyVersion]


class PolicyWanted(Asked):
    """A policy as TOML; with check_only it is checked and not entered."""

    account: Text
    text: Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"^[^\x00]*$")]
    check_only: bool = False


@read("/policies", Policies, say("An account's policy in force, and every version before"), tag="records")
def list_policies(request: Request, asked: Query[OneAccount]) -> Any:
    """What may happen by itself, and whose word counts."""
    from refloat.app.policies import in_force
    from refloat.knowledge.policies_read import shipped

    request.auth.need_role("viewer", asked.account)
    found = [_version(asked.account, row) for row in _there(asked.account).policies.history(asked.account, "policy")]
    if not found:
        force = in_force(served.store(), asked.account)
        found = [{"account": asked.account, "version": force.version, "hash": force.policy.hash, "by": force.by, "at": force.at, "text": shipped("fresh")}]
    return {"items": found[: asked.size]}


def _version(account: str, row: EnteredRow) -> dict[str, Any]:
    return {"account": account, "version": row.version, "hash": row.hash, "by": row.by, "at": row.at, "text": row.text}


@write("/policies", PolicyVersion, say("Enter a policy, or only have it checked"), tag="records", scope="admin")
def enter_policy(request: Request, body: PolicyWanted) -> Any:
    """Whatever is wrong in it is named, all of it at once; the one before then still holds."""
    from refloat.app import policies
    from refloat.knowledge.policies_read import policy_of

    request.auth.need_role("admin", body.account)
    if body.check_only:
        checked, force = policy_of(body.text), policies.in_force(_there(body.account), body.account)
        return {"account": body.account, "version": force.version, "hash": checked.hash, "by": force.by, "at": force.at, "text": body.text}
    return _version(body.account, policies.enter_policy(_there(body.account), body.account, body.text, request.auth.access.name, served.clock().now()))


class Audit(Told):
    """What Amazon will do by itself, by day; and Amazon's settings on which that rests, as they were entered."""

    model_config = ConfigDict(extra="allow")
    account: str
    as_of: str
    events: list[dict[str, Any]]
    settings: list[dict[str, Any]]


@read("/audit", Audit, say("What Amazon will do by itself, on which day, with how much"), tag="records")
def get_audit(request: Request, asked: Query[OneAccount]) -> Any:
    """With what our remedies would spare."""
    from refloat.app.audit import audited

    request.auth.need_role("viewer", asked.account)
    _there(asked.account)
    return audited(served.store(), asked.account, served.clock()).as_json()


class Alarm(Told):
    """An alarm as it stands on record; it clears by itself."""

    id: int
    account: str
    marketplace: str
    kind: str
    step: int | None
    facts: dict[str, Any]
    worth: list[Money]
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    acknowledged_why: str
    snoozed_until: datetime | None
    snoozed_why: str


class Alarms(Told):
    """The newest first."""

    items: list[Alarm]


class AskedAlarms(Asked):
    """Which alarms."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    cleared: Annotated[YesNo, Field(description="Also those of the last 30 days that are over.")] = "false"
    size: Size = SIZE


class Acknowledged(Asked):
    """A person takes it."""

    why: LongText


class Snoozed(Asked):
    """Nothing is sent of it until then."""

    why: LongText
    until: Moment


def _alarm(row: AlarmRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Alarm.model_fields} | {"facts": json_of(row.facts), "worth": [one.as_json() for one in row.worth]}


@read("/alarms", Alarms, say("Alarms, the newest first"), tag="records")
def list_alarms(request: Request, asked: Query[AskedAlarms]) -> Any:
    """Open ones, and lately cleared ones where that is asked."""
    from datetime import timedelta

    names = set(names_of(request, asked.account))
    since = served.clock().now() - timedelta(days=30) if asked.cleared == "true" else None
    return {"items": [_alarm(one) for one in served.store().alarms.list(cleared_since=since) if one.account in names][: asked.size]}


def _own_alarm(request: Request, alarm_id: int) -> None:
    account = served.store().alarms.account_of(alarm_id)
    if account is None:
        raise Problem("not-there")
    request.auth.need_role("operator", account)


@write("/alarms/{alarm_id}/acknowledge", Alarm, say("Take an alarm, with the reason"), tag="records", scope="plan")
def acknowledge_alarm(request: Request, alarm_id: Number, body: Acknowledged) -> Any:
    """What was still on its way to people is dropped."""
    _own_alarm(request, alarm_id)
    return _alarm(served.store().alarms.acknowledge(alarm_id, request.auth.access.name, body.why, served.clock().now()))


@write("/alarms/{alarm_id}/snooze", Alarm, say("Let an alarm sleep until a moment"), tag="records", scope="plan")
def snooze_alarm(request: Request, alarm_id: Number, body: Snoozed) -> Any:
    """If it still holds then, it is told again."""
    _own_alarm(request, alarm_id)
    return _alarm(served.store().alarms.snooze(alarm_id, body.until, request.auth.access.name, body.why, served.clock().now()))
