"""A policy on a hand-made history: on what it would have acted, when, and what became of it; a stricter one never acts on more."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.history import BEGAN, known, stranding
from tests.plans import deed

from refloat.app.policy_trial import OVER_BEFORE, Trial, compared, tried
from refloat.model.policy import OptOut, Pace, Policy, PriceRule, Quiet, Rule
from refloat.store import Said, StandingRow, Store, StrandingRow

NOW = BEGAN + timedelta(days=60)
RELISTS = Policy(relist=Rule(automatic=True, causes=("listing-closed",)))
ZONE = "America/Los_Angeles"


def run(policy: Policy, *history: StrandingRow, deeds: dict | None = None) -> Trial:
    return tried(policy, history, deeds or {}, NOW, ZONE)


def hours(trial: Trial) -> list[tuple[str, float]]:
    return [(one.sku, (one.at - BEGAN) / timedelta(hours=1)) for one in trial.acted]


def test_it_acts_when_the_soak_time_is_over() -> None:
    assert hours(run(RELISTS, stranding(1, known(0, 48)))) == [("SKU-1", 4)]


def test_what_ended_before_that_is_left() -> None:
    trial = run(RELISTS, stranding(1, known(0, 3)))
    assert (trial.acted, dict(trial.left)) == ((), {"soaks": 1})


@pytest.mark.parametrize(
    ("intervals", "outcome", "became"),
    [
        ((known(0, 48),), "cleared", "cured"),
        ((known(0, 48),), "sold-out", "otherwise"),
        ((known(0, 48),), None, "unknown"),
        ((known(0, None),), None, "open"),
        ((known(0, 48), known(48, None, standing="unknown")), None, "unknown"),
        ((known(0, 48), known(90, 120)), "cleared", "came-back"),
        ((known(0, 48), known(90, None)), None, "came-back"),
    ],
)
def test_what_became_of_it(intervals: tuple[StandingRow, ...], outcome: str | None, became: str) -> None:
    assert [one.became for one in run(RELISTS, stranding(1, *intervals, outcome=outcome)).acted] == [became]


def test_what_it_acts_on_after_a_come_back_is_judged_from_there() -> None:
    history = stranding(1, known(0, 2), known(90, 120))
    assert [(one.became, (one.at - BEGAN) / timedelta(hours=1)) for one in run(RELISTS, history).acted] == [("cured", 94)]


def test_the_same_remedy_or_something_else_cured_it() -> None:
    first, second = stranding(1, known(0, 48)), stranding(2, known(0, 48))
    trial = run(RELISTS, first, second, deeds={1: [deed(remedy="relist-offer", verdict="cured")], 2: [deed(remedy="set-price", verdict="cured")]})
    assert (trial.became["cured"], trial.same) == (2, 1)


def test_what_ended_lately_may_still_come_back() -> None:
    assert run(RELISTS, stranding(1, known(0, 48)), stranding(2, known(40 * 24, 45 * 24))).lately == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (known(0, 48, cause="merchant-fulfilled", remedy="change-to-fba"), "not-automatic"),
        (known(0, 48, cause="listing-deleted"), "cause-not-named"),
        (known(0, 48, standing="suspected"), "not-confirmed"),
        (known(0, 48, safety="consent"), "needs-a-person"),
        (known(0, 48, cause=None, remedy=None, safety=None), "needs-a-person"),
    ],
)
def test_what_it_does_not_act_on_has_the_code_of_the_decision(changed: StandingRow, code: str) -> None:
    trial = run(RELISTS, stranding(1, changed))
    assert (trial.acted, dict(trial.left)) == ((), {code: 1})


def test_what_changes_later_is_looked_at_again() -> None:
    history = stranding(1, known(0, 30, standing="suspected"), known(30, 90))
    assert hours(run(RELISTS, history)) == [("SKU-1", 30)]


def test_opt_outs_prices_and_come_backs_are_the_loops_own_rules() -> None:
    out = replace(RELISTS, opt_outs=(OptOut(pattern="SKU-*"),))
    dear = replace(RELISTS, price=PriceRule(never_below={"USD": Decimal(20)}))
    often = replace(RELISTS, relist=replace(RELISTS.relist, come_backs_most=1))
    assert dict(run(out, stranding(1, known(0, 48))).left) == {"opted-out": 1}
    assert dict(run(dear, stranding(1, known(0, 48))).left) == {"price-below": 1}
    assert dict(run(often, stranding(1, known(0, 2), known(90, 120))).left) == {"came-back-often": 1}


def test_an_unknown_price_is_not_held_against_a_rule() -> None:
    dear = replace(RELISTS, price=PriceRule(never_below={"USD": Decimal(20)}))
    assert len(run(dear, stranding(1, known(0, 48, worth_amount=None, worth_currency=None))).acted) == 1


def test_quiet_hours_by_the_clock_of_the_account() -> None:
    # BEGAN is 5 o'clock in Los Angeles; with 4 hours of soak time it would be 9 o'clock.
    quiet = replace(RELISTS, quiet=Quiet(time(8), time(18)))
    assert hours(run(quiet, stranding(1, known(0, 48)))) == [("SKU-1", 13)]


def test_a_full_hour_keeps_the_others_waiting_in_their_order() -> None:
    slow = replace(RELISTS, pace=Pace(per_hour=2, per_day=1000))
    trial = run(slow, *(stranding(number, known(0, 48)) for number in range(1, 6)), stranding(9, known(0, 4.5)))
    assert hours(trial) == [("SKU-1", 4), ("SKU-2", 4), ("SKU-3", 5), ("SKU-4", 5), ("SKU-5", 6)]
    assert dict(trial.left) == {OVER_BEFORE: 1}


def test_a_full_day_keeps_the_others_waiting() -> None:
    slow = replace(RELISTS, pace=Pace(per_hour=1, per_day=2))
    assert hours(run(slow, *(stranding(number, known(0, 200)) for number in range(1, 5)))) == [("SKU-1", 4), ("SKU-2", 5), ("SKU-3", 28), ("SKU-4", 29)]


def test_each_stranding_is_acted_on_or_left_and_never_both() -> None:
    history = [stranding(number, known(0, 2 + number, standing=standing)) for number, standing in enumerate(("confirmed", "suspected", "confirmed", "unknown"), 1)]
    trial = run(RELISTS, *history)
    assert len(trial.acted) + sum(trial.left.values()) == len(history)


CAUSES = ("listing-closed", "missing-sku", "merchant-fulfilled", "expired")
REMEDIES = {"listing-closed": "relist-offer", "missing-sku": "relist-offer", "merchant-fulfilled": "change-to-fba", "expired": "create-removal"}


@st.composite
def histories(draw: st.DrawFn) -> list[StrandingRow]:
    """Some strandings, each of a few intervals that meet or leave a gap; the last may be open."""
    found = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        at, intervals = draw(st.integers(0, 200)), []
        for last in [False] * draw(st.integers(0, 3)) + [True]:
            ends = at + draw(st.integers(1, 150))
            cause = draw(st.sampled_from(CAUSES))
            standing, safety = draw(st.sampled_from(("confirmed", "suspected", "clearing"))), draw(st.sampled_from(("safe", "safe", "consent")))
            still = last and draw(st.booleans())
            intervals.append(known(at, None if still else ends, cause=cause, remedy=REMEDIES[cause], standing=standing, safety=safety))
            at = ends + draw(st.sampled_from((0, 0, 30)))
        found.append(stranding(number, *intervals, outcome=draw(st.sampled_from(("cleared", "sold-out")))))
    return found


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Rules for relisting and for changing to FBA; caps that never bite."""

    def rule(causes: tuple[str, ...]) -> Rule:
        named = tuple(draw(st.sets(st.sampled_from(causes), min_size=1)))
        return Rule(draw(st.booleans()), named, draw(st.integers(0, 5)), draw(st.integers(0, 2)))

    quiet = draw(st.sampled_from((Quiet(), Quiet(time(22), time(6)))))
    return Policy(relist=rule(CAUSES[:2]), change_to_fba=rule(CAUSES[2:3]), quiet=quiet, pace=Pace(per_hour=1000, soak_hours=draw(st.integers(0, 48))))


