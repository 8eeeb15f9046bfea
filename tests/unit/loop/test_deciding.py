"""What runs by itself, what waits, what is for a person: every rule with the case just beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policies import ADDRESS, NOW, RELISTS, TODAY, closed, facts, leaving, one, standing

from refloat.knowledge.tables import table
from refloat.loop.deciding import Done, decided
from refloat.model.cure import Change, Field, Step
from refloat.model.money import Money
from refloat.model.plan import Action
from refloat.model.policy import ConsentRule, OptOut, Pace, Policy, PriceRule, Quiet, Rule, address_digest


def test_a_named_cause_runs_by_its_rule() -> None:
    """And the rule is named."""
    told = one(RELISTS, closed(), facts())
    assert (told.outcome, told.code, told.facts["rule"]) == ("automatic", "by-rule", "relist")


CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("not-automatic", {"relist": Rule()}, {}, {}),
    ("cause-not-named", {}, {"cause": "missing-sku"}, {}),
    ("needs-a-person", {}, {"safety": "consent", "asks": ("diagnosis",)}, {}),
    ("needs-a-person", {}, {"irreversible": True}, {}),
    ("came-back-often", {}, {"safety": "consent", "asks": ("came-back",)}, {"times_back": 2}),
    ("not-confirmed", {}, {}, {"confirmed": False}),
    ("price-unknown", {}, {"fields": ()}, {}),
    ("price-unvouched", {}, {}, {"reference": None}),
    ("price-far", {}, {}, {"reference": Decimal("13.70")}),
    ("price-below", {"price": PriceRule(never_below={"USD": Decimal("15.09")})}, {}, {}),
    ("price-unbounded", {"price": PriceRule(bounds_needed=True)}, {}, {}),
]


@pytest.mark.parametrize(("code", "rules", "action", "known"), CASES)
def test_why_it_is_only_proposed(code: str, rules: dict[str, Any], action: dict[str, Any], known: dict[str, Any]) -> None:
    """Each reason alone is enough."""
    told = one(replace(RELISTS, **rules), closed(**action), facts(**known))
    assert (told.outcome, told.code) == ("proposed", code)


def test_just_inside_the_rules() -> None:
    """Ten percent away, at the least price itself, back once, and bounded: that is allowed."""
    policy = replace(RELISTS, price=PriceRule(never_below={"USD": Decimal("15.08")}, bounds_needed=True))
    once = closed(safety="consent", asks=("came-back",))
    assert one(policy, once, facts(reference=Decimal("13.71"), times_back=1, bounded=True)).outcome == "automatic"


def test_it_waits_for_its_day_in_the_marketplace() -> None:
    """Twelve days after the stranding began there, and not a minute before."""
    policy = replace(RELISTS, relist=replace(RELISTS.relist, after_days=12))
    told = one(policy, closed(), facts())
    assert (told.code, told.until) == ("too-early", datetime.fromisoformat("2026-11-24T08:00:00+00:00"))
    assert told.until is not None
    assert one(policy, closed(), facts(), now=told.until).outcome == "automatic"
    assert one(policy, closed(), facts(), now=told.until - timedelta(minutes=1)).outcome == "waits"
    undated = one(policy, closed(), facts(stranded_on=None))
    assert undated.until == NOW + timedelta(days=2)


def test_it_soaks_rests_and_keeps_quiet() -> None:
    """The wait that lasts longest is named; one that ends in quiet hours lasts until they are over."""
    fresh = facts(known_since=NOW - timedelta(hours=1))
    assert one(RELISTS, closed(), fresh).until == NOW + timedelta(hours=3)
    surprised = Done(surprised_at={"relist-offer": NOW - timedelta(hours=2)})
    assert (one(RELISTS, closed(), fresh, surprised).code, one(RELISTS, closed(), fresh, surprised).until) == ("rests", NOW + timedelta(hours=22))
    quiet = replace(RELISTS, quiet=Quiet(datetime(2026, 1, 1, 11).time(), datetime(2026, 1, 1, 14).time(), "UTC"))
    assert one(quiet, closed(), fresh).until == datetime.fromisoformat("2026-11-22T14:00:00+00:00")


def test_the_hour_and_the_day_have_a_limit() -> None:
    """What ran within the hour counts; the most urgent go first, and the rest is told when."""
    policy = replace(RELISTS, pace=Pace(per_hour=3, per_day=4))
    actions = [(closed(f"CUP-{number}", number), facts()) for number in range(1, 5)]
    done = Done(started_at=[NOW - timedelta(minutes=40), NOW - timedelta(hours=3)])
    told = decided(policy, actions, done, NOW)
    assert [one.outcome for one in told.values()] == ["automatic", "automatic", "waits", "waits"]
    assert {(one.code, one.until) for one in told.values() if one.outcome == "waits"} == {("hour-full", NOW + timedelta(minutes=20))}
    told = decided(replace(policy, pace=Pace(per_hour=9, per_day=4)), actions, done, NOW)
    assert [(one.code, one.until) for one in told.values()][2] == ("day-full", NOW + timedelta(hours=21))


@pytest.mark.parametrize("rule", [OptOut(sku="CUP"), OptOut(pattern="C?P"), OptOut(cause="listing-closed"), OptOut(sku="CUP", until=TODAY)])
def test_an_opt_out_wins(rule: OptOut) -> None:
    """By SKU, pattern, cause; and a hold until the end of its day. Over standing consents as well."""
    policy = replace(RELISTS, opt_outs=(rule,))
    assert one(policy, closed(), facts()).outcome == "held"
    assert one(policy, leaving(), facts(fee=Money(Decimal(8), "USD")), Done(standing=[standing()])).outcome == "held"
    assert one(replace(policy, opt_outs=(OptOut(sku="CUP", until=TODAY - timedelta(days=1)), OptOut(pattern="cup"))), closed(), facts()).outcome == "automatic"


FEE = Money(Decimal(8), "USD")


def test_a_return_under_a_standing_consent() -> None:
    """Seven days before Amazon's own removal, under its ceiling, in the person's name."""
    told = one(RELISTS, leaving(), facts(fee=FEE), Done(standing=[standing()]))
    assert (told.outcome, told.standing, told.facts["by"]) == ("automatic", 1, "A. Sample")


@pytest.mark.parametrize(
    ("code", "word", "action", "known"),
    [
        ("standing-over", {"expires_on": TODAY - timedelta(days=1)}, {}, {}),
        ("standing-over", {"revoked_at": NOW}, {}, {}),
        ("standing-rule-changed", {"rule_hash": "0" * 64}, {}, {}),
        ("standing-address-changed", {"addresses": {"US": address_digest({"AddressName": "Other Ltd"})}}, {}, {}),
        ("standing-address-changed", {"addresses": {"CA": address_digest(ADDRESS)}}, {}, {}),
        ("standing-spent", {"units_used": 97}, {}, {}),
        ("standing-spent", {"fee_used": Decimal("192.01")}, {}, {}),
        ("fee-unknown", {}, {}, {"fee": None}),
        ("fee-unknown", {"currency": "EUR"}, {}, {}),
        ("fee-unknown", {}, {"units": None}, {}),
        ("deadline-taken", {}, {}, {"taken_by": "B. Sample"}),
        ("ordered-before", {}, {}, {"ordered_before": True}),
        ("not-confirmed", {}, {}, {"confirmed": False}),
        ("not-confirmed", {}, {"asks": ("remedy", "another-remedy", "suspected")}, {}),
        ("never-unasked", {}, {"disposition": "Disposal"}, {}),
        ("never-unasked", {}, {"disposition": "Liquidations"}, {}),
    ],
)
def test_why_a_return_is_only_proposed(code: str, word: dict[str, Any], action: dict[str, Any], known: dict[str, Any]) -> None:
    """Whatever is not exactly what the person agreed to."""
    told = one(RELISTS, leaving(**action), facts(**{"fee": FEE} | known), Done(standing=[standing(**word)]))
    assert (told.outcome, told.code) == ("proposed", code)


def test_the_ceiling_holds_for_all_returns_of_a_plan() -> None:
    """The second would go beyond it."""
    returns = [(leaving(f"CUP-{number}", number), facts(fee=FEE)) for number in (1, 2)]
    told = decided(RELISTS, returns, Done(standing=[standing(units_most=7)]), NOW)
    assert [(one.outcome, one.code) for one in told.values()] == [("automatic", "by-standing-consent"), ("proposed", "standing-spent")]


def test_a_removal_waits_for_its_day_unless_its_page_names_it_first() -> None:
    """Cheap goods after 30 days, valuable ones after 90, and all a week before Amazon's own; an expired one at once."""
    cheap, dear = facts(unit_value=Money(Decimal(5), "USD")), facts(unit_value=Money(Decimal(50), "USD"))
    policy = replace(RELISTS, removal=replace(RELISTS.removal, valuable_from={"USD": Decimal(20)}))
    far = leaving(removal_due_on=date(2027, 5, 1))
    assert one(policy, far, cheap).until == datetime.fromisoformat("2026-12-12T08:00:00+00:00")
    assert one(policy, far, dear).until == datetime.fromisoformat("2027-02-10T08:00:00+00:00")
    assert one(policy, leaving(removal_due_on=TODAY + timedelta(days=8)), dear).until == datetime.fromisoformat("2026-11-23T08:00:00+00:00")
    assert one(policy, leaving(removal_due_on=None), replace(cheap, stranded_on=None)).code == "removal-undated"
    assert one(policy, leaving(removal_due_on=None, asks=("remedy",)), dear).outcome == "proposed"


