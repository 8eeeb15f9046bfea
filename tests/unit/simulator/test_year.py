"""A year at the false Amazon: what befalls whom is the seed's, what becomes of it the strategy's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from refloat.simulator.rules import meant, removals, strandedlist, tallies, tending
from refloat.simulator.rules.tending import Way
from refloat.simulator.seeding import situations, year
from refloat.simulator.seeding.seller import SELLER_ID
from refloat.simulator.world import World

US = "ATVPDKIKX0DER"


def lived(way: Way, days: int = 30, skus: int = 40, often: float = 20.0, seed: int = 1) -> World:
    world = year.begun(seed, skus, days, way, often)
    world.advance(timedelta(days=days))
    return world


def test_every_row_of_the_table_can_happen() -> None:
    known = {**situations.SITUATIONS, **situations.VARIANTS}
    assert {kind.situation for kind in year.kinds()} <= set(known)
    assert all(kind.per_thousand > 0 and 0 <= kind.papers_share <= 1 for kind in year.kinds())
    assert all(kind.days[1] > 0 for kind in year.kinds() if kind.wanted == "closed")


def test_every_strategy_meets_the_same_mishaps() -> None:
    """Each SKU meets one at most, at the seed's own moment, whatever anybody does about it."""
    met = [{key: (own.kind, own.at, own.papers) for key, own in meant.room(lived(way)).mishaps.items()} for way in ("nobody", "weekly", "at-once")]
    assert len(met[0]) > 10
    assert met[0] == met[1] == met[2]


def test_another_seed_is_another_year() -> None:
    assert set(meant.room(lived("nobody")).mishaps) != set(meant.room(lived("nobody", seed=2)).mishaps)


def test_who_acts_sooner_leaves_less_stranded() -> None:
    days = {way: tallies.told(lived(way))["stranded_unit_days"] for way in ("nobody", "weekly", "at-once-with-people", "at-once")}
    assert list(days.values()) == sorted(days.values(), reverse=True)
    assert len(set(days.values())) == len(days)


@pytest.mark.parametrize("kind", [kind for kind in year.kinds() if kind.wanted != "closed"], ids=lambda kind: kind.name)
def test_the_right_act_at_once_ends_every_mishap(kind: year.Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every kind with papers: three weeks later nothing of it is stranded that was to be sold, and no unit was lost."""
    monkeypatch.setattr(year, "kinds", lambda: (replace(kind, papers_share=float(kind.papers_share > 0), batch=1),))
    world = year.begun(1, 12, 6, "at-once", often=2.0 * 365 / 6 / 12 * 1000 / kind.per_thousand)
    world.advance(timedelta(days=30))
    befallen = [own for own in meant.room(world).mishaps.values() if own.kind == kind.name]
    assert befallen
    stocks = [world.stock(*own.key) for own in befallen]
    left = [sku for sku, one in strandedlist.standings(world, SELLER_ID, US).items() if one.ended_at is None and any(sku == own.sku for own in befallen)]
    if befallen[0].wanted == "remove":
        assert {line.sku for order in removals.orders(world, SELLER_ID, US) for line in order.lines} == {own.sku for own in befallen}
        assert {order.by for order in removals.orders(world, SELLER_ID, US)} == {"seller"}
        assert sum(stock.fulfillable for stock in stocks if stock) == 0
    else:
        assert left == []


def test_amazons_defaults_dispose_and_reopen_what_was_closed_on_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    """The automatic relist after 30 days knows nothing of a seller's reasons; the automatic removal asks nobody."""
    deleted, closed = (next(kind for kind in year.kinds() if kind.name == name) for name in ("deleted-by-mistake", "closed-on-purpose"))
    monkeypatch.setattr(year, "kinds", lambda: (deleted, replace(closed, days=(80, 80))))
    told = {way: tallies.told(lived(way, days=75, often=80.0)) for way in ("nobody", "weekly")}
    assert told["nobody"]["units_disposed_unasked"] > 0
    assert told["nobody"]["wrong_offers"] > 0
    assert (told["weekly"]["units_disposed_unasked"], told["weekly"]["wrong_offers"]) == (0, 0)


def test_what_is_closed_on_purpose_is_not_counted_as_stranded(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = next(kind for kind in year.kinds() if kind.name == "closed-on-purpose")
    monkeypatch.setattr(year, "kinds", lambda: (replace(closed, days=(60, 60)),))
    told = tallies.told(lived("nobody", days=20, often=40.0))
    assert told["stranded_unit_days"] == 0
    assert told["on_purpose_unit_days"] > 0


def test_a_person_sits_down_once_a_working_day() -> None:
    world = year.begun(1, 10, 5)
    moments = []
    at = world.start
    for _ in range(6):
        at = tending.next_sitting(at)
        moments.append(at)
    assert [moment.weekday() for moment in moments] == [0, 1, 2, 3, 4, 0]
    assert {moment.hour for moment in moments} == {17}


def test_a_page_that_takes_turns_comes_to_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at everything every hour finds what the cheaper rounds find."""
    cheap = lived("nobody", days=15)
    monkeypatch.setattr(strandedlist, "take_turns", lambda world, turns: None)
    whole = lived("nobody", days=15)
    shown = [{row.sku: row.found.reason for row in strandedlist.rows(world, SELLER_ID, US)} for world in (cheap, whole)]
    assert shown[0] == shown[1]
    assert shown[0]
