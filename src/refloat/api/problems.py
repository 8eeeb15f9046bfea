"""When something goes wrong the answer is problem+json (RFC 9457) with the same four parts as everywhere: what, why, what to do, where to read more."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from refloat.api.words import language_of, say
from refloat.errors import AmazonError, PlanRefused, RefloatError, TooLarge
from refloat.locale import translator
from refloat.store import AccountBusy, SecretError, StoreError

Answering = Callable[[HttpRequest], HttpResponse]
CONTENT_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)

#: Code → (HTTP status, what, why, what to do). The reference has all of them.
KINDS: Mapping[str, tuple[int, str, str, str]] = {
    "not-understood": (422, say("The request was not understood."), say("It holds something that this address does not know, or lacks something."), say("Correct what “errors” points to.")),
    "no-json": (400, say("The body is not JSON."), say("Requests that change something carry one JSON object."), say("Send JSON in UTF-8.")),
    "not-signed-in": (401, say("Nobody is signed in."), say("Every address needs a token, or a session of the pages."),
                      say("Send the header Authorization: Bearer rf_…; the page “Tokens” makes one.")),
    "token-wrong": (401, say("The token does not let in."), say("It is misspelt, was revoked, has expired, or its person is no longer there."), say("Make a new one on the page “Tokens”.")),
    "too-many-tries": (429, say("Too many wrong tokens came from here."), say("Whoever guesses is slowed down."), say("Correct the token, and wait for the time that Retry-After names.")),
    "not-from-here": (403, say("Nothing was changed."), say("A session needs the token of its pages in the header X-CSRFToken."), say("Use a token of your own, or send that header.")),
    "scope-lacks": (403, say("The token may not be used for that."), say("It was made for other uses."), say("Make a token with the use “{scope}”, as far as your role has it.")),
    "role-lacks": (403, say("You may not do that."), say("It needs the role {role} for this account."), say("Ask an administrator of your Refloat for it. Nothing was changed.")),
    "role-lacks-everywhere": (403, say("You may not do that."), say("It concerns all accounts, and needs the role {role} for all of them."),
                              say("Ask an administrator of your Refloat for it. Nothing was changed.")),
    "not-there": (404, say("There is no such thing."), say("It never was there, is no longer there, or belongs to an account that you do not see."), say("Look at the list that it would stand in.")),
    "no-such-page": (404, say("The list has no such page."), say("“at” is no place that an answer gave for this order."), say("Begin without it, and follow “next”.")),
    "method-not-allowed": (405, say("This address cannot be asked that way."), say("Its methods are in the header Allow."), say("Use one of them.")),
    "key-used": (409, say("The key was used for another request."), say("An Idempotency-Key stands for one request for 24 hours."), say("Take a new key for a new request.")),
    "key-under-way": (409, say("The same request is being answered."), say("Another request with this key has not ended."), say("Ask again after the time that Retry-After names.")),
    "fingerprint-differs": (409, say("That is not the fingerprint of this plan."), say("Consent is for exactly one plan, as it was read."), say("Read the plan, and send its “fingerprint”.")),
    "refused": (409, say("That cannot be done now."), "", ""),
    "too-large": (413, say("The request is too large."), say("There is a limit for everything."), say("Send less at once.")),
    "amazon": (502, say("Amazon did not answer as it should."), "", ""),
    "store": (503, say("The store cannot be used."), "", ""),
    "broken": (500, say("Something broke inside Refloat."), say("It is our mistake. What was on record stays as it was."),
               say("Try again. If it stays, tell us, with the lines that the server wrote at this moment.")),
}  # fmt: skip


class Problem(Exception):  # noqa: N818 - it is called what the caller meets
    """Ends a request; ``errors``: which parts of the request are meant, by JSON pointer, parameter or header."""

    def __init__(self, code: str, *, errors: Sequence[Mapping[str, str]] = (), retry_seconds: int | None = None, **values: str) -> None:
        super().__init__(code)
        self.code, self.errors, self.retry_seconds, self.values = code, errors, retry_seconds, values


def answered(request: HttpRequest, error: Problem) -> HttpResponse:
    """The problem in the reader's language."""
    words = translator(language_of(request))
    status, *texts = KINDS[error.code]
    # A value is put in last, so that a brace in it is never a placeholder.
    what, why, todo = (words(text).format_map(error.values) if text else "" for text in texts)
    return _response(request, error.code, (status, what, why, todo, ""), error.errors, error.retry_seconds)


