"""A cause page's ``when``: a little SQL, fenced, compiled once to a vectorised Polars expression.

The fences, each tested: only columns of the sighting frame; no arithmetic and no function calls
(ages are ready-made integers, because Polars compares a duration with a number without complaint);
a column is only compared with its own kind; null counts as false.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from refloat.errors import KnowledgeError
from refloat.model.sighting import BY_NAME, Column

if TYPE_CHECKING:
    import polars as pl

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<word>[a-z_][a-z0-9_]*)|(?P<sign><=|>=|<>|!=|=|<|>|\(|\)|,))", re.IGNORECASE)
_KEYWORDS = frozenset({"and", "or", "not", "is", "null", "in", "true", "false"})
_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_NUMBERS = frozenset({"count", "money", "ratio"})

Token = tuple[str, str]


def tokens(predicate: str) -> list[Token]:
    """The predicate cut into (kind, text) pieces.

    Raises:
        KnowledgeError: something in it is not part of the little language.
    """
    found: list[Token] = []
    position = 0
    text = predicate.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _refusal(predicate, f"“{text[position:].strip()[:12]}” is not allowed here", "Only columns, texts, numbers, comparisons, and, or, not, in, is null. Arithmetic and functions are refused: ages are ready-made columns.")
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        position = match.end()
    return found


def columns_of(predicate: str) -> tuple[str, ...]:
    """The columns that the predicate reads, in the order of first mention; the finding's evidence."""
    names = dict.fromkeys(word for kind, word in tokens(predicate) if kind == "word" and word.lower() not in _KEYWORDS)
    for name in names:
        if name not in BY_NAME:
            raise _refusal(predicate, f"there is no column “{name}”", "See model/sighting.py for every column.")
    return tuple(names)


def check(predicate: str) -> None:
    """Refuse what the fences do not let through.

    Raises:
        KnowledgeError: an unknown column, arithmetic, or a comparison of two kinds.
    """
    columns_of(predicate)
    pieces = tokens(predicate)
    for left, sign, right in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if sign[1] in _COMPARISONS and _kind(left) != _kind(right):
            raise _refusal(predicate, f"{left[1]} {sign[1]} {right[1]} compares a {_kind(left)} with a {_kind(right)}", "Compare like with like; for ages use the …_days columns.")


def _kind(token: Token) -> str:
    kind, text = token
    if kind == "word" and text.lower() in {"true", "false"}:
        return "flag"
    if kind == "word":
        column: Column | None = BY_NAME.get(text)
        kind = column.kind if column else text
    return "number" if kind in _NUMBERS else kind


def _refusal(predicate: str, why: str, todo: str) -> KnowledgeError:
    return KnowledgeError(f"This condition is refused: {predicate}", why=why, todo=todo)


def compiled(predicate: str) -> pl.Expr:
    """The predicate as one Polars expression over the sighting frame; null counts as false."""
    import polars as pl

    check(predicate)
    return pl.sql_expr(predicate).fill_null(False)
