"""Plan for an account: what is on record of it, diagnosed, drafted by the cures, ordered, kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

import polars as pl

from refloat.amazon.cures import drafted
from refloat.amazon.cures.units import never_sold_again
from refloat.app.afterwards import REMEDY, Afterwards, Finished, follows, others_of, row_of
from refloat.app.done import every_by_hand, of_this_episode
from refloat.app.live import account_health, triage_account
from refloat.app.naming import by_own_name, known_reasons, told_of_skus
from refloat.app.record import kept
from refloat.app.triage import Question, Triage
from refloat.clock import WallClock
from refloat.errors import AmazonError
from refloat.knowledge.tables import marketplaces, table
from refloat.loop import plan as planning
from refloat.loop.choosing import WAIT
from refloat.loop.disposing import Goods, disposition
from refloat.loop.resting import can_be_bought
from refloat.loop.road import FEED_TYPE, roads
from refloat.model import answers
from refloat.model.cure import Case, Wishes
from refloat.model.money import Money
from refloat.model.notes import Notes
from refloat.model.plan import Plan
from refloat.model.policy import RemovalRule
from refloat.model.ports import Answer, Clock, Line
from refloat.model.source import Warning
from refloat.reports import read_kept
from refloat.reports.loader import Filled
from refloat.store import Store


@dataclass(frozen=True)
class PlanQuestion:
    """What to plan for. ``remedy``: this one instead of the first of each cause; ``skus``: only these."""

    account: str
    reasons: Sequence[str] = ()
    remedy: str | None = None
    skus: frozenset[str] | None = None
    #: Only these (marketplace, SKU), as somebody chose them in a table; what of them is stranded no more is left out.
    chosen: frozenset[tuple[str, str]] | None = None
    places: Sequence[str] = ()
    lifted: frozenset[str] = frozenset()
    notes: Notes = field(default_factory=Notes)
    wishes: Wishes = field(default_factory=Wishes)
    language: str = "en"
    #: A Bulk Fix file that a person filled in: its rows must agree with the account's own ASINs and conditions.
    filled: Filled | None = None
    #: How units leave where neither the notes nor the wishes say it: by their worth.
    removal: RemovalRule | None = None


def plan_account(store: Store, asked: PlanQuestion, *, clock: Clock | None = None, line: Line | None = None, warnings: list[Warning] | None = None) -> Plan:
    """The plan for what is stranded now, as far as it is on record; kept, and not yet approved.

    ``line``: where it is there, Amazon is asked whether the units of a removal can be bought elsewhere.
    ``warnings`` takes what a person should know of what was asked for: SKUs that are not stranded, and the rows of the
    filled-in file that contradict the account, by line and column.

    Raises:
        NothingReadable: the account was never observed.
        WrongUse: there is no such account, reason, remedy or SKU.
    """
    drawing = Drawing.of(store, asked, clock, line, warnings)
    plan = drawing.plan(drawing.drawn())
    store.plans.keep(plan)
    return plan


@dataclass(frozen=True)
class Drawing:
    """What a plan is drawn from: the diagnosed rows, the most urgent first. Drawn as often as one likes, kept by nobody."""

    store: Store
    asked: PlanQuestion
    found: Triage
    rows: Sequence[Mapping[str, Any]]
    now: datetime
    elsewhere: _Elsewhere
    #: What is stranded no more because its removal is finished, and the row of each.
    gone: Sequence[tuple[Finished, Mapping[str, Any]]] = ()

    @classmethod
    def of(cls, store: Store, asked: PlanQuestion, clock: Clock | None = None, line: Line | None = None, warnings: list[Warning] | None = None) -> Drawing:
        """As ``plan_account``, and with what it raises."""
        asked, clock = by_own_name(asked), clock or WallClock()
        now, warnings = clock.now(), [] if warnings is None else warnings
        after = Afterwards.of(store, asked.account, now)
        question = Question((), account=asked.account, reasons=asked.reasons, places=asked.places, notes=asked.notes, besides=after.asked)
        found = triage_account(store, question, clock)
        known_reasons(asked, found)
        gone = _gone(after, found, asked)
        skus = {one.removal.sku for one, _ in gone}
        warnings.extend(warning for warning in told_of_skus(store, asked, found) if warning.value not in skus)
        return cls(store, asked, found, _rows(found, asked, warnings), now, _Elsewhere(store, asked.account, line), gone)

    def drawn(self, wanted: Mapping[tuple[str, str], str] | None = None) -> planning.Planned:
        """The actions, and what is left alone. ``wanted``: (marketplace, SKU) → another remedy than the first of its cause."""
        strandings = (*_strandings(self.store, self.asked, self.rows, self.now, self.elsewhere), *self._following())
        chosen = (replace(one, wanted=(wanted or {}).get((one.case.marketplace, one.case.sku))) for one in strandings)
        return planning.planned(chosen, self.found.catalogue, drafted, planning.Asked(self.asked.remedy, self.asked.lifted, self.asked.language))

    def _following(self) -> Iterator[planning.Stranded]:
        """What comes after each finished removal."""
        made = _strandings(self.store, self.asked, [row for _, row in self.gone], self.now, self.elsewhere)
        for (one, _), case in zip(self.gone, made, strict=True):
            others = others_of(one, self.found.besides)
            yield replace(case, case=replace(case.case, others=others), follows=follows(one, self.found.catalogue, self.asked.language))

    def plan(self, drawn: planning.Planned) -> Plan:
        """A plan of its own of these actions, with an id that nobody has."""
        sources = self.found.sources
        return Plan(
            id=_free_id(self.store, self.asked.account, self.now),
            account=self.asked.account,
            made_at=self.now,
            good_until=planning.good_until(self.now),
            actions=drawn.actions,
            left_alone=drawn.left_alone,
            roads=roads(drawn.actions, self.store.ledger(self.asked.account).feeds(FEED_TYPE)),
            snapshots={f"{source.marketplace}/{source.report}": source.observed_at for source in sources if source.marketplace and source.observed_at},
            lifted=tuple(sorted(self.asked.lifted)),
            language=self.asked.language,
        )


def _free_id(store: Store, account: str, now: datetime) -> str:
    return next(name for number in range(1000) if not store.plans.is_taken(name := planning.plan_id(account, now, number)))


def _rows(found: Triage, asked: PlanQuestion, contradicted: list[Warning]) -> list[dict[str, Any]]:
    """The diagnosed rows that are asked for, the most urgent first."""
    shown = found.shown
    if asked.chosen is not None:
        only = pl.DataFrame(sorted(asked.chosen), schema={"marketplace": pl.String, "sku": pl.String}, orient="row")
        shown = shown.with_columns(pl.col("marketplace").cast(pl.String)).join(only, on=["marketplace", "sku"], how="semi", maintain_order="left")
    rows = [row for row in shown.iter_rows(named=True) if asked.skus is None or row["sku"] in asked.skus]
    if asked.filled is None:
        return rows
    agreed = asked.filled.beside({row["sku"]: (row["asin"], row["condition"]) for row in rows})
    contradicted.extend(agreed.refused[len(asked.filled.refused) :])
    return [row for row in rows if row["sku"] in agreed.chosen]


def _gone(after: Afterwards, found: Triage, asked: PlanQuestion) -> list[tuple[Finished, Mapping[str, Any]]]:
    """Of the finished removals those that are asked for; what Amazon lists again is planned for as any other."""
    listed = set(found.rows.select("marketplace", "sku").iter_rows()) if after.finished else set()
    wanted = (one for one in after.finished if one.key not in listed and _is_asked_for(one, found, asked))
    return [(one, row) for one in wanted if (row := row_of(one, found.besides)) is not None]


def _is_asked_for(one: Finished, found: Triage, asked: PlanQuestion) -> bool:
    names = {one.removal.cause, one.removal.said, found.catalogue.symptom_of(one.removal.said or "")}
    return (
        asked.filled is None
        and asked.remedy in {None, REMEDY}
        and (asked.skus is None or one.removal.sku in asked.skus)
        and (not asked.places or one.removal.marketplace in asked.places)
        and (not asked.reasons or bool(names & set(found.question.reasons)))
    )


def _strandings(store: Store, asked: PlanQuestion, rows: Sequence[Mapping[str, Any]], now: datetime, elsewhere: _Elsewhere) -> Iterator[planning.Stranded]:
    wanted = {(row["marketplace"], row["sku"]) for row in rows}
    listings = {place: _answers(store, asked.account, place, {sku for where, sku in wanted if where == place}, now) for place in {where for where, _ in wanted}}
    standings = {place: account_health(store, asked.account, place) for place in listings}
    doubtful = _doubtful_amounts(store, asked.account, asked.wishes)
    wishes = {place: asked.wishes.of(place, doubtful) for place in listings}
    done, entered, waiting = store.plans.of_strandings(asked.account), every_by_hand(store, asked.account), store.strandings.unchanged_since(asked.account, WAIT)
    for row in rows:
        place, sku = row["marketplace"], row["sku"]
        answer = listings[place].get(sku)
        case = Case(
            marketplace=place,
            sku=sku,
            asin=row["asin"],
            fnsku=row["fnsku"],
            row=row,
            listing=answer.body if answer else None,
            listing_at=answer.at if answer else None,
            now=now,
            wishes=wishes[place],
            notes=asked.notes,
            account_standing=standings[place],
        )
        case = replace(case, wishes=_disposed(asked, case))
        own = of_this_episode(done.get((place, sku), ()), store, asked.account, place, sku)
        waited = now - waiting[place, sku] if row["remedy"] == WAIT and (place, sku) in waiting else None
        people = entered.get((place, sku))
        results, stopped_at = (people.results(row), people.stopped_at) if people else ({}, None)
        yield planning.Stranded(row, case, own, partial(elsewhere.of, place, sku, row["fnsku"]), results, waited, stopped_at)


def _disposed(asked: PlanQuestion, case: Case) -> Wishes:
    """The wishes, with the way by which the units would leave as the seller's rule has it, where nothing nearer says it."""
    if asked.removal is None or case.wishes.disposition is not None or case.sku in case.wishes.dispositions:
        return case.wishes
    return replace(case.wishes, disposition=disposition(asked.removal, goods_of(case)))


