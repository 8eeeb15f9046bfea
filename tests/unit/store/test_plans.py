"""The ledger of plans: what is counted, and what a later look may still change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.plans import MADE_AT, plan, relist, removal

from refloat.config import Config
from refloat.model.plan import Plan
from refloat.model.ports import Note
from refloat.store import Conclusion, Store, opened

HOUR = timedelta(hours=1)


def _kept(store: Store, account: str, *actions: Any, number: int = 1) -> Plan:
    made = plan(*actions, account=account, id=f"20261122-0900-sample-{number}")
    store.plans.keep(made)
    return made


def test_intents_of_an_hour_are_counted_across_plans_and_restarts(store: Store, config: Config, account: str) -> None:
    """Removals and changes apart; what was intended earlier, or by a clock that ran ahead, does not count."""
    first, second = _kept(store, account, relist("A"), relist("B", 2), removal("C", 3)), _kept(store, account, relist("D"), relist("E", 2), number=2)
    ledger = store.ledger(account)
    for at, made, name in ((-2 * HOUR, first, "US-0001"), (-HOUR / 2, first, "US-0002"), (-HOUR / 3, first, "US-0003"), (-HOUR / 4, second, "US-0001"), (HOUR, second, "US-0002")):
        ledger.note(made.id, [Note(name, "intent", "intended", 0)], MADE_AT + at)
    assert ledger.intended(MADE_AT - HOUR, MADE_AT, removals=False) == (2, MADE_AT - HOUR / 2)
    store.close()
    with opened(config) as again:
        assert again.ledger(account).intended(MADE_AT - HOUR, MADE_AT, removals=True) == (1, MADE_AT - HOUR / 3)
        assert again.ledger(account).intended(MADE_AT + 2 * HOUR, MADE_AT + 3 * HOUR, removals=False) == (0, None)


def test_worse_is_looked_at_again_once_its_stranding_is_over_and_nothing_else_was_sent(store: Store, account: str) -> None:
    """What came later may have been late, or a second change: only the first of the two is ours to claim."""
    rows = [{"sku": sku, "standing": "confirmed"} for sku in ("A", "B", "C")]
    store.strandings.record(account, "US", rows, MADE_AT - HOUR, unknown=False)
    first = _kept(store, account, relist("A"), relist("B", 2), relist("C", 3))
    ledger = store.ledger(account)
    for name in ("US-0001", "US-0002", "US-0003"):
        ledger.note(first.id, [Note(name, "receipt", "answered"), Note(name, "verdict", verdict="worse")], MADE_AT)
    assert store.plans.worse(account) == ()
    second = _kept(store, account, relist("B"), number=2)
    ledger.note(second.id, [Note("US-0001", "receipt", "answered")], MADE_AT + HOUR)
    over = {"A": Conclusion("cleared", outcome="cleared"), "B": Conclusion("cleared", outcome="cleared")}
    store.strandings.record(account, "US", rows[2:], MADE_AT + 2 * HOUR, unknown=False, concluded=over)
    assert [(deed.sku, deed.plan_id) for deed in store.plans.worse(account)] == [("A", first.id)]