def test_two_people_above_a_sum() -> None:
    """What is worth more, all together, or of unknown worth and final; another currency has no limit."""
    policy = replace(RELISTS, consent=ConsentRule(two_people_above={"USD": Decimal(100)}))
    many = [(leaving(f"CUP-{number}", number), facts()) for number in (1, 2)]
    assert [one.outcome for one in decided(policy, many, Done(), NOW).values()] == ["two-people", "two-people"]
    assert [one.outcome for one in decided(policy, many[:1], Done(), NOW).values()] == ["proposed"]
    assert one(policy, leaving(worth=None), facts()).outcome == "two-people"
    assert one(policy, leaving(worth=Money(Decimal(500), "EUR")), facts()).outcome == "proposed"
    spoken = one(policy, leaving(worth=Money(Decimal(101), "USD")), facts(fee=FEE), Done(standing=[standing()]))
    assert (spoken.outcome, spoken.standing) == ("two-people", None)
    back = one(policy, closed(safety="consent", asks=("came-back",), worth=Money(Decimal(101), "USD")), facts(times_back=1))
    assert (back.outcome, back.code) == ("two-people", "needs-two")


def test_one_large_return_is_not_several_small_ones() -> None:
    """What left in the last day by a word in advance counts in the sum of what would leave now, and of what one person would approve."""
    policy = replace(RELISTS, consent=ConsentRule(two_people_above={"USD": Decimal(100)}))
    half, sent = leaving(worth=Money(Decimal(60), "USD")), [leaving("PAN", 9, worth=Money(Decimal(60), "USD"))]
    assert one(policy, half, facts(fee=FEE), Done(standing=[standing()])).outcome == "automatic"
    assert one(policy, half, facts(fee=FEE), Done(standing=[standing()], sent=sent)).outcome == "two-people"
    assert one(policy, half, facts(fee=FEE), Done(sent=sent)).outcome == "two-people"
    elsewhere = [leaving("PAN", 9, worth=Money(Decimal(60), "EUR")), closed("POT", 8, worth=Money(Decimal(60), "USD"))]
    assert one(policy, half, facts(fee=FEE), Done(standing=[standing()], sent=elsewhere)).outcome == "automatic"


