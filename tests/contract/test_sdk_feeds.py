"""Feeds, driven by the official package: listings in bulk, removal orders, feeds that are dead, and how they end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.small_world import CLOSED, HEALTHY, MERCHANT, SELLER, official, small_world

from refloat.simulator.nouns.places import BY_COUNTRY
from refloat.simulator.rules import removals
from refloat.simulator.serve import Simulator
from refloat.simulator.wire import stored
from refloat.simulator.wire.feed_lives import DEAD
from refloat.simulator.world import World

US = BY_COUNTRY["US"].id
LISTINGS, REMOVALS = "JSON_LISTINGS_FEED", "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
OFFER = {"marketplace_id": US, "currency": "USD", "audience": "ALL", "our_price": [{"schedule": [{"value_with_tax": 21.5}]}], "end_at": {"value": None}}
TSV, JSON = "text/tab-separated-values; charset=UTF-8", "application/json; charset=UTF-8"
HEADER = {"sellerId": SELLER, "version": "2.0", "issueLocale": "en_US"}
ADDRESS = {
    "AddressName": "Sample Goods", "AddressFieldOne": "1 Sample Street", "AddressCity": "Sampletown", "AddressCountryCode": "US",
    "AddressStateOrRegion": "WA", "AddressPostalCode": "00000", "ContactPhoneNumber": "555-0100",
}  # fmt: skip
REFUSALS = "original-record-number\tsku\terror-code\terror-type\terror-message"


class Post:
    """A served world and the package's client of its feeds."""

    def __init__(self, simulator: Simulator) -> None:
        from spapi.api.feeds_v2021_06_30.feeds_api import FeedsApi

        self.world: World = simulator.world
        self.package = official(simulator.url)
        self.package.api_client.client_side_validation = False
        self.api = FeedsApi(self.package.api_client)

    def wait(self, **time: float) -> None:
        self.world.advance(timedelta(**time))
        self.package.access_token_cache.token_info = None

    def upload(self, content: bytes, content_type: str = JSON) -> str:
        document = self.api.create_feed_document({"contentType": content_type})
        with urlopen(Request(document.url, content, {"content-type": content_type}, method="PUT")) as reply:
            assert reply.status == 200
        return str(document.feed_document_id)

    def send(self, kind: str, content: bytes, content_type: str = JSON) -> str:
        body = {"feedType": kind, "marketplaceIds": [US], "inputFeedDocumentId": self.upload(content, content_type)}
        return str(self.api.create_feed(body).feed_id)

    def done(self, kind: str, content: bytes, content_type: str = JSON) -> tuple[str, str]:
        """How the feed ended, and its result (empty when it has none)."""
        feed_id = self.send(kind, content, content_type)
        self.wait(hours=1)
        feed = self.api.get_feed(feed_id)
        return feed.processing_status, self.result(feed.result_feed_document_id) if feed.result_feed_document_id else ""

    def result(self, document_id: str) -> str:
        document = self.api.get_feed_document(document_id)
        with urlopen(document.url) as reply:
            content = reply.read()
        return (gzip.decompress(content) if document.compression_algorithm == "GZIP" else content).decode()

    def refusal(self, call: Any, *values: Any, **named: Any) -> int:
        from spapi.rest import ApiException

        with pytest.raises(ApiException) as refused:
            call(*values, **named)
        return int(refused.value.status)

    def units(self, sku: str) -> int:
        stock = self.world.stock(SELLER, US, sku)
        assert stock is not None
        return stock.fulfillable


@pytest.fixture
def post() -> Iterator[Post]:
    with Simulator(small_world("US", "CA")) as simulator:
        yield Post(simulator)


def listings_feed(*messages: dict[str, Any], **header: Any) -> bytes:
    return json.dumps({"header": {**HEADER, **header}, "messages": list(messages)}).encode()


