"""What Amazon lets an account do, found out by the cheapest calls. Changes nothing there, but for a report ordered where that was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from refloat.amazon import account_standing
from refloat.errors import AmazonError, CredentialWrong, RoleMissing
from refloat.knowledge.tables import table
from refloat.loop.reports import options_of
from refloat.model.ports import Clock, Line, Place, ReportState
from refloat.store import Store

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


def checked(store: Store, name: str, line: Line, clock: Clock, asked: tuple[str | None, bool, Callable[[str], str]]) -> Iterator[Check]:
    """What works, thing by thing: the token and the marketplaces first; without them nothing else can be tried.

    ``asked``: a marketplace or none, whether to order reports that nobody ordered lately, and the words.
    """
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
