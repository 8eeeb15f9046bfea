"""The best road, and the waves on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plans import MADE_AT, relist, removal

from refloat.loop.road import FEED_TYPE, crossover, feed_seconds, roads
from refloat.loop.waves import waves
from refloat.model.ports import SentFeed


def _feed(seconds: float, stage: str = "DONE") -> SentFeed:
    return SentFeed(f"F{seconds}", "US", FEED_TYPE, "1", MADE_AT, MADE_AT + timedelta(seconds=seconds), stage, 10)


def test_the_crossover_is_the_burst_and_what_leaves_while_a_feed_takes_its_time() -> None:
    """N* = burst + rate × (P + 5 s); five minutes until it is known."""
    seconds, learned = feed_seconds([])
    assert (seconds, learned, crossover(seconds)) == (300.0, False, 5 + 5 * 305)


def test_the_processing_time_is_learned_from_this_accounts_own_feeds() -> None:
    """The 80th percentile of those that ended well; a fatal one tells nothing."""
    feeds = [_feed(seconds) for seconds in (60, 70, 80, 90, 900)]
    assert feed_seconds([*feeds, _feed(5000, "FATAL")]) == (90.0, True)


@pytest.mark.parametrize(("count", "by"), [(1, "patch"), (1530 + 24, "patch"), (1530 + 25, "feed")])
def test_the_road_that_ends_sooner_is_taken(count: int, by: str) -> None:
    """The most urgent 25 go by patch in any case, so a feed must be worth it for the rest."""
    (road,) = roads([relist(f"S{number}", number) for number in range(count)], [])
    assert (road.by, road.changes, road.crossover) == (by, count, 1530)


def test_removals_travel_on_no_road_of_listings() -> None:
    assert roads([removal("A")], []) == ()


@given(st.lists(st.sampled_from(["relist-offer", "set-price"]), max_size=200))
def test_waves_are_the_plan_in_its_order(remedies: list[str]) -> None:
    """Nothing is lost or twice; of each remedy one goes first, then at most 25, then the rest."""
    actions = [relist(f"S{number}", number, remedy=remedy) for number, remedy in enumerate(remedies)]
    found = waves(actions)
    assert sorted(action.id for wave in found for action in wave) == sorted(action.id for action in actions)
    for remedy in set(remedies):
        own = [[action.id for action in wave if action.remedy == remedy] for wave in found]
        assert [name for wave in own for name in wave] == [action.id for action in actions if action.remedy == remedy]
        assert len(own[0]) == 1
        assert all(len(wave) <= 25 for wave in own[:2])
    assert [len(wave) for wave in waves(actions, canary=False)] == ([len(actions)] if actions else [])
