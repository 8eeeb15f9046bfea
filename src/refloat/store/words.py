"""Searching by words: the same words on SQLite (FTS5) and on PostgreSQL (a text index), Chinese in pairs of characters."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from django.db import connection

from refloat.store.sql import answers


def words_in(ids: pl.Series) -> None:
    """Let the words of these findings be searched; they stand in the table already. PostgreSQL sees to that by itself."""
    _told("INSERT INTO store_finding_words (rowid, words) SELECT id, words FROM store_openfinding", ids)


def words_out(ids: pl.Series) -> None:
    """The words of these findings go; before the findings do."""
    _told("INSERT INTO store_finding_words (store_finding_words, rowid, words) SELECT 'delete', id, words FROM store_openfinding", ids)


def _told(statement: str, ids: pl.Series) -> None:
    if connection.vendor == "sqlite" and len(ids):
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id IN (SELECT value FROM json_each(%s))", [json.dumps(ids.to_list())])  # noqa: S608 - a statement of our own


def words_of(text: str) -> str:
    """Small letters, and each pair of neighbouring characters of a script that sets no spaces.

    >>> words_of("Dog Brush, 2-pack"), words_of("宠物梳 XL")
    ('dog brush 2 pack', '宠物 物梳 xl')
    """
    if text.isascii():
        return " ".join(dict.fromkeys("".join(sign if sign.isalnum() else " " for sign in text.lower()).split()))
    found: list[str] = []
    for run in "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split():
        found += _parted(run)
    return " ".join(dict.fromkeys(found))


def _parted(run: str) -> list[str]:
    """A run of letters: what is written without spaces falls into pairs, the rest stays whole."""
    parts: list[str] = []
    for at, sign in enumerate(run):
        wide, before = _spaceless(sign), at > 0 and _spaceless(run[at - 1])
        if wide:
            after = run[at + 1] if at + 1 < len(run) and _spaceless(run[at + 1]) else ""
            if after or not before:
                parts.append(sign + after)
        elif parts and at > 0 and not before:
            parts[-1] += sign
        else:
            parts.append(sign)
    return parts


def _spaceless(sign: str) -> bool:
    return "\u2e80" <= sign <= "\U0003134f" and not "\uac00" <= sign <= "\ud7a3"


#: How each of the databases is asked: the question, what stands between words, a word, the last word.
_POSTGRESQL = ("SELECT id FROM store_openfinding WHERE to_tsvector('simple', words) @@ to_tsquery('simple', %s)", " & ", "'{}'", "'{}':*")
_SQLITE = ("SELECT rowid AS id FROM store_finding_words WHERE store_finding_words MATCH %s", " ", '"{}"', '"{}"*')


#: What so many rows have is no reason to list them all: the page walks its own order and looks at each row.
_MANY = 5_000


def matching(text: str) -> tuple[str, tuple[Any, ...]]:
    """A condition on ``store_openfinding``: its SKU begins so, or it has that ASIN or FNSKU, or all these words; the last may be cut short.

    A text like ``AB-12`` with which a SKU begins is that beginning, and no words.
    """
    plain = text.strip()
    begins = (plain, plain + "\U0010ffff")
    skus = _how_many("SELECT 1 FROM store_openfinding WHERE sku >= %s AND sku < %s", begins)
    words = [] if skus and _code(plain) else words_of(plain).split()
    told = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    asked = told[1].join([*map(told[2].format, words[:-1]), told[3].format(words[-1])]) if words else ""
    common = bool(words) and _how_many(told[0], (asked,)) > _MANY
    # One branch an index: with OR, none of them would be used.
    asks = ["SELECT id FROM store_openfinding WHERE asin = %s", "SELECT id FROM store_openfinding WHERE fnsku = %s"]
    values: list[Any] = [plain.upper(), plain.upper()]
    if words and not common:
        asks.append(told[0])
        values.append(asked)
    if skus <= _MANY and not common:
        return f"id IN (SELECT id FROM store_openfinding WHERE sku >= %s AND sku < %s UNION ALL {' UNION ALL '.join(asks)})", (*begins, *values)  # noqa: S608
    # A column that something is done to uses no index of its own, and the order's is walked.
    looked = " AND ".join(["' ' || words || ' ' LIKE %s"] * len(words)) if common else "1=0"
    like = [f"% {word} %" for word in words[:-1]] + [f"% {words[-1]}%"] if common else []
    return f"((sku || '' >= %s AND sku || '' < %s) OR ({looked}) OR id + 0 IN ({' UNION ALL '.join(asks)}))", (*begins, *like, *values)


def _code(plain: str) -> bool:
    """Does it look like a SKU, rather than like words?"""
    return plain.isascii() and " " not in plain and not plain.isalpha()


def _how_many(question: str, values: tuple[Any, ...]) -> int:
    """So many rows, counted to one more than ``_MANY``."""
    return int(answers(f"SELECT COUNT(*) FROM ({question} LIMIT {_MANY + 1}) AS some_rows", values)[0][0])  # noqa: S608 - questions of our own
