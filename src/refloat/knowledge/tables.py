"""The dated tables: marketplaces, clocks, limits, fees. Each row names its source in its file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """The table ``name`` (``"limits"``, ``"fees/us"``) as its TOML file says it."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One of Amazon's marketplaces; ``pool`` names the stock that it shares with others.

    ``channel``: the code of fulfilment by Amazon there, as certain as ``channel_from`` says; ``removal_area``: countries
    to which units may be returned.
    """

    code: str
    id: str
    currency: str
    timezone: str
    region: str
    pool: str
    date_order: str
    decimal_point: str
    site: str
    channel: str
    channel_from: str
    removal_area: list[str]
    #: The host of its pages for sellers.
    seller_central: str
    liquidations: bool = False


@cache
def marketplaces() -> dict[str, Marketplace]:
    """Every marketplace by its two-letter code."""
    return {code: Marketplace(code=code, **row) for code, row in table("marketplaces").items()}


@cache
def _marketplace_names() -> dict[str, str]:
    names = {"GB": "UK"}
    for place in marketplaces().values():
        names |= {place.code: place.code, place.id: place.code, place.site.upper(): place.code, f"WWW.{place.site.upper()}": place.code}
    return names


def marketplace_code(text: str | None) -> str | None:
    """The two-letter code for a code, an id or a site's name; None when it is none of them.

    >>> marketplace_code("ATVPDKIKX0DER"), marketplace_code("gb"), marketplace_code("AMAZON_EU")
    ('US', 'UK', None)
    """
    return _marketplace_names().get((text or "").strip().upper())


def pool_of(marketplace: str) -> str:
    """Whose units these are: those of one pool are the same goods in each of its marketplaces.

    >>> pool_of("DE") == pool_of("FR"), pool_of("US") == pool_of("DE")
    (True, False)
    """
    place = marketplaces().get(marketplace)
    return place.pool if place else marketplace


def clock_days(name: str | None) -> int | None:
    """Days of the clock ``name``; None for an exempt reason."""
    days: int | None = table("clocks")[name or "unlisted"].get("days")
    return days