def goods_of(case: Case) -> Goods:
    """What is known of the units, for the choice between return, disposal and liquidation."""
    place = marketplaces().get(case.marketplace)
    return replace(goods_in(case.row), unsaleable=never_sold_again(case), liquidations=bool(place and place.liquidations))


def goods_in(row: Mapping[str, Any]) -> Goods:
    """Worth and fee as the row has them; the worth of a unit is that of all, divided."""
    worth, units, fee = row.get("worth_amount"), row.get("units_stranded"), row.get("removal_cost")
    total = None if worth is None else Money(worth, row.get("price_currency"))
    return Goods(
        unit_value=Money(total.amount / units, total.currency) if total and units else None,
        worth=total,
        fee=None if fee is None else Money(fee, row.get("removal_cost_currency")),
    )


def _doubtful_amounts(store: Store, account: str, wishes: Wishes) -> set[str]:
    """SKUs whose entered amount names no marketplace, where the account sells in several currencies: it could be of any."""
    places = [marketplaces().get(row.marketplace) for row in store.accounts.places(account) if row.participates]
    return {*wishes.prices, *wishes.bounds} if len({place.currency for place in places if place}) > 1 else set()


def _answers(store: Store, account: str, place: str, skus: set[str], now: datetime) -> dict[str, Answer]:
    """Amazon's newest answers about the listings of these SKUs; an old one tells nothing."""
    content = store.record(account, place).content("listing-answers")
    oldest = now - timedelta(hours=table("limits")["standing"]["answer_hours"])
    return {answer.key: answer for answer in answers.read(content) if answer.key in skus and answer.at >= oldest} if content else {}


