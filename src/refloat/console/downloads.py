"""Downloads of the table as it is filtered: CSV as it comes, a spreadsheet made beside and then sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from tempfile import TemporaryDirectory, TemporaryFile

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from refloat.app.filtered import findings_of
from refloat.app.showing import days
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.asking import view_of
from refloat.console.guarding import page
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.finding import Finding
from refloat.store.finding_rows import Asked, Days
from refloat.wording.flat import COLUMNS, cell, columns

#: So many lines leave together.
_TOGETHER = 200
#: A spreadsheet of more takes minutes, and nobody can open it.
_XLSX_MOST = 100_000


@require_GET
@page("viewer")
def as_csv(request: Request) -> HttpResponseBase:
    """As ``refloat triage --csv`` writes it, and safe to open: with a byte-order mark, and no cell that a spreadsheet would run."""
    answer = StreamingHttpResponse(_lines(_found(request), request.language), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="strandings.csv"'
    return answer


@require_GET
@page("viewer")
def as_xlsx(request: Request) -> HttpResponseBase:
    """One sheet a remedy, that a person can work through.

    Raises:
        WrongUse: there are more rows than a spreadsheet is good for.
    """
    from xlsxwriter import Workbook

    from refloat.wording.xlsx_sheets import Sheets, let_go

    asked, today = replace(view_of(request).of(request.access), sort="urgency"), days(desk.clock().now())
    _refuse_many(asked, today)
    # The answer closes it when it is sent.
    out, _ = TemporaryFile(), translator(request.language)  # noqa: SIM115
    with TemporaryDirectory() as folder:
        book = Workbook(out, {"constant_memory": True, "tmpdir": folder})
        try:
            sheets = Sheets(book, desk.known(), request.language, today.usual)
            for found in _found(request):
                sheets.add(found)
            if not sheets.open:
                book.add_worksheet().write_string(0, 0, _("No stranding is as the filters ask."))
            sheets.finish()
            book.close()
        finally:
            let_go(book)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename="strandings.xlsx")


def _refuse_many(asked: Asked, today: Days) -> None:
    """What lies counted is asked for; where a page would stop counting, the rows themselves are gone through, one beyond the limit at most."""
    count, whole = desk.store().pages.count(asked, today)
    if not whole:
        count = sum(1 for _ in islice(desk.store().pages.keys(asked, today), _XLSX_MOST + 1))
    if count > _XLSX_MOST:
        raise WrongUse(
            "More than {most} rows are too many for a spreadsheet.",
            why="It would take minutes to make, and hardly any program opens it.",
            todo="Filter the table further, or download the CSV.",
            most=f"{_XLSX_MOST:,}",
        )


def _found(request: Request) -> Iterator[Finding]:
    return findings_of(desk.store(), view_of(request).of(request.access), days(desk.clock().now()), desk.known(), request.language)


def _lines(found: Iterator[Finding], language: str) -> Iterator[str]:
    """The file, some lines at a time."""
    own, held = columns(desk.known(), language), io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    writer.writerow(COLUMNS)
    for number, one in enumerate(found, 1):
        writer.writerow([cell(column(one)) for column in own])
        if number % _TOGETHER == 0:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()
