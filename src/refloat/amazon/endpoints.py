"""Where Amazon is, and as whom we speak to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from refloat.amazon.secret import Secret
from refloat.errors import WrongUse

#: One address gives tokens for every region (Amazon's "Connecting to the Selling Partner API").
TOKEN_ADDRESS = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address, not a token
#: Region → host (Amazon's "SP-API endpoints").
HOSTS = {
    "NA": "https://sellingpartnerapi-na.amazon.com",
    "EU": "https://sellingpartnerapi-eu.amazon.com",
    "FE": "https://sellingpartnerapi-fe.amazon.com",
}


class Endpoints(NamedTuple):
    """The addresses of one region: its API, and the giver of tokens. Both are settings, so that a simulator can stand in."""

    api: str
    token: str = TOKEN_ADDRESS

    @classmethod
    def of_region(cls, region: str) -> Endpoints:
        """Amazon's own addresses for ``"NA"``, ``"EU"`` or ``"FE"``.

        Raises:
            WrongUse: there is no such region.
        """
        if region.upper() not in HOSTS:
            raise WrongUse(
                "There is no region {region}.",
                why="Amazon has three: NA, EU and FE.",
                todo="Give the region of the marketplace: NA for the Americas, EU for Europe, the Middle East and India, FE for Japan, Australia and Singapore.",
                region=region,
            )
        return cls(HOSTS[region.upper()])


@dataclass(frozen=True, slots=True)
class Credentials:
    """What one account's private application needs: the seller's id (merchant token), the application's id and secret, the seller's refresh token."""

    seller_id: str | None
    client_id: str
    client_secret: Secret
    refresh_token: Secret
