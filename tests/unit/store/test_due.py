"""What is due, lane by lane."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.store.conftest import START

from refloat.store import Store


def test_what_is_due_is_read_kind_by_kind(store: Store, account: str) -> None:
    """However many plans wait, they hide no look."""
    store.due.added(account, "", ["act"], START)
    store.due.added(account, "US", ["look"], START + timedelta(minutes=1))
    now = START + timedelta(hours=1)
    assert [row.kind for row in store.due.by(now, 1, ["act"])] == ["act"]
    assert [row.kind for row in store.due.by(now, 1, ["look", "tell"])] == ["look"]
    assert store.due.by(START, 9, ["look"]) == ()
