"""The access token: bought, kept until shortly before it ends, and what Login with Amazon refuses."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from tests.unit.amazon.fakes import CLIENT_SECRET, QUOTA, REFRESH_TOKEN, UNAVAILABLE, Amazon, World, answer

from refloat.amazon import Secret
from refloat.amazon.protocol import Answered
from refloat.amazon.refusals import lost
from refloat.errors import AmazonDown, AnswerNotUnderstood, CredentialWrong, Throttled

ITEM = answer({"sku": "A"})


def bought(world: World) -> int:
    return world.line.calls["token"]


def test_the_form_is_what_amazon_documents() -> None:
    """grant_type, refresh_token, client_id and client_secret, as a form that hides itself."""
    world = World(Amazon(getListingsItem=ITEM))
    world.line.listing("A", "US")
    body = world.amazon.asked("token")[0].body
    assert isinstance(body, Secret)
    assert parse_qs(body.revealed()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": [REFRESH_TOKEN],
        "client_id": ["amzn1.application-oa2-client.made-up"],
        "client_secret": [CLIENT_SECRET],
    }


@pytest.mark.parametrize(("lives", "kept"), [(3600, 3540), (600, 540), (None, 3540), ("soon", 3540), (True, 3540), (10**9, 3540), (1e400, 3540)])
def test_a_token_is_kept_until_a_minute_before_its_end(lives: object, kept: int) -> None:
    """By the clock port; an hour, as documented, where the answer says nothing sensible."""
    world = World(Amazon(token=answer({"access_token": "Atza|x", "expires_in": lives}), getListingsItem=ITEM))
    world.line.listing("A", "US")
    world.clock.at += timedelta(seconds=kept - 1)
    world.line.listing("A", "US")
    assert bought(world) == 1
    world.clock.at += timedelta(seconds=1)
    world.line.listing("A", "US")
    assert bought(world) == 2


@pytest.mark.parametrize("lives", [0, -5, 30])
def test_a_token_that_ends_at_once_serves_one_call(lives: int) -> None:
    """No endless loop of buying, and not one before the place and another after it."""
    world = World(Amazon(token=answer({"access_token": "Atza|x", "expires_in": lives}), getListingsItem=ITEM))
    world.line.listing("A", "US")
    assert bought(world) == 1
    world.clock.at += timedelta(seconds=1)
    world.line.listing("A", "US")
    assert bought(world) == 2


@pytest.mark.parametrize(
    ("code", "name", "words", "todo"),
    [
        (401, "invalid_client", "id or secret", "show the LWA credentials"),
        (400, "invalid_grant", "refresh token", "authorise the application again"),
        (400, "unauthorized_client", "no access token", "accounts check"),
        (400, "invalid_request", "no access token", "accounts check"),
        (403, "", "no access token", "accounts check"),
    ],
)
def test_a_refused_credential_says_what_to_do(code: int, name: str, words: str, todo: str) -> None:
    """A rotated secret and a withdrawn authorisation are mended in different places."""
    world = World(Amazon(token=answer({"error": name, "error_description": "made-up description"}, code)))
    with pytest.raises(CredentialWrong) as refused:
        world.line.places()
    assert words in refused.value.what
    assert todo in refused.value.todo
    assert "made-up description" in str(refused.value)
    assert bought(world) == 1


@pytest.mark.parametrize("trouble", [UNAVAILABLE, QUOTA, lost("token", "ReadTimeout", sent=True), Answered(200, {}, b'{"acc', whole=False)])
def test_trouble_at_the_token_giver_passes(trouble: Answered | AmazonDown) -> None:
    """A read waits and asks again."""
    world = World(Amazon(token=[trouble, answer({"access_token": "Atza|x", "expires_in": 3600})], getListingsItem=ITEM))
    assert world.line.listing("A", "US").body
    assert bought(world) == 2
    assert len(world.clock.slept) == 1


@pytest.mark.parametrize("trouble", [UNAVAILABLE, lost("token", "ReadTimeout", sent=True), Answered(200, {}, b'{"acc', whole=False)])
def test_without_a_token_nothing_was_sent(trouble: Answered | AmazonDown) -> None:
    """Whoever wrote learns that the write certainly did not reach Amazon."""
    world = World(Amazon(token=trouble))
    with pytest.raises(AmazonDown) as down:
        world.line.places()
    assert down.value.sent is False


def test_too_many_tokens_are_throttled_like_calls() -> None:
    """No rate is published for tokens, so their 429 only waits."""
    world = World(Amazon(token=QUOTA))
    with pytest.raises(Throttled):
        world.line.places()
    assert world.gate.emptied == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"access_token": null}', b'{"access_token": 3}', b"<html>", b'{"access_token": ""}', b'{"access_token": "a\\nb"}', b'{"access_token": "\\u2603"}']
)
def test_an_answer_without_a_token_is_not_understood(content: bytes) -> None:
    """Nothing is guessed."""
    world = World(Amazon(token=Answered(200, {}, content)))
    with pytest.raises(AnswerNotUnderstood):
        world.line.places()
