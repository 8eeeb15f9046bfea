"""What is open as pages read it: every question is held against the same question asked of the rows themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import refloat.demo as shipped
from refloat.app.triage import Question, triage
from refloat.store import Conclusion, Store
from refloat.store.finding_rows import AGE_DAYS, DUE_DAYS, SORTS, Asked, Cursor, Days, FindingRow
from refloat.store.words import words_of

NOW = datetime(shipped.AS_OF.year, shipped.AS_OF.month, shipped.AS_OF.day, 12, tzinfo=UTC)
TODAY = NOW.date()
DAYS = Days(TODAY)
KEPT = ("sku", "fnsku", "standing", "symptom", "said", "cause", "remedy", "safety", "units_fulfillable", "units_unfulfillable", "units_reserved", "worth_amount", "removal_due_on", "title", "asin")


@cache
def found() -> pl.DataFrame:
    """What a triage finds in the shipped files of one marketplace."""
    return triage(Question([str(shipped.FOLDER / "US")], account="harbour", as_of=TODAY)).rows.filter("stranded_listed")


def look(store: Store, account: str, rows: pl.DataFrame | None, *, place: str = "US", at: datetime = NOW, **more: Any) -> None:
    """As a pass does: record, then show."""
    told = [] if rows is None else rows.select(*KEPT, pl.col("price_currency").alias("worth_currency"))
    store.strandings.record(account, place, told, at, unknown=rows is None, **more)
    store.show_findings(account, place, rows, at.date())


@pytest.fixture
def full(store: Store, account: str) -> Store:
    look(store, account, found())
    return store


def all_pages(store: Store, asked: Asked, size: int) -> Iterator[FindingRow]:
    """Page after page to the end; and back again, which gives the same rows."""
    cursor: Cursor | None = None
    pages = []
    while True:
        page = store.pages.page(asked, DAYS, cursor, size)
        pages.append(page)
        if page.next is None:
            break
        cursor = page.next
    back = pages[-1]
    for before in reversed(pages[:-1]):
        assert back.before is not None
        back = store.pages.page(asked, DAYS, back.before, size)
        assert [row.id for row in back.rows] == [row.id for row in before.rows]
    assert back.before is None
    for page in pages:
        yield from page.rows


def test_all_that_was_found_is_there_once_and_as_it_was_found(full: Store) -> None:
    rows = {row.sku: row for row in all_pages(full, Asked(), 7)}
    assert set(rows) == set(found()["sku"])
    for told in found().iter_rows(named=True):
        row = rows[told["sku"]]
        for name in ("asin", "title", "cause", "remedy", "safety", "recommended", "said", "stranded_on", "removal_due_on", "units_stranded", "standing", "cost_per_day", "worth_amount"):
            assert getattr(row, name) == told[name], name
        whole = json.loads(str(full.pages.one(row.id)[1]))  # type: ignore[index]
        assert {name: value for name, value in told.items() if isinstance(value, str | int | bool) and value is not None}.items() <= whole.items()


#: Each sort → what a row is sorted by, by the plain rule.
ORDER: dict[str, Callable[[FindingRow], Any]] = {
    "urgency": lambda row: (row.removal_due_on or date.max, row.price_currency or "~", -(row.worth_amount or 0), -(row.units_stranded or 0)),
    "worth": lambda row: (row.worth_amount is None, -(row.worth_amount or 0)),
    "age": lambda row: (row.stranded_on or date.max,),
    "units": lambda row: (row.units_stranded is None, -(row.units_stranded or 0)),
    "cost": lambda row: (row.cost_so_far is None, -round((row.cost_so_far or Decimal(0)) * 100)),
    "sku": lambda row: (row.sku,),
}


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_what_it_says(full: Store, sort: str) -> None:
    told = [ORDER[sort](row) for row in all_pages(full, Asked(sort=sort), 9)]
    assert told == sorted(told)
    assert len(told) == found().height


def fits(asked: Asked) -> Callable[[FindingRow], bool]:
    """The question, asked of one row in plain Python."""

    def fit(row: FindingRow) -> bool:
        chosen = ((asked.causes, row.cause), (asked.remedies, row.remedy), (asked.recommended, row.recommended), (asked.standings, row.standing), (asked.marketplaces, row.marketplace))
        if any(values and value not in values for values, value in chosen):
            return False
        if asked.due is not None and (row.removal_due_on is None or (row.removal_due_on - TODAY).days > (asked.due if asked.due else -1)):
            return False
        if asked.age is not None and (row.stranded_on is None or (TODAY - row.stranded_on).days <= asked.age):
            return False
        held = row.held_until_on is not None and row.held_until_on > TODAY
        return asked.held is None or held is asked.held

    return fit


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    def some(name: str) -> tuple[str, ...]:
        values = sorted({str(value) for value in found()[name].drop_nulls()})
        return tuple(draw(st.lists(st.sampled_from(values), max_size=3, unique=True)))

    optional = st.one_of(st.none(), st.sampled_from(DUE_DAYS))
    return Asked(
        causes=some("cause"), remedies=some("remedy"), recommended=some("recommended") if found()["recommended"].drop_nulls().len() else (), standings=some("standing"),
        due=draw(optional), age=draw(st.one_of(st.none(), st.sampled_from(AGE_DAYS))), held=draw(st.sampled_from([None, True, False])), sort=draw(st.sampled_from(sorted(SORTS))),
    )  # fmt: skip


def test_every_filter_gives_the_rows_that_fit_and_counts_them(full: Store) -> None:
    """Pages, counts, totals and facets agree with plain Python about every question."""
    everything = list(all_pages(full, Asked(), 500))

    @settings(max_examples=60)
    @given(questions())
    def asked_of_all(asked: Asked) -> None:
        wanted = {row.id for row in everything if fits(asked)(row)}
        assert {row.id for row in all_pages(full, asked, 5)} == wanted
        assert full.pages.count(asked, DAYS) == (len(wanted), True)
        assert full.pages.totals(asked)[0] == len(wanted)
        assert {key for key, *_ in full.pages.keys(asked, DAYS)} == wanted
        for facet in full.pages.facets(asked, ("cause", "remedy"))["cause"]:
            one = Asked(**{name: getattr(asked, name) for name in asked.__slots__} | {"causes": (facet.value,)})
            assert facet.skus == sum(fits(one)(row) for row in everything)

    asked_of_all()


@pytest.mark.parametrize("many", [5_000, 2], ids=["few", "common"])
def test_a_search_finds_skus_by_their_beginning_codes_and_words(full: Store, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows, whether what they have in common is rare and listed, or common and looked at row by row."""
    monkeypatch.setattr("refloat.store.words._MANY", many)
    row = next(row for row in all_pages(full, Asked(), 500) if row.title and row.asin and row.fnsku)
    assert row.title is not None
    for text in (row.sku, row.sku[:-1], str(row.asin), str(row.fnsku).lower(), row.title, row.title.split()[0][:3], f"  {row.title.split()[-1].upper()} "):
        assert row.sku in {one.sku for one in all_pages(full, Asked(text=text), 50)}, text
        wanted = {one.sku for one in all_pages(full, Asked(), 500) if _is_found(one, text)}
        assert {one.sku for one in all_pages(full, Asked(text=text), 50)} == wanted, text
    assert not list(all_pages(full, Asked(text="nothing-is-called-so"), 50))


