"""The writing line against the simulator, over real HTTP: what Amazon does, what it only shows, what it refuses, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.small_world import CLIENT, CLOSED, DELETED, HEALTHY, MERCHANT, REFRESH, SECRET, SELLER, small_world

from refloat.amazon import AmazonLine, AmazonWriter, Credentials, Endpoints, Secret, feeds
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import AmazonDown, NotThere, lost
from refloat.model.cure import Change, Patch
from refloat.model.ports import FeedState, RemovalOrder
from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import removals
from refloat.simulator.serve import Simulator
from refloat.simulator.wire import feed_lives
from refloat.simulator.world import World
from refloat.store import opened

US = BY_COUNTRY["US"].id
OFFER = {"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}], "end_at": {"value": None}}
RELIST = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, [OFFER]),))
OFFER_ONLY = Change(
    "put",
    "PRODUCT",
    (
        Patch("condition_type", None, [{"value": "new_new"}]),
        Patch("merchant_suggested_asin", None, [{"value": "B0SAMPLE01"}]),
        Patch("purchasable_offer", None, [OFFER]),
        Patch("fulfillment_availability", None, [{"fulfillment_channel_code": "AMAZON_NA"}]),
    ),
    "LISTING_OFFER_ONLY",
)


@dataclass
class Desk:
    """A line that writes, paced by a real gate, and the false Amazon behind it; waiting moves its clock."""

    world: World
    line: AmazonLine
    clock: SimulatedClock

    @property
    def writer(self) -> AmazonWriter:
        return self.line.writer()

    def writes(self) -> int:
        return len([line for line in self.world.history if " write api " in line])

    def listing(self, sku: str) -> Any:
        return self.line.listing(sku, "US").body

    def minutes(self, minutes: float) -> None:
        self.clock.sleep(minutes * 60)

    def ended(self, feed_id: str) -> FeedState:
        self.minutes(60)
        return self.writer.feed(feed_id)

    def fault(self, name: str, *operations: str) -> None:
        self.world.faults.rates, self.world.faults.operations = {name: 1.0}, frozenset(operations)

    def calm(self) -> None:
        self.world.faults.rates = {}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    world = small_world()
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        credentials = Credentials(SELLER, CLIENT, Secret(SECRET), Secret(REFRESH))
        line = AmazonLine(credentials, Endpoints(simulator.url, f"{simulator.url}/auth/o2/token"), gate=store.gate, clock=clock)
        yield Desk(world, line, clock)
        assert line.throttled == {}
        line.close()


def buyable(listing: Any) -> bool:
    return "BUYABLE" in listing["summaries"][0]["status"]


def test_a_patch_shows_after_a_while(desk: Desk) -> None:
    """ACCEPTED at once; ten minutes later still closed, after half an hour open at the new price."""
    said = desk.writer.submit(CLOSED, "US", RELIST)
    assert (said.stage, said.issues, len(said.submission_id or ""), bool(said.request_id)) == ("ACCEPTED", (), 36, True)
    desk.minutes(10)
    assert not buyable(desk.listing(CLOSED))
    desk.minutes(20)
    (shown,) = desk.writer.listings([CLOSED], "US")
    assert buyable(shown.body)
    assert shown.body["offers"][0]["price"]["amount"] == "21.5"


def test_what_shall_go_is_gone(desk: Desk) -> None:
    """A deletion names the elements as they were read, and Amazon takes away just these; the undo of it brings them back."""
    before = desk.listing(HEALTHY)["attributes"]["purchasable_offer"]
    assert desk.writer.submit(HEALTHY, "US", Change("patch", "LUGGAGE", (Patch("purchasable_offer", before, None, "delete"),))).accepted
    desk.minutes(30)
    assert desk.listing(HEALTHY)["attributes"].get("purchasable_offer", []) == []
    assert desk.writer.submit(HEALTHY, "US", Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, before),))).accepted
    desk.minutes(30)
    assert desk.listing(HEALTHY)["attributes"]["purchasable_offer"] == before


def test_a_preview_changes_nothing(desk: Desk) -> None:
    """VALID and INVALID with Amazon's issues, for a patch and a put; eight in a row wait for their own places, and meet no 429."""
    wrong = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, [{"marketplace_id": US}]),))
    for _ in range(3):
        assert desk.writer.preview(CLOSED, "US", RELIST).stage == "VALID"
        said = desk.writer.preview(CLOSED, "US", wrong)
        assert (said.stage, [issue["code"] for issue in said.issues]) == ("INVALID", ["99022"])
    assert desk.writer.preview("NEW-1", "US", OFFER_ONLY).stage == "VALID"
    assert desk.line.calls["validationPreview"] == 7
    desk.minutes(60)
    assert desk.writes() == 0
    assert not buyable(desk.listing(CLOSED))
    assert desk.listing("NEW-1") is None


