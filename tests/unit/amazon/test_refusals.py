"""Every wrong answer becomes one typed error in four parts, which says what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.fakes import CREDENTIALS, DENIED, QUOTA, UNAVAILABLE, Amazon, World, answer, refusal

from refloat.amazon import Credentials
from refloat.amazon.complaints import complaint
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.refusals import refusal as error_of
from refloat.amazon.roles import needed
from refloat.errors import (
    AccountNotNormal,
    AmazonDown,
    AmazonError,
    AnswerNotUnderstood,
    AnswerTooLarge,
    CredentialWrong,
    MarketplaceNotYours,
    NotThere,
    RefloatError,
    Refused,
    RoleMissing,
    Throttled,
    TooLarge,
)

LOOK = Request("getListingsItem", "GET", "/listings/2021-08-01/items/A1MADEUP/A")
NOT_FOUND = refusal(404, "NOT_FOUND", "SKU 'A' not found in marketplace ATVPDKIKX0DER.")
CASES: list[tuple[Answered, type[AmazonError]]] = [
    (QUOTA, Throttled),
    (Answered(429, {}, b"slow down"), Throttled),
    (UNAVAILABLE, AmazonDown),
    (Answered(500, {}, b"\xff\xfe"), AmazonDown),
    (DENIED, RoleMissing),
    (refusal(401, "Unauthorized", "Access token is missing in the request header."), CredentialWrong),
    (refusal(403, "Unauthorized", "Access to requested resource is denied.", "The access token you provided is revoked, malformed or invalid."), CredentialWrong),
    (refusal(403, "AccessDenied", "The seller account is suspended."), AccountNotNormal),
    (refusal(400, "InvalidInput", "Account A1MADEUP is not in NORMAL status"), AccountNotNormal),
    (refusal(403, "Unauthorized", "Merchant does not participate in marketplace A1PA6795UKMFR9."), MarketplaceNotYours),
    (refusal(400, "InvalidInput", "Invalid Marketplace Id: A1PA6795UKMFR9"), MarketplaceNotYours),
    (refusal(400, "InvalidInput", "The marketplace is not authorized for this seller"), MarketplaceNotYours),
    (NOT_FOUND, NotThere),
    (refusal(400, "InvalidInput", "Report type GET_X is not supported in marketplace ATVPDKIKX0DER"), Refused),
    (refusal(400, "InvalidInput", "Listing of seller SKU A is inactive"), Refused),
    (refusal(413, "RequestTooLarge", "The request is too large."), Refused),
    (refusal(501, "NotYetImplemented", "Not played."), Refused),
    (answer({"errors": "Request has one or more errors"}, 400), Refused),
    (answer([{"code": "BAD_REQUEST", "message": "Invalid 'asin' provided."}], 400), Refused),
    (answer({"message": "Forbidden"}, 403), AnswerNotUnderstood),
    (Answered(404, {}, b"<html>no such page</html>"), AnswerNotUnderstood),
    (Answered(404, {}, b""), AnswerNotUnderstood),
    (Answered(403, {}, b"<html>blocked by the proxy</html>"), AnswerNotUnderstood),
    (Answered(301, {}, b""), AnswerNotUnderstood),
]


@pytest.mark.parametrize(("answered", "kind"), CASES)
def test_each_answer_has_its_error(answered: Answered, kind: type[AmazonError]) -> None:
    """Its own type, all four parts filled, the operation and the request id in it."""
    error = error_of(LOOK, answered, str)
    assert type(error) is kind
    assert all((error.what, error.why, error.todo, error.more))
    assert len(str(error).splitlines()) >= 4
    assert not any(f"{{{name}}}" in str(error) for name in error.values)
    assert error.values["operation"] in str(error)
    assert error.values["request_id"] == (answered.request_id or "unknown")
    assert isinstance(error, RefloatError)


def test_a_page_that_says_404_is_no_deleted_listing() -> None:
    """Only Amazon's own form says that something is gone; a proxy or a wrong address is not believed."""
    assert World(Amazon(getListingsItem=NOT_FOUND)).line.listing("A", "US").body is None
    with pytest.raises(AnswerNotUnderstood):
        World(Amazon(getListingsItem=Answered(404, {}, b"Not Found"))).line.listing("A", "US")


