"""Text columns → typed columns, and the rows that cannot be trusted.

Plain values are read by vectorised casts. What a cast cannot read is few *distinct* texts: those are
read one by one (``values.py``), and what even that cannot read is refused or left null, by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from refloat.knowledge.tables import marketplaces
from refloat.knowledge.vocabulary import code_of
from refloat.reports import values
from refloat.reports.recognise import Field

_CLOCK = r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?"
MONEY = pl.Decimal(18, 4)
DTYPES: dict[str, pl.DataType] = {"text": pl.String(), "sku": pl.String(), "count": pl.Int64(), "money": MONEY, "ratio": pl.Float64(), "date": pl.Date(), "flag": pl.Boolean()}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Cells of one column that could not be read: which rows, and what happens to them."""

    code: str
    field: Field
    rows: pl.Series
    texts: pl.Series
    refuses: bool


@dataclass(slots=True)
class Typed:
    """The typed frame (all rows, in the file's order) and every doubt about its cells."""

    frame: pl.DataFrame
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def refused(self) -> pl.Series | None:
        """Which rows cannot be trusted; None when all can."""
        rows = [doubt.rows for doubt in self.doubts if doubt.refuses]
        return pl.repeat(False, self.frame.height, eager=True).scatter(pl.concat(rows).unique(), True) if rows else None


def typed(frame: pl.DataFrame, fields: Iterable[Field], marketplace: str | None) -> Typed:
    """Every column of ``fields`` in its own type; a field whose column is absent becomes all null."""
    result = Typed(frame)
    columns = []
    known_ones = [known for known in fields if known.column]
    iso = {known.column: _iso(frame[known.column]) for known in known_ones if known.type == "date" and known.column in frame.columns}
    order = _date_order(frame, iso, marketplace)
    for known in known_ones:
        if known.column in iso:
            columns.append(_dates(frame[known.column], iso[known.column], known, order, result.doubts))
        elif known.column in frame.columns:
            columns.append(_column(frame[known.column], known, marketplace, result.doubts))
        else:
            columns.append(pl.Series(known.column, [None], DTYPES[known.type]).new_from_index(0, frame.height))
        if known.unread:
            columns.append(_unread(frame, known, columns[-1]))
    result.frame = pl.DataFrame(columns)
    return result


def _unread(frame: pl.DataFrame, known: Field, found: pl.Series) -> pl.Series:
    """True where the file says something and no value came of it: such a cell is not a blank one."""
    if known.column not in frame.columns:
        return pl.repeat(False, frame.height, eager=True).alias(known.unread)
    cells = frame[known.column]
    left = found.is_null() & cells.is_not_null()
    said = [text for text in cells.filter(left).unique() if not values.is_nothing(str(text))]
    return (left & cells.is_in(said)).fill_null(False).alias(known.unread)


def _column(cells: pl.Series, known: Field, marketplace: str | None, doubts: list[Doubt]) -> pl.Series:
    match known.type:
        case "sku":
            return _skus(cells, known, doubts)
        case "count":
            return _counts(cells, known, marketplace, doubts)
        case "money" | "ratio":
            return _amounts(cells, known, marketplace, doubts)
        case "flag":
            return _mapped(cells, lambda text: {"yes": True, "no": False}.get(code_of("flag", text) or ""), pl.Boolean())
        case _:
            return cells


def _skus(cells: pl.Series, known: Field, doubts: list[Doubt]) -> pl.Series:
    maybe = cells.str.contains("E+", literal=True)
    if maybe.any():
        spoilt = maybe & cells.str.contains(r"^\s*\d([.,]\d+)?E\+\d+\s*$")
        _doubt(doubts, "sku-spoilt-by-excel", known, cells, spoilt, refuses=True)
    blank = cells.is_null()
    spaced = cells.str.starts_with(" ")
    if spaced.any():
        blank = blank | (spaced & ~cells.str.contains(r"\S"))
    if blank.any():
        _doubt(doubts, "sku-blank", known, cells, blank, refuses=True)
    return cells


def _counts(cells: pl.Series, known: Field, marketplace: str | None, doubts: list[Doubt]) -> pl.Series:
    if cells.dtype == pl.String:
        point = _point(cells, marketplace)
        raw, cells = cells, _parsed(cells, pl.Int64(), lambda text: values.count(text, point), known, doubts, refuses=known.when_wrong != "null")
    else:
        raw = cells
    return _without(cells, ~cells.is_between(0, values.LARGEST), known, raw, doubts, refuses=known.when_wrong != "null")


def _amounts(cells: pl.Series, known: Field, marketplace: str | None, doubts: list[Doubt]) -> pl.Series:
    dtype, raw = DTYPES[known.type], cells
    if cells.dtype == pl.String:
        point = _point(cells, marketplace)
        currency = _currency(marketplace)
        as_amount: Callable[[str], Any] = (lambda text: values.amount(text, point, currency)) if known.type == "money" else (lambda text: float(values.number(text, point)))
        unsure = None if point == "." else cells.str.contains(r"^\s*-?[1-9]\d{0,2}\.\d{3}\s*$")
        cells = _parsed(cells, dtype, as_amount, known, doubts, refuses=False, unsure=unsure)
    if known.zero == "missing":
        cells = cells.set(cells <= 0, None) if (cells <= 0).any() else cells
    wrong = ~cells.is_between(0, values.LARGEST) if known.type == "money" else cells > values.LARGEST
    return _without(cells, wrong, known, raw, doubts, refuses=False)


