"""The strandings as CSV: one row a finding, the columns of the triage contract laid flat."""

from __future__ import annotations

import csv
from pathlib import Path

from refloat.app import Triage
from refloat.wording.flat import COLUMNS, columns
from refloat.wording.flat import cell as _cell
from refloat.wording.whole_file import whole_file


def write_csv(triage: Triage, path: Path, language: str) -> None:
    """The shown strandings as UTF-8 with a byte-order mark, so that Excel reads every letter right.

    The names of the columns are those of the contract in every language; ``why`` and the labels are
    in ``language``. An empty cell is unknown, never zero. Text that a spreadsheet would run begins
    with an apostrophe.

    Raises:
        OSError: the file cannot be written; an older one is untouched.
    """
    with whole_file(path) as part, part.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(COLUMNS)
        own = columns(triage.catalogue, language)
        for finding in triage.findings(language):
            lines.writerow([_cell(column(finding)) for column in own])
