"""The floor: Polars merely parses the columns that Refloat reads, typed where Refloat types.

    python bench/peers/parse.py STRANDED LISTINGS STOCK [all]

With ``all``, every column of the files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

from refloat.reports.recognise import recognised

_TYPED: dict[str, pl.DataType] = {"count": pl.Int64(), "money": pl.Decimal(18, 4)}


def parsed(path: Path, *, every_column: bool) -> pl.DataFrame:
    with path.open(encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split("\t")
    report = recognised(header)
    assert report is not None
    wanted = {header[position]: field for position, field in report.bound(header).items() if field.column}
    schema = {name: _TYPED.get(wanted[name].type, pl.String()) if name in wanted else pl.String() for name in header}
    return pl.read_csv(path, separator="\t", quote_char=None, schema=schema, columns=None if every_column else list(wanted))


def main() -> None:
    frames = [parsed(Path(name), every_column=sys.argv[4:] == ["all"]) for name in sys.argv[1:4]]
    json.dump({"rows": [frame.height for frame in frames], "columns": [frame.width for frame in frames]}, sys.stdout)


if __name__ == "__main__":
    main()
