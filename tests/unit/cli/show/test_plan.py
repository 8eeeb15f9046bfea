"""A plan and its verdicts on the screen and on the page: everything that a person must know before a word is given."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.plans import MADE_AT, deed, plan, relist, removal

from refloat.cli.show.html_plan import page
from refloat.cli.show.plan import show
from refloat.cli.show.verdicts import tell_verdicts
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.cure import Change, Field, Guard, Step
from refloat.model.finding import Automatic
from refloat.model.money import Money
from refloat.model.plan import LeftAlone, Plan, Road
from refloat.wording import plans as texts

ENGLISH = translator("en")


def shown(made: Plan, language: str = "en", **more: Any) -> str:
    """The plan as the screen has it."""
    out = io.StringIO()
    show(made, catalogue(), language, out=out, **more)
    return out.getvalue()


def left(name: str, guard: str, /, **facts: str) -> LeftAlone:
    return LeftAlone("US", name, 1, "listing-closed", "relist-offer", Guard(guard, facts))


def test_an_action_says_now_and_then() -> None:
    """Current and new value, what stays once, why, and what puts it back."""
    action = relist("CUP", fields=(Field("price", "15.08 USD", "15.08 USD"), Field("end-date", "2026-11-01", None), Field("channel", "merchant", "fba")))
    told = shown(plan(action))
    for text in ("US-0001  CUP", "price: 15.08 USD, stays", "end of the offer: 2026-11-01 → –", "fulfilled by: you → Amazon", "Why: It was closed.", "Undo: Close the offer until a date"):
        assert text in told


def test_who_must_agree_and_why() -> None:
    assert texts.safety_text(relist("CUP"), ENGLISH) == "safe"
    asks = replace(relist("CUP"), safety="consent", asks=("suspected", "came-back"))
    assert texts.safety_text(asks, ENGLISH) == "needs your consent: Amazon's report does not list it, it has come back before"
    assert texts.safety_text(removal("PAN", asks=("remedy",)), ENGLISH).startswith("cannot be undone, ")


def test_the_removal_is_said_once_and_the_waits_are_said() -> None:
    """Amazon's own removal date stands in the first line; what else it does by itself follows."""
    day = MADE_AT.date()
    action = relist("CUP", removal_due_on=day, amazon_will=(Automatic("remove", day), Automatic("relist", day, True)), steps=(Step(Change("delete")), Step(Change("put"), 24, "gone")))
    told = shown(plan(action))
    assert told.count(day.isoformat()) == 2 + told.count(f"good until {day}")
    assert f"≈ {day}" in told
    assert "In 2 steps; the waits between: 24 h." in told


def test_a_reason_is_said_once() -> None:
    """What differs in the SKU alone is one reason; a single one names its SKU."""
    many = plan(left_alone=(*(left(f"S{number}", "price-unknown", sku=f"S{number}", marketplace="US") for number in range(7)), left("X", "no-units", reserved="2")))
    told = shown(many)
    assert told.count("No price to stand behind") == 1
    assert "7 × " in told
    assert "S4 (US), …" in told
    assert 'sku = "LONE"' in shown(plan(left_alone=(left("LONE", "price-unknown", sku="LONE", marketplace="US"),)))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", sorted(table("guards")))
def test_every_guard_can_be_shown(name: str, language: str) -> None:
    """With facts missing, too."""
    assert "{" not in shown(plan(left_alone=(left("CUP", name),)), language)


def test_a_long_plan_is_cut_and_says_so() -> None:
    told = shown(plan(*(relist(f"S{number}", number) for number in range(1, 31))))
    assert "S25 " in told
    assert "S26 " not in told
    assert "And 5 more" in told


def test_only_what_is_asked_about() -> None:
    """Nothing of the rest, and the numbers are those of what is asked about."""
    made = plan(relist("CUP", worth=Money(Decimal(10), "USD")), relist("JUG", 2, worth=Money(Decimal(5), "USD")), left_alone=(left("X", "no-units"),))
    told = shown(made, only={"US-0002"})
    assert "Actions: 1 (safe 1, need your consent 0) · 5.00 USD" in told
    assert "CUP" not in told
    assert "Left alone" not in told


def test_an_empty_plan_says_why() -> None:
    assert "Nothing that was asked for is stranded" in shown(plan())
    assert "why stands beside each" in shown(plan(left_alone=(left("X", "no-units"),)))
    assert "apply" not in shown(plan())


@pytest.mark.parametrize(("road", "said"), [
    (Road("US", 3, "patch", 1530, 300, False, 0.0), ("changes 3, one by one, some 1 min", "assuming that a feed takes 5 min")),
    (Road("DE", 4000, "feed", 1530, 120, True, 130.0), ("changes 4,000, as a feed", "some 2 min", "a feed of this account takes some 2 min")),
])  # fmt: skip
def test_the_road(road: Road, said: tuple[str, ...]) -> None:
    for text in said:
        assert text in texts.road_text(road, ENGLISH)


def test_the_page_holds_all_and_escapes() -> None:
    """Every action and every SKU; a title is text; the fingerprint is there to approve by."""
    many = tuple(left(f"S{number}", "no-units") for number in range(9))
    made = plan(*(relist(f"CUP-{number}", number, title="<b>A cup</b>") for number in range(1, 40)), left_alone=many)
    html = page(made, catalogue(), "zh-Hans")
    assert html.count("<article>") == 39
    assert "<b>" not in html
    assert "&lt;b&gt;A cup" in html
    assert all(f"S{number} (US)" in html for number in range(9))
    assert made.fingerprint in html
    assert '<html lang="zh-Hans">' in html


def test_verdicts_that_are_new_or_troubling_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """The others are numbers; who changed it back is said, in the reader's language."""
    judged = [deed(verdict="cured", sku="OLD"), deed(verdict="cured", sku="NEW", action_id="US-0002"), deed(verdict="came-back", sku="BACK", action_id="US-0003", told={"by": "another-tool"})]
    tell_verdicts(judged, {("20261122-0900-sample", "US-0002")}, [MADE_AT], catalogue(), "en")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" ")[0] for line in lines[:2]] == ["NEW", "BACK"]
    assert "a repricer" in lines[1]
    assert lines[2:] == ["Verdicts: came-back 1, cured 2.", "Actions that wait for theirs: 1. The first usually shows by 2026-11-22 09:00 UTC; observe again then."]
    tell_verdicts(judged, set(), [], catalogue(), "zh-Hans")
    assert "再次出现" in capsys.readouterr().out
