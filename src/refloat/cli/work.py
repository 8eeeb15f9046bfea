"""Work that nobody watches: once, for ever, and how it stands."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from threading import Event

from refloat.app import working
from refloat.cli.show.overview import as_json as overview_json
from refloat.cli.show.overview import failed_line, lines
from refloat.clock import clock_of
from refloat.config import Config
from refloat.locale import translator
from refloat.store import opened


def run_once(config: Config, *, as_json: bool, language: str) -> int:
    """Everything that is due, once; 0 done, 2 something failed."""
    say = translator(language)
    _without_accounts(config, say)
    sys.stderr.write(say("Working; Amazon takes some minutes to make its reports ...") + "\n")
    with opened(config) as store:
        ran = working.run_once(config, store, clock_of(config.clock_url))
    if as_json:
        sys.stdout.write(json.dumps({"turns": ran.turns, "failed": [asdict(row) for row in ran.failed]}, default=str, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(say("Done: {count}. Failed: {failed}.").format(count=ran.turns, failed=len(ran.failed)) + "\n")
        for row in ran.failed:
            sys.stdout.write(failed_line(row, language) + "\n")
    return 2 if ran.failed else 0


def run_work(config: Config, at_once: int | None, *, language: str) -> int:
    """Work until stopped: by Ctrl-C or SIGTERM what is under way may end, and what has not ended is begun anew by the next."""
    say, stop = translator(language), Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with opened(config) as store:
        sys.stderr.write(say("Working on {database}. Stop with Ctrl-C; refloat status tells how it stands.").format(database=store.database) + "\n")
        working.work(config, store, clock_of(config.clock_url), stop, at_once=at_once)
    sys.stderr.write(say("Stopped. What was under way is begun anew by the next.") + "\n")
    return 0


def run_status(config: Config, account: str | None, *, as_json: bool, language: str) -> int:
    """How the unattended work stands; 0."""
    with opened(config) as store:
        found = working.overview(store, account, clock_of(config.clock_url).now())
    if as_json:
        sys.stdout.write(json.dumps(overview_json(found), ensure_ascii=False, default=str) + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in lines(found, language))
    return 0


def _without_accounts(config: Config, say: Callable[[str], str]) -> None:
    with opened(config) as store:
        if not store.accounts.list():
            sys.stderr.write(say("There is no account yet: refloat accounts add") + "\n")
