"""For each cause that occurs, what its page says to do; the table of strandings points here."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from refloat.app import Triage
from refloat.knowledge.catalogue import translated
from refloat.knowledge.labels import label
from refloat.knowledge.page import Page
from refloat.locale import translator
from refloat.wording.markdown import rendered
from refloat.wording.markup import Html, joined, tag
from refloat.wording.triage.glance import group, group_text

#: The section of a knowledge page, in its own languages.
_WHAT_TO_DO = ("What to do", "怎么做")


def cause_anchor(name: str) -> str:
    """Where the page tells about the cause."""
    return f"cause-{name}"


def causes(triage: Triage, language: str) -> Html:
    """One short section a cause, in the order in which the causes first need attention."""
    return joined(_sections(triage, language))


def _sections(triage: Triage, language: str) -> Iterator[Html]:
    _ = translator(language)
    frame = triage.frame.with_columns(pl.col("cause").cast(pl.String))
    for (cause,), rows in frame.group_by("cause", maintain_order=True):
        name = str(cause)
        page = triage.catalogue.causes[name].page
        read_more = _("More: refloat explain {name}").format(name=name)
        yield tag(
            "article",
            tag("h3", label(page, language)),
            tag("p", group_text(group(rows), _), class_="quiet"),
            tag("h4", _("What to do")),
            rendered(what_to_do(translated(page, language))),
            tag("p", read_more, class_="quiet"),
            id=cause_anchor(name),
        )


def what_to_do(page: Page) -> str:
    """The page's own steps; a page of the user's that has none gives nothing."""
    return next((page.sections[heading] for heading in _WHAT_TO_DO if heading in page.sections), "")
