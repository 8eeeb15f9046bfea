"""Requests and answers without any I/O: what is asked, how it is written into an address, how an answer is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

from refloat.amazon.secret import Secret
from refloat.knowledge.tables import marketplace_code, marketplaces

Read = TypeVar("Read")
Kind = TypeVar("Kind")

_REQUEST_ID = re.compile(r"[\w-]{1,64}")
#: A marketplace of Amazon's that our table does not know.
_ID = re.compile(r"A[0-9A-Z]{9,20}")


class MisshapenError(ValueError):
    """An answer is not of the documented shape; whoever knows the call makes an ``AnswerNotUnderstood`` of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call, written down before anything is sent.

    ``operation`` is Amazon's own name; ``path`` is quoted already; a value of ``query`` is a text or a list
    that goes comma-joined (``collectionFormat: csv``); ``body`` goes as JSON, or as a form when it is secret.
    ``writes`` says whether it changes anything for the seller: ordering a report does not. ``bucket`` names a
    row of rates that Amazon counts the call in beside that of its operation.
    """

    operation: str
    method: str
    path: str
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    body: Mapping[str, Any] | Secret | None = None
    writes: bool = False
    bucket: str | None = None

    @property
    def target(self) -> str:
        """Path and query as they stand in the address."""
        written = "&".join(f"{_quoted(name)}={_joined(value)}" for name, value in self.query.items())
        return f"{self.path}?{written}" if written else self.path


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: HTTP's code, the headers by lower-case name, the bytes as they came, whether all of them came."""

    code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    whole: bool = True

    @property
    def request_id(self) -> str | None:
        """Amazon's id of the call, by which its support finds it; None where there is none, or one that is no id."""
        given = self.headers.get("x-amzn-requestid") or self.headers.get("x-amz-request-id") or ""
        return given if _REQUEST_ID.fullmatch(given) else None


def _joined(value: str | Sequence[str]) -> str:
    return ",".join(_quoted(part) for part in ([value] if isinstance(value, str) else value))


def _quoted(text: str) -> str:
    # JSON may hold half a character; replacing it would ask for another SKU, so it goes as it is, and Amazon refuses it.
    return quote(text, safe="", errors="surrogatepass")


def segment(text: str) -> str:
    """One part of a path: everything quoted, ``/`` and ``#`` in SKUs too; a part of dots alone would climb up the path.

    >>> segment("A/B #1"), segment("..")
    ('A%2FB%20%231', '%2E%2E')
    """
    quoted = _quoted(text)
    return quoted.replace(".", "%2E") if not quoted.strip(".") else quoted


def marketplace_id(text: str) -> str:
    """Amazon's id for a two-letter code, a site or an id; an id that we do not know stays as it is.

    Raises:
        MisshapenError: it is none of them.
    """
    code = marketplace_code(text)
    if code is not None:
        return marketplaces()[code].id
    if _ID.fullmatch(text):
        return text
    raise MisshapenError(text)


def moment(at: datetime) -> str:
    """A moment as SP-API wants it: ISO 8601, UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def json_of(content: bytes) -> Any:
    """The JSON of a body.

    Raises:
        MisshapenError: it is none; a gateway's HTML page, for example.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        pass
    raise MisshapenError("it is not JSON")


def unwrapped(body: Any) -> Any:
    """What stands under ``payload``, where an API wraps its answer (sellers v1, fbaInventory v1, fbaInbound v1); else the body itself."""
    return body["payload"] if isinstance(body, Mapping) and body.get("payload") is not None else body


def held(body: Any, key: str, kind: type[Kind]) -> Kind:
    """``body[key]``, which the documentation says is there and of that ``kind``.

    Raises:
        MisshapenError: it is not.
    """
    found = held_or_none(body, key, kind)
    if found is None:
        raise MisshapenError(f"“{key}” is missing")
    return found


def held_or_none(body: Any, key: str, kind: type[Kind]) -> Kind | None:
    """``body[key]``, or None where it is missing or null.

    Raises:
        MisshapenError: the body is no object, or the value is of another kind.
    """
    if not isinstance(body, Mapping):
        raise MisshapenError("it is not an object")
    found = body.get(key)
    # True is a number to Python, but not to anybody who reads JSON.
    if found is not None and (not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool)):
        raise MisshapenError(f"“{key}” is not of the expected kind")
    return found


def objects(body: Any, key: str) -> list[Mapping[str, Any]]:
    """The objects of the list ``body[key]``.

    Raises:
        MisshapenError: there is no such list, or it holds something else.
    """
    return only_objects(held(body, key, list))


def only_objects(found: Any) -> list[Mapping[str, Any]]:
    """``found``, if it is a list of objects.

    Raises:
        MisshapenError: it is not.
    """
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise MisshapenError("it is not a list of objects")
    return found


#: Reads the JSON of an answer into something of ours; raises MisshapenError.
Reader = Callable[[Any], Read]