def test_a_refused_patch_does_nothing(desk: Desk) -> None:
    """INVALID is an answer, with the issues as Amazon wrote them."""
    said = desk.writer.submit(CLOSED, "US", Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, [{"marketplace_id": US}]),)))
    assert (said.stage, said.accepted, said.issues[0]["attributeNames"]) == ("INVALID", False, ["purchasable_offer"])
    assert desk.writes() == 0


def test_an_offer_is_put_on_an_asin(desk: Desk) -> None:
    """Offer only: the listing is there half an hour later, by Amazon."""
    assert desk.writer.submit("NEW-1", "US", OFFER_ONLY).accepted
    assert desk.listing("NEW-1") is None
    desk.minutes(30)
    found = desk.listing("NEW-1")
    assert (found["summaries"][0]["asin"], found["fulfillmentAvailability"][0]["fulfillmentChannelCode"]) == ("B0SAMPLE01", "AMAZON_NA")


def test_a_deleted_listing_is_404(desk: Desk) -> None:
    """ACCEPTED, and some time later Amazon says itself that there is none."""
    assert desk.writer.submit(HEALTHY, "US", Change("delete")).accepted
    assert desk.listing(HEALTHY) is not None
    desk.minutes(30)
    assert [answer.body for answer in desk.writer.listings([HEALTHY], "US")] == [None]


def test_listings_come_as_they_are_now(desk: Desk) -> None:
    """By search; what it does not name is confirmed one by one."""
    answers = desk.writer.listings([HEALTHY, DELETED, "NEVER,THERE", CLOSED], "US")
    assert [(one.key, one.body is None) for one in answers] == [(HEALTHY, False), (DELETED, True), ("NEVER,THERE", True), (CLOSED, False)]
    assert answers[0].body == desk.listing(HEALTHY)


def test_a_feed_tells_each_message(desk: Desk) -> None:
    """Sixty messages, one of them invalid and one for nobody: the others work."""
    wrong = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, [{"marketplace_id": US}]),))
    changes = [(CLOSED, RELIST)] + [(MERCHANT, RELIST)] * 56 + [(HEALTHY, wrong), ("NEW-1", OFFER_ONLY), ("NEVER-THERE", Change("delete"))]
    feed_id = desk.writer.send_feed("US", changes)
    assert desk.writer.feed(feed_id).stage == "IN_QUEUE"
    state = desk.ended(feed_id)
    assert (state.stage, state.feed_type) == ("DONE", feeds.LISTINGS)
    assert state.created_at is not None
    assert state.ended_at is not None
    assert state.document_id is not None
    found = desk.writer.feed_issues(state.document_id)
    assert {number: (said.stage, [issue["code"] for issue in said.issues]) for number, said in found.items()} == {58: ("INVALID", ["99022"]), 60: ("INVALID", ["13013"])}
    desk.minutes(30)
    assert buyable(desk.listing(CLOSED))
    assert desk.listing("NEW-1") is not None
    assert desk.writes() == 58


def test_feeds_wait_for_their_places(desk: Desk) -> None:
    """Six in a row: never more than five in five minutes, so none is refused."""
    began = desk.clock.now()
    ids = [desk.writer.send_feed("US", [(CLOSED, RELIST)]) for _ in range(6)]
    assert [state.feed_id for state in desk.writer.recent_feeds(feeds.LISTINGS, "US", began)] == ids[::-1]


def test_a_long_result_comes_packed(desk: Desk) -> None:
    """Two thousand refusals, by the same way as a report."""
    feed_id = desk.writer.send_feed("US", [("NEVER-THERE", Change("delete"))] * 2000)
    state = desk.ended(feed_id)
    assert state.document_id is not None
    assert len(desk.writer.feed_issues(state.document_id)) == 2000


