"""Login with Amazon: the short-lived access token that a refresh token buys.

Amazon's page: developer-docs.amazon.com/sp-api/docs/connecting-to-the-selling-partner-api. No rate is
published for it, so the token is kept as long as it lives.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlencode

from refloat.amazon import refusals
from refloat.amazon.complaints import complaint
from refloat.amazon.endpoints import Credentials
from refloat.amazon.limits import setting
from refloat.amazon.protocol import Answered, MisshapenError, Request, held, json_of
from refloat.amazon.refusals import Hide, nothing_sent
from refloat.amazon.secret import Secret
from refloat.amazon.transport import Transport
from refloat.errors import AmazonError, CredentialWrong
from refloat.model.ports import Clock

OPERATION = "token"
_HOUR = 3600
#: A token that ends sooner is kept so long all the same: it is asked for before and after the place, and would be bought twice.
_LEAST = 1.0


class _Kept(NamedTuple):
    token: Secret
    until: datetime


class _Refused(NamedTuple):
    failure: AmazonError
    until: datetime


class Tokens:
    """The access token of one account, fetched when it is needed and kept until shortly before it ends.

    Under the lock nothing sleeps: a lane that waits for the lock counts as at work, and a simulated clock
    would stand still. Whoever meets trouble tries again outside.

    What is wrong with the credentials is remembered for a while: it is the same for every lane, and only a
    person can mend it.
    """

    def __init__(self, credentials: Credentials, address: str, transport: Transport, clock: Clock, called: Callable[[str], None]) -> None:
        self._credentials, self._address, self._transport, self._clock, self._called = credentials, address, transport, clock, called
        self._spare: float = setting("token_spare_seconds")
        self._believed = timedelta(seconds=setting("refused_seconds"))
        self._kept: _Kept | None = None
        self._refused: _Refused | None = None
        # The token that Amazon has just refused is still a secret.
        self._seen: deque[Secret] = deque(maxlen=4)
        self._lock = Lock()

    def current(self, hide: Hide) -> Secret:
        """A token that is good for a while yet.

        Raises:
            AmazonError: Amazon gives none.
        """
        with self._lock:
            if self._kept is None or self._clock.now() >= self._kept.until:
                self._kept = self._bought_unless_refused(hide)
            return self._kept.token

    def forget(self, token: Secret) -> None:
        """Amazon refused this token; the next call fetches another, once for all threads."""
        with self._lock:
            if self._kept is not None and self._kept.token == token:
                self._kept = None

    def known(self) -> list[Secret]:
        """Everything of ours that must not be seen in a text of Amazon's."""
        return [self._credentials.client_secret, self._credentials.refresh_token, *self._seen]

    def _bought_unless_refused(self, hide: Hide) -> _Kept:
        if self._refused is not None and self._clock.now() < self._refused.until:
            raise refusals.again(self._refused.failure)
        try:
            return self._bought(hide)
        except CredentialWrong as failure:
            self._refused = _Refused(refusals.again(failure), self._clock.now() + self._believed)
            raise

    def _bought(self, hide: Hide) -> _Kept:
        asked_at = self._clock.now()
        request = Request(OPERATION, "POST", "", body=_form(self._credentials))
        self._called(OPERATION)
        answered = _sent(self._transport, request, self._address)
        if answered.code != 200:
            raise _refusal(request, answered, hide)
        try:
            token, lives = _read(answered)
            self._seen.append(token)
            return _Kept(token, asked_at + timedelta(seconds=max(_LEAST, lives - self._spare)))
        except MisshapenError as misshapen:
            wrong = str(misshapen)
        # The answer may hold a token in a place where we do not look for it, so nothing of it is shown.
        raise nothing_sent(refusals.not_understood(request, Answered(answered.code, answered.headers, b""), wrong, hide))


def _form(credentials: Credentials) -> Secret:
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.refresh_token.revealed(),
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret.revealed(),
    }
    return Secret(urlencode(fields))


def _sent(transport: Transport, request: Request, address: str) -> Answered:
    try:
        answered = transport.send(request, address, {})
    except AmazonError as failure:
        nothing_sent(failure)
        raise
    if not answered.whole:
        raise nothing_sent(refusals.cut(OPERATION, answered))
    return answered


def _read(answered: Answered) -> tuple[Secret, float]:
    """The token, and for how many seconds it lives."""
    body = json_of(answered.content)
    token = held(body, "access_token", str)
    if not (token.isascii() and token.isprintable() and token.strip()):
        raise MisshapenError("the token cannot be sent in a header")
    return Secret(token), _seconds(body.get("expires_in"))


def _seconds(lives: object) -> float:
    """How long the token lives; an hour, as documented, where the answer does not say."""
    number = isinstance(lives, int | float) and not isinstance(lives, bool)
    return max(0.0, min(float(lives), _HOUR)) if number else float(_HOUR)  # type: ignore[arg-type]


def _refusal(request: Request, answered: Answered, hide: Hide) -> AmazonError:
    if answered.code == 429 or answered.code in refusals.TROUBLE or answered.code < 400:
        return nothing_sent(refusals.refusal(request, answered, hide))
    found = complaint(answered)
    said = refusals.shown(found, hide)
    return {"invalid_client": refusals.secret_refused, "invalid_grant": refusals.grant_refused}.get(found.code, refusals.credential_refused)(said)
