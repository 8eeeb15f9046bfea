"""Trends: worth over time, by cause, age, verdicts; each a drawing with its table beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from django.http import Http404, HttpResponse

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.insight import drawing
from refloat.model.money import Money
from refloat.store.finding_rows import Asked
from refloat.store.views import KNOWN_DAYS
from refloat.wording.labels import money_text
from refloat.wording.verdicts import verdict_label

_DAYS, _CAUSES = 90, 12
#: A drawing loaded as an image knows nothing of the page: it carries its own ink, for light and for dark.
_INK = "<style>svg{color:#1b2025}@media (prefers-color-scheme:dark){svg{color:#e6e9ec}}</style>"
_OWN_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Trend:
    """One drawing: its bars or its line, and the table that says the same."""

    name: str
    title: str
    kind: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    #: (what it is called, how long, what is written), in order.
    bars: tuple[tuple[str, Decimal, str], ...]
    note: str = ""


@page("viewer")
def trends(request: Request) -> HttpResponse:
    """Every trend that has anything to show."""
    return shown(request, "console/trends.html", {"trends": list(_trends(request)), "days": _DAYS})


@page("viewer")
def picture(request: Request, name: str) -> HttpResponse:
    """One of them, drawn; drawing is slow at first, so it comes after the page."""
    found = next((one for one in _trends(request) if one.name == name), None)
    if found is None:
        raise Http404
    return HttpResponse(_drawn(found.kind, found.bars, found.title), content_type="image/svg+xml", headers={"Content-Security-Policy": _OWN_POLICY, "Cache-Control": "private, max-age=300"})


@lru_cache(256)
def _drawn(kind: str, bars: tuple[tuple[str, Decimal, str], ...], title: str) -> str:
    lengths = [(name, float(length), text) for name, length, text in bars]
    svg = drawing.over_days(lengths, title) if kind == "line" else drawing.names_above_bars(lengths, title)
    head, rest = svg.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg">{_INK}{rest}'


def _trends(request: Request) -> Iterator[Trend]:
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    accounts = request.access.accounts()
    yield from _worth_over_time(wording, accounts)
    yield from _worth_by_cause(wording, accounts)
    yield from _ages(wording, accounts)
    yield from _verdicts(wording, accounts)


def _worth_over_time(wording: Wording, accounts: tuple[str, ...] | None) -> Iterator[Trend]:
    """One a currency: amounts of different currencies share no axis."""
    _, rows = wording._, desk.store().views.days(accounts, wording.today - timedelta(days=_DAYS), wording.today)
    for currency in sorted({row.currency for row in rows if row.worth is not None}, key=str):
        own = [row for row in rows if row.currency == currency and row.worth is not None]
        told = [(row.day.isoformat(), row.worth or Decimal(0), row.skus) for row in own]
        bars = tuple((day, worth, money_text(Money(worth, currency), _)) for day, worth, _skus in told)
        name = currency or _("currency unknown")
        table = tuple((day, money_text(Money(worth, currency), _), f"{skus:,}") for day, worth, skus in reversed(told))
        note = _("A marketplace that was not looked at on a day stands with its last known figures, for {days} days; after that nothing is known of it.").format(days=KNOWN_DAYS)
        yield Trend(f"worth-{(currency or 'unknown').lower()}", _("Stranded worth over time, {currency}").format(currency=name), "line", (_("Day"), _("Worth"), _("SKUs")), table, bars, note)


def _worth_by_cause(wording: Wording, accounts: tuple[str, ...] | None) -> Iterator[Trend]:
    _, pages = wording._, desk.store().pages
    found: dict[str | None, list[tuple[str, Decimal, int]]] = {}
    for facet in pages.facets(Asked(accounts=accounts), ("cause",))["cause"]:
        skus, _units, worth = pages.totals(Asked(accounts=accounts, causes=(facet.value,))) if facet.value else (0, None, {})
        for currency, amount in worth.items():
            found.setdefault(currency, []).append((wording.cause(facet.value), amount, skus))
    for currency, rows in sorted(found.items(), key=str):
        most = sorted(rows, key=lambda row: -row[1])[:_CAUSES]
        bars = tuple((name, amount, money_text(Money(amount, currency), _)) for name, amount, _skus in most)
        table = tuple((name, f"{skus:,}", money_text(Money(amount, currency), _)) for name, amount, skus in most)
        left = len(rows) - len(most)
        note = _("And {count} more causes of less worth.").format(count=left) if left > 0 else ""
        title = _("Worth by cause, {currency}").format(currency=currency or _("currency unknown"))
        yield Trend(f"causes-{(currency or 'unknown').lower()}", title, "bars", (_("Cause"), _("SKUs"), _("Worth")), table, bars, note)


def _ages(wording: Wording, accounts: tuple[str, ...] | None) -> Iterator[Trend]:
    _ = wording._
    bands = [_("up to 7 days"), _("8–14 days"), _("15–30 days"), _("31–90 days"), _("over 90 days"), _("unknown")]
    counts = {one.value: one.skus for one in desk.store().pages.facets(Asked(accounts=accounts), ("age",))["age"]}
    if counts:
        rows = [(name, counts.get(at, 0)) for at, name in enumerate(bands)]
        bars = tuple((name, Decimal(skus), f"{skus:,}") for name, skus in rows)
        yield Trend("ages", _("Age of the strandings"), "bars", (_("Stranded for"), _("SKUs")), tuple((name, f"{skus:,}") for name, skus in rows), bars)


def _verdicts(wording: Wording, accounts: tuple[str, ...] | None) -> Iterator[Trend]:
    _ = wording._
    rows = [(wording.remedy(remedy), verdict_label(word, _), many) for remedy, word, many in desk.store().views.verdicts(accounts, desk.clock().now() - timedelta(days=_DAYS))]
    if rows:
        table = tuple((remedy, word, f"{many:,}") for remedy, word, many in rows)
        bars = tuple((f"{remedy}: {word}", Decimal(many), f"{many:,}") for remedy, word, many in rows)
        yield Trend("verdicts", _("Verdicts by remedy"), "bars", (_("Remedy"), _("Verdict"), _("Actions")), table, bars)
