"""One call: paced, tried again where it is a read and the trouble may pass, counted."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import pytest
from tests.unit.amazon.fakes import ACCESS_TOKEN, CREDENTIALS, DENIED, ENDPOINTS, EXPIRED, QUOTA, START, UNAVAILABLE, Amazon, OpenGate, World, answer, refusal

from refloat.amazon import AmazonLine, Credentials, Secret
from refloat.amazon.calls import account_key
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.refusals import lost
from refloat.clock import SimulatedClock
from refloat.errors import AmazonDown, AmazonError, CredentialWrong, Refused, RoleMissing, Throttled

ITEM = answer({"sku": "A"})
WRITE = Request("patchListingsItem", "PATCH", "/listings/2021-08-01/items/A1MADEUP/A", body={"productType": "PRODUCT"}, writes=True)
REVOKED = answer({"error": "invalid_grant", "error_description": "made-up description"}, 400)
PASSING = {
    "throttled": QUOTA,
    "internal error": refusal(500, "InternalFailure", "We encountered an internal error."),
    "page of a gateway": UNAVAILABLE,
    "bad gateway": Answered(502, {}, b""),
    "gateway timeout": Answered(504, {}, b""),
    "timeout": lost("getListingsItem", "ReadTimeout", sent=True),
    "no connection": lost("getListingsItem", "ConnectError", sent=False),
    "cut off": Answered(200, {}, b'{"sku": "A', whole=False),
}
LASTING = {
    "denied": DENIED,
    "bad request": refusal(400, "InvalidInput", "Invalid ASIN"),
    "not played": refusal(501, "NotYetImplemented", "This is not played."),
    "no json": Answered(200, {}, b"<html>"),
    "another shape": answer({"items": []}),
    "redirect": Answered(302, {"location": "https://elsewhere.example"}, b""),
}


@pytest.mark.parametrize("trouble", PASSING)
def test_a_read_is_tried_again(trouble: str) -> None:
    """Whatever may pass is waited for, through the clock."""
    world = World(Amazon(getListingsItem=[PASSING[trouble], PASSING[trouble], ITEM]))
    assert world.line.listing("A", "US").body == {"sku": "A"}
    assert world.line.calls["getListingsItem"] == 3
    assert len(world.clock.slept) == 2


@pytest.mark.parametrize("trouble", PASSING)
def test_a_read_is_given_up_after_five_tries(trouble: str) -> None:
    """Then the last error is the caller's."""
    world = World(Amazon(getListingsItem=PASSING[trouble]))
    with pytest.raises(Throttled if trouble == "throttled" else AmazonDown):
        world.line.listing("A", "US")
    assert world.line.calls["getListingsItem"] == 5
    assert len(world.gate.reserved) == 5


@pytest.mark.parametrize("trouble", PASSING)
def test_a_write_is_never_tried_again(trouble: str) -> None:
    """Whether it took effect is for the caller to find out; only sent=False is certain."""
    world = World(Amazon(patchListingsItem=PASSING[trouble]))
    with pytest.raises(AmazonError) as failure:
        world.caller.answered(WRITE)
    assert world.line.calls["patchListingsItem"] == 1
    assert world.clock.slept == []
    if isinstance(failure.value, AmazonDown):
        assert failure.value.sent is (trouble != "no connection")


@pytest.mark.parametrize("trouble", LASTING)
def test_what_will_not_pass_is_asked_once(trouble: str) -> None:
    """Asking again would only use up the rate."""
    world = World(Amazon(getListingsItem=LASTING[trouble]))
    with pytest.raises(AmazonError) as failure:
        world.line.listing("A", "US")
    assert not failure.value.passing
    assert world.line.calls["getListingsItem"] == 1


def test_the_pauses_are_random_under_a_bound_that_doubles() -> None:
    """Full jitter: many callers do not come back together."""
    pauses = []
    for _ in range(30):
        world = World(Amazon(getListingsItem=UNAVAILABLE))
        world.line._caller._randomness.seed(len(pauses))
        with pytest.raises(AmazonDown):
            world.line.listing("A", "US")
        pauses.append(world.clock.slept)
    for number, bound in enumerate((1, 2, 4, 8)):
        column = [slept[number] for slept in pauses]
        assert 0 <= min(column) < bound / 4
        assert bound * 3 / 4 < max(column) <= bound


