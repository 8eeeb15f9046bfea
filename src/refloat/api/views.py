"""Views that a person saved: a question to the table under a name of their own."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from refloat.api.callers import Request
from refloat.api.doors import read, write
from refloat.api.kinds import Asked, Name, Number, Told
from refloat.api.problems import Problem
from refloat.api.words import say
from refloat.app import served


class View(Told):
    """A view and its question."""

    id: int
    name: str
    address: Annotated[str, Field(description="The filters as a query string, as the page /strandings/ takes them.")]


class Views(Told):
    """Yours, by name."""

    items: list[View]


class ViewWanted(Asked):
    """A view to keep; one of that name is replaced."""

    name: Name
    address: Annotated[str, Field(max_length=2000, pattern=r"^[\x21-\x7e]*$", description="A query string: cause=listing-closed&due=7")]


@read("/views", Views, say("Your saved views"), tag="you")
def list_views(request: Request) -> Any:
    """Nobody else sees them."""
    return {"items": served.store().views.of(request.auth.access.id)}


@write("/views", View, say("Keep a view under a name"), tag="you", scope="plan")
def save_view(request: Request, body: ViewWanted) -> Any:
    """What the table does not understand in it is left out when it is opened."""
    own, name = served.store().views, body.name.strip()[:80]
    own.save(request.auth.access.id, name, body.address.removeprefix("?"), served.clock().now())
    return next(one for one in own.of(request.auth.access.id) if one.name == name)


@write("/views/{view_id}/forget", Views, say("Forget a view"), tag="you", scope="plan")
def forget_view(request: Request, view_id: Number) -> Any:
    """Those that are left."""
    own, person = served.store().views, request.auth.access.id
    if not any(one.id == view_id for one in own.of(person)):
        raise Problem("not-there")
    own.delete(person, view_id)
    return {"items": own.of(person)}