@dataclass
class _Elsewhere:
    """Whether the same units can be bought elsewhere: in another marketplace of their pool, or as another SKU of the same label."""

    store: Store
    account: str
    line: Line | None
    #: What was asked of Amazon already.
    told: dict[tuple[str, str], Any] = field(default_factory=dict)

    def of(self, place: str, sku: str, fnsku: str | None) -> dict[str, bool | None]:
        """Where else → can they be bought there; None where it is unknown. Where there is no listing there is no entry."""
        pool = self._pool(place)
        same = {(other, sku) for other in pool if other != place} | {(other, one) for other in pool for one in self._labelled.get((other, fnsku or ""), ())} - {(place, sku)}
        if fnsku is None and len(pool) > 1:
            # Without the label nobody knows what else these units are sold as.
            return dict.fromkeys((other for other in pool if other != place), None)
        seen = {other if one == sku else f"{other} ({one})": self._buyable(other, one) for other, one in sorted(same)}
        return {name: state for name, state in seen.items() if state is not _NOT_THERE}

    def _pool(self, place: str) -> list[str]:
        known = marketplaces()
        return [other for other in self._places if other in known and place in known and known[other].pool == known[place].pool] or [place]

    @cached_property
    def _places(self) -> list[str]:
        return [row.marketplace for row in self.store.accounts.places(self.account) if row.participates]

    @cached_property
    def _labelled(self) -> dict[tuple[str, str], list[str]]:
        """(marketplace, FNSKU) → the SKUs that have the label there, by the newest stock report."""
        found: dict[tuple[str, str], list[str]] = {}
        for place in self._places:
            stock = (reading.frame for reading in read_kept(one for one in kept(self.store, self.account, place) if "/fba-inventory " in one.name))
            for frame in stock:
                if frame is not None and "stock_fnsku" in frame.columns:
                    for sku, label in frame.select("sku", "stock_fnsku").drop_nulls().iter_rows():
                        found.setdefault((place, label), []).append(sku)
        return found

    def _buyable(self, place: str, sku: str) -> Any:
        if (place, sku) not in self.told:
            self.told[place, sku] = self._asked(place, sku)
        return self.told[place, sku]

    def _asked(self, place: str, sku: str) -> Any:
        if self.line is None:
            return None
        try:
            body = self.line.listing(sku, place).body
        except AmazonError:
            return None
        return _NOT_THERE if body is None else can_be_bought(body)


_NOT_THERE = object()
