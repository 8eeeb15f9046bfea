"""Login with Amazon, as the official package meets it: right, wrong, revoked, expired; and who may call what."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from tests.small_world import SELLER, official, small_world

from refloat.simulator.serve import Simulator


def participations(client: Any) -> Any:
    from spapi.api.sellers_v1.sellers_api import SellersApi

    return SellersApi(client.api_client).get_marketplace_participations()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package waits 14 seconds in three more tries before it believes a refusal: none of them here."""
    from spapi.auth.lwa_request import AccessTokenCache

    monkeypatch.setattr("spapi.client.AccessTokenCache", partial(AccessTokenCache, max_retries=0))


def test_a_right_secret_gives_a_token_that_works() -> None:
    """One token is asked for and serves two calls; it lives for an hour."""
    with Simulator(small_world("US", "CA")) as simulator:
        client = official(simulator.url)
        assert [row.marketplace.country_code for row in participations(client).payload] == ["US", "CA"]
        participations(client)
        token = client.access_token_cache.token_info
        assert (token["token_type"], token["expires_in"], token["access_token"][:5]) == ("bearer", 3600, "Atza|")
        assert len(simulator.world.rooms["tokens"]) == 1


@pytest.mark.parametrize("wrong", [{"client_secret": "another-secret"}, {"client_id": "another-client"}, {"refresh_token": "Atzr|another"}])
def test_a_wrong_credential_gets_no_token(wrong: dict[str, str]) -> None:
    """Secret, client and refresh token are each needed."""
    from spapi.auth.lwa_exception import LwaException

    with Simulator(small_world()) as simulator:
        with pytest.raises(LwaException):
            participations(official(simulator.url, **wrong))
        assert simulator.world.rooms.get("tokens", {}) == {}


def test_a_leave_taken_back_ends_old_tokens_and_gives_no_new_one() -> None:
    """After the seller revoked the application, a token that still had time is refused, and there is no other."""
    from spapi.auth.lwa_exception import LwaException
    from spapi.rest import ApiException

    with Simulator(small_world()) as simulator:
        client = official(simulator.url)
        participations(client)
        simulator.world.sellers[SELLER].revoked = True
        with pytest.raises(ApiException) as refused:
            participations(client)
        assert refused.value.status == 403
        with pytest.raises(LwaException):
            participations(official(simulator.url))


def test_a_token_ends_after_an_hour_of_the_world() -> None:
    """A minute before, it works; an hour after, 403 says that it has expired, without the limit header; a new one works."""
    from spapi.rest import ApiException

    with Simulator(small_world()) as simulator:
        client = official(simulator.url)
        participations(client)
        simulator.world.advance(timedelta(minutes=59))
        participations(client)
        simulator.world.advance(timedelta(minutes=1))
        with pytest.raises(ApiException) as refused:
            participations(client)
        assert refused.value.status == 403
        assert json.loads(refused.value.body)["errors"] == [
            {"code": "Unauthorized", "message": "Access to requested resource is denied.", "details": "The access token you provided has expired."},
        ]
        assert "x-amzn-RateLimit-Limit" not in refused.value.headers
        assert participations(official(simulator.url)).payload


def test_a_role_that_is_missing_is_a_refusal() -> None:
    """Without the role of an operation the application is refused with 403, and no token of the bucket is taken."""
    from spapi.rest import ApiException

    with Simulator(small_world()) as simulator:
        simulator.world.sellers[SELLER].roles.remove("Selling Partner Insights")
        with pytest.raises(ApiException) as refused:
            participations(official(simulator.url))
        assert refused.value.status == 403
        assert simulator.world.rooms.get("buckets", {}) == {}


@pytest.mark.parametrize(("most", "given"), [(0, 5), (3, 3)])
def test_tokens_can_be_limited(most: int, given: int) -> None:
    """No limit is published: none by default, and one that a switch turns on."""
    from spapi.auth.lwa_exception import LwaException

    with Simulator(small_world(token_limit_per_minute=most)) as simulator:
        worked = 0
        for _ in range(5):
            try:
                worked += bool(official(simulator.url).access_token_cache.get_lwa_access_token())
            except LwaException:
                continue
        assert worked == given
