"""Pages of what is open: filtered, sorted, a page at a time by where the last one ended; and how many there are of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Min, Sum

from refloat.store.finding_rows import AGE_DAYS, BY_ONE_VALUE, DUE_DAYS, FACETS, SORTS, Asked, Cursor, Facet, FindingRow, IncidentRow, Page
from refloat.store.models import Account, FindingCount, FindingDetail, FindingFacet, FindingIncident, OpenFinding
from refloat.store.turns import reading
from refloat.store.words import matching

#: So many are counted one by one where no count lies ready.
COUNTED_MOST = 10_000
#: So many are read by their numbers in one question.
_AT_ONCE = 5000
#: In so many pieces a question may fall, each answered by an index; more are asked as one.
_PIECES_MOST = 60
_FIELDS = ("id", "account__name", *FindingRow.__slots__[2:])
#: Filters that the counts know, and their columns there.
_COUNTS = {"marketplaces": "marketplace", "causes": "cause", "recommended": "recommended", "remedies": "remedy", "standings": "standing", "safeties": "safety"}


class FindingPages:
    """What is open, of whichever accounts. ``today`` decides what is overdue, how old something is, and what is held."""

    def page(self, asked: Asked, today: date, cursor: Cursor | None = None, size: int = 50) -> Page:
        """``size`` rows after (or before) the cursor. A row that went since is simply not there any more."""
        with reading():
            # Where the counts know that nothing fits, an index would be walked to its end to find that out.
            question = None if _counts_know(asked) and not _counts(asked).exists() else _Question.of(asked, today)
            back = cursor is not None and cursor.back
            found = [] if question is None else question.keys(cursor, size + 1)
            more, found = len(found) > size, found[:size]
            found = found[::-1] if back else found
            rows = _rows([key for _, key in found])
        first, last = (Cursor(*found[0], True), Cursor(*found[-1])) if found else (None, None)
        return Page(rows, last if back or more else None, first if (more if back else cursor is not None) else None)

    def count(self, asked: Asked, today: date) -> tuple[int, bool]:
        """How many fit, and whether that is all of them: where nothing lies counted, counting ends at ``COUNTED_MOST``."""
        with reading():
            if _counts_know(asked):
                return _counts(asked).aggregate(many=Sum("skus"))["many"] or 0, True
            question = _Question.of(asked, today)
            number = 0 if question is None else question.count(COUNTED_MOST + 1)
            return min(number, COUNTED_MOST), number <= COUNTED_MOST

    def totals(self, asked: Asked) -> tuple[int, int | None, dict[str | None, Decimal]]:
        """(SKUs, units, currency → worth) of what fits, from the counts; pools count once, unknown is left out."""
        with reading():
            units: int | None = None
            skus, worth = 0, dict[str | None, Decimal]()
            found = _counts(asked).values_list("currency").annotate(many=Sum("skus"), pieces=Sum("units"), amount=Sum("worth")).order_by()
            for currency, many, pieces, amount in found:
                skus += many
                units = pieces if units is None else units + (pieces or 0)
                if amount is not None:
                    worth[currency] = amount
            return skus, units, worth

    def facets(self, asked: Asked, dimensions: Sequence[str] = FACETS) -> dict[str, tuple[Facet, ...]]:
        """Dimension → its values with how many fit, the most first; ``due`` and ``age`` by band, in order."""
        told: dict[str, tuple[Facet, ...]] = {}
        with reading():
            alone = [name for name in dimensions if (name in BY_ONE_VALUE or name in _PLACES) and _bare(_without(asked, name))]
            for name, found in _by_one_value(asked, alone).items():
                told[name] = _ordered(name, found)
            for name in dimensions:
                if name not in told:
                    told[name] = _ordered(name, _counted_together(_without(asked, name), name))
        return {name: told[name] for name in dimensions}

    def incidents(self, asked: Asked, most: int = 50) -> tuple[IncidentRow, ...]:
        """The most urgent incidents; of the filters, accounts, marketplaces, causes, remedies and ``held`` count."""
        with reading():
            found = _narrowed(FindingIncident.objects.order_by("urgency", "id"), replace(asked, recommended=(), standings=()))
            fields = ("id", "account__name", *IncidentRow.__slots__[2:])
            return tuple(IncidentRow(*row) for row in found.values_list(*fields)[:most])

    def one(self, finding_id: int) -> tuple[FindingRow, str | None] | None:
        """The finding, and its diagnosed row as JSON; None when it is open no more."""
        with reading():
            rows = _rows([finding_id])
            return (rows[0], FindingDetail.objects.values_list("row", flat=True).filter(pk=finding_id).first()) if rows else None

    def keys(self, asked: Asked, today: date) -> Iterator[tuple[int, str, str, str]]:
        """(id, account, marketplace, SKU) of everything that fits, however many, the most urgent first."""
        with reading():
            question = _Question.of(asked, today)
            if question is not None:
                yield from question.everything()

    def rows(self, ids: Sequence[int]) -> tuple[FindingRow, ...]:
        """These findings, in their order; what is open no more is left out."""
        with reading():
            return tuple(row for at in range(0, len(ids), _AT_ONCE) for row in _rows(ids[at : at + _AT_ONCE]))

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
            found: date | None = _counts(replace(asked, text="")).aggregate(day=Min("counted_on"))["day"]
            return found


def _counts_know(asked: Asked) -> bool:
    return not (asked.text or asked.ids or asked.stranded_on)


def _counts(asked: Asked) -> Any:
    found = _narrowed(FindingCount.objects.order_by(), asked)
    if asked.due is not None:
        found = found.filter(due__lte=DUE_DAYS.index(asked.due))
    return found if asked.age is None else found.filter(age__gt=AGE_DAYS.index(asked.age), age__lte=len(AGE_DAYS))


def _narrowed(found: Any, asked: Asked) -> Any:
    if asked.accounts is not None:
        found = found.filter(account__name__in=asked.accounts)
    for name, column in _COUNTS.items():
        if values := getattr(asked, name):
            found = found.filter(**{f"{column}__in": values})
    return found if asked.held is None else found.filter(held=asked.held)


#: Dimensions that every count has, and their columns.
_PLACES = {"account": "account__name", "marketplace": "marketplace"}


def _bare(asked: Asked) -> bool:
    """Nothing is asked but whose, and where."""
    return replace(asked, accounts=None, marketplaces=(), sort="urgency") == Asked()


def _by_one_value(asked: Asked, names: Sequence[str]) -> dict[str, list[tuple[Any, int]]]:
    """Of a page without other filters: every dimension's counts in one question."""
    told: dict[str, list[tuple[Any, int]]] = {name: [] for name in names}
    for name, column in _PLACES.items():
        if name in told:
            # Each finding has one standing, so these are all of them.
            asked_of = Asked(accounts=asked.accounts, marketplaces=asked.marketplaces if name == "account" else ())
            own = _narrowed(FindingFacet.objects.filter(dimension="standing").order_by(), asked_of)
            told[name] = list(own.values_list(column).annotate(many=Sum("skus")))
    if not set(names) - set(_PLACES):
        return told
    found = _narrowed(FindingFacet.objects.filter(dimension__in=[name for name in names if name not in _PLACES]).order_by(), Asked(accounts=asked.accounts, marketplaces=asked.marketplaces))
    for name, value, many in found.values_list("dimension", "value").annotate(many=Sum("skus")):
        told[name].append((int(value) if name in {"due", "age"} else value == "1" if name == "held" else value, many))
    return told