def test_every_try_waits_for_its_own_place() -> None:
    """The gate is asked with the seller and the application, 98 % of the rate, and one place less than the burst."""
    world = World(Amazon(getListingsItem=[UNAVAILABLE, ITEM]), waits=3.0)
    world.line.listing("A", "US")
    assert world.gate.reserved == [(account_key(CREDENTIALS), "getListingsItem", pytest.approx(4.9), 9)] * 2
    assert world.clock.slept.count(3.0) == 2


def test_a_place_that_is_not_near_is_asked_for_again() -> None:
    """The lane sleeps as long as it is told, asks anew, and sends only once it has a place."""
    world = World(Amazon(getListingsItem=ITEM), waits=30.0, far=2)
    world.line.listing("A", "US")
    assert world.clock.slept == [30.0] * 3
    assert len(world.gate.reserved) == 3
    assert world.line.calls["getListingsItem"] == 1


def test_the_token_is_taken_after_the_place() -> None:
    """A place may lie minutes ahead, and a token that was taken before would be old."""
    world = World(Amazon(createReport=answer({"reportId": "1"}, 202)), waits=400.0)
    world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
    world.clock.at = START.replace(hour=9, minute=59, second=30)
    world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
    assert [request.operation for request in world.amazon.requests] == ["token", "createReport", "token", "createReport"]


def test_a_token_that_ages_while_waiting_is_renewed() -> None:
    """It was good before the place, and is looked at again after it."""
    tokens = answer({"access_token": ACCESS_TOKEN, "expires_in": 300})
    world = World(Amazon(token=tokens, createReport=answer({"reportId": "1"}, 202)), waits=400.0)
    world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
    assert [request.operation for request in world.amazon.requests] == ["token", "token", "createReport"]


def test_a_refused_credential_is_said_before_the_place() -> None:
    """Nobody waits for a place that it cannot use, and none is taken."""
    world = World(Amazon(token=REVOKED), waits=60.0)
    with pytest.raises(CredentialWrong):
        world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
    assert (world.clock.slept, world.gate.reserved) == ([], [])


def test_a_credential_that_is_refused_meanwhile_is_said_between_the_sleeps() -> None:
    """A lane that finds no place near looks again each time that it wakes."""
    tokens = [answer({"access_token": ACCESS_TOKEN, "expires_in": 120}), REVOKED]
    world = World(Amazon(token=tokens), waits=50.0, far=1000)
    with pytest.raises(CredentialWrong):
        world.line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
    assert world.clock.slept == [50.0, 50.0]


def test_all_lanes_hear_of_a_refused_credential_at_once() -> None:
    """Forty lanes, one question to Amazon; half a minute later it is still believed, and after a minute asked again."""
    clock, script = SimulatedClock(START), Amazon(token=REVOKED)
    line = AmazonLine(CREDENTIALS, ENDPOINTS, gate=OpenGate(waits=60.0), clock=clock, randomness=random.Random(7), transport=script)

    def lane(own: AbstractContextManager[None]) -> CredentialWrong:
        with own, pytest.raises(CredentialWrong) as refused:
            line.ask_report("GET_STRANDED_INVENTORY_UI_DATA", "US", {})
        return refused.value

    with ThreadPoolExecutor(40) as pool:
        said = list(pool.map(lane, clock.lanes(40)))
    assert len({id(each) for each in said}) == 40
    assert {str(each) for each in said} == {str(said[0])}
    assert (clock.now(), line.calls) == (START, {"token": 1})
    for seconds, tokens in ((30, 1), (31, 2)):
        clock.sleep(seconds)
        with pytest.raises(CredentialWrong):
            line.listing("A", "US")
        assert line.calls["token"] == tokens


def test_a_429_empties_the_bucket() -> None:
    """The gate is told, and the count of 429s stands beside that of the calls."""
    world = World(Amazon(getListingsItem=[QUOTA, ITEM]))
    world.line.listing("A", "US")
    assert world.gate.emptied == [(account_key(CREDENTIALS), "getListingsItem")]
    assert world.line.throttled == {"getListingsItem": 1}
    assert world.line.calls == {"token": 1, "getListingsItem": 2}


