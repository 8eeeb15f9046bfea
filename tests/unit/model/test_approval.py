"""Whose word counts: a person's, two people's, a rule's for what can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from tests.policies import closed, leaving

from refloat.model.approval import approved, may_approve, needing_two
from refloat.model.money import Money
from refloat.model.policy import ConsentRule

ACTIONS = (closed("CUP", 1), leaving("POT", 2))
BOTH = frozenset({"US-0001", "US-0002"})


@dataclass(frozen=True)
class Said:
    by: str
    fingerprint: str = "f"
    actions: tuple[str, ...] | None = None


def test_a_person_s_word_is_for_exactly_that_plan_and_those_actions() -> None:
    """Another fingerprint is another plan; what is not in the plan is nothing."""
    assert approved([Said("A. Sample")], "f", ACTIONS, ConsentRule()) == BOTH
    assert approved([Said("A. Sample", "g")], "f", ACTIONS, ConsentRule()) == frozenset()
    assert approved([Said("A. Sample", actions=("US-0002", "US-0009"))], "f", ACTIONS, ConsentRule()) == {"US-0002"}


def test_a_rule_never_speaks_for_what_cannot_be_undone() -> None:
    """Whatever consent is on record in its name; a standing consent is a person's."""
    assert approved([Said("policy 3 abc")], "f", ACTIONS, ConsentRule()) == {"US-0001"}
    assert approved([Said("A. Sample · standing consent 1 abc")], "f", ACTIONS, ConsentRule(approvers=("A. Sample",))) == BOTH


def test_only_those_whom_the_policy_names() -> None:
    """By name, however it is capitalised; a rule is no person and needs no name."""
    rule = ConsentRule(approvers=("A. Sample",))
    assert may_approve(rule, " a. sample ") and not may_approve(rule, "B. Sample")
    assert approved([Said("B. Sample"), Said("policy 3 abc")], "f", ACTIONS, rule) == {"US-0001"}


def test_two_different_people_above_the_sum() -> None:
    """The same one twice is one; a rule is none of the two; below the sum one is enough."""
    rule = ConsentRule(two_people_above={"USD": Decimal(60)})
    assert approved([Said("A. Sample"), Said("a. sample"), Said("policy 3 abc")], "f", ACTIONS, rule) == {"US-0001"}
    assert approved([Said("A. Sample"), Said("B. Sample")], "f", ACTIONS, rule) == BOTH
    assert approved([Said("A. Sample")], "f", ACTIONS, ConsentRule(two_people_above={"USD": Decimal(61)})) == BOTH


def test_what_left_in_advance_counts_in_the_sum() -> None:
    """And needs nobody's word any more itself."""
    rule, word = ConsentRule(two_people_above={"USD": Decimal(100)}), [Said("A. Sample")]
    assert approved(word, "f", ACTIONS, rule) == BOTH
    assert approved(word, "f", ACTIONS, rule, [leaving("PAN", 3)]) == {"US-0001"}


def test_unknown_worth_is_never_little() -> None:
    """Where there is a limit at all, what is final and of unknown worth needs two; what can be undone does not."""
    rule = ConsentRule(two_people_above={"EUR": Decimal(1)})
    unknown = [replace(leaving("POT", 1), worth=None), closed("CUP", 2, safety="consent", worth=None), leaving("PAN", 3, worth=Money(Decimal(9), "USD"))]
    assert needing_two(rule, unknown) == {"US-0001"}
    assert needing_two(ConsentRule(), unknown) == frozenset()


def test_one_person_under_two_spellings_is_one() -> None:
    """A blank more, letters that are composed or not, a sign that nobody sees: the same person, for two people and for who may."""
    rule = ConsentRule(approvers=("José Sample", "B. Sample"), two_people_above={"USD": Decimal(60)})
    for other in ("Jose\u0301 Sample", "José  Sample", "José\u00a0Sample", "JOSÉ SAMPLE", "José\u200b Sample"):
        assert may_approve(rule, other)
        assert approved([Said("José Sample"), Said(other)], "f", ACTIONS, rule) == {"US-0001"}
    assert approved([Said("José Sample"), Said("B. Sample")], "f", ACTIONS, rule) == BOTH


def test_an_amount_without_a_currency_is_no_known_worth() -> None:
    """It cannot be held against any limit, so what is final needs two."""
    rule = ConsentRule(two_people_above={"USD": Decimal(100)})
    assert needing_two(rule, [leaving("POT", 1, worth=Money(Decimal(9000), None)), closed("CUP", 2, safety="consent", worth=Money(Decimal(9000), None))]) == {"US-0001"}
