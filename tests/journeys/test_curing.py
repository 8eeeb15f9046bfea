"""Plan, approve, apply, observe, verify: a seeded seller on the simulator, over real HTTP, with a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.journeys.test_live import US, Live, _closed

from refloat.app.carrying import apply_plan, undo_plan
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.tasks import Desk, open_tasks
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import PlanRefused
from refloat.loop.act import Applied
from refloat.model.cure import Wishes
from refloat.model.notes import Notes
from refloat.model.plan import Plan
from refloat.simulator import seeding
from refloat.simulator.rules import reasons
from refloat.simulator.serve import Simulator
from refloat.store import Unsealed, opened

ADDRESS = {"AddressName": "Sample Ltd", "AddressFieldOne": "1 Sample Street", "AddressCity": "Seattle", "AddressStateOrRegion": "WA", "AddressPostalCode": "98101", "AddressCountryCode": "US"}


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Sixty SKUs in the US, half of them stranded for as many reasons, observed once."""
    world = seeding.seeded(seed=3, skus=60, stranded=0.5)
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        seen = Live(world, simulator, store, clock)
        seen.observe()
        yield seen


def _plan(live: Live, **asked: object) -> Plan:
    line = line_of(live.store, "sample", live.clock)
    try:
        return plan_account(live.store, PlanQuestion("sample", **asked), clock=live.clock, line=line)  # type: ignore[arg-type]
    finally:
        line.close()


def _approved(live: Live, plan: Plan, only: list[str] | None = None) -> Plan:
    live.store.plans.consent(plan, "A. Sample", live.clock.now(), only)
    return plan


def _applied(live: Live, plan: Plan) -> Applied:
    return apply_plan(live.store, _approved(live, plan), clock=live.clock)


def _days(live: Live, days: float, looks: int = 2) -> dict[str, int]:
    """Look so often a day; verdict → how many actions got it."""
    words: dict[str, int] = {}
    for _ in range(int(days * looks)):
        live.hours(24 / looks)
        for word, count in live.observe().verdicts.items():
            words[word] = words.get(word, 0) + count
    return words


def test_planning_and_showing_changes_nothing_at_amazon(live: Live) -> None:
    """A plan is only read: no write in the world's history, and no verdict on record."""
    before = {key: (one.updated_at, len(one.writes)) for key, one in live.world.listings.items()}
    plan = _plan(live)
    assert plan.actions
    assert {key: (one.updated_at, len(one.writes)) for key, one in live.world.listings.items()} == before
    assert live.store.plans.get(plan.id) == plan


def test_every_stranding_is_in_the_plan_or_left_alone_with_a_reason(live: Live) -> None:
    """Nothing is forgotten, and nothing that only a person can do, or that is to wait, is written."""
    plan = _plan(live)
    named = [one.sku for one in (*plan.actions, *plan.left_alone)]
    assert sorted(named) == sorted(live.open_skus())
    assert {one.guard.name for one in plan.left_alone} >= {"by-hand", "wait", "removal-not-said", "price-unknown"}
    assert all(action.safety == "safe" for action in plan.actions)


def test_nothing_is_sent_without_consent(live: Live) -> None:
    """Nor with a consent to another plan."""
    plan = _plan(live)
    with pytest.raises(PlanRefused, match="Nobody has approved"):
        apply_plan(live.store, plan, clock=live.clock)
    other = _approved(live, _plan(live))
    assert other.id != plan.id
    with pytest.raises(PlanRefused, match="Nobody has approved"):
        apply_plan(live.store, plan, clock=live.clock)
    assert not [line for line in live.world.history if " write" in line]


def test_safe_cures_are_carried_out_and_proven(live: Live) -> None:
    """Accepted is not cured: each verdict comes from a later look, and then the world agrees."""
    plan = _plan(live)
    applied = _applied(live, plan)
    assert (applied.stopped, applied.count("answered", "shown")) == (None, len(plan.actions))
    assert {deed.verdict for deed in applied.deeds.values()} == {None}
    words = _days(live, 2)
    assert words.get("cured") == len(plan.actions)
    for action in plan.actions:
        assert reasons.stranded(live.world, live.seller.id, US, action.sku) is None
        assert action.sku not in live.open_skus()