def test_every_code_has_its_words() -> None:
    """In both languages; and no words for what is never said."""
    codes = {code for code, *_ in CASES} | {"by-rule", "by-standing-consent", "opted-out", "held-until", "too-early", "soaks", "rests", "quiet", "hour-full", "day-full", "needs-two"}
    codes |= {"removal", "removal-later", "removal-undated", "never-unasked", "standing-over", "standing-rule-changed", "standing-not-approver", "standing-spent", "deadline-taken", "fee-unknown"}
    codes |= {"ordered-before", "policy-unconfirmed", "standing-address-changed", "task-open"}
    assert set(table("decisions")) == codes
    assert all({"en", "zh"} == set(row) for row in table("decisions").values())


names = st.sampled_from(["listing-closed", "missing-sku", "expired-product"])
amounts = st.dictionaries(st.sampled_from(["USD", "EUR"]), st.decimals("0", "1000", places=2))
rules = st.builds(Rule, st.booleans(), st.lists(names, unique=True).map(tuple), st.integers(0, 40), st.integers(0, 2), st.just(("set-price", "create-removal", "delete-listing")))
policies = st.builds(
    Policy,
    relist=rules, change_to_fba=rules, others=rules,
    opt_outs=st.lists(st.builds(OptOut, sku=st.sampled_from(["CUP-1", "CUP-2"]), until=st.none() | st.dates(date(2026, 11, 20), date(2026, 11, 25))), max_size=2).map(tuple),
    consent=st.builds(ConsentRule, st.just(()), amounts),
    pace=st.builds(Pace, st.integers(1, 4), st.integers(1, 6), st.integers(0, 300), st.integers(1, 30)),
    quiet=st.just(Quiet()) | st.builds(Quiet, st.times(), st.times(), st.sampled_from(["UTC", "Europe/Berlin"])),
    price=st.builds(PriceRule, st.decimals("0", "30", places=1), amounts, st.booleans()),
)  # fmt: skip
known = st.builds(
    facts,
    confirmed=st.booleans(),
    stranded_on=st.none() | st.dates(date(2026, 7, 1), TODAY),
    times_back=st.integers(0, 3),
    reference=st.none() | st.decimals("14", "16", places=2),
    fee=st.none() | st.just(FEE),
    unit_value=st.none() | st.just(Money(Decimal(15), "USD")),
    taken_by=st.none() | st.just("B. Sample"),
)
more = st.fixed_dictionaries({
    "safety": st.sampled_from(["safe", "consent"]),
    "asks": st.sampled_from([(), ("came-back",), ("remedy",), ("diagnosis",), ("remedy", "another-remedy")]),
    "irreversible": st.booleans(),
    "cause": names,
    "remedy": st.sampled_from(["relist-offer", "change-to-fba", "set-price", "delete-listing"]),
    "fields": st.sampled_from([(), (Field("price", None, "15.08 USD"),)]),
    "steps": st.sampled_from([(Step(Change("patch")),), (Step(Change("delete")), Step(Change("put")))]),
})  # fmt: skip
actions = st.tuples(more, st.sampled_from(["Return", "Disposal", "Liquidations", None]), st.sampled_from(["CUP-1", "CUP-2", "CUP-3"]))
days = st.dates(TODAY - timedelta(days=2), TODAY + timedelta(days=2))
each_word = st.builds(standing, st.just(RELISTS), units_most=st.integers(1, 12), fee_most=st.decimals("0", "20", places=2), expires_on=days)
words = st.lists(each_word, max_size=2).map(lambda drawn: [replace(one, id=number) for number, one in enumerate(drawn, 1)])


