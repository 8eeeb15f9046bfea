"""The writing line as the loop sees it: once and no more, and what an error says about a write that was lost."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.fakes import CREDENTIALS, DENIED, EXPIRED, QUOTA, START, UNAVAILABLE, US, Amazon, World, answer, refusal

from refloat.amazon import AmazonWriter, Credentials, Secret, feeds, refusals
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.roles import needed
from refloat.amazon.transport import HttpTransport
from refloat.errors import AmazonDown, AmazonError, AnswerTooLarge, CredentialWrong, MarketplaceNotYours, lost
from refloat.model.cure import Change, Patch
from refloat.model.ports import Answer, RemovalOrder, Submission, Writer

PATCH = Change("patch", "LUGGAGE", (Patch("purchasable_offer", None, [{"marketplace_id": US}]),))
DELETE = Change("delete")
REMOVAL = RemovalOrder("R-1", "Disposal", {}, {"A": (1, 0)})
ACCEPTED = answer({"sku": "A", "status": "ACCEPTED", "submissionId": "made-up-1", "issues": []})
ROOM, KEPT = answer({"feedDocumentId": "document-1", "url": "https://store.example/1"}, 201), Answered(200, {}, b"")

#: What may come instead of an answer to a write → whether it may have left, and whether it may have happened.
ENDS: dict[str, tuple[Answered | AmazonError, bool, bool]] = {
    "no connection": (refusals.lost("x", "ConnectError", sent=False), False, False),
    "timeout": (refusals.lost("x", "ReadTimeout", sent=True), True, True),
    "cut off": (Answered(200, {}, b'{"sta', whole=False), True, True),
    "internal error": (refusal(500, "InternalFailure", "We encountered an internal error."), True, True),
    "page of a gateway": (UNAVAILABLE, True, True),
    "a proxy's own number": (Answered(520, {}, b""), True, True),
    "no json": (Answered(200, {}, b"<html>"), True, True),
    "another shape": (answer({"ok": True}), True, True),
    "redirect": (Answered(302, {}, b""), True, True),
    "page that forbids": (Answered(403, {}, b"<html>blocked</html>"), True, True),
    "too large": (refusals.too_large("x", 5), True, True),
    "throttled": (QUOTA, True, False),
    "denied": (DENIED, True, False),
    "bad request": (refusal(400, "InvalidInput", "Invalid value"), True, False),
    "not there": (refusal(404, "NOT_FOUND", "SKU 'A' not found"), True, False),
    "not played": (refusal(501, "NotYetImplemented", "Not played."), True, False),
    "stale token, twice": (EXPIRED, True, False),
}
WRITES: dict[str, Callable[[AmazonWriter], object]] = {
    "patchListingsItem": lambda writer: writer.submit("A", "US", PATCH),
    "deleteListingsItem": lambda writer: writer.submit("A", "US", DELETE),
    "createFeed": lambda writer: writer.send_removal("US", REMOVAL),
}


def test_the_writer_is_the_port() -> None:
    """mypy checks the types, this checks that nothing lacks."""
    writer: Writer = World(Amazon()).line.writer()
    assert isinstance(writer, AmazonWriter)


def test_line_and_writer_are_one_caller() -> None:
    """One token, one count, one gate for both."""
    world = World(Amazon(getListingsItem=answer({"sku": "A"}), patchListingsItem=ACCEPTED))
    world.line.listing("A", "US")
    assert world.writer.submit("A", "US", PATCH) == Submission("ACCEPTED", (), "made-up-1", "made-up-request")
    assert world.line.calls == {"token": 1, "getListingsItem": 1, "patchListingsItem": 1}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("end", ENDS)
def test_a_write_is_sent_once_and_its_error_says_what_may_have_happened(write: str, end: str) -> None:
    """Nothing is tried again, but for a token that Amazon refused; ``sent`` and ``lost`` are as the table says."""
    said, sent, happened = ENDS[end]
    world = World(Amazon(**{"createFeedDocument": ROOM, "upload": KEPT, write: said}))
    with pytest.raises(AmazonError) as failure:
        WRITES[write](world.writer)
    assert len(world.amazon.asked(write)) == (2 if said is EXPIRED else 1)
    assert (failure.value.sent, lost(failure.value)) == (sent, happened)


TOKENS = {
    "secret": answer({"error": "invalid_client"}, 401),
    "grant": answer({"error": "invalid_grant"}, 400),
    "other": answer({"error": "unauthorized_client"}, 400),
    "down": UNAVAILABLE,
    "throttled": QUOTA,
    "timeout": refusals.lost("token", "ReadTimeout", sent=True),
    "cut off": Answered(200, {}, b"{", whole=False),
    "another shape": answer({}),
    "too large": refusals.too_large("token", 5),
}


@pytest.mark.parametrize("token", TOKENS)
def test_without_a_token_nothing_was_sent(token: str) -> None:
    """However the giver of tokens fails."""
    world = World(Amazon(token=TOKENS[token]))
    with pytest.raises(AmazonError) as failure:
        world.writer.submit("A", "US", PATCH)
    assert (failure.value.sent, lost(failure.value)) == (False, False)
    assert world.amazon.asked("patchListingsItem") == []


def test_what_is_not_known_is_not_sent() -> None:
    """No seller's id, no such marketplace."""
    nobody = Credentials(None, CREDENTIALS.client_id, CREDENTIALS.client_secret, CREDENTIALS.refresh_token)
    for world, place, kind in ((World(Amazon(), nobody), "US", CredentialWrong), (World(Amazon()), "Mars", MarketplaceNotYours)):
        calls: list[Callable[[], object]] = [
            lambda world=world, place=place: world.writer.submit("A", place, PATCH),
            lambda world=world, place=place: world.writer.preview("A", place, PATCH),
            lambda world=world, place=place: world.writer.send_feed(place, [("A", PATCH)]),
            lambda world=world, place=place: world.writer.listings(["A"], place),
        ]
        for call in calls:
            with pytest.raises(kind) as failure:
                call()
            assert not failure.value.sent
        assert world.amazon.requests == []


