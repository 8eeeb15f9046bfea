"""An account as it is shown: its marketplaces, its sources, and how old its client secret is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from refloat.app.accounts import SECRET_DAYS, Listed
from refloat.model.alarm import ACCOUNT_SOURCE
from refloat.store import SourceRow


def as_json(found: Listed) -> dict[str, Any]:
    """The account as an object; times are ISO 8601 in UTC."""
    account = found.account
    return {
        "name": account.name,
        "region": account.region,
        "seller_id": account.seller_id,
        "api_url": account.api_url,
        "token_url": account.token_url,
        "added_at": account.added_at,
        "rotated_at": account.rotated_at,
        "client_secret": {"issued_on": account.secret_issued_on, "age_days": found.secret_days, "age_is_least": account.secret_issued_on is None, "rotate_soon": found.secret_due},
        "marketplaces": [asdict(place) for place in found.places],
        "sources": [asdict(source) for source in found.sources],
    }


def lines(found: Listed, say: Callable[[str], str]) -> Iterator[str]:
    """The account in a few lines of text."""
    account = found.account
    places = " ".join(place.marketplace for place in found.places if place.participates) or say("marketplaces unknown: refloat accounts check {name}").format(name=account.name)
    yield f"{account.name}  {account.region}  {places}"
    age = say("client secret {days} days old") if account.secret_issued_on else say("client secret at least {days} days old")
    yield f"    {age.format(days=found.secret_days)}"
    if found.secret_due:
        yield "    " + say("Amazon wants a new one every {days} days: refloat accounts rotate {name}").format(days=SECRET_DAYS, name=account.name)
    for source in found.sources:
        if source.source == ACCOUNT_SOURCE and source.trouble_code is None:
            continue  # the account as a whole is no source of its own; only its trouble is shown
        yield f"    {source.marketplace}  {source.source}  {_observed(source, say)}"


def _observed(source: SourceRow, say: Callable[[str], str]) -> str:
    good = say("observed {at}").format(at=_shown(source.last_good_at)) if source.last_good_at else say("never observed")
    if source.trouble_code is None:
        return good
    return good + "  " + say("unknown since {at}: {code}").format(at=_shown(source.troubled_since), code=source.trouble_code)


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "?"
