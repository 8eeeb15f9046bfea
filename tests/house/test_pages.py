"""Every page of the catalogue: complete in both languages, in Amazon's own words, written for its own case."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest
from tests.house.pages import Pair, pairs, pieces
from tests.house.tree import ROOT, SRC, text_files

from refloat.knowledge import drafts
from refloat.knowledge.by_hand import by_hand
from refloat.knowledge.catalogue import Cause, Remedy, catalogue
from refloat.knowledge.tables import table
from refloat.loop.sightings import RESULT

ALL = list(pairs())
CAUSES = [pair for pair in ALL if isinstance(pair.entry, Cause)]
BY_HAND = [pair for pair in ALL if isinstance(pair.entry, Remedy) and pair.entry.safety == "by-hand"]
EVERY = pytest.mark.parametrize("pair", ALL, ids=[pair.name for pair in ALL])
EVERY_CAUSE = pytest.mark.parametrize("pair", CAUSES, ids=[pair.name for pair in CAUSES])

#: The market's words for things for which Amazon has its own; said nowhere.
SLANG = ("链接", "重新激活链接", "改 FBA", "改FBA", "自发货", "移仓", "退回", "丢弃", "客服")
#: The market's words for stranded inventory: each may stand once, so that a search finds us.
SEARCH_WORDS = ("滞留库存", "断链库存")
_WAIT = {
    "en": re.compile(r"\b(?:\d+|one|two)\+? (?:(?:to|or) \d+ |business )*(?:minute|hour|day|week|month)|a day|until|no (?:time|wait)|not (?:published|known|stated)", re.IGNORECASE),
    "zh": re.compile(r"[\d一两] ?个?(?:小时|工作日|天|日|周|月)|直到|为止|没有公布|未公布"),
}
_NAMED = re.compile(r"`([a-z0-9]+(?:-[a-z0-9]+)+|appeal|hold|review|wait|expired|unexplained)`")
#: Backticked words with a hyphen that are columns of Amazon's reports and no pages of ours.
_REPORT_COLUMNS = {field.lower() for path in (SRC / "knowledge" / "reports").glob("*.toml") for field in table(f"reports/{path.stem}")["fields"]}


@EVERY
def test_every_heading_is_there_and_filled(pair: Pair) -> None:
    """Each page has its own headings in their order, in both languages, and something under each."""
    assert list(pair.english.sections) == list(pair.headings)
    assert list(pair.chinese.sections) == list(pair.headings.values())
    assert [name for page in (pair.english, pair.chinese) for name, text in page.sections.items() if len(text) < 10] == []
    assert pair.english.title
    assert re.search(r"[\u4e00-\u9fff]", pair.chinese.title)
    assert pair.chinese.front["label"]


@EVERY
def test_the_chinese_page_is_chinese(pair: Pair) -> None:
    """The Chinese page is a page of its own, not the English one under another name."""
    prose = "".join(text for name, text in pair.chinese.sections.items() if name != "来源")
    assert len(re.findall(r"[\u4e00-\u9fff]", prose)) > 100


@EVERY_CAUSE
def test_why_is_said_in_both_languages_with_columns_that_exist(pair: Pair) -> None:
    """The sentence on the screen names the SKU or the units, and only columns of the result."""
    assert isinstance(pair.entry, Cause)
    for why in (pair.entry.why, pair.chinese.front.get("why", "")):
        asked = {name for _, name, _, _ in Formatter().parse(why) if name is not None}
        assert asked - {"units", *RESULT} == set()
        assert asked & {"sku", "units", "asin"}, why
        assert len(why) <= 220


@EVERY
def test_a_page_says_where_to_click(pair: Pair) -> None:
    """The steps name a path on Amazon's pages, such as Inventory > Manage Inventory."""
    steps = pair.english.sections["What to do" if isinstance(pair.entry, Cause) else "In Seller Central"]
    chinese = pair.chinese.sections["怎么做" if isinstance(pair.entry, Cause) else "在卖家平台中"]
    assert re.search(r"\w > \w", steps)
    assert re.search(r"[\w”』」] ?> ?[\w“『「]", chinese)


@EVERY
def test_a_page_says_how_long_it_takes(pair: Pair) -> None:
    """The seller learns when to look again; of a cause the front matter says it too."""
    english = pair.english.sections["What to do" if isinstance(pair.entry, Cause) else "How long it takes"]
    chinese = pair.chinese.sections["怎么做" if isinstance(pair.entry, Cause) else "需要多久"]
    assert _WAIT["en"].search(re.sub(r"^\d+\.", "", english, flags=re.MULTILINE))
    assert _WAIT["zh"].search(re.sub(r"^\d+\.", "", chinese, flags=re.MULTILINE))
    if isinstance(pair.entry, Cause):
        assert 0 < pair.entry.waits["amazon_hours"] <= pair.entry.waits["escalate_hours"]


