"""A message to a person: one line of title, plain text, and the same as a page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

#: A subject longer than this is cut by most programs.
TITLE_LETTERS = 200
#: Overrides of the direction in which a line reads: with them a SKU can pretend to be another one.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Undelivered(StrEnum):
    """Why a message did not arrive. Never the words of the other side: they may repeat the address, which is a secret."""

    TOO_SLOW = "too-slow"
    UNREACHABLE = "unreachable"
    #: The other side answered, and did not take it.
    NOT_TAKEN = "not-taken"
    #: The other side does not let us in: the token, the password or the address is not valid (any more).
    NOT_LET_IN = "not-let-in"
    #: The other side wants fewer messages.
    TOO_MANY = "too-many"
    #: What is stored is no address that can be used.
    ADDRESS = "address"
    #: The key that sealed the address is missing.
    KEY_MISSING = "key-missing"


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads; ``html`` is the inside of a page's body. The title is one line of printable characters."""

    title: str
    text: str
    html: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title)[:TITLE_LETTERS])


def one_line(text: str) -> str:
    """The text on one line, without control characters and without such as turn its direction.

    A SKU is the seller's own and may hold anything; in a subject, a line feed would begin a header of its own.

    >>> one_line("A\\r\\nBcc: x@example.com\\u202e")
    'A Bcc: x@example.com'
    """
    kept = "".join(" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text if letter not in _TURNING and unicodedata.category(letter) != "Cs")
    return re.sub(r"\s+", " ", kept).strip()
