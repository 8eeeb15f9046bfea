"""The stories as a whole: every cause has its own, and each root cause is a diagnosis, not an echo of Amazon's reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from refloat.knowledge.catalogue import UNEXPLAINED, catalogue
from refloat.knowledge.spelling import reason_key
from refloat.stories import Story, stories

ALL = list(stories())
CAUSES = sorted(catalogue().causes)
#: Refined by evidence. Not the last one, which has none, nor the hold, whose cure is to leave it.
ROOTS = [name for name in CAUSES if not catalogue().causes[name].is_reason and name not in (UNEXPLAINED, "future-listing-sell-date")]


@dataclass(frozen=True)
class Ending:
    """How one SKU of a story ends: Amazon's reason as it compares, our cause, the first remedy."""

    story: str
    reason: str
    cause: str
    remedy: str


def endings(story: Story) -> Iterator[Ending]:
    """Every SKU that the story expects; the reason is blank where Amazon says none, or lists nothing."""
    reasons = dict(_reasons(story))
    for sku, expected in story.expected.items():
        yield Ending(story.name, reason_key(reasons.get(sku, "")), expected["cause"], expected["remedy"])


def _reasons(story: Story) -> Iterator[tuple[str, str]]:
    for _, text in story.reports:
        header, *rows = [line.split("\t") for line in text.splitlines()]
        names = [name.strip().casefold() for name in header]
        if "stranded-reason" in names:
            yield from ((row[names.index("sku")], row[names.index("stranded-reason")]) for row in rows)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_fires_and_stays_silent(cause: str) -> None:
    """Every cause has a story in which it fires and one, near to it, in which it must not."""
    fires = {story.fires for story in ALL if story.cause == cause}
    assert fires == {True, False}


@pytest.mark.parametrize("cause", ROOTS)
def test_a_root_cause_is_more_than_the_reason(cause: str) -> None:
    """Two stories share Amazon's reason and differ in cause and first remedy: the evidence decides."""
    own = [(story, list(endings(story))) for story in ALL if story.cause == cause]
    firing = [ending for story, found in own if story.fires for ending in found if ending.cause == cause]
    silent = [ending for story, found in own if not story.fires for ending in found if ending.cause != cause]
    pairs = [(one.story, other.story) for one in firing for other in silent if one.reason == other.reason and one.remedy != other.remedy]
    assert pairs, f"{cause}: firing {firing}, silent {silent}"


def test_the_root_causes_of_the_guide_are_all_there() -> None:
    """The root causes of the sellers' guide, each refined by evidence."""
    guide = {
        "price-outside-bounds", "asin-restricted", "content-missing", "return-rate-high", "listing-gone", "deleted-by-another",
        "brand-authorisation-missing", "expired", "returned-after-deletion", "converted-by-upload", "found-without-listing",
    }  # fmt: skip
    assert guide <= set(ROOTS)


def test_a_story_lies_on_its_cause_s_shelf() -> None:
    """A story's folder is its cause, and the cause exists."""
    assert [story.name for story in ALL if story.page.path.parent.name != story.cause or story.cause not in catalogue().causes] == []


def test_a_story_s_title_is_its_own() -> None:
    """Nobody mixes two stories up: names are unique, and titles too."""
    assert [name for name, count in Counter(story.name for story in ALL).items() if count > 1] == []
    assert [title for title, count in Counter(story.page.title for story in ALL).items() if count > 1] == []


@pytest.mark.parametrize("story", ALL, ids=[story.name for story in ALL])
def test_a_story_is_visibly_made_up(story: Story) -> None:
    """No real product, label or case can be taken for a customer's: ASINs and FNSKUs say TEST, and every SKU of the end stands in the files."""
    text = "\n".join(report for _, report in story.reports)
    labels = re.findall(r"\b(?:B0[0-9A-Z]{8}|X00[0-9A-Z]{7})\b", story.page.body)
    assert [label for label in labels if "TEST" not in label] == []
    assert re.search(r"\bB0TEST\w{4}\b", text)
    assert [sku for sku in story.expected if sku not in text] == []
    assert not re.search(r"@(?!example\.)|https?://(?!example\.)", text)
