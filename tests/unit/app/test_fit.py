"""Before anything is written Amazon is asked how the account stands; what cannot be undone needs a new answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.fakes import FakeLine
from tests.fakes_writing import a_hand
from tests.plans import plan, relist, removal

from refloat.app.fit import held_back
from refloat.errors import AmazonDown, PlanRefused
from refloat.loop.hand import Hand
from refloat.model.plan import Plan
from refloat.store import Store

KIND, SOURCE = "GET_V2_SELLER_PERFORMANCE_REPORT", "account-health"
HOUR = timedelta(hours=1)


def said(word: str) -> bytes:
    """An account health report."""
    return json.dumps({"accountStatuses": [{"marketplaceId": "ATVPDKIKX0DER", "status": word}]}).encode()


@dataclass
class Office:
    """A store whose account's health was last read so long ago, and an Amazon that says it anew, or not."""

    store: Store
    account: str
    hand: Hand
    line: FakeLine

    def read(self, word: str, hours: float) -> None:
        self.store.record(self.account, "US").keep(SOURCE, said(word), at=self.hand.now() - hours * HOUR)

    def check(self, made: Plan) -> dict[str, datetime]:
        return held_back(self.store, made, made.actions, self.hand)


@pytest.fixture
def office(store: Store, account: str) -> Office:
    hand, _, _ = a_hand(CHANGES, {})
    line = hand.line
    assert isinstance(line, FakeLine)
    line.contents[KIND] = said("NORMAL")
    return Office(store, account, hand, line)


CHANGES = plan(relist("CUP"), account="harbour")
REMOVALS = plan(removal("CUP"), account="harbour")


def _down() -> Exception:
    return AmazonDown("down", sent=False)


def test_a_report_of_the_last_hours_is_not_asked_for_again(office: Office) -> None:
    office.read("NORMAL", 3.9)
    office.check(REMOVALS)
    assert office.line.calls["ask_report"] == 0


def test_an_older_one_is_asked_for_and_the_new_one_counts(office: Office) -> None:
    """At noon the account was well; now it is at risk."""
    office.read("NORMAL", 4.1)
    office.line.contents[KIND] = said("AT_RISK")
    with pytest.raises(PlanRefused, match="AT_RISK"):
        office.check(CHANGES)
    assert office.line.calls["ask_report"] == 1
    assert office.store.record(office.account, "US").read_at(SOURCE) == office.hand.now()


def _cancelled(office: Office) -> None:
    office.line.contents[KIND] = None


def _slow(office: Office) -> None:
    office.line.lag = 3600


def _silent(office: Office) -> None:
    office.line.fails["ask_report"] = _down


@pytest.mark.parametrize("ends", [_cancelled, _slow, _silent])
@pytest.mark.parametrize(("hours", "changes"), [(5, True), (23, True), (25, False), (None, False)])
def test_without_a_new_one_listing_changes_go_on_for_a_day_and_removals_do_not(office: Office, ends: Callable[[Office], None], hours: float | None, changes: bool) -> None:
    """Amazon refuses it, takes too long, or cannot be reached."""
    if hours is not None:
        office.read("NORMAL", hours)
    ends(office)
    began = office.hand.now()
    with pytest.raises(PlanRefused, match="could not be read"):
        office.check(REMOVALS)
    assert office.hand.now() - began < timedelta(minutes=12), "nobody waits longer for it"
    if changes:
        office.check(CHANGES)
    else:
        with pytest.raises(PlanRefused, match="could not be read"):
            office.check(CHANGES)


def test_what_amazon_refused_just_now_is_not_asked_for_at_every_run(office: Office) -> None:
    office.read("NORMAL", 5)
    _cancelled(office)
    for _ in range(3):
        office.check(CHANGES)
    assert office.line.calls["ask_report"] == 1


def test_a_standing_that_was_never_read_may_be_lifted_for_listing_changes_alone(office: Office) -> None:
    _cancelled(office)
    office.check(plan(relist("CUP"), account="harbour", lifted=("account-unread",)))
    with pytest.raises(PlanRefused, match="could not be read"):
        office.check(plan(removal("CUP"), account="harbour", lifted=("account-unread",)))


def test_a_moment_that_is_still_to_come_is_no_age(office: Office) -> None:
    """It was written by a clock that ran ahead."""
    office.read("NORMAL", -30)
    office.check(REMOVALS)
    assert office.line.calls["ask_report"] == 1


def test_with_nothing_left_to_send_nothing_is_asked(office: Office) -> None:
    assert held_back(office.store, CHANGES, (), office.hand) == {}
    assert office.line.calls["ask_report"] == 0


def test_in_a_plan_of_both_the_removals_wait_alone(office: Office) -> None:
    """They are told when Amazon is asked again, and leave once it says that all is well."""
    both = plan(relist("CUP"), removal("PAN", 2), account="harbour")
    office.read("NORMAL", 5)
    _cancelled(office)
    held = office.check(both)
    assert list(held) == ["US-0002"]
    office.line.contents[KIND] = said("NORMAL")
    office.hand.clock.sleep((held["US-0002"] - office.hand.now()).total_seconds())
    assert office.check(both) == {}
