"""``refloat accounts add | list | rotate | remove``: who we are at Amazon. Nothing secret is ever shown.

Secrets are typed, or come one a line from a pipe; never as an option, where the shell's history would keep them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime

from refloat.app import accounts
from refloat.app.accounts import issued_on, listed, refuse_clear, refuse_name, region_of
from refloat.cli.accounts_list import as_json, lines
from refloat.cli.asking import typed
from refloat.cli.people import login
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.ports import Clock
from refloat.store import SecretError, Store, Unsealed, opened


def run_add(
    name: str, config: Config, *, region: str, api_url: str | None = None, token_url: str | None = None, secret_issued_on: str | None = None,
    json_wanted: bool = False, language: str = "en", clock: Clock | None = None,
) -> None:  # fmt: skip
    """Ask for the credentials and store them sealed.

    Raises:
        WrongUse: the name is taken or not usable, there is no such region, or an answer is empty.
    """
    say, clock = translator(language), clock or clock_of(config.clock_url)
    refuse_name(name)
    region, secret_day = region_of(region), issued_on(secret_issued_on)
    for url in (api_url, token_url):
        refuse_clear(url)
    with opened(config) as store:
        store.accounts.refuse_taken(name)
        client_id, unsealed_secret, refresh_token = _asked(say("Client id")), _asked(say("Client secret"), hidden=True), _asked(say("Refresh token"), hidden=True)
        seller_id = _asked(say("Seller id (merchant token)"))
        unsealed = Unsealed(client_id, unsealed_secret, refresh_token)
        account = accounts.add(
            store, name, login(), clock.now(), unsealed=unsealed, region=region, seller_id=seller_id, api_url=api_url, token_url=token_url, secret_issued_on=secret_day
        )  # fmt: skip
        if json_wanted:
            _print_json(as_json(listed(store, account, clock.now())))
        else:
            _print(say("Account {name} is stored, its secrets sealed.").format(name=name))
            _print(say("See whether Amazon accepts it: refloat accounts check {name}").format(name=name))


def run_list(config: Config, *, json_wanted: bool = False, language: str = "en", clock: Clock | None = None) -> None:
    """Every account: region, marketplaces, what was observed when, and how old the client secret is."""
    say, now = translator(language), (clock or clock_of(config.clock_url)).now()
    with opened(config) as store:
        found = [listed(store, account, now) for account in store.accounts.list()]
    if json_wanted:
        _print_json({"accounts": [as_json(account) for account in found]})
    elif not found:
        _print(say("No account was added yet: refloat accounts add NAME --region NA"))
    for account in [] if json_wanted else found:
        for line in lines(account, say):
            _print(line)


def run_rotate(name: str, config: Config, *, keys_only: bool = False, json_wanted: bool = False, language: str = "en", clock: Clock | None = None) -> None:
    """Ask for a new client secret and a new refresh token, an empty answer keeps the old one; seal all by the newest key.

    Raises:
        WrongUse: there is no such account, or nothing new was given.
        SecretError: the key that sealed the old credentials is missing.
    """
    say, now = translator(language), (clock or clock_of(config.clock_url)).now()
    with opened(config) as store:
        if not keys_only:
            client_id, new_secret, new_token = _asked_again(store, name, say)
            accounts.rotate(store, name, login(), now, client_id=client_id, client_secret=new_secret, refresh_token=new_token)
        sealed_again, locked = store.accounts.seal_again()
        addresses, locked_addresses = store.recipients.seal_again()
        account = listed(store, store.accounts.get(name), now)
    if json_wanted:
        _print_json({**as_json(account), "sealed_again": sealed_again, "locked": locked, "recipients_sealed_again": addresses, "recipients_locked": locked_addresses})
        return
    if not keys_only:
        _print(say("The new credentials of {name} are stored, sealed by the newest key.").format(name=name))
    _print(say("Other accounts that are sealed by the newest key from now on: {count}").format(count=sealed_again))
    if addresses:
        _print(say("Addresses of recipients that are sealed by the newest key from now on: {count}").format(count=addresses))
    for other in locked_addresses:
        _print(say("The key of the recipient {name} is missing: put it back, or remove and add the recipient again with refloat notify").format(name=other))
    for other in locked:
        _print(say("The key of {name} is missing: put it back, or enter its credentials again with refloat accounts rotate {name}").format(name=other))


def _asked_again(store: Store, name: str, say: Callable[[str], str]) -> tuple[str | None, str | None, str | None]:
    """(client id, client secret, refresh token), None for what stays; all of them where the old ones cannot be opened."""
    store.accounts.get(name)
    try:
        store.accounts.credentials(name)
    except SecretError as error:
        sys.stderr.write(error.said(say) + "\n")
        return _asked(say("Client id")), _asked(say("Client secret"), hidden=True), _asked(say("Refresh token"), hidden=True)
    new_secret = _asked(say("New client secret (empty: keep the old one)"), hidden=True, may_be_empty=True)
    new_token = _asked(say("New refresh token (empty: keep the old one)"), hidden=True, may_be_empty=True)
    if not (new_secret or new_token):
        raise WrongUse("Nothing new was given.", why="Both answers were empty, so nothing was changed.", todo="Make a new client secret in Amazon's developer console, then run it again.")
    return None, new_secret or None, new_token or None


def run_remove(name: str, config: Config, *, yes: bool = False, with_history: bool = False, json_wanted: bool = False, language: str = "en", clock: Clock | None = None) -> None:
    """Forget the credentials, after the name was typed again. What was observed stays, unless ``with_history``.

    Raises:
        WrongUse: there is no such account, or its name was not typed again.
    """
    say, now = translator(language), (clock or clock_of(config.clock_url)).now()
    kept = say("Its snapshots and strandings are deleted for good; its journal stays.") if with_history else say("Its snapshots, strandings and journal stay.")
    with opened(config) as store:
        store.accounts.get(name)
        if not yes:
            sys.stderr.write(say("The credentials of {name} will be forgotten.").format(name=name) + f" {kept}\n")
            if _asked(say("Type the account's name to confirm"), may_be_empty=True) != name:
                raise WrongUse("The account {name} was not removed.", why="Its name was not typed again.", todo="Run it again and type the name, or add --yes.", name=name)
        accounts.remove(store, name, login(), now, with_history=with_history)
        store.access_record.add("account-removed", datetime.now(UTC), by=login(), whom=name, **({"history": "yes"} if with_history else {}))
    if json_wanted:
        _print_json({"removed": name, "with_history": with_history})
    else:
        _print(say("The account {name} is removed.").format(name=name) + f" {kept}")
        _print(say("At Amazon the authorisation still stands: revoke it in Seller Central under Apps and Services > Manage Your Apps."))


def _asked(label: str, *, hidden: bool = False, may_be_empty: bool = False) -> str:
    """The next answer: typed by a person, or the next line of a pipe."""
    answer = (typed(f"{label}: ", hidden=hidden) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not answer and not may_be_empty:
        raise WrongUse(
            "{label} is missing.", why="It is needed to speak to Amazon, and nothing was stored.", todo="Run it again and type it, or give one answer a line on standard input.", label=label
        )
    return answer


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_json(answer: object) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=_written) + "\n")


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value))
