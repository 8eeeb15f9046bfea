"""One call from beginning to end: wait for a place, take a token, send, read; and for reads, try again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from threading import Lock

from refloat.amazon import refusals
from refloat.amazon.breaker import Breaker
from refloat.amazon.complaints import token_is_stale
from refloat.amazon.endpoints import Credentials, Endpoints
from refloat.amazon.limits import Pacer, setting
from refloat.amazon.protocol import Answered, MisshapenError, Read, Reader, Request, json_of
from refloat.amazon.secret import Secret, redacted
from refloat.amazon.token import Tokens
from refloat.amazon.transport import Transport
from refloat.errors import AmazonError
from refloat.model.ports import Clock, Gate


class Caller:
    """Makes calls for one account; any number of threads may share it.

    ``calls`` and ``throttled`` count what was sent, and what Amazon answered with 429, by operation, or by the bucket of its own.
    """

    def __init__(self, credentials: Credentials, endpoints: Endpoints, *, gate: Gate, clock: Clock, randomness: random.Random, transport: Transport) -> None:
        self._endpoints, self._clock, self._randomness, self._transport = endpoints, clock, randomness, transport
        self._pacer = Pacer(gate, account_key(credentials), clock)
        self._tokens = Tokens(credentials, endpoints.token, transport, clock, self._called)
        self._breaker = Breaker(clock)
        self._lock = Lock()
        self.calls: Counter[str] = Counter()
        self.throttled: Counter[str] = Counter()
        self._ahead: timedelta | None = None

    @property
    def clock_ahead(self) -> timedelta | None:
        """By how much this machine's clock was ahead of Amazon's at the newest answer; None before one told."""
        return self._ahead

    def read(self, request: Request, reader: Reader[Read]) -> tuple[Read, Answered]:
        """What ``reader`` makes of the answer, and the answer.

        Raises:
            AmazonError: there is no answer, it is a refusal, or it is not of the documented shape.
        """
        answered = self.answered(request)
        made = _made(answered, reader)
        if isinstance(made, _ComplainsError):
            raise refusals.refusal(request, replace(answered, code=400), self.hide)
        if isinstance(made, MisshapenError):
            raise refusals.not_understood(request, answered, str(made), self.hide)
        return made, answered

    def answered(self, request: Request) -> Answered:
        """The successful answer; a read is tried again while the trouble may pass, a write never is.

        Raises:
            AmazonError: the last refusal; or the operation has failed so often that it is left alone for a while.
        """
        with self._breaker.watching(request.operation):
            return self._tried(request)

    def fetch(self, url: Secret, limit: int) -> Answered:
        """What lies at a presigned address, tried again while the trouble may pass; a refusal of the store comes back as it is."""
        return self._stored("download", lambda: self._transport.fetch(url, limit))

    def upload(self, url: Secret, content: bytes, content_type: str) -> Answered:
        """Put the content to a presigned address, in the same way: what lies there does nothing by itself, so it may be put again."""
        return self._stored("upload", lambda: self._transport.put(url, content, content_type))

    def _stored(self, name: str, ask: Callable[[], Answered]) -> Answered:
        tries = setting("tries")
        for attempt in range(1, tries + 1):
            self._called(name)
            try:
                answered = ask()
                if attempt == tries or (answered.whole and answered.code not in refusals.TROUBLE):
                    return answered
            except AmazonError as refusal:
                if not refusal.passing or attempt == tries:
                    raise
            self.pause(attempt)
        raise AssertionError("the last try returns or raises")

    def pause(self, attempt: int) -> None:
        """Wait before the next try: anything up to a bound that doubles, so that many callers do not come back together."""
        bound = min(setting("backoff_most_seconds"), setting("backoff_seconds") * 2 ** (attempt - 1))
        self._clock.sleep(self._randomness.uniform(0, bound))

    def hide(self, text: str, *more: Secret) -> str:
        """A text of Amazon's without anything secret, ``more`` included."""
        return redacted(text, [*self._tokens.known(), *more])

    def _tried(self, request: Request) -> Answered:
        tries = 1 if request.writes else setting("tries")
        for attempt in range(1, tries + 1):
            try:
                return self._once(request)
            except AmazonError as refusal:
                if not refusal.passing or attempt == tries:
                    raise
            self.pause(attempt)
        raise AssertionError("the last try returns or raises")

    def _once(self, request: Request) -> Answered:
        answered, token = self._sent(request)
        if token_is_stale(answered):
            # It ended early, or was withdrawn. Amazon has done nothing, so a fresh one may ask again, once.
            self._tokens.forget(token)
            answered, _ = self._sent(request)
        if not answered.whole:
            raise refusals.cut(request.operation, answered)
        if not 200 <= answered.code < 300:
            raise refusals.refusal(request, answered, self.hide)
        return answered

    def _sent(self, request: Request) -> tuple[Answered, Secret]:
        # The token is looked for before the place, or every lane would wait minutes to hear that there is none;
        # it is taken after the place, since it ages meanwhile.
        for row in filter(None, (request.bucket, request.operation)):
            self._pacer.wait(row, lambda: self._tokens.current(self.hide))
        token = self._tokens.current(self.hide)
        smaller = request.bucket or request.operation
        self._called(smaller)
        left = self._pacer.leaving(smaller)
        date = self._clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        answered = self._transport.send(request, self._endpoints.api, {"x-amz-access-token": token, "x-amz-date": date})
        self._pacer.met(smaller, left)
        if (theirs := _moment_of(answered)) is not None:
            self._ahead = self._clock.now() - theirs
        self._counted(request, answered)
        return answered, token

    def _counted(self, request: Request, answered: Answered) -> None:
        if answered.code == 429:
            # Amazon does not say which bucket is empty; the one of the call's own is the smaller.
            smaller = request.bucket or request.operation
            with self._lock:
                self.throttled[smaller] += 1
            self._pacer.throttled(smaller)
        else:
            self._pacer.answered(request.operation, answered.headers)

    def _called(self, operation: str) -> None:
        with self._lock:
            self.calls[operation] += 1


def _moment_of(answered: Answered) -> datetime | None:
    """Amazon's own clock, to the second, as the answer's Date says it."""
    try:
        moment = parsedate_to_datetime(answered.headers.get("date", ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


class _ComplainsError(MisshapenError):
    """Older APIs say 200 and put what went wrong beside an empty payload."""


def _made(answered: Answered, reader: Reader[Read]) -> Read | MisshapenError:
    """What the reader makes of the answer, or what it stumbled over; the body, which may hold an address with a signature, stays in this frame."""
    try:
        body = json_of(answered.content)
        if isinstance(body, dict) and body.get("errors") and body.get("payload") is None:
            return _ComplainsError()
        return reader(body)
    except MisshapenError as misshapen:
        return misshapen


def account_key(credentials: Credentials) -> str:
    """As whom Amazon counts us: the seller and the application. The application's id is shortened to a mark."""
    return f"{credentials.seller_id or 'unknown'}/{sha256(credentials.client_id.encode()).hexdigest()[:8]}"
