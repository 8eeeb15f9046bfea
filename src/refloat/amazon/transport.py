"""The only place that touches the network: a request goes out, an answer or a typed error comes back."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
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
_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError, httpx2.UnsupportedProtocol)
#: An address that cannot even be written, as an answer may hold one; but an odd answer raises them too, and then the request has left.
_ODD = (httpx2.InvalidURL, ValueError, OverflowError)
_FAILURES = (httpx2.HTTPError, *_ODD)
#: The network's word for the moment at which a request begins to leave.
_LEAVING = "send_request_headers.started"
#: What the library calls at each step of a call.
_Watched = dict[str, Callable[[str, object], None]]
_AGENT = f"refloat/{__version__} (Language=Python)"


class Transport(Protocol):
    """Carries a request to Amazon."""

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        """The answer, whatever its code; raises AmazonDown when there is none, AnswerTooLarge when it never ends."""
        ...

    def fetch(self, url: Secret, limit: int) -> Answered:
        """What lies at a presigned address: without our token, as it came, cut off or not."""
        ...

    def put(self, url: Secret, content: bytes, content_type: str) -> Answered:
        """Put the content to a presigned address, without our token; the type is part of the address's signature."""
        ...

    def close(self) -> None:
        """Let go of the connections."""
        ...


@cache
def _trusted() -> ssl.SSLContext:
    """Whom we trust, read once a process: it takes a tenth of a second, and a line is opened for every turn."""
    return httpx2.create_ssl_context()


class HttpTransport:
    """The transport over HTTP, for any number of threads. ``inner`` stands in for the network in tests."""

    def __init__(self, inner: httpx2.BaseTransport | None = None) -> None:
        timeout = httpx2.Timeout(setting("read_seconds"), connect=setting("connect_seconds"))
        # As it came: we check and unpack ourselves, so that a half answer is seen as one.
        self._client = httpx2.Client(transport=inner, verify=_trusted(), timeout=timeout, headers={"user-agent": _AGENT, "accept-encoding": "identity"}, follow_redirects=False)

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        return self._received(request.operation, setting("answer_bytes"), lambda watched: self._opened(request, host, headers, watched))

    def fetch(self, url: Secret, limit: int) -> Answered:
        return self._received("download", limit, lambda watched: self._client.stream("GET", url.revealed(), extensions=watched))

    def put(self, url: Secret, content: bytes, content_type: str) -> Answered:
        named = {"content-type": content_type}
        return self._received("upload", setting("answer_bytes"), lambda watched: self._client.stream("PUT", url.revealed(), content=content, headers=named, extensions=watched))

    def close(self) -> None:
        self._client.close()

    def _opened(self, request: Request, host: str, headers: Mapping[str, str | Secret], watched: _Watched) -> AbstractContextManager[httpx2.Response]:
        # A function of its own: what is secret lives in its frame only, and no traceback of ours passes through it.
        sent = {name: value.revealed() if isinstance(value, Secret) else value for name, value in headers.items()}
        content, kind = _body(request)
        return self._client.stream(request.method, host.rstrip("/") + request.target, headers={"accept": "application/json", **kind, **sent}, content=content, extensions=watched)

    @staticmethod
    def _received(operation: str, limit: int, ask: Callable[[_Watched], AbstractContextManager[httpx2.Response]]) -> Answered:
        steps: list[str] = []
        try:
            # Only the names of the steps are kept: what comes with them holds the request.
            with ask({"trace": lambda step, _: steps.append(step)}) as response:
                content, whole = _content(operation, response, limit)
                return Answered(response.status_code, {name.lower(): value for name, value in response.headers.items()}, content, whole)
        except _FAILURES as failure:
            left = any(step.endswith(_LEAVING) for step in steps) or not isinstance(failure, _ODD)
            kind, sent = type(failure).__name__, left and not isinstance(failure, _NOT_SENT)
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