def test_the_journal_tells_the_whole_story_and_holds(live: Live) -> None:
    """Planned, consented, intent before receipt, verdict; one chain for the account and one for the marketplace."""
    plan = _plan(live)
    _applied(live, plan)
    _days(live, 2)
    assert [entry.kind for entry in live.store.journal.entries("sample", "")] == ["planned", "consented"]
    kinds = {action.id: [entry.kind for entry in live.store.journal.entries("sample", "US") if entry.body.get("action") == action.id] for action in plan.actions}
    for own in kinds.values():
        assert own[:2] == ["intent", "receipt"]
        assert own[-1] == "verdict"
    assert live.store.journal.check("sample", "US") is None
    receipt = next(entry for entry in live.store.journal.entries("sample", "US") if entry.kind == "receipt")
    assert receipt.body["submission_id"]


def test_a_plan_of_which_a_third_has_moved_is_refused_whole(live: Live) -> None:
    """The seller changes one offer of three in the meantime: it is named, and nothing is sent."""
    plan = _plan(live)
    moved = next(action for action in plan.actions if action.remedy == "relist-offer")
    live.write_offer(moved.sku, our_price=[{"schedule": [{"value_with_tax": 31.5}]}])
    with pytest.raises(PlanRefused, match="purchasable_offer"):
        _applied(live, plan)


def test_an_account_at_risk_is_never_written_to(live: Live) -> None:
    """Planned while all was well: Amazon's refusal, or the next plan's guard, stops it."""
    live.seller.account_status = "AT_RISK"
    live.hours(25)
    live.observe()
    plan = _plan(live)
    assert not plan.actions
    assert {one.guard.name for one in plan.left_alone} >= {"account-not-normal"}


def test_prices_and_an_address_entered_open_the_way(live: Live) -> None:
    """What the seller enters becomes actions that ask for consent; the removal goes once, and ends removed."""
    wishes = Wishes(prices=dict.fromkeys(live.open_skus(), Decimal("25.00")), disposition="Return", addresses={"US": ADDRESS})
    plan = _plan(live, wishes=wishes, lifted=frozenset({"price-far-off", "fee-above-worth", "hazmat"}))
    removals = [action for action in plan.actions if action.remedy == "create-removal"]
    assert removals
    assert all(action.irreversible and action.safety == "consent" for action in removals)
    applied = _applied(live, plan)
    assert applied.stopped is None, applied.stopped
    left = len(removals)
    for _ in range(40):
        words = _days(live, 1, looks=1)
        left -= words.get("removed", 0) + words.get("sold-out", 0)
        if left <= 0:
            break
    assert left <= 0


def test_an_undo_puts_back_what_was_there(live: Live) -> None:
    """Relisted, undone: the listing's attributes are those from before, and the undo was a plan that a person approved."""
    sku = _closed(live)
    before = json.loads(json.dumps(live.world.listings[live.seller.id, US, sku].attributes))
    plan = _plan(live, skus=frozenset({sku}))
    _applied(live, plan)
    live.hours(1)
    assert live.world.listings[live.seller.id, US, sku].attributes != before
    back = undo_plan(live.store, plan, clock=live.clock)
    assert [action.remedy for action in back.actions] == ["pause-offer"]
    _applied(live, back)
    live.hours(1)
    assert live.world.listings[live.seller.id, US, sku].attributes == before