def _is_found(row: FindingRow, text: str) -> bool:
    """The rule in plain Python."""
    plain = text.strip()
    *whole, last = words_of(plain).split()
    words = words_of(f"{row.title or ''} {row.sku}").split()
    named = all(word in words for word in whole) and any(word.startswith(last) for word in words)
    code = " " not in plain and not plain.isalpha() and row.sku.startswith(plain)
    return row.sku.startswith(plain) or plain.upper() in {row.asin, row.fnsku} or (named and not code)


@settings(max_examples=50)
@given(st.text(max_size=30))
def test_the_words_of_any_text_are_words(text: str) -> None:
    """No word of a search can be taken for a command of the database's: letters and digits alone."""
    assert all(word.isalnum() for word in words_of(text).split())


@pytest.mark.parametrize("text", ['"', "'", "a' OR 1=1 --", "\\", "%", "_", "*", "NOT", "a:*", "梳", "\U0001f600", "ﬁ", ") UNION SELECT 1"])
def test_hostile_searches_find_what_has_these_words_and_nothing_else(full: Store, text: str) -> None:
    assert full.pages.count(Asked(text=text), DAYS)[1]
    list(all_pages(full, Asked(text=text), 50))


def test_chinese_is_found_by_any_two_neighbouring_characters(store: Store, account: str) -> None:
    look(store, account, found().head(1).with_columns(pl.lit("宠物梳子 大号").alias("title")))
    for text, there in (("物梳", True), ("宠物", True), ("宠物梳子", True), ("大", True), ("子大", False), ("狗", False)):
        assert bool(list(all_pages(store, Asked(text=text), 5))) is there, text


