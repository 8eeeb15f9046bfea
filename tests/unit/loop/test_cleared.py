"""Proof: only a positive answer about that very SKU ends a stranding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from refloat.loop.cleared import Absent, Proof
from refloat.loop.cleared import concluded as concluded_at

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def concluded(frames: dict[str, pl.DataFrame], absent: list[tuple[str, str | None]]) -> dict[str, Proof]:
    """For SKUs that were shown not BUYABLE, and that this pass misses for the first time."""
    return concluded_at(frames, [Absent(sku, fnsku, False, None) for sku, fnsku in absent], NOW, NOW)


def _answers(**other: object) -> dict[str, pl.DataFrame]:
    row = {
        "sku": "CUP", "live_at": NOW, "inventory_at": NOW, "live_buyable": True, "live_channel": "fba", "live_fnsku": "X00TEST001",
        "inventory_fnsku": "X00TEST001", "inventory_units_total": 5, "inventory_units_fulfillable": 5, "inventory_units_inbound": 0,
    }  # fmt: skip
    frame = pl.DataFrame([row | other])
    return {"listing-answers": frame.select("sku", "^live_.*$"), "inventory-answers": frame.select("sku", "^inventory_.*$")}


def test_buyable_from_amazon_with_the_units_of_the_same_label_is_proof() -> None:
    """All of it together clears the stranding."""
    assert concluded(_answers(), [("CUP", "X00TEST001")]) == {"CUP": Proof("cleared")}
    assert concluded(_answers(), [("CUP", None)]) == {"CUP": Proof("cleared")}


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("live_buyable", False), ("live_buyable", None), ("live_channel", "merchant"), ("live_channel", None), ("live_fnsku", "X00TEST009"), ("live_fnsku", None),
        ("inventory_fnsku", "X00TEST009"), ("inventory_fnsku", None), ("inventory_units_fulfillable", 0), ("inventory_units_fulfillable", None),
    ],
)  # fmt: skip
def test_one_missing_piece_is_no_proof(fact: str, value: object) -> None:
    """Each piece is needed; an unknown one is missing."""
    assert concluded(_answers(**{fact: value}), [("CUP", "X00TEST001")]) == {}


def test_another_label_on_record_is_no_proof() -> None:
    """The offer sells units of another FNSKU: those on record are still stranded."""
    assert concluded(_answers(), [("CUP", "X00TEST777")]) == {}


def test_no_unit_anywhere_is_sold_out() -> None:
    """Whatever the offer is, nothing is left to be stranded; an unknown count is not none."""
    assert concluded(_answers(inventory_units_total=0, live_buyable=False), [("CUP", "X00TEST001")]) == {"CUP": Proof("sold-out")}
    assert concluded(_answers(inventory_units_total=None, live_buyable=False), [("CUP", "X00TEST001")]) == {}


def test_without_answers_nothing_is_concluded() -> None:
    """Neither kind of answer alone is enough."""
    both = _answers()
    assert concluded({"listing-answers": both["listing-answers"]}, [("CUP", None)]) == {}
    assert concluded({"inventory-answers": both["inventory-answers"]}, [("CUP", None)]) == {}
    assert concluded(both, [("PAN", None)]) == {}


@pytest.mark.parametrize("shown", [True, None])
def test_what_was_called_buyable_all_the_while_needs_a_day(shown: bool | None) -> None:
    """BUYABLE is no news there: the reports must have let go of it for as long as Amazon's lists may lag."""

    def after(hours: float | None) -> dict[str, Proof]:
        since = None if hours is None else NOW - timedelta(hours=hours)
        return concluded_at(_answers(), [Absent("CUP", "X00TEST001", shown, since)], NOW, NOW)

    assert after(None) == after(23.9) == {}
    assert after(24) == {"CUP": Proof("cleared")}


def test_sold_out_waits_for_nothing() -> None:
    """No unit is no unit, whatever the offer was called."""
    frames = _answers(inventory_units_total=0)
    assert concluded_at(frames, [Absent("CUP", None, True, None)], NOW, NOW) == {"CUP": Proof("sold-out")}


@pytest.mark.parametrize("kind", ["live_at", "inventory_at"])
@pytest.mark.parametrize("units", [0, 5])
def test_an_answer_of_an_earlier_pass_proves_nothing(kind: str, units: int) -> None:
    """It may be from before the units were stranded; that goes for sold out, too."""
    assert concluded(_answers(**{kind: NOW - timedelta(seconds=1)}, inventory_units_total=units), [("CUP", None)]) == {}
