"""What stands around the line in its tests: a clock that only sleeping moves, a gate that writes down, a scripted Amazon."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from refloat.amazon import AmazonLine, AmazonWriter, Credentials, Endpoints, Secret
from refloat.amazon.calls import Caller
from refloat.amazon.protocol import Answered, Request
from refloat.errors import AmazonError
from refloat.model.ports import Reserved

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
US = "ATVPDKIKX0DER"
CLIENT_SECRET = "amzn1.oa2-cs.v1.made-up-client-secret"
REFRESH_TOKEN = "Atzr|made-up-refresh-token"
ACCESS_TOKEN = "Atza|made-up-access-token"
CREDENTIALS = Credentials("A1MADEUPSELLER", "amzn1.application-oa2-client.made-up", Secret(CLIENT_SECRET), Secret(REFRESH_TOKEN))
ENDPOINTS = Endpoints("https://api.example", "https://lwa.example/auth/o2/token")

Say = Callable[[Request], Answered]


class StillClock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.at = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.slept.append(seconds)
            self.at += timedelta(seconds=seconds)

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        return [nullcontext()] * count


class OpenGate:
    """Lets everybody through after ``waits`` seconds, and writes down what it was told.

    The first ``far`` who ask find no place near, and are to ask again after as many seconds.
    """

    def __init__(self, waits: float = 0.0, far: int = 0) -> None:
        self.waits, self.far = waits, far
        self.reserved: list[tuple[str, str, float, int]] = []
        self.emptied: list[tuple[str, str]] = []
        self.rates: list[tuple[str, str, float]] = []

    def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> Reserved:
        self.reserved.append((account, operation, rate, burst))
        self.far -= 1
        return Reserved(self.far < 0, self.waits)

    def throttled(self, account: str, operation: str, now: datetime) -> None:
        self.emptied.append((account, operation))

    def learned(self, account: str, operation: str, rate: float) -> None:
        self.rates.append((account, operation, rate))


def answer(body: Any, code: int = 200, **headers: str) -> Answered:
    """An answer with a JSON body, and a request id."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answered(code, {"content-type": "application/json", "x-amzn-requestid": "made-up-request", **named}, json.dumps(body).encode())


def refusal(code: int, name: str, message: str, details: str = "") -> Answered:
    """An error in Amazon's own form."""
    return answer({"errors": [{"code": name, "message": message, "details": details}]}, code)


DENIED = refusal(403, "Unauthorized", "Access to requested resource is denied.")
EXPIRED = refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token you provided has expired.")
QUOTA = refusal(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
UNAVAILABLE = Answered(503, {"content-type": "text/html"}, b"<html><head><title>503</title></head><body>Service Unavailable</body></html>")


class Amazon:
    """Answers each operation from its script, the last line for ever; tokens are given by default."""

    def __init__(self, **script: Answered | AmazonError | Say | list[Answered | AmazonError | Say]) -> None:
        self.script = {name: list(lines) if isinstance(lines, list) else [lines] for name, lines in script.items()}
        self.script.setdefault("token", [answer({"access_token": ACCESS_TOKEN, "token_type": "bearer", "expires_in": 3600})])
        self.requests: list[Request] = []
        self.headers: list[Mapping[str, str | Secret]] = []
        self.closed = False
        self._lock = Lock()

    def send(self, request: Request, host: str, headers: Mapping[str, str | Secret]) -> Answered:
        self.requests.append(request)
        self.headers.append(headers)
        return self._next(request)

    def fetch(self, url: Secret, limit: int) -> Answered:
        return self.send(Request("download", "GET", url.revealed()), "", {})

    def put(self, url: Secret, content: bytes, content_type: str) -> Answered:
        return self.send(Request("upload", "PUT", url.revealed(), body={"content": content, "type": content_type}), "", {})

    def close(self) -> None:
        self.closed = True

    def asked(self, operation: str) -> list[Request]:
        """The requests of one operation."""
        return [request for request in self.requests if request.operation == operation]

    def _next(self, request: Request) -> Answered:
        with self._lock:
            lines = self.script[request.operation]
            line = lines.pop(0) if len(lines) > 1 else lines[0]
        if isinstance(line, AmazonError):
            raise line
        return line if isinstance(line, Answered) else line(request)


class World:
    """A line with everything around it."""

    def __init__(self, amazon: Amazon, credentials: Credentials = CREDENTIALS, waits: float = 0.0, far: int = 0) -> None:
        self.amazon, self.clock, self.gate = amazon, StillClock(), OpenGate(waits, far)
        self.line = AmazonLine(credentials, ENDPOINTS, gate=self.gate, clock=self.clock, randomness=random.Random(7), transport=amazon)

    @property
    def writer(self) -> AmazonWriter:
        return self.line.writer()

    @property
    def caller(self) -> Caller:
        return self.line._caller
