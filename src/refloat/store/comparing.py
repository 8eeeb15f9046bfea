"""What a pass found against what was known: opened, changed, come back, closed; all of it in frames and a few statements, and only changes are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import QuerySet

from refloat.store import framed
from refloat.store.difference import KNOWN, SAID, difference, kept, taken
from refloat.store.models import Account, Stranding, StrandingInterval
from refloat.store.rows import Conclusion, Recorded

_MOMENT = pl.Datetime("us", "UTC")
#: Column → field, and column → what it is, of what is read.
_NARROW = {"stranding_id": "id", "sku": "sku", "digest": "digest"}
_CLOSED = {"stranding_id": "id", "sku": "sku", "closed_at": "closed_at", "times_back": "times_back", "fnsku_known": "fnsku"}
_DETAILS = {"stranding_id": "stranding_id", "fnsku_known": "stranding__fnsku", "interval_id": "id", "from_at": "from_at", **{f"{name}_known": name for name in SAID}}
_KINDS: dict[str, pl.DataType] = {
    **KNOWN, "fnsku_known": pl.String(), "interval_id": pl.Int64(), "from_at": _MOMENT, "closed_at": _MOMENT, "times_back": pl.Int64(),
    **{f"{name}_known": kind for name, kind in SAID.items()},
}  # fmt: skip
#: A row without a label says nothing of the label that is known.
_FNSKU = pl.when(pl.col("fnsku") != "").then(pl.col("fnsku")).otherwise(pl.col("fnsku_known")).alias("fnsku")


@dataclass(slots=True)
class _Counts:
    """What was done so far."""

    unchanged: int = 0
    changed: int = 0
    closed: int = 0


def compared_and_written(
    place: tuple[Account, str], rows: pl.DataFrame | Iterable[Mapping[str, Any]], at: datetime, *, concluded: Mapping[str, Conclusion], absent: str, memory: timedelta,
) -> Recorded:  # fmt: skip
    """Compare and write; call it inside ``writing()``. ``absent`` is the standing of what no row names."""
    account, _ = place
    # On PostgreSQL two passes over one account wait for each other here; SQLite has one writer anyway.
    Account.objects.select_for_update().get(pk=account.pk)
    found = difference(taken(rows), framed.read(_of(place).filter(closed_at=None), _NARROW, _KINDS))
    counts, now = _Counts(unchanged=found.same), pl.lit(at.astimezone(UTC), _MOMENT)
    for part in framed.in_parts(found.doubtful):
        _turn(part, now, counts)
    outcomes = _outcomes(concluded)
    for part in framed.in_parts(found.absent):
        _conclude(part.join(outcomes, on="sku", how="left", maintain_order="left").with_columns(pl.col("standing").fill_null(absent)), now, counts)
    back = pl.concat([found.new.select("sku").clear(), *(_reopen(place, part, at, memory) for part in framed.in_parts(found.new))])
    opened = _open(place, found.new.join(back, on="sku", how="anti", maintain_order="left"), now)
    return Recorded(opened, back.height, counts.changed, counts.closed, counts.unchanged)


def _of(place: tuple[Account, str]) -> QuerySet[Stranding]:
    account, marketplace = place
    return Stranding.objects.filter(account=account, marketplace=marketplace)


def _outcomes(concluded: Mapping[str, Conclusion]) -> pl.DataFrame:
    rows = [(sku, one.standing, one.outcome) for sku, one in concluded.items()]
    return pl.DataFrame(rows, schema={"sku": pl.String(), "standing": pl.String(), "outcome": pl.String()}, orient="row")


def _details(part: pl.DataFrame, now: pl.Expr) -> pl.DataFrame:
    """The part, with what is known of each; ``moment``: when what is known ends, if it does."""
    current = StrandingInterval.objects.filter(to_at=None).extra(**framed.among("store_strandinginterval.stranding_id", part["stranding_id"]))
    known = framed.read(current, _DETAILS, _KINDS)
    # A clock that was set back must not end an interval before it began.
    return part.join(known, on="stranding_id", how="left", maintain_order="left").with_columns(pl.max_horizontal(now, "from_at").alias("moment"))


def _turn(part: pl.DataFrame, now: pl.Expr, counts: _Counts) -> None:
    """What is found and known: compared word for word."""
    both = _details(kept(part), now)
    changed = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_known")) for name in SAID))
    _say_anew(changed)
    framed.rewrite(Stranding, both.select("digest", pl.col("stranding_id").alias("id")))
    framed.rewrite(Stranding, both.filter(_FNSKU.ne_missing(pl.col("fnsku_known"))).select(_FNSKU, pl.col("stranding_id").alias("id")))
    counts.changed += changed.height
    counts.unchanged += both.height - changed.height


def _conclude(part: pl.DataFrame, now: pl.Expr, counts: _Counts) -> None:
    """What no row named any more: ``standing`` and ``outcome`` are what was concluded of it."""
    both = _details(part, now)
    over, left = both.filter(pl.col("outcome").is_not_null()), both.filter(pl.col("outcome").is_null())
    _end(over)
    framed.rewrite(Stranding, over.select(pl.lit(None, pl.Int64()).alias("digest"), now.alias("closed_at"), "outcome", pl.col("stranding_id").alias("id")))
    changed = left.filter(pl.col("standing").ne_missing(pl.col("standing_known")))
    _say_anew(changed.with_columns(pl.col(f"{name}_known").alias(name) for name in SAID if name != "standing"))
    # Whatever the next row says of it, it says something else.
    framed.rewrite(Stranding, left.filter(pl.col("digest").is_not_null()).select(pl.lit(None, pl.Int64()).alias("digest"), pl.col("stranding_id").alias("id")))
    counts.closed += over.height
    counts.changed += changed.height
    counts.unchanged += left.height - changed.height


def _say_anew(changed: pl.DataFrame) -> None:
    """From ``moment`` on something else is known of these. First the ends, then the beginnings: one interval at a time is the current one."""
    _end(changed)
    _begin(changed, pl.col("moment"))


def _end(over: pl.DataFrame) -> None:
    framed.rewrite(StrandingInterval, over.select(pl.col("moment").alias("to_at"), pl.col("interval_id").alias("id")))


def _begin(rows: pl.DataFrame, at: pl.Expr) -> None:
    framed.insert(StrandingInterval, rows.select(pl.col("stranding_id").alias("stranding"), at.alias("from_at"), *SAID))


def _reopen(place: tuple[Account, str], new: pl.DataFrame, at: datetime, memory: timedelta) -> pl.DataFrame:
    """A SKU that was closed a short while ago goes on as the same stranding; the SKUs that did."""
    closed = framed.read(_of(place).filter(closed_at__gte=at - memory).extra(**framed.among("store_stranding.sku", new["sku"])), _CLOSED, _KINDS)
    last = closed.sort("closed_at", "stranding_id").unique("sku", keep="last").select("stranding_id", "sku", "times_back", "fnsku_known")
    back = kept(new.drop("stranding_id")).join(last, on="sku", maintain_order="left")
    unset = (pl.lit(None, _MOMENT).alias("closed_at"), pl.lit(None, pl.String()).alias("outcome"))
    framed.rewrite(Stranding, back.select(*unset, pl.col("times_back") + 1, _FNSKU, "digest", pl.col("stranding_id").alias("id")))
    _begin(back, pl.lit(at.astimezone(UTC), _MOMENT))
    return back.select("sku")


def _open(place: tuple[Account, str], new: pl.DataFrame, now: pl.Expr) -> int:
    account, marketplace = place
    rows = kept(new).with_columns(framed.numbers(Stranding, new.height).alias("stranding_id"))
    own = (pl.lit(account.pk).alias("account"), pl.lit(marketplace).alias("marketplace"), pl.lit(0).alias("times_back"))
    framed.insert(Stranding, rows.select(pl.col("stranding_id").alias("id"), *own, "sku", "fnsku", pl.col("opened_at").fill_null(now), "digest"))
    _begin(rows, now)
    return rows.height
