"""Plans of many actions, and trouble that lasts: what is asked how often, what is waited for, what is looked up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.fakes import FakeLine
from tests.fakes_writing import FakeLedger, FakeWriter, a_hand, said
from tests.plans import CLOSED, OPEN, plan, relist, removal

from refloat.errors import AmazonDown
from refloat.loop.act import apply
from refloat.loop.hand import Hand
from refloat.model.plan import Plan
from refloat.model.ports import Deed, FeedState, SentFeed


def _plan(count: int) -> tuple[Plan, dict[str, Any]]:
    return plan(*(relist(f"S{number:04}", number) for number in range(1, count + 1))), {f"S{number:04}": CLOSED for number in range(1, count + 1)}


def _all(made: Plan) -> set[str]:
    return {action.id for action in made.actions}


@dataclass
class _Counting(FakeLedger):
    asked: Counter[str] = field(default_factory=Counter)

    def deeds(self, plan_id: str) -> Mapping[str, Deed]:
        self.asked["deeds"] += 1
        return super().deeds(plan_id)


@pytest.mark.parametrize("count", [100, 400])
def test_the_ledger_is_read_as_often_for_many_actions_as_for_few(count: int) -> None:
    made, offers = _plan(count)
    hand, _, ledger = a_hand(made, offers)
    counting = _Counting(ledger.rows)
    assert apply(made, _all(made), replace(hand, ledger=counting)).count("answered", "shown") == count
    assert counting.asked["deeds"] < 40


def test_every_single_change_is_previewed_and_of_a_feed_a_sample() -> None:
    """200 go one by one, each asked about first; of 1,700 those before the feed, and one of what it carries."""
    made, offers = _plan(200)
    hand, writer, _ = a_hand(made, offers)
    assert apply(made, _all(made), hand).count("answered", "shown") == 200
    assert sum(kind == "preview" for kind, _ in writer.sent) == sum(kind == "submit" for kind, _ in writer.sent) == 200
    made, offers = _plan(1700)
    hand, writer, _ = a_hand(made, offers)
    assert apply(made, _all(made), hand).count("answered", "shown") == 1700
    assert sum(kind == "preview" for kind, _ in writer.sent) == 26 + 25 + 1


def test_what_somebody_writes_while_a_canary_is_waited_for_drops_out() -> None:
    """However short the wait was."""
    made, offers = _plan(30)
    hand, writer, _ = a_hand(made, offers)
    opened = {"sku": "S0030", "attributes": {"purchasable_offer": OPEN}}

    def fails(what: str, sku: str, when: str) -> None:
        if (what, sku, when) == ("submit", "S0002", "after"):
            writer.listings_by_sku["S0030"] = opened

    writer.fails = fails
    assert apply(made, _all(made), hand).count("dropped") == 1
    assert ("submit", "S0030") not in writer.sent


def test_reading_again_outlasts_what_the_line_cannot() -> None:
    """One search of many fails for minutes: it alone is made again."""
    made, offers = _plan(60)
    hand, writer, _ = a_hand(made, offers)
    left = [3]

    def fails(what: str, sku: str, _: str) -> None:
        if (what, sku) == ("listings", "S0021") and left[0]:
            left[0] -= 1
            raise AmazonDown("down", sent=False)

    writer.fails = fails
    assert apply(made, _all(made), hand).count("answered", "shown") == 60


def test_feeds_do_not_wait_for_each_other() -> None:
    """Three feeds leave before the first has ended."""
    made, offers = _plan(3051)
    hand, writer, _ = a_hand(made, offers)
    assert apply(made, _all(made), hand).count("answered", "shown") == 3051
    sent = [at for _, _, at, changes in writer.feeds.values() if changes]
    assert len(sent) == 3
    assert max(sent) - min(sent) < timedelta(seconds=writer.feed_lag)


def _once(operation: str, name: str, moment: str) -> Callable[[str, str, str], None]:
    left = [AmazonDown("no answer", sent=True)]

    def fails(what: str, of: str, when: str) -> None:
        if (what, of, when) == (operation, name, moment) and left:
            raise left.pop()

    return fails


def test_after_a_lost_answer_no_other_feed_leaves_until_it_is_found() -> None:
    """Each feed is known for what it is, so what was refused is told of the right SKU."""
    made, offers = _plan(3051)
    hand, writer, ledger = a_hand(made, offers)
    writer.invalid.add("S3000")
    writer.fails = _once("feed", "F2", "after")
    applied = apply(made, _all(made), hand)
    assert (applied.count("refused"), applied.count("answered", "shown")) == (1, 3050)
    assert ledger.rows["US-3000"].stage == "refused"
    assert max(writer.sent["feed", action.sku] for action in made.actions) == 1


class _Silent(FakeWriter):
    """Amazon's list of feeds stays empty."""

    def recent_feeds(self, feed_type: str, marketplace: str, since: datetime) -> Sequence[FeedState]:
        return ()


