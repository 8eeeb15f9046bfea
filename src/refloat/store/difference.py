"""What a pass found beside what is known, as frames: only what may have changed ever becomes a row of Python.

Each open stranding carries a number for everything that the last pass said of it. Where the number is the same,
nothing changed; where it is not, the words themselves are compared. So a number of another version of Polars costs
time, once, and never a change that is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from refloat.store.letters import storable

_TEXT, _UNITS, _WORTH = pl.String(), pl.Int64(), pl.Decimal(38, 4)
#: What an interval says; a new one begins only when something of these changes.
SAID: dict[str, pl.DataType] = {
    "standing": _TEXT, "symptom": _TEXT, "said": _TEXT, "cause": _TEXT, "remedy": _TEXT, "safety": _TEXT,
    "units_fulfillable": _UNITS, "units_unfulfillable": _UNITS, "units_reserved": _UNITS,
    "worth_amount": _WORTH, "worth_currency": _TEXT, "removal_due_on": pl.Date(), "title": _TEXT, "asin": _TEXT, "shown_buyable": pl.Boolean(),
}  # fmt: skip
#: What a stranding itself keeps of a row.
_OWN: dict[str, pl.DataType] = {"sku": _TEXT, "fnsku": _TEXT, "opened_at": pl.Datetime("us", "UTC")}
KNOWN: dict[str, pl.DataType] = {"stranding_id": pl.Int64(), "sku": _TEXT, "digest": pl.Int64()}
_DIGITS = Decimal("0.0001")
#: A count or an amount that no column of the store holds is a mistake of the report, and unknown.
_MOST_UNITS, _MOST_WORTH = 2**31, Decimal(10**11)


@dataclass(frozen=True, slots=True)
class Difference:
    """Frames; together every SKU that is known or was found, once."""

    #: Found, and not known to be open.
    new: pl.DataFrame
    #: Found and known, and what is said may be another; with ``stranding_id``.
    doubtful: pl.DataFrame
    #: Known to be open, and not found: the columns of ``KNOWN``.
    absent: pl.DataFrame
    #: How many were found and said the same as before.
    same: int


def taken(rows: pl.DataFrame | Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows with the types of the store, each SKU once, with the number for what they say; ``kept`` is what can be written of them."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(map(_plain, rows)), schema=_OWN | SAID)
    if isinstance(frame.schema.get("worth_amount"), pl.Decimal):
        # A cast alone would round half to even.
        frame = frame.with_columns(pl.col("worth_amount").round(4, mode="half_away_from_zero"))
    typed = [(pl.col(name).cast(kind, strict=False) if name in frame.columns else pl.lit(None, kind)).alias(name) for name, kind in (_OWN | SAID).items()]
    found = frame.select(typed).with_columns(_storable("sku"))
    # Counting them takes a tenth of the time that copying them does.
    if found["sku"].n_unique() < found.height:
        found = found.unique("sku", keep="first", maintain_order=True)
    # An amount enters as its digits: 83.93 and 83.930 are the same.
    digits = pl.col("worth_amount").cast(pl.String)
    return found.with_columns(found.select(*(name for name in ("fnsku", *SAID) if name != "worth_amount"), digits).hash_rows(seed=0).reinterpret(signed=True).alias("digest"))


def kept(found: pl.DataFrame) -> pl.DataFrame:
    """What was ``taken``, as the store keeps it; asked for only of what is written, which is little."""
    return found.with_columns(_storable("fnsku", *(name for name, kind in SAID.items() if kind == _TEXT)), *_believable())


def difference(found: pl.DataFrame, known: pl.DataFrame) -> Difference:
    """``found`` as ``taken`` gives it, ``known`` with the columns of ``KNOWN``: the open strandings."""
    # Only the numbers go through the join, and it keeps the order of what was found: a join of all columns copies each text.
    beside = found.select("sku").join(known, on="sku", how="left", maintain_order="left")
    numbered = found.with_columns(beside["stranding_id"], beside["digest"].alias("digest_known"))
    old = pl.col("stranding_id").is_not_null()
    same = numbered.select(old & (pl.col("digest") == pl.col("digest_known")).fill_null(False)).to_series()
    absent = known.join(beside.select("stranding_id").drop_nulls(), on="stranding_id", how="anti", maintain_order="left")
    whole = numbered.drop("digest_known")
    return Difference(whole.filter(~old), whole.filter(old & ~same), absent, int(same.sum()))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of Python as a frame takes it."""
    said: dict[str, Any] = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    worth: Decimal | None = said.get("worth_amount")
    return said if worth is None else said | {"worth_amount": worth.quantize(_DIGITS, ROUND_HALF_UP)}


def _storable(*names: str) -> pl.Expr:
    return pl.col(names).str.replace_all("\0", "\ufffd", literal=True)


def _believable() -> Iterator[pl.Expr]:
    for name, kind in SAID.items():
        if kind == _UNITS:
            yield pl.when(pl.col(name).abs() < _MOST_UNITS).then(pl.col(name)).alias(name)
    yield pl.when(pl.col("worth_amount").abs() < _MOST_WORTH).then(pl.col("worth_amount")).alias("worth_amount")
