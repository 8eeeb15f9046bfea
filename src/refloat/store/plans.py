"""Plans: kept as they were shown, consented to, and how far each action is. Every note is an entry of the journal as well."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Min, Q

from refloat.errors import WrongUse
from refloat.model.approval import approved
from refloat.model.plan import Action, Plan, plan_of
from refloat.model.policy import ConsentRule
from refloat.model.ports import Deed, Note, SentFeed
from refloat.store import bulk
from refloat.store.accounts import account_named
from refloat.store.journal import Journal
from refloat.store.lease import still_alone_with
from refloat.store.letters import json_text
from refloat.store.models import Account, Consent, Feed, PlanDocument, PlannedAction, Stranding
from refloat.store.plan_rows import plan_rows, row_of, rows_of
from refloat.store.rows import ConsentRow, PlanRow
from refloat.store.troubles import StoreError
from refloat.store.turns import reading, writing

#: Verdicts after which nothing more is expected of an action.
FINAL = ("cured", "sold-out", "removed", "deleted", "unchanged", "worse", "came-back")

#: Stages at which nothing of an action has left.
_NOT_SENT = ("planned", "dropped", "stopped")


class Plans:
    """Accounts are named; times are UTC."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def keep(self, plan: Plan) -> None:
        """Keep a new plan, its actions, and the entry that says so."""
        said = json_text(plan.as_json(), separators=(",", ":")).encode()
        with writing():
            owner = account_named(plan.account)
            PlanDocument.objects.create(id=plan.id, account=owner, made_at=plan.made_at, fingerprint=plan.fingerprint, packed=zlib.compress(said, 6))
            episodes = dict(_episodes(owner))
            bulk.insert(PlannedAction, _PLANNED, (_planned(plan, action, owner, episodes) for action in plan.actions))
            body = {"plan": plan.id, "fingerprint": plan.fingerprint, "actions": len(plan.actions), "left_alone": len(plan.left_alone), "lifted": list(plan.lifted)}
            self._journal.append(plan.account, "", "planned", body, plan.made_at)

    def get(self, plan_id: str) -> Plan:
        """The plan as it was kept.

        Raises:
            WrongUse: there is none of that id.
            StoreError: it is damaged.
        """
        with reading():
            found = PlanDocument.objects.filter(pk=plan_id).first()
        if found is None:
            raise WrongUse("There is no plan {plan}.", why="A plan is known by the id that refloat plan printed.", todo="Make one: refloat plan ACCOUNT", plan=plan_id)
        try:
            plan = plan_of(json.loads(zlib.decompress(found.packed)))
        except (zlib.error, KeyError, TypeError, ValueError) as error:
            raise _damaged(plan_id) from error
        if plan.fingerprint != found.fingerprint:
            raise _damaged(plan_id)
        return plan

    def is_taken(self, plan_id: str) -> bool:
        """Some account has a plan of that id."""
        with reading():
            return PlanDocument.objects.filter(pk=plan_id).exists()

    def open_of(self, account: str) -> tuple[str, ...]:
        """The plans of the account of which something was sent and is not told yet."""
        with reading():
            return tuple(_deeds(account).filter(stage__in=("intended", "unclear")).order_by("plan_id").values_list("plan_id", flat=True).distinct())

    def under_way(self, account: str) -> dict[str, list[str]]:
        """Plan id → its actions that were sent and have something to come from us: an answer to be looked up, or a next step."""
        with reading():
            found: dict[str, list[str]] = {}
            sent = _deeds(account).filter(Q(stage__in=("intended", "unclear")) | Q(stage__in=("answered", "shown"), step__lt=F("steps") - 1))
            for plan_id, name in sent.filter(Q(verdict=None) | ~Q(verdict__in=FINAL)).values_list("plan_id", "name"):
                found.setdefault(plan_id, []).append(name)
            return found

    def newest(self, account: str, most: int = 20) -> tuple[tuple[str, datetime], ...]:
        """The newest plans of the account: id, and when each was made."""
        with reading():
            return tuple(PlanDocument.objects.filter(account=account_named(account)).order_by("-made_at").values_list("id", "made_at")[:most])

    def listed(self, account: str, most: int) -> tuple[PlanRow, ...]:
        """The newest plans of the account, and how far each is."""
        return plan_rows(account, most)

    def listed_of(self, accounts: Sequence[str] | None, most: int, before: datetime | None = None) -> list[tuple[str, PlanRow]]:
        """The newest plans of these accounts (None: of all), made before that moment; each with its account."""
        return rows_of(accounts, most, before)

    def numbers(self, plan_id: str) -> tuple[str, PlanRow] | None:
        """One plan in numbers, with its account; None where there is none."""
        return row_of(plan_id)

    def consent(self, plan: Plan, by: str, at: datetime, actions: Sequence[str] | None = None) -> None:
        """A named person approved the plan as it stands, or some of its actions."""
        chosen = None if actions is None else json.dumps(sorted(actions))
        with writing():
            Consent.objects.create(plan_id=plan.id, by=by, at=at, fingerprint=plan.fingerprint, actions=chosen)
            body = {"plan": plan.id, "fingerprint": plan.fingerprint, "by": by, "actions": None if actions is None else sorted(actions)}
            self._journal.append(plan.account, "", "consented", body, at)

    def consents(self, plan_id: str) -> tuple[ConsentRow, ...]:
        """Who approved what, the earliest first."""
        with reading():
            found = Consent.objects.filter(plan_id=plan_id).order_by("id")
            return tuple(ConsentRow(one.by, one.at, one.fingerprint, None if one.actions is None else tuple(json.loads(one.actions))) for one in found)

    def waiting(self, account: str) -> tuple[Deed, ...]:
        """The actions whose last word is still to come: sent, and without a final verdict."""
        with reading():
            found = _deeds(account).filter(stage__in=("intended", "answered", "shown", "unclear")).filter(Q(verdict=None) | ~Q(verdict__in=FINAL))
            return tuple(_deed(row) for row in found)

    def judged(self, account: str) -> tuple[Deed, ...]:
        """Every action that has a verdict, the earliest first."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).exclude(verdict=None))

    def cured(self, account: str) -> tuple[Deed, ...]:
        """The actions that cured a stranding which is open again."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).filter(verdict="cured", stranding__closed_at=None, stranding__times_back__gt=0))

    def removed(self, account: str, since: datetime) -> tuple[Deed, ...]:
        """The removals that were proven finished since then, the earliest first."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).filter(remedy="create-removal", verdict="removed", verdict_at__gte=since))

    def of_sku(self, account: str, marketplace: str, sku: str) -> tuple[Deed, ...]:
        """Every action that was ever sent for the SKU, the earliest first."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).filter(marketplace=marketplace, sku=sku).exclude(stage__in=_NOT_SENT))

    def worse(self, account: str) -> tuple[Deed, ...]:
        """The actions judged ``worse`` whose stranding is over since, and for which nothing else was sent: they may have helped after all."""
        with reading():
            found = [_deed(row) for row in _deeds(account).filter(verdict="worse", stage__in=("answered", "shown"), stranding__closed_at__gt=F("verdict_at"))]
        last = {one.stranding_id: (one.plan_id, one.action_id) for own in (self.of_strandings(account) if found else {}).values() for one in own}
        return tuple(deed for deed in found if last[deed.stranding_id] == (deed.plan_id, deed.action_id))

    def planned_for(self, account: str, marketplace: str, sku: str) -> tuple[Deed, ...]:
        """Every action of every plan for the SKU, sent or not, the earliest first."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).filter(marketplace=marketplace, sku=sku))

    def made_at(self, plans: Sequence[str]) -> dict[str, datetime]:
        """Plan id → when it was made."""
        with reading():
            return dict(PlanDocument.objects.filter(pk__in=plans).values_list("id", "made_at"))

    def removals(self, account: str, most: int) -> tuple[Deed, ...]:
        """The newest removals of any plan, those that were only planned too, the newest first."""
        with reading():
            return tuple(_deed(row) for row in _deeds(account).filter(remedy="create-removal").order_by("-id")[:most])

    def removal_orders(self, account: str) -> frozenset[str]:
        """The order ids of every removal that we ever sent, however long ago."""
        with reading():
            own: Any = _deeds(account).order_by().filter(remedy="create-removal").exclude(feed=None).values_list("feed", flat=True)
            return frozenset(own.distinct())

    def of_strandings(self, account: str) -> dict[tuple[str, str], list[Deed]]:
        """(marketplace, SKU) → every action that was ever sent for it, the earliest first."""
        with reading():
            sent = _deeds(account).exclude(stage__in=_NOT_SENT)
            found: dict[tuple[str, str], list[Deed]] = {}
            for row in sent:
                found.setdefault((row.marketplace, row.sku), []).append(_deed(row))
            return found


class Ledger:
    """Implements ``model.ports.Ledger`` for one account."""

    def __init__(self, journal: Journal, account: str) -> None:
        self._journal, self._account = journal, account

    def deeds(self, plan_id: str) -> Mapping[str, Deed]:
        """Action id → how far it is, in the plan's order."""
        with reading():
            # Without a model instance for each: a plan may have 100,000 actions, and is looked at after every wave.
            rows: Any = PlannedAction.objects.filter(plan_id=plan_id).order_by("id").values_list(*_DEED)
            return {row[1]: Deed(*(*row[:-1], json.loads(row[-1]))) for row in rows.iterator()}

    def note(self, plan_id: str, notes: Sequence[Note], at: datetime) -> None:
        """Write down what happened to some actions, all of it at once."""
        if not notes:
            return
        if any(note.kind == "intent" for note in notes):
            still_alone_with(self._account)
        with writing():
            rows = _named(plan_id, list({note.action_id for note in notes}))
            for note in notes:
                _apply(rows[note.action_id], note, at)
            bulk.rewrite(PlannedAction, _CHANGING, ([getattr(row, name) for name in _CHANGING] + [row.pk] for row in rows.values()))
            for place, own in groupby(sorted(notes, key=lambda note: rows[note.action_id].marketplace), key=lambda note: rows[note.action_id].marketplace):
                self._journal.append_all(self._account, place, [(note.kind, _said(plan_id, rows[note.action_id], note)) for note in own], at)

    def feed_leaves(self, plan_id: str, feed: SentFeed, notes: Sequence[Note]) -> None:
        """Write down that a feed is about to be sent, together with the intents that it carries."""
        with writing():
            owner = account_named(self._account)
            Feed.objects.create(
                account=owner,
                marketplace=feed.marketplace,
                mark=feed.mark,
                feed_type=feed.feed_type,
                sent_at=feed.sent_at,
                stage=feed.stage,
                messages=feed.messages,
                before=json.dumps(list(feed.before)),
            )
            self.note(plan_id, notes, feed.sent_at)

    def feed_noted(self, mark: str, *, feed_id: str | None = None, stage: str | None = None, ended_at: datetime | None = None) -> None:
        """What was learned of a feed of ours."""
        learned = {"feed_id": feed_id, "stage": stage, "ended_at": ended_at}
        with writing():
            Feed.objects.filter(account=account_named(self._account), mark=mark).update(**{name: value for name, value in learned.items() if value is not None})

    def intended(self, since: datetime, until: datetime, *, removals: bool) -> tuple[int, datetime | None]:
        """How many actions have their newest intent within the time, removals or all others; and the earliest of these moments."""
        with reading():
            own = PlannedAction.objects.filter(account=account_named(self._account), intended_at__range=(since, until))
            found = own.filter(remedy="create-removal") if removals else own.exclude(remedy="create-removal")
            row: dict[str, Any] = found.aggregate(count=Count("id"), first=Min("intended_at"))
            return int(row["count"]), row["first"]

    def removals_under_way(self) -> Sequence[Deed]:
        """Removals of the account, of whichever plan, whose units may still be on their way out."""
        with reading():
            found = _deeds(self._account).filter(remedy="create-removal", stage__in=("intended", "answered", "shown", "unclear"))
            return [_deed(row) for row in found.filter(Q(verdict=None) | ~Q(verdict__in=FINAL))]

    def feeds(self, feed_type: str, *, since: datetime | None = None) -> Sequence[SentFeed]:
        """Our feeds of that type, the newest first."""
        with reading():
            found = Feed.objects.filter(account=account_named(self._account), feed_type=feed_type, **({"sent_at__gte": since} if since else {})).order_by("-id")
            return [SentFeed(one.mark, one.marketplace, one.feed_type, one.feed_id, one.sent_at, one.ended_at, one.stage, one.messages, tuple(json.loads(one.before))) for one in found]


