"""The fences around a page's condition, and what the catalogue refuses to start with."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from refloat.errors import KnowledgeError
from refloat.knowledge import predicates
from refloat.knowledge.catalogue import catalogue
from refloat.loop.sightings import DTYPES
from refloat.model.sighting import COLUMNS

NOTHING_KNOWN = pl.DataFrame({column.name: [None] for column in COLUMNS}, schema={column.name: DTYPES[column.kind] for column in COLUMNS})
CONDITIONS = [
    *((cause.name, cause.when) for cause in catalogue().causes.values() if cause.when),
    *((f"{cause.name} prefers {remedy}", when) for cause in catalogue().causes.values() for remedy, when in cause.prefer.items()),
    *((f"{remedy.name} is safe", remedy.safe_when) for remedy in catalogue().remedies.values() if remedy.safe_when),
]


@pytest.mark.parametrize(("name", "when"), CONDITIONS, ids=[name for name, _ in CONDITIONS])
def test_a_row_that_tells_nothing_fires_nothing(name: str, when: str) -> None:
    """Every condition is false, and not null, on a row in which nothing is known."""
    assert NOTHING_KNOWN.select(predicates.compiled(when).alias(name))[name].to_list() == [False]


def test_every_cause_but_the_last_has_a_condition() -> None:
    """Only unexplained fires by itself."""
    assert [cause.name for cause in catalogue().causes.values() if not cause.when] == ["unexplained"]


@pytest.mark.parametrize(
    ("fence", "when"),
    [
        ("a column that does not exist", "stranded_weeks > 2"),
        ("a column in capitals", "SYMPTOM = 'listing-closed'"),
        ("arithmetic with a number", "stranded_days + 1 > 3"),
        ("arithmetic with dates", "today - stranded_on > 30"),
        ("a negative number", "stranded_days > -1"),
        ("a function", "lower(symptom) = 'listing-closed'"),
        ("a likeness", "symptom like '%closed%'"),
        ("a date and a number", "stranded_on > 30"),
        ("a number and a date", "30 < stranded_on"),
        ("two columns, a date and a count", "stranded_on < stranded_days"),
        ("a text and a number", "symptom = 3"),
        ("a count and a text", "units_fulfillable = '3'"),
        ("a flag and a text", "sku_found = 'yes'"),
        ("a flag and a number", "sku_found = 1"),
        ("a day written as a text", "offer_starts_on < '2026-01-01'"),
        ("a day written as SQL has it", "offer_starts_on < date '2026-01-01'"),
        ("a span of time", "offer_starts_on < today + interval '3 days'"),
        ("a comparison with null", "symptom = null"),
        ("a second statement", "sku_found; symptom = 'listing-closed'"),
        ("a comment", "sku_found -- always"),
        ("a cast", "cast(symptom as integer) = 3"),
        ("a subquery", "sku in (select sku from self)"),
    ],
)
def test_the_fence_refuses(fence: str, when: str) -> None:
    """What the little language does not have is refused, with the condition, the reason and what to do."""
    with pytest.raises(KnowledgeError) as refusal:
        predicates.check(when)
    assert when in refusal.value.what, fence
    assert refusal.value.why
    assert refusal.value.todo


@pytest.mark.parametrize(
    "when", ["sku in (1, 2)", "symptom in ('listing-closed', 3)", "stranded_on in ('2026-01-01')", "stranded_days", "symptom and sku_found", "stranded_days is 3", "sku in ()", "and"]
)
def test_the_fence_refuses_lists_and_lonely_words_too(when: str) -> None:
    """A list of another kind, a column that is no flag standing alone, and what is no condition at all are refused."""
    with pytest.raises(KnowledgeError):
        predicates.check(when)


@pytest.mark.parametrize(
    "when",
    [
        "symptom is null",
        "sku_found",
        "not sku_found and stranded_days >= 30",
        "symptom in ('listing-closed', 'missing-sku')",
        "price_shown > bound_max",
        "entered_expiry_on < today",
        "return_rate > 0.5",
    ],
)
def test_the_fence_lets_through(when: str) -> None:
    """Columns, texts, numbers, comparisons of like with like, and, or, not, in, is null."""
    assert NOTHING_KNOWN.select(predicates.compiled(when).alias("true"))["true"].dtype == pl.Boolean


def test_a_condition_names_its_evidence() -> None:
    """The columns that a condition reads, in the order of first mention, are the finding's evidence."""
    assert predicates.columns_of("listing_channel = 'merchant' and (said is null or listing_channel = 'fba')") == ("listing_channel", "said")


def _own_cause(folder: Path, file_name: str, **front: str) -> Path:
    lines = {"name": f'"{file_name}"', "said_as": "[]", "remedies": '["review"]', "precedence": "1", "when": '"sku_found"'} | front
    page = folder / "causes" / f"{file_name}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("+++\n" + "\n".join(f"{key} = {value}" for key, value in lines.items()) + "\n+++\n# A page of one's own\n", encoding="utf-8")
    return folder


def test_a_page_of_ones_own_is_read_after_ours(tmp_path: Path) -> None:
    """A user's page works like ours, by its precedence among them, and says nothing when it replaces nothing."""
    known = catalogue(_own_cause(tmp_path, "our-own-shelf", precedence="955"))
    assert next(iter(known.causes)) == "our-own-shelf"
    assert known.notices == ()


def test_a_page_of_ones_own_replaces_ours_with_a_notice(tmp_path: Path) -> None:
    """The same name replaces our page, and the seller is told which."""
    known = catalogue(_own_cause(tmp_path, "listing-closed", said_as='["Listing closed"]', when="\"symptom = 'listing-closed'\"", precedence="100"))
    assert known.causes["listing-closed"].remedies == ("review",)
    assert [notice for notice in known.notices if "listing-closed" in notice]


@pytest.mark.parametrize(
    ("what", "name", "front"),
    [
        ("a tie of precedence", "our-own-shelf", {"precedence": "620"}),
        ("a spelling that another page claims", "our-own-shelf", {"said_as": '["LISTING closed!"]', "precedence": "955"}),
        ("a remedy that has no page", "our-own-shelf", {"remedies": '["pray"]', "precedence": "955"}),
        ("a follow-up that has no page", "our-own-shelf", {"after": '["pray"]', "precedence": "955"}),
        ("a condition outside the fences", "our-own-shelf", {"when": '"stranded_on > 3"', "precedence": "955"}),
        ("a key that no cause has", "our-own-shelf", {"colour": '"blue"', "precedence": "955"}),
        ("front matter that is not TOML", "our-own-shelf", {"precedence": "many"}),
        ("a name that is not the file's", "our-own-shelf", {"name": '"their-shelf"', "precedence": "955"}),
    ],
)
def test_the_catalogue_refuses(what: str, name: str, front: dict[str, str], tmp_path: Path) -> None:
    """A catalogue that contradicts itself does not start, and says where."""
    with pytest.raises(KnowledgeError) as refusal:
        catalogue(_own_cause(tmp_path, name, **front))
    assert refusal.value.what, what
    assert refusal.value.todo


def test_a_catalogue_without_its_last_page_does_not_start() -> None:
    """unexplained is what we say when we do not know; nothing else fires when nothing fits."""
    assert catalogue().causes["unexplained"].precedence < min(cause.precedence for cause in catalogue().causes.values() if cause.name != "unexplained")