def _counted_together(asked: Asked, name: str) -> list[tuple[Any, int]]:
    column = "account__name" if name == "account" else name
    return list(_counts(asked).values_list(column).annotate(many=Sum("skus")).order_by())


def _ordered(name: str, found: list[tuple[Any, int]]) -> tuple[Facet, ...]:
    """Bands in their order, names by how many they are."""
    rows = sorted(found, key=(lambda one: one[0]) if name in {"due", "age", "held"} else (lambda one: (-one[1], str(one[0]))))
    return tuple(Facet(value, many) for value, many in rows)


_OF_FACET: dict[str, dict[str, Any]] = {
    "account": {}, "marketplace": {"marketplaces": ()}, "cause": {"causes": ()}, "recommended": {"recommended": ()}, "remedy": {"remedies": ()},
    "standing": {"standings": ()}, "safety": {"safeties": ()}, "due": {"due": None}, "age": {"age": None}, "held": {"held": None},
}  # fmt: skip


def _without(asked: Asked, facet: str) -> Asked:
    """The question without its own filter: what one could choose instead. Whose accounts one sees stays."""
    return replace(asked, **_OF_FACET[facet])


def _rows(ids: Sequence[int]) -> tuple[FindingRow, ...]:
    found = {row[0]: FindingRow(*row) for row in OpenFinding.objects.filter(pk__in=ids).values_list(*_FIELDS)}
    return tuple(found[key] for key in ids if key in found)