_PLANNED = ("plan", "name", "account", "marketplace", "sku", "remedy", "cause", "said", "units", "fnsku", "steps", "stranding", "stage", "step", "tries", "at", "told")
_DEED = (
    "plan_id", "name", "marketplace", "sku", "remedy", "cause", "said", "units", "fnsku", "steps", "stranding_id", "stage", "step", "tries", "at", "intended_at", "answered_at", "feed",
    "verdict", "verdict_at", "told",
)  # fmt: skip
#: A database takes so many values in one question at least.
_NAMES_AT_ONCE = 500
_CHANGING = ("stage", "step", "tries", "at", "intended_at", "answered_at", "feed", "verdict", "verdict_at", "told")


def _episodes(owner: Account) -> Iterator[tuple[tuple[str, str], int]]:
    rows = Stranding.objects.filter(account=owner, closed_at=None).values_list("marketplace", "sku", "id")
    return (((marketplace, sku), episode) for marketplace, sku, episode in rows.iterator())


def _planned(plan: Plan, action: Action, owner: Account, episodes: Mapping[tuple[str, str], int]) -> tuple[Any, ...]:
    episode = episodes.get((action.marketplace, action.sku))
    return (
        plan.id,
        action.id,
        owner.pk,
        action.marketplace,
        action.sku,
        action.remedy,
        action.cause,
        action.said,
        action.units,
        action.fnsku,
        len(action.steps),
        episode,
        "planned",
        0,
        0,
        plan.made_at,
        "{}",
    )