@st.composite
def stricter(draw: st.DrawFn, policy: Policy) -> Policy:
    """The same, with some of the rules narrower and none wider."""

    def rule(one: Rule) -> Rule:
        causes = tuple(cause for cause in one.causes if draw(st.booleans()))
        automatic = one.automatic and draw(st.booleans())
        return Rule(automatic, causes, one.after_days + draw(st.integers(0, 9)), max(0, one.come_backs_most - draw(st.integers(0, 2))))

    out = tuple(OptOut(sku=f"SKU-{number}") for number in draw(st.sets(st.integers(1, 6))))
    price = PriceRule(never_below={"USD": Decimal(draw(st.sampled_from((0, 15, 16))))})
    pace = replace(policy.pace, soak_hours=policy.pace.soak_hours + draw(st.integers(0, 72)))
    return replace(policy, relist=rule(policy.relist), change_to_fba=rule(policy.change_to_fba), opt_outs=out, price=price, pace=pace)


@given(st.data())
def test_a_stricter_policy_never_acts_on_more(data: st.DataObject) -> None:
    history, policy = data.draw(histories()), data.draw(policies())
    lax, strict = run(policy, *history), run(data.draw(stricter(policy)), *history)
    assert {one.stranding_id for one in strict.acted} <= {one.stranding_id for one in lax.acted}


@given(histories(), policies(), st.integers(1, 3), st.integers(0, 2))
def test_a_lower_cap_never_acts_on_more_and_is_kept(history: list[StrandingRow], policy: Policy, per_hour: int, more: int) -> None:
    slow = run(replace(policy, pace=replace(policy.pace, per_hour=per_hour, per_day=per_hour + more)), *history)
    assert {one.stranding_id for one in slow.acted} <= {one.stranding_id for one in run(policy, *history).acted}
    moments = [one.at for one in slow.acted]
    assert all(sum(at <= one < at + timedelta(hours=1) for one in moments) <= per_hour for at in moments)
    assert all(sum(at <= one < at + timedelta(hours=24) for one in moments) <= per_hour + more for at in moments)


def test_what_people_took_out_at_the_pages_is_left_alone_by_both(store: Store, account: str) -> None:
    """Entered beside the policy and not in it; a trial that did not know would promise what never happens."""
    row = {"sku": "CUP", "standing": "confirmed", "cause": "listing-closed", "remedy": "relist-offer", "safety": "safe", "symptom": "listing-closed", "units_fulfillable": 3}
    store.strandings.record(account, "US", [row, row | {"sku": "MUG"}], BEGAN, unknown=False)
    assert [one.sku for one in compared(store, account, RELISTS, NOW).newly] == ["CUP", "MUG"]
    store.sku_notes.enter(account, "opt-out", [Said("CUP", "", place="US")], "A. Sample", NOW)
    found = compared(store, account, RELISTS, NOW)
    assert ([one.sku for one in found.newly], found.then.left["opted-out"]) == (["MUG"], 1)
