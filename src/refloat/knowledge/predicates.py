"""A cause page's ``when``: a little SQL, fenced, compiled once to a vectorised Polars expression.

The whole language::

    condition  = all { "or" all }
    all        = one { "and" one }
    one        = "not" one | "(" condition ")" | fact
    fact       = value comparison value | column "is" ["not"] "null" | column ["not"] "in" "(" literal { "," literal } ")" | flag
    comparison = "=" | "<>" | "!=" | "<" | "<=" | ">" | ">="

The fences, each tested: only columns of the sighting frame; no arithmetic and no function calls
(ages are ready-made integers, because Polars compares a duration with a number without complaint);
a column is only compared with its own kind; null counts as false.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from refloat.errors import KnowledgeError
from refloat.model.sighting import BY_NAME

if TYPE_CHECKING:
    import polars as pl

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<word>[a-z_][a-z0-9_]*)|(?P<sign><=|>=|<>|!=|=|<|>|\(|\)|,))", re.IGNORECASE)
_KEYWORDS = frozenset({"and", "or", "not", "is", "null", "in", "true", "false"})
_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_NUMBERS = frozenset({"count", "money", "ratio"})
_LANGUAGE = "Only columns, texts, numbers, comparisons, and, or, not, in, is null. Arithmetic and functions are refused: ages are ready-made columns."

Token = tuple[str, str]


def tokens(predicate: str) -> list[Token]:
    """The predicate cut into (kind, text) pieces; keywords in lower case, columns as written.

    Raises:
        KnowledgeError: something in it is not part of the little language.
    """
    found: list[Token] = []
    position = 0
    text = predicate.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            _refuse(predicate, f"“{text[position:].strip()[:12]}” is not allowed here", _LANGUAGE)
        kind = str(match.lastgroup)
        text_found = match[kind]
        keyword = kind == "word" and text_found.lower() in _KEYWORDS
        found.append(("keyword", text_found.lower()) if keyword else (kind, text_found))
        position = match.end()
    return found


def columns_of(predicate: str) -> tuple[str, ...]:
    """The columns that the predicate reads, in the order of first mention; the finding's evidence."""
    names = dict.fromkeys(text for kind, text in tokens(predicate) if kind == "word")
    for name in names:
        if name not in BY_NAME:
            _refuse(predicate, f"there is no column “{name}”", "See docs/reference/columns.md for every column.")
    return tuple(names)


def check(predicate: str) -> None:
    """Refuse what the fences do not let through.

    Raises:
        KnowledgeError: an unknown column, arithmetic, a comparison of two kinds, or no sentence of the language.
    """
    columns_of(predicate)
    _Reader(predicate).read()


def compiled(predicate: str) -> pl.Expr:
    """The predicate as one Polars expression over the sighting frame; null counts as false."""
    import polars as pl

    check(predicate)
    return pl.sql_expr(predicate).fill_null(False)


def _refuse(predicate: str, why: str, todo: str) -> NoReturn:
    raise KnowledgeError(f"This condition is refused: {predicate}", why=why, todo=todo)


class _Reader:
    """Reads a predicate by the grammar above, one token after the other."""

    def __init__(self, predicate: str) -> None:
        self.predicate = predicate
        self.tokens = tokens(predicate)
        self.at = 0

    def read(self) -> None:
        self.condition()
        if self.at < len(self.tokens):
            self.refuse()

    def condition(self) -> None:
        self.all_of()
        while self.takes("or"):
            self.all_of()

    def all_of(self) -> None:
        self.one()
        while self.takes("and"):
            self.one()

    def one(self) -> None:
        if self.takes("not"):
            self.one()
        elif self.takes("("):
            self.condition()
            self.needs(")")
        else:
            self.fact()

    def fact(self) -> None:
        left = self.value()
        if self.next_text() in _COMPARISONS:
            self.at += 1
            self.same_kind(left, self.value())
        elif self.takes("is"):
            self.takes("not")
            self.needs("null")
        elif self.next_text() in ("in", "not"):
            self.takes("not")
            self.needs("in")
            self.among(left)
        elif _kind(left) != "flag":
            _refuse(self.predicate, f"{left[1]} alone is neither true nor false", "Compare it with something; only flags stand alone.")

    def among(self, left: Token) -> None:
        self.needs("(")
        self.same_kind(left, self.value())
        while self.takes(","):
            self.same_kind(left, self.value())
        self.needs(")")

    def value(self) -> Token:
        if self.at >= len(self.tokens):
            self.refuse()
        token = self.tokens[self.at]
        if token[0] == "sign" or (token[0] == "keyword" and token[1] not in ("true", "false")):
            self.refuse()
        self.at += 1
        return token

    def same_kind(self, left: Token, right: Token) -> None:
        if _kind(left) != _kind(right):
            _refuse(self.predicate, f"{left[1]} and {right[1]} are of two kinds: {_kind(left)} and {_kind(right)}", "Compare like with like; for ages use the …_days columns.")

    def next_text(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] in ("keyword", "sign") else ""

    def takes(self, text: str) -> bool:
        if self.next_text() != text:
            return False
        self.at += 1
        return True

    def needs(self, text: str) -> None:
        if not self.takes(text):
            self.refuse()

    def refuse(self) -> NoReturn:
        shown = self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"
        _refuse(self.predicate, f"“{shown}” is not allowed here", _LANGUAGE)


def _kind(token: Token) -> str:
    kind, text = token
    if kind == "keyword":
        return "flag"
    if kind == "word":
        kind = BY_NAME[text].kind
    return "number" if kind in _NUMBERS else kind