def test_a_preview_is_a_read() -> None:
    """It changes nothing, so trouble is waited for."""
    world = World(Amazon(patchListingsItem=[UNAVAILABLE, QUOTA, answer({"status": "VALID"})]))
    assert world.writer.preview("A", "US", PATCH).accepted
    assert (world.line.calls["validationPreview"], world.line.throttled) == (3, {"validationPreview": 1})
    assert [operation for _, operation in world.gate.emptied] == ["validationPreview"]


@pytest.mark.parametrize(("feed_type", "role"), [(feeds.LISTINGS, "Product Listing"), (feeds.REMOVAL, "Amazon Fulfillment"), ("POST_NEW", "Amazon Fulfillment or Product Listing")])
def test_a_feed_names_the_role_of_its_type(feed_type: str, role: str) -> None:
    """In Amazon's words."""
    assert needed(feeds.create(feed_type, "US", "document-1")) == role
    assert needed(feeds.look("1")) == "Amazon Fulfillment or Product Listing"


def found(*skus: str) -> Answered:
    return answer({"numberOfResults": len(skus), "items": [{"sku": sku, "by": "search"} for sku in skus]})


def test_listings_are_searched_twenty_at_a_time() -> None:
    """Each once, in the order asked, everything included."""

    def search(request: Request) -> Answered:
        return found(*reversed(request.query["identifiers"]))

    skus = [f"SKU-{number}" for number in range(45)]
    world = World(Amazon(searchListingsItems=search))
    assert world.writer.listings([*skus, *skus], "US") == [Answer(sku, {"sku": sku, "by": "search"}, START, "made-up-request") for sku in skus]
    requests = world.amazon.asked("searchListingsItems")
    assert [len(request.query["identifiers"]) for request in requests] == [20, 20, 5]
    included = ("summaries", "attributes", "issues", "offers", "fulfillmentAvailability")
    assert requests[0].query == {"marketplaceIds": US, "includedData": included, "identifiersType": "SKU", "identifiers": skus[:20], "pageSize": "20"}
    assert world.writer.listings([], "US") == []


def test_a_sku_that_the_search_does_not_name_is_asked_for_by_itself() -> None:
    """A search may lag; only 404 is Amazon's word that there is none. One with a comma cannot stand in the list at all."""

    def look(request: Request) -> Answered:
        return answer({"sku": "A,B"}) if request.path.endswith("A%2CB") else answer({"sku": "LATE"}) if request.path.endswith("LATE") else refusal(404, "NOT_FOUND", "SKU 'GONE' not found")

    world = World(Amazon(searchListingsItems=found("A", "a", "STRANGER"), getListingsItem=look))
    answers = world.writer.listings(["GONE", "A,B", "A", "LATE"], "US")
    assert [(one.key, one.body and one.body["sku"]) for one in answers] == [("GONE", None), ("A,B", "A,B"), ("A", "A"), ("LATE", "LATE")]
    assert world.amazon.asked("searchListingsItems")[0].query["identifiers"] == ["GONE", "A", "LATE"]
    assert world.line.calls == {"token": 1, "searchListingsItems": 1, "getListingsItem": 3}


