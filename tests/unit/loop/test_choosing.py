"""The next remedy: the first, then the next where one did not help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.plans import deed

from refloat.knowledge.catalogue import catalogue
from refloat.loop.choosing import next_remedy

MISSING = catalogue().causes["missing-sku"]


def test_the_first_remedy_is_tried_first() -> None:
    choice = next_remedy("relist-offer", MISSING, [])
    assert (choice.remedy, choice.climbed, choice.guard) == ("relist-offer", False, None)


def test_the_ladder_is_climbed_one_step_at_a_time() -> None:
    """Relist, then create, then recreate, then support; each only after the one before did not help."""
    done = []
    for expected in ("relist-offer", "create-listing", "recreate-listing", "contact-support"):
        choice = next_remedy("relist-offer", MISSING, done)
        assert (choice.remedy, choice.climbed) == (expected, expected != "relist-offer")
        done.append(deed(remedy=expected, verdict="unchanged"))
    last = next_remedy("relist-offer", MISSING, done)
    assert last.guard is not None
    assert last.guard.name == "nothing-left"


@pytest.mark.parametrize("verdict", [None, "too-early"])
def test_while_one_is_under_way_nothing_else_is_done(verdict: str | None) -> None:
    """Amazon's own waits lie between the steps."""
    choice = next_remedy("relist-offer", MISSING, [deed(verdict=verdict)])
    assert choice.guard is not None
    assert (choice.guard.name, choice.guard.facts["remedy"]) == ("in-hand", "relist-offer")


def test_a_refusal_of_amazons_climbs_too() -> None:
    assert next_remedy("relist-offer", MISSING, [deed("refused")]).remedy == "create-listing"


@pytest.mark.parametrize("stage", ["dropped", "stopped", "planned"])
def test_what_was_never_sent_says_nothing(stage: str) -> None:
    assert next_remedy("relist-offer", MISSING, [deed(stage)]).remedy == "relist-offer"


@pytest.mark.parametrize("code", ["given-up", "never-made"])
def test_what_never_came_to_amazon_does_not_climb(code: str) -> None:
    """Goods are not removed because a network failed three times."""
    assert next_remedy("relist-offer", MISSING, [deed("refused", told={"code": code})]).remedy == "relist-offer"


def test_what_was_asked_too_soon_is_asked_again() -> None:
    """A listing that was deleted this morning can be made again tomorrow; its goods are not removed because Amazon says 13013 today."""
    deleted = catalogue().causes["deleted-listing"]
    too_soon = deed("refused", remedy="create-listing", told={"issues": [{"code": "13013", "severity": "ERROR"}]})
    refused = deed("refused", remedy="create-listing", told={"issues": [{"code": "8541", "severity": "ERROR"}]})
    assert next_remedy("create-listing", deleted, [too_soon, too_soon]).remedy == "create-listing"
    assert next_remedy("create-listing", deleted, [refused]).remedy == "create-removal"


def test_a_loop_is_stopped_after_two_come_backs() -> None:
    """The same cure a third time would change nothing; a person may lift that."""
    back = [deed(verdict="came-back")] * 2
    assert next_remedy("relist-offer", MISSING, back[:1]).guard is None
    stopped = next_remedy("relist-offer", MISSING, back)
    assert stopped.guard is not None
    assert stopped.guard.facts == {"times": "2"}
    assert next_remedy("relist-offer", MISSING, back, lifted=frozenset({"came-back"})).guard is None


def test_a_person_may_ask_for_another_remedy() -> None:
    choice = next_remedy("relist-offer", MISSING, [deed(verdict="unchanged")], wanted="create-removal")
    assert (choice.remedy, choice.climbed) == ("create-removal", True)


@pytest.mark.parametrize(("cause", "hours", "then"), [("inventory-error", 72, "edit-listing"), ("under-hazmat-review", 264, "submit-dangerous-goods")])
def test_a_wait_is_over_after_the_time_that_the_page_gives_it(cause: str, hours: int, then: str) -> None:
    """No deed says whether waiting helped; its time does."""
    page = catalogue().causes[cause]
    for waited in (None, timedelta(hours=hours, seconds=-1)):
        assert next_remedy("wait", page, [], waited=waited).remedy == "wait"
    choice = next_remedy("wait", page, [], waited=timedelta(hours=hours))
    assert (choice.remedy, choice.climbed) == (then, True)


def test_a_wait_that_is_over_climbs_on_after_what_did_not_help() -> None:
    """And ends with support, a person's task."""
    page, long = catalogue().causes["inventory-error"], timedelta(days=9)
    assert next_remedy("wait", page, [deed(remedy="edit-listing", verdict="unchanged")], waited=long).remedy == "contact-support"
    only_once = next_remedy("wait", page, [deed(remedy="edit-listing")], waited=long)
    assert only_once.guard is not None
    assert only_once.guard.name == "in-hand"


def test_after_worse_the_same_is_not_tried_again() -> None:
    assert next_remedy("relist-offer", MISSING, [deed(verdict="worse")]).remedy == "create-listing"
    assert next_remedy("relist-offer", MISSING, [deed("undone", verdict="worse")]).remedy == "relist-offer", "what was put back says nothing"
