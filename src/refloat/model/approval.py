"""Whose word counts for which action of a plan: of a person, of two, or of a rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol

from refloat.model.plan import Action
from refloat.model.policy import ConsentRule, name_of, person_of


class Word(Protocol):
    """A consent on record: who gave it, to which fingerprint, and for which actions; None: for all."""

    @property
    def by(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def actions(self) -> tuple[str, ...] | None: ...


def may_approve(rule: ConsentRule, by: str) -> bool:
    """The person is among those whose word counts."""
    return not rule.approvers or person_of(by) in {name_of(name) for name in rule.approvers}


def needing_two(rule: ConsentRule, actions: Iterable[Action], before: Iterable[Action] = ()) -> frozenset[str]:
    """The ids of those of these actions that two people must approve.

    What needs consent is summed by currency; where the sum lies above the limit each of them needs two. ``before``: what one
    person's word in advance has sent in the last day. It counts in the sum, so that one large return is not several small ones. What cannot be
    undone and has no known worth does so wherever there is a limit at all: unknown is never zero.
    """
    if not rule.two_people_above:
        return frozenset()
    own = [action for action in actions if action.safety != "safe"]
    sums: dict[str, Decimal] = {}
    for action in (*own, *(action for action in before if action.safety != "safe")):
        if action.worth is not None and action.worth.currency is not None:
            sums[action.worth.currency] = sums.get(action.worth.currency, Decimal(0)) + action.worth.amount
    over = {currency for currency, total in sums.items() if total > rule.two_people_above.get(currency, total)}
    # An amount without its currency tells no worth.
    return frozenset(action.id for action in own if (action.worth.currency in over if action.worth is not None and action.worth.currency is not None else action.irreversible))


def approved(words: Iterable[Word], fingerprint: str, actions: Sequence[Action], rule: ConsentRule, before: Iterable[Action] = ()) -> frozenset[str]:
    """The ids of the actions that may be carried out: approved by enough people whose word counts, of the plan exactly as it stands.

    A rule's word counts for what can be undone; for what cannot, a person's alone. ``before``: as for ``needing_two``.
    """
    spoken: dict[str, set[str | None]] = {action.id: set() for action in actions}
    for word in words:
        person = person_of(word.by)
        if word.fingerprint != fingerprint or (person is not None and not may_approve(rule, word.by)):
            continue
        for name in spoken if word.actions is None else spoken.keys() & set(word.actions):
            spoken[name].add(person)
    two = needing_two(rule, actions, before)
    return frozenset(action.id for action in actions if _enough(action, spoken[action.id], two=action.id in two))


def _enough(action: Action, people: set[str | None], *, two: bool) -> bool:
    named = people - {None}
    if two:
        return len(named) > 1
    return bool(named) or (None in people and not action.irreversible)
