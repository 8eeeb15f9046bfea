"""The breaker: long trouble is said at once, one call tries whether it is over, and short trouble changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.unit.amazon.fakes import DENIED, QUOTA, UNAVAILABLE, Amazon, OpenGate, World, answer
from tests.unit.amazon.test_calls import PASSING, REVOKED, WRITE

from refloat.amazon.protocol import Answered, Request
from refloat.errors import AmazonDown, AmazonError, CredentialWrong, RoleMissing, Throttled
from refloat.model.ports import Reserved

ITEM = answer({"sku": "A"})
TOKEN = answer({"access_token": "Atza|made-up", "expires_in": 3600})


def down(world: World, times: int = 1) -> AmazonError:
    """Ask about a listing that cannot be had, so many times; what was said last."""
    for _ in range(times):
        with pytest.raises(AmazonError) as failure:
            world.line.listing("A", "US")
        assert failure.value.passing
    return failure.value


def sent(world: World) -> int:
    return world.line.calls["getListingsItem"]


@pytest.mark.parametrize("trouble", PASSING)
def test_after_five_calls_in_trouble_the_sixth_fails_at_once(trouble: str) -> None:
    """With the same kind of error: nothing is sent, nobody waits, no place is taken."""
    world = World(Amazon(getListingsItem=PASSING[trouble]))
    last = down(world, 5)
    assert sent(world) == 25
    slept, places = len(world.clock.slept), len(world.gate.reserved)
    said = down(world, 100)
    assert (sent(world), len(world.clock.slept), len(world.gate.reserved)) == (25, slept, places)
    assert (type(said), str(said), said.values["sent"]) == (type(last), str(last), False)
    assert last.values.get("sent") is not False or trouble == "no connection"


def test_each_operation_has_its_own() -> None:
    """Where listings are in trouble the stock may still be had."""
    world = World(Amazon(getListingsItem=UNAVAILABLE, getInventorySummaries=answer({"inventorySummaries": []})))
    down(world, 6)
    assert world.line.inventory(["A"], "US")


def test_after_a_minute_one_call_tries_whether_it_is_over() -> None:
    """Answered, it lets all others through; until then they fail as before."""
    during: list[AmazonError] = []
    world = World(Amazon(getListingsItem=UNAVAILABLE))

    def asked_meanwhile(_: Request) -> Answered:
        during.append(down(world))
        return ITEM

    down(world, 5)
    world.amazon.script["getListingsItem"] = [asked_meanwhile, ITEM]
    world.clock.at += timedelta(seconds=59)
    down(world)
    world.clock.at += timedelta(seconds=1)
    assert world.line.listing("A", "US").body
    assert [each.values["sent"] for each in during] == [False]
    assert world.line.listing("A", "US").body
    assert sent(world) == 27


def test_a_try_that_fails_keeps_it_broken_for_another_minute() -> None:
    """One call, with all its tries; not five."""
    world = World(Amazon(getListingsItem=UNAVAILABLE))
    down(world, 5)
    for minutes in (1, 2):
        world.clock.at += timedelta(seconds=60)
        down(world, 10)
        assert sent(world) == 25 + minutes * 5


def test_a_call_that_succeeds_begins_the_count_anew() -> None:
    """Only calls in a row count."""
    world = World(Amazon(getListingsItem=[*[UNAVAILABLE] * 20, ITEM, UNAVAILABLE]))
    down(world, 4)
    assert world.line.listing("A", "US").body
    down(world, 5)
    assert sent(world) == 20 + 1 + 25


def test_a_refusal_that_lasts_does_not_count() -> None:
    """Amazon is there, and says no: each call is asked, and ends what went before."""
    world = World(Amazon(getListingsItem=[*[UNAVAILABLE] * 20, DENIED]))
    down(world, 4)
    for _ in range(10):
        with pytest.raises(RoleMissing):
            world.line.listing("A", "US")
    assert sent(world) == 20 + 10


def test_a_429_that_passes_does_not_count() -> None:
    """Throttled and then answered is an answer; only throttled to the last try is trouble."""
    world = World(Amazon(getListingsItem=[QUOTA, ITEM] * 20))
    assert all(world.line.listing("A", "US").body for _ in range(20))


def test_a_write_is_not_sent_either() -> None:
    """It has one try, and whoever wrote learns that it certainly did not reach Amazon."""
    world = World(Amazon(patchListingsItem=UNAVAILABLE))
    for number in range(6):
        with pytest.raises(AmazonDown) as failure:
            world.caller.answered(WRITE)
        assert failure.value.sent is (number < 5)
    assert world.line.calls["patchListingsItem"] == 5


def test_trouble_with_the_token_counts_for_what_was_asked() -> None:
    """Without a token nothing can be asked, and Throttled says that as Throttled."""
    world = World(Amazon(token=QUOTA))
    assert isinstance(down(world, 6), Throttled)
    assert world.line.calls == {"token": 25}


def test_a_try_that_is_broken_off_keeps_nobody_back() -> None:
    """Neither when the gate fails, nor when the credentials are refused: the next call tries instead."""

    class BrokenGate(OpenGate):
        def reserve(self, account: str, operation: str, rate: float, burst: int, now: datetime) -> Reserved:
            raise OSError("The disk is full.")

    world = World(Amazon(getListingsItem=UNAVAILABLE, token=[TOKEN, REVOKED, TOKEN]))
    down(world, 5)
    world.clock.at += timedelta(seconds=60)
    good, world.line._caller._pacer._gate = world.gate, BrokenGate()
    with pytest.raises(OSError, match="full"):
        world.line.listing("A", "US")
    world.line._caller._pacer._gate = good
    world.clock.at += timedelta(hours=1)
    with pytest.raises(CredentialWrong):
        world.line.listing("A", "US")
    world.clock.at += timedelta(seconds=60)
    down(world)
    assert sent(world) == 30
    down(world)
    assert sent(world) == 30
