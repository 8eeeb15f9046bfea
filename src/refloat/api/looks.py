"""Looks at Amazon: asked for now, and how each ended."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from refloat.api.callers import Request
from refloat.api.doors import Made, read, write
from refloat.api.kinds import Asked, Number, Place, Text, Told
from refloat.api.problems import Problem
from refloat.api.words import say
from refloat.app import served
from refloat.store.looks import LookRow


class LookWanted(Asked):
    """At which account, and which of its marketplaces; none named: all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"account": "harbour", "marketplaces": ["DE", "FR"]}]})
    account: Text
    marketplaces: Annotated[list[Place], Field(default_factory=list, max_length=30)]


class Look(Told):
    """One look."""

    id: int
    account: str
    marketplaces: list[str]
    by: str
    at: datetime
    ended_at: datetime | None
    how: Annotated[str | None, Field(description="done, failed or broken-off; null: it has not ended.")]
    told: Annotated[dict[str, Any], Field(description="What it found for each marketplace, or why it failed.")]


def _of(row: LookRow | None, request: Request) -> dict[str, Any]:
    if row is None or not request.auth.sees(row.account):
        raise Problem("not-there")
    return {name: getattr(row, name) for name in Look.model_fields} | {"marketplaces": list(row.marketplaces)}


@write("/looks", Look, say("Look at Amazon now"), tag="looks", scope="plan", code=202)
def begin_look(request: Request, body: LookWanted) -> Any:
    """Orders reports and asks about what is suspect, within Amazon's rates; nothing is changed at Amazon. “Location” tells how it goes."""
    from refloat.app import looks

    request.auth.need_role("operator", body.account)
    number = looks.begin_look(served.store(), body.account, body.marketplaces, request.auth.access.name, served.own_clock)
    return Made(_of(served.store().looks.one(number), request), f"/api/v1/looks/{number}")


@read("/looks/{look_id}", Look, say("How a look goes, or went"), tag="looks")
def get_look(request: Request, look_id: Number) -> Any:
    """Ask again until “how” says something."""
    return _of(served.store().looks.one(look_id), request)
