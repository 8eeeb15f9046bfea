"""What ``refloat plan`` is asked for by a name that does not exist is refused, with the nearest names; what exists and is not stranded is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.journeys.test_curing import live as seller
from tests.journeys.test_live import Live, _healthy

from refloat.app.planning import PlanQuestion, plan_account
from refloat.cli.plan import Shown, run_plan
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.model.source import Warning

live = seller


def _cause_of_nothing(live: Live) -> str:
    """A cause that nothing of the account has."""
    found = live.triage()
    return next(name for name in sorted(found.catalogue.causes) if name not in {*found.frame["cause"], *found.frame["symptom"]})


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"reasons": ["listing-close"]}, r"There is no reason “listing-close”.*Near it: listing-closed"),
        ({"reasons": ["nonsense"]}, r"There is no reason “nonsense”.*refloat explain lists them all"),
        ({"remedy": "relist-ofer"}, r"There is no remedy relist-ofer.*Near it: relist-offer"),
        ({"remedy": "qqq"}, r"There is no remedy qqq.*refloat explain lists them all"),
        ({"skus": frozenset({"qqq"})}, r"sample has no SKU qqq.*refloat observe sample"),
    ],
)
def test_a_name_that_does_not_exist(live: Live, asked: dict[str, object], says: str) -> None:
    """And no plan is kept."""
    with pytest.raises(WrongUse, match=f"(?s){says}"):
        plan_account(live.store, PlanQuestion("sample", **asked), clock=live.clock)  # type: ignore[arg-type]
    assert live.store.plans.newest("sample") == ()


def test_a_sku_that_is_written_wrongly(live: Live) -> None:
    """Capitals do not hide the right one."""
    sku = min(live.open_skus())
    with pytest.raises(WrongUse, match=f"(?s)has no SKU {sku.lower()}.*Near it: .*{sku}"):
        plan_account(live.store, PlanQuestion("sample", skus=frozenset({sku.lower()})), clock=live.clock)


@pytest.mark.parametrize("words", ["Listing closed", "listing-closed", "商品已下架", None])
def test_amazon_s_own_words_are_names(live: Live, words: str | None) -> None:
    """In whatever language; and so is a cause that nothing of the account has just now."""
    plan_account(live.store, PlanQuestion("sample", reasons=[words or _cause_of_nothing(live)]), clock=live.clock)


def test_a_remedy_by_amazon_s_word(live: Live) -> None:
    """What Amazon recommends, as the report writes it, is a name as well."""
    plan = plan_account(live.store, PlanQuestion("sample", remedy="Relist"), clock=live.clock)
    assert {action.remedy for action in plan.actions} == {"relist-offer"}


def test_a_known_sku_that_is_not_stranded_is_said(live: Live, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not an error: exit code 0, and a sentence that names it."""
    sound = _healthy(live)
    assert run_plan(Config(None, "en", home=tmp_path, clock_url=live.simulator.url), PlanQuestion("sample", skus=frozenset({sound})), Shown()) == 0
    told = capsys.readouterr()
    assert told.err == f"{sound} is on record and not stranded, so there is nothing to do about it.\n"
    assert "Nothing that was asked for is stranded" in told.out


def test_a_stranded_sku_that_something_else_excludes_is_said(live: Live) -> None:
    """It must not look as if it were not stranded."""
    warnings: list[Warning] = []
    asked = PlanQuestion("sample", reasons=[_cause_of_nothing(live)], skus=frozenset({min(live.open_skus())}))
    plan = plan_account(live.store, asked, clock=live.clock, warnings=warnings)
    assert (plan.actions, plan.left_alone, [one.code for one in warnings]) == ((), (), ["sku-stranded-otherwise"])
