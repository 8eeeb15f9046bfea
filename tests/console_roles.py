"""People with one role each, for tests of who may do what at the console."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.console_desk import Desk, Visitor


def person(desk: Desk, role: str, account: str | None = None, name: str = "") -> Visitor:
    """A browser of somebody with this role, for one account or for all."""
    from refloat.store.models import Account, Person, Role

    email = f"{role}-{account or 'all'}@example.com"
    made, new = Person.objects.get_or_create(email=email, defaults={"name": name or f"The {role}", "added_at": datetime.now(UTC)})
    if new:
        Role.objects.create(person=made, account=None if account is None else Account.objects.get(name=account, removed_at=None), role=role)
    return desk.newcomer(desk.link(email))
