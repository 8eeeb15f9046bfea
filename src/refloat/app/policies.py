"""The policy and the notes of an account, as they are on record; entering them, and standing consents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from refloat.errors import WrongUse
from refloat.knowledge.policies_read import policy_of, shipped
from refloat.knowledge.tables import marketplaces
from refloat.model.approval import may_approve
from refloat.model.cure import Wishes
from refloat.model.notes import Notes
from refloat.model.plan import Action, Plan
from refloat.model.policy import BY_POLICY, BY_STANDING, InForce, OptOut, StandingConsent, address_digest, person_of, standing_of
from refloat.reports.notes import read_both
from refloat.store import ConsentRow, EnteredRow, SkuNoteRow, Store

#: A standing consent is given for a season at most, so that nobody's word outlives their memory of it. Ours.
LONGEST_DAYS = 366


def in_force(store: Store, account: str) -> InForce:
    """The policy that holds for the account; ``fresh``, by which nothing runs by itself, where none was set.

    One that came back with a backup may have been changed or switched off since that was made, and the store has forgotten
    it: until a named person has confirmed it, or set one, nothing runs by itself by it.
    """
    row, restored = store.policies.newest(account, "policy"), store.restored()
    if row is None:
        return InForce(policy_of(shipped("fresh")))
    return InForce(policy_of(row.text), row.version, row.by, row.at, restored.at if restored is not None and row.at <= restored.at else None)


def enter_policy(store: Store, account: str, text: str, by: str, at: datetime) -> EnteredRow:
    """Let this policy hold from now on. After a restore the very text that came back is a new version: somebody has confirmed it.

    Raises:
        PolicyWrong: anything in it is wrong; the one before still holds.
    """
    since, own = in_force(store, account).unconfirmed_since, policy_of(text)
    if since is not None:
        # A clock that lags behind that of the restore must not leave unconfirmed what a person has just confirmed.
        at = max(at, since + timedelta(microseconds=1))
    return store.policies.enter(account, "policy", text, named(by), at, digest=own.hash, anew=since is not None)


def confirm_policy(store: Store, account: str, by: str, at: datetime) -> EnteredRow:
    """A named person says that the policy which came back with a backup is the one that shall hold.

    Raises:
        WrongUse: no policy waits for that.
    """
    row = store.policies.newest(account, "policy")
    if row is None or in_force(store, account).unconfirmed_since is None:
        raise WrongUse(
            "No policy of {account} waits to be confirmed.",
            why="One does only after the store came back from a backup; what was set since then holds already.",
            todo="refloat policy show {account}",
            account=account,
        )
    return enter_policy(store, account, row.text, by, at)


def notes_on_record(store: Store, account: str) -> tuple[Notes, Wishes]:
    """The notes and wishes that hold where no file is given: what works unattended knows them alone.

    The file that was entered, and beside it what people entered at the pages, SKU by SKU: the file stays as its writer left
    it, comments and all, and of two words about one SKU the later holds.
    """
    row = store.policies.newest(account, "notes")
    notes, wishes = (Notes(), Wishes()) if row is None else notes_in(row)
    return with_entered(notes, wishes, store.sku_notes.now(account, ("hold", "price")), row.at if row else None)


def enter_notes(store: Store, account: str, path: Path, by: str, at: datetime) -> EnteredRow:
    """Keep the notes file for what runs without being called.

    Raises:
        WrongUse: anything in it is wrong; the one before still holds.
    """
    read_both(path)
    return store.policies.enter(account, "notes", path.read_text(encoding="utf-8-sig"), named(by), at)


def notes_in(row: EnteredRow) -> tuple[Notes, Wishes]:
    """The notes and wishes of one version."""
    return read_both(Path(f"notes-{row.version}.toml"), row.text)


def with_entered(notes: Notes, wishes: Wishes, entered: Sequence[SkuNoteRow], file_at: datetime | None) -> tuple[Notes, Wishes]:
    """Notes and wishes of a file from that moment, with what was entered at the pages."""
    holds, prices = dict(notes.holds), {place: dict(own) for place, own in wishes.prices_in.items()}
    for row in entered:
        older = file_at is not None and row.at < file_at
        if row.kind == "hold" and not (older and row.sku in holds):
            holds[row.sku] = date.fromisoformat(row.value)
        if row.kind == "price" and not (older and (row.sku in wishes.prices or row.sku in wishes.prices_in.get(row.marketplace, {}))):
            prices.setdefault(row.marketplace, {})[row.sku] = Decimal(row.value)
    return replace(notes, holds=holds), replace(wishes, prices_in=prices)


def opted_out(store: Store, account: str) -> tuple[OptOut, ...]:
    """The SKUs that people took out of what runs by itself; a plan that a person asks for may still act on them."""
    return tuple(OptOut(sku=row.sku) for row in store.sku_notes.now(account, ("opt-out",)))


def named(by: str) -> str:
    """A person's name; one that would be taken for a rule's is none.

    Raises:
        WrongUse: it is empty, or begins as a rule's does.
    """
    name = by.strip()
    if not name or f"{name} ".casefold().startswith(BY_POLICY) or BY_STANDING.strip() in by:
        raise WrongUse("“{name}” is no person's name.", why="Who approved what is on record by name; rules have names of their own.", todo="Give it with --by NAME.", name=name)
    return name


def give_standing(store: Store, account: str, word: StandingConsent) -> StandingConsent:
    """Keep a person's word in advance for returns, under exactly the removal rule that holds now.

    Raises:
        WrongUse: the ceiling or the day makes no sense, the rule has changed, or the person may not approve.
    """
    force = in_force(store, account)
    now, policy = word.given_at, force.policy
    currencies = sorted({place.currency for place in marketplaces().values()})
    if word.units_most < 1 or not word.fee_most.is_finite() or word.fee_most < 0:
        raise _not_given("A standing consent for {units} units and a fee of {fee} covers nothing.", units=word.units_most, fee=word.fee_most)
    if word.currency not in currencies:
        raise _not_given("{currency} is the currency of no marketplace; known are {names}.", currency=word.currency, names=", ".join(currencies))
    if not now.date() <= word.expires_on <= now.date() + timedelta(days=LONGEST_DAYS):
        raise _not_given("A standing consent until {until} has ended already, or would last longer than {days} days.", until=word.expires_on, days=LONGEST_DAYS)
    if force.unconfirmed_since is not None:
        raise _not_given("The policy of {account} came back with a backup and waits for refloat policy confirm.", account=account)
    if word.rule_hash != policy.removal.hash:
        raise _not_given("The removal rule of {account} has changed since it was read.", account=account)
    if not word.addresses or word.moved(notes_on_record(store, account)[1].addresses):
        raise _not_given("No return address of {account} is on record, or it has changed since it was read: refloat policy notes.", account=account)
    if not may_approve(policy.consent, named(word.by)):
        raise _not_given("The policy of {account} does not name {name} among those who approve.", account=account, name=word.by)
    return store.policies.give(account, word)


def _not_given(what: str, **values: Any) -> WrongUse:
    return WrongUse(
        what,
        why="It speaks for a person while nobody looks: for returns only, up to a number of units and a fee, until a day, under exactly one rule.",
        todo="refloat policy consent give ACCOUNT --units 100 --fee 150 --currency USD --until 2026-12-31",
        **values,
    )


def standing_for(store: Store, account: str, by: str, ceiling: tuple[int, Decimal, str], until: date, at: datetime) -> StandingConsent:  # noqa: PLR0917 - what it says
    """A standing consent that is not kept yet, to the removal rule and the return addresses that hold now; ``ceiling``: units, fee, currency."""
    units, fee, currency = ceiling
    addresses = {place: address_digest(one) for place, one in notes_on_record(store, account)[1].addresses.items()}
    return StandingConsent(0, by, in_force(store, account).policy.removal.hash, units, fee, currency, until, at, addresses=addresses)


def standing_now(store: Store, account: str) -> tuple[StandingConsent, ...]:
    """The account's standing consents. One from before a restore is over: what was used of it since the backup, or whether it was revoked, nobody knows."""
    restored, known = store.restored(), store.policies.standing(account)
    if restored is None:
        return known
    return tuple(replace(one, revoked_at=restored.at) if one.revoked_at is None and one.given_at <= restored.at else one for one in known)


