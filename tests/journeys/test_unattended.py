"""Unattended, by the seller's policy: on the simulator over real HTTP, with a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys.test_live import US, Live
from tests.policies import RETURN_ADDRESS

from refloat.app import policies
from refloat.app.audit import audited
from refloat.app.carrying import apply_plan
from refloat.app.deadlines import deadlines_due
from refloat.app.policies import enter_notes, enter_policy, give_standing, standing_for
from refloat.app.unattended import ByPolicy, act_by_policy
from refloat.cli.policy_audit import run_audit, run_proposal
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import PlanRefused
from refloat.knowledge.policies_read import shipped
from refloat.loop import feeding, removing
from refloat.simulator import seeding
from refloat.simulator.rules import removals
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened


@dataclass
class Unattended(Live):
    """An account that is looked at and acted for, while nobody is there."""

    def act(self) -> ByPolicy:
        return act_by_policy(self.store, "sample", clock=self.clock)

    def look(self, hours: float = 6) -> ByPolicy:
        self.hours(hours)
        self.observe()
        return self.act()

    def policy(self, text: str) -> None:
        enter_policy(self.store, "sample", text, "A. Sample", self.clock.now())

    def notes(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "notes.toml"
        path.write_text(text, encoding="utf-8")
        enter_notes(self.store, "sample", path, "A. Sample", self.clock.now())

    def writes(self) -> list[str]:
        return [line for line in self.world.history if " write" in line and " seller" not in line]

    def sent(self, remedy: str | None = None) -> set[str]:
        deeds = [deed for own in self.store.plans.of_strandings("sample").values() for deed in own]
        return {deed.sku for deed in deeds if remedy in {None, deed.remedy}}

    def removals(self) -> list[object]:
        return list(self.store.ledger("sample").feeds(removing.FEED_TYPE))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Unattended]:
    """Sixty SKUs in the US, half of them stranded for as many reasons and four closed just now, observed once."""
    world = seeding.seeded(seed=3, skus=60, stranded=0.5)
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        seen = Unattended(world, simulator, store, clock)
        healthy = sorted({stock.sku for stock in world.stocks_of(seller.id, US) if stock.fulfillable} - seen.truth())
        for sku in healthy[:4]:
            seen.write_offer(sku, end_at={"value": "2026-01-01T00:00:00Z"})
        seen.hours(36)
        seen.observe()
        yield seen


def closed_skus(live: Unattended) -> list[str]:
    """SKUs that were closed, and that a plan would relist."""
    return sorted(row.sku for row in live.store.strandings.open_strandings("sample") if row.now.remedy == "relist-offer" and row.now.cause == "listing-closed")


def test_on_a_fresh_install_nothing_runs_by_itself(live: Unattended) -> None:
    """All is proposed, and nothing is sent, however often it is called."""
    for _ in range(3):
        told = live.look(24)
    assert {decision.outcome for _, decision in told.decided} <= {"proposed", "waits"}
    assert (live.sent(), told.applied) == (set(), {})
    assert told.policy.startswith("policy 0 ")
    assert {one.whom for one in told.waiting} >= {"person", "by-hand"}


def test_the_recommended_policy_relists_after_its_soak(live: Unattended) -> None:
    """Not at the first sight; after some hours, with the rule's word for exactly these; and it is proven."""
    live.policy(shipped("recommended"))
    closed = closed_skus(live)
    first = live.act()
    assert closed
    assert {decision.code for action, decision in first.decided if action.sku in closed} == {"soaks"}
    assert live.sent() == set()
    assert first.next_at is not None and first.next_at <= live.clock.now() + timedelta(hours=4)
    told = live.look()
    assert set(closed) <= live.sent("relist-offer")
    assert live.sent() == live.sent("relist-offer") | live.sent("change-to-fba")
    (plan_id,) = told.applied
    (word,) = live.store.plans.consents(plan_id)
    assert word.by == told.policy
    assert set(word.actions or ()) == {action.id for action in live.store.plans.get(plan_id).actions}
    for _ in range(4):
        live.look(12)
    assert set(closed) & set(live.open_skus()) == set()


def test_days_are_waited_for(live: Unattended) -> None:
    """A rule that waits is waited for, and names the moment."""
    live.policy(shipped("recommended").replace("after_days = 0", "after_days = 300", 1))
    told = live.look()
    early = [decision for action, decision in told.decided if action.remedy == "relist-offer"]
    assert early
    assert {(one.outcome, one.code) for one in early} == {("waits", "too-early")}
    assert all(one.until is not None and one.until > live.clock.now() for one in early)
    assert live.sent("relist-offer") == set()


