"""What a complete report of events does not name did not happen: none, and not unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from refloat.knowledge.catalogue import catalogue
from refloat.loop.scopes import Scope
from refloat.loop.sightings import sighted
from refloat.model.notes import Notes
from refloat.model.source import Source

TODAY = date(2026, 11, 22)


def _seen(known_from: str) -> dict[str, object]:
    """Of SKU A, where the returns and the removal orders name only B."""
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    frames = {
        "stranded": pl.DataFrame({"sku": ["A"], "said": ["Listing closed"]}, schema={"sku": pl.String(), "said": pl.String()}),
        "returns": pl.DataFrame({"sku": ["B"], "return_units": [1], "return_on": [TODAY]}),
        "removal-orders": pl.DataFrame(
            {"sku": ["B"], "units_in_removal": [2], "removal_units_disposed": [0], "removal_units_shipped": [0], "removal_fee": [None], "removal_currency": ["USD"]},
            schema_overrides={"removal_fee": pl.Decimal(18, 4)},
        ),
    }
    columns = {"recommended_said": pl.String(), "status_secondary": pl.String(), "stranded_on": pl.Date(), "price_shown": pl.Decimal(18, 4)}
    counts = dict.fromkeys(("units_fulfillable", "units_unfulfillable", "units_reserved", "units_inbound"), pl.Int64())
    frames["stranded"] = frames["stranded"].with_columns(pl.lit(None, dtype).alias(name) for name, dtype in {**columns, **counts}.items())
    parts = {report: ((Source(report, report, "US", rows=1, observed_at=at, observed_from=known_from), frame),) for report, frame in frames.items()}
    (row,) = sighted(Scope(None, "US", parts), Notes(), catalogue(), TODAY).frame.filter(pl.col("sku") == "A").to_dicts()
    return row


@pytest.mark.parametrize(("known_from", "count"), [("snapshot", 0), ("file-time", None)])
def test_a_sku_that_a_complete_report_does_not_name_has_none(known_from: str, count: int | None) -> None:
    """A file that a person downloaded may not reach back as far, so its silence tells nothing."""
    row = _seen(known_from)
    assert (row["units_returned_90_days"], row["units_in_removal"]) == (count, count)
