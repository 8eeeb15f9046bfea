"""Proof: only a positive answer about that very SKU ends a stranding."""

from __future__ import annotations

import polars as pl
import pytest

from refloat.loop.cleared import Proof, concluded


def _answers(**other: object) -> dict[str, pl.DataFrame]:
    row = {
        "sku": "CUP", "live_buyable": True, "live_channel": "fba", "live_fnsku": "X00TEST001",
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