def words_that_hold(store: Store, plan: Plan, at: datetime) -> list[ConsentRow]:
    """The consents to the plan that still speak for what was not begun.

    A rule's does while exactly that policy holds; a standing consent's until it ends, is revoked, or its removal rule or a
    return address of the plan changes; what a person said of this very plan stays said. After a restore neither speaks before the policy is confirmed.
    """
    force, today = in_force(store, plan.account), at.astimezone(ZoneInfo(zone_of(store, plan.account))).date()
    if force.unconfirmed_since is not None:
        return [word for word in store.plans.consents(plan.id) if person_of(word.by) is not None and standing_of(word.by) is None]
    standing = [one for one in standing_now(store, plan.account) if one.revoked_at is None and today <= one.expires_on and one.rule_hash == force.policy.removal.hash]
    places = {action.marketplace for action in plan.actions if any(step.change.removal is not None for step in action.steps)}
    # What the plan has as its address is what the consent was given to; that the seller has entered another one since counts as well.
    addresses = notes_on_record(store, plan.account)[1].addresses if standing else {}
    good = {one.id for one in standing if all(one.sends_to(place, addresses.get(place, {})) for place in places)}
    return [word for word in store.plans.consents(plan.id) if (word.by == force.named if person_of(word.by) is None else standing_of(word.by) in {None, *good})]


def sent_by_rule(store: Store, account: str, at: datetime, beside: str | None = None) -> tuple[Action, ...]:
    """What was sent by rules and standing consents in the last day, of every plan but ``beside``; nothing where no sum needs two people."""
    if not in_force(store, account).policy.consent.two_people_above:
        return ()
    sent = store.policies.sent_by_rule(account, at - timedelta(hours=24))
    return tuple(action for name, ids in sent.items() if name != beside for action in store.plans.get(name).actions if action.id in ids)


def approved_now(store: Store, plan: Plan, words: Iterable[ConsentRow], at: datetime) -> frozenset[str]:
    """The ids of the plan's actions that these words suffice for, by the policy that holds now."""
    from refloat.store.plans import chosen

    return chosen(words, plan, in_force(store, plan.account).policy.consent, sent_by_rule(store, plan.account, at, beside=plan.id))


def zone_of(store: Store, account: str) -> str:
    """The account's time zone: that of its first marketplace."""
    known = marketplaces()
    return next((known[row.marketplace].timezone for row in store.accounts.places(account) if row.participates and row.marketplace in known), "UTC")
