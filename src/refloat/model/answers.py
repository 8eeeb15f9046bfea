"""Amazon's answers to single questions, kept as one document: a line that says what it is, then a line an answer.

Lines of JSON, so that a snapshot of a thousand answers can be read without any of our code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from refloat.model.ports import Answer

#: What is asked for one SKU or ASIN at a time, and the key of its answers; restrictions name the condition after the ASIN.
KINDS = {"listing-answers": "sku", "inventory-answers": "sku", "restriction-answers": "asin", "eligibility-answers": "asin"}
_MARK = "refloat-answers"


def of_condition(asin: str, condition: str | None) -> str:
    """The key of an answer about an ASIN in one condition, as the reports write it: ``B0TEST0001 New``."""
    return f"{asin} {condition or ''}".strip()


def written(kind: str, answers: Iterable[Answer]) -> bytes:
    """The document, in UTF-8; answers in the order of their keys, so that equal answers are equal bytes."""
    rows = sorted(answers, key=lambda answer: answer.key)
    lines = [json.dumps({_MARK: kind, "count": len(rows)}), *(json.dumps(_row(answer), sort_keys=True) for answer in rows)]
    return ("\n".join(lines) + "\n").encode()


def _row(answer: Answer) -> dict[str, Any]:
    return {"key": answer.key, "at": answer.at.isoformat(), "request_id": answer.request_id, "body": answer.body}


def kind_of(start: bytes) -> str | None:
    """What a document is, by its first line; None when it holds no answers."""
    if not start.startswith(b'{"' + _MARK.encode()):
        return None
    try:
        kind = json.loads(start.partition(b"\n")[0]).get(_MARK)
    except ValueError:
        return None
    return kind if kind in KINDS else None


def read(content: bytes) -> Iterator[Answer]:
    """The answers of a document.

    Raises:
        ValueError: a line is not one that ``written`` wrote.
    """
    # Not splitlines: a SKU may hold one of the exotic line ends that it knows.
    for line in content.decode().split("\n")[1:-1]:
        row = json.loads(line)
        yield Answer(row["key"], row["body"], datetime.fromisoformat(row["at"]), row["request_id"])


def merged(older: Iterable[Answer], newer: Iterable[Answer]) -> list[Answer]:
    """The newest answer of each key; all of them, where Amazon gave several at that moment (one FNSKU each)."""
    latest: dict[str, list[Answer]] = {}
    for answer in (*older, *newer):
        known = latest.get(answer.key)
        if known is None or answer.at > known[0].at:
            latest[answer.key] = [answer]
        elif answer.at == known[0].at and answer not in known:
            known.append(answer)
    return [answer for known in latest.values() for answer in known]
