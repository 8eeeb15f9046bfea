"""Putting one source beside another by SKU, fast and exactly.

Joining millions of texts costs most of a diagnosis. So the join goes by a 64-bit hash of the SKU, and
every pair that it makes is compared: should two SKUs ever share a hash, or one stand twice, the join
is made again by the text itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

_HASH, _THEIRS, _ROW = "_sku_hash", "_sku_beside", "_row_beside"
Once = Callable[[pl.DataFrame], pl.DataFrame]


def each_once(frame: pl.DataFrame) -> bool:
    """True when no SKU stands twice; equal hashes alone do not prove the contrary."""
    return frame["sku"].hash().n_unique() == frame.height or frame["sku"].n_unique() == frame.height


def beside(left: pl.DataFrame, right: pl.DataFrame, once: Once = lambda frame: frame.unique("sku", keep="first", maintain_order=True)) -> pl.DataFrame:
    """The row of ``right`` with the same SKU beside each row of ``left``, in the order of ``left``.

    ``once`` chooses among rows of ``right`` with one SKU; it is only called where there are such.
    """
    keyed = right.select(pl.col("sku").hash().alias(_HASH), pl.col("sku").alias(_THEIRS), pl.exclude("sku"))
    joined = left.with_columns(pl.col("sku").hash().alias(_HASH)).join(keyed, on=_HASH, how="left", maintain_order="left")
    if joined.height != left.height or (joined["sku"] != joined[_THEIRS]).any():
        return left.join(once(right), on="sku", how="left", maintain_order="left")
    return joined.drop(_HASH, _THEIRS)


def beside_and_rest(left: pl.DataFrame, right: pl.DataFrame, leaving: Sequence[str] = ()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``beside`` without the columns ``leaving``, and the whole rows of ``right`` that stand beside nothing.

    No SKU may stand twice in ``right``.
    """
    joined = beside(left, right.drop(leaving).with_row_index(_ROW))
    alone = pl.repeat(True, right.height, eager=True).scatter(joined[_ROW].drop_nulls(), False)
    return joined.drop(_ROW), right.filter(alone)
