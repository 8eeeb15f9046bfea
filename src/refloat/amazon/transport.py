"""The only place that touches the network: a request goes out, an answer or a typed error comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

import httpx2

from refloat import __version__
from refloat.amazon import refusals
from refloat.amazon.limits import setting
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.secret import Secret

#: The library writes whole addresses, signature included, at INFO, and headers at DEBUG; a log must never hold them.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

#: What fails before anything has left this machine.
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol, httpx2.InvalidURL, ValueError, OverflowError)
#: ValueError and OverflowError: an address that cannot even be written, as an answer may hold one.
_FAILURES = (httpx2.HTTPError, httpx2.InvalidURL, ValueError, OverflowError)
_AGENT = f"refloat/{__version__} (Language=Python)"


class Transport(Protocol):
    """Carries a request to Amazon."""

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        """The answer, whatever its code; raises AmazonDown when there is none, AnswerTooLarge when it never ends."""
        ...

    def fetch(self, url: Secret, limit: int) -> Answered:
        """What lies at a presigned address: without our token, as it came, cut off or not."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


class HttpTransport:
    """The transport over HTTP, for any number of threads. ``inner`` stands in for the network in tests."""

    def __init__(self, inner: httpx2.BaseTransport | None = None) -> None:
        timeout = httpx2.Timeout(setting("read_seconds"), connect=setting("connect_seconds"))
        # As it came: we check and unpack ourselves, so that a half answer is seen as one.
        self._client = httpx2.Client(transport=inner, timeout=timeout, headers={"user-agent": _AGENT, "accept-encoding": "identity"}, follow_redirects=False)

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        return self._received(request.operation, setting("answer_bytes"), lambda: self._opened(request, host, headers))

    def fetch(self, url: Secret, limit: int) -> Answered:
        return self._received("download", limit, lambda: self._client.stream("GET", url.revealed()))

    def close(self) -> None:
        self._client.close()

    def _opened(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> AbstractContextManager[httpx2.Response]:
        # A function of its own: what is secret lives in its frame only, and no traceback of ours passes through it.
        sent = {name: value.revealed() if isinstance(value, Secret) else value for name, value in headers.items()}
        content, kind = _body(request)
        return self._client.stream(request.method, host.rstrip("/") + request.target, headers={"accept": "application/json", **kind, **sent}, content=content)

    @staticmethod
    def _received(operation: str, limit: int, ask: Callable[[], AbstractContextManager[httpx2.Response]]) -> Answered:
        try:
            with ask() as response:
                content, whole = _content(operation, response, limit)
                return Answered(response.status_code, {name.lower(): value for name, value in response.headers.items()}, content, whole)
        except _FAILURES as failure:
            kind, sent = type(failure).__name__, not isinstance(failure, _NOT_SENT)
        # Raised out here, so that the library's own error, which holds the request, is not chained to ours.
        raise refusals.lost(operation, kind, sent=sent)


def _body(request: Request) -> tuple[bytes | None, dict[str, str]]:
    """The body as bytes, and the header that says what it is."""
    if request.body is None:
        return None, {}
    if isinstance(request.body, Secret):
        return request.body.revealed().encode(), {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
    return json.dumps(request.body).encode(), {"content-type": "application/json"}


def _content(operation: str, response: httpx2.Response, limit: int) -> tuple[bytes, bool]:
    """The bytes as they came, and whether all of them did."""
    came = bytearray()
    try:
        for part in response.iter_raw():
            came += part
            if len(came) > limit:
                raise refusals.too_large(operation, limit)
    except httpx2.TransportError:
        return bytes(came), False
    announced = response.headers.get("content-length", "")
    return bytes(came), not announced.isdecimal() or len(came) >= int(announced)
