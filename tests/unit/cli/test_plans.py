"""``refloat plans``: the plans of an account, the newest first, and how far each is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.plans import MADE_AT, plan, relist, removal

from refloat.cli.plans import run_plans
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.model.ports import Note
from refloat.store import Unsealed, opened

OLD = plan(*(relist(f"CUP-{number}", number) for number in range(1, 8)), removal("PAN", 8))
NEW = replace(plan(relist("JUG"), relist("MUG", 2), relist("POT", 3)), id="20261122-1000-sample", made_at=MADE_AT + timedelta(hours=1), good_until=MADE_AT + timedelta(hours=25))


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    """One plan of which everything that can happen has happened, and a newer one, approved in part and not sent."""
    made = Config(None, "en", home=tmp_path)
    with opened(made) as store:
        for name in ("sample", "empty"):
            store.accounts.add(name, region="NA", seller_id=f"A1{name}", unsealed=Unsealed("id", "secret", "token"), at=datetime.now(UTC))
        for one in (OLD, NEW):
            store.plans.keep(one)
        store.plans.consent(OLD, "A. Sample", MADE_AT)
        for names in (["US-0001"], ["US-0001", "US-0002"]):
            store.plans.consent(NEW, "A. Sample", MADE_AT, names)
        stages = ["shown", "shown", "answered", "refused", "dropped", "unclear", "intended", "stopped"]
        notes = [Note(f"US-{number:04}", stage, stage) for number, stage in enumerate(stages, 1)]
        verdicts = [Note("US-0001", "verdict", verdict="cured"), Note("US-0002", "verdict", verdict="came-back")]
        store.ledger("sample").note(OLD.id, [*notes, *verdicts], MADE_AT)
    yield made


def test_how_far_each_plan_is(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """The newest first; what is zero is left out."""
    assert run_plans(config, "sample", limit=20, as_json=False, language="en") == 0
    assert capsys.readouterr().out.splitlines() == [
        "20261122-1000-sample · made 2026-11-22 10:00 UTC · good until 2026-11-23 10:00 UTC",
        "    3 actions, 2 approved, 3 not sent",
        "20261122-0900-sample · made 2026-11-22 09:00 UTC · good until 2026-11-23 09:00 UTC",
        "    8 actions, 8 approved, 3 sent, 2 shown, 1 refused by Amazon, 2 open, 1 dropped, 1 not sent",
        "    Verdicts: came-back 1, cured 1.",
    ]


def test_the_same_for_a_program(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    run_plans(config, "sample", limit=20, as_json=True, language="zh-Hans")
    told = json.loads(capsys.readouterr().out)
    assert (told["account"], [one["plan"] for one in told["plans"]]) == ("sample", [NEW.id, OLD.id])
    assert told["plans"][1] == {
        "plan": OLD.id, "made_at": OLD.made_at.isoformat(), "good_until": OLD.good_until.isoformat(), "actions": 8, "approved": 8, "sent": 3, "shown": 2, "refused": 1, "open": 2,
        "dropped": 1, "unsent": 1, "undone": 0, "verdicts": {"came-back": 1, "cured": 1},
    }  # fmt: skip


def test_only_the_newest(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    run_plans(config, "sample", limit=1, as_json=True, language="en")
    assert [one["plan"] for one in json.loads(capsys.readouterr().out)["plans"]] == [NEW.id]


def test_no_plan_yet_and_no_such_account(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_plans(config, "empty", limit=20, as_json=False, language="en") == 0
    assert capsys.readouterr().out == "No plan was made yet: refloat plan empty\n"
    with pytest.raises(WrongUse, match="nobody"):
        run_plans(config, "nobody", limit=20, as_json=False, language="en")


def test_a_consent_to_another_plan_is_none(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """What counts is the plan exactly as it stands."""
    with opened(config) as store:
        store.plans.consent(replace(NEW, lifted=("no-canary",)), "A. Sample", MADE_AT)
    run_plans(config, "sample", limit=1, as_json=True, language="en")
    assert json.loads(capsys.readouterr().out)["plans"][0]["approved"] == 2
