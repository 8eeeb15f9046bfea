"""Where a page of a list begins, as an opaque text."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from refloat.api.problems import Problem


def packed(values: Sequence[Any] | None) -> str | None:
    """The text; None where there is no such page."""
    if values is None:
        return None
    said = [one.isoformat() if isinstance(one, date | datetime) else one for one in values]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def unpacked(text: str | None, *kinds: Callable[[Any], Any]) -> list[Any] | None:
    """The values, each made by its kind; None where no page is named.

    Raises:
        Problem: it is no text of ours.
    """
    if text is None:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [kind(one) for kind, one in zip(kinds, said, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError, AttributeError) as error:
        raise Problem("no-such-page") from error


def sliced(items: Sequence[Any], at: str | None, size: int) -> dict[str, Any]:
    """A page of a list that is short enough to be made whole: “items”, “next” and “count”."""
    (begins,) = unpacked(at, whole) or [0]
    if begins < 0:
        raise Problem("no-such-page")
    ends = begins + size
    return {"items": list(items[begins:ends]), "next": packed([ends]) if ends < len(items) else None, "count": len(items)}


def whole(value: Any) -> int:
    """A number that a database takes."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError(value)
    return value


def moment(value: Any) -> datetime:
    """A moment of ours."""
    made = datetime.fromisoformat(value)
    if made.tzinfo is None:
        raise ValueError(value)
    return made


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(value)
    return value
