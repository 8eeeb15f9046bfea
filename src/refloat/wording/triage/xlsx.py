"""The strandings as a spreadsheet: a summary, then one sheet a remedy that a person can work through."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from refloat.app import Triage
from refloat.locale import translator
from refloat.wording.triage.xlsx_summary import write_summary
from refloat.wording.whole_file import whole_file
from refloat.wording.xlsx_sheets import NAME_LENGTH, Sheets, let_go


def write_xlsx(triage: Triage, path: Path, language: str) -> None:
    """The whole in numbers, then the shown strandings, one sheet a remedy, the most urgent remedy first.

    Money is a number with its currency beside it, a day is a date, unknown is called so. What a
    person must fill in stands last, empty and marked. Needs little memory, whatever the number of rows.

    Raises:
        OSError: the file cannot be written; an older one is untouched.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    with whole_file(path) as part, TemporaryDirectory() as folder:
        book = Workbook(str(part), {"constant_memory": True, "tmpdir": folder, "in_memory": False})
        try:
            _written(book, triage, language)
            book.close()
        except FileCreateError as error:
            raise _as_of_the_system(error) from error
        finally:
            let_go(book)


def _as_of_the_system(error: Exception) -> OSError:
    """The library wraps what the system said; the caller wants that itself."""
    cause = error.args[0] if error.args else None
    return cause if isinstance(cause, OSError) else OSError(str(error))


def _written(book: Any, triage: Triage, language: str) -> None:
    _ = translator(language)
    summary = book.add_worksheet(_("Summary")[:NAME_LENGTH])
    remedies = Sheets(book, triage.catalogue, language, triage.as_of)
    for remedy, rows in _by_urgency(triage):
        remedies.make_room(remedy, rows)
    for finding in triage.findings(language):
        remedies.add(finding)
    remedies.finish()
    write_summary(summary, triage, language, remedies.formats, remedies.first_sheets)
    book.set_properties({"title": _("Stranded inventory"), "comments": triage.as_of.isoformat()})


def _by_urgency(triage: Triage) -> list[tuple[str, int]]:
    """Every shown remedy with its number of rows; first the one whose first row is the most urgent."""
    by_remedy = triage.shown.group_by(pl.col("remedy").cast(pl.String)).agg(pl.len(), pl.col("due_bucket").min(), pl.col("removal_due_on").min().alias("first_due_on"))
    ordered = by_remedy.sort(["due_bucket", "first_due_on", "len", "remedy"], descending=[False, False, True, False], nulls_last=True)
    return list(ordered.select("remedy", "len").iter_rows())
