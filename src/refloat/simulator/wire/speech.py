"""A call and a reply, as the handlers see them; and the routes, which are the table between paths and handlers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

from refloat.simulator.nouns.seller import Seller
from refloat.simulator.world import World


@dataclass
class Call:
    """One request: names of headers in lower case, path parts already unquoted."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    content: bytes
    #: ``http://127.0.0.1:PORT``, for URLs that the reply names.
    base_url: str
    parts: dict[str, str] = field(default_factory=dict)
    seller: Seller | None = None

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """Every value of every parameter; lists written with commas are taken apart."""
        return {name: [piece for value in values for piece in value.split(",")] for name, values in self._values.items()}

    def one(self, name: str) -> str | None:
        """The value of a parameter that is no list: a comma in it is part of it (a SKU may hold one)."""
        return next(iter(self._values.get(name, [])), None)

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        return parse_qs(self.query_string, keep_blank_values=True)

    @cached_property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            Refusal: it is not JSON.
        """
        try:
            return json.loads(self.content or b"null")
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "InvalidInput", "Request body is not valid JSON") from error


@dataclass
class Reply:
    """What goes back. ``body`` is written as JSON unless it is bytes."""

    code: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - it is what Amazon does
    """Amazon says no: HTTP's number, and code and message of the ``errors`` list."""

    def __init__(self, number: int, code: str, message: str, details: str = "", kind: str | None = None) -> None:
        self.number, self.code, self.message, self.details, self.kind = number, code, message, details, kind
        super().__init__(message)

    def reply(self) -> Reply:
        """The refusal in SP-API's own form."""
        headers = {"x-amzn-ErrorType": self.kind} if self.kind else {}
        return Reply(self.number, {"errors": [{"code": self.code, "message": self.message, "details": self.details}]}, headers)


Handler = Callable[[World, Call], Reply]


@dataclass(frozen=True)
class Route:
    """One operation: its path, its role, its rate and burst (per seller), who answers."""

    operation: str
    method: str
    #: ``/listings/2021-08-01/items/{sellerId}/{sku}``
    path: str
    handler: Handler
    rate: float
    burst: int
    role: str | None
    #: Amazon sends x-amzn-RateLimit-Limit with this operation (best effort).
    says_limit: bool = True
    #: The operation's model lists the errors of a refusal without an object around them (switch ``restriction_errors_bare``).
    bare_errors: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path) + "$")

    def parts(self, raw_path: str) -> dict[str, str] | None:
        """The path's parameters, unquoted; None when the path is another one."""
        found = self.pattern.match(raw_path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None