def relist(number: int, sku: str = CLOSED, **more: Any) -> dict[str, Any]:
    patches = [{"op": "replace", "path": "/attributes/purchasable_offer", "value": [OFFER]}]
    return {"messageId": number, "sku": sku, "operationType": "PATCH", "productType": "LUGGAGE", "patches": patches} | more


def removal(order_id: str, *items: tuple[str, int, int], disposition: str = "Return", end: str = "\n", **address: str) -> bytes:
    keys = {"MerchantRemovalOrderID": order_id, "RemovalDisposition": disposition, **(ADDRESS if disposition.casefold() == "return" else {}), **address}
    rows = ["\t".join(pair) for pair in keys.items()]
    rows += ["", "MerchantSKU\tSellableQuantity\tUnsellableQuantity", *(f"{sku}\t{sellable}\t{unsellable}" for sku, sellable, unsellable in items)]
    return (end.join(rows) + end).encode()


def test_a_feed_goes_from_the_queue_to_its_end(post: Post) -> None:
    """IN_QUEUE, IN_PROGRESS, DONE, with the moments and the result that belong to each."""
    feed_id = post.send(LISTINGS, listings_feed(relist(1)))
    feed = post.api.get_feed(feed_id)
    assert (feed.processing_status, feed.feed_type, feed.marketplace_ids, feed.processing_start_time) == ("IN_QUEUE", LISTINGS, [US], None)
    post.wait(seconds=95)
    feed = post.api.get_feed(feed_id)
    assert (feed.processing_status, feed.processing_end_time, feed.result_feed_document_id) == ("IN_PROGRESS", None, None)
    post.wait(minutes=8)
    feed = post.api.get_feed(feed_id)
    assert feed.processing_status == "DONE"
    assert feed.created_time < feed.processing_start_time < feed.processing_end_time
    assert json.loads(post.result(feed.result_feed_document_id))["summary"] == {"errors": 0, "warnings": 0, "messagesProcessed": 1, "messagesAccepted": 1, "messagesInvalid": 0}
    post.wait(minutes=20)
    listing = post.world.listing(SELLER, US, CLOSED)
    assert listing is not None and listing.ends_at is None


def test_every_operation_of_a_listings_feed(post: Post) -> None:
    """PATCH, PARTIAL_UPDATE, UPDATE and DELETE do what the single calls do."""
    attributes = {"condition_type": [{"value": "new_new"}], "merchant_suggested_asin": [{"value": "B0SAMPLE01"}], "purchasable_offer": [OFFER]}
    both = [{"fulfillment_channel_code": "AMAZON_NA"}, {"fulfillment_channel_code": "DEFAULT", "quantity": 0}]
    messages = (
        relist(1),
        {"messageId": 2, "sku": MERCHANT, "operationType": "PARTIAL_UPDATE", "productType": "LUGGAGE", "attributes": {"fulfillment_availability": both}},
        {"messageId": 3, "sku": "NEW-1", "operationType": "UPDATE", "productType": "PRODUCT", "requirements": "LISTING_OFFER_ONLY", "attributes": attributes},
        {"messageId": 4, "sku": HEALTHY, "operationType": "DELETE"},
    )
    ended, report = post.done(LISTINGS, listings_feed(*messages))
    assert (ended, json.loads(report)["summary"]["messagesAccepted"], json.loads(report)["issues"]) == ("DONE", 4, [])
    post.wait(minutes=30)
    closed, merchant, new = (post.world.listing(SELLER, US, sku) for sku in (CLOSED, MERCHANT, "NEW-1"))
    assert closed is not None and closed.ends_at is None
    assert merchant is not None and merchant.by_amazon
    assert new is not None and new.asin == "B0SAMPLE01"
    assert post.world.listing(SELLER, US, HEALTHY) is None


