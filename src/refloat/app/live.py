"""Accounts with a live line: observe them, and triage what is on record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from refloat.amazon import AmazonLine, Credentials, Endpoints, Secret, account_standing
from refloat.amazon.notices import Notice
from refloat.app.afterwards import Afterwards
from refloat.app.policies import notes_on_record
from refloat.app.record import NO_TRIAGE, ClockOfStore, kept, troubled
from refloat.app.showing import show
from refloat.app.triage import Question, Triage, triage
from refloat.app.verdicts import verify_account
from refloat.clock import WallClock
from refloat.errors import AmazonError, NothingReadable, WrongUse
from refloat.knowledge.tables import marketplace_code, table
from refloat.loop import cleared
from refloat.loop.details import Suspect
from refloat.loop.hand import clocks_agree
from refloat.loop.observe import Looked, observe
from refloat.loop.reports import SOURCES, Pace, Place
from refloat.model.alarm import ACCOUNT_SOURCE
from refloat.model.notes import Notes
from refloat.model.ports import Clock, Download
from refloat.model.source import Warning
from refloat.reports import Kept, read_kept
from refloat.store import SourceRow, Store

#: Kinds of reasons for which Amazon's inbound eligibility says more; its call is the slowest, so no others are asked.
_ELIGIBILITY = ("channel", "dangerous-goods")


@dataclass(frozen=True)
class Observed:
    """What a pass over one marketplace brought, and how the strandings changed by it."""

    account: str
    marketplace: str
    looked: Looked
    #: The stranded report could not be had, so nothing was concluded from silence.
    unknown: bool
    opened: int
    came_back: int
    changed: int
    closed: int
    #: Verdict → how many actions of ours have it by this pass.
    verdicts: Mapping[str, int]
    #: Source → why it could not be had: a code of ``troubles.toml``, and the words.
    troubles: Mapping[str, tuple[str, str]]


def line_of(store: Store, account: str, clock: Clock, **more: Any) -> AmazonLine:
    """The line of a stored account; its secrets go into it and nowhere else."""
    row, secrets = store.accounts.get(account), store.accounts.credentials(account)
    own = Endpoints.of_region(row.region)
    endpoints = Endpoints(row.api_url or own.api, row.token_url or own.token)
    credentials = Credentials(row.seller_id or None, secrets.client_id, Secret(secrets.client_secret), Secret(secrets.refresh_token))
    return AmazonLine(credentials, endpoints, gate=store.gate, clock=clock, **more)


def observe_account(
    store: Store, account: str, *, places: Sequence[str] = (), clock: Clock | None = None, line: AmazonLine | None = None, pushed: Sequence[Notice] | None = None, pace: Pace | None = None,
) -> list[Observed]:  # fmt: skip
    """One pass over the marketplaces of the account (or those named); with ``pushed``, only over what these notices name.

    Looking takes the leases of these marketplaces, concluding the account's. Where ``pace`` does not wait for
    reports that Amazon still makes, that marketplace's ``looked.waits_until`` says when to come back, and nothing is concluded of it;
    nor does it wait long for an account for which a plan is carried out.

    Raises:
        AccountBusy: another process is at it.
        AmazonError: not even the list of marketplaces could be had.
        WrongUse: a marketplace was named in which the account does not sell, or it sells nowhere.
    """
    own_clock = ClockOfStore(clock or WallClock(), store)
    own, began = line or line_of(store, account, own_clock), own_clock.now()
    try:
        with _trouble_on_record(store, account, own_clock), ExitStack() as leases:
            known = _places(store, account, places, own, own_clock)
            for place in sorted(known):
                leases.enter_context(store.alone_with(account, place))
            there = [Place(place, own, store.record(account, place), own_clock, pace or Pace()) for place in known]
            noticed = None if pushed is None else _noticed(store.accounts.get(account).seller_id, pushed, there)
            sight = _Sight(store, account, own_clock)
            looked = observe(there, lambda: _suspects(store, account, sight), noticed)
            return _concluded(store, account, there, looked, (began, _PATIENCE_SECONDS if pace is None or pace.wait else _SHORT_PATIENCE_SECONDS), sight)
    finally:
        if line is None:
            own.close()


@contextmanager
def _trouble_on_record(store: Store, account: str, clock: Clock) -> Iterator[None]:
    """Trouble of a whole account is on record as a source's is: nobody may be looking, and alarms rest on what is on record."""
    try:
        yield
    except AmazonError as error:
        store.snapshots.failed(account, "", ACCOUNT_SOURCE, error.code, str(error.filled(error.what)), clock.now())
        raise
    if any(row.trouble_code for row in store.snapshots.sources(account, "")):
        store.snapshots.looked(account, "", ACCOUNT_SOURCE, clock.now())


