"""What a run writes down, and hands out, of why it did something: an English text for the record, and the remark behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from refloat.errors import RefloatError
from refloat.knowledge.messages import remark_text
from refloat.model.ports import Deed
from refloat.model.remark import BECAUSE, Remark, remark_on


def told(name: str, remark: Remark, **more: object) -> dict[str, Any]:
    """The remark under ``name`` in English, and as code and facts for whoever reads another language."""
    return {**more, name: remark_text(remark), BECAUSE: remark.as_json()}


def of_error(error: RefloatError) -> Remark:
    """What an error says, so that a door can translate it."""
    parts = [part for part in (error.what, error.why, error.todo) if part]
    return Remark("error", {"parts": parts, "values": {name: str(value) for name, value in error.values.items()}})


def of_deed(deed: Deed) -> Remark:
    """Why an action surprised us: it was refused, or what became of it is not certain."""
    why = remark_on(deed.told) or Remark("amazon-says", {"stage": deed.stage})
    return Remark("of-sku", {"sku": deed.sku, "why": why.as_json()})


def once(tell: Callable[[Remark], None]) -> Callable[[Remark], None]:
    """Says the first remark, and no other: a wait is told of when it begins."""
    said: list[Remark] = []

    def speak(remark: Remark) -> None:
        if not said:
            said.append(remark)
            tell(remark)

    return speak


def until(since: datetime, patience: timedelta) -> str:
    """The moment until which something is waited for, as a fact."""
    return f"{since + patience:%H:%M} UTC"
