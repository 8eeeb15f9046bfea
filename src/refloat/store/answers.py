"""Answers by key: a program that did not hear the answer asks again with the same key, and nothing is done twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from refloat.store.models import KeptAnswer
from refloat.store.turns import reading, writing

#: So long an answer is kept, and a request without an answer counts as under way.
KEPT, UNDER_WAY = timedelta(hours=24), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """``request``: a hash of what was asked; ``code`` None: it is being answered."""

    request: str
    code: int | None
    location: str
    body: str


class Answers:
    """Keys belong to a person; times are UTC."""

    def begin(self, person_id: int, key: str, request: str, at: datetime) -> AnswerRow | None:
        """None: the key is new, and is the caller's from now on; else what is kept of it.

        A request that is under way for longer than any takes died with its process; what it did is on record, and it is begun anew.
        """
        with writing():
            KeptAnswer.objects.filter(at__lt=at - KEPT).delete()
            KeptAnswer.objects.filter(person_id=person_id, key=key, code=None, at__lt=at - UNDER_WAY).delete()
            row, new = KeptAnswer.objects.get_or_create(person_id=person_id, key=key, defaults={"request": request, "at": at})
            return None if new else AnswerRow(row.request, row.code, row.location, row.body)

    def keep(self, person_id: int, key: str, code: int, location: str, body: str) -> None:
        """What was answered."""
        with writing():
            KeptAnswer.objects.filter(person_id=person_id, key=key).update(code=code, location=location, body=body)

    def release(self, person_id: int, key: str) -> None:
        """Nothing was done: the key is free again."""
        with writing():
            KeptAnswer.objects.filter(person_id=person_id, key=key, code=None).delete()

    def kept(self, person_id: int) -> int:
        """How many keys of the person are known."""
        with reading():
            return KeptAnswer.objects.filter(person_id=person_id).count()