@EVERY
def test_a_page_says_when_it_is_wrong(pair: Pair) -> None:
    """The case in which the advice is wrong names another cause or remedy."""
    heading = "When it is something else" if isinstance(pair.entry, Cause) else "When it is wrong"
    for page, name in ((pair.english, heading), (pair.chinese, pair.headings[heading])):
        others = set(_NAMED.findall(page.sections[name])) - {pair.name}
        assert others & {*catalogue().causes, *catalogue().remedies}


@EVERY
def test_every_page_that_is_named_exists(pair: Pair) -> None:
    """What stands in backticks like a page's name is one, or a reason of Amazon's that we know, or a column of a report."""
    known = {*catalogue().causes, *catalogue().remedies, *catalogue().symptoms, *_REPORT_COLUMNS}
    assert {name for page in (pair.english, pair.chinese) for name in _NAMED.findall(page.body)} - known == set()


@EVERY
def test_every_page_names_its_sources(pair: Pair) -> None:
    """Whoever doubts a page can look it up: sources in the front matter and on the page."""
    assert all(source.strip() for source in pair.entry.sources)
    assert pair.entry.sources
    for page, heading in ((pair.english, "Sources"), (pair.chinese, "来源")):
        assert len(re.findall(r"^[*-] ", page.sections[heading], re.MULTILINE)) >= 1


@pytest.mark.parametrize("pair", BY_HAND, ids=[pair.name for pair in BY_HAND])
def test_a_remedy_by_hand_gives_a_person_everything(pair: Pair) -> None:
    """Pages to open, papers to have, something to ask for, and a text that names what support looks a case up by, in both languages."""
    for language in ("en", "zh-Hans"):
        found = by_hand(pair.entry.page, language)
        assert found.links
        assert found.papers
        assert "default" in found.asks
        named = drafts.named(found.template or "")
        assert {"sku", "asin", "fnsku", "title", "units", "said", "stranded_on", "tried", "attached"} <= named
        assert "[" in (found.template_for("unexplained") or "")


def test_a_remedy_that_cannot_be_undone_says_so() -> None:
    """What is irreversible needs consent at least, and names no undo."""
    for remedy in catalogue().remedies.values():
        assert isinstance(remedy, Remedy)
        assert not (remedy.irreversible and (remedy.undo or remedy.safety == "safe")), remedy.name
        assert not remedy.undo or remedy.undo in catalogue().remedies, remedy.name


def test_no_paragraph_stands_on_more_than_three_pages() -> None:
    """A page is written for its own case: nothing longer than 60 characters is pasted onto four pages."""
    seen: dict[str, set[str]] = defaultdict(set)
    for pair in ALL:
        for page in (pair.english, pair.chinese):
            for piece in pieces(page):
                if len(piece) > 60:
                    seen[piece].add(page.path.name)
    assert {piece: sorted(pages) for piece, pages in seen.items() if len(pages) > 3} == {}


def test_nothing_chinese_is_said_in_slang() -> None:
    """Pages, messages and the words of the doors say what Seller Central says."""
    assert [(path, word) for path, text in _chinese() for word in SLANG if word in text] == []


def test_the_search_words_stand_once_at_most() -> None:
    """The market's words for stranded inventory may be found once each, as search words."""
    for word in SEARCH_WORDS:
        assert sum(text.count(word) for _, text in _chinese()) <= 1, word


def test_every_message_is_said_in_both_languages() -> None:
    """A warning's two texts ask for the same facts."""
    for code, texts in table("messages").items():
        if code != "outcome":
            asked = [{name for _, name, _, _ in Formatter().parse(texts[language]) if name} for language in ("en", "zh")]
            assert asked[0] - {"outcome"} == asked[1] - {"outcome"}, code


def _chinese() -> list[tuple[str, str]]:
    """Every text that a Chinese reader meets: pages, messages, titles of reports, the doors, the docs."""
    found = [(path, text) for path, text in text_files() if path.endswith((".zh.md", ".zh-Hans.md"))]
    found += [(path, "\n".join(re.findall(r'^(?:msgstr.*|".*")$', text, re.MULTILINE))) for path, text in text_files() if path.endswith(".po")]
    found += [("messages.toml", "\n".join(str(value) for texts in table("messages").values() for key, value in texts.items() if key.endswith("zh")))]
    shared = table("tasks")
    found += [("tasks.toml", "\n".join([shared["product"]["zh"], *(row["zh"] for part in ("pages", "tried", "results") for row in shared[part].values())]))]
    found += [(pair.name, "\n".join((*one.asks.values(), *(paper.text for paper in one.papers)))) for pair in BY_HAND for one in [by_hand(pair.entry.page, "zh-Hans")]]
    found += [(Path(path).name, table(f"reports/{path.stem}")["title_zh"]) for path in sorted((ROOT / "src/refloat/knowledge/reports").glob("*.toml"))]
    return found
