"""Prices: a grid for as many as a person types, Amazon's own Bulk Fix file for more. Either way a plan comes of it, and nothing is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from refloat.app.live import triage_account
from refloat.app.loader import bulk_of
from refloat.app.policies import notes_on_record
from refloat.app.triage import Question
from refloat.app.wanted import Made, Wanted, filled_question, plan_for, plans_for
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.choosing import Chosen, chosen
from refloat.console.faults import not_understood, refused
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.saying import back, say, warn
from refloat.errors import WrongUse
from refloat.knowledge.messages import text_of
from refloat.knowledge.tables import marketplaces
from refloat.locale import translator
from refloat.loop.kept_rows import KeptRow, row_of
from refloat.model.money import Money
from refloat.model.source import Warning
from refloat.reports.loader import read_loader
from refloat.store.finding_rows import FindingRow
from refloat.wording.labels import Say, money_text

#: More are easier in a file.
GRID_MOST = 200
#: A file may be so large; 100,000 rows have some 10 MB.
_FILE_BYTES = 50 * 2**20
_AMOUNT = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
#: So many wrong rows of a file are named on the page.
_NAMED = 20


@dataclass(frozen=True)
class Cell:
    """One row of the grid: what was typed, the price that it means, and what is wrong with it."""

    row: FindingRow
    known: KeptRow
    typed: str
    price: Decimal | None
    wrong: str

    def words(self, _: Say) -> dict[str, Any]:
        """As the grid shows it."""
        row, known = self.row, self.known
        currency = currency_of(row.marketplace)
        least, most = known["bound_min"], known["bound_max"]
        reference = known["listing_price"] or known["price_shown"]
        return {
            "id": row.id, "sku": row.sku, "title": row.title or "–", "account": row.account, "place": row.marketplace, "currency": currency or "?", "typed": self.typed, "wrong": self.wrong,
            "now": _("unknown") if row.price_amount is None else money_text(Money(row.price_amount, row.price_currency), _),
            "bounds": _("none known") if least is None and most is None else f"{_text(least)} – {_text(most)}",
            "reference": _("unknown") if reference is None else money_text(Money(reference, currency), _),
        }  # fmt: skip


def _text(amount: Decimal | None) -> str:
    return "…" if amount is None else format(amount.quantize(Decimal("0.01")), "f")


def currency_of(place: str) -> str | None:
    """What people pay in there."""
    known = marketplaces().get(place)
    return known.currency if known else None


def grid(request: Request, found: Chosen) -> HttpResponse:
    """Show the grid; take it where every cell is sound; else show it again as it was typed, with what is wrong beside each cell."""
    store, _ = desk.store(), translator(request.language)
    ids = [number for number, *_rest in islice(found.each(), GRID_MOST + 1)]
    if len(ids) > GRID_MOST:
        return by_file(request, found)
    told, sure = store.pages.diagnosed(ids), "sure" in request.POST
    cells = [_cell(row, row_of(told.get(row.id, "{}")), request.POST.get(f"price-{row.id}", ""), _) for row in store.pages.rows(ids)]
    given = [cell for cell in cells if cell.price is not None]
    if not sure or not given or any(cell.wrong for cell in cells):
        nothing = _("No price is entered.") if sure and not given and not any(cell.wrong for cell in cells) else ""
        answer = {"cells": [cell.words(_) for cell in cells], "fields": found.fields(), "nothing": nothing, "wrong": sum(bool(cell.wrong) for cell in cells) if sure else 0}
        return shown(request, "console/prices.html", answer, code=422 if sure else 200)
    return _taken(request, given)


def _taken(request: Request, given: list[Cell]) -> HttpResponse:
    by_account: dict[str, dict[tuple[str, str], Decimal]] = {}
    for cell in given:
        by_account.setdefault(cell.row.account, {})[cell.row.marketplace, cell.row.sku] = cell.price or Decimal(0)
    from refloat.console.bulk import on_to

    made = Made()
    for account, prices in by_account.items():
        # They count for this plan alone: one that is rejected as a typing error must not leave a price behind that a rule opens an offer at.
        one = plans_for(desk.store(), {account: prices}, Wanted(request.access.name, "set-price", language=request.language, prices=prices), desk.own_clock)
        made.plans += one.plans
        made.failed |= one.failed
    return on_to(request, made)


def _cell(row: FindingRow, known: KeptRow, typed: str, _: Say) -> Cell:
    """The price that the text means; empty asks for nothing."""
    text = typed.strip()
    if not text:
        return Cell(row, known, typed, None, "")
    price, currency = Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None, currency_of(row.marketplace)
    if price is None or price <= 0:
        return Cell(row, known, typed, None, _("That is no price. Write for example 19.90."))
    if price != Money(price, currency).rounded():
        return Cell(row, known, typed, None, _("Amounts in {currency} have no decimals.").format(currency=currency))
    least, most = known["bound_min"], known["bound_max"]
    if (least is not None and price < least) or (most is not None and price > most):
        return Cell(row, known, typed, None, _("It lies outside your own bounds, {least} – {most}.").format(least=_text(least), most=_text(most)))
    return Cell(row, known, typed, price, "")


def by_file(request: Request, found: Chosen) -> HttpResponse:
    """For each account and marketplace: the Bulk Fix file of exactly these, and the way back for it."""
    groups: dict[tuple[str, str], int] = {}
    for _number, account, place, _sku in found.each():
        groups[account, place] = groups.get((account, place), 0) + 1
    rows = [{"account": account, "place": place, "count": f"{count:,}"} for (account, place), count in sorted(groups.items())]
    return shown(request, "console/prices_by_file.html", {"groups": rows, "fields": found.fields(), "most": GRID_MOST})


@require_POST
@page("operator")
def loader_file(request: Request) -> HttpResponse:
    """Amazon's Bulk Fix file of what is chosen, in one marketplace of one account."""
    account, place = request.POST.get("of-account", ""), request.POST.get("of-marketplace", "")
    if not request.access.may("operator", account):
        return refused(request, "operator")
    skus = [sku for where, sku in chosen(request).by_account().get(account, []) if where == place]
    notes, wishes = notes_on_record(desk.store(), account)
    bulk = bulk_of(triage_account(desk.store(), Question((), account=account, places=[place], notes=notes), desk.clock()), wishes, skus) if skus else None
    if bulk is None or not bulk.rows:
        raise WrongUse(
            "No file is written: nothing that was chosen can be mended by it.",
            why="The Bulk Fix file relists, changes to FBA, creates listings and sets prices; nothing else.",
            todo="Choose strandings whose remedy is one of these.",
        )
    return HttpResponse(bulk.content, content_type="text/plain", headers={"Content-Disposition": f'attachment; filename="bulk-fix-{place}.txt"'})


