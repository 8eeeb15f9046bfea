"""A question about what is open, as SQL: in pieces that each walk an index in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, NamedTuple

from django.db import connection

from refloat.store.finding_days import day_in_sql
from refloat.store.finding_rows import FILTERS, SORTS, Asked, Cursor, Days, FindingRow
from refloat.store.sql import among, amount, answers, marks
from refloat.store.words import matching

#: In so many pieces a question may fall, each answered by an index; more are asked as one.
_PIECES_MOST = 60
_AMOUNTS = [at for at, name in enumerate(FindingRow._fields) if name in {"price_amount", "worth_amount", "cost_per_day", "cost_so_far"}]
_FIELDS = ", ".join("a.name" if name == "account" else f"f.{name}" for name in FindingRow._fields)


class Piece(NamedTuple):
    """A part of a question that one index answers: what stands before the order in it."""

    where: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Question:
    """The question as SQL: pieces that each walk an index in order, and what every row must fit besides."""

    pieces: tuple[Piece, ...]
    rest: Piece
    column: str

    @classmethod
    def of(cls, asked: Asked, today: Days) -> Question | None:
        """None when it names an account that is not there: nothing fits."""
        accounts = None
        if asked.accounts is not None:
            accounts = tuple(one[0] for one in answers(f"SELECT id FROM store_account WHERE name IN ({marks(asked.accounts)})", asked.accounts)) if asked.accounts else ()  # noqa: S608
        if accounts == ():
            return None
        own = dict(_lists(asked, accounts))
        pieces = _pieces(own, accounts)
        rest, values = list[str](), list[Any]()
        for where, more in (*(among(column, some) for column, some in own.items()), *_others(asked, today)):
            rest.append(where)
            values += more
        return cls(pieces, Piece(" AND ".join(rest) or "1=1", tuple(values)), SORTS[asked.sort])

    def rows(self, cursor: Cursor | None, most: int) -> list[tuple[Any, FindingRow]]:
        """(sorted value, row) of so many rows after the cursor, or before it, the nearest first."""
        back = cursor is not None and cursor.back
        falls, sign = (" DESC", "<") if back else ("", ">")
        order = f"{self.column}{falls}, id{falls}"
        beyond = "" if cursor is None else f" AND ({self.column}, id) {sign} (%s, %s)"
        place = () if cursor is None else (cursor.value, cursor.id)
        one = [f"SELECT {self.column}, id FROM store_openfinding WHERE {piece.where} AND {self.rest.where}{beyond} ORDER BY {order} LIMIT %s" for piece in self.pieces]  # noqa: S608
        values = [value for piece in self.pieces for value in (*piece.values, *self.rest.values, *place, most)]
        keys = one[0]
        if len(one) > 1:
            joined = " UNION ALL ".join(f"SELECT * FROM ({text}) AS p{at}" for at, text in enumerate(one))  # noqa: S608
            keys, values = f"SELECT {self.column}, id FROM ({joined}) AS pieces ORDER BY {order} LIMIT %s", [*values, most]  # noqa: S608
        # The keys first, by the index alone; whole rows only of those on the page.
        whole = f"SELECT k.{self.column}, {_FIELDS} FROM ({keys}) AS k JOIN store_openfinding f ON f.id = k.id JOIN store_account a ON a.id = f.account_id ORDER BY k.{self.column}{falls}, k.id{falls}"  # noqa: S608
        return [(row[0], _row(row[1:])) for row in answers(whole, values)]

    def count(self, most: int) -> int:
        """How many fit, counted up to ``most``."""
        where, values = self._any()
        text = f"SELECT COUNT(*) FROM (SELECT 1 FROM store_openfinding WHERE ({where}) AND {self.rest.where} LIMIT %s) AS fitting"  # noqa: S608
        return int(answers(text, [*values, *self.rest.values, most])[0][0])

    def everything(self) -> Iterator[tuple[int, str, str, str]]:
        """(id, account, marketplace, SKU) of all that fit, the most urgent first."""
        where, values = self._any()
        text = (
            "SELECT f.id, a.name, f.marketplace, f.sku FROM store_openfinding f JOIN store_account a ON a.id = f.account_id"  # noqa: S608
            f" WHERE f.id IN (SELECT id FROM store_openfinding WHERE ({where}) AND {self.rest.where}) ORDER BY f.urgency, f.id"
        )
        with connection.cursor() as cursor:
            cursor.execute(text, [*values, *self.rest.values])
            while some := cursor.fetchmany(10_000):
                yield from some

    def _any(self) -> tuple[str, list[Any]]:
        return " OR ".join(f"({piece.where})" for piece in self.pieces), [value for piece in self.pieces for value in piece.values]


def rows_of(ids: list[int]) -> dict[int, FindingRow]:
    """Number → row, of those that are open."""
    text = f"SELECT {_FIELDS} FROM store_openfinding f JOIN store_account a ON a.id = f.account_id WHERE f.id IN ({marks(ids)})"  # noqa: S608
    return {row[0]: _row(row) for row in answers(text, ids)} if ids else {}


def _row(values: tuple[Any, ...]) -> FindingRow:
    told = list(values)
    for at in _AMOUNTS:
        told[at] = amount(told[at])
    return FindingRow(*told)


def _lists(asked: Asked, accounts: tuple[int, ...] | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Column → the values among which its own must be."""
    if accounts is not None:
        yield "account_id", accounts
    for name, column in FILTERS.items():
        if values := getattr(asked, name):
            yield column, tuple(values)


