"""What must never be seen: a value that hides itself, and the cutting of secrets out of other people's texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hmac import compare_digest
from typing import NoReturn
from urllib.parse import quote, quote_plus

HIDDEN = "•••"


class Secret:
    """A text that no print, log, error or dataclass shows; only ``revealed()`` gives it.

    >>> print(Secret("made-up"), [Secret("made-up")])
    ••• [•••]
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def revealed(self) -> str:
        """The text itself, for the one place that sends or encrypts it."""
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        # A pickle is a file or a row somewhere, in clear.
        raise TypeError("a secret is never pickled")


#: Tokens and secrets as Amazon writes them.
_SHAPES = re.compile(
    r"At[a-z]{2}(?:\||%7[Cc])[^\s\"'<>&,;]+"
    r"|amzn1\.oa2-cs\.[^\s\"'<>&,;]+"
    r"|(?i:(?<=bearer )\S+)"
)
#: Everything behind the question mark of an address: there a presigned one has its signature.
_QUERY = re.compile(r"(https?:[^\s\"'<>?]*\?)[^\s\"'<>]+")
#: A hidden text shorter than this would blank out ordinary words.
_SHORTEST = 6


def redacted(text: str, hidden: Iterable[Secret] = ()) -> str:
    """``text`` without the ``hidden`` secrets and without anything that has the shape of one.

    >>> redacted("token Atza|made-up expired")
    'token ••• expired'
    """
    for value in sorted((secret.revealed() for secret in hidden), key=len, reverse=True):
        if len(value) >= _SHORTEST:
            text = text.replace(value, HIDDEN).replace(quote(value, safe=""), HIDDEN).replace(quote_plus(value), HIDDEN)
    return _SHAPES.sub(HIDDEN, _QUERY.sub(rf"\1{HIDDEN}", text))
