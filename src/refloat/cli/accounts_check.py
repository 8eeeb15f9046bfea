"""``refloat accounts check``: what Amazon lets this account do, found out by the cheapest calls. Changes nothing there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from refloat.amazon import account_standing
from refloat.app.live import line_of
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import AmazonError, CredentialWrong, RoleMissing, WrongUse
from refloat.knowledge.tables import marketplace_code, table
from refloat.locale import translator
from refloat.loop.reports import options_of
from refloat.model.ports import Clock, Line, Place, ReportState
from refloat.store import Store, opened

#: Nobody sells these; Amazon says "not found", or nothing, where the role is there.
SKU, ASIN = "refloat-check-no-such-sku", "B000000000"
#: How far back a report still shows that the marketplace gives it.
BACK = timedelta(days=60)
HEALTH = "account-health"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried. ``verdict``: ok, missing-role, wrong-credential, refused, unknown, at-risk or deactivated."""

    what: str
    marketplace: str | None
    verdict: str
    said: str | None = None
    todo: str | None = None


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
            for check in _checked(store, name, line, clock, (_code(marketplace), order, say)):
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


def _checked(store: Store, name: str, line: Line, clock: Clock, asked: tuple[str | None, bool, Callable[[str], str]]) -> Iterator[Check]:
    """The token and the marketplaces first; without them nothing else can be tried."""
    wanted, order, say = asked
    try:
        places = line.places()
    except AmazonError as error:
        yield _failed("token", None, error, say)
        return
    store.accounts.note_places(name, places, clock.now())
    yield Check("token", None, "ok")
    yield from (_participation(place, say) for place in places)
    open_places = [place.marketplace for place in places if place.participates and not place.suspended]
    marketplace = wanted or next(iter(open_places), None)
    if marketplace is not None:
        yield from _roles(line, marketplace, say)
        yield from _reports(store, name, line, clock, (marketplace, order, say))


def _participation(place: Place, say: Callable[[str], str]) -> Check:
    if place.suspended:
        return Check("marketplace", place.marketplace, "deactivated", todo=say("Your listings there are suspended: see Account health in Seller Central."))
    return Check("marketplace", place.marketplace, "ok" if place.participates else "not-yours")


def _roles(line: Line, marketplace: str, say: Callable[[str], str]) -> Iterator[Check]:
    """One cheap call for each role."""
    calls: tuple[tuple[str, Callable[[], object]], ...] = (
        ("listings", lambda: line.listing(SKU, marketplace)),
        ("restrictions", lambda: line.restrictions(ASIN, marketplace, None)),
        ("inventory", lambda: line.inventory([SKU], marketplace)),
        ("eligibility", lambda: line.eligibility(ASIN, marketplace)),
    )
    for what, call in calls:
        yield _tried(what, marketplace, call, say)


def _tried(what: str, marketplace: str, call: Callable[[], object], say: Callable[[str], str]) -> Check:
    """Amazon's complaint about a SKU or ASIN that nobody has is a good sign: we were let in."""
    try:
        call()
    except AmazonError as error:
        return Check(what, marketplace, "ok") if error.code in {"refused", "not-there"} else _failed(what, marketplace, error, say)
    return Check(what, marketplace, "ok")


def _failed(what: str, marketplace: str | None, error: AmazonError, say: Callable[[str], str]) -> Check:
    verdict = "missing-role" if isinstance(error, RoleMissing) else "wrong-credential" if isinstance(error, CredentialWrong) else "unknown" if error.passing else "refused"
    return Check(what, marketplace, verdict, error.filled(say(error.what)), error.filled(say(error.todo)))


def _reports(store: Store, name: str, line: Line, clock: Clock, asked: tuple[str, bool, Callable[[str], str]]) -> Iterator[Check]:
    """Which reports the marketplace gives, as far as it is known; Amazon is asked only about those that we never read."""
    marketplace, order, say = asked
    known = {source.source: source for source in store.snapshots.sources(name, marketplace)}
    for source, report in table("observing")["reports"].items():
        read = known.get(source)
        if read is not None and read.last_good_at is not None and source != HEALTH:
            yield Check(source, marketplace, "ok")
            continue
        try:
            recent = line.recent_reports(report["type"], marketplace, clock.now() - BACK)
            check = _health(line, recent, marketplace, say) if source == HEALTH else _given(source, recent, marketplace, say)
            if check.verdict == "unknown" and order:
                check = _ordered(store, name, line, clock, (source, report, marketplace, say))
        except AmazonError as error:
            check = _failed(source, marketplace, error, say)
        yield check


def _given(source: str, recent: Sequence[ReportState], marketplace: str, say: Callable[[str], str]) -> Check:
    """From the reports that were ordered lately. CANCELLED may also mean that there was nothing to report."""
    stages = {report.stage for report in recent}
    if "DONE" in stages:
        return Check(source, marketplace, "ok")
    if stages & {"CANCELLED", "FATAL"}:
        return Check(source, marketplace, "unknown", ", ".join(sorted(stages)), say("Amazon gave none lately, or there was nothing to report; observing again will tell."))
    return Check(source, marketplace, "unknown", None, say("Nobody ordered it lately; refloat observe orders it, or add --order."))


def _ordered(store: Store, name: str, line: Line, clock: Clock, asked: tuple[str, dict[str, Any], str, Callable[[str], str]]) -> Check:
    """Order it, so that the next observing finds it on order; written down before the request leaves."""
    source, report, marketplace, say = asked
    record = store.record(name, marketplace)
    with store.alone_with(name):
        if record.open_order(source) is None:
            record.order(source, report["type"], clock.now())
            # As an observing pass would order it, because the next one takes it for its own.
            record.ordered(source, line.ask_report(report["type"], marketplace, options_of(report, clock.now())))
    return Check(source, marketplace, "unknown", None, say("It is on order now; refloat observe fetches it."))


def _health(line: Line, recent: Sequence[ReportState], marketplace: str, say: Callable[[str], str]) -> Check:
    """The account's standing in the newest report that is done."""
    document_id = next((report.document_id for report in recent if report.stage == "DONE" and report.document_id), None)
    standing = account_standing(line.document(document_id), marketplace) if document_id else None
    if standing is None:
        return Check(HEALTH, marketplace, "unknown", None, say("No recent report says how the account stands; look at Account health in Seller Central."))
    if standing == "NORMAL":
        return Check(HEALTH, marketplace, "ok", standing)
    return Check(HEALTH, marketplace, standing.lower().replace("_", "-"), standing, say("Settle this first in Seller Central under Account health: nothing is written for such an account."))


def _show(check: Check, say: Callable[[str], str]) -> None:
    names = {
        "ok": say("ok"), "missing-role": say("role missing"), "wrong-credential": say("not let in"), "refused": say("refused"),
        "unknown": say("unknown"), "at-risk": say("at risk"), "deactivated": say("deactivated"), "not-yours": say("you do not sell there"),
    }  # fmt: skip
    sys.stdout.write(f"{check.what:<20} {check.marketplace or '':<3} {names[check.verdict]}\n")
    for more in (check.said, check.todo):
        if more and check.verdict != "ok":
            sys.stdout.write(f"    {more}\n")
    sys.stdout.flush()
