"""What a question about the open findings is made of in an address, and where a page of it begins: the same at every door."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from contextlib import suppress

from refloat.store.finding_rows import Cursor

#: Parameter of an address → field of the question.
MANY = {"marketplace": "marketplaces", "cause": "causes", "recommended": "recommended", "remedy": "remedies", "standing": "standings", "safety": "safeties"}
TEXT_MOST = 200
#: Of these a value may be unknown, and is asked for by that word.
_MAY_BE_UNKNOWN, UNKNOWN = {"cause", "recommended", "remedy", "safety"}, "unknown"


def values_of(name: str, texts: Iterable[str]) -> tuple[str | None, ...]:
    """The values of a filter, each once, as its parameter gives them."""
    return tuple(None if one == UNKNOWN and name in _MAY_BE_UNKNOWN else one for one in dict.fromkeys(texts))


def cursor_text(cursor: Cursor | None) -> str | None:
    """The cursor as an address has it."""
    return None if cursor is None else base64.urlsafe_b64encode(json.dumps([*cursor]).encode()).decode().rstrip("=")


def cursor_of(text: str | None, sort: str) -> Cursor | None:
    """The cursor that the text is, in that order; None where it is none."""
    if not text:
        return None
    with suppress(ValueError, TypeError, binascii.Error, RecursionError):
        value, number, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        wanted = str if sort in {"urgency", "sku"} else int
        if isinstance(value, wanted) and isinstance(number, int) and isinstance(back, bool) and abs(number) < 2**63 and not (isinstance(value, int) and abs(value) >= 2**63):
            return Cursor(value, number, back)
    return None