class _Piece(NamedTuple):
    """A part of a question that one index answers: what stands before the order in it."""

    where: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class _Question:
    """The question as SQL: pieces that each walk an index in order, and what every row must fit besides."""

    pieces: tuple[_Piece, ...]
    rest: _Piece
    column: str

    @classmethod
    def of(cls, asked: Asked, today: date) -> _Question | None:
        """None when it names an account that is not there: nothing fits."""
        accounts = None if asked.accounts is None else tuple(Account.objects.filter(name__in=asked.accounts).values_list("id", flat=True))
        if accounts == ():
            return None
        own = dict(_lists(asked, accounts))
        pieces = _pieces(own, accounts)
        rest = [f"{column} IN ({_marks(values)})" for column, values in own.items()]
        values: list[Any] = [value for some in own.values() for value in some]
        for where, more in _others(asked, today):
            rest.append(where)
            values += more
        return cls(pieces, _Piece(" AND ".join(rest) or "1=1", tuple(values)), SORTS[asked.sort])

    def keys(self, cursor: Cursor | None, most: int) -> list[tuple[Any, int]]:
        """(sorted value, id) of so many rows after the cursor, or before it, the nearest first."""
        back = cursor is not None and cursor.back
        falls, sign = (" DESC", "<") if back else ("", ">")
        order = f"{self.column}{falls}, id{falls}"
        beyond = "" if cursor is None else f" AND ({self.column}, id) {sign} (%s, %s)"
        place = () if cursor is None else (cursor.value, cursor.id)
        one = [f"SELECT {self.column}, id FROM store_openfinding WHERE {piece.where} AND {self.rest.where}{beyond} ORDER BY {order} LIMIT %s" for piece in self.pieces]  # noqa: S608
        values = [value for piece in self.pieces for value in (*piece.values, *self.rest.values, *place, most)]
        if len(one) == 1:
            return _asked(one[0], values)
        joined = " UNION ALL ".join(f"SELECT * FROM ({text}) AS p{at}" for at, text in enumerate(one))  # noqa: S608
        return _asked(f"SELECT {self.column}, id FROM ({joined}) AS pieces ORDER BY {order} LIMIT %s", [*values, most])  # noqa: S608

    def count(self, most: int) -> int:
        where = " OR ".join(f"({piece.where})" for piece in self.pieces)
        values = [value for piece in self.pieces for value in piece.values]
        text = f"SELECT COUNT(*) FROM (SELECT 1 FROM store_openfinding WHERE ({where}) AND {self.rest.where} LIMIT %s) AS fitting"  # noqa: S608
        return int(_asked(text, [*values, *self.rest.values, most])[0][0])

    def everything(self) -> Iterator[tuple[int, str, str, str]]:
        where = " OR ".join(f"({piece.where})" for piece in self.pieces)
        values = [value for piece in self.pieces for value in piece.values]
        text = (
            "SELECT f.id, a.name, f.marketplace, f.sku FROM store_openfinding f JOIN store_account a ON a.id = f.account_id"  # noqa: S608
            f" WHERE f.id IN (SELECT id FROM store_openfinding WHERE ({where}) AND {self.rest.where}) ORDER BY f.urgency, f.id"
        )
        with connection.cursor() as cursor:
            cursor.execute(text, [*values, *self.rest.values])
            while some := cursor.fetchmany(10_000):
                yield from some


def _asked(text: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _lists(asked: Asked, accounts: tuple[int, ...] | None) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Column → the values among which its own must be."""
    if accounts is not None:
        yield "account_id", accounts
    for name, column in _COUNTS.items():
        if values := getattr(asked, name):
            yield column, tuple(values)


#: With which columns' values an index begins that then goes on in order; the most telling first.
_LEADING = (("cause", "remedy"), ("cause",), ("recommended",), ("remedy",), ("account_id", "marketplace"))


def _pieces(own: dict[str, tuple[Any, ...]], accounts: tuple[int, ...] | None) -> tuple[_Piece, ...]:
    """What the index answers is taken out of ``own``."""
    if accounts is not None and "marketplace" not in own and not own.keys() & {"cause", "recommended", "remedy"}:
        # The index of places needs both.
        own["marketplace"] = tuple(FindingCount.objects.filter(account_id__in=accounts).values_list("marketplace", flat=True).distinct().order_by())
    for columns in _LEADING:
        if all(own.get(column) for column in columns):
            together = list(product(*(own[column] for column in columns)))
            if len(together) <= _PIECES_MOST:
                for column in columns:
                    del own[column]
                return tuple(_Piece(" AND ".join(f"{column} = %s" for column in columns), values) for values in together)
    return (_Piece("1=1", ()),)


def _others(asked: Asked, today: date) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if asked.due is not None:
        # By the column that is sorted by, so that its index ends where the days do.
        last = today + timedelta(days=asked.due + 1 if asked.due else 0)
        yield ("urgency < %s", (last.isoformat(),)) if asked.sort == "urgency" else ("removal_due_on < %s", (last,))
    if asked.age is not None:
        yield "stranded_on < %s", (today - timedelta(days=asked.age),)
    if asked.held is not None:
        yield ("held_until_on > %s", (today,)) if asked.held else ("(held_until_on IS NULL OR held_until_on <= %s)", (today,))
    if asked.stranded_on is not None:
        yield "stranded_on = %s", (asked.stranded_on,)
    if asked.ids:
        yield f"id IN ({_marks(asked.ids)})", asked.ids
    if asked.text.strip():
        yield matching(asked.text)