def test_only_skus_with_commas_need_no_search() -> None:
    """No list, no call."""
    world = World(Amazon(getListingsItem=answer({"sku": "A,B"})))
    world.writer.listings(["A,B"], "US")
    assert world.line.calls == {"token": 1, "getListingsItem": 1}


def test_a_page_that_says_404_is_no_deleted_listing() -> None:
    """Only Amazon's own form is believed."""
    with pytest.raises(AmazonError):
        World(Amazon(searchListingsItems=found(), getListingsItem=Answered(404, {}, b"Not Found"))).writer.listings(["A"], "US")


def test_an_upload_carries_no_token_and_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    """The type is part of the signature; errors and logs hold nothing of the address."""
    caplog.set_level("DEBUG")
    seen: list[httpx2.Request] = []
    inner = httpx2.MockTransport(lambda asked: seen.append(asked) or httpx2.Response(200, stream=httpx2.ByteStream(b"")))
    url = Secret("https://store.example/1?X-Amz-Signature=made-up-signature")
    assert HttpTransport(inner).put(url, b"content", "text/plain; charset=UTF-8").code == 200
    assert (seen[0].method, str(seen[0].url), seen[0].content, seen[0].headers["content-type"]) == ("PUT", url.revealed(), b"content", "text/plain; charset=UTF-8")
    assert "x-amz-access-token" not in seen[0].headers

    def fail(asked: httpx2.Request) -> httpx2.Response:
        raise httpx2.WriteError(f"{asked.url}", request=asked)

    with pytest.raises(AmazonDown) as down:
        HttpTransport(httpx2.MockTransport(fail)).put(url, b"content", "text/plain")
    assert (down.value.__cause__, down.value.__context__) == (None, None)
    assert "made-up-signature" not in caplog.text + str(down.value) + repr(vars(down.value))


def test_a_store_that_repeats_the_address_is_not_quoted() -> None:
    """S3 writes the string that was signed into its refusals."""
    url = "https://store.example/1?X-Amz-Signature=made-up-signature&X-Amz-Credential=made-up-credential"
    store = Answered(403, {}, b"<Error><Code>SignatureDoesNotMatch</Code><Given>made-up-signature made-up-credential</Given></Error>")
    world = World(Amazon(createFeedDocument=answer({"feedDocumentId": "1", "url": url}), upload=store))
    with pytest.raises(AmazonError, match="SignatureDoesNotMatch") as failure:
        world.writer.send_removal("US", REMOVAL)
    assert "made-up-signature" not in str(failure.value)
    assert "made-up-credential" not in str(failure.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "DONE", "ACCEPTED", "A", "https://x.example", "GZIP", "2026-03-02T09:00:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "status",
                    "issues",
                    "submissionId",
                    "feedId",
                    "feedType",
                    "feeds",
                    "processingStatus",
                    "createdTime",
                    "url",
                    "feedDocumentId",
                    "nextToken",
                    "items",
                    "sku",
                    "summary",
                    "messageId",
                    "errors",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
CALLS: list[Callable[[AmazonWriter], object]] = [
    *WRITES.values(),
    lambda writer: writer.preview("A", "US", PATCH),
    lambda writer: writer.send_feed("US", [("A", PATCH)]),
    lambda writer: writer.feed("1"),
    lambda writer: writer.recent_feeds(feeds.REMOVAL, "US", START),
    lambda writer: writer.feed_issues("1"),
    lambda writer: writer.removal_errors("1"),
    lambda writer: writer.listings(["A", "B,C"], "US"),
]
OPERATIONS = ["patchListingsItem", "deleteListingsItem", "createFeedDocument", "upload", "createFeed", "getFeed", "getFeeds", "getFeedDocument", "download", "searchListingsItems", "getListingsItem"]


@given(st.sampled_from([200, 202, 302, 400, 403, 404, 429, 500, 520]), JSON | st.binary(max_size=60))
def test_any_answer_is_read_or_an_amazon_error(code: int, body: object) -> None:
    """Nothing else leaves the writing line, whatever comes."""
    answered = Answered(code, {}, body) if isinstance(body, bytes) else answer(body, code)
    for call in CALLS:
        try:
            call(World(Amazon(**dict.fromkeys(OPERATIONS, answered))).writer)
        except AmazonError as error:
            assert str(error)


def test_a_write_that_nobody_hears_was_not_sent() -> None:
    """A port where nobody listens, over a real connection."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world = World(Amazon(patchListingsItem=lambda request: HttpTransport().send(request, f"http://127.0.0.1:{port}", {})))
    with pytest.raises(AmazonDown) as down:
        world.writer.submit("A", "US", PATCH)
    assert (down.value.sent, lost(down.value)) == (False, False)
    assert not lost(AnswerTooLarge("x", sent=False))
