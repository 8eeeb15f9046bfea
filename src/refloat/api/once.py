"""A request that changes something is done once for its Idempotency-Key: asked again it gets the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from django.http import HttpResponse

from refloat.api.callers import Request
from refloat.api.problems import Problem
from refloat.app import served

#: After so many seconds it is worth asking again for a request that is under way.
_AGAIN_SECONDS = 2


def once(request: Request, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or the one that was given to this key before. Where nothing was done, the key is free again.

    Raises:
        Problem: the key was used for another request, or is under way.
    """
    person, asked, answers = request.auth.access.id, _hash(request), served.store().answers
    known = answers.begin(person, key, asked, datetime.now(UTC))
    if known is not None:
        if known.request != asked:
            raise Problem("key-used")
        if known.code is None:
            raise Problem("key-under-way", retry_seconds=_AGAIN_SECONDS)
        return _response(known.code, known.location, known.body, {"Idempotency-Replayed": "true"})
    try:
        made = answer()
    except BaseException:
        answers.release(person, key)
        raise
    answers.keep(person, key, made.status_code, made.headers.get("Location", ""), made.content.decode())
    return made


def _response(code: int, location: str, body: str, more: dict[str, str]) -> HttpResponse:
    return HttpResponse(body, status=code, content_type="application/json; charset=utf-8", headers={**({"Location": location} if location else {}), **more})


def _hash(request: Request) -> str:
    return hashlib.sha256(b"\0".join((str(request.method).encode(), request.get_full_path().encode(), *_sent(request)))).hexdigest()


def _sent(request: Request) -> Iterator[bytes]:
    """The body; of a form with files its fields and files, because the boundary between them is another each time."""
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield repr((name, file.name, hashlib.file_digest(file, "sha256").hexdigest())).encode()
            file.seek(0)
