"""The plan contract: every plan validates, every key is described, and no version takes a key away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.plans import MADE_AT, plan, relist, removal

import refloat.knowledge
from refloat.app.carrying import apply_plan, undo_plan
from refloat.app.live import line_of, observe_account
from refloat.app.planning import PlanQuestion, plan_account
from refloat.clock import clock_of
from refloat.config import Config
from refloat.knowledge.tables import table
from refloat.loop.road import roads
from refloat.model import cure
from refloat.model.cure import Change, Guard, Step, Wishes
from refloat.model.finding import Automatic
from refloat.model.money import Money
from refloat.model.plan import CONTRACT, LeftAlone, Plan, plan_of
from refloat.model.ports import Clock
from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.store import Store, Unsealed, opened

SCHEMA: dict[str, Any] = json.loads((Path(refloat.knowledge.__file__).parent / "plan.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
ADDRESS = {"AddressName": "Sample Ltd", "AddressFieldOne": "1 Sample Street", "AddressCity": "Seattle", "AddressStateOrRegion": "WA", "AddressPostalCode": "98101", "AddressCountryCode": "US"}
#: Guards that a person may lift; those that would keep a remedy of our choice from being drafted.
LIFTED = frozenset({"closed-on-purpose", "account-unread", "price-far-off", "came-back", "fee-above-worth", "hazmat"})

#: What the first version of the contract required; literal, so that nobody takes one away unseen.
FIRST = {
    "": ["contract", "id", "account", "made_at", "good_until", "language", "lifted", "snapshots", "roads", "actions", "left_alone", "fingerprint"],
    "roads": ["marketplace", "changes", "by", "crossover", "feed_seconds", "feed_seconds_learned", "expected_seconds"],
    "actions": [
        "id", "marketplace", "sku", "asin", "fnsku", "title", "units", "said", "cause", "remedy", "mode", "safety", "irreversible", "why", "worth", "removal_due_on", "steps", "fields", "undo",
        "rests_on", "amazon_will", "asks", "fingerprint",
    ],
    "actions.steps": ["change", "wait_hours", "after"],
    "actions.steps.change": ["kind", "product_type", "requirements", "patches", "removal"],
    "actions.steps.change.patches": ["attribute", "op", "before", "after"],
    "actions.steps.change.removal": ["disposition", "units_sellable", "units_unsellable", "address"],
    "actions.fields": ["name", "before", "after"],
    "actions.amazon_will": ["do", "on", "estimated"],
    "actions.worth": ["amount", "currency"],
    "left_alone": ["marketplace", "sku", "units", "cause", "remedy", "guard"],
    "left_alone.guard": ["name", "facts"],
}  # fmt: skip
#: Words of the first version that must keep their meaning.
WORDS = {
    ("roads", "by"): ["patch", "feed"],
    ("actions", "safety"): ["safe", "consent"],
    ("actions", "mode"): ["complete", "refresh", "touch", "withdraw", None],
    ("actions.steps", "after"): ["gone", "there", "same-fnsku", None],
    ("actions.steps.change", "kind"): ["patch", "put", "delete", "removal"],
    ("actions.steps.change.patches", "op"): ["replace", "merge", "delete"],
    ("actions.steps.change.removal", "disposition"): ["Return", "Disposal", "Liquidations"],
}


def part(path: str) -> dict[str, Any]:
    """The schema of the object at ``path``; lists, references and what may be null are gone through."""
    found = SCHEMA
    for name in filter(None, path.split(".")):
        found = _plain(found["properties"][name])
    return found


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return _plain(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "oneOf" in schema:
        return _plain(next(one for one in schema["oneOf"] if one != {"type": "null"}))
    return _plain(schema["items"]) if "properties" in schema.get("items", {}) else schema


def problems(made: Plan) -> list[str]:
    """What of the plan, as it is printed, the contract does not know."""
    printed = json.loads(json.dumps(made.as_json()))
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(printed)]


def test_the_schema_is_one() -> None:
    """The schema itself is valid, and names the contract that the program writes."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["contract"]["const"] == CONTRACT == SCHEMA["title"]


@pytest.mark.parametrize("path", FIRST)
def test_nothing_that_was_promised_is_gone(path: str) -> None:
    """Every key that the first version required is required, and described; what is required is printed."""
    assert part(path)["required"] == FIRST[path]
    assert set(part(path)["properties"]) == set(FIRST[path])
    if path != "actions.worth":
        assert [name for name, schema in part(path)["properties"].items() if not schema.get("description")] == []


@pytest.mark.parametrize(("path", "key"), WORDS, ids=[f"{path}.{key}" for path, key in WORDS])
def test_no_word_changes_its_meaning(path: str, key: str) -> None:
    """The words that a reader of the first version knows are all the words there are."""
    assert part(path)["properties"][key]["enum"] == WORDS[path, key]


