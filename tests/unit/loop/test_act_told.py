"""What a run tells while it goes on, and why it stopped: as codes and facts, for any reader's language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.fakes_writing import a_hand
from tests.plans import CLOSED, OPEN, plan, relist, removal

from refloat.errors import AmazonDown, PlanRefused, RoleMissing
from refloat.knowledge.messages import remark_text
from refloat.loop.act import Applied, apply
from refloat.loop.hand import Hand
from refloat.model.plan import Plan
from refloat.model.remark import Remark


def _forty() -> tuple[Plan, dict[str, object]]:
    return plan(*(relist(f"S{number:04}", number) for number in range(1, 41))), {f"S{number:04}": CLOSED for number in range(1, 41)}


def _carried(made: Plan, hand: Hand) -> tuple[Applied, list[Remark]]:
    heard: list[Remark] = []
    return apply(made, {action.id for action in made.actions}, replace(hand, tell=heard.append)), heard


def test_each_stage_is_told_once_when_it_begins() -> None:
    """Which wave, how many, what is waited for and until when; thirty minutes from when it was sent."""
    made, offers = _forty()
    hand, _, _ = a_hand(made, offers)
    _, heard = _carried(made, hand)
    assert [one.code for one in heard] == ["reading-anew", "sending", "waiting-shown", "sending", "waiting-shown", "sending"]
    assert [one.facts for one in heard if one.code == "sending"] == [{"number": 1, "waves": 3, "count": 1}, {"number": 2, "waves": 3, "count": 25}, {"number": 3, "waves": 3, "count": 14}]
    assert heard[2].facts == {"count": 1, "until": "09:31 UTC"}


def test_removals_tell_their_order_and_how_long_amazon_may_take() -> None:
    made = plan(removal("CUP"))
    hand, _, _ = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]
    _, heard = _carried(made, hand)
    assert [one.code for one in heard] == ["reading-anew", "ordering", "waiting-removal"]
    assert heard[2].facts["order"] == f"{made.id}-R001"


def test_what_an_earlier_run_left_open_is_told() -> None:
    """An answer that was lost: it is looked up before anything else, and that may take its time."""
    made = plan(relist("CUP"))
    hand, writer, ledger = a_hand(made, {"CUP": CLOSED}, lag=600)
    ledger.rows["US-0001"] = replace(ledger.rows["US-0001"], stage="unclear", at=hand.now())
    writer.submit("CUP", "US", made.actions[0].steps[0].change)
    _, heard = _carried(made, hand)
    assert [(one.code, one.facts["count"]) for one in heard] == [("looking-up", 1)]


def test_nothing_to_do_tells_nothing() -> None:
    made = plan(relist("CUP"))
    hand, _, _ = a_hand(made, {"CUP": CLOSED})
    _carried(made, hand)
    assert _carried(made, hand)[1] == []


def test_a_change_that_does_not_show_is_a_code_with_facts() -> None:
    made, offers = _forty()
    hand, writer, ledger = a_hand(made, offers)
    writer.ignored.add("S0001")
    applied, _ = _carried(made, hand)
    assert applied.stopped == Remark("not-shown", {"sku": "S0001", "minutes": 30})
    assert remark_text(applied.stopped, "zh-Hans") == "S0001：30 分钟后更改仍未显示"
    assert ledger.rows["US-0040"].told == {"why": "S0001: the change does not show after 30 minutes", "because": {"code": "not-shown", "facts": {"sku": "S0001", "minutes": 30}}}


def test_what_amazon_refuses_is_told_in_amazon_s_words() -> None:
    made, offers = _forty()
    hand, writer, _ = a_hand(made, offers)
    writer.invalid.add("S0001")
    applied, _ = _carried(made, hand)
    assert applied.stopped is not None
    assert remark_text(applied.stopped, "zh-Hans") == "S0001：S0001 is not valid."


def test_a_refusal_to_let_us_write_is_translated() -> None:
    """The error's own text, which the doors have in both languages."""
    made, offers = _forty()
    hand, writer, _ = a_hand(made, offers)

    def refused(operation: str, sku: str, moment: str) -> None:
        if operation == "preview":
            raise RoleMissing("There is no account {name}.", name="sample", sent=True)

    writer.fails = refused
    applied, _ = _carried(made, hand)
    assert applied.stopped is not None
    assert remark_text(applied.stopped, "zh-Hans") == "没有账户 sample。"


def test_a_removal_whose_fate_is_not_certain_is_told_with_what_to_do() -> None:
    made = plan(removal("CUP"))
    hand, writer, _ = a_hand(made, {})
    hand.line.units = {"CUP": (3, 1)}  # type: ignore[attr-defined]

    def lost(operation: str, mark: str, moment: str) -> None:
        if operation == "removal":
            raise AmazonDown("no answer", sent=True)

    writer.fails = lost
    applied, heard = _carried(made, hand)
    assert applied.stopped is not None
    assert f"refloat settle ACCOUNT {made.id}-R001 --made 或 --not-made" in remark_text(applied.stopped, "zh-Hans")
    assert heard[-1].code == "looking-for-feed"


def test_a_plan_that_is_refused_names_what_moved_in_its_own_language() -> None:
    made = replace(plan(relist("CUP", rests_on={"listing exists": False})), language="zh-Hans")
    hand, _, _ = a_hand(made, {"CUP": OPEN})
    with pytest.raises(PlanRefused) as refused:
        _carried(made, hand)
    assert refused.value.values["moved"] == "商品信息是否存在"
