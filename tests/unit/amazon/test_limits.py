"""The rates: a row for every operation, and what answers teach."""

from __future__ import annotations

import ast
import inspect
import random
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

import pytest
from tests.unit.amazon.fakes import CREDENTIALS, START, Amazon, OpenGate, StillClock, World, answer

from refloat import amazon
from refloat.amazon import Endpoints
from refloat.amazon.calls import account_key
from refloat.amazon.limits import Pacer, pace, setting, told
from refloat.clock import SimulatedClock
from refloat.errors import WrongUse
from refloat.knowledge.tables import table
from refloat.loop.lanes import side_by_side
from refloat.model.ports import Reserved

#: (operation, rate a second, burst), from the usage plans of Amazon's API models.
PLANS = [
    ("getMarketplaceParticipations", 0.016, 15), ("createReport", 0.0167, 15), ("getReport", 2, 15), ("getReports", 0.0222, 10), ("getReportDocument", 0.0167, 15),
    ("getListingsItem", 5, 10), ("searchListingsItems", 5, 5), ("putListingsItem", 5, 10), ("patchListingsItem", 5, 5), ("deleteListingsItem", 5, 5),
    ("getListingsRestrictions", 5, 10), ("getInventorySummaries", 2, 2), ("getItemEligibilityPreview", 1, 1), ("createFeedDocument", 0.5, 15), ("createFeed", 0.0083, 15),
    ("getFeed", 2, 15), ("getFeeds", 0.0222, 10), ("getFeedDocument", 0.0222, 10),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "rate", "burst"), PLANS)
def test_the_table_says_what_amazon_says(operation: str, rate: float, burst: int) -> None:
    """Rate and burst, and where they stand."""
    assert pace(operation) == (rate, burst)
    assert table("limits")["rates"][operation]["source"]


def test_every_operation_that_we_call_has_a_rate() -> None:
    """A call without one would fail when it is first made."""
    named = set()
    for module in (amazon.eligibility, amazon.feeds, amazon.inventory, amazon.listings, amazon.reports, amazon.restrictions, amazon.sellers, amazon.writing):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Request":
                named.add(ast.literal_eval(node.args[0]))
    assert len(named) == 18
    assert named <= set(table("limits")["rates"])


def learned(*headers: str) -> list[float]:
    """What the gate was taught by answers with these headers."""
    answers = [answer({"sku": "A"}, **({"x-amzn-ratelimit-limit": header} if header else {})) for header in headers]
    world = World(Amazon(getListingsItem=answers))
    for _ in answers:
        world.line.listing("A", "US")
    assert {(account, operation) for account, operation, _ in world.gate.rates} <= {(account_key(CREDENTIALS), "getListingsItem")}
    return [rate for _, _, rate in world.gate.rates]


def test_the_gate_learns_another_rate() -> None:
    """What is stored is what we use: 98 % of what Amazon names."""
    assert learned("2.0") == [pytest.approx(1.96)]
    assert learned("2.0", "2.0", "2.01", "5.0") == [pytest.approx(1.96), pytest.approx(4.9)]


def test_the_first_answer_is_always_passed_on() -> None:
    """The gate may still hold a slower rate that was learned long ago, by another worker."""
    assert learned("5.0", "5.0", "4.98") == [pytest.approx(4.9)]


@pytest.mark.parametrize("header", ["", "many", "0", "-1", "nan", "inf", "5;5"])
def test_a_header_that_is_no_rate_teaches_nothing(header: str) -> None:
    """Amazon sends it on best effort."""
    assert told({"x-amzn-ratelimit-limit": header}) is None
    assert learned(header) == []


