"""The API as programs use it: a served console, people with roles, a token of each."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from tests.console_desk import ACCOUNT, Desk

SCOPES = ("read", "plan", "approve", "admin")


@dataclass
class Program:
    """A program that calls the API with a person's token."""

    base: str
    token: str
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=f"{self.base}/api/v1", headers={"Authorization": f"Bearer {self.token}"}, timeout=120)

    def get(self, path: str, **parameters: Any) -> httpx2.Response:
        return self.client.get(path, params=parameters)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx2.Response:
        return self.client.post(path, json=body, headers={"Idempotency-Key": key or str(uuid.uuid4())})


def person(name: str, role: str | None, account: str | None = None) -> int:
    """Somebody with that role; for all accounts where none is named."""
    from refloat.store.models import Account, Person, Role

    made = Person.objects.create(email=f"{name}@refloat.example", name=name, added_at=datetime.now(UTC))
    if role is not None:
        Role.objects.create(person=made, account=None if account is None else Account.objects.get(name=account), role=role)
    return made.pk


def program(desk: Desk, person_id: int, scopes: Collection[str] = SCOPES, *, hours: float = 24) -> Program:
    """A program with a token of that person's."""
    now = datetime.now(UTC)
    made = Program(desk.base, desk.store.tokens.make(person_id, "a program", scopes, now, expires_at=now + timedelta(hours=hours))[1])
    desk.others.append(made)
    return made


__all__ = ["ACCOUNT", "Program", "person", "program"]