def test_a_feed_that_is_done_may_have_refused_messages(post: Post) -> None:
    """Each refused message has its issues under its number; the others work."""
    messages = (
        relist(1),
        relist(2, "NEVER-THERE"),
        relist(2),
        relist(4, patches=[{"op": "replace", "path": "/attributes/purchasable_offer", "value": {}}]),
        {"messageId": 5, "sku": HEALTHY, "operationType": "DELETE", "productType": "LUGGAGE"},
        {"messageId": 6, "sku": HEALTHY, "operationType": "PURGE"},
        relist(7, patches=[{"op": "replace", "path": "/attributes/purchasable_offer", "value": [{"marketplace_id": US}]}]),
    )
    ended, report = post.done(LISTINGS, listings_feed(*messages))
    found = json.loads(report)
    assert ended == "DONE"
    assert found["header"]["sellerId"] == SELLER
    assert found["summary"] == {"errors": 6, "warnings": 0, "messagesProcessed": 7, "messagesAccepted": 1, "messagesInvalid": 6}
    assert [(one["messageId"], one["code"]) for one in found["issues"]] == [(2, "13013"), (2, "4000003"), (4, "4000003"), (5, "4000003"), (6, "4000003"), (7, "99022")]
    assert found["issues"][-1]["attributeName"] == "purchasable_offer"


def test_an_issue_names_what_can_be_named(post: Post) -> None:
    """A number that is none and a SKU that is no text are left out of the report, as its schema has it; the rest of the message is named."""
    wrong = ("no object", relist(1) | {"messageId": True}, relist(1) | {"messageId": 1.5}, relist(0), relist(2) | {"sku": [CLOSED]})
    ended, report = post.done(LISTINGS, listings_feed(*wrong, relist(3)))
    found = json.loads(report)
    assert (ended, found["summary"]["messagesAccepted"]) == ("DONE", 1)
    assert [{name: one[name] for name in ("messageId", "sku") if name in one} for one in found["issues"]] == [{}, {"sku": CLOSED}, {"sku": CLOSED}, {"sku": CLOSED}, {"messageId": 2}]


def test_a_report_can_hold_the_items(post: Post) -> None:
    """With ``report`` in the header the processing report shows the listings that were accepted."""
    asked = {"includedData": ["summaries", "issues"], "apiVersion": "2021-08-01"}
    _, report = post.done(LISTINGS, listings_feed(relist(1), report=asked))
    found = json.loads(report)
    assert found["header"]["report"] == asked
    assert [item["sku"] for item in found["items"]] == [CLOSED]
    assert found["summary"]["itemSummary"]["items"] == 1


def test_a_packed_result_can_say_that_it_is_packed(post: Post) -> None:
    """A large result is GZIP; asked for so, its link names the coding, which is left out otherwise. The content is the same."""
    feed_id = post.send(LISTINGS, listings_feed(*(relist(number, operationType="PURGE") for number in range(1, 801))))
    post.wait(hours=1)
    name = post.api.get_feed(feed_id).result_feed_document_id
    seen = {}
    for wanted in (False, True):
        document = post.api.get_feed_document(name, enable_content_encoding_url_header=wanted)
        with urlopen(document.url) as reply:
            seen[reply.headers["content-encoding"]] = reply.read()
        assert document.compression_algorithm == "GZIP"
    assert list(seen) == [None, "gzip"]
    assert seen[None] == seen["gzip"]
    assert len(json.loads(gzip.decompress(seen["gzip"]))["issues"]) == 800


@pytest.mark.parametrize("content", [
    b"", b"no json", b"[]", b"[" * 100_000, listings_feed(), listings_feed(relist(1), version="1.0"), listings_feed(relist(1), sellerId="A2SOMEBODYELSE"), b" " * (10 * 2**20 + 1),
    *(listings_feed(relist(1), report={"apiVersion": "2021-08-01", "includedData": asked}) for asked in (7, [[]], [{}], "summaries", [])),
])  # fmt: skip
def test_a_feed_that_cannot_be_read_is_fatal(post: Post, content: bytes) -> None:
    """Empty, no JSON, no messages, another version or seller, above 10 MiB, a report on nothing that there is: FATAL, with a report that says why."""
    ended, report = post.done(LISTINGS, content)
    found = json.loads(report)
    assert (ended, found["summary"]["messagesAccepted"], len(found["issues"])) == ("FATAL", 0, 1)


