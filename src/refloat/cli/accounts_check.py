"""``refloat accounts check``: what Amazon lets this account do (``app.account_check``), shown as it is found out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict

from refloat.app.account_check import Check, checked
from refloat.app.live import line_of
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.tables import marketplace_code
from refloat.locale import translator
from refloat.model.ports import Clock, Line
from refloat.store import Store, opened
from refloat.wording.accounts import verdict_labels


def run_check(
    name: str, config: Config, *, marketplace: str | None = None, order: bool = False, json_wanted: bool = False, language: str = "en",
    clock: Clock | None = None, connect: Callable[[Store, str, Clock], Line] = line_of,
) -> int:  # fmt: skip
    """Show what works, and what to do about the rest; 2 when Amazon does not let us in at all, else 0.

    Raises:
        WrongUse: there is no such account or marketplace.
        SecretError: its credentials cannot be opened.
    """
    say, clock = translator(language), clock or clock_of(config.clock_url)
    with opened(config) as store:
        checks: list[Check] = []
        with ExitStack() as stack:
            line = connect(store, name, clock)
            stack.callback(getattr(line, "close", lambda: None))
            for check in checked(store, name, line, clock, (_code(marketplace), order, say)):
                checks.append(check)
                if not json_wanted:
                    _show(check, say)
    if json_wanted:
        sys.stdout.write(json.dumps({"account": name, "checks": [asdict(check) for check in checks]}, ensure_ascii=False, indent=2) + "\n")
    return 0 if checks[0].verdict == "ok" else 2


def _code(marketplace: str | None) -> str | None:
    code = marketplace_code(marketplace)
    if marketplace and code is None:
        raise WrongUse("There is no marketplace {name}.", why="A marketplace is written as its two letters or Amazon's id.", todo="For example --marketplace DE.", name=marketplace)
    return code


def _show(check: Check, say: Callable[[str], str]) -> None:
    sys.stdout.write(f"{check.what:<20} {check.marketplace or '':<3} {verdict_labels(say)[check.verdict]}\n")
    for more in (check.said, check.todo):
        if more and check.verdict != "ok":
            sys.stdout.write(f"    {more}\n")
    sys.stdout.flush()