#: With which columns' values an index begins that then goes on in order; the most telling first.
_LEADING = (("cause", "remedy"), ("cause",), ("recommended",), ("remedy",), ("account_id", "marketplace"))


def _pieces(own: dict[str, tuple[Any, ...]], accounts: tuple[int, ...] | None) -> tuple[Piece, ...]:
    """What the index answers is taken out of ``own``."""
    if accounts is not None and "marketplace" not in own and not own.keys() & {"cause", "recommended", "remedy"}:
        # The index of places needs both.
        own["marketplace"] = tuple(one[0] for one in answers(f"SELECT DISTINCT marketplace FROM store_findingsum WHERE account_id IN ({marks(accounts)})", accounts))  # noqa: S608
    for columns in _LEADING:
        if all(own.get(column) for column in columns):
            together = list(product(*(own[column] for column in columns)))
            if len(together) <= _PIECES_MOST:
                for column in columns:
                    del own[column]
                return tuple(_piece(columns, values) for values in together)
    return (Piece("1=1", ()),)


def _piece(columns: tuple[str, ...], values: tuple[Any, ...]) -> Piece:
    where = (f"{column} IS NULL" if value is None else f"{column} = %s" for column, value in zip(columns, values, strict=True))
    return Piece(" AND ".join(where), tuple(value for value in values if value is not None))


def _others(asked: Asked, today: Days) -> Iterator[tuple[str, Sequence[Any]]]:
    if asked.due is not None:
        yield from _due(asked.due, today, by_urgency=asked.sort == "urgency")
    if asked.age is not None:
        age = timedelta(days=asked.age)
        day, values = day_in_sql("marketplace", today, lambda day: day - age)
        yield f"stranded_on < {day}", values
    if asked.held is not None:
        day, values = day_in_sql("marketplace", today)
        if asked.held and today.elsewhere:
            # Nowhere is it earlier: what the index is asked for.
            yield "held_until_on > %s", (min(today.usual, *today.elsewhere.values()),)
        yield (f"held_until_on > {day}" if asked.held else f"(held_until_on IS NULL OR held_until_on <= {day})"), values
    if asked.stranded_on is not None:
        yield "stranded_on = %s", (asked.stranded_on,)
    if asked.day_unknown:
        yield "stranded_on IS NULL", ()
    if asked.ids:
        yield f"id IN ({marks(asked.ids)})", asked.ids
    if asked.text.strip():
        yield matching(asked.text)


def _due(within: int, today: Days, *, by_urgency: bool) -> Iterator[tuple[str, Sequence[Any]]]:
    """By the column that is sorted by, so that its index ends where the days do: the latest of them, where there are several."""
    more = timedelta(days=within + 1 if within else 0)
    column = "urgency" if by_urgency else "removal_due_on"

    def written(day: date) -> date | str:
        return (day + more).isoformat() if by_urgency else day + more

    if today.elsewhere:
        yield f"{column} < %s", (written(max(today.usual, *today.elsewhere.values())),)
    day, values = day_in_sql("marketplace", today, written)
    yield f"{column} < {day}", values