def _with(hand: Hand, writer: FakeWriter) -> tuple[Hand, FakeWriter]:
    silent = _Silent(writer.clock, writer.listings_by_sku)
    return replace(hand, writer=silent), silent


def test_a_feed_that_the_list_never_shows_is_told_by_the_listings() -> None:
    """It was made all the same, and nothing of it is sent a second time."""
    made, offers = _plan(1700)
    hand, writer = _with(*a_hand(made, offers)[:2])
    writer.fails = _once("feed", "F1", "after")
    assert apply(made, _all(made), hand).count("answered", "shown") == 1700
    assert max(writer.sent["feed", action.sku] for action in made.actions) == 1


def test_what_half_a_feed_did_may_show_long_after_its_end() -> None:
    """The feed took longer than a change takes to show, and what it did is on its way: it is not sent a second time."""
    made, offers = _plan(1700)
    hand, writer, _ = a_hand(made, offers, feed_lag=2000, lag=600)
    writer.fatal = True
    applied = apply(made, _all(made), hand)
    assert applied.count("answered", "shown") > 850
    done = [action.sku for action in made.actions if applied.deeds[action.id].stage in {"answered", "shown"}]
    writer.fatal = False
    assert apply(made, _all(made), hand).count("answered", "shown") == 1700
    assert max(writer.sent["feed", sku] + writer.sent["submit", sku] for sku in done) == 1


def _removals(count: int) -> tuple[Plan, Hand, FakeWriter, FakeLedger]:
    made = plan(*(removal(f"R{number}", number) for number in range(1, count + 1)))
    hand, writer, ledger = a_hand(made, {})
    hand.line.units = {f"R{number}": (3, 1) for number in range(1, count + 1)}  # type: ignore[attr-defined]
    return made, hand, writer, ledger


def test_a_removal_feed_killed_between_its_two_last_notes_keeps_nobody_waiting() -> None:
    """Its actions are at their end, and it is not: the next run closes it, and the others go."""
    made, hand, writer, ledger = _removals(2)
    apply(made, {"US-0001"}, hand)
    ledger.sent_feeds = [replace(feed, stage="IN_QUEUE", ended_at=None) for feed in ledger.sent_feeds]
    assert apply(made, _all(made), hand).count("answered") == 2
    assert [list(order.units) for order in writer.removed] == [["R1"], ["R2"]]


def test_a_removal_feed_of_another_plan_is_brought_to_its_end_first() -> None:
    """Its process was killed before it could note the answer; whoever comes next settles it."""
    made, hand, writer, ledger = _removals(2)
    apply(made, {"US-0001"}, hand)
    ledger.rows["US-0001"] = replace(ledger.rows["US-0001"], stage="intended", answered_at=None)
    ledger.sent_feeds = [replace(feed, stage="IN_QUEUE", feed_id=None, ended_at=None) for feed in ledger.sent_feeds]
    applied = apply(replace(made, id="20261122-1000-sample"), {"US-0002"}, hand)
    assert (applied.stopped, ledger.rows["US-0001"].stage, ledger.rows["US-0002"].stage) == (None, "answered", "answered")
    assert [list(order.units) for order in writer.removed] == [["R1"], ["R2"]]


class _Unreadable(FakeWriter):
    left = 1

    def removal_errors(self, document_id: str) -> Any:
        if self.left:
            self.left -= 1
            raise AmazonDown("down", sent=False)
        return super().removal_errors(document_id)


def test_a_result_that_cannot_be_read_just_now_leaves_the_removal_to_the_next_run() -> None:
    made, hand, writer, ledger = _removals(1)
    hand = replace(hand, writer=_Unreadable(writer.clock, {}))
    assert "next run" in said(apply(made, _all(made), hand))
    assert ledger.rows["US-0001"].stage == "intended"
    assert apply(made, _all(made), hand).count("answered") == 1