def of_refloat(request: HttpRequest, error: RefloatError) -> HttpResponse:
    """An error of ours, which has all four parts already."""
    words, code = translator(language_of(request)), _code(error)
    parts = (KINDS[code][0], *(error.filled(words(part)) if part else "" for part in (error.what, error.why, error.todo)), error.more)
    problems = [{"detail": f"{one.filled(words(one.what))} {one.filled(words(one.todo))}", "pointer": "#/text"} for one in getattr(error, "problems", ())]
    return _response(request, code, parts, problems, 5 if isinstance(error, AccountBusy) else None)


def _code(error: RefloatError) -> str:
    if isinstance(error, AccountBusy | PlanRefused):
        return "refused"
    if isinstance(error, StoreError | SecretError):
        return "store"
    if isinstance(error, AmazonError):
        return "amazon"
    return "too-large" if isinstance(error, TooLarge) else "refused"


def _response(request: HttpRequest, code: str, parts: tuple[Any, ...], errors: Sequence[Mapping[str, str]] = (), retry_seconds: int | None = None) -> HttpResponse:
    status, what, why, todo, more = parts
    said: dict[str, Any] = {"type": f"/api/v1/docs#{code}", "title": what, "status": status, "detail": why, "todo": todo, "more": more or None, "code": code, "instance": request.path}
    if errors:
        said["errors"] = [dict(one) for one in errors]
    response = HttpResponse(json.dumps(said, ensure_ascii=False), status=status, content_type=CONTENT_TYPE, headers={"Content-Language": language_of(request), "Vary": "Accept-Language"})
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="refloat"'
    if retry_seconds is not None:
        response["Retry-After"] = str(retry_seconds)
    return response


def of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What of the request is not as the reference says, part by part."""
    words = translator(language_of(request))
    return answered(request, Problem("not-understood", errors=[_part(one, words) for one in error.errors]))


def _part(one: Mapping[str, Any], words: Callable[[str], str]) -> dict[str, str]:
    place, *path = one["loc"]
    detail = words(_TOLD.get(one["type"], _OTHERWISE)).format_map({"limit": "", **{name: str(value) for name, value in one.get("ctx", {}).items()}})
    if place in {"form", "file"}:
        return {"pointer": f"#/{path[-1]}", "detail": detail}
    if place == "body":
        # The first step is our own name of the body.
        return {"pointer": "#" + "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path[1:]), "detail": detail}
    return {"header" if place == "header" else "parameter": str(path[-1] if place != "query" or len(path) < 2 else path[0]), "detail": detail}


_OTHERWISE = say("It is not of the kind that the reference names.")
_TOLD: Mapping[str, str] = {
    "missing": say("It is missing."),
    "extra_forbidden": say("It is unknown here."),
    "literal_error": say("It is none of the words that are known here: {expected}."),
    "enum": say("It is none of the words that are known here: {expected}."),
    "greater_than_equal": say("It is less than {ge}."),
    "less_than_equal": say("It is more than {le}."),
    "string_too_long": say("It has more than {max_length} letters."),
    "string_too_short": say("It has fewer than {min_length} letters."),
    "too_long": say("It has more than {max_length} entries."),
    "no_actions": say("It is empty. Name one action at least; null, or nothing at all, means every one of the plan."),
    "too_short": say("It has fewer than {min_length} entries."),
}


def of_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework says by a number alone."""
    if isinstance(error, AuthenticationError):
        return answered(request, Problem("not-signed-in"))
    return answered(request, Problem({400: "no-json", 403: "not-from-here"}.get(error.status_code, "not-understood")))


def of_django(code: str) -> Callable[[HttpRequest, Exception], HttpResponse]:
    """What Django finds while it reads a request, as a problem of ours."""
    return lambda request, _: answered(request, Problem(code))


#: Answers that Django gives before, or instead of, a view of ours.
_OF_DJANGO = {400: "not-understood", 403: "not-from-here", 404: "not-there", 405: "method-not-allowed", 413: "too-large", 500: "broken"}


def spoken(answering: Answering) -> Answering:
    """Whatever Django itself answers below /api/ is a problem as well, never a page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answering(request)
        if not request.path.startswith("/api/") or response.status_code < 400 or response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
            return response
        code = _OF_DJANGO.get(response.status_code)
        if code is None:
            return response
        made = answered(request, Problem(code))
        if code == "not-understood":
            # Django's own complaint is about the request as such.
            made.status_code = 400
        if "Allow" in response.headers:
            made["Allow"] = response["Allow"]
        return made

    return middleware


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake of ours: the log has it, the answer has none of it."""
    _log.error("The request %s %s broke.", request.method, request.path, exc_info=error)
    return answered(request, Problem("broken"))