def test_the_next_look_changes_only_what_changed_and_lets_go_what_ended(full: Store, account: str) -> None:
    """What is no longer listed stays as clearing, with all that was known; what is proven over goes, from the search as well."""
    rows = {row.sku: row for row in all_pages(full, Asked(), 500)}
    gone, over, *_ = sorted(rows)
    later = NOW + timedelta(hours=4)
    left = found().filter(~pl.col("sku").is_in([gone, over]))
    look(full, account, left, at=later, concluded={over: Conclusion("cleared", outcome="cured")})
    now = {row.sku: row for row in all_pages(full, Asked(), 500)}
    assert set(rows) - set(now) == {over}
    assert (now[gone].standing, now[gone].title, now[gone].worth_amount) == ("clearing", rows[gone].title, rows[gone].worth_amount)
    assert all(now[sku] == rows[sku] for sku in now if sku != gone)
    assert full.pages.one(rows[over].id) is None
    assert over not in {row.sku for row in all_pages(full, Asked(text=over), 50)}
    assert full.pages.count(Asked(standings=("clearing",)), DAYS) == (1, True)
    look(full, account, found().filter(pl.col("sku") != over), at=later + timedelta(hours=4))
    assert {row.sku: row for row in all_pages(full, Asked(), 500)}[gone] == rows[gone]


def test_an_unknown_source_hides_nothing(full: Store, account: str) -> None:
    """Nothing could be read: every row stays, called unknown."""
    look(full, account, None, at=NOW + timedelta(hours=4))
    rows = list(all_pages(full, Asked(), 500))
    assert len(rows) == found().height
    assert {row.standing for row in rows} == {"unknown"}


def test_what_was_recorded_before_there_were_pages_is_shown_as_it_was_known(store: Store, account: str) -> None:
    """An account of an older version: its open strandings are there after the next look, whatever that look finds."""
    store.strandings.record(account, "US", found().select(*KEPT, pl.col("price_currency").alias("worth_currency")), NOW, unknown=False)
    store.show_findings(account, "US", None, TODAY)
    rows = {row.sku: row for row in all_pages(store, Asked(), 500)}
    assert {sku: (row.title, row.cause, row.worth_amount) for sku, row in rows.items()} == {one["sku"]: (one["title"], one["cause"], one["worth_amount"]) for one in found().iter_rows(named=True)}


def test_nobody_sees_an_account_that_is_not_theirs(full: Store, account: str, unsealed: Any) -> None:
    full.accounts.add("other", region="NA", seller_id="A2SAMPLE", unsealed=unsealed, at=NOW)
    look(full, "other", found().head(3))
    assert len(list(all_pages(full, Asked(accounts=("other",)), 2))) == 3
    assert full.pages.count(Asked(accounts=("other",)), DAYS) == (3, True)
    for nothing in (Asked(accounts=()), Asked(accounts=("nobody",))):
        assert not list(all_pages(full, nothing, 5))
        assert full.pages.count(nothing, DAYS) == (0, True)
        assert full.pages.incidents(nothing) == ()
        assert not any(full.pages.facets(nothing).values())
    assert {facet.value for facet in full.pages.facets(Asked(accounts=("other",)))["account"]} == {"other"}


def test_a_removed_account_is_shown_no_more(full: Store, account: str) -> None:
    full.accounts.remove(account, NOW)
    assert not list(all_pages(full, Asked(), 50))
    assert full.pages.count(Asked(), DAYS) == (0, True)