#: Concluding takes seconds; who carries out a plan may hold the account for longer, and then the next pass concludes.
_PATIENCE_SECONDS = 60
#: Of a look that comes back anyway: so long other marketplaces may be concluding, but it keeps none of a worker's lanes.
_SHORT_PATIENCE_SECONDS = 5


def _concluded(store: Store, account: str, there: Sequence[Place], looked: Mapping[str, Looked], begun: tuple[datetime, float], sight: _Sight) -> list[Observed]:  # noqa: PLR0917
    """What was looked at, as strandings and verdicts; a marketplace whose reports are still made is told as it is. ``begun``: when, and the patience in seconds."""
    began, patience = begun
    ready = [place for place in there if looked[place.marketplace].waits_until is None]
    waiting = [_waiting(account, place.marketplace, looked[place.marketplace]) for place in there if place not in ready]
    if not ready:
        return waiting
    clock = ready[0].clock
    with store.alone_with(account, patience_seconds=patience):
        found = sight.triaged()
        seen = [_recorded(store, account, place, looked[place.marketplace], found, began) for place in ready]
        words = Counter((deed.marketplace, str(deed.verdict)) for deed in verify_account(store, account, clock, agreed=clocks_agree(ready[0].line)))
    return [*(replace(one, verdicts={word: count for (place, word), count in words.items() if place == one.marketplace}) for one in seen), *waiting]


def _waiting(account: str, marketplace: str, looked: Looked) -> Observed:
    return Observed(account, marketplace, looked, unknown=False, opened=0, came_back=0, changed=0, closed=0, verdicts={}, troubles={})


def known_places(store: Store, account: str, clock: Clock) -> list[str]:
    """The marketplaces in which the account sells, as Amazon says it now, or said within the day.

    Raises:
        AmazonError: it could not be asked, and nothing is known.
        WrongUse: the account sells nowhere.
    """
    line = line_of(store, account, clock)
    try:
        with _trouble_on_record(store, account, clock):
            return _places(store, account, (), line, clock)
    finally:
        line.close()


def _noticed(seller_id: str, pushed: Sequence[Notice], there: Sequence[Place]) -> dict[str, set[str]]:
    """Marketplace → the SKUs that the notices name. Another seller's are passed over; one without a marketplace concerns all."""
    own = [notice for notice in pushed if notice.sku and notice.seller_id in {None, seller_id}]
    return {place.marketplace: {notice.sku for notice in own if notice.sku and notice.marketplace in {None, place.marketplace}} for place in there}


def _places(store: Store, account: str, named: Sequence[str], line: AmazonLine, clock: Clock) -> list[str]:
    """The marketplaces to look at: those on record, asked for at Amazon anew after some time, and where there are none."""
    _note_places(store, account, line, clock)
    known = [row.marketplace for row in store.accounts.places(account) if row.participates and marketplace_code(row.marketplace)]
    if not known:
        raise WrongUse(
            "Amazon names no marketplace in which {account} sells.",
            why="The account may be new, suspended, or of another region than it was added with.",
            todo="See refloat accounts check {account}.",
            account=account,
        )
    if strange := [place for place in named if place not in known]:
        raise WrongUse(
            "{account} does not sell in {place}.",
            why="Amazon names these marketplaces for it: {names}.",
            todo="Leave --marketplace out to look at all of them, or ask Amazon anew: refloat accounts check {account}.",
            account=account,
            place=strange[0],
            names=", ".join(known) or "none",
        )
    return list(dict.fromkeys(named)) or known


def _note_places(store: Store, account: str, line: AmazonLine, clock: Clock) -> None:
    """Ask Amazon where the account sells, unless that was done within the day. Its marketplaces change seldom."""
    rows, longest = store.accounts.places(account), timedelta(hours=table("observing")["places"]["hours"])
    usable = [row for row in rows if row.participates]
    if usable and timedelta(0) <= clock.now() - min(row.checked_at for row in rows) < longest:
        return
    try:
        store.accounts.note_places(account, line.places(), clock.now())
    except AmazonError as error:
        # What was known yesterday is better than no pass at all.
        if not usable or not error.passing:
            raise


def strange_places(store: Store, account: str) -> list[str]:
    """Marketplaces of the account that Refloat does not know, and so did not look at. Amazon's own for goods sold elsewhere are none."""
    return [row.marketplace for row in store.accounts.places(account) if row.participates and not marketplace_code(row.marketplace)]


