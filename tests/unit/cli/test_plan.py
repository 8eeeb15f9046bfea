"""``apply``: a person's word, given at the terminal or by a program, for all of a plan or some of it; and how it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.plans import deed, plan, relist, removal

from refloat.app.planning import PlanQuestion
from refloat.cli import plan as door
from refloat.cli.plan import Shown, Word, run_apply, run_plan, run_show, run_verify
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.loop.act import Applied
from refloat.model.plan import Plan
from refloat.model.remark import Remark
from refloat.store import Store, Unsealed, opened

MADE = plan(relist("CUP"), relist("JUG", 2), removal("PAN", 3))


@dataclass
class Desk:
    """A store with one plan, and what apply was told to carry out."""

    config: Config
    asked: list[str] = field(default_factory=list)
    carried: list[tuple[str, ...]] = field(default_factory=list)
    ends: Applied = field(default_factory=lambda: Applied({"US-0001": deed()}, None, {}))

    def apply(self, word: Word | None = None, *, types: str | None = None, as_json: bool = False, of: str = MADE.id) -> int:
        """Run the command; ``types``: what a person answers at the terminal."""

        def answer(prompt: str) -> str:
            self.asked.append(prompt)
            return str(types)

        ask: Callable[[str], str] | None = None if types is None else answer
        return run_apply(self.config, of, word or Word(), as_json=as_json, language="en", ask=ask)

    def consents(self) -> list[tuple[str, tuple[str, ...] | None]]:
        """Who approved which actions."""
        with opened(self.config) as store:
            return [(one.by, one.actions) for one in store.plans.consents(MADE.id)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """No request leaves, and Ctrl-C stays the test's."""
    made = Desk(Config(None, "en", home=tmp_path))
    with opened(made.config) as store:
        store.accounts.add("sample", region="NA", seller_id="A1SAMPLE", unsealed=Unsealed("id", "secret", "token"), at=datetime.now(UTC))
        store.plans.keep(MADE)

    def applied(store: Store, plan: Plan, *, only: Any, clock: Any, tell: Callable[[Remark], None]) -> Applied:
        assert (store, plan, clock) is not None
        made.carried.append(tuple(only))
        tell(Remark("waiting-shown", {"count": 1, "until": "09:31 UTC"}))
        return made.ends

    monkeypatch.setattr(door, "apply_plan", applied)
    monkeypatch.setattr(door, "stop_at_once", lambda _: None)
    monkeypatch.setattr("getpass.getuser", lambda: "a-person")
    yield made


