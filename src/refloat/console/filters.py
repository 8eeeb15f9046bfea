"""The filters beside the table: each with its choices, how many fit each, and which are chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import get_template
from markupsafe import Markup

from refloat.app.asked import UNKNOWN
from refloat.console import desk
from refloat.console.rows import Wording
from refloat.store.finding_rows import Asked, Facet
from refloat.wording.labels import safety_labels, standing_labels

_DUE_DAYS, _AGE_DAYS = (0, 7, 14, 30), (7, 14, 30, 90)


class Choice(NamedTuple):
    """One value to choose; ``skus`` is how many fit, as a text."""

    value: str
    text: str
    skus: str
    chosen: bool


class Filter(NamedTuple):
    """One filter; of some only ``one`` choice can be made."""

    name: str
    title: str
    choices: Sequence[Choice]
    one: bool

    @property
    def chosen(self) -> bool:
        """Is any of it chosen?"""
        return any(choice.chosen for choice in self.choices)


class Beside(NamedTuple):
    """The filters as they stand in the page, and which they are."""

    html: Markup
    names: tuple[str, ...]


def beside(found: Mapping[str, Sequence[Facet]], asked: Asked, language: str, accounts: Sequence[str]) -> Beside:
    """The filters of the question. Hundreds of choices with the same counts read the same, however many people look at them."""
    return _beside(tuple((name, tuple(own)) for name, own in found.items()), asked, language, tuple(accounts))


@lru_cache(200)
def _beside(found: tuple[tuple[str, tuple[Facet, ...]], ...], asked: Asked, language: str, accounts: tuple[str, ...]) -> Beside:
    # No day: how many are due or old by now has been counted already.
    wording = Wording(desk.known(), language, date.min)
    offered = filters(dict(found), asked, wording, accounts)
    html = get_template("console/strandings_filters.html", using="jinja2").render({"filters": offered, "any": wording._("any")})
    return Beside(Markup(html), tuple(one.name for one in offered))  # noqa: S704 - escaped by the template


def filters(found: Mapping[str, Sequence[Facet]], asked: Asked, wording: Wording, accounts: Sequence[str]) -> list[Filter]:
    """What there is to choose among; a filter of one choice is none."""
    _ = wording._
    due, age = [_("overdue"), _("within 7 days"), _("within 14 days"), _("within 30 days")], [_("more than {days} days").format(days=days) for days in _AGE_DAYS]
    safeties, standings = safety_labels(_), standing_labels(_)
    made = [
        _among("account", _("Account"), found["account"], accounts, str),
        _among("marketplace", _("Marketplace"), found["marketplace"], asked.marketplaces, str),
        _among("cause", _("Reason"), found["cause"], asked.causes, wording.cause),
        _among("recommended", _("Amazon recommends"), found["recommended"], asked.recommended, lambda name: wording.remedy(name) if name else _("nothing")),
        _among("remedy", _("What to do"), found["remedy"], asked.remedies, wording.remedy),
        _among("safety", _("How it is done"), found["safety"], asked.safeties, lambda name: safeties.get(name or "", name or _("unknown"))),
        _among("standing", _("Standing"), found["standing"], asked.standings, lambda name: standings.get(name or "", name or _("unknown"))),
        _bands("due", _("Deadline"), found["due"], asked.due, list(zip(_DUE_DAYS, due, strict=True)), reach=lambda band, at: band <= at),
        _bands("age", _("Stranded for"), found["age"], asked.age, list(zip(_AGE_DAYS, age, strict=True)), reach=lambda band, at: at < band <= len(_AGE_DAYS)),
        _yes_no("held", _("On hold"), found["held"], asked.held, (_("on hold"), _("not on hold"))),
    ]
    return [one for one in made if len(one.choices) > 1 or one.chosen]


def _among(name: str, title: str, found: Sequence[Facet], chosen: Sequence[str | None], worded: Callable[[str | None], str]) -> Filter:
    there = [_choice(one.value, worded, one.skus, chosen=one.value in chosen) for one in found]
    values = {one.value for one in found}
    return Filter(name, title, there + [_choice(one, worded, 0, chosen=True) for one in chosen if one not in values], one=False)


def _choice(value: str | None, worded: Callable[[str | None], str], skus: int, *, chosen: bool) -> Choice:
    return Choice(UNKNOWN if value is None else value, worded(value), f"{skus:,}", chosen)


def _bands(name: str, title: str, found: Sequence[Facet], chosen: int | None, bands: Sequence[tuple[int, str]], *, reach: Callable[[int, int], bool]) -> Filter:
    choices = [Choice(str(days), text, f"{sum(one.skus for one in found if reach(int(one.value), at)):,}", days == chosen) for at, (days, text) in enumerate(bands)]
    return Filter(name, title, choices, one=True)


def _yes_no(name: str, title: str, found: Sequence[Facet], chosen: bool | None, texts: tuple[str, str]) -> Filter:
    counts = {bool(one.value): one.skus for one in found}
    offered = (("yes", texts[0], True), ("no", texts[1], False))
    return Filter(name, title, [Choice(value, text, f"{counts[truth]:,}", chosen is truth) for value, text, truth in offered if counts.get(truth)], one=True)
