"""Carrying out a plan: as approved, in waves, stopped at the first surprise, and never twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.fakes_writing import FakeWriter, Killed, a_hand, said
from tests.plans import CLOSED, OPEN, plan, relist, removal

from refloat.clock import SimulatedClock
from refloat.errors import AmazonDown, PlanRefused, Refused, RoleMissing, Throttled
from refloat.loop.act import apply
from refloat.loop.hand import Hand
from refloat.model.cure import Change, Patch, Step
from refloat.model.plan import Plan


def _plan(count: int) -> tuple[Plan, dict[str, Any]]:
    return plan(*(relist(f"S{number:04}", number) for number in range(1, count + 1))), {f"S{number:04}": CLOSED for number in range(1, count + 1)}


def _all(made: Plan) -> set[str]:
    return {action.id for action in made.actions}


def test_everything_is_sent_once_and_shows() -> None:
    """One, then 25, then the rest; each with its preview, its intent and its receipt in the journal."""
    made, offers = _plan(40)
    hand, writer, ledger = a_hand(made, offers)
    applied = apply(made, _all(made), hand)
    assert applied.stopped is None
    assert applied.count("answered", "shown") == 40
    assert set(writer.sent.values()) == {1}
    assert sum(kind == "submit" for kind, _ in writer.sent) == sum(kind == "preview" for kind, _ in writer.sent) == 40
    for action in made.actions:
        kinds = [kind for name, kind in ledger.journal if name == action.id]
        assert kinds[:2] == ["intent", "receipt"]


def test_applying_again_sends_nothing() -> None:
    made, offers = _plan(3)
    hand, writer, _ = a_hand(made, offers)
    apply(made, _all(made), hand)
    before = dict(writer.sent)
    apply(made, _all(made), hand)
    assert writer.sent == before


def test_what_was_revoked_while_the_canary_was_waited_for_is_not_sent() -> None:
    """The word is asked for before each wave; what is not sent is no surprise, and stays as it was planned."""
    made, offers = _plan(40)
    hand, writer, ledger = a_hand(made, offers)
    asked: list[int] = []

    def speaking() -> set[str]:
        asked.append(len(writer.sent))
        return _all(made) if len(asked) < 3 else set()

    applied = apply(made, _all(made), hand, speaking=speaking)
    assert "the word that spoke for 14 actions has ended" in said(applied)
    assert len(asked) == 3
    assert {sku for kind, sku in writer.sent if kind == "submit"} == {f"S{number:04}" for number in range(1, 27)}
    assert {row.stage for name, row in ledger.rows.items() if name > "US-0026"} == {"planned"}


def test_only_what_was_approved_is_sent() -> None:
    made, offers = _plan(3)
    hand, writer, ledger = a_hand(made, offers)
    apply(made, {"US-0002"}, hand)
    assert {sku for _, sku in writer.sent} == {"S0002"}
    assert ledger.rows["US-0001"].stage == "planned"


def test_a_canary_that_amazon_refuses_stops_the_rest() -> None:
    """The first one is refused by the preview: nothing is written at all, and the reason is told."""
    made, offers = _plan(40)
    hand, writer, ledger = a_hand(made, offers)
    writer.invalid.add("S0001")
    applied = apply(made, _all(made), hand)
    assert applied.stopped is not None
    assert "S0001 is not valid." in said(applied)
    assert {kind for kind, _ in writer.sent} == {"preview"}
    assert (applied.count("refused"), applied.count("stopped")) == (1, 39)
    assert ledger.rows["US-0001"].told["issues"][0]["message"] == "S0001 is not valid."


def test_a_canary_that_does_not_show_stops_the_rest() -> None:
    """ACCEPTED, and after a quarter of an hour the listing is what it was."""
    made, offers = _plan(40)
    hand, writer, _ = a_hand(made, offers)
    writer.ignored.add("S0001")
    applied = apply(made, _all(made), hand)
    assert "does not show" in said(applied)
    assert sum(kind == "submit" for kind, _ in writer.sent) == 1


def test_without_a_canary_a_refusal_costs_itself_alone() -> None:
    made, offers = _plan(40)
    hand, writer, _ = a_hand(made, offers)
    writer.invalid.add("S0001")
    applied = apply(made, _all(made), hand, canary=False)
    assert (applied.stopped, applied.count("refused"), applied.count("answered", "shown")) == (None, 1, 39)


def test_what_has_moved_drops_out_and_is_named() -> None:
    """Somebody opened the second offer since: it is left alone, the others go."""
    made, offers = _plan(30)
    hand, writer, ledger = a_hand(made, {**offers, "S0002": OPEN})
    applied = apply(made, _all(made), hand)
    assert (applied.stopped, applied.count("dropped"), applied.count("answered", "shown")) == (None, 1, 29)
    assert ledger.rows["US-0002"].told == {"moved": "purchasable_offer", "because": {"code": "moved", "facts": {"names": ["purchasable_offer"]}}}
    assert ("submit", "S0002") not in writer.sent


def test_too_much_movement_refuses_the_whole_plan() -> None:
    """More than 5 %: it is no longer what was approved."""
    made, offers = _plan(30)
    hand, writer, _ = a_hand(made, {**offers, "S0002": OPEN, "S0003": OPEN})
    with pytest.raises(PlanRefused, match="2 of 30"):
        apply(made, _all(made), hand)
    assert not writer.sent


def test_a_plan_of_yesterday_is_refused() -> None:
    made, offers = _plan(1)
    hand, writer, _ = a_hand(made, offers)
    hand.clock.sleep(24 * 3600)
    with pytest.raises(PlanRefused, match="too old"):
        apply(made, _all(made), hand)
    assert not writer.sent


def _once(error: Exception, operation: str, moment: str) -> Callable[[str, str, str], None]:
    left = [error]

    def fails(what: str, _: str, when: str) -> None:
        if (what, when) == (operation, moment) and left:
            raise left.pop()

    return fails


def test_an_answer_lost_after_the_effect_is_looked_up() -> None:
    """The change shows, so it is not sent a second time."""
    made, offers = _plan(1)
    hand, writer, ledger = a_hand(made, offers)
    writer.fails = _once(AmazonDown("no answer", sent=True), "submit", "after")
    applied = apply(made, _all(made), hand)
    assert applied.count("answered", "shown") == 1
    assert writer.sent["submit", "S0001"] == 1
    assert [kind for _, kind in ledger.journal][:3] == ["intent", "unclear", "receipt"]


def test_an_answer_lost_before_the_effect_is_sent_again_only_after_a_look() -> None:
    """For a quarter of an hour it might still come; then it is sent again."""
    made, offers = _plan(1)
    hand, writer, _ = a_hand(made, offers)
    began = hand.now()
    writer.fails = _once(AmazonDown("no answer", sent=True), "submit", "before")
    applied = apply(made, _all(made), hand)
    assert applied.count("answered", "shown") == 1
    assert writer.sent["submit", "S0001"] == 1  # the one that was lost never arrived
    assert hand.now() - began > timedelta(minutes=30)


@pytest.mark.parametrize("error", [AmazonDown("down", sent=False), Throttled("slow down")])
def test_what_certainly_did_not_leave_is_tried_again_soon(error: Exception) -> None:
    made, offers = _plan(1)
    hand, writer, _ = a_hand(made, offers)
    began = hand.now()
    writer.fails = _once(error, "submit", "before")
    assert apply(made, _all(made), hand).count("answered", "shown") == 1
    assert hand.now() - began < timedelta(minutes=5)
    assert writer.sent["submit", "S0001"] == 1


def test_a_refusal_of_the_request_ends_its_action() -> None:
    made, offers = _plan(1)
    hand, writer, _ = a_hand(made, offers)
    writer.fails = _once(Refused("no", said="wrong"), "submit", "before")
    assert apply(made, _all(made), hand).count("refused") == 1


def test_a_missing_role_stops_everything_and_loses_nothing() -> None:
    """The others were not sent, and say so; the first is where it was."""
    made, offers = _plan(40)
    hand, writer, _ = a_hand(made, offers)

    def fails(what: str, _: str, when: str) -> None:
        if (what, when) == ("submit", "before"):
            raise RoleMissing("no role")

    writer.fails = fails
    applied = apply(made, _all(made), hand)
    assert "no role" in said(applied)
    assert applied.count("stopped", "planned") == 40


def test_many_changes_go_as_a_feed_the_most_urgent_first_by_themselves() -> None:
    """Beyond the crossover: 26 in the first waves, 25 by patch, the rest as feeds; refused messages are told one by one."""
    made, offers = _plan(1700)
    hand, writer, ledger = a_hand(made, offers)
    writer.invalid.add("S1700")
    applied = apply(made, _all(made), hand)
    assert applied.stopped is None
    assert (applied.count("refused"), applied.count("answered", "shown")) == (1, 1699)
    assert sum(kind == "submit" for kind, _ in writer.sent) == 26 + 25
    assert sum(kind == "feed" for kind, _ in writer.sent) == 1700 - 51
    assert {feed.stage for feed in ledger.sent_feeds} == {"DONE"}
    assert ledger.rows["US-1700"].stage == "refused"


def test_a_fatal_feed_that_did_half_its_work_is_looked_up_listing_by_listing() -> None:
    """What shows was done, and is not sent again; the other half goes again."""
    made, offers = _plan(1700)
    hand, writer, _ = a_hand(made, offers)
    writer.fatal = True
    applied = apply(made, _all(made), hand)
    done = applied.count("answered", "shown")
    assert done + applied.count("planned") == 1700
    assert done > 850
    writer.fatal = False
    again = apply(made, _all(made), hand)
    assert again.count("answered", "shown") == 1700


def test_a_feed_whose_answer_was_lost_is_found_in_the_list() -> None:
    """Amazon made it: it is adopted, not sent a second time."""
    made, offers = _plan(1700)
    hand, writer, _ = a_hand(made, offers)
    writer.fails = _once(AmazonDown("no answer", sent=True), "feed", "after")
    applied = apply(made, _all(made), hand)
    assert applied.count("answered", "shown") == 1700
    assert max(count for (kind, _), count in writer.sent.items() if kind == "feed") == 1


def test_a_second_step_waits_for_the_first_and_for_its_hours() -> None:
    """Delete, wait a day until it is gone, create: three runs, each doing what is due."""
    steps = (Step(Change("delete")), Step(Change("put", patches=(Patch("purchasable_offer", None, OPEN),)), 24.0, "gone"))
    made = plan(relist("CUP", remedy="recreate-listing", steps=steps, undo=None, rests_on={"listing exists": True, "objections": []}))
    hand, writer, ledger = a_hand(made, {"CUP": CLOSED})
    first = apply(made, _all(made), hand)
    assert first.later["US-0001"] - hand.now() > timedelta(hours=23)
    assert writer.listings_by_sku["CUP"] is None or writer.pending
    hand.clock.sleep(12 * 3600)
    assert apply(made, _all(made), hand).later
    hand.clock.sleep(13 * 3600)
    last = apply(made, _all(made), hand)
    assert (last.later, ledger.rows["US-0001"].step) == ({}, 1)
    assert writer.sent["submit", "CUP"] == 2


def test_a_canary_that_never_left_holds_the_rest_back() -> None:
    """Amazon takes nothing just now: the others are not written over its head, and go on later."""
    made, offers = _plan(40)
    hand, writer, _ = a_hand(made, offers)

    def fails(what: str, _: str, when: str) -> None:
        if (what, when) == ("submit", "before"):
            raise Throttled("slow down")

    writer.fails = fails
    applied = apply(made, _all(made), hand)
    assert (applied.count("planned"), applied.stopped is None) == (40, False)
    writer.fails = lambda *_: None
    assert apply(made, _all(made), hand).count("answered", "shown") == 40


def test_another_label_stops_the_steps_that_follow() -> None:
    """Made anew, the listing got another FNSKU: the old units would be stranded for good, so nothing more is written."""
    steps = (
        Step(Change("delete")),
        Step(Change("put", patches=(Patch("purchasable_offer", None, OPEN),)), 0.0, "gone"),
        Step(Change("patch", patches=(Patch("purchasable_offer", OPEN, CLOSED),)), 0.0, "same-fnsku"),
    )
    made = plan(relist("CUP", remedy="recreate-listing", steps=steps, undo=None, rests_on={"listing exists": True, "objections": []}))
    hand, writer, ledger = a_hand(made, {"CUP": CLOSED})
    writer.label = "X0ANOTHER"
    applied = apply(made, _all(made), hand)
    assert (ledger.rows["US-0001"].stage, ledger.rows["US-0001"].step) == ("stopped", 1)
    assert "X0ANOTHER" in ledger.rows["US-0001"].told["why"]
    assert writer.sent["submit", "CUP"] == 2
    assert applied.count("stopped") == 1


def test_one_that_does_not_show_keeps_no_other_from_its_next_step() -> None:
    """Each waits for itself; the one that is late is told."""
    steps = (Step(Change("patch", patches=(Patch("purchasable_offer", CLOSED, OPEN),))), Step(Change("patch", patches=(Patch("condition_type", None, [{"value": "new"}]),))))
    made = plan(*(relist(f"S{number}", number, remedy="create-listing", steps=steps, undo=None) for number in range(1, 4)), lifted=("no-canary",))
    hand, writer, ledger = a_hand(made, dict.fromkeys(("S1", "S2", "S3"), CLOSED))
    writer.ignored.add("S2")
    applied = apply(made, _all(made), hand, canary=False)
    assert [ledger.rows[f"US-{number:04}"].step for number in (1, 2, 3)] == [1, 0, 1]
    assert "1 actions wait" in said(applied)


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_a_day() -> None:
    """The intent is of "tomorrow": the look for it begins now."""
    made, offers = _plan(1)
    hand, _, ledger = a_hand(made, offers)
    ledger.rows["US-0001"] = replace(ledger.rows["US-0001"], stage="intended", at=hand.now() + timedelta(days=1), intended_at=hand.now() + timedelta(days=1), tries=0)
    began = hand.now()
    assert apply(made, _all(made), hand).count("answered", "shown") == 1
    assert hand.now() - began < timedelta(hours=2)


def test_a_feed_of_somebody_else_is_not_taken_for_ours() -> None:
    """Ours was lost on the way, another program's was there before: each listing tells, and it goes again."""
    made, offers = _plan(1700)
    hand, writer, _ = a_hand(made, offers)
    writer.feeds["F0"] = ("JSON_LISTINGS_FEED", "US", hand.now() - timedelta(minutes=3), [])
    writer.fails = _once(AmazonDown("no answer", sent=True), "feed", "before")
    apply(made, _all(made), hand)
    assert apply(made, _all(made), hand).count("answered", "shown") == 1700
    assert max(count for (kind, _), count in writer.sent.items() if kind == "feed") == 1


