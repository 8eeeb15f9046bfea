"""The little language of ``when`` and its fences."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from refloat.errors import KnowledgeError
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.predicates import check, columns_of, compiled, tokens
from refloat.loop.sightings import DTYPES
from refloat.model.sighting import COLUMNS

NULLS = pl.DataFrame({column.name: pl.Series([None], dtype=DTYPES[column.kind]) for column in COLUMNS})


@pytest.mark.parametrize(
    ("predicate", "why"),
    [
        ("no_such_column = 'x'", "there is no column"),
        ("today - stranded_on > 3", "not allowed"),
        ("stranded_days + 1 > 3", "not allowed"),
        ("lower(symptom) = 'x'", "there is no column"),
        ("symptom = 'x'; drop table t", "not allowed"),
        ('"symptom" = 1', "not allowed"),
        ("symptom = 3", "of two kinds"),
        ("stranded_days = 'x'", "of two kinds"),
        ("stranded_on > 3", "of two kinds"),
        ("stranded_on > '2026-01-01'", "of two kinds"),
        ("stranded_on < stranded_days", "of two kinds"),
        ("listing_exists = 1", "of two kinds"),
        ("symptom = true", "of two kinds"),
        ("symptom in ('a', 3)", "of two kinds"),
        ("symptom like '%x%'", "there is no column"),
    ],
)
def test_what_the_fences_keep_out(predicate: str, why: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        check(predicate)
    assert why in caught.value.why


@pytest.mark.parametrize("predicate", ["", "symptom =", "= 'a'", "(symptom = 'a'", "symptom = 'a')", "symptom = 'a' and", "and", "symptom 'a'", "symptom in ()", "symptom is 'a'", "stranded_days"])
def test_what_is_no_sentence(predicate: str) -> None:
    with pytest.raises(KnowledgeError):
        check(predicate)


@pytest.mark.parametrize(
    "predicate",
    [
        "symptom = 'it''s'",
        "stranded_days >= 14 and not listing_exists",
        "price_shown < bound_min",
        "stranded_on < today",
        "symptom in ('a', 'b') or said is null",
        "listing_exists = false",
        "(stranded_days > 1.5)",
    ],
)
def test_what_they_let_through(predicate: str) -> None:
    check(predicate)
    assert NULLS.select(compiled(predicate).alias("x")).dtypes == [pl.Boolean()]


def test_null_counts_as_false() -> None:
    frame = pl.DataFrame({"stranded_days": [20, 3, None], "symptom": ["a", None, None]})
    assert frame.select(compiled("stranded_days > 14").alias("x"))["x"].to_list() == [True, False, False]
    assert frame.select(compiled("not symptom = 'a'").alias("x"))["x"].to_list() == [False, False, False]


def test_dates_compare_with_dates() -> None:
    frame = pl.DataFrame({"stranded_on": [date(2026, 1, 1)], "today": [date(2026, 1, 2)]})
    assert frame.select(compiled("stranded_on < today").alias("x"))["x"].to_list() == [True]


def test_the_columns_of_a_predicate_are_its_evidence() -> None:
    assert columns_of("symptom = 'a' and (listing_exists or stranded_days > 3) and symptom <> 'stranded_on'") == ("symptom", "listing_exists", "stranded_days")


def test_tokens() -> None:
    assert tokens("a <= 'x y'") == [("word", "a"), ("sign", "<="), ("text", "'x y'")]


@pytest.mark.parametrize("cause", [cause for cause in catalogue().causes.values() if cause.when], ids=lambda cause: cause.name)
def test_no_page_is_true_where_nothing_is_known(cause: object) -> None:
    assert NULLS.select(compiled(cause.when).alias("x"))["x"].to_list() == [False]  # type: ignore[attr-defined]