def _recorded(store: Store, account: str, place: Place, looked: Looked, found: Triage | None, began: datetime) -> Observed:  # noqa: PLR0917
    """What the pass means for the strandings of one marketplace: opened, changed, proven over; and the journal's entry."""
    now, marketplace = place.clock.now(), place.marketplace
    unknown = _unknown(store, account, place, found)
    known = store.strandings.standing(account, marketplace)
    answers = {} if found is None else found.answers.get(marketplace, {})
    concluded = cleared.concluded(answers, _absent(known, answers), now, began)
    recorded = store.strandings.record(account, marketplace, _rows(found, marketplace, known), now, unknown=unknown, concluded=_conclusions(concluded))
    show(store, account, marketplace, found, now)
    troubles = {row.source: (str(row.trouble_code), str(row.trouble_text)) for row in troubled(store, account, marketplace)}
    body = {"reports": list(looked.reports), "answers": looked.answers, "changes": looked.changes, "unknown": unknown, "troubles": sorted(troubles)}
    counts = {"opened": recorded.opened, "came_back": recorded.came_back, "changed": recorded.changed, "closed": recorded.closed}
    store.journal.append(account, marketplace, "observed", {**body, **counts}, now)
    return Observed(account, marketplace, looked, unknown, verdicts={}, troubles=troubles, **counts)


def _absent(known: pl.DataFrame, answers: Mapping[str, pl.DataFrame]) -> Iterator[cleared.Absent]:
    """Of the open strandings those that Amazon was asked about: nothing can be concluded of another."""
    if (asked := answers.get("listing-answers")) is None:
        return
    absent_since = pl.when(pl.col("standing") == "clearing").then(pl.col("from_at"))
    rows = known.join(asked.select("sku"), on="sku", how="semi").select("sku", "fnsku", "shown_buyable", absent_since)
    yield from (cleared.Absent(*row) for row in rows.iter_rows())


def _unknown(store: Store, account: str, place: Place, found: Triage | None) -> bool:
    """Is the stranded report missing or not readable as a whole, or could its newest not be had?"""
    return found is None or place.marketplace not in found.told or any(row.source == "stranded" for row in troubled(store, account, place.marketplace))


def _conclusions(concluded: Mapping[str, cleared.Proof]) -> dict[str, Any]:
    from refloat.store import Conclusion

    return {sku: Conclusion("cleared", outcome=proof.outcome) for sku, proof in concluded.items()}


def _suspects(store: Store, account: str, sight: _Sight) -> dict[str, list[Suspect]]:
    """Everything that is stranded or may be, and what was stranded until now: of that, too, Amazon is asked for proof."""
    found = sight.triaged()
    suspects: dict[str, dict[str, Suspect]] = {}
    for row in () if found is None else found.rows.iter_rows(named=True):
        suspects.setdefault(row["marketplace"], {})[row["sku"]] = _suspect(row)
    for marketplace, sku, asin in store.strandings.standing(account).select("marketplace", "sku", "asin").iter_rows():
        suspects.setdefault(marketplace, {}).setdefault(sku, Suspect(sku, asin, None))
    # What a finished removal has emptied no report lists: whether its listing may go, or has gone, Amazon is asked by name.
    for marketplace, skus in Afterwards.of(store, account, sight.clock.now()).asked.items():
        for sku in sorted(skus):
            suspects.setdefault(marketplace, {}).setdefault(sku, Suspect(sku, None, None))
    return {place: list(own.values()) for place, own in suspects.items()}


def _suspect(row: Mapping[str, Any]) -> Suspect:
    doubtful = row["symptom_kind"] in _ELIGIBILITY or row["listing_channel"] == "merchant"
    return Suspect(row["sku"], row["asin"], row["condition"], doubtful)


#: The columns of a diagnosed row that a stranding keeps, and what it calls them where the name differs.
_KEPT = (
    "sku", "fnsku", "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved",
    "worth_amount", "removal_due_on", "title", "asin",
)  # fmt: skip


def _rows(found: Triage | None, marketplace: str, known: pl.DataFrame) -> pl.DataFrame:
    """The diagnosed rows as the store takes them; what is merely no longer listed is not among them: it needs proof.

    What was once seen not BUYABLE stays so on record while the report lists it: Amazon's list lags behind a cure.
    """
    if found is None:
        return pl.DataFrame(schema={"sku": pl.String()})
    unbuyable = known.filter(~pl.col("shown_buyable"))["sku"]
    shown = pl.when(pl.col("sku").is_in(unbuyable.implode())).then(False).otherwise(pl.col("live_buyable")).alias("shown_buyable")
    rows = found.rows.filter((pl.col("marketplace") == marketplace) & (pl.col("stranded_listed") | (pl.col("standing") != "clearing")))
    return rows.select(*_KEPT, pl.col("price_currency").alias("worth_currency"), shown)