def test_opt_outs_holds_and_closings_on_purpose_are_left(live: Unattended, tmp_path: Path) -> None:
    """By the policy, by the notes, and by what the seller closed: never touched, while another one is cured."""
    closed = closed_skus(live)
    assert len(closed) >= 3
    opted, noted, purpose, *others = closed
    live.policy(shipped("recommended") + f'\n[[opt_outs]]\nsku = "{opted}"\n')
    until = (live.clock.now() + timedelta(days=60)).date()
    live.notes(tmp_path, f'closings_kept = true\n[[holds]]\nsku = "{noted}"\nuntil = {until}\n[[closed]]\nsku = "{purpose}"\non = 2026-01-01\n')
    for _ in range(3):
        told = live.look(8)
    assert {opted, noted, purpose} & live.sent() == set()
    assert set(others) <= live.sent("relist-offer")
    held = {action.sku: decision.code for action, decision in told.decided if decision.outcome == "held"}
    assert held == {opted: "opted-out"}
    assert {one.sku: one.guard.name for one in told.left_alone if one.sku in {noted, purpose}} == {noted: "held", purpose: "closed-on-purpose"}


def test_a_proposal_stands_until_it_says_something_else(live: Unattended, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Called again and again it is the same plan; no new one every few hours."""
    first = live.look()
    again = [live.act().proposal for _ in range(3)]
    assert first.proposal is not None
    assert again == [first.proposal] * 3
    assert len(live.store.plans.newest("sample", 100)) == 1
    kept = live.store.policies.proposal("sample")
    assert kept is not None
    run_proposal(Config(None, "en", home=tmp_path), "sample", as_json=False, language="zh-Hans")
    told = capsys.readouterr().out
    assert all(f"{name}  " in told for name in kept.decided)
    assert f"refloat apply {kept.plan_id}" in told
    assert set(kept.decided) == {action.id for action in live.store.plans.get(kept.plan_id).actions}


def test_after_some_come_backs_it_is_only_proposed(live: Unattended) -> None:
    """Whoever closes it again and again means it."""
    live.policy(shipped("recommended").replace("come_backs_most = 2", "come_backs_most = 1", 1))
    sku = closed_skus(live)[0]
    live.look()
    assert sku in live.sent("relist-offer")
    for _ in range(3):
        live.look(12)
    assert sku not in live.open_skus()
    live.write_offer(sku, end_at={"value": live.clock.now().isoformat()})
    told = live.look(30)
    for _ in range(3):
        told = live.look(12)
    assert sku in live.open_skus()
    assert len([deed for deed in live.store.plans.of_strandings("sample")["US", sku] if deed.remedy == "relist-offer"]) == 1
    # It is for a person now, or was left by a guard: in no case did a rule open it again.
    assert {decision.outcome for action, decision in told.decided if action.sku == sku} <= {"proposed"}


def test_killed_in_the_middle_and_called_again(live: Unattended, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the word and the sending, and between sending and noting: each cure is sent once, and all are."""
    live.policy(shipped("recommended"))
    live.hours(6)
    live.observe()
    closed = closed_skus(live)

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("refloat.app.unattended.apply_plan", killed)
        with pytest.raises(Killed):
            live.act()
    assert live.sent() == set()
    with monkeypatch.context() as patched:
        patched.setattr("refloat.loop.act.looking.shown", killed)
        with pytest.raises(Killed):
            live.act()
    assert live.sent() != set()
    live.look(1)
    live.act()
    deeds = live.store.plans.of_strandings("sample")
    assert {sku: len(deeds["US", sku]) for sku in closed} == dict.fromkeys(closed, 1)


def near_deadline(live: Unattended, days: int) -> str:
    """Let time pass until Amazon removes something in so many days that only a person could cure; its SKU."""
    for _ in range(400):
        near = [row for row in live.store.strandings.open_strandings("sample") if row.now.removal_due_on and (row.now.removal_due_on - live.clock.now().date()).days <= days]
        if near:
            return near[0].sku
        live.hours(24)
        live.observe()
    raise AssertionError("no deadline came near")


def test_a_deadline_climbs_until_somebody_takes_it(live: Unattended) -> None:
    """Step by step; taken by a name it waits for the next step, and the removal is proposed all the same."""
    near_deadline(live, 14)
    first = live.act()
    assert {one.step for one in first.deadlines} <= {14, 7, 3, 1}
    due = first.deadlines[0]
    assert due.taken_by is None
    assert live.store.deadlines.take("sample", due.sku, "A. Sample", live.clock.now(), note="case 1") >= 1
    again = {(one.sku, one.step): one.taken_by for one in deadlines_due(live.store, "sample", live.clock.now())}
    assert again[due.sku, due.step] == "A. Sample"
    kinds = [entry.kind for entry in live.store.journal.entries("sample", "US")]
    assert "deadline" in kinds and "deadline-taken" in kinds
    assert live.removals() == []


def test_without_a_standing_consent_a_return_is_proposed_and_nothing_leaves(live: Unattended, tmp_path: Path) -> None:
    """Near the deadline the proposal holds a return, and no order is made."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    told = live.act()
    returns = [(action, decision) for action, decision in told.decided if action.remedy == "create-removal" and decision.outcome == "proposed"]
    assert returns
    assert {step.change.removal.disposition for action, _ in returns for step in action.steps if step.change.removal} == {"Return"}
    assert live.removals() == []


def test_a_standing_consent_makes_a_return_once(live: Unattended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under its ceiling, by the person's name; killed while the order leaves and called again it is one order."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, RETURN_ADDRESS)
    near_deadline(live, 7)
    now = live.clock.now()
    word = give_standing(live.store, "sample", standing_for(live.store, "sample", "A. Sample", (10_000, Decimal(100_000), "USD"), now.date() + timedelta(days=30), now))

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(feeding, "ended", killed)
        with pytest.raises(Killed):
            live.act()
    told = live.act()
    deeds = [deed for deed in live.store.ledger("sample").removals_under_way() if deed.remedy == "create-removal"]
    assert deeds
    words = [one for deed in deeds for one in live.store.plans.consents(deed.plan_id)]
    assert {one.by.split(" · ")[0] for one in words} == {"A. Sample"}
    (standing,) = live.store.policies.standing("sample")
    assert (standing.id, standing.units_used) == (word.id, sum(deed.units or 0 for deed in deeds))
    for _ in range(2):
        told = live.look(12)
    assert {deed.sku for deed in deeds} & {action.sku for action, _ in told.decided} == set()
    orders = [order for order in removals.orders(live.world, live.seller.id, US) if order.by != "amazon"]
    lines = [(line.sku, line.sellable) for order in orders for line in order.lines]
    assert {sku for sku, _ in lines} == {deed.sku for deed in deeds}
    assert len(lines) == len(set(lines))
    assert {order.disposition for order in orders} == {"Return"}


def test_disposal_is_never_made_whatever_stands(live: Unattended, tmp_path: Path) -> None:
    """The seller may want it, and a standing consent may be there: it stays a proposal."""
    live.policy(shipped("recommended"))
    live.notes(tmp_path, f'[removal]\ndisposition = "Disposal"\n{RETURN_ADDRESS}')
    near_deadline(live, 7)
    now = live.clock.now()
    give_standing(live.store, "sample", standing_for(live.store, "sample", "A. Sample", (10_000, Decimal(100_000), "USD"), now.date() + timedelta(days=30), now))
    told = live.act()
    final = [decision for action, decision in told.decided if action.irreversible]
    assert "never-unasked" in {decision.code for decision in final}
    assert {decision.outcome for decision in final} <= {"proposed", "waits"}
    assert live.removals() == []


def test_two_people_approve_what_is_worth_much(live: Unattended, tmp_path: Path) -> None:
    """By hand as well: one name is not enough, the same name twice neither; a second name is."""
    live.policy(shipped("fresh") + '\n[consent]\ntwo_people_above = { USD = "0.01" }\n')
    live.notes(tmp_path, RETURN_ADDRESS)
    told = live.look()
    dear = [action for action, decision in told.decided if decision.outcome == "two-people"]
    assert dear
    assert told.proposal is not None
    plan = live.store.plans.get(told.proposal)
    only = [next(one.id for one in plan.actions if one.sku == dear[0].sku)]
    for _ in range(2):
        live.store.plans.consent(plan, "A. Sample", live.clock.now(), only)
        with pytest.raises(PlanRefused, match="another person"):
            apply_plan(live.store, plan, only=only, clock=live.clock)
    live.store.plans.consent(plan, "B. Sample", live.clock.now(), only)
    apply_plan(live.store, plan, only=only, clock=live.clock)
    assert live.sent() == {dear[0].sku}


def test_what_is_said_as_json_is_json(live: Unattended) -> None:
    """The engine and the doors read it."""
    live.policy(shipped("recommended"))
    told = json.loads(json.dumps(live.look().as_json()))
    assert told["account"] == "sample"
    assert policies.in_force(live.store, "sample").version == 1


def test_the_audit_says_what_amazon_will_do(live: Unattended, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each stranding once, under what comes first; with the settings as entered, and those that are not."""
    first = audited(live.store, "sample", live.clock)
    assert {one.name for one in first.settings if one.value is None} == {one.name for one in first.settings}
    leaving = [one for one in first.events if one.what == "Disposal"]
    assert leaving and all(one.assumed for one in leaving)
    assert [one.on for one in first.events] == sorted(one.on for one in first.events)
    skus = [sku for one in first.events for sku in one.skus]
    assert len(skus) == len(set(skus))
    rows = {row["sku"]: row for row in live.triage().rows.iter_rows(named=True)}
    for event in leaving:
        assert {rows[sku]["removal_due_on"] for sku in event.skus} == {event.on}
        assert event.units == sum(rows[sku]["units_stranded"] or 0 for sku in event.skus if rows[sku]["counted"])
    live.notes(tmp_path, '[settings]\nremoval_disposition = "Return"\nautomatic_relist = false\nlooked_up_on = 2026-01-05\n')
    second = audited(live.store, "sample", live.clock)
    assert not [one for one in second.events if one.what in {"Disposal", "relist"}]
    assert not any(one.assumed for one in second.events)
    known = {one.name: (one.value, one.old) for one in second.settings}
    assert known["removal_disposition"] == ("Return", True)
    run_audit(Config(None, "en", home=tmp_path, clock_url=live.simulator.url), "sample", as_json=False, language="en")
    told = capsys.readouterr().out
    assert "will be returned" in told and "Entered long ago" in told