def _drawn(number: int, drawn: tuple[dict[str, Any], Any, str]) -> Action:
    plain, disposition, sku = drawn
    if disposition is not None:
        return leaving(sku, number, disposition, asks=plain["asks"] or ("remedy",), cause=plain["cause"])
    deletes = any(step.change.kind == "delete" for step in plain["steps"])
    return closed(sku, number, **plain | {"irreversible": plain["irreversible"] or deletes})


@settings(max_examples=400, deadline=None)
@given(policies, st.lists(st.tuples(actions, known), max_size=6), words, st.lists(st.integers(1, 1600), max_size=5), st.integers(0, 60 * 30))
def test_what_holds_whatever_the_policy_says(policy: Policy, drawn: list[Any], word: list[Any], started: list[int], minutes: int) -> None:
    """Nothing final without a person's word in advance, and then a return below its ceiling; caps hold; opt-outs win; each has its decision."""
    policy = replace(policy, removal=RELISTS.removal)
    now = NOW + timedelta(minutes=minutes)
    pairs = [(_drawn(number, one), facts_) for number, (one, facts_) in enumerate(drawn, 1)]
    started_at = [now - timedelta(minutes=ago) for ago in started]
    told = decided(policy, pairs, Done(started_at, {}, word), now)
    assert set(told) == {action.id for action, _ in pairs}
    automatic = [(action, told[action.id]) for action, _ in pairs if told[action.id].outcome == "automatic"]
    for action, decision in automatic:
        if action.irreversible:
            assert decision.standing is not None
            assert [step.change.removal.disposition for step in action.steps if step.change.removal] == ["Return"]
        else:
            assert action.safety == "safe" or set(action.asks) <= {"came-back"}
        assert not any(rule.covers(action.sku, action.cause, TODAY) for rule in policy.opt_outs)
    for one_word in word:
        own = [action for action, decision in automatic if decision.standing == one_word.id]
        assert sum(action.units or 0 for action in own) <= one_word.units_most
        assert FEE.amount * len(own) <= one_word.fee_most
    hour, day = (sum(at > now - timedelta(hours=hours) for at in started_at) for hours in (1, 24))
    assert len(automatic) <= max(0, policy.pace.per_hour - hour)
    assert len(automatic) <= max(0, policy.pace.per_day - day)
    assert all(one.until is not None and one.until > now for one in told.values() if one.outcome == "waits" and one.code != "removal-later")