def test_the_program_knows_the_same_words() -> None:
    """What the nouns allow is what the contract allows."""
    assert list(get_args(cure.Kind)) == WORDS["actions.steps.change", "kind"]
    assert list(get_args(cure.Disposition)) == WORDS["actions.steps.change.removal", "disposition"]


def test_a_made_up_plan_with_everything_in_it_validates() -> None:
    """Unknown beside known, every guard, a road by feed, two steps, an undo and none, a removal with its address."""
    rich = relist("CUP", worth=Money(Decimal("15.08"), "USD"), removal_due_on=MADE_AT.date(), amazon_will=(Automatic("relist", MADE_AT.date(), True), Automatic("remove", None)))
    bare = relist("JUG", 2, asin=None, fnsku=None, title=None, units=None, said=None, mode="touch", safety="consent", asks=("remedy", "another-remedy", "diagnosis", "suspected", "came-back"))
    again = replace(relist("POT", 3, worth=Money(Decimal(1), None)), steps=(Step(Change("delete")), Step(Change("put", requirements="LISTING_OFFER_ONLY"), 24, "gone")))
    away = removal("PAN", 4)
    back = replace(away, id="US-0005", steps=(Step(Change("removal", removal=cure.Removal("Return", 3, 1, ADDRESS))),))
    left = tuple(LeftAlone("US", f"LEFT-{number}", number or None, "expired", "create-removal", Guard(name, {"units": "3"})) for number, name in enumerate(table("guards")))
    many = [relist(f"MANY-{number}", number) for number in range(9, 4000)]
    made = plan(rich, bare, again, away, back, left_alone=left, roads=roads(many, ()), snapshots={"US/stranded": MADE_AT}, lifted=("hazmat",), language="zh-Hans")
    assert [road.by for road in made.roads] == ["feed"]
    assert problems(made) == []
    assert plan_of(made.as_json()) == made


def test_a_plan_that_says_something_else_is_told() -> None:
    """The contract is no open door."""
    assert problems(plan(relist("CUP", safety="perhaps"))) != []
    assert problems(plan(relist("CUP", units=-1))) != []
    assert problems(plan(relist("CUP", asks=("because",)))) != []


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Clock]]:
    """A seeded seller on the simulator, observed once."""
    with Simulator(seeding.seeded(seed=3, skus=60, stranded=0.5)) as simulator, opened(Config(None, "en", home=tmp_path_factory.mktemp("home"))) as store:
        (seller,) = simulator.world.sellers.values()
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        observe_account(store, "sample", clock=clock)
        yield store, clock


def _planned(account: tuple[Store, Clock], remedy: str | None, disposition: cure.Disposition = "Return") -> Plan:
    store, clock = account
    skus = [row.sku for row in store.strandings.latest("sample")]
    goods = {"batteries_required": [{"value": False}], "supplier_declared_dg_hz_regulation": [{"value": "not_applicable"}]}
    wishes = Wishes(
        prices=dict.fromkeys(skus, Decimal("25.00")),
        edits={sku: {"item_name": [{"value": "Another name"}]} for sku in skus},
        dates=dict.fromkeys(skus, clock.now().date().replace(year=clock.now().year + 1, day=1)),
        goods=dict.fromkeys(skus, goods),
        disposition=disposition,
        addresses={"US": ADDRESS},
    )
    line = line_of(store, "sample", clock)
    try:
        return plan_account(store, PlanQuestion("sample", remedy=remedy, wishes=wishes, lifted=LIFTED), clock=clock, line=line)
    finally:
        line.close()


@pytest.mark.parametrize("remedy", [None, *(name for name in table("curing")["remedy"])])
def test_a_real_plan_of_every_remedy_validates(account: tuple[Store, Clock], remedy: str | None) -> None:
    """Drafted from what the false Amazon showed; and it is read again as the same plan."""
    made = _planned(account, remedy)
    assert problems(made) == []
    assert plan_of(json.loads(json.dumps(made.as_json()))).fingerprint == made.fingerprint
    # Each of these remedies has a stranding of its own in the seeded world; deleting has none, for there are always units.
    if remedy not in {None, "delete-listing"}:
        assert {action.remedy for action in made.actions} == {remedy}, {one.guard.name for one in made.left_alone}


def test_a_real_undo_validates(account: tuple[Store, Clock]) -> None:
    """What puts a plan back is a plan."""
    store, clock = account
    made = _planned(account, "relist-offer")
    store.plans.consent(made, "A. Sample", clock.now(), [action.id for action in made.actions[:2]])
    apply_plan(store, made, clock=clock)
    clock.sleep(3600)
    back = undo_plan(store, made, clock=clock)
    assert back.actions
    assert problems(back) == []
