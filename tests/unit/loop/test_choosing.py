"""The next remedy: the first, then the next where one did not help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.plans import MADE_AT, deed

from refloat.knowledge.catalogue import catalogue
from refloat.loop.choosing import Now, following, next_remedy
from refloat.loop.writers import NEVER
from refloat.model.ports import Deed

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


@pytest.mark.parametrize("told", [{}, {"by": NEVER}])
def test_what_amazon_took_without_effect_leads_to_support_not_to_a_removal(told: dict[str, str]) -> None:
    """A relisting that showed nothing, or never took effect twice: the goods are not thrown away for it unless a person asks."""
    closed = catalogue().causes["listing-closed"]
    done = [deed(verdict="unchanged", told=told)] * 2
    assert next_remedy("relist-offer", closed, done).remedy == "contact-support"
    assert next_remedy("relist-offer", closed, [deed("refused")]).remedy == "create-removal", "Amazon says no: it asks for consent"
    assert next_remedy("relist-offer", closed, done, wanted="create-removal").remedy == "create-removal"
    assert next_remedy("create-removal", closed, done).remedy == "create-removal", "what a person's answer, or the diagnosis, leads to"


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


@pytest.mark.parametrize(
    ("cause", "hours", "then"), [("inventory-error", 24, "edit-listing"), ("under-hazmat-review", 264, "submit-dangerous-goods"), ("inventory-under-review", 72, "create-removal")]
)
def test_a_wait_is_over_after_the_time_that_the_page_gives_it(cause: str, hours: int, then: str) -> None:
    """No deed says whether waiting helped; its time does."""
    page = catalogue().causes[cause]
    for waited in (None, timedelta(hours=hours, seconds=-1)):
        assert next_remedy("wait", page, [], now=Now(waited=waited)).remedy == "wait"
    choice = next_remedy("wait", page, [], now=Now(waited=timedelta(hours=hours)))
    assert (choice.remedy, choice.climbed) == (then, True)


def test_a_wait_that_is_over_climbs_on_after_what_did_not_help() -> None:
    """And ends with support, a person's task."""
    page, long = catalogue().causes["inventory-error"], timedelta(days=9)
    assert next_remedy("wait", page, [deed(remedy="edit-listing", verdict="unchanged")], now=Now(waited=long)).remedy == "contact-support"
    only_once = next_remedy("wait", page, [deed(remedy="edit-listing")], now=Now(waited=long))
    assert only_once.guard is not None
    assert only_once.guard.name == "in-hand"


def test_after_worse_the_same_is_not_tried_again() -> None:
    assert next_remedy("relist-offer", MISSING, [deed(verdict="worse")]).remedy == "create-listing"
    assert next_remedy("relist-offer", MISSING, [deed("undone", verdict="worse")]).remedy == "relist-offer", "what was put back says nothing"


GOODS = catalogue().causes["merchant-fulfilled-dg-info-required"]
SENT = deed(remedy="submit-dangerous-goods", cause=GOODS.name, said=GOODS.said_as[0], verdict="too-early")


def test_where_amazons_reason_has_moved_on_the_new_one_is_due_at_once() -> None:
    """The statement was taken and Amazon says “Merchant fulfilled” now: nothing more comes of waiting for the statement."""
    merchant = catalogue().causes["merchant-fulfilled"]
    for said in ("Merchant fulfilled", "Seller-fulfilled"):
        choice = next_remedy("change-to-fba", merchant, [SENT], now=Now(said=said))
        assert (choice.remedy, choice.climbed, choice.guard) == ("change-to-fba", False, None)
    changing = deed(remedy="change-to-fba", cause=merchant.name, said="Merchant fulfilled", verdict="too-early")
    in_hand = next_remedy("change-to-fba", merchant, [SENT, changing], now=Now(said="Seller-fulfilled")).guard
    assert in_hand is not None, "another spelling is the same reason"
    assert in_hand.facts["remedy"] == "change-to-fba"


@pytest.mark.parametrize(
    "more",
    [
        {"said": GOODS.said_as[1]},
        {"verdict": None},
        {"stage": "intended"},
        {"steps": 2},
        {"remedy": "create-removal"},
    ],
    ids=["the same reason in other words", "nobody has looked since", "not yet answered", "a step is to come", "the units leave"],
)
def test_what_is_not_over_stays_in_hand(more: dict[str, object]) -> None:
    """Amazon says something else, and still there is something to wait for; or it says the same."""
    said = str(more.pop("said", "Merchant fulfilled"))
    choice = next_remedy("change-to-fba", catalogue().causes["merchant-fulfilled"], [replace(SENT, **more)], now=Now(said=said))  # type: ignore[arg-type]
    assert choice.guard is not None
    assert choice.guard.name == "in-hand"
    silent = next_remedy("change-to-fba", catalogue().causes["merchant-fulfilled"], [SENT], now=Now())
    assert silent.guard is not None, "that no report tells it any more says nothing of another reason"


def test_a_tool_that_was_stopped_stands_in_the_way_no_more() -> None:
    """The cure is due again at once; if it flips twice more after that, it stops us again."""
    cause, hour = catalogue().causes["merchant-fulfilled"], timedelta(hours=1)
    flip = deed(remedy="change-to-fba", verdict="came-back", told={"by": "another-tool"}, verdict_at=MADE_AT)
    stopped = next_remedy("change-to-fba", cause, [flip, flip]).guard
    assert stopped is not None
    assert (stopped.name, stopped.facts["writer"]) == ("second-writer", "another-tool")
    said_so = Now(stopped_at=MADE_AT + hour)
    assert next_remedy("change-to-fba", cause, [flip, flip], now=said_so).guard is None
    again = replace(flip, verdict_at=MADE_AT + 2 * hour)
    assert next_remedy("change-to-fba", cause, [flip, flip, again], now=said_so).guard is None
    once_more = next_remedy("change-to-fba", cause, [flip, flip, again, again], now=said_so).guard
    assert once_more is not None
    assert once_more.name == "second-writer"
    own = next_remedy("change-to-fba", cause, [replace(flip, told={"by": "seller-or-amazon"})] * 2, now=said_so).guard
    assert own is not None, "a person's word about a tool says nothing about what Amazon or the seller took back"
    assert own.name == "came-back"


@pytest.mark.parametrize(
    ("sent", "again", "guard"),
    [
        (None, False, None),
        (deed(remedy="create-removal", verdict="removed"), False, None),
        (deed(remedy="delete-listing"), False, "in-hand"),
        (deed(remedy="delete-listing", verdict="too-early"), True, "in-hand"),
        (deed(remedy="delete-listing", verdict="unchanged"), False, "deletion-without-effect"),
        (deed(remedy="delete-listing", verdict="unchanged", told={"by": "another-tool"}), False, "deletion-without-effect"),
        (deed(remedy="delete-listing", verdict="unchanged"), True, None),
        (deed("refused", remedy="delete-listing"), False, "nothing-left"),
        (deed("refused", remedy="delete-listing"), True, None),
        (deed("refused", remedy="delete-listing", told={"code": "given-up"}), False, None),
    ],
)
def test_what_follows_a_removal_is_sent_once(sent: Deed | None, again: bool, guard: str | None) -> None:
    """What is under way is waited for; what had no effect is sent anew only where a person asks for it by name. It never climbs to a removal."""
    choice = following("delete-listing", [] if sent is None else [sent], again=again)
    assert choice.remedy == "delete-listing"
    assert (choice.guard.name if choice.guard else None) == guard