@dataclass
class _Sight:
    """What is on record of the account, all its marketplaces together, diagnosed: once, as long as nothing newer is on record.

    A look needs it twice: for whom to ask about, and to conclude. Where nobody had to be asked, as in most looks at changes, it is the same.
    """

    store: Store
    account: str
    clock: Clock
    _rests_on: Any = None
    _found: Triage | None = None

    def triaged(self) -> Triage | None:
        """None when nothing is on record."""
        notes, rests_on = notes_on_record(self.store, self.account)[0], self._record()
        if self._rests_on != (notes, rests_on):
            self._rests_on, self._found = (notes, rests_on), _triaged(self.store, self.account, notes, self.clock)
        return self._found

    def _record(self) -> Any:
        """Every snapshot and every trouble; and the half-hour, for at one a new day begins somewhere."""
        places = [row.marketplace for row in self.store.accounts.places(self.account)]
        snapshots = [
            (place, source, row.id, row.observed_at) for place in places for source, row in sorted(self.store.snapshots.latest(self.account, place, whole=True).items()) if source not in NO_TRIAGE
        ]
        troubles = [(place, row.source, row.trouble_code, row.trouble_text) for place in places for row in troubled(self.store, self.account, place)]
        return snapshots, troubles, self.clock.now().timestamp() // 1800


def _triaged(store: Store, account: str, notes: Notes, clock: Clock) -> Triage | None:
    try:
        return triage(Question((), account=account, notes=notes), clock.now, readings=read_kept(_all_kept(store, account)))
    except NothingReadable:
        return None


def _all_kept(store: Store, account: str) -> Iterator[Kept]:
    return (one for row in store.accounts.places(account) for one in kept(store, account, row.marketplace))


def triage_account(store: Store, question: Question, clock: Clock | None = None) -> Triage:
    """The same triage as of files, from what is on record of ``question.account``.

    Raises:
        RefloatError: there is no such account, or nothing is on record of it yet.
    """
    account = question.account or ""
    store.accounts.get(account)
    places = [row.marketplace for row in store.accounts.places(account)]
    snapshots = list(_all_kept(store, account))
    if not snapshots:
        raise NothingReadable(
            "Nothing is on record of {account} yet.",
            why="Nobody has looked at what Amazon shows for it, so what is stranded is unknown; that is not the same as nothing.",
            todo="refloat observe {account}",
            more="docs/start/live.md",
            account=account,
        )
    now = (clock or WallClock()).now
    found = triage(replace(question, marketplace=None), now, readings=read_kept(snapshots))
    return replace(found, warnings=(*found.warnings, *(warning for place in places for warning in troubles_told(store, account, place, now()))))


def troubles_told(store: Store, account: str, place: str, now: datetime) -> Iterator[Warning]:
    """Every source of which something newer could not be had: since when, how old what we have is, and why."""
    rows = troubled(store, account, place)
    idle = [row.source for row in rows if row.trouble_code == "report-cancelled" and not SOURCES.get(row.source, {}).get("needed")]
    if idle:
        yield Warning("sources-cancelled", facts=(("place", place), ("names", ", ".join(idle))))
    for row in rows:
        if row.source not in idle:
            yield _trouble(row, place, now)
    standing = account_health(store, account, place)
    if standing not in (None, "NORMAL"):
        yield Warning("account-not-normal", value=standing, facts=(("place", place),))


def _trouble(row: SourceRow, place: str, now: datetime) -> Warning:
    since = (row.troubled_since or row.last_tried_at).astimezone(UTC)
    facts = [("source", row.source), ("place", place), ("since", f"{since:%Y-%m-%d %H:%M} UTC"), ("trouble", str(row.trouble_code))]
    if row.last_good_at is None:
        return Warning("source-never-read", f"{place}/{row.source}", facts=tuple(facts))
    facts.append(("hours", f"{(now - row.last_good_at).total_seconds() / 3600:.1f}"))
    return Warning("source-failed", f"{place}/{row.source}", facts=tuple(facts))


def account_health(store: Store, account: str, place: str) -> str | None:
    """NORMAL, AT_RISK or DEACTIVATED, as Amazon's account health report last said; None where it was never read."""
    snapshot = store.snapshots.latest(account, place, whole=True).get("account-health")
    return account_standing(Download(store.snapshots.content(snapshot), snapshot.charset, snapshot.whole), place) if snapshot else None
