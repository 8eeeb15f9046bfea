"""Pages of what is open: filtered, sorted, a page at a time by where the last one ended; and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from refloat.store import finding_counts as counts
from refloat.store.finding_question import Question, rows_of
from refloat.store.finding_rows import FACETS, Asked, Cursor, Days, Facet, FindingRow, IncidentRow, Page
from refloat.store.models import FindingDetail
from refloat.store.sql import amount, answers
from refloat.store.turns import reading

#: So many are counted one by one where no count lies ready.
COUNTED_MOST = 10_000
#: So many are read by their numbers in one question.
_AT_ONCE = 5000
_INCIDENT = ", ".join("a.name" if name == "account" else f"c.{name}" for name in IncidentRow.__slots__)


class FindingPages:
    """What is open, of whichever accounts. ``today`` decides what is overdue, how old something is, and what is held."""

    def counted(self, asked: Asked, today: Days) -> bool:
        """Do counts that lie ready know all about it, ``totals`` among it?"""
        with reading():
            return counts.counted(asked, today)

    def of_another_day(self, asked: Asked, today: Days) -> bool:
        """Are counts of deadlines, ages and holds those of an earlier day?"""
        with reading():
            return counts.of_another_day(asked, today)

    def page(self, asked: Asked, today: Days, cursor: Cursor | None = None, size: int = 50) -> Page:
        """``size`` rows after (or before) the cursor. A row that went since is simply not there any more."""
        with reading():
            # Where the counts know that nothing fits, an index would be walked to its end to find that out.
            question = None if counts.nothing(asked, today) else Question.of(asked, today)
            back = cursor is not None and cursor.back
            found = [] if question is None else question.rows(cursor, size + 1)
        more, found = len(found) > size, found[:size]
        found = found[::-1] if back else found
        first, last = (Cursor(found[0][0], found[0][1].id, True), Cursor(found[-1][0], found[-1][1].id)) if found else (None, None)
        return Page(tuple(row for _, row in found), last if back or more else None, first if (more if back else cursor is not None) else None)

    def count(self, asked: Asked, today: Days) -> tuple[int, bool]:
        """How many fit, and whether that is all of them: where nothing lies counted, counting ends at ``COUNTED_MOST``."""
        with reading():
            if counts.counted(asked, today):
                return counts.fitting(asked), True
            question = Question.of(asked, today)
            number = 0 if question is None else question.count(COUNTED_MOST + 1)
            return min(number, COUNTED_MOST), number <= COUNTED_MOST

    def totals(self, asked: Asked) -> tuple[int, int | None, dict[str | None, Decimal]]:
        """(SKUs, units, currency → worth) of what fits, from the counts; pools count once, unknown is left out."""
        with reading():
            return counts.totals(asked)

    def facets(self, asked: Asked, dimensions: Sequence[str] = FACETS) -> dict[str, tuple[Facet, ...]]:
        """Dimension → its values with how many fit, the most first; ``due`` and ``age`` by band, in order."""
        with reading():
            return counts.facets(asked, dimensions)

    def incidents(self, asked: Asked, most: int = 50) -> tuple[IncidentRow, ...]:
        """The most urgent incidents; of the filters, accounts, marketplaces, causes, remedies, safeties and ``held`` count."""
        with reading():
            parts = list(counts.parts(replace(asked, recommended=(), standings=(), due=None, age=None)))
            where = " AND ".join(["1=1", *(part for part, _ in parts)])
            text = f"SELECT {_INCIDENT} FROM store_findingincident c JOIN store_account a ON a.id = c.account_id WHERE {where} ORDER BY c.urgency, c.id LIMIT %s"  # noqa: S608 - names of our own
            found = [IncidentRow(*row) for row in answers(text, [*(value for _, values in parts for value in values), most])]
            return tuple(replace(one, held=bool(one.held), worth=amount(one.worth)) for one in found)

    def one(self, finding_id: int) -> tuple[FindingRow, str | None] | None:
        """The finding, and its diagnosed row as JSON; None when it is open no more."""
        with reading():
            row = rows_of([finding_id]).get(finding_id)
            return None if row is None else (row, FindingDetail.objects.values_list("row", flat=True).filter(pk=finding_id).first())

    def keys(self, asked: Asked, today: Days) -> Iterator[tuple[int, str, str, str]]:
        """(id, account, marketplace, SKU) of everything that fits, however many, the most urgent first."""
        with reading():
            question = Question.of(asked, today)
            if question is not None:
                yield from question.everything()

    def rows(self, ids: Sequence[int]) -> tuple[FindingRow, ...]:
        """These findings, in their order; what is open no more is left out."""
        with reading():
            found: dict[int, FindingRow] = {}
            for at in range(0, len(ids), _AT_ONCE):
                found |= rows_of(list(ids[at : at + _AT_ONCE]))
            return tuple(found[key] for key in ids if key in found)

    def diagnosed(self, ids: Sequence[int]) -> dict[int, str]:
        """Finding → its diagnosed row as JSON, where there is one."""
        with reading():
            found: dict[int, str] = {}
            for at in range(0, len(ids), _AT_ONCE):
                found.update(FindingDetail.objects.filter(pk__in=ids[at : at + _AT_ONCE]).values_list("id", "row"))
            return found

    def counted_on(self, asked: Asked) -> date | None:
        """The earliest day on which one of the counts was made; None where nothing is counted."""
        with reading():
            return counts.counted_on(asked)
