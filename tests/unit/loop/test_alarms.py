"""What is told, of what is on record: by incident, once, on each person's own steps, and over by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.loop.alarms import OnRecord, alarming, default_steps, is_for, key_of, only, wanted_ladders
from refloat.loop.alarms_stranded import STRANDED
from refloat.model.alarm import ACCOUNT_SOURCE, LADDERS, Due, Failed, Silent, Stranded, Wanted
from refloat.model.money import Money

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LADDERS_IN_USE = wanted_ladders([])


def _stranded(number: int = 1, **facts: object) -> Stranded:
    usual = Stranded(number, 0, "DE", f"MUG-{number:03}", f"X{number}", NOW - HOUR, NOW - HOUR, "confirmed", "listing-closed", "relist-offer", 12, Money(Decimal(120), "EUR"), None)
    return replace(usual, **facts)  # type: ignore[arg-type]


def _frame(strandings: Iterable[Stranded]) -> pl.DataFrame:
    """As the store reads them."""
    rows = []
    for one in strandings:
        worth = (one.worth.amount, one.worth.currency) if one.worth else (None, None)
        rows.append((one.id, one.turn, one.marketplace, one.sku, one.opened_at, one.since, one.standing, one.cause, one.remedy, one.units, *worth, one.removal_due_on))
    return pl.DataFrame(rows, schema=STRANDED, orient="row")


def _seen(*strandings: Stranded, failed: Iterable[Failed] = (), silent: Iterable[Silent] = (), health: Mapping[str, str] | None = None, looked_at: datetime | None = NOW + 4 * DAY) -> OnRecord:
    return OnRecord(_frame(strandings), list(failed), list(silent), health or {}, looked_at, NOW - 100 * DAY)


def _due(seen: OnRecord, told: Mapping[str, set[str]] | None = None, now: datetime = NOW) -> list[Due]:
    return alarming(seen, LADDERS_IN_USE, now).untold(told or {})


def _failed(number: int = 1, word: str = "unchanged", by: str | None = None) -> Failed:
    return Failed("harbour-1", f"a{number}", "DE", f"MUG-{number:03}", "relist-offer", word, number, by)


def test_412_strandings_of_one_moment_are_one_alarm() -> None:
    """Counted, summed, the weightiest first; five of them are named."""
    (due,) = _due(_seen(*(_stranded(number, worth=Money(Decimal(number), "EUR")) for number in range(1, 413))))
    assert (due.kind, due.marketplace, len(due.members)) == ("stranded", "DE", 412)
    assert (due.facts["skus"], due.facts["units"], due.facts["unpriced"]) == (412, 412 * 12, 0)
    assert due.worth == (Money(Decimal(412 * 413 // 2), "EUR"),)
    assert only(due, 5).facts["first"] == ["MUG-412", "MUG-411", "MUG-410", "MUG-409", "MUG-408"]


def test_another_cause_place_or_moment_is_another_alarm() -> None:
    """One thing to mend each."""
    found = _due(_seen(_stranded(1), _stranded(2, cause="price-error"), _stranded(3, marketplace="FR"), _stranded(4, opened_at=NOW - 5 * HOUR)))
    assert len(found) == 4
    # What is old by the first look at an account is not told moment by moment.
    assert len(_due(_seen(_stranded(5, opened_at=NOW - 10 * DAY), _stranded(6, opened_at=NOW - 12 * DAY)))) == 1


def test_unknown_is_counted_apart() -> None:
    """Unknown units and worth are no zero."""
    (due,) = _due(_seen(_stranded(1, units=None, worth=None), _stranded(2)))
    assert (due.facts["units"], due.facts["units_unknown"], due.facts["unpriced"]) == (12, 1, 1)
    (unknown,) = _due(_seen(_stranded(1, units=None, worth=None)))
    assert (unknown.facts["units"], unknown.worth) == (None, ())


@pytest.mark.parametrize("facts", [{"standing": "clearing"}, {"standing": "unknown"}, {"remedy": "hold"}])
def test_what_is_unsure_or_on_purpose_is_not_told(facts: dict[str, str]) -> None:
    """But it ends no alarm either."""
    seen = _seen(_stranded(1, **facts))
    assert _due(seen) == []
    assert alarming(seen, LADDERS_IN_USE, NOW).goes_on("stranded", ["1.0"]) == "yes"


def test_what_came_back_is_told_as_that() -> None:
    """A new turn is news."""
    (due,) = _due(_seen(_stranded(1, turn=1)), {"stranded": {"1.0"}})
    assert (due.kind, due.members) == ("came-back", ("1.1",))


@pytest.mark.parametrize(("left", "step"), [(15, None), (14, 14), (8, 14), (7, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, -1)])
def test_a_deadline_climbs(left: int, step: int | None) -> None:
    """14, 7, 3, 1 days and overdue, by the day where the goods lie; of a hold too."""
    found = [due for due in _due(_seen(_stranded(1, remedy="hold", removal_due_on=date(2026, 11, 27) + timedelta(days=left)))) if due.kind == "deadline"]
    assert [due.step for due in found] == ([] if step is None else [step])


def test_a_further_step_is_told_again_and_ends_the_one_before_quietly() -> None:
    """Told on 7 days; on 3 days the alarm of 7 is not over, but further."""
    row = _stranded(1, removal_due_on=date(2026, 12, 3))
    told = {due.kind: set(due.members) for due in _due(_seen(row))}
    later = alarming(_seen(row), LADDERS_IN_USE, NOW + 4 * DAY)
    assert [(due.kind, due.step) for due in later.untold(told)] == [("deadline", 3)]
    assert later.goes_on("deadline", told["deadline"]) == "further"
    assert alarming(_seen(), LADDERS_IN_USE, NOW + 4 * DAY).goes_on("deadline", told["deadline"]) is None


def test_stranded_past_14_days() -> None:
    """Once, from the 14th day on; what newly strands meanwhile is told by itself."""
    rows = [_stranded(1, opened_at=NOW - 14 * DAY), _stranded(2, opened_at=NOW - 13 * DAY)]
    found = [due for due in _due(_seen(*rows)) if due.kind == "stranded-long"]
    assert [due.members for due in found] == [("1.0@14",)]
    assert [due.members for due in _due(_seen(*rows), {"stranded": {"1.0", "2.0"}, "stranded-long": {"1.0@14"}}, NOW + DAY)] == [("2.0@14",)]


def test_failed_verdicts_by_plan_and_word() -> None:
    """Together where they failed alike; over once the stranding is."""
    seen = _seen(_stranded(1), _stranded(2), _stranded(3), failed=[_failed(1), _failed(2), _failed(3, "refused"), _failed(9)])
    found = [due for due in _due(seen) if due.kind == "verdict"]
    assert sorted((due.facts["word"], due.facts["skus"]) for due in found) == [("refused", 1), ("unchanged", 2)]
    assert alarming(_seen(), LADDERS_IN_USE, NOW).goes_on("verdict", ["harbour-1/a1/unchanged"]) is None


@pytest.mark.parametrize("by", ["another-tool", "file-upload"])
def test_another_tool_is_named_instead_of_a_come_back(by: str) -> None:
    """The tool is the thing to stop; the come-back is not told beside it."""
    found = _due(_seen(_stranded(1, turn=1), failed=[_failed(1, "came-back", by)]))
    assert [(due.kind, due.facts["by"]) for due in found] == [("other-writer", by)]
    found = _due(_seen(_stranded(1, turn=1), failed=[_failed(1, "came-back", "seller-or-amazon")]))
    assert [due.kind for due in found] == ["came-back"]


def test_account_trouble() -> None:
    """Health by marketplace; refused credentials once for the account, however many sources they concern."""
    silent = [Silent("DE", "stranded", "credential-wrong", NOW - 30 * HOUR), Silent("DE", "reserved", "credential-wrong", NOW - HOUR), Silent("", ACCOUNT_SOURCE, "role-missing", NOW - HOUR)]
    found = _due(_seen(silent=silent, health={"DE": "AT_RISK", "FR": "NORMAL"}))
    assert [(due.kind, due.marketplace, due.facts.get("health") or due.facts["code"]) for due in found] == [
        ("account-trouble", "", "credential-wrong"),
        ("account-trouble", "", "role-missing"),
        ("account-trouble", "DE", "AT_RISK"),
    ]


def test_a_source_unknown_for_a_day() -> None:
    """Not before; all of a marketplace together; a new trouble is told anew."""
    silent = [Silent("DE", "stranded", "amazon-down", NOW - 24 * HOUR), Silent("DE", "reserved", "report-fatal", NOW - 25 * HOUR), Silent("DE", "returns", "amazon-down", NOW - 23 * HOUR)]
    (due,) = _due(_seen(silent=silent))
    assert (due.kind, due.facts["sources"], due.facts["since"]) == ("source-unknown", ["reserved", "stranded"], (NOW - 25 * HOUR).isoformat())
    (again,) = _due(_seen(silent=[replace(silent[0], since=NOW)]), {due.kind: set(due.members)}, NOW + DAY)
    assert again.facts["sources"] == ["stranded"]


def test_nobody_looked() -> None:
    """12 hours after the last try at any source; never looked counts from when the account was added; over with the next look."""
    assert _due(_seen(looked_at=NOW - 11 * HOUR)) == []
    (due,) = _due(_seen(looked_at=NOW - 12 * HOUR))
    assert (due.kind, due.facts["ever"]) == ("not-looked", True)
    (never,) = _due(_seen(looked_at=None))
    assert never.facts["ever"] is False
    assert alarming(_seen(), LADDERS_IN_USE, NOW).goes_on("not-looked", due.members) is None


def test_each_finds_their_own_steps() -> None:
    """A ladder of one's own is told on its steps, and on no other's."""
    ladders = wanted_ladders([{"deadline": (5,)}, None])
    row = _stranded(1, removal_due_on=date(2026, 12, 1))
    found = {due.step: due for due in alarming(_seen(row), ladders, NOW).untold({}) if due.kind == "deadline"}
    assert set(found) == {7, 5}
    own, usual = Wanted(steps={"deadline": (5,)}), Wanted()
    assert [is_for(found[step], "harbour", wanted) for step in (7, 5) for wanted in (own, usual)] == [False, True, True, False]
    assert all(default_steps(kind) for kind in LADDERS)


def test_who_is_told() -> None:
    """By account, kind and worth; unknown worth and other currencies are told."""
    (due,) = _due(_seen(_stranded(1)))
    assert is_for(due, "harbour", Wanted(frozenset({"harbour"}), frozenset({"stranded"})))
    assert not is_for(due, "harbour", Wanted(frozenset({"other"})))
    assert not is_for(due, "harbour", Wanted(kinds=frozenset({"deadline"})))
    assert is_for(due, "harbour", Wanted(least_worth=(Money(Decimal(120), "EUR"),)))
    assert not is_for(due, "harbour", Wanted(least_worth=(Money(Decimal(121), "EUR"),)))
    assert is_for(due, "harbour", Wanted(least_worth=(Money(Decimal(121), "USD"),)))
    (unknown,) = _due(_seen(_stranded(1, worth=None)))
    assert is_for(unknown, "harbour", Wanted(least_worth=(Money(Decimal(121), "EUR"),)))


_ROWS = st.builds(
    _stranded,
    st.integers(1, 40),
    turn=st.integers(0, 2),
    marketplace=st.sampled_from(["DE", "FR", "US"]),
    cause=st.sampled_from(["listing-closed", "price-error", None]),
    standing=st.sampled_from(["confirmed", "suspected", "clearing", "unknown"]),
    opened_at=st.integers(0, 40).map(lambda days: NOW - days * DAY),
    removal_due_on=st.none() | st.integers(-3, 20).map(lambda days: date(2026, 11, 27) + timedelta(days=days)),
)


@given(st.lists(st.lists(_ROWS, max_size=15, unique_by=lambda row: row.id), min_size=1, max_size=6))
def test_nothing_is_told_twice_and_nothing_is_left_out(looks: list[list[Stranded]]) -> None:
    """However strandings come and change from look to look: each (kind, member) once, and at the end none is untold."""
    told: dict[str, set[str]] = {}
    keys: set[str] = set()
    for look in looks:
        for due in _due(_seen(*look), told):
            assert due.members
            assert not told.get(due.kind, set()) & set(due.members)
            told.setdefault(due.kind, set()).update(due.members)
            assert key_of("harbour", due) not in keys
            keys.add(key_of("harbour", due))
        assert _due(_seen(*look), told) == []


@given(st.lists(_ROWS, min_size=1, max_size=15, unique_by=lambda row: row.id), st.randoms(use_true_random=False))
def test_a_key_does_not_depend_on_the_order(rows: list[Stranded], order: object) -> None:
    """The same things are the same alarm; of another account they are another."""
    shuffled = list(rows)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = _due(_seen(*rows)), _due(_seen(*shuffled))
    assert [key_of("harbour", due) for due in one] == [key_of("harbour", due) for due in other]
    assert not {key_of("harbour", due) for due in one} & {key_of("other", due) for due in one}


def test_many_strandings_never_become_objects_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred thousand of one moment, with their deadlines: an alarm each, and nothing of ours was made for each row."""
    count = 200_000
    number = pl.arange(0, count, eager=True)
    usual = _frame([_stranded(0, removal_due_on=date(2026, 12, 3))]).drop("id", "sku")
    many = pl.DataFrame({"id": number, "sku": "MUG-" + number.cast(pl.String)}).join(usual, how="cross").select(*STRANDED)
    made = []
    monkeypatch.setattr("refloat.loop.alarms._Said", lambda *said: made.append(said))
    monkeypatch.setattr("refloat.loop.alarms_stranded.Money", lambda *said: made.append(said) or Money(*said))
    found = alarming(OnRecord(many, [], [], {}, NOW, NOW), {"deadline": {(14, 7)}, "stranded-long": {(14,)}}, NOW).untold({})
    assert [(due.kind, len(due.members), due.facts["units"], due.worth) for due in found] == [(kind, count, 12 * count, (Money(Decimal(120 * count), "EUR"),)) for kind in ("deadline", "stranded")]
    assert len(made) == 2