def test_an_expired_token_is_renewed_once() -> None:
    """Amazon has done nothing yet, so a write too may ask again with a fresh one."""
    tokens = [answer({"access_token": f"Atza|made-up-{number}", "expires_in": 3600}) for number in (1, 2, 3)]
    for operation, call in (("getListingsItem", lambda world: world.line.listing("A", "US")), ("patchListingsItem", lambda world: world.caller.answered(WRITE))):
        world = World(Amazon(token=list(tokens), **{operation: [EXPIRED, ITEM]}))
        call(world)
        assert [headers["x-amz-access-token"] for headers in world.amazon.headers if headers] == [Secret("Atza|made-up-1"), Secret("Atza|made-up-2")]


@pytest.mark.parametrize("stale", [EXPIRED, Answered(401, {}, b""), refusal(403, "Unauthorized", "The security token included in the request is expired")])
def test_a_token_that_is_refused_twice_is_the_sellers_matter(stale: Answered) -> None:
    """No third token is bought for the same call."""
    world = World(Amazon(getListingsItem=stale))
    with pytest.raises(CredentialWrong):
        world.line.listing("A", "US")
    assert world.line.calls == {"token": 2, "getListingsItem": 2}


def test_a_role_that_is_missing_buys_no_token() -> None:
    """Denied is not expired."""
    world = World(Amazon(getListingsItem=DENIED))
    with pytest.raises(RoleMissing):
        world.line.listing("A", "US")
    assert world.line.calls == {"token": 1, "getListingsItem": 1}


def test_a_200_that_holds_errors_is_a_refusal() -> None:
    """Older APIs put what went wrong beside an empty payload; an empty list would be a lie."""
    world = World(Amazon(getInventorySummaries=answer({"errors": [{"code": "InvalidInput", "message": "Invalid sellerSkus"}]})))
    with pytest.raises(Refused, match="Invalid sellerSkus"):
        world.line.inventory(["A"], "US")


def test_the_headers_say_who_asks() -> None:
    """The token, and the date in Amazon's basic form."""
    world = World(Amazon(getListingsItem=ITEM))
    world.line.listing("A", "US")
    assert world.amazon.headers[-1] == {"x-amz-access-token": Secret(ACCESS_TOKEN), "x-amz-date": "20260302T090000Z"}


def test_one_seller_is_paced_by_application() -> None:
    """Amazon counts pairs of seller and application; the application's id is not spelt out in the store."""
    other = Credentials("A1MADEUPSELLER", "amzn1.application-oa2-client.other", Secret("x"), Secret("y"))
    keys = {account_key(CREDENTIALS), account_key(other), account_key(Credentials(None, "a", Secret("x"), Secret("y")))}
    assert len(keys) == 3
    assert not any("amzn1" in key for key in keys)


def test_many_threads_share_one_line_and_one_token() -> None:
    """No call is lost from the count, and the token is bought once."""
    lanes, calls = 8, 25
    together = threading.Barrier(lanes, timeout=30)
    world = World(Amazon(getListingsItem=ITEM))

    def lane(_: int) -> None:
        together.wait()
        for _ in range(calls):
            world.line.listing("A", "US")

    with ThreadPoolExecutor(lanes) as pool:
        list(pool.map(lane, range(lanes)))
    assert world.line.calls == {"token": 1, "getListingsItem": lanes * calls}


def test_lanes_on_a_simulated_clock_do_not_stand_still() -> None:
    """A lane that waits for another's token counts as at work, so nothing may sleep while it holds the lock."""
    lanes = 6
    tokens = [UNAVAILABLE, lost("token", "ReadTimeout", sent=True), QUOTA, answer({"access_token": ACCESS_TOKEN, "expires_in": 90})]
    clock = SimulatedClock(START)
    script = Amazon(token=tokens, getListingsItem=[EXPIRED, UNAVAILABLE, QUOTA, ITEM])
    line = AmazonLine(CREDENTIALS, ENDPOINTS, gate=OpenGate(waits=20.0), clock=clock, randomness=random.Random(7), transport=script)

    def lane(own: AbstractContextManager[None]) -> list[Mapping[str, Any] | None]:
        with own:
            return [line.listing("A", "US").body for _ in range(10)]

    with ThreadPoolExecutor(lanes) as pool:
        found = [pool.submit(lane, own) for own in clock.lanes(lanes)]
        assert [each.result(timeout=20) for each in found] == [[{"sku": "A"}] * 10] * lanes
    assert 200 <= (clock.now() - START).total_seconds() < 400


def test_close_closes_the_transport() -> None:
    """The connections go with the line."""
    world = World(Amazon())
    world.line.close()
    assert world.amazon.closed
