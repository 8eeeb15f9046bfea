"""The page: one file that needs nothing else, well-formed, escaped, honest about what is unknown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from refloat.app import Triage
from refloat.wording.markdown import rendered
from refloat.wording.markup import tag
from refloat.wording.triage import html_strandings
from refloat.wording.triage.html import page, write_html
from refloat.wording.triage.html_causes import cause_anchor

NEVER_CLOSED = {"meta", "br"}


class Outline(HTMLParser):
    """What a browser makes of the page: elements, ids, links, headings; trouble where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == [], "elements that are never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name in tags]


@pytest.fixture
def text(account: Triage) -> str:
    return page(account, "en")


@pytest.fixture
def outline(text: str) -> Outline:
    return Outline(text)


def words(outline: Outline) -> str:
    return " ".join(" ".join(outline.text).split())


def test_points_at_nothing_outside_itself(text: str, outline: Outline) -> None:
    """No script, no address: the page works on a plane and tells nobody that it was opened."""
    links = [attributes[name] or "" for _tag, attributes in outline.elements for name in ("href", "src", "xlink:href", "srcset", "action", "data") if name in attributes]
    assert links
    assert all(link.startswith("#") for link in links)
    assert not outline.all("script", "link", "iframe", "img", "object", "embed", "base")
    assert not re.search(r"https?://|url\(|@import|javascript:", text)


def test_every_anchor_leads_somewhere(outline: Outline) -> None:
    """Each link has its target, and each id stands once."""
    ids = [attributes["id"] for _tag, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(attributes["href"])[1:] for attributes in outline.all("a")} <= set(ids)