@pytest.mark.parametrize(("messages", "ended"), [(25_000, "DONE"), (25_001, "FATAL")])
def test_a_feed_holds_25000_messages(post: Post, messages: int, ended: str) -> None:
    """One more, and nothing of it is done. The long report comes compressed."""
    content = listings_feed(*({"messageId": number, "sku": "NO-SUCH", "operationType": "DELETE"} for number in range(1, messages + 1)))
    found, report = post.done(LISTINGS, content)
    assert (found, json.loads(report)["summary"]["messagesInvalid"]) == (ended, 25_000 if ended == "DONE" else 0)


def test_five_listings_feeds_in_five_minutes(post: Post) -> None:
    """The sixth is too many; five minutes later there is room again, and other feeds were never concerned."""
    for _ in range(5):
        post.send(LISTINGS, listings_feed(relist(1)))
    body = {"feedType": LISTINGS, "marketplaceIds": [US], "inputFeedDocumentId": post.upload(listings_feed(relist(1)))}
    assert post.refusal(post.api.create_feed, body) == 429
    post.send(REMOVALS, removal("R-1", (HEALTHY, 1, 0)), TSV)
    post.wait(minutes=5)
    assert post.api.create_feed(body).feed_id


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("disposition", ["Return", "RETURN", "Disposal", "DISPOSAL", "Liquidations"])
def test_a_removal_is_ordered_in_the_block_layout(post: Post, end: str, disposition: str) -> None:
    """Every spelling of the disposition and every line end; the units leave what can be sold."""
    ended, report = post.done(REMOVALS, removal("R-1", (HEALTHY, 3, 1), (CLOSED, 2, 0), disposition=disposition, end=end), TSV)
    assert (ended, report.splitlines()) == ("DONE", [REFUSALS])
    (order,) = removals.orders(post.world, SELLER, US)
    assert (order.order_id, order.disposition.casefold(), sum(line.requested for line in order.lines)) == ("R-1", disposition.casefold(), 6)
    assert (post.units(HEALTHY), post.units(CLOSED)) == (7, 8)


@pytest.mark.parametrize(("content_type", "ended"), [
    ("text/plain", "DONE"), ("text/plain; charset=UTF-8; header=present", "DONE"), ('text/plain; charset="utf-8"', "DONE"), ("a\r\nb; charset", "DONE"), ("text/plain; charset=none-such", "FATAL"),
])  # fmt: skip
def test_a_document_is_read_by_its_charset(post: Post, content_type: str, ended: str) -> None:
    """Where it names none it is UTF-8; what stands beside the charset is not part of it; one that nobody knows is fatal."""
    document = post.api.create_feed_document({"contentType": content_type})
    stored.documents(post.world)[document.feed_document_id].content = removal("R-1", (HEALTHY, 1, 0))
    feed_id = post.api.create_feed({"feedType": REMOVALS, "marketplaceIds": [US], "inputFeedDocumentId": document.feed_document_id}).feed_id
    post.wait(hours=1)
    assert post.api.get_feed(feed_id).processing_status == ended


@pytest.mark.parametrize(("understood", "ended", "orders"), [(True, "DONE", ["R-1", "R-2"]), (False, "FATAL", [])])
def test_a_removal_in_the_layout_of_one_table(understood: bool, ended: str, orders: list[str]) -> None:
    """Two orders in one table, where the switch lets Amazon read it."""
    table = "MerchantRemovalOrderID\tRemovalDisposition\tMerchantSKU\tSellableQuantity\tUnsellableQuantity\r\n"
    table += f"R-1\tDisposal\t{HEALTHY}\t1\t0\r\nR-1\tDisposal\t{CLOSED}\t1\t0\r\nR-2\tDisposal\t{CLOSED}\t0\t1\r\n"
    with Simulator(small_world(removal_table_layout=understood)) as simulator:
        post = Post(simulator)
        assert post.done(REMOVALS, table.encode(), TSV)[0] == ended
        assert [order.order_id for order in removals.orders(post.world, SELLER, US)] == orders