@pytest.mark.parametrize(("action", "word"), [(closed(), {}), (leaving(), {}), (closed(), {"known_since": NOW})])
def test_a_policy_that_nobody_confirmed_since_a_restore_proposes_all(action: Action, word: dict[str, Any]) -> None:
    """What would run by it now, or wait for its time, is proposed; what it forbids stays forbidden."""
    done = Done(standing=[standing()], unconfirmed=True)
    told = one(RELISTS, action, facts(fee=FEE, **word), done)
    assert (told.outcome, told.code) == ("proposed", "policy-unconfirmed")
    opted = replace(RELISTS, opt_outs=(OptOut(sku=action.sku),))
    assert one(opted, action, facts(fee=FEE, **word), done).outcome == "held"


@pytest.mark.parametrize(
    ("asked_days", "due_days", "waits_days"),
    [(3, None, 3), (3, 60, 3), (30, 12, 5), (3, 7, None), (3, 6, None), (0, None, None), (-1, 60, None), (None, 60, None)],
)
def test_a_return_waits_while_somebody_is_at_it_by_hand(asked_days: int | None, due_days: int | None, waits_days: int | None) -> None:
    """For the day on which to ask again; not once Amazon's own removal is as near as the rule lets it come."""

    def day(days: int | None) -> date | None:
        return None if days is None else TODAY + timedelta(days=days)

    known = facts(fee=FEE, stranded_on=TODAY - timedelta(days=120), asked_until=day(asked_days))
    told = one(RELISTS, leaving(removal_due_on=day(due_days)), known, Done(standing=[standing()]))
    if waits_days is None:
        assert told.outcome == "automatic"
    else:
        assert (told.outcome, told.code, told.facts["until"]) == ("waits", "task-open", str(day(waits_days)))
        assert told.until is not None and told.until.date() == day(waits_days)
    assert one(RELISTS, leaving(removal_due_on=day(due_days)), known).outcome == "proposed"
