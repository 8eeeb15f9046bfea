"""Texts as both databases take them: PostgreSQL knows no NUL in a text, and neither knows half a surrogate pair."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
_UNKNOWN = "\ufffd"


def storable(text: str) -> str:
    """The text with what no database takes replaced by U+FFFD, on SQLite as well: the same goods read the same on both."""
    if "\0" in text:
        text = text.replace("\0", _UNKNOWN)
    return text if text.isascii() else _HALF.sub(_UNKNOWN, text)


def json_text(value: object, **more: Any) -> str:
    """JSON as text, without loss: what a database would not take stands escaped in it."""
    said = json.dumps(value, ensure_ascii=False, **more)
    return said if said.isascii() else _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", said)


def written_storable(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Django calls this around every statement; many rows at once come from ``bulk``, which has seen to it."""
    if not many and isinstance(params, list | tuple) and any(isinstance(one, str) for one in params):
        params = [storable(one) if isinstance(one, str) else one for one in params]
    return execute(sql, params, many, context)
