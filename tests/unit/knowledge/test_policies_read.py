"""A policy is read with every check, complained of by key, and the same rules have the same hash."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.knowledge.policies_read import SHIPPED, PolicyWrong, policy_of, shipped
from refloat.knowledge.tables import table
from refloat.model.policy import Policy


def _wrong(text: str) -> PolicyWrong:
    with pytest.raises(PolicyWrong) as caught:
        policy_of(text)
    return caught.value


def test_what_ships_is_sound() -> None:
    """By the fresh one nothing runs by itself; the recommended one names causes and never a removal."""
    fresh, recommended = (policy_of(shipped(name)) for name in SHIPPED)
    assert not any(rule.automatic for rule in (fresh.relist, fresh.change_to_fba, fresh.others))
    assert recommended.relist.automatic and recommended.change_to_fba.automatic and not recommended.others.automatic
    assert recommended.relist.causes and recommended.rule("create-removal") is None
    assert fresh == policy_of("") == Policy()


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("relst = 1", "relst", "relist"),
        ("[relist]\nautomatc = true", "relist.automatc", "relist.automatic"),
        ('[relist]\ncauses = ["listing-closd"]', "relist.causes", "listing-closed"),
        ('[removal]\ndispose_below = { usd = "2" }', "removal.dispose_below", "USD"),
        ('[quiet]\nbegins = "22:00"\nends = "07:00"\ntimezone = "Europe/Berlim"', "quiet.timezone", "Europe/Berlin"),
        ('[[opt_outs]]\ncause = "listing_closed"', "opt_outs[1].cause", "listing-closed"),
        ('[[opt_outs]]\nskuu = "A"', "opt_outs[1].skuu", "opt_outs[1].sku"),
    ],
)
def test_the_nearest_name_is_suggested(text: str, key: str, near: str) -> None:
    """A slip of the pen is told by its key."""
    first = _wrong(text).problems[0]
    assert (first.values["key"], first.values["near"]) == (key, near)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[relist]\nautomatic = 1", "relist.automatic"),
        ("[relist]\nafter_days = -1", "relist.after_days"),
        ("[relist]\nafter_days = true", "relist.after_days"),
        ("[relist]\nafter_days = 366", "relist.after_days"),
        ('[relist]\nclosed_on_purpose = "run"', "relist.closed_on_purpose"),
        ('[relist]\ncauses = ["listing-closed", "listing-closed"]', "relist.causes"),
        ('[relist]\ncauses = ["expired-product"]', "relist.causes"),
        ('[others]\nremedies = ["create-removal"]', "others.remedies"),
        ('[others]\nremedies = ["relist-offer"]', "others.remedies"),
        ("[removal]\ndays_before_due = 6", "removal.days_before_due"),
        ("[removal]\nvaluable_from = { USD = 1.999 }", "removal.valuable_from"),
        ("[removal]\nvaluable_from = { USD = nan }", "removal.valuable_from"),
        ("[price]\nfar_percent = 31", "price.far_percent"),
        ('[quiet]\nbegins = "7:00"\nends = "08:00"', "quiet.begins"),
        ('[consent]\napprovers = ["A", "a"]', "consent.approvers"),
        ("relist = 3", "relist"),
        ("opt_outs = 3", "opt_outs"),
        ('[[opt_outs]]\nsku = "A"\npattern = "A*"', "opt_outs[1]"),
        ("[[opt_outs]]\nuntil = 2026-12-24", "opt_outs[1]"),
        ('[[opt_outs]]\nsku = "A"\n[[opt_outs]]\nsku = "A"\nuntil = 2026-12-24', "opt_outs[2]"),
        ('[[opt_outs]]\nsku = "A"\nuntil = 2026-12-24T10:00:00', "opt_outs[1].until"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(text: str, key: str) -> None:
    """Types, ranges, names."""
    assert [one.values["key"] for one in _wrong(text).problems] == [key]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[relist]\nautomatic = true", "relist.automatic"),
        ("[pace]\nper_hour = 10\nper_day = 9", "pace.per_hour"),
        ("[removal]\ndays_valuable = 10\ndays_other = 11", "removal.days_valuable"),
        ('[removal]\ndispose_below = { USD = "5" }\nliquidate_below = { USD = "4" }', "removal.liquidate_below.USD"),
        ('[consent]\napprovers = ["A"]\ntwo_people_above = { USD = "1" }', "consent.two_people_above"),
        ('[quiet]\nbegins = "22:00"', "quiet.begins"),
        ('[quiet]\nbegins = "22:00"\nends = "22:00"', "quiet.begins"),
    ],
)
def test_rules_that_contradict_each_other_are_refused(text: str, key: str) -> None:
    """Both cannot be meant."""
    assert [one.values["key"] for one in _wrong(text).problems] == [key]


def test_all_problems_are_told_at_once() -> None:
    """With the reason once, at the end."""
    wrong = _wrong("relst = 1\n[pace]\nper_hour = 0\nper_day = 'x'")
    assert len(wrong.problems) == 3
    assert str(wrong).count("while nobody looks") == 1
    assert "relst" in str(wrong) and "pace.per_hour" in str(wrong) and "pace.per_day" in str(wrong)


def test_the_hash_is_that_of_the_rules() -> None:
    """However it is written; any change of the removal rule changes the hash that a standing consent names."""
    one, same = policy_of("[removal]\nvaluable_from = { USD = '5', EUR = '6' }"), policy_of("# a word\n[removal]\nvaluable_from = { EUR = '6.00', USD = 5 }\ndays_other = 30")
    other = policy_of("[removal]\nvaluable_from = { USD = '5', EUR = '6' }\ndays_other = 31")
    assert (one.hash, one.removal.hash) == (same.hash, same.removal.hash)
    assert one.removal.hash != other.removal.hash
    assert policy_of("[pace]\nper_hour = 5").removal.hash == Policy().removal.hash


def test_every_key_is_told_in_both_languages() -> None:
    """The reader and the page read the same table."""
    tables = table("policies/keys")
    assert all(row["en"] and row["zh"] for part in tables.values() for row in (part, *part["keys"].values()))


tables = st.dictionaries(
    st.sampled_from([*table("policies/keys"), "strange"]),
    st.dictionaries(
        st.sampled_from(sorted({key for part in table("policies/keys").values() for key in part["keys"]})),
        st.one_of(st.booleans(), st.integers(-3, 40), st.sampled_from(['"22:00"', '"A*"', '["listing-closed"]', "[]", '{ USD = "3" }', "2026-12-24", "1.5", '"leave"', "nan", "{}"])),
        max_size=4,
    ),
    max_size=5,
)


def _table(name: str, rows: dict[str, object]) -> str:
    """A table of TOML, or a row of one."""
    head = f"[[{name}]]\n" if name == "opt_outs" else f"[{name}]\n"
    return head + "".join(f"{key} = {str(said).lower() if isinstance(said, bool) else said}\n" for key, said in rows.items())


@given(tables)
def test_it_is_read_whole_or_refused_by_key(drawn: dict[str, dict[str, object]]) -> None:
    """Whatever stands there: a policy, or complaints; never another error, never a policy with a rule that was not read."""
    text = "".join(_table(name, rows) for name, rows in drawn.items())
    try:
        policy = policy_of(text)
    except PolicyWrong as wrong:
        assert wrong.problems
        assert all(one.values.get("key") for one in wrong.problems)
        return
    assert isinstance(policy.price.far_percent, Decimal)
    assert policy_of(text) == policy
    assert "strange" not in drawn
