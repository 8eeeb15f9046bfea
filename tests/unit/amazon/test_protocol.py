"""How a request is written into an address, and how the parts of an answer are read."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from refloat.amazon import inventory, listings
from refloat.amazon.protocol import Answered, MisshapenError, Request, held, held_or_none, json_of, marketplace_id, moment, objects, segment, unwrapped
from refloat.amazon.transport import HttpTransport

US = "ATVPDKIKX0DER"
SKUS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


def on_the_wire(request: Request) -> bytes:
    """The path and query as the server sees them."""
    seen: list[bytes] = []

    def answer(asked: httpx2.Request) -> httpx2.Response:
        seen.append(asked.url.raw_path)
        return httpx2.Response(200, stream=httpx2.ByteStream(b"{}"))

    HttpTransport(httpx2.MockTransport(answer)).send(request, "https://api.example", {})
    return seen[0]


@given(SKUS)
def test_every_sku_comes_through_the_address_unchanged(sku: str) -> None:
    """Slash, hash, percent, dots, blanks, Chinese: the last part of the path is the SKU, and nothing but the SKU."""
    path = on_the_wire(listings.look("A1MADEUP", sku, "US")).decode().split("?")[0]
    assert path.count("/") == 5
    assert unquote(path.rsplit("/", 1)[1]) == sku


@given(st.lists(SKUS, min_size=1, max_size=60, unique=True))
def test_every_sku_is_asked_for_once_in_a_list_that_can_be_taken_apart(skus: list[str]) -> None:
    """A list is joined by commas, so a SKU with a comma goes alone; no call has more than fifty."""
    asked: list[str] = []
    for part, look in inventory.looks(skus, "US"):
        assert len(part) <= 50
        query = dict(pair.split("=", 1) for pair in on_the_wire(look).decode().split("?")[1].split("&"))
        asked += [unquote(query["sellerSku"])] if "sellerSku" in query else [unquote(sku) for sku in query["sellerSkus"].split(",")]
    assert sorted(asked) == sorted(skus)


@pytest.mark.parametrize(("sku", "quoted"), [("A/B", "A%2FB"), ("#1", "%231"), ("50%", "50%25"), ("a b", "a%20b"), ("a+b", "a%2Bb"), ("..", "%2E%2E"), (".5", ".5"), ("商", "%E5%95%86")])
def test_a_part_of_a_path_is_quoted_whole(sku: str, quoted: str) -> None:
    """Amazon answers 403 where a slash or a hash is left as it is; dots alone would climb up the path."""
    assert segment(sku) == quoted


def test_lists_are_joined_by_commas_and_times_are_quoted() -> None:
    """collectionFormat csv: one parameter, its parts quoted, the commas bare."""
    request = Request("x", "GET", "/p", {"includedData": ("a", "b c"), "since": "2026-01-01T00:00:00Z"})
    assert request.target == "/p?includedData=a,b%20c&since=2026-01-01T00%3A00%3A00Z"
    assert Request("x", "GET", "/p").target == "/p"


@pytest.mark.parametrize(("text", "known"), [("US", US), ("us", US), ("amazon.com", US), (US, US), ("GB", "A1F83G8C2ARO7P"), ("A9MADEUPPLACE", "A9MADEUPPLACE")])
def test_a_marketplace_is_known_by_code_site_or_id(text: str, known: str) -> None:
    """An id that we do not know stays as it is: Amazon opens new marketplaces."""
    assert marketplace_id(text) == known


@pytest.mark.parametrize("text", ["", "XX", "AMAZON_EU", "A1 B", "../A1F83G8C2ARO7P"])
def test_what_is_no_marketplace_is_refused(text: str) -> None:
    """Nothing is asked of Amazon for a marketplace that cannot be one."""
    with pytest.raises(MisshapenError):
        marketplace_id(text)


def test_a_moment_is_written_in_utc() -> None:
    """Whole seconds, and Z."""
    assert moment(datetime(2026, 1, 1, 8, 0, 0, 999, tzinfo=timezone(timedelta(hours=8)))) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("content", [b"", b"<html>", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_said_so(content: bytes) -> None:
    """Nothing else than MisshapenError, however bad the bytes."""
    with pytest.raises(MisshapenError):
        json_of(content)


def test_a_payload_is_unwrapped_where_there_is_one() -> None:
    """Three of the APIs wrap their answers."""
    assert unwrapped({"payload": [1]}) == [1]
    assert unwrapped({"sku": "A"}) == {"sku": "A"}
    assert unwrapped([1]) == [1]


def test_a_value_of_another_kind_is_refused() -> None:
    """True is no number, a number no text, null is nothing."""
    assert held({"a": 3}, "a", int) == 3
    assert held_or_none({"a": None}, "a", str) is None
    for body, key, kind in (({"a": True}, "a", int), ({"a": 3}, "a", str), ({}, "a", str), ([], "a", str), (None, "a", str)):
        with pytest.raises(MisshapenError):
            held(body, key, kind)
    with pytest.raises(MisshapenError):
        objects({"a": [1]}, "a")


def test_the_request_id_is_found_under_both_names() -> None:
    """SP-API and the document store name it differently."""
    assert Answered(200, {"x-amzn-requestid": "one"}, b"").request_id == "one"
    assert Answered(200, {"x-amz-request-id": "two"}, b"").request_id == "two"
    assert Answered(200, {}, b"").request_id is None


def test_half_a_character_is_asked_for_as_it_is() -> None:
    """JSON may hold one; a replacement would be another SKU, and its 404 would say that this one is deleted."""
    assert segment("A\ud800") == "A%ED%A0%80"
    assert listings.look("A1MADEUP", "A\ud800", "US").target.startswith("/listings/2021-08-01/items/A1MADEUP/A%ED%A0%80?")