def test_a_burst_of_one_keeps_its_one_place() -> None:
    """One less would be none; time is spared instead: 1 / 0.98 s and the unevenness of a network."""
    world = World(Amazon(getItemEligibilityPreview=answer({"isEligibleForProgram": True}), getInventorySummaries=answer({"inventorySummaries": []})))
    world.line.eligibility("B0MADEUP00", "US")
    world.line.inventory(["A"], "US")
    assert [(rate, burst) for _, _, rate, burst in world.gate.reserved] == [(pytest.approx(1 / (1 / 0.98 + 0.35)), 1), (pytest.approx(1.96), 1)]


def test_regions_have_amazons_hosts() -> None:
    """One token address for all."""
    assert Endpoints.of_region("eu") == ("https://sellingpartnerapi-eu.amazon.com", "https://api.amazon.com/auth/o2/token")
    assert {Endpoints.of_region(region).api for region in ("NA", "EU", "FE")} == {f"https://sellingpartnerapi-{end}.amazon.com" for end in ("na", "eu", "fe")}
    with pytest.raises(WrongUse, match="ASIA"):
        Endpoints.of_region("ASIA")


def test_the_settings_are_sane() -> None:
    """A pace above Amazon's rate, or no try at all, would be a slip of the pen."""
    assert 0.9 < setting("paced") < 1
    assert setting("tries") >= 2
    assert setting("token_spare_seconds") < 3600


def test_a_slow_call_keeps_the_one_behind_it_away() -> None:
    """It may have been counted late. Half way between leaving and answer is when Amazon counted it, give or take."""
    clock = StillClock()
    pacer = Pacer(OpenGate(), "account", clock)
    left = pacer.leaving("validationPreview")
    clock.sleep(1.6)
    pacer.met("validationPreview", left)
    assert pacer.leaving("validationPreview") == pytest.approx(left + 0.8 + 1 / 0.98 + 0.15)
    assert pacer.leaving("patchListingsItem") == clock.now().timestamp(), "a burst has places to spare"


def test_an_unanswered_call_is_waited_for_once_and_a_clock_set_back_for_no_longer() -> None:
    clock = StillClock()
    pacer = Pacer(OpenGate(), "account", clock)
    left = pacer.leaving("validationPreview")
    longest = 1 / 0.98 + 0.35
    assert pacer.leaving("validationPreview") == pytest.approx(left + longest)
    clock.at -= timedelta(hours=5)
    assert pacer.leaving("validationPreview") == pytest.approx(clock.at.timestamp())
    assert sum(clock.slept) == pytest.approx(2 * longest)


def test_on_an_uneven_network_no_more_than_one_in_a_thousand_is_refused() -> None:
    """A burst of one at one a second, four thousand calls in lanes, each way lognormal about 0.175 s. By even places alone some ten are refused."""
    clock, randomness = SimulatedClock(START), random.Random(5)
    pacer, lock = Pacer(EvenGate(), "account", clock), Lock()
    ways = [(randomness.lognormvariate(0, 0.4) * 0.175, randomness.lognormvariate(0, 0.4) * 0.175) for _ in range(4000)]
    counted, refused = [0.0], []

    def call(there: float, back: float) -> None:
        pacer.wait("validationPreview")
        left = pacer.leaving("validationPreview")
        clock.sleep(there)
        with lock:
            at = clock.now().timestamp()
            (counted if at - counted[-1] >= 1 - 1e-6 else refused).append(at)
        clock.sleep(back)
        pacer.met("validationPreview", left)

    side_by_side(clock, [partial(call, *way) for way in ways])
    assert len(refused) <= 4
    assert clock.now() - START < timedelta(seconds=4000 * 1.4)


class EvenGate(OpenGate):
    """Places at the rate that it is told, as the gate of the store hands them out."""

    def __init__(self) -> None:
        super().__init__()
        self._next, self._lock = 0.0, Lock()

    def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> Reserved:
        with self._lock:
            at = max(self._next, now.timestamp())
            if at - now.timestamp() > 5:
                return Reserved(False, at - now.timestamp() - 2.5)
            self._next = at + 1 / rate
        return Reserved(True, at - now.timestamp())
