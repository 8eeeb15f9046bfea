"""``refloat policy consent``: a person's word in advance, for returns only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from refloat.app.policies import give_standing, in_force, named, notes_on_record, standing_for, standing_now
from refloat.cli.policy import own_name
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.policy import StandingConsent
from refloat.store import Store, opened


def run_give(config: Config, account: str, ceiling: tuple[int, str, str, str], by: str | None, *, as_json: bool, language: str) -> None:
    """Keep the consent, to the removal rule that holds now."""
    units, fee, currency, until = ceiling
    try:
        amount, last = Decimal(fee), date.fromisoformat(until)
    except (InvalidOperation, ValueError) as error:
        raise WrongUse(
            "{fee} is no amount, or {until} no day.", why="A standing consent has a ceiling and a last day.", todo="Write for example --fee 150.00 --until 2026-12-31.", fee=fee, until=until
        ) from error
    with opened(config) as store:
        now = clock_of(config.clock_url).now()
        store.accounts.get(account)
        given = give_standing(store, account, standing_for(store, account, by or own_name(), (units, amount, currency.upper()), last, now))
        holds = _holds(store, account)
    _told([given], holds, as_json=as_json, language=language)


def run_list(config: Config, account: str, *, as_json: bool, language: str) -> None:
    """Every consent, with what is used of it."""
    with opened(config) as store:
        rows, holds = standing_now(store, account), _holds(store, account)
    _told(rows, holds, as_json=as_json, language=language)


def run_revoke(config: Config, account: str, number: int, by: str | None, *, as_json: bool, language: str) -> None:
    """End it."""
    with opened(config) as store:
        ended = store.policies.revoke(account, number, named(by or own_name()), clock_of(config.clock_url).now())
        holds = _holds(store, account)
    _told([ended], holds, as_json=as_json, language=language)


@dataclass(frozen=True)
class _Holds:
    """What holds now: the removal rule's hash, and the return addresses by marketplace."""

    rule: str
    addresses: Mapping[str, Mapping[str, str]]


def _holds(store: Store, account: str) -> _Holds:
    return _Holds(in_force(store, account).policy.removal.hash, notes_on_record(store, account)[1].addresses)


def _ends(one: StandingConsent, holds: _Holds, say: Callable[[str], str]) -> str:
    """Until when it speaks, or why it does no more; nobody revoked what a restore ended."""
    if one.revoked_at is not None:
        return say("revoked") if one.revoked_by else say("over since the store came back from a backup; give it anew")
    if one.rule_hash != holds.rule:
        return say("the rule has changed")
    if not one.addresses or (moved := one.moved(holds.addresses)):
        return say("the return address has changed ({places}); give it anew").format(places=", ".join(moved) if one.addresses else "?")
    return say("until {day}").format(day=one.expires_on)


def _told(rows: list[StandingConsent] | tuple[StandingConsent, ...], holds: _Holds, *, as_json: bool, language: str) -> None:
    say = translator(language)
    if as_json:
        said = [one.as_json() | {"rule_holds": one.rule_hash == holds.rule, "addresses_changed": list(one.moved(holds.addresses))} for one in rows]
        sys.stdout.write(json.dumps({"standing": said}, ensure_ascii=False, indent=2) + "\n")
        return
    for one in rows:
        line = say("{id}  {by}: returns, {used} of {units} units, {spent} of {fee} {currency}; {ended}")
        fees = {"spent": f"{one.fee_used:.2f}", "fee": f"{one.fee_most:.2f}", "currency": one.currency}
        sys.stdout.write(line.format(id=one.id, by=one.by, used=one.units_used, units=one.units_most, ended=_ends(one, holds, say), **fees) + "\n")
    if not rows:
        sys.stdout.write(say("There is no standing consent.") + "\n")