@require_POST
@page("operator")
def filled_in(request: Request) -> HttpResponse:
    """A Bulk Fix file that a person filled in becomes a plan; its wrong rows are named by line and column."""
    account, place, file = request.POST.get("of-account", ""), request.POST.get("of-marketplace", ""), request.FILES.get("file")
    _ = translator(request.language)
    if not request.access.may("operator", account):
        return refused(request, "operator")
    if file is None or place not in marketplaces():
        return not_understood(request)
    if (file.size or 0) > _FILE_BYTES:
        raise WrongUse("The file is larger than {most} MB.", why="A Bulk Fix file of 100,000 rows is smaller.", todo="Give the file that was downloaded here, filled in.", most=_FILE_BYTES // 2**20)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bulk-fix.txt"
        with path.open("wb") as out:
            for piece in file.chunks():
                out.write(piece)
        filled = read_loader(path, place)
    said: list[Warning] = [*filled.refused, *filled.warnings]
    for warning in said[:_NAMED]:
        warn(request, text_of(warning, request.language))
    more: list[Warning] = []
    plan = plan_for(desk.store(), filled_question(desk.store(), account, place, filled), Wanted(request.access.name, language=request.language), desk.own_clock(), more)
    for warning in more[:_NAMED]:
        warn(request, text_of(warning, request.language))
    if (left := max(0, len(said) - _NAMED) + max(0, len(more) - _NAMED)) > 0:
        warn(request, _("{count} more rows were not used.").format(count=f"{left:,}"))
    say(request, _("The file became this plan. Nothing was sent."))
    return back(request, reverse("plan", args=[plan.id]))
