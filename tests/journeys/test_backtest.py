"""A short play of every strategy, over HTTP where Refloat acts; and the command that shows the books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refloat.cli.backtest import Asked, asked_of, played, run_backtest
from refloat.errors import WrongUse
from refloat.insight.backtest import AMAZON, CLAIRVOYANT, RECOMMENDED, STRATEGIES, WEEKLY, WITH_PEOPLE, Played, targets

SMALL = Asked(skus=40, days=3, often=60.0)


def test_refloat_acts_for_the_seller_and_stays_near_the_bound() -> None:
    """Three days in which much goes wrong: what runs by the recommended policy and by a person's word loses little beside the bound with
    people as they work, and nothing is lost or sold that the seller did not mean to.
    """
    found = {name: played(SMALL, name, 1) for name in (AMAZON, RECOMMENDED, WITH_PEOPLE, CLAIRVOYANT)}
    own = found[RECOMMENDED]
    assert {one.mishaps for one in found.values()} == {own.mishaps}
    assert own.mishaps >= 4
    assert found[CLAIRVOYANT].stranded_unit_days <= found[WITH_PEOPLE].stranded_unit_days <= own.stranded_unit_days < found[AMAZON].stranded_unit_days
    assert (own.units_disposed_unasked, own.wrong_offers, own.units_sold_wrongly) == (0, 0, 0)
    assert own.calls > 0
    assert own.people_acts > 0
    assert {one.name for one in targets(list(found.values())) if one.met is False} <= {"of-clairvoyant", "of-people", "better-than-amazon"}


def test_the_books_are_shown_in_both_languages_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked((AMAZON, WEEKLY, WITH_PEOPLE, CLAIRVOYANT), (1, 2), 30, 20, often=10.0)
    run_backtest(asked, as_json=False, language="en")
    shown = capsys.readouterr()
    assert "Amazon’s defaults alone" in shown.out
    assert "Seed 2" in shown.err
    run_backtest(asked, as_json=False, language="zh-Hans")
    assert "亚马逊默认设置" in capsys.readouterr().out
    run_backtest(asked, as_json=True, language="en")
    told = json.loads(capsys.readouterr().out)
    assert [row["strategy"] for row in told["rows"]] == [AMAZON, WEEKLY, WITH_PEOPLE, CLAIRVOYANT]
    assert len(told["played"]) == 8
    assert told["targets"] == []


def test_the_same_question_has_the_same_answer() -> None:
    """Same seed, same strategy: the same play, figure for figure."""
    asked = Asked(skus=40, days=30, often=10.0)
    first, second = (played(asked, WEEKLY, 3) for _ in range(2))
    assert isinstance(first, Played)
    assert first == second


def test_a_policy_of_ones_own_is_a_row_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('[relist]\nautomatic = true\ncauses = ["listing-closed"]\n', encoding="utf-8")
    asked = asked_of(file, 2, 50, 10)
    assert set(asked.strategies) == {*STRATEGIES, "mine.toml"}
    assert asked.policy is not None
    assert asked.policy[0] == "mine.toml"
    with pytest.raises(WrongUse, match="cannot be read"):
        asked_of(tmp_path / "none.toml", 1, 50, 10)