def test_what_shares_a_cause_and_a_day_is_one_incident(full: Store) -> None:
    told = full.pages.incidents(Asked(), 500)
    groups = found().group_by("cause", "stranded_on").len()
    held = {(row.cause, row.stranded_on) for row in all_pages(full, Asked(), 500) if row.held_until_on and row.held_until_on > TODAY}
    assert sum(one.skus for one in told) == found().height
    assert {(one.cause, one.stranded_on) for one in told} == set(groups.select("cause", "stranded_on").iter_rows())
    assert {(one.cause, one.stranded_on) for one in told if one.held} == held


def test_deadlines_ages_and_holds_are_of_today_however_old_the_counts_are(full: Store) -> None:
    """The laptop slept for days: what was due in nine days then is due in six now."""
    everything = list(all_pages(full, Asked(), 500))
    for gone in (0, 3, 8, 40):
        today = Days(TODAY + timedelta(days=gone))
        for due in DUE_DAYS:
            wanted = {row.id for row in everything if row.removal_due_on and (row.removal_due_on - today.usual).days <= (due if due else -1)}
            for sort in ("urgency", "worth"):
                assert {row.id for row in all_of(full, Asked(due=due, sort=sort), today)} == wanted
            assert full.pages.count(Asked(due=due), today) == (len(wanted), True)
            assert {key for key, *_ in full.pages.keys(Asked(due=due), today)} == wanted
        for age in AGE_DAYS:
            assert full.pages.count(Asked(age=age), today)[0] == sum(bool(row.stranded_on and (today.usual - row.stranded_on).days > age) for row in everything)
        for held in (True, False):
            assert full.pages.count(Asked(held=held), today)[0] == sum((row.held_until_on is not None and row.held_until_on > today.usual) is held for row in everything)
        assert full.pages.of_another_day(Asked(), today) is bool(gone)
        assert full.pages.counted(Asked(due=7), today) is not bool(gone)


def test_each_marketplace_has_its_own_day(full: Store, account: str) -> None:
    """In Tokyo it is a later day than elsewhere: overdue is by the day there."""
    look(full, account, found().with_columns(pl.lit(TODAY + timedelta(days=1)).alias("removal_due_on")), place="JP")
    today = Days(TODAY, {"JP": TODAY + timedelta(days=2), "AU": TODAY + timedelta(days=1)})
    for sort in ("urgency", "worth", "age"):
        late = all_of(full, Asked(due=0, sort=sort), today)
        assert {row.id for row in late if row.marketplace == "JP"} == {row.id for row in all_of(full, Asked(marketplaces=("JP",)), today)}
        assert {row.id for row in late if row.marketplace == "US"} == {row.id for row in all_of(full, Asked(due=0, marketplaces=("US",)), DAYS)}
    assert full.pages.of_another_day(Asked(marketplaces=("JP",)), today)
    assert not full.pages.of_another_day(Asked(marketplaces=("US",)), today)


def all_of(store: Store, asked: Asked, today: Days) -> tuple[FindingRow, ...]:
    """All that fit, as one page."""
    return store.pages.page(asked, today, size=1000).rows


@pytest.mark.parametrize("place", [(), ("US",)])
def test_what_is_unknown_can_be_asked_for(full: Store, account: str, place: tuple[str, ...]) -> None:
    """Beside known values or alone, by pages, counts and incidents alike."""
    nameless = found().head(4)["sku"].to_list()
    lost = pl.col("sku").is_in(nameless)
    look(full, account, found().with_columns([pl.when(lost).then(None).otherwise(pl.col(name)).alias(name) for name in ("cause", "remedy", "safety", "stranded_on")]), at=NOW + timedelta(hours=1))
    for bare in (Asked(causes=(None,)), Asked(remedies=(None,)), Asked(causes=(None,), remedies=(None,)), Asked(safeties=(None,))):
        asked = replace(bare, marketplaces=place)
        assert {row.sku for row in all_pages(full, asked, 3)} == set(nameless)
        assert full.pages.count(asked, DAYS) == (4, True)
        assert sum(one.skus for one in full.pages.incidents(asked)) == 4
    assert {row.sku for row in all_pages(full, Asked(day_unknown=True), 3)} == set(nameless)
    cause = next(row.cause for row in all_pages(full, Asked(), 500) if row.cause)
    assert {row.cause for row in all_pages(full, Asked(causes=(None, cause)), 9)} == {None, cause}
