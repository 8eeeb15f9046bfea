"""``refloat policy consent``: a person's word in advance, for returns only."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from refloat.app.policies import give_standing, in_force, named, standing_for, standing_now
from refloat.cli.policy import own_name
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.policy import StandingConsent
from refloat.store import opened


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
    _told([given], given.rule_hash, as_json=as_json, language=language)


def run_list(config: Config, account: str, *, as_json: bool, language: str) -> None:
    """Every consent, with what is used of it."""
    with opened(config) as store:
        rows, rule = standing_now(store, account), in_force(store, account).policy.removal.hash
    _told(rows, rule, as_json=as_json, language=language)


def run_revoke(config: Config, account: str, number: int, by: str | None, *, as_json: bool, language: str) -> None:
    """End it."""
    with opened(config) as store:
        ended = store.policies.revoke(account, number, named(by or own_name()), clock_of(config.clock_url).now())
        rule = in_force(store, account).policy.removal.hash
    _told([ended], rule, as_json=as_json, language=language)


def _ended(one: StandingConsent, say: Callable[[str], str]) -> str | None:
    """Why it is over for good; nobody revoked what a restore ended."""
    if one.revoked_at is None:
        return None
    return say("revoked") if one.revoked_by else say("over since the store came back from a backup; give it anew")


def _told(rows: list[StandingConsent] | tuple[StandingConsent, ...], rule: str, *, as_json: bool, language: str) -> None:
    say = translator(language)
    if as_json:
        sys.stdout.write(json.dumps({"standing": [one.as_json() | {"rule_holds": one.rule_hash == rule} for one in rows]}, ensure_ascii=False, indent=2) + "\n")
        return
    for one in rows:
        ended = _ended(one, say) or (say("the rule has changed") if one.rule_hash != rule else say("until {day}").format(day=one.expires_on))
        line = say("{id}  {by}: returns, {used} of {units} units, {spent} of {fee} {currency}; {ended}")
        fees = {"spent": f"{one.fee_used:.2f}", "fee": f"{one.fee_most:.2f}", "currency": one.currency}
        sys.stdout.write(line.format(id=one.id, by=one.by, used=one.units_used, units=one.units_most, ended=ended, **fees) + "\n")
    if not rows:
        sys.stdout.write(say("There is no standing consent.") + "\n")
