"""``refloat policy show | check | set | confirm | recommend | notes | history``: the rules of an account, as a person reads and enters them."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from refloat.app.policies import confirm_policy, enter_notes, enter_policy, in_force
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.policies_read import SHIPPED, PolicyWrong, policy_in, policy_of, shipped
from refloat.locale import translator
from refloat.store import EnteredRow, opened


def run_show(config: Config, name: str, *, as_json: bool, language: str) -> None:
    """Print the policy as TOML, with a line about where it comes from; or what it says as JSON."""
    say = translator(language)
    if name in SHIPPED:
        text, force, told = shipped(name), policy_of(shipped(name)), say("The policy {name} as it ships.").format(name=name)
        head: dict[str, Any] = {"name": name, "version": None}
    else:
        with opened(config) as store:
            store.accounts.get(name)
            row, own = store.policies.newest(name, "policy"), in_force(store, name)
        text, force = (row.text, own.policy) if row else (shipped("fresh"), own.policy)
        since = own.unconfirmed_since
        head = {"account": name, "version": own.version, "by": own.by or None, "at": own.at.isoformat() if own.at else None, "unconfirmed_since": since.isoformat() if since else None}
        told = "\n".join((_where(row, name, language), *([unconfirmed(name, since, language)] if since else ())))
    if as_json:
        _json({**head, "hash": force.hash, "policy": force.as_json()})
    else:
        sys.stderr.write(told + "\n")
        sys.stdout.write(text)


def _where(row: EnteredRow | None, account: str, language: str) -> str:
    say = translator(language)
    if row is None:
        return say("{account} has no policy of its own: nothing runs by itself. The recommended one: refloat policy recommend {account}").format(account=account)
    return say("Version {version} ({hash}), entered by {by} at {at}.").format(version=row.version, hash=row.hash[:12], by=row.by, at=f"{row.at:%Y-%m-%d %H:%M} UTC")


def unconfirmed(account: str, since: datetime, language: str) -> str:
    """What a person reads of a policy that came back with a backup."""
    say = translator(language)
    text = say("{account}: its policy came back with a backup at {at}; nothing runs by itself until refloat policy confirm {account}, or policy set.")
    return text.format(account=account, at=f"{since:%Y-%m-%d %H:%M} UTC")


def run_check(file: Path, *, as_json: bool, language: str) -> int:
    """0: it could hold; 2: something is wrong, and all of it is said."""
    say = translator(language)
    try:
        policy, _ = policy_in(file)
    except PolicyWrong as wrong:
        if not as_json:
            raise
        problems = [{name: one.filled(say(getattr(one, name))) for name in ("what", "why", "todo")} | {"key": one.values.get("key")} for one in wrong.problems]
        _json({"file": str(file), "sound": False, "problems": problems})
        return 2
    if as_json:
        _json({"file": str(file), "sound": True, "hash": policy.hash, "policy": policy.as_json(), "problems": []})
    else:
        sys.stdout.write(say("{file} is sound; its rules have the hash {hash}.").format(file=file.name, hash=policy.hash[:12]) + "\n")
    return 0


def run_set(config: Config, account: str, file: Path | None, by: str | None, *, as_json: bool, language: str) -> None:
    """Let the policy of the file, or the recommended one, hold from now on."""
    text = policy_in(file)[1] if file else shipped("recommended")
    with opened(config) as store:
        row = enter_policy(store, account, text, by or own_name(), clock_of(config.clock_url).now())
    _entered(row, as_json=as_json, language=language)


def run_confirm(config: Config, account: str, by: str | None, *, as_json: bool, language: str) -> None:
    """The policy that came back with a backup shall hold."""
    with opened(config) as store:
        row = confirm_policy(store, account, by or own_name(), clock_of(config.clock_url).now())
    _entered(row, as_json=as_json, language=language)


def run_notes(config: Config, account: str, file: Path, by: str | None, *, as_json: bool, language: str) -> None:
    """Keep the notes for what runs without being called."""
    with opened(config) as store:
        row = enter_notes(store, account, file, by or own_name(), clock_of(config.clock_url).now())
    _entered(row, as_json=as_json, language=language)


def _entered(row: EnteredRow, *, as_json: bool, language: str) -> None:
    if as_json:
        _json(_version(row))
    else:
        say = translator(language)
        kind = say("The policy") if row.kind == "policy" else say("The notes")
        sys.stdout.write(say("{kind}: version {version} ({hash}) holds now.").format(kind=kind, version=row.version, hash=row.hash[:12]) + "\n")


def run_history(config: Config, account: str, *, as_json: bool, language: str) -> None:
    """Every version, the newest first."""
    say = translator(language)
    with opened(config) as store:
        rows = sorted((*store.policies.history(account, "policy"), *store.policies.history(account, "notes")), key=lambda row: row.at, reverse=True)
    if as_json:
        _json({"account": account, "versions": [_version(row) | {"text": row.text} for row in rows]})
        return
    for row in rows:
        kind = say("The policy") if row.kind == "policy" else say("The notes")
        sys.stdout.write(f"{row.at:%Y-%m-%d %H:%M} UTC  {kind}  {row.version}  {row.hash[:12]}  {row.by}\n")
    if not rows:
        sys.stdout.write(say("Nothing was ever entered for {account}.").format(account=account) + "\n")


def _version(row: EnteredRow) -> dict[str, Any]:
    return {"kind": row.kind, "version": row.version, "hash": row.hash, "by": row.by, "at": row.at.isoformat()}


def own_name() -> str:
    """The user of this machine.

    Raises:
        WrongUse: the system knows no name.
    """
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise WrongUse("It is not known who does this.", why="The user of this machine has no name.", todo="Give it with --by NAME.") from error


def _json(said: object) -> None:
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