def _named(plan_id: str, names: Sequence[str]) -> dict[str, PlannedAction]:
    parts = (names[at : at + _NAMES_AT_ONCE] for at in range(0, len(names), _NAMES_AT_ONCE))
    return {row.name: row for some in parts for row in PlannedAction.objects.filter(plan_id=plan_id, name__in=some)}


def _apply(row: PlannedAction, note: Note, at: datetime) -> None:
    """The row after the note."""
    if note.stage is not None:
        row.stage, row.at = note.stage, at
    if note.kind == "intent":
        # What carried an earlier try tells nothing of this one; and each step has tries of its own.
        row.intended_at, row.feed, row.tries = at, note.feed, row.tries if note.step == row.step else 0
    if note.kind == "unclear":
        row.tries += 1
    if note.kind == "receipt":
        row.answered_at = at
    if note.step is not None:
        row.step = note.step
    if note.verdict is not None:
        row.verdict, row.verdict_at = note.verdict, at
    row.told = json_text(dict(note.told), sort_keys=True)


def _said(plan_id: str, row: PlannedAction, note: Note) -> dict[str, Any]:
    said = {"plan": plan_id, "action": note.action_id, "sku": row.sku, "remedy": row.remedy, "step": row.step, "stage": note.stage, "feed": note.feed, "verdict": note.verdict}
    return {name: value for name, value in said.items() if value is not None} | dict(note.told)


def _deeds(account: str) -> Any:
    return PlannedAction.objects.filter(account=account_named(account)).order_by("id")


def _deed(row: PlannedAction) -> Deed:
    return Deed(
        row.plan_id, row.name, row.marketplace, row.sku, row.remedy, row.cause, row.said, row.units, row.fnsku, row.steps, row.stranding_id, row.stage, row.step, row.tries,
        row.at, row.intended_at, row.answered_at, row.feed, row.verdict, row.verdict_at, json.loads(row.told),
    )  # fmt: skip


def _damaged(plan_id: str) -> StoreError:
    return StoreError(
        "The plan {plan} is damaged.",
        why="It is no longer what was shown and approved, so nothing of it is carried out.",
        todo="Make a new one: refloat plan ACCOUNT",
        plan=plan_id,
    )


def chosen(consents: Iterable[ConsentRow], plan: Plan, rule: ConsentRule | None = None, before: Iterable[Action] = ()) -> frozenset[str]:
    """The ids of the actions that may be carried out, of the plan exactly as it stands: approved by as many people as the account's rule asks."""
    return approved(consents, plan.fingerprint, plan.actions, rule or ConsentRule(), before)