@pytest.mark.parametrize(("content", "says"), [
    (removal("R-1", (HEALTHY, 1, 0), disposition="liquidate"), "1\t\t5000\tError\tRemovalDisposition liquidate is ineligible in your marketplace. No removal order was created."),
    (removal("R-1", (HEALTHY, 11, 0)), HEALTHY),
    (removal("R-1", ("NO-SUCH", 1, 0)), "NO-SUCH"),
    (removal("R-1", (HEALTHY, 1, 0), AddressCountryCode="DE"), "AddressCountryCode DE"),
    (removal("R-1", (HEALTHY, 1, 0), ("", 1, 0)), "MerchantSKU and whole numbers"),
    (removal("R-1", (HEALTHY, 0, 0)), "at least 1"),
    (removal("R-1"), "at least one item"),
    (removal("", (HEALTHY, 1, 0)), "MerchantRemovalOrderID"),
])  # fmt: skip
def test_a_refused_removal_is_a_feed_that_is_done(post: Post, content: bytes, says: str) -> None:
    """DONE says nothing: the result names what was refused, and no unit has moved."""
    ended, report = post.done(REMOVALS, content, TSV)
    header, *rows = report.splitlines()
    assert (ended, header) == ("DONE", REFUSALS)
    assert says in "\n".join(rows)
    assert removals.orders(post.world, SELLER, US) == []
    assert post.units(HEALTHY) == 10


@pytest.mark.parametrize(("unique", "orders", "left"), [(True, 1, 8), (False, 2, 6)])
def test_a_removal_sent_twice(unique: bool, orders: int, left: int) -> None:
    """A used order id is refused, or the goods are taken twice: Amazon promises neither, so a switch decides."""
    with Simulator(small_world(removal_id_unique=unique)) as simulator:
        post = Post(simulator)
        for _ in range(2):
            assert post.done(REMOVALS, removal("R-1", (HEALTHY, 2, 0)), TSV)[0] == "DONE"
        assert (len(removals.orders(post.world, SELLER, US)), post.units(HEALTHY)) == (orders, left)


def test_a_result_may_begin_with_a_summary() -> None:
    """By switch, as flat files once did."""
    with Simulator(small_world(removal_result_summary=True)) as simulator:
        _, report = Post(simulator).done(REMOVALS, removal("R-1", (HEALTHY, 2, 0), ("NO-SUCH", 1, 0)), TSV)
        assert report.splitlines()[:5] == ["Feed Processing Summary:", "\tNumber of records processed\t\t2", "\tNumber of records successful\t\t1", "", REFUSALS]


def test_a_fatal_feed_may_have_done_half_its_work(post: Post) -> None:
    """FATAL without a result, and yet the first half of the messages and of the items took effect."""
    post.world.faults.rates = {"half-feed": 1.0}
    assert post.done(LISTINGS, listings_feed(relist(1), relist(2, MERCHANT))) == ("FATAL", "")
    assert post.done(REMOVALS, removal("R-1", (HEALTHY, 2, 0), (MERCHANT, 2, 0)), TSV) == ("FATAL", "")
    post.wait(minutes=30)
    assert [len(post.world.listings[SELLER, US, sku].writes) for sku in (CLOSED, MERCHANT)] == [1, 0]
    assert (post.units(HEALTHY), post.units(MERCHANT)) == (8, 10)


@pytest.mark.parametrize("kind", DEAD)
def test_dead_feeds_end_fatal(post: Post, kind: str) -> None:
    """Accepted, and FATAL without a result."""
    assert post.done(kind, b"sku\tprice\n", TSV) == ("FATAL", "")