def test_the_plan_s_id_is_the_word(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is shown, the question says how much and who, and what cannot be undone is said; the answer alone is on stdout."""
    assert desk.apply(types=f"{MADE.id}\n") == 0
    assert desk.consents() == [("a-person", None)]
    (question,) = desk.asked
    assert "3 actions as a-person" in question
    told = capsys.readouterr()
    assert "US-0003" in told.err
    assert "1 of these actions cannot be undone." in told.err
    assert told.out.startswith("1 sent\n")


@pytest.mark.parametrize("typed", ["", "y", "yes", MADE.id[:-1], MADE.fingerprint])
def test_anything_else_is_no_word(desk: Desk, typed: str) -> None:
    """Nothing is carried out, and no consent is kept."""
    with pytest.raises(WrongUse, match="was not approved, and nothing was sent"):
        desk.apply(types=typed)
    assert (desk.carried, desk.consents()) == ([], [])


def test_a_word_once_given_is_not_asked_for_again(desk: Desk) -> None:
    """A run that was stopped goes on without a question."""
    desk.apply(types=MADE.id)
    assert desk.apply() == 0
    assert (len(desk.asked), len(desk.carried), len(desk.consents())) == (1, 2, 1)


def test_only_some_are_approved(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The question is about those alone, and the rest needs a word of its own."""
    assert desk.apply(Word(by="A. Sample", only=["US-0002"]), types=MADE.id) == 0
    assert desk.consents() == [("A. Sample", ("US-0002",))]
    assert desk.carried == [("US-0002",)]
    shown = capsys.readouterr().err
    assert "JUG" in shown
    assert "CUP" not in shown
    assert "cannot be undone" not in shown
    with pytest.raises(WrongUse, match="was not approved"):
        desk.apply(types="")


def test_an_action_that_is_not_in_the_plan(desk: Desk) -> None:
    with pytest.raises(WrongUse, match="has no action US-9999"):
        desk.apply(Word(only=["US-9999"]), types=MADE.id)


@pytest.mark.parametrize(("given", "enough"), [(MADE.fingerprint[:12], True), (MADE.fingerprint, True), (MADE.fingerprint[:11], False), ("", False), ("0" * 12, False), (MADE.id, False)])
def test_a_program_gives_the_fingerprint(desk: Desk, given: str, enough: bool) -> None:
    """Twelve letters at least, of this plan and no other."""
    if enough:
        assert desk.apply(Word(by="A. Sample", fingerprint=given)) == 0
        assert desk.consents() == [("A. Sample", None)]
    else:
        with pytest.raises(WrongUse, match="was not approved"):
            desk.apply(Word(by="A. Sample", fingerprint=given))
        assert desk.consents() == []


def test_without_a_terminal_nobody_can_be_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says the line with which a program gives a person's word."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(WrongUse, match=f"--consent {MADE.fingerprint[:12]}"):
        desk.apply()


def test_a_user_without_a_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError(4711)

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(WrongUse, match="--by NAME"):
        desk.apply(types=MADE.id)


def test_how_it_ends(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """0 where everything went as far as it could, 2 where something surprised us; the surprise and what was refused are named."""
    desk.apply(types=MADE.id)
    refused = deed("refused", action_id="US-0002", sku="JUG", told={"issues": [{"severity": "ERROR", "message": "Not like this."}]})
    surprise = Remark("of-sku", {"sku": "JUG", "why": {"code": "plain", "facts": {"text": "Not like this."}}})
    desk.ends = Applied({"US-0001": deed(), "US-0002": refused, "US-0003": deed("stopped", action_id="US-0003", sku="PAN")}, surprise, {})
    capsys.readouterr()
    assert desk.apply() == 2
    assert capsys.readouterr().out.splitlines()[:4] == [
        "1 sent, 1 refused by Amazon, 1 not sent",
        "  US-0002 · JUG · refused by Amazon · Not like this.",
        "Stopped at the first surprise: JUG: Not like this.",
        "What was not sent stays so: look at it, then observe and plan again.",
    ]


def test_a_mere_wait_is_no_surprise(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Amazon lets nobody write just now: that is said, and how it goes on; a program is told the same."""
    desk.apply(types=MADE.id)
    capsys.readouterr()
    desk.ends = Applied({"US-0001": deed(), "US-0002": deed("planned", action_id="US-0002", sku="JUG")}, Remark("actions-wait", {"count": 1}), {}, surprise=False)
    assert desk.apply() == 2
    said = capsys.readouterr().out
    assert said.splitlines()[0] == "1 sent, 1 not sent"
    assert "\nNot through yet: " in said
    assert f"refloat apply {MADE.id}" in said
    assert "surprise" not in said
    assert desk.apply(as_json=True) == 2
    told = json.loads(capsys.readouterr().out)
    assert (told["surprise"], told["stopped_because"]["code"]) == (False, "actions-wait")


def test_the_same_for_a_program(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object on stdout, although the question was asked."""
    later = datetime(2026, 11, 23, 9, tzinfo=UTC)
    desk.ends = Applied({"US-0001": deed()}, None, {"US-0001": later})
    assert desk.apply(types=MADE.id, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["plan"], told["stopped"], told["later"]) == (MADE.id, None, {"US-0001": later.isoformat()})
    assert [one["stage"] for one in told["actions"]] == ["answered"]


def test_a_plan_without_actions_is_nothing_to_approve(desk: Desk) -> None:
    empty = Plan("20261122-0900-empty", "sample", MADE.made_at, MADE.good_until, ())
    with opened(desk.config) as store:
        store.plans.keep(empty)
    with pytest.raises(WrongUse, match="has no action"):
        desk.apply(of=empty.id, types=empty.id)


def test_what_cannot_be_written_is_told_with_its_place(desk: Desk, tmp_path: Path) -> None:
    for shown in (Shown(file=tmp_path / "none" / "plan.json"), Shown(html=tmp_path / "none" / "plan.html")):
        with pytest.raises(WrongUse, match="could not be written"):
            run_show(desk.config, MADE.id, shown, "en")


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"lifted": frozenset({"enforcement"})}, "enforcement cannot be lifted"), ({"lifted": frozenset({"nonsense"})}, "nonsense cannot be lifted"), ({"remedy": "prayer"}, "no remedy prayer")],
)
def test_what_makes_no_sense_is_told_before_anything_is_read(desk: Desk, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        run_plan(desk.config, PlanQuestion("sample", **asked), Shown())


def test_no_verdict_yet(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was sent, so nothing is waited for."""
    assert run_verify(desk.config, "sample", as_json=False, language="zh-Hans") == 0
    assert capsys.readouterr().out == "结果：暂无。\n"


def test_each_stage_is_told_on_stderr_while_it_goes_on(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A plain line as soon as the stage begins; stdout holds the answer alone."""
    desk.apply(types=MADE.id)
    capsys.readouterr()
    assert desk.apply(as_json=True) == 0
    told = capsys.readouterr()
    assert told.err.splitlines()[-1] == "Sent: 1. Waiting until Amazon shows them; until 09:31 UTC at most ..."
    assert json.loads(told.out)["plan"] == MADE.id


def test_why_it_stopped_is_told_in_the_reader_s_language(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the run, and of each action; what was kept in words before is shown as it is. A program gets code and facts."""
    desk.apply(types=MADE.id)
    moved = {"moved": "units", "because": {"code": "moved", "facts": {"names": ["units"]}}}
    ends = {"US-0001": deed("dropped", told=moved), "US-0002": deed("dropped", action_id="US-0002", sku="JUG", told={"moved": "units"})}
    desk.ends = Applied(ends, Remark("not-shown", {"sku": "CUP", "minutes": 30}), {})
    capsys.readouterr()
    assert run_apply(desk.config, MADE.id, Word(), as_json=False, language="zh-Hans") == 2
    out = capsys.readouterr().out
    assert "CUP：30 分钟后更改仍未显示" in out
    assert [line.rpartition(" · ")[2] for line in out.splitlines()[1:3]] == ["件数", "units"]
    desk.apply(as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["stopped"], told["stopped_because"]) == ("CUP: the change does not show after 30 minutes", {"code": "not-shown", "facts": {"sku": "CUP", "minutes": 30}})
