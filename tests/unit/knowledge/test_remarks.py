"""Remarks: what a run has to say, worded in both languages; what was kept before there were codes still shows."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from refloat.errors import AmazonDown
from refloat.knowledge.messages import remark_text
from refloat.knowledge.tables import table
from refloat.loop.telling import of_error, told
from refloat.model.remark import Remark, remark_of, remark_on

_SOURCE = Path(__file__).parents[3] / "src" / "refloat"
_TEXTS = {code: texts for code, texts in table("remarks").items() if code != "moved-names"}


@pytest.mark.parametrize("code", list(_TEXTS))
def test_every_remark_stands_in_both_languages_with_the_same_places(code: str) -> None:
    places = [{name for _, name, _, _ in string.Formatter().parse(_TEXTS[code][language]) if name} for language in ("en", "zh")]
    assert places[0] == places[1]


def test_every_code_has_a_text_and_every_text_a_code() -> None:
    """A code without a text would show as itself; a text that nobody uses is dead."""
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(_SOURCE.rglob("*.py")))
    used = set(re.findall(r'(?:Remark|_wait)\(\s*"([a-z-]+)"', sources)) - {"error"}
    assert used == set(_TEXTS)


def test_a_fact_may_be_a_count_names_or_another_remark() -> None:
    inner = Remark("moved", {"names": ["units", "purchasable_offer"]})
    assert remark_text(Remark("of-sku", {"sku": "CUP", "why": inner.as_json()})) == "CUP: units, purchasable_offer"
    assert remark_text(Remark("of-sku", {"sku": "CUP", "why": inner.as_json()}), "zh-Hans") == "CUP：件数、purchasable_offer"
    assert remark_text(Remark("reading-anew", {"count": 100_000})) == "Reading anew what 100,000 actions rest on ..."


def test_a_fact_that_lacks_and_a_code_of_a_later_version_break_nothing() -> None:
    assert remark_text(Remark("of-sku", {"sku": "CUP"})) == "CUP: ?"
    assert remark_text(Remark("of-the-future", {"sku": "CUP"})) == "of-the-future"


def test_an_error_is_translated_with_its_values() -> None:
    """Its parts are templates of the doors; a brace in a value is no placeholder."""
    error = AmazonDown("There is no account {name}.", why="", todo="", name="{name}", sent=True)
    assert remark_text(of_error(error)) == "There is no account {name}."
    assert remark_text(of_error(error), "zh-Hans") == "没有账户 {name}。"


def test_the_record_holds_english_beside_code_and_facts() -> None:
    """Whoever reads the journal without us reads a sentence; we read it in any language."""
    kept = told("why", Remark("given-up", {"count": 3}), code="given-up")
    assert kept == {"why": "3 tries came to nothing.", "because": {"code": "given-up", "facts": {"count": 3}}, "code": "given-up"}
    again = remark_on(kept)
    assert again is not None
    assert remark_text(again, "zh-Hans") == "尝试 3 次均无结果。"


@pytest.mark.parametrize(
    ("kept", "shows"),
    [
        ({"moved": "purchasable_offer"}, "purchasable_offer"),
        ({"why": "The answer was lost, and the listing does not show the change."}, "The answer was lost, and the listing does not show the change."),
        ({"code": "refused", "said": "Not like this.\nWhy"}, "Not like this.\nWhy"),
        ({"amazon": "INVALID", "issues": [{"severity": "WARNING", "message": "Hm."}, {"severity": "ERROR", "message": "No."}]}, "No."),
        ({"amazon": "FATAL"}, "Amazon says no more than FATAL"),
    ],
)
def test_what_was_kept_before_there_were_codes_still_shows(kept: dict[str, object], shows: str) -> None:
    remark = remark_on(kept)
    assert remark is not None
    assert remark_text(remark) == shows


def test_nothing_told_is_no_remark() -> None:
    assert remark_on({}) is None
    assert remark_of({"code": 3, "facts": {}}) is None