def test_amazons_message_is_shown_word_for_word() -> None:
    """A brace in it is no placeholder, a tag is no markup."""
    error = error_of(LOOK, refusal(400, "InvalidInput", "'{sku}' <b> is not ok & {0}", "see {x}"), str)
    assert "InvalidInput: '{sku}' <b> is not ok & {0} see {x}" in str(error)


def test_a_page_is_shown_as_words() -> None:
    """Without its tags, scripts and styles."""
    page = b"<html><style>p{}</style><script>var a = '<b>';</script><h1>Sorry</h1><p>Service&nbsp;down</p></html>"
    assert complaint(Answered(503, {}, page)).said == "Sorry Service down"


def test_a_long_message_is_cut() -> None:
    """An error fits on a screen."""
    assert len(str(error_of(LOOK, refusal(400, "A", "x" * 100_000), str))) < 1500
    assert len(str(error_of(LOOK, Answered(302, {}, b"x " * 100_000), str))) < 800


@pytest.mark.parametrize(
    ("operation", "report_type", "role"),
    [
        ("getMarketplaceParticipations", None, "Product Listing or Selling Partner Insights"),
        ("getListingsItem", None, "Product Listing"),
        ("getListingsRestrictions", None, "Product Listing"),
        ("getInventorySummaries", None, "Amazon Fulfillment or Product Listing"),
        ("getItemEligibilityPreview", None, "Amazon Fulfillment"),
        ("createReport", "GET_STRANDED_INVENTORY_UI_DATA", "Amazon Fulfillment"),
        ("createReport", "GET_V2_SELLER_PERFORMANCE_REPORT", "Selling Partner Insights"),
        ("createReport", "GET_MERCHANT_LISTINGS_ALL_DATA", "Product Listing or Inventory and Order Tracking"),
        ("createReport", "GET_SOMETHING_NEW", "Amazon Fulfillment, Product Listing or Inventory and Order Tracking"),
        ("getReport", None, "Amazon Fulfillment, Product Listing or Inventory and Order Tracking"),
    ],
)
def test_a_missing_role_is_named(operation: str, report_type: str | None, role: str) -> None:
    """In Amazon's words, so that the seller finds it in the developer profile."""
    request = Request(operation, "POST", "/", body={"reportType": report_type} if report_type else None)
    assert needed(request) == role
    assert role in str(error_of(request, DENIED, str))


def test_a_call_without_a_seller_id_says_where_to_find_it() -> None:
    """Amazon tells the marketplaces of a token, but not the seller's id."""
    line = World(Amazon(), Credentials(None, CREDENTIALS.client_id, CREDENTIALS.client_secret, CREDENTIALS.refresh_token)).line
    for call in (lambda: line.listing("A", "US"), lambda: line.restrictions("B0MADEUP00", "US", None)):
        with pytest.raises(CredentialWrong, match="Merchant Token"):
            call()


def test_a_marketplace_that_is_none_is_not_asked_for() -> None:
    """Nothing is sent."""
    world = World(Amazon())
    for call in (lambda: world.line.listing("A", "XX"), lambda: world.line.inventory(["A"], "EU"), lambda: world.line.ask_report("GET_X", "Mars", {})):
        with pytest.raises(MarketplaceNotYours) as refused:
            call()
        assert "{" not in str(refused.value)
        assert refused.value.values["marketplace"] in str(refused.value)
    assert world.amazon.requests == []


def test_too_large_is_caught_under_both_names() -> None:
    """Whoever waits for trouble with Amazon meets it, and whoever waits for a large file."""
    assert issubclass(AnswerTooLarge, AmazonError)
    assert issubclass(AnswerTooLarge, TooLarge)


@given(st.sampled_from([200, 204, 301, 400, 401, 403, 404, 418, 429, 500, 501, 503]), st.binary(max_size=300))
def test_no_answer_breaks_the_reading_of_errors(code: int, content: bytes) -> None:
    """Any bytes under any code."""
    assert isinstance(error_of(LOOK, Answered(code, {}, content), str), AmazonError)
    assert str(error_of(LOOK, Answered(code, {}, content), str))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["errors", "code", "message", "details", "error", "error_description", "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from([200, 400, 403, 404, 500]), _JSON)
def test_no_json_breaks_the_reading_of_errors(code: int, body: object) -> None:
    """Any JSON, in the words of Amazon's errors too."""
    assert str(error_of(LOOK, answer(body, code), str))