def test_only_what_waits_can_be_cancelled(post: Post) -> None:
    """A feed in the queue is cancelled and does nothing; one that is done is not."""
    feed_id = post.send(REMOVALS, removal("R-1", (HEALTHY, 2, 0)), TSV)
    post.api.cancel_feed(feed_id)
    post.wait(hours=1)
    assert post.api.get_feed(feed_id).processing_status == "CANCELLED"
    assert post.units(HEALTHY) == 10
    assert post.refusal(post.api.cancel_feed, feed_id) == 400


def test_feeds_are_listed_newest_first_and_by_page(post: Post) -> None:
    """By type and by how far they are; the next page by its token alone."""
    ids = []
    for number in range(3):
        ids.append(post.send(REMOVALS, removal(f"R-{number}", (HEALTHY, 1, 0)), TSV))
        post.wait(minutes=30)
    post.send(LISTINGS, listings_feed(relist(1)))
    first = post.api.get_feeds(feed_types=[REMOVALS], page_size=2)
    assert [feed.feed_id for feed in first.feeds] == [ids[2], ids[1]]
    last = post.api.get_feeds(next_token=first.next_token)
    assert ([feed.feed_id for feed in last.feeds], last.next_token) == ([ids[0]], None)
    assert [feed.feed_type for feed in post.api.get_feeds(feed_types=[REMOVALS, LISTINGS], processing_statuses=["IN_QUEUE"]).feeds] == [LISTINGS]
    assert post.api.get_feeds(feed_types=[REMOVALS], created_since=post.world.now).feeds == []
    for asked in ({}, {"feed_types": [REMOVALS], "page_size": 101}, {"next_token": "none"}, {"feed_types": [REMOVALS], "processing_statuses": ["LOST"]}):
        assert post.refusal(post.api.get_feeds, **asked) == 400


def test_documents_end(post: Post) -> None:
    """The upload URL after five minutes, the input after two days, the result after four weeks."""
    document = post.api.create_feed_document({"contentType": TSV})
    post.wait(minutes=5)
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(document.url, b"x", {"content-type": TSV}, method="PUT"))
    refused.value.close()
    assert refused.value.code == 403
    name = post.upload(removal("R-1", (HEALTHY, 1, 0)), TSV)
    body = {"feedType": REMOVALS, "marketplaceIds": [US], "inputFeedDocumentId": name}
    feed_id = post.api.create_feed(body).feed_id
    post.wait(days=2)
    assert post.refusal(post.api.create_feed, body) == 400
    result = post.api.get_feed(feed_id).result_feed_document_id
    assert post.result(result)
    post.wait(days=28)
    assert post.refusal(post.api.get_feed_document, result) == 404


@pytest.mark.parametrize("body", [
    {}, {"feedType": "POST_NOTHING", "marketplaceIds": [US]}, {"feedType": LISTINGS, "marketplaceIds": []}, {"feedType": LISTINGS, "marketplaceIds": [US]},
    {"feedType": LISTINGS, "marketplaceIds": [US], "inputFeedDocumentId": "none"},
])  # fmt: skip
def test_a_feed_that_names_nothing_is_refused(post: Post, body: dict[str, Any]) -> None:
    """No type, no store, no document."""
    assert post.refusal(post.api.create_feed, body) == 400


def test_what_is_not_there_is_not_found(post: Post) -> None:
    """A feed and a document that never were; a document without a type."""
    assert post.refusal(post.api.get_feed, "1") == 404
    assert post.refusal(post.api.get_feed_document, "1") == 404
    assert post.refusal(post.api.create_feed_document, {}) == 400


@pytest.mark.parametrize(("kind", "role"), [(LISTINGS, "Product Listing"), (REMOVALS, "Amazon Fulfillment")])
def test_each_feed_needs_its_role(post: Post, kind: str, role: str) -> None:
    """Without it the feed is refused with 403."""
    post.world.sellers[SELLER].roles.remove(role)
    body = {"feedType": kind, "marketplaceIds": [US], "inputFeedDocumentId": post.upload(b"x", TSV)}
    assert post.refusal(post.api.create_feed, body) == 403
