"""The little language of a text: facts, questions, and what is refused when the catalogue is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from refloat.errors import KnowledgeError
from refloat.knowledge import drafts
from refloat.knowledge.by_hand import by_hand
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.page import read_page


@pytest.mark.parametrize(
    ("template", "facts", "text", "asks"),
    [
        ("SKU: {sku}", {"sku": "A-1"}, "SKU: A-1", ()),
        ("SKU: {sku}\nASIN: {asin}", {"sku": "A-1"}, "SKU: A-1", ()),
        ("ASIN: {asin|the ASIN}", {"asin": None}, "ASIN: [the ASIN]", ("the ASIN",)),
        ("ASIN: {asin|the ASIN}", {"asin": "B0"}, "ASIN: B0", ()),
        ("Done:\n- {tried}", {"tried": ["one", "two"]}, "Done:\n- one\n- two", ()),
        ("Hello\n\nDone:\n- {tried}\n\nBye", {"tried": []}, "Hello\n\nBye", ()),
        ("- {attached|the papers}", {"attached": []}, "- [the papers]", ("the papers",)),
        ("[what {sku}]", {"sku": "A"}, "[what A]", ()),
        ("Why: [your words]", {}, "Why: [your words]", ("your words",)),
        ("{sku} and {asin|the ASIN}", {"sku": "A"}, "A and [the ASIN]", ("the ASIN",)),
    ],
)
def test_a_text_is_drafted(template: str, facts: dict[str, object], text: str, asks: tuple[str, ...]) -> None:
    """Known facts stand in it, unknown ones are left out with their line or asked for."""
    found = drafts.drafted(template, facts)  # type: ignore[arg-type]
    assert (found.text, found.asks) == (text, asks)


@pytest.mark.parametrize("template", ["{nothing}", "{sku", "sku}", "[the date", "{sku} {asin}", "{Sku}", "{sku|}", "{ sku }", "{sku!r}", "{sku:>9}", "{}"])
def test_what_would_come_out_wrong_is_refused(template: str) -> None:
    """A fact that there is not, a brace or a bracket that stands alone, two facts on a line."""
    with pytest.raises(KnowledgeError):
        drafts.check(template, "a page")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SKU {sku}", "SKU {nothing}", "nothing"),
        ('links = ["support"', 'links = ["nowhere"', "nowhere"),
        ("item-merged =", "nobody =", "nobody"),
        ('name = "screenshot"', 'names = "screenshot"', "paper"),
        ("[task]\n", "[task]\nlink = 1\n", "unknown key"),
        ('default = "Please', 'default = "{sku} Please', "asks for"),
    ],
)
def test_a_wrong_page_is_refused_when_it_is_loaded(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A user's own page of contact-support, with one thing wrong: nothing starts with it."""
    text = catalogue().remedies["contact-support"].page.path.read_text(encoding="utf-8")
    assert old in text
    (folder := tmp_path / "remedies").mkdir()
    (folder / "contact-support.md").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=said):
        catalogue(tmp_path)


def test_both_languages_must_name_the_same(tmp_path: Path) -> None:
    """A fact, a paper or a cause that only one page names is refused."""
    source = catalogue().remedies["appeal"].page.path
    (folder := tmp_path / "remedies").mkdir()
    (folder / "appeal.md").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    chinese = source.with_suffix(".zh.md").read_text(encoding="utf-8")
    for old, new in (("- {tried}", "- {brand}"), ("photos =", "pictures ="), ("blocked-listing =", "item-merged =")):
        assert old in chinese
        (folder / "appeal.zh.md").write_text(chinese.replace(old, new), encoding="utf-8")
        catalogue.cache_clear()
        with pytest.raises(KnowledgeError):
            catalogue(tmp_path)


def test_a_page_of_the_users_own_without_a_text_is_a_task_without_one(tmp_path: Path) -> None:
    """Links, papers and text may all be left out."""
    (path := tmp_path / "mine.md").write_text('+++\nname = "mine"\n+++\n# Mine\n', encoding="utf-8")
    found = by_hand(read_page(path), "zh-Hans")
    assert (found.links, found.papers, found.template_for("unexplained")) == ((), (), None)