def test_a_removal_is_ordered(desk: Desk) -> None:
    """The units are spoken for, and the result names nothing."""
    order = RemovalOrder("refloat-1", "Disposal", {}, {HEALTHY: (3, 1), CLOSED: (2, 0)})
    state = desk.ended(desk.writer.send_removal("US", order))
    assert (state.stage, state.feed_type) == ("DONE", feeds.REMOVAL)
    assert desk.writer.removal_errors(state.document_id or "") == []
    (found,) = removals.orders(desk.world, SELLER, US)
    assert (found.order_id, sorted((line.sku, line.requested) for line in found.lines)) == ("refloat-1", [(CLOSED, 2), (HEALTHY, 1), (HEALTHY, 3)])


@pytest.mark.parametrize("summary", [False, True])
def test_a_removal_that_is_refused_is_done_all_the_same(desk: Desk, summary: bool) -> None:
    """DONE says nothing: the result names the SKU, and no unit has moved."""
    desk.world.switches = desk.world.switches.turned(removal_result_summary=summary)
    order = RemovalOrder("refloat-2", "Disposal", {}, {HEALTHY: (1, 0), CLOSED: (500, 0)})
    state = desk.ended(desk.writer.send_removal("US", order))
    assert state.stage == "DONE"
    (line,) = desk.writer.removal_errors(state.document_id or "")
    assert (line.sku, line.code) == (CLOSED, "5000")
    assert CLOSED in line.said
    assert removals.orders(desk.world, SELLER, US) == []


WRITES: dict[str, tuple[str, Callable[[AmazonWriter], object]]] = {
    "patch": ("patchListingsItem", lambda writer: writer.submit(CLOSED, "US", RELIST)),
    "put": ("putListingsItem", lambda writer: writer.submit("NEW-1", "US", OFFER_ONLY)),
    "delete": ("deleteListingsItem", lambda writer: writer.submit(HEALTHY, "US", Change("delete"))),
    "feed": ("createFeed", lambda writer: writer.send_feed("US", [(CLOSED, RELIST)])),
    "removal": ("createFeed", lambda writer: writer.send_removal("US", RemovalOrder("R-1", "Disposal", {}, {HEALTHY: (1, 0)}))),
}


@pytest.mark.parametrize(("fault", "happened"), [("timeout-before", 0), ("timeout-after", 1)])
@pytest.mark.parametrize("write", WRITES)
def test_a_lost_write_is_said_and_not_sent_again(desk: Desk, write: str, fault: str, happened: int) -> None:
    """We cannot tell the two apart; Amazon can: the listing, or the list of feeds, shows what happened."""
    operation, call = WRITES[write]
    desk.fault(fault, operation)
    began = desk.clock.now()
    with pytest.raises(AmazonDown) as failure:
        call(desk.writer)
    assert (failure.value.sent, lost(failure.value)) == (True, True)
    desk.calm()
    assert desk.world.faults.struck == {fault: 1}
    kinds = (feeds.LISTINGS, feeds.REMOVAL)
    sent = len([feed for feed in feed_lives.feeds_of(desk.world, SELLER) if feed.type in kinds]) if operation == "createFeed" else desk.writes()
    assert sent == happened
    if operation == "createFeed":
        assert len([state for kind in kinds for state in desk.writer.recent_feeds(kind, "US", began)]) == happened


@pytest.mark.parametrize("fault", ["internal-error", "unavailable-html", "expired-token", "throttle-storm"])
def test_trouble_before_the_write_sends_nothing_twice(desk: Desk, fault: str) -> None:
    """A 5xx may have happened, so it is lost; a token or a bucket refuses, so it is not."""
    desk.fault(fault, "patchListingsItem")
    with pytest.raises(Exception, match="patchListingsItem") as failure:
        desk.writer.submit(CLOSED, "US", RELIST)
    assert lost(failure.value) is (fault in {"internal-error", "unavailable-html"})
    assert desk.world.faults.struck == {fault: 2 if fault == "expired-token" else 1}
    assert desk.writes() == 0
    desk.line.throttled.clear()


def test_a_feed_without_content_is_not_made(desk: Desk) -> None:
    """Room for the content cannot be had: nothing was sent, and the error says so."""
    desk.fault("timeout-after", "createFeedDocument")
    with pytest.raises(AmazonDown) as failure:
        desk.writer.send_feed("US", [(CLOSED, RELIST)])
    assert (failure.value.sent, lost(failure.value)) == (False, False)
    assert feed_lives.feeds_of(desk.world, SELLER) == []


def test_a_feed_that_never_was_is_not_there(desk: Desk) -> None:
    """404, for the feed and for its result."""
    for call in (desk.writer.feed, desk.writer.feed_issues, desk.writer.removal_errors):
        with pytest.raises(NotThere):
            call("1")