def _without(cells: pl.Series, wrong: pl.Series, known: Field, raw: pl.Series, doubts: list[Doubt], *, refuses: bool) -> pl.Series:
    """``cells``, null where a number was read that nobody can mean; ``raw`` are they as the file has them."""
    if not wrong.any():
        return cells
    texts = raw.cast(pl.String)
    _doubt(doubts, "not-a-number", known, texts.str.replace(r"\.?0+$", "") if raw.dtype.is_decimal() else texts, wrong, refuses=refuses)
    return cells.set(wrong, None)


def _currency(marketplace: str | None) -> str | None:
    place = marketplaces().get(marketplace or "")
    return place.currency if place else None


def _iso(cells: pl.Series) -> pl.Series:
    dates = cells.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    odd = ~dates.is_between(values.EARLIEST, values.LATEST)
    return dates.set(odd, None) if odd.any() else dates


def _days(cells: pl.Series) -> pl.Series:
    """Without the time of day, so that a column has few distinct texts."""
    return cells.str.replace(_CLOCK, "")


def _date_order(frame: pl.DataFrame, iso: Mapping[str, pl.Series], marketplace: str | None) -> str | None:
    """Day or month first: one answer for the whole file, from all its dates."""
    odd: set[str] = set()
    for column, dates in iso.items():
        cells = frame[column]
        if dates.null_count() > cells.null_count():
            odd.update(_days(cells.filter(dates.is_null() & cells.is_not_null())).unique())
    return values.date_order(odd, marketplace) if odd else None


def _dates(cells: pl.Series, iso: pl.Series, known: Field, order: str | None, doubts: list[Doubt]) -> pl.Series:
    if iso.null_count() == cells.null_count():
        return iso
    left = iso.is_null() & cells.is_not_null()
    return _repaired(_days(cells), iso, lambda text: values.day(text, order), known, doubts, left=left, shown=cells)


def _point(cells: pl.Series, marketplace: str | None) -> str | None:
    if values.point_of(marketplace) == "." and not cells.str.contains(",", literal=True).any():
        return "."
    return values.decimal_point(cells.drop_nulls().unique(), marketplace)


def _parsed(cells: pl.Series, dtype: pl.DataType, read: Callable[[str], Any], known: Field, doubts: list[Doubt], *, refuses: bool, unsure: pl.Series | None = None) -> pl.Series:
    plain = cells.cast(dtype, strict=False)
    if dtype.is_float():
        plain = plain.set(~plain.is_finite(), None)
    left = plain.is_null() & cells.is_not_null()
    if unsure is not None:
        left = left | unsure.fill_null(False)
    return _repaired(cells, plain, read, known, doubts, left=left, refuses=refuses) if left.any() else plain


def _repaired(
    cells: pl.Series, plain: pl.Series, read: Callable[[str], Any], known: Field, doubts: list[Doubt], *, left: pl.Series, refuses: bool = False, shown: pl.Series | None = None
) -> pl.Series:
    """``plain``, with the texts ``left`` over read one by one; what cannot be read is a doubt and null.

    ``shown`` are the cells as they stand in the file, where ``cells`` are shortened.
    """
    odd = cells.filter(left).unique()
    found: dict[str, Decimal | int | float | date | None] = {}
    wrong: dict[str, str] = {}
    for text in odd:
        try:
            found[text] = None if values.is_nothing(text) else read(text)
        except ValueError as error:
            found[text] = None
            wrong[text] = _code(known, str(error))
    for code in sorted(set(wrong.values())):
        _doubt(doubts, code, known, cells if shown is None else shown, cells.is_in([text for text, said in wrong.items() if said == code]), refuses=refuses)
    mended = cells.replace_strict(list(found), list(found.values()), default=None, return_dtype=plain.dtype)
    return plain.zip_with(~cells.is_in(odd.implode()), mended)


def _code(known: Field, error: str) -> str:
    if "currency" in error:
        return "foreign-currency"
    if "could be" in error:
        return "ambiguous-date" if known.type == "date" else "ambiguous-number"
    return "not-a-date" if known.type == "date" else "not-a-number"


def _mapped(cells: pl.Series, code: Callable[[str], Any], dtype: pl.DataType) -> pl.Series:
    texts = cells.drop_nulls().unique().to_list()
    return cells.replace_strict(texts, [code(text) for text in texts], default=None, return_dtype=dtype)


def _doubt(doubts: list[Doubt], code: str, known: Field, cells: pl.Series, mask: pl.Series, *, refuses: bool) -> None:
    rows = mask.fill_null(False).arg_true()
    if len(rows):
        doubts.append(Doubt(code, known, rows, cells.gather(rows), refuses))