def test_headings_go_down_step_by_step(outline: Outline) -> None:
    """A screen reader's table of contents has no holes, and begins with one h1."""
    levels = [int(name[1]) for name, _attributes in outline.elements if re.fullmatch("h[1-6]", name)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_tables_have_a_caption_and_scopes(outline: Outline) -> None:
    """Every heading cell says whether it heads a column or a row."""
    assert len(outline.all("caption")) == len(outline.all("table")) > 0
    assert all(attributes.get("scope") in ("col", "row") for attributes in outline.all("th"))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_says_its_language(account: Triage, tmp_path: Path, language: str) -> None:
    """A browser chooses voice, font and hyphens by it."""
    write_html(account, tmp_path / "page.html", language)
    written = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert written.startswith("<!DOCTYPE html>")
    assert Outline(written).all("html") == [{"lang": language}]


def test_a_chinese_page_names_causes_and_steps_in_chinese(account: Triage) -> None:
    """Cause, remedy and what to do come from the Chinese pages."""
    told = words(Outline(page(account, "zh-Hans")))
    assert "商品已下架" in told
    assert "重新发布之前，先核对价格。" in told


def test_values_are_escaped(text: str, outline: Outline) -> None:
    """A title with markup is shown and does not run."""
    assert "<script" not in text
    assert "<script>alert('x')</script> & more" in words(outline)


def test_unknown_is_called_unknown(triaged: Any) -> None:
    """Without a quantity neither units nor worth are zero, in the table and at the top."""
    told = words(Outline(page(triaged({"US": [{"sku": "A", "fulfillable-qty": ""}]}), "en")))
    assert "Worth unknown" in told
    assert "Units unknown" in told
    assert "units unknown" in told


def test_currencies_stand_apart(text: str, outline: Outline) -> None:
    """One amount a currency at the top, one chart a currency, no sum of both anywhere."""
    told = words(outline)
    assert "4,988.00 EUR" in told
    assert "100.00 USD" in told
    assert "5,088" not in text
    assert {"Worth by cause, EUR", "Worth by cause, USD"} <= {attributes.get("aria-label") for attributes in outline.all("svg")}


def test_an_estimate_has_a_sign_and_a_word(outline: Outline) -> None:
    """Nobody takes our date for Amazon's, nor needs to see a colour."""
    told = words(outline)
    assert re.search(r"≈ \d{4}-\d\d-\d\d \(estimate\)", told)
    assert "2026-11-25 in 3 days" in told
    assert "2 days overdue" in told


@pytest.mark.parametrize(
    ("row", "coming", "missed", "in_chinese"),
    [
        ({"stranded-reason": "Listing closed"}, "Amazon relists it by itself on 2026-12-", "Amazon would have relisted it by itself on 2026-0", "亚马逊本应自动重新发布"),
        ({"stranded-reason": "Merchant fulfilled"}, "Amazon changes it to FBA by itself on 2026-1", "Amazon would have changed it to FBA by itself on 2026-0", "亚马逊本应自动转换为亚马逊物流"),
    ],
)
def test_what_amazon_should_have_done_is_not_announced(triaged: Any, row: dict[str, str], coming: str, missed: str, in_chinese: str) -> None:
    """A day before the page's own is no promise: the automatic action may be off."""
    ahead = triaged({"US": [{"sku": "A-1", "date-stranded": "2026-11-21", **row}]})
    late = triaged({"US": [{"sku": "A-1", "date-stranded": "2026-07-01", **row}]})
    assert coming in page(ahead, "en") and missed not in page(ahead, "en")
    assert missed in page(late, "en") and coming not in page(late, "en")
    assert in_chinese in page(late, "zh-Hans")


def test_each_cause_has_its_steps(account: Triage, outline: Outline) -> None:
    """The table points at a section with “What to do” from the cause's own page."""
    sections = {attributes.get("id") for attributes in outline.all("article")}
    assert sections == {cause_anchor(cause) for cause in account.summary.by_cause}
    assert "Check the price before anything goes live." in words(outline)


def test_every_finding_shows_its_evidence(outline: Outline) -> None:
    """Which report, which field, what stood there."""
    assert "stranded, stranded-reason: Listing closed" in words(outline)


def test_a_long_table_is_cut_with_a_sentence(account: Triage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is told that rows are missing, and where they are."""
    monkeypatch.setattr(html_strandings, "MOST_ROWS", 2)
    told = words(Outline(page(account, "en")))
    assert "Here are the first 2 of 5 rows; --csv and --xlsx have them all." in told


def test_a_filtered_table_says_so(triaged: Any) -> None:
    """The numbers at the top count all, so they may differ from the table."""
    told = words(Outline(page(triaged({"US": [{"sku": "A"}, {"sku": "B"}]}, limit=1), "en")))
    assert "As asked, 1 of 2 SKUs are shown; the numbers above count all." in told


def test_a_header_alone_is_unknown_and_not_nothing(triaged: Any) -> None:
    """A report without rows may have failed: the page does not say that all is well."""
    told = words(Outline(page(triaged({"US": []}), "en")))
    assert "has a header and no rows" in told
    assert "Worth 0" not in told


def test_warnings_and_sources_are_listed(outline: Outline) -> None:
    """What the page rests on stands on it."""
    told = words(outline)
    assert "stranded-US.txt Stranded inventory US 3" in told


def test_text_is_escaped_in_one_place() -> None:
    """Children and attributes alike; control characters do not reach the page."""
    assert tag("p", "a<b\x00", title='"q"') == '<p title="&quot;q&quot;">a&lt;b\N{REPLACEMENT CHARACTER}</p>'


def test_the_markdown_of_pages_becomes_lists() -> None:
    """Numbers, bullets, paragraphs, emphasis and code; markup in it stays text."""
    assert rendered("Go in this order:\n\n1. Take `a-b`\n   and *this*.\n2. **Stop** <b>.") == (
        "<p>Go in this order:</p><ol><li>Take <code>a-b</code> and <em>this</em>.</li><li><strong>Stop</strong> &lt;b&gt;.</li></ol>"
    )
    assert rendered("* one\n- two") == "<ul><li>one</li><li>two</li></ul>"
