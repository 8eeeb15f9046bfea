"""How every stranding ended, as a table on the screen: Amazon's words, the SKU, one word for the end, and who has it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from refloat.app.endings import HOW, Ending
from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.knowledge.messages import guard_text
from refloat.wording import labels
from refloat.wording.labels import Say

if TYPE_CHECKING:
    from rich.table import Table


def how_labels(_: Say) -> dict[str, str]:
    """How it ended → what a person calls it."""
    return {
        "cured": _("cured"), "removed": _("removed"), "gone": _("no units any more"), "held": _("held"), "person": _("with a person"),
        "waiting": _("waits for Amazon"), "under-way": _("under way"), "open": _("open"),
    }  # fmt: skip


def verdict_labels(_: Say) -> dict[str, str]:
    """A verdict → what a person calls it."""
    return {
        "cured": _("cured"), "removed": _("removed"), "deleted": _("listing deleted"), "sold-out": _("sold out"), "too-early": _("too early to tell"), "unchanged": _("unchanged"),
        "worse": _("another reason now"), "came-back": _("came back"),
    }  # fmt: skip


def counts(endings: Sequence[Ending], _: Say) -> str:
    """``48 strandings: 36 cured, 10 removed, …``."""
    found, names = Counter(one.how for one in endings), how_labels(_)
    listed = labels.listed([f"{names[how]} {found[how]:,}" for how in HOW if found[how]], _)
    return _("How {count} strandings ended: {what}").format(count=f"{len(endings):,}", what=listed)


def table_of(endings: Sequence[Ending], known: Catalogue, _: Say, language: str) -> Table:
    """One row a stranding, by how it ended, then by Amazon's words."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for heading in (_("Amazon's reason"), "SKU"):
        table.add_column(heading, overflow="fold")
    table.add_column(_("Units"), justify="right", no_wrap=True)
    table.add_column(_("How it ended"), no_wrap=True)
    table.add_column(_("By what, or who has it now"), overflow="fold")
    for one in sorted(endings, key=lambda ending: (HOW.index(ending.how), ending.said or "", ending.sku)):
        table.add_row(*(escape(text) for text in _cells(one, known, _, language)))
    return table


def _cells(one: Ending, known: Catalogue, _: Say, language: str) -> Iterator[str]:
    yield one.said or "?"
    yield one.sku
    yield "?" if one.units is None else f"{one.units:,}"
    yield how_labels(_)[one.how]
    yield _detail(one, known, _, language)


def _detail(one: Ending, known: Catalogue, _: Say, language: str) -> str:
    remedy = label(known.remedies[one.by].page, language) if one.by and one.by in known.remedies else ""
    if one.task is not None:
        return _("{remedy} (task #{task})").format(remedy=remedy, task=one.task)
    if one.guard is not None and one.how in {"held", "open"}:
        return guard_text(one.guard, language)
    return remedy
