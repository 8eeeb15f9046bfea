"""Proposals are about causes that there are, and say it in both languages."""

from __future__ import annotations

from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.messages import proposed
from refloat.knowledge.tables import table


def test_every_proposal_is_about_known_causes() -> None:
    for row in table("proposals").values():
        assert set(row["causes"]) <= set(catalogue().causes)
        assert row["en"]
        assert row["zh"]


def test_a_cause_without_a_proposal_gets_none() -> None:
    assert proposed(["missing-price"]) == []


def test_each_is_said_once() -> None:
    """However many SKUs it would have kept on sale."""
    (said,) = proposed(["deleted-listing", "deleted-listing", "deleted-by-another"])
    assert "no unit of it is left" in said
    assert proposed(["deleted-listing"], "zh-Hans") != [said]
