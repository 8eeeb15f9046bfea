"""The sellers of a seeded world: one application, one seller per region."""

from __future__ import annotations

from typing import Literal, cast

from refloat.simulator.nouns.places import Place
from refloat.simulator.nouns.seller import Participation, Seller

SELLER_ID = "A1SAMPLESELLER"
CLIENT_ID = "amzn1.application-oa2-client.sample-1"
CLIENT_SECRET = "sample-client-secret-1"  # noqa: S105 - a sample that opens nothing
REFRESH_TOKEN = "Atzr|sample-refresh-token-1"  # noqa: S105 - a sample that opens nothing


def seller(number: int, region: str, places: list[Place]) -> Seller:
    """The n-th sample seller (0: the one with the fixed names), who sells in these marketplaces."""
    return Seller(
        id=SELLER_ID.replace("1", str(number + 1)),
        name=f"Sample Seller {number + 1}",
        region=cast("Literal['NA', 'EU', 'FE']", region),
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        refresh_token=REFRESH_TOKEN.replace("1", str(number + 1)),
        places={place.id: Participation(place.id) for place in places},
    )
