"""The dated tables."""

from __future__ import annotations

import string
from zoneinfo import ZoneInfo

import pytest

from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import clock_days, marketplace_code, marketplaces, table
from refloat.knowledge.vocabulary import code_of, words


@pytest.mark.parametrize("code", list(marketplaces()))
def test_every_marketplace_can_be_named_by_code_id_and_site(code: str) -> None:
    place = marketplaces()[code]
    assert {marketplace_code(name) for name in (code, code.lower(), place.id, place.site, f"www.{place.site}", f" {code} ")} == {code}


@pytest.mark.parametrize("code", list(marketplaces()))
def test_every_marketplace_is_complete(code: str) -> None:
    place = marketplaces()[code]
    assert ZoneInfo(place.timezone).key == place.timezone
    assert place.date_order in {"dmy", "mdy", "ymd"}
    assert place.decimal_point in {".", ","}
    assert len(place.currency) == 3
    assert place.region in {"NA", "EU", "FE"}


def test_marketplaces_are_told_apart() -> None:
    assert len({place.id for place in marketplaces().values()}) == len(marketplaces())
    assert marketplace_code("gb") == "UK"


@pytest.mark.parametrize("text", [None, "", "EU", "AMAZON_EU", "amazon", "XX", "Non-Amazon"])
def test_a_region_is_no_marketplace(text: str | None) -> None:
    assert marketplace_code(text) is None


@pytest.mark.parametrize("group", list(table("vocabulary")))
def test_no_word_means_two_things(group: str) -> None:
    seen: dict[str, str] = {}
    for code, spellings in table("vocabulary")[group].items():
        for spelling in spellings:
            assert seen.setdefault(reason_key(spelling), code) == code, spelling
    assert words(group) == seen


def test_words_are_whole() -> None:
    assert (code_of("listing_status", "AKTIV"), code_of("listing_status", "Aktiv ja"), code_of("listing_status", None)) == ("active", None, None)


@pytest.mark.parametrize("code", [code for code in table("messages") if code != "outcome"])
def test_every_message_stands_in_both_languages_with_the_same_places(code: str) -> None:
    message = table("messages")[code]
    places = [{name for _, name, _, _ in string.Formatter().parse(message[language]) if name} for language in ("en", "zh")]
    assert places[0] == places[1]


def test_clocks() -> None:
    assert clock_days(None) == table("clocks")["unlisted"]["days"]
    assert all(clock_days(name) is None or clock_days(name) > 0 for name in table("clocks"))  # type: ignore[operator]


def test_limits_say_what_is_needed() -> None:
    assert table("limits")["upload"]["bytes"] == 1 << 30
    assert table("limits")["upload"]["warnings_shown"] > 0
