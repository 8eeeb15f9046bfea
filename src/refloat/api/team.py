"""Who works with Refloat, who is told of what, what could not be delivered, and what works by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from ninja import Query
from pydantic import Field

from refloat.api.callers import Caller, Request
from refloat.api.doors import read, write
from refloat.api.kinds import APage, Money, Number, Paged, Told, YesNo
from refloat.api.places_in import sliced
from refloat.api.problems import Problem
from refloat.api.words import say
from refloat.api.you import Role
from refloat.app import served
from refloat.store import DeliveryRow, DueRow


class Person(Told):
    """Somebody who may use this Refloat."""

    id: int
    name: str
    email: str
    roles: list[Role]
    signed_in_at: Annotated[datetime | None, Field(description="null: never yet.")]


class People(Paged):
    """Everybody."""

    items: list[Person]


@read("/people", People, say("Everybody, and their roles"), tag="team")
def list_people(request: Request, asked: Query[APage]) -> Any:
    """For administrators of all accounts, with a token of the use “admin”."""
    request.auth.need("admin")
    request.auth.need_everywhere("admin")
    found = [
        {name: getattr(one, name) for name in ("id", "name", "email", "signed_in_at")}
        | {"roles": [{"account": account, "role": role} for account, role in sorted(one.roles.items(), key=lambda held: held[0] or "")]}
        for one in served.store().people.everyone()
    ]
    return sliced(found, asked.at, asked.size)


class Recipient(Told):
    """Who is told of what. The address is a secret: only its service and host are shown."""

    id: int
    name: str
    shown: str
    language: str
    timezone: str
    accounts: Annotated[list[str] | None, Field(description="null: of all.")]
    kinds: Annotated[list[str] | None, Field(description="Of which alarms; null: of all.")]
    steps: Annotated[dict[str, list[int]], Field(description="Of which alarms they are told at steps of their own; of others at every step.")]
    least_worth: Annotated[list[Money], Field(description="What is worth less is not told; one amount a currency.")]
    digests: list[str]
    quiet: Annotated[list[int] | None, Field(description="Hours of their day, from and until, in which only what is urgent is sent.")]
    cleared: Annotated[bool, Field(description="Also told when an alarm is over.")]


class Recipients(Paged):
    """Every recipient."""

    items: list[Recipient]


@read("/recipients", Recipients, say("Who is told of what"), tag="team")
def list_recipients(request: Request, asked: Query[APage]) -> Any:
    """For administrators of all accounts, with a token of the use “admin”."""
    request.auth.need("admin")
    request.auth.need_everywhere("admin")
    plain = ("id", "name", "shown", "language", "timezone", "digests", "quiet", "cleared")
    found = [
        {name: getattr(one, name) for name in plain}
        | {
            "accounts": None if one.wanted.accounts is None else sorted(one.wanted.accounts),
            "kinds": None if one.wanted.kinds is None else sorted(one.wanted.kinds),
            "steps": {kind: list(steps) for kind, steps in (one.wanted.steps or {}).items()},
            "least_worth": [amount.as_json() for amount in one.wanted.least_worth],
        }
        for one in served.store().recipients.list()
    ]
    return sliced(found, asked.at, asked.size)


class Letter(Told):
    """A message that is on its way, or was given up."""

    id: int
    recipient: str
    account: Annotated[str | None, Field(description="Of the alarm; null: it is a digest, of all accounts of its recipient.")]
    alarm: Annotated[int | None, Field(description="null: it is a digest.")]
    about: Annotated[str, Field(description="Of a digest its name and period; else empty.")]
    made_at: datetime
    tries: int
    next_try_at: Annotated[datetime | None, Field(description="null: it was given up.")]
    trouble: Annotated[str | None, Field(description="Why the last try failed: a word, never an address.")]


class Letters(Paged):
    """Those that were given up, the newest first; or those that wait, the oldest first."""

    items: list[Letter]


class WhichLetters(APage):
    """Which messages."""

    waiting: Annotated[YesNo, Field(description="Those that are still to be sent, instead of those that were given up.")] = "false"


def _may(caller: Caller, role: str, one: DeliveryRow) -> bool:
    """A digest tells of all accounts of its recipient, so it is for those who have the role for all."""
    return caller.access.everywhere(role) if one.alarm is None else caller.access.may(role, one.alarm.account)


def _letter(one: DeliveryRow) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("id", "recipient", "about", "made_at", "tries", "trouble")}
    alarm = {"alarm": None, "account": None} if one.alarm is None else {"alarm": one.alarm.id, "account": one.alarm.account}
    return plain | alarm | {"next_try_at": None if one.ended_at else one.next_try_at}


@read("/letters", Letters, say("Messages that could not be delivered"), tag="team")
def list_letters(request: Request, asked: Query[WhichLetters]) -> Any:
    """Of the alarms of accounts that you see; of digests, for those who see all."""
    deliveries = served.store().deliveries
    found = deliveries.waiting() if asked.waiting == "true" else deliveries.dead()
    return sliced([_letter(one) for one in found if _may(request.auth, "viewer", one)], asked.at, asked.size)


@write("/letters/{letter_id}/retry", Letter, say("Try a message again that was given up"), tag="team", scope="plan")
def retry_letter(request: Request, letter_id: Number) -> Any:
    """It is sent by the next turn of what works by itself."""
    store = served.store()
    found = next((one for one in store.deliveries.dead() if one.id == letter_id and _may(request.auth, "viewer", one)), None)
    if found is None:
        raise Problem("not-there")
    if not _may(request.auth, "operator", found):
        raise Problem("role-lacks-everywhere" if found.alarm is None else "role-lacks", role="operator")
    now = served.clock().now()
    store.deliveries.retry(now, letter_id)
    # As it was put back: a worker may have sent it by now.
    return _letter(replace(found, tries=0, next_try_at=now, ended_at=None))


State = Literal["running", "broken_off", "failed", "waiting", "later"]
STATES: tuple[State, ...] = get_args(State)


class Turn(Told):
    """Something that is done by itself: for an account, one of its marketplaces, or the whole store."""

    state: Annotated[State, Field(description="broken_off: begun by a worker that has died since, and begun anew as soon as another one is free.")]
    account: Annotated[str | None, Field(description="null: the whole store.")]
    marketplace: Annotated[str, Field(description="Empty: the whole account.")]
    kind: str
    due_at: datetime
    worker: str | None
    begun_at: datetime | None
    waits_for: str
    failures: Annotated[int, Field(description="So many times in a row.")]
    trouble: Annotated[str | None, Field(description="A code; null: it went well.")]
    troubled_since: datetime | None


class Work(Paged):
    """How it stands at this moment: what runs first, what is broken off or failed, what waits, and what is due later."""

    at: datetime
    counts: Annotated[dict[str, int], Field(description="How many turns are in each state.")]
    items: list[Turn]


class WhichTurns(APage):
    """Which turns."""

    state: State | None = None


@read("/work", Work, say("What works by itself, what waits and for what, and what failed"), tag="team")
def get_work(request: Request, asked: Query[WhichTurns]) -> Any:
    """Of the accounts that you see; what concerns the whole store, for those who see all."""
    from refloat.app.working import overview

    access, now = request.auth.access, served.clock().now()
    found = overview(served.store(), None, now)

    def own(state: State) -> list[DueRow]:
        return [row for row in getattr(found, state) if (access.accounts() is None if row.account is None else access.may("viewer", row.account))]

    rows = {state: own(state) for state in STATES}
    plain = ("account", "marketplace", "kind", "due_at", "worker", "begun_at", "waits_for", "failures", "troubled_since")
    turns = [{name: getattr(row, name) for name in plain} | {"state": state, "trouble": row.trouble_code} for state in STATES for row in rows[state] if asked.state in {None, state}]
    return {"at": now, "counts": {state: len(rows[state]) for state in STATES}} | sliced(turns, asked.at, asked.size)
