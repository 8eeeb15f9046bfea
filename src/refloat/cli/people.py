"""``refloat people list | invite | link | remove``: the same as the page, for whoever has the server's command line. All of it is on record."""

from __future__ import annotations

import getpass
import json
import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from refloat.config import Config
from refloat.locale import translator
from refloat.store import opened
from refloat.store.names import INVITATION_DAYS
from refloat.wording.access import reach_text, roles_text


def run_list(config: Config, *, as_json: bool, language: str) -> None:
    """Who may sign in, and who is invited."""
    _ = translator(language)
    with opened(config) as store:
        people, invited = store.people.everyone(), store.invitations.open(datetime.now(UTC))
    if as_json:
        _json({
            "people": [{"email": one.email, "name": one.name, "roles": [{"account": account, "role": role} for account, role in one.roles.items()]} for one in people],
            "invited": [{"email": one.email, "role": one.role or None, "accounts": None if one.accounts is None else list(one.accounts), "until": one.until.isoformat()} for one in invited],
        })  # fmt: skip
        return
    if not people:
        _line(_("Nobody yet: refloat people invite EMAIL --role admin"))
    for one in people:
        _line(f"{one.name} <{one.email}>: {'; '.join(roles_text(one.roles, _)) or _('nothing')}")
    for each in invited:
        _line(_("Invited: {email}, {gives}, until {until}").format(email=each.email, gives=reach_text(each.role, each.accounts, _), until=f"{each.until:%Y-%m-%d %H:%M} UTC"))


def run_invite(config: Config, email: str, role: str, accounts: list[str] | None, port: int, *, as_json: bool, language: str) -> None:
    """Print the link of a new invitation.

    Raises:
        WrongUse: no address, a role or an account that there is not, or a person who is there already.
    """
    say, now = translator(language), datetime.now(UTC)
    with opened(config) as store:
        token = store.invitations.invite(email, role, accounts, by=login(), at=now)
        reach = {"role": role, "all": "yes"} if accounts is None else {"role": role, "accounts": "\n".join(accounts)}
        store.access_record.add("invited", now, by=login(), whom=email.strip().lower(), **reach)
    address = f"{place(config, port)}/invitation/{token}/"
    if as_json:
        _json({"link": address, "days": INVITATION_DAYS})
        return
    sys.stderr.write(say("Hand this link over; it works once, for {days} days:").format(days=INVITATION_DAYS) + "\n")
    _line(address)


def run_link(config: Config, email: str, port: int, *, as_json: bool, language: str) -> None:
    """Print a link that lets the person in.

    Raises:
        WrongUse: nobody signs in with that address.
    """
    say, now = translator(language), datetime.now(UTC)
    with opened(config) as store:
        row = store.people.called(email)
        token = store.people.link(row.id, now)
        store.access_record.add("link-made", now, by=login(), whom=row.name)
    address = f"{place(config, port)}/enter/{token}/"
    if as_json:
        _json({"link": address})
        return
    sys.stderr.write(say("The link lets {name} in once, for a quarter of an hour:").format(name=row.name) + "\n")
    _line(address)


def run_remove(config: Config, email: str, *, as_json: bool, language: str) -> None:
    """Remove the person.

    Raises:
        WrongUse: nobody signs in with that address, or nobody would be left who may invite people.
    """
    now = datetime.now(UTC)
    with opened(config) as store:
        row = store.people.called(email)
        revoked = store.people.remove(row.id, now)
        store.access_record.add("person-removed", now, by=login(), whom=f"{row.name} <{row.email}>")
        for token in revoked:
            store.access_record.add("token-revoked", now, by=login(), whom=f"{token} ({row.name})")
    if as_json:
        _json({"removed": row.email})
    else:
        _line(translator(language)("{name} is removed; their sessions have ended.").format(name=row.name))


def place(config: Config, port: int) -> str:
    """Where the console answers: the first of REFLOAT_HOSTS, else this machine."""
    return f"https://{config.hosts[0]}" if config.hosts else f"http://127.0.0.1:{port}"


def login() -> str:
    """The name under which the command line acts."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return os.environ.get("USER") or "owner"


def _json(made: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=2) + "\n")


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
