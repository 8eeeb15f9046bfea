"""The first days of the demo that nobody watches: the policy does what it names, a person the rest, and nothing leaves unasked."""

from __future__ import annotations

from collections import Counter

from refloat.app.working import overview
from refloat.cli.demo_unattended import ended, unwatched
from refloat.model.policy import BY_POLICY

#: Kinds that no rule may ever speak for.
_IRREVERSIBLE = {"create-removal", "delete-listing"}


def test_the_policy_does_what_it_names_and_a_person_the_rest() -> None:
    with unwatched() as seen:
        seen.begin()
        days = list(seen.lived(12))
        store, account = seen.days.store, seen.days.account
        ends = Counter(one.how for one in ended(seen.days))
        deeds = [deed for own in store.plans.of_strandings(account).values() for deed in own if deed.stage in {"answered", "shown"}]
        by_rule = {deed.plan_id for deed in deeds if any(one.by.startswith(BY_POLICY) for one in store.plans.consents(deed.plan_id))}
        assert sum(day.by_rule for day in days) > 5 and sum(day.approved for day in days) > 10
        assert ends["cured"] > 25 and not ends["open"]
        assert not [deed for deed in deeds if deed.plan_id in by_rule and deed.remedy in _IRREVERSIBLE and not _has_a_persons_word(store.plans.consents(deed.plan_id))]
        assert not overview(store, account, seen.days.clock.now()).failed
        assert not [chain for chain in store.journal.checked(account) if chain.broken is not None]


def _has_a_persons_word(consents: object) -> bool:
    return any(not one.by.startswith(BY_POLICY) for one in consents)  # type: ignore[attr-defined]
