"""What is on record: the journal, removals, policies, alarms, and what Amazon will do by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Query
from pydantic import ConfigDict, Field

from refloat.api.callers import Request
from refloat.api.doors import read, write
from refloat.api.kinds import SIZE, SIZE_MOST, Asked, At, Day, LongText, Moment, Money, Number, OfAccount, OneAccount, Place, Size, Text, Told, YesNo
from refloat.api.places_in import flag, moment, packed, unpacked, whole
from refloat.api.plain import json_of
from refloat.api.problems import Problem
from refloat.api.words import say
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


class Chain(Told):
    """One chain of the journal, walked from its first entry to its last."""

    marketplace: Annotated[str, Field(description="Empty: of the whole account.")]
    entries: int
    head: Annotated[str, Field(description="The last entry's hash; kept elsewhere it proves that nothing was cut off.")]
    broken: Annotated[int | None, Field(description="The number of the first entry that is wrong; null: none is.")]
    how: Annotated[str | None, Field(description="missing, altered or moved.")]


class Chains(Told):
    """Every chain of an account."""

    items: list[Chain]


@read("/journal/chains", Chains, say("Whether the journal of an account is whole"), tag="records")
def check_journal(request: Request, asked: Query[OfAccount]) -> Any:
    """Each entry is held against the hash of the one before; nothing is changed by it."""
    request.auth.need_role("viewer", asked.account)
    return {"items": list(served.store().journal.checked(asked.account))}


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
    found = [_version(asked.account, row) for row in served.store().policies.history(asked.account, "policy")]
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
        checked, force = policy_of(body.text), policies.in_force(served.store(), body.account)
        return {"account": body.account, "version": force.version, "hash": checked.hash, "by": force.by, "at": force.at, "text": body.text}
    return _version(body.account, policies.enter_policy(served.store(), body.account, body.text, request.auth.access.name, served.clock().now()))


class PolicyTried(Asked):
    """A policy as TOML, to be tried on the account's own history."""

    account: Text
    text: Annotated[str, Field(min_length=1, max_length=100_000, pattern=r"^[^\x00]*$")]


class Outcome(Told):
    """On how many strandings a policy would have acted by itself, and what became of those."""

    acted: int
    became: Annotated[dict[str, int], Field(description="cured (and stayed so), came-back, otherwise, open, unknown.")]
    same_remedy: Annotated[int, Field(description="Of the cured: by the very remedy that the policy would have taken.")]
    lately: Annotated[int, Field(description="Of the cured: so lately that they may still come back.")]
    left: Annotated[dict[str, int], Field(description="Why it would never have acted on the others, in code.")]


class PolicyTrial(Told):
    """A policy beside the one in force, over the same history. What became of a stranding became of it under whatever was done at the time."""

    account: str
    strandings: int
    since: Annotated[datetime | None, Field(description="null: there is no history.")]
    now: Outcome
    then: Outcome
    newly: Annotated[list[str], Field(description="SKUs on which only the candidate would have acted; 200 at most.")]
    newly_count: Annotated[int, Field(description="How many strandings those are in all.")]
    no_longer: Annotated[list[str], Field(description="SKUs on which only the policy in force would have acted; 200 at most.")]
    no_longer_count: Annotated[int, Field(description="How many strandings those are in all.")]
    untold: Annotated[list[str], Field(description="What decides in earnest and no history keeps, in code.")]


@write("/policies/trial", PolicyTrial, say("Try a policy on the account's own history"), tag="records", scope="admin")
def try_policy(request: Request, body: PolicyTried) -> Any:
    """Nothing is entered by it, and nothing is sent."""
    from refloat.app.policy_trial import UNTOLD, Trial, compared
    from refloat.knowledge.policies_read import policy_of

    request.auth.need_role("admin", body.account)
    found = compared(served.store(), body.account, policy_of(body.text), served.clock().now())

    def told(one: Trial) -> dict[str, Any]:
        return {"acted": len(one.acted), "became": one.became, "same_remedy": one.same, "lately": one.lately, "left": dict(one.left)}

    lists: dict[str, Any] = {name: sorted({one.sku for one in getattr(found, name)})[:SIZE_MOST] for name in ("newly", "no_longer")}
    lists |= {f"{name}_count": len(getattr(found, name)) for name in ("newly", "no_longer")}
    return {"account": body.account, "strandings": found.strandings, "since": found.since, "now": told(found.now), "then": told(found.then), "untold": list(UNTOLD)} | lists


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