@pytest.mark.parametrize("seed", range(40))
def test_killed_at_any_moment_nothing_is_lost_or_done_twice(seed: int) -> None:
    """The process dies at a call of chance, again and again; in the end every change is done, and each removal once."""
    actions = [*(relist(f"S{number:04}", number) for number in range(1, 31)), *(removal(f"R{number}", 100 + number) for number in range(5))]
    made = plan(*actions)
    hand, writer, ledger = a_hand(made, {f"S{number:04}": CLOSED for number in range(1, 31)})
    hand.line.units = {f"R{number}": (3, 1) for number in range(5)}  # type: ignore[attr-defined]
    writer.fails = _by_chance(random.Random(seed))
    for _ in range(60):
        hand = _run(made, hand, writer)
    writer.fails = lambda *_: None
    for _ in range(3):
        hand = _run(made, hand, writer)
    skus = [sku for order in writer.removed for sku in order.units]
    assert len(skus) == len(set(skus)), "a removal twice"
    for action in actions:
        row = ledger.rows[action.id]
        kinds = [kind for name, kind in ledger.journal if name == action.id]
        # Planned: a removal that waits for another one to be certain.
        assert row.stage in {"answered", "shown", "stopped", "unclear", "refused"} or (row.stage == "planned" and action.remedy == "create-removal"), row
        if row.stage in {"answered", "shown"}:
            assert kinds.index("intent") < kinds.index("receipt")
        if action.remedy == "relist-offer" and row.stage in {"answered", "shown"}:
            assert writer.sent["submit", action.sku] >= 1


def _by_chance(chance: random.Random) -> Callable[[str, str, str], None]:
    def fails(what: str, _: str, when: str) -> None:
        roll = chance.random()
        if roll < 0.02:
            raise Killed
        if roll < 0.08 and what in {"submit", "preview"}:
            raise AmazonDown("no answer", sent=what == "submit")

    return fails


def _run(made: Plan, hand: Hand, writer: FakeWriter) -> Hand:
    """One run that may be killed. Who is killed loses the lanes as well: the next run has a clock of its own, at the same moment."""
    try:
        apply(made, _all(made), hand)
    except (Killed, AmazonDown, PlanRefused):
        clock = SimulatedClock(hand.clock.now())
        writer.clock = hand.line.clock = clock  # type: ignore[attr-defined]
        return replace(hand, clock=clock)
    return hand
