"""``refloat observe``: look at what Amazon shows now, and keep it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from refloat.app.live import Observed, observe_account, strange_places
from refloat.cli.stopping import stop_at_once
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import AmazonError, WrongUse
from refloat.knowledge.messages import trouble
from refloat.knowledge.tables import marketplace_code, table
from refloat.locale import translator
from refloat.model.ports import Clock
from refloat.store import AccountBusy, opened
from refloat.wording.verdicts import counted


def run_noticed(config: Config, account: str, file: Path, *, as_json: bool, language: str) -> int:
    """Look at the SKUs that the notices in ``file`` (``-``: standard input) name; 0 done, 2 Amazon lets us in no more.

    Raises:
        WrongUse: the file cannot be read.
    """
    from refloat.amazon.notices import messages, notices

    say = translator(language)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(
            "The notices {file} cannot be read: {error}.", why="It must be a text file with one message a line.", todo="Give another file, or - for standard input.", file=file, error=error
        ) from error
    read = [notices(message) for message in messages(text)]
    if unknown := sum(not found for found in read):
        sys.stderr.write(say("Messages that hold no notice that we know: {count}").format(count=unknown) + "\n")
    with opened(config) as store:
        seen = list(told(observe_account(store, account, clock=clock_of(config.clock_url), pushed=[notice for found in read for notice in found]), as_json=as_json, language=language))
    return 2 if _locked_out(seen) else 0


def run_observe(config: Config, account: str, places: Sequence[str], *, watch: bool, as_json: bool, language: str) -> int:
    """One pass over the account, or one after the other until stopped; 0 done, 2 the stranded report could not be had, or Amazon lets us in no more."""
    stop_at_once(translator(language)("Stopped. Nothing was changed at Amazon; the next pass goes on with the reports that were ordered."))
    return _observed(config, account, places, watch=watch, as_json=as_json, language=language)


def _observed(config: Config, account: str, places: Sequence[str], *, watch: bool, as_json: bool, language: str) -> int:
    say = translator(language)
    with opened(config) as store:
        clock, codes = clock_of(config.clock_url), [marketplace_code(place) or place for place in places]
        while True:
            sys.stderr.write(say("Looking; Amazon takes some minutes to make its reports ...") + "\n")
            try:
                seen = list(told(observe_account(store, account, places=codes, clock=clock), as_json=as_json, language=language))
                _name_strange(strange_places(store, account), say)
            except (AmazonError, AccountBusy) as trouble:
                if not watch:
                    raise
                # Whoever watches wants to go on watching: the next pass may meet better times.
                sys.stderr.write(trouble.said(say) + "\n")
            if not watch:
                return 2 if all(one.unknown for one in seen) or _locked_out(seen) else 0
            _pause(clock)


def _name_strange(places: Sequence[str], say: Callable[[str], str]) -> None:
    if places:
        sys.stderr.write(say("Not looked at: {places}. Refloat does not know these marketplaces of the account.").format(places=", ".join(places)) + "\n")


def _locked_out(seen: Iterable[Observed]) -> bool:
    """Amazon does not let us in at all: nothing that was shown is of now."""
    return any(code == "credential-wrong" for one in seen for code, _ in one.troubles.values())


def _pause(clock: Clock) -> None:
    clock.sleep(60 * table("observing")["changes"]["minutes"])


def told(passes: Iterable[Observed], *, as_json: bool, language: str) -> Iterable[Observed]:
    """Every pass, told as soon as it has ended."""
    for one in passes:
        if as_json:
            sys.stdout.write(json.dumps({**asdict(one), "troubles": dict(one.troubles), "verdicts": dict(one.verdicts)}, ensure_ascii=False) + "\n")
        else:
            _tell(one, language)
        yield one


def _tell(one: Observed, language: str) -> None:
    say = translator(language)
    brought = say("{place}: {reports} reports and {answers} answers.").format(place=one.marketplace, reports=len(one.looked.reports), answers=one.looked.answers)
    counts = say("Strandings: {opened} new, {came_back} came back, {changed} changed, {closed} proven over.").format(opened=one.opened, came_back=one.came_back, changed=one.changed, closed=one.closed)
    sys.stdout.write(f"{brought} {counts}\n")
    if one.verdicts:
        sys.stdout.write("  " + say("Verdicts: {words}.").format(words=counted(one.verdicts, say)) + "\n")
    if one.unknown:
        sys.stdout.write("  " + say("The stranded report could not be had: what is stranded is unknown now, and nothing was closed.") + "\n")
    causes: dict[str, list[str]] = {}
    for source, (code, _) in sorted(one.troubles.items()):
        causes.setdefault(code, []).append(source)
    for code, sources in causes.items():
        sys.stdout.write("  " + say("Not had: {sources}. {why}").format(sources=", ".join(sources), why=trouble(code, language)) + "\n")
