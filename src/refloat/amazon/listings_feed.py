"""What a JSON_LISTINGS_FEED holds, and what Amazon reports of it.

Amazon's schemas: github.com/amzn/selling-partner-api-models, schemas/feeds, listings-feed-schema-v2.json and
listings-feed-processing-report-schema-v2.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from refloat.amazon.protocol import MisshapenError, held, held_or_none, json_of, objects
from refloat.amazon.writing import content
from refloat.errors import TooLarge, WrongUse
from refloat.knowledge.tables import table
from refloat.model.cure import Change
from refloat.model.ports import Submission

CONTENT_TYPE = "application/json; charset=UTF-8"
_OPERATIONS = {"patch": "PATCH", "put": "UPDATE"}
_END = b"]}"
#: Many changes, each with its SKU.
Changes = Sequence[tuple[str, Change]]


class FeedRefusedError(MisshapenError):
    """The report is about the whole feed, in Amazon's words: it could not be read, so no message of it was."""


def written(seller_id: str, changes: Changes) -> bytes:
    """The feed: one message for each change, numbered from 1 in their order.

    Raises:
        TooLarge: more messages or bytes than Amazon takes; ``fitting`` cuts them.
        WrongUse: there is no change, or one that is none of a listing.
    """
    if not changes:
        raise WrongUse("A feed needs at least one change.", why="Amazon ends an empty one as FATAL.", todo="This is a mistake of ours: report it to us.")
    if len(changes) > _most("messages"):
        raise _too_many(len(changes))
    feed = _beginning(seller_id) + b",".join(_message(number, sku, change) for number, (sku, change) in enumerate(changes, 1)) + _END
    if len(feed) >= _most("bytes"):
        raise _too_long(len(feed), changes[0][0])
    return feed


def fitting(seller_id: str, changes: Changes) -> list[range]:
    """The changes in their order, cut so that each part is a feed that Amazon takes: the positions of each. All are measured before the first is sent.

    Raises:
        TooLarge: one change alone is larger than a feed may be.
        WrongUse: one of them is none of a listing.
    """
    frame, most, start = len(_beginning(seller_id)) + len(_END), _most("messages"), 0
    size, found = frame, list[range]()
    for place, (sku, change) in enumerate(changes):
        # Measured once, with the widest number and a comma: what is cut may be a little smaller than it could be.
        wide = len(_message(most, sku, change)) + 1
        if frame + wide >= _most("bytes"):
            raise _too_long(frame + wide, sku)
        if place - start == most or size + wide >= _most("bytes"):
            found.append(range(start, place))
            start, size = place, frame
        size += wide
    return [*found, range(start, len(changes))] if len(changes) > start else found


def results(report: bytes) -> dict[int, Submission]:
    """Message number → its issues, and whether it was refused. What the report does not name was accepted.

    Raises:
        FeedRefusedError: the whole feed was refused.
        MisshapenError: it is no such report, or it counts more refused messages than it names.
    """
    body = json_of(report.removeprefix(b"\xef\xbb\xbf"))
    issues: dict[int, list[Mapping[str, Any]]] = {}
    for issue in objects(body, "issues"):
        number = held_or_none(issue, "messageId", int)
        if number is not None:
            issues.setdefault(number, []).append(dict(issue))
        elif _refuses(issue):
            raise FeedRefusedError(f"{issue.get('code', '')}: {issue.get('message', '')}".strip(": "))
    found = {number: Submission("INVALID" if any(map(_refuses, rows)) else "ACCEPTED", tuple(rows)) for number, rows in issues.items()}
    counted, refused = held(held(body, "summary", dict), "messagesInvalid", int), sum(not one.accepted for one in found.values())
    if counted > refused:
        raise MisshapenError(f"it counts {counted} refused messages and names {refused}")
    return found


def _refuses(issue: Mapping[str, Any]) -> bool:
    """Whether the message was refused for it; a severity that we do not know is taken for the worst."""
    return issue.get("severity") not in {"WARNING", "INFO"}


def _beginning(seller_id: str) -> bytes:
    header = {"sellerId": seller_id, "version": "2.0", "issueLocale": "en_US"}
    return b'{"header":' + _bytes(header) + b',"messages":['


def _message(number: int, sku: str, change: Change) -> bytes:
    marks = {"messageId": number, "sku": sku}
    if change.kind == "delete":
        return _bytes({**marks, "operationType": "DELETE"})
    said = content(change)
    return _bytes({**marks, "operationType": _OPERATIONS[change.kind], **said})


def _bytes(value: Any) -> bytes:
    # In ASCII: half a character in one SKU would make the whole feed unreadable.
    return json.dumps(value, separators=(",", ":")).encode()


def _most(name: str) -> int:
    most: int = table("limits")["feed"][name]
    return most


def _too_many(count: int) -> TooLarge:
    return TooLarge("The feed has {count} messages.", why="Amazon takes at most {most} in one.", todo="Send them in several feeds.", count=count, most=_most("messages"))


def _too_long(size: int, sku: str) -> TooLarge:
    return TooLarge(
        "The feed that begins with SKU {sku} has {size} bytes.",
        why="Amazon takes fewer than {most} in one.",
        todo="Send it in several feeds; if it is one change alone, shorten it.",
        size=size,
        sku=sku,
        most=_most("bytes"),
    )