def test_what_another_tool_strands_again_comes_back_and_is_not_cured_for_ever(live: Live) -> None:
    """Cured, closed again by somebody: the same stranding with its history; after two come-backs the cure is not planned any more."""
    sku = _closed(live)
    for _ in range(2):
        plan = _plan(live, skus=frozenset({sku}))
        assert [action.sku for action in plan.actions] == [sku]
        _applied(live, plan)
        live.hours(8)
        live.observe()
        live.hours(26)
        live.observe()
        assert sku not in live.open_skus()
        live.write_offer(sku, end_at={"value": live.world.now.isoformat()})
        live.hours(8)
        assert live.observe().verdicts.get("came-back") == 1
    plan = _plan(live, skus=frozenset({sku}))
    assert [(one.sku, one.guard.name) for one in plan.left_alone] == [(sku, "came-back")]


def test_a_token_withdrawn_in_the_middle_loses_nothing(live: Live) -> None:
    """The plan cannot be applied; once the token is there again, it goes on."""
    plan = _approved(live, _plan(live))
    live.seller.revoked = True
    with pytest.raises(Exception, match="refresh token"):
        apply_plan(live.store, plan, clock=live.clock)
    live.seller.revoked = False
    live.clock.sleep(120)
    assert apply_plan(live.store, plan, clock=live.clock).count("answered", "shown") == len(plan.actions)


def test_two_marketplaces_of_one_pool_do_not_lose_each_others_goods(tmp_path: Path) -> None:
    """A removal is refused while the same units can be bought in the other marketplace, or nobody knows."""
    world = seeding.seeded(seed=5, skus=30, stranded=0.4, countries=("US", "CA"))
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        observe_account(store, "sample", clock=clock)
        asked = PlanQuestion("sample", remedy="create-removal", wishes=Wishes(disposition="Disposal"), lifted=frozenset({"fee-above-worth"}))
        blind = plan_account(store, asked, clock=clock)
        assert not blind.actions
        assert {one.guard.name for one in blind.left_alone} >= {"pool-unknown"}


def test_a_plan_is_good_for_a_day(live: Live) -> None:
    plan = _approved(live, _plan(live))
    live.clock.sleep(timedelta(hours=25).total_seconds())
    with pytest.raises(PlanRefused, match="too old"):
        apply_plan(live.store, plan, clock=live.clock)


def test_a_suspended_account_is_told_as_such(live: Live) -> None:
    """Deactivated after the plan was made: the typed error says what to do, and nothing was written."""
    plan = _approved(live, _plan(live))
    before = {key: len(one.writes) for key, one in live.world.listings.items()}
    live.seller.account_status = "DEACTIVATED"
    with pytest.raises(PlanRefused, match="suspended"):
        apply_plan(live.store, plan, clock=live.clock)
    assert {key: len(one.writes) for key, one in live.world.listings.items()} == before


def test_goods_are_not_removed_because_a_relisting_never_took_effect(live: Live) -> None:
    """Amazon accepts it twice, and nothing comes of it: its support is asked, in a task; the removal is there for whoever asks for it."""
    wishes, sku = Wishes(disposition="Disposal"), _closed(live)
    live.world.faults.rates = {"accepted-fails-later": 1.0}
    for _ in range(2):
        plan = _plan(live, skus=frozenset({sku}), wishes=wishes)
        assert [action.remedy for action in plan.actions] == ["relist-offer"]
        assert _applied(live, plan).stopped is None
        _days(live, 2)
    live.world.faults.rates = {}
    verdicts = [deed.verdict for deed in live.store.plans.of_strandings("sample")["US", sku]]
    assert verdicts == ["unchanged", "unchanged"]
    plan = _plan(live, skus=frozenset({sku}), wishes=wishes)
    assert (plan.actions, [one.remedy for one in plan.left_alone]) == ((), ["contact-support"])
    (task,) = [one for one in open_tasks(Desk(live.store, "sample", Notes(), "en", live.clock)) if one.subject.sku == sku]
    assert task.remedy == "contact-support"
    assert task.draft is not None
    assert (sku in task.draft.text, "relist" in task.draft.text.lower()) == (True, True), "what was tried is told"
    asked = _plan(live, skus=frozenset({sku}), wishes=wishes, remedy="create-removal")
    assert [action.remedy for action in asked.actions] == ["create-removal"]
