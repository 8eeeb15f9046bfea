"""Rows as they stand in a file, each with its line."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from refloat.model.source import Warning


@dataclass(frozen=True)
class Rows:
    """A frame of cells, the line of each row, and the rows that were refused on the way.

    ``lines`` is None while row *i* stands on line ``first_line + i``; ``cut`` when the file stops inside the last row.
    """

    frame: pl.DataFrame
    first_line: int = 2
    lines: pl.Series | None = None
    refused: tuple[Warning, ...] = ()
    cut: bool = False

    @property
    def height(self) -> int:
        return self.frame.height

    def line(self, row: int) -> int:
        return int(self.lines[row]) if self.lines is not None else self.first_line + row

    def numbers(self) -> pl.Series:
        """The line of every row, as a column."""
        lines = self.lines if self.lines is not None else pl.int_range(self.first_line, self.first_line + self.height, eager=True)
        return lines.alias("line")

    def kept(self, keep: pl.Series) -> Rows:
        return replace(self, frame=self.frame.filter(keep), lines=self.numbers().filter(keep))

    def without_blank(self) -> Rows:
        """Without rows in which every cell is empty or blank."""
        if not self.frame.width or not _blank(self.frame.to_series(0)).any():
            return self
        filled = self.frame.select(~pl.all_horizontal(_blank(cells) for cells in self.frame)).to_series()
        return self if filled.all() else self.kept(filled)

    def without_last(self) -> Rows:
        lines = self.lines.head(self.height - 1) if self.lines is not None else None
        return replace(self, frame=self.frame.head(self.height - 1), lines=lines)


def _blank(cells: pl.Series) -> pl.Series:
    if cells.dtype != pl.String or not cells.str.starts_with(" ").any():
        return cells.is_null()
    return cells.is_null() | (cells.str.strip_chars() == "")