def test_a_removal_that_never_left_frees_the_way_after_some_days() -> None:
    """Killed between intent and request, and Amazon has no removal order to report on: its list of feeds tells, days later."""
    made, hand, writer, ledger = _removals(2)
    writer.fails = _once("removal", f"{made.id}-R001", "before")
    assert apply(made, {"US-0001"}, hand).count("unclear") == 1
    hand.clock.sleep(2 * 86400)
    apply(made, set(), hand)
    assert ledger.rows["US-0001"].stage == "unclear"
    hand.clock.sleep(2 * 86400)
    fresh = replace(made, made_at=hand.now(), good_until=hand.now() + timedelta(days=1))
    assert apply(fresh, {"US-0002"}, hand).count("answered") == 1
    assert ledger.rows["US-0001"].stage == "refused"
    assert [list(order.units) for order in writer.removed] == [["R2"]]


def test_a_removal_that_may_have_been_made_is_never_called_off() -> None:
    """It was made, and Amazon's list shows it only after we had stopped waiting for it."""
    made, hand, writer, ledger = _removals(1)
    silent = _Silent(writer.clock, {}, fails=_once("removal", f"{made.id}-R001", "after"))
    assert apply(made, _all(made), replace(hand, writer=silent)).count("unclear") == 1
    hand.clock.sleep(4 * 86400)
    writer.feeds, writer.removed = silent.feeds, silent.removed
    apply(made, set(), hand)
    assert ledger.rows["US-0001"].stage == "unclear"
    assert ledger.sent_feeds[0].stage == "UNCLEAR"


@pytest.mark.parametrize("kind", ["change", "feed", "removal"])
def test_a_clock_that_was_set_back_keeps_nobody_waiting_until_it_comes_again(kind: str) -> None:
    """What was noted a day ahead of now is looked up as if it had been noted now."""
    made = plan(removal("R1") if kind == "removal" else relist("S0001"))
    hand, _, ledger = a_hand(made, {"S0001": CLOSED})
    later, mark = hand.now() + timedelta(days=1), {"change": None, "feed": f"{made.id}-L001", "removal": f"{made.id}-R001"}[kind]
    ledger.rows["US-0001"] = replace(ledger.rows["US-0001"], stage="intended", at=later, intended_at=later, tries=1, feed=mark, told={"message": 1, "by": kind})
    if mark is not None:
        feed_type = "POST_FLAT_FILE_FBA_CREATE_REMOVAL" if kind == "removal" else "JSON_LISTINGS_FEED"
        ledger.sent_feeds.append(SentFeed(mark, "US", feed_type, None, later, None, "IN_QUEUE", 1))
    began = hand.now()
    apply(made, _all(made), hand)
    assert hand.now() - began < timedelta(hours=2)
    assert ledger.rows["US-0001"].stage == ("unclear" if kind == "removal" else "answered")


def test_a_clock_that_jumps_ahead_calls_no_removal_off() -> None:
    """Four days by our clock, minutes by Amazon's: the order may be in Amazon's queue. Only once both agree, days later, was it never made."""
    made, hand, writer, ledger = _removals(1)
    writer.fails = _once("removal", f"{made.id}-R001", "before")
    assert apply(made, _all(made), hand).count("unclear") == 1
    line = hand.line
    assert isinstance(line, FakeLine)
    for ahead in (timedelta(days=4), timedelta(minutes=11), timedelta(days=-4), None):
        hand.clock.sleep(4 * 86400)
        line.ahead = ahead
        apply(made, set(), hand)
        assert ledger.rows["US-0001"].stage == "unclear"
    line.ahead = timedelta(minutes=9)
    apply(made, set(), hand)
    assert ledger.rows["US-0001"].stage == "refused"


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1), None])
def test_no_removal_leaves_while_our_clock_is_not_amazons(ahead: timedelta | None) -> None:
    """When it was sent must be certain, should its answer be lost. Nothing is wrong with the plan: with the clock set right it goes on."""
    made, hand, writer, _ = _removals(1)
    line = hand.line
    assert isinstance(line, FakeLine)
    line.ahead = ahead
    assert "clock" in said(apply(made, _all(made), hand))
    assert not writer.removed
    line.ahead = timedelta(0)
    assert apply(made, _all(made), hand).count("answered") == 1
