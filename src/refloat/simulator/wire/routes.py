"""The table between paths and handlers: every operation that the simulator plays."""

from __future__ import annotations

from refloat.simulator.wire import definitions, eligibility, feeds, inventory, listings, reports, restrictions, sellers, subscribing
from refloat.simulator.wire.speech import Route

ROUTES: tuple[Route, ...] = (
    *sellers.ROUTES,
    *listings.ROUTES,
    *restrictions.ROUTES,
    *definitions.ROUTES,
    *feeds.ROUTES,
    *reports.ROUTES,
    *inventory.ROUTES,
    *eligibility.ROUTES,
    *subscribing.ROUTES,
)


def route_of(method: str, raw_path: str) -> tuple[Route, dict[str, str]] | None:
    """The operation behind a path that is still quoted (a SKU may hold a quoted slash), and its parts."""
    for route in ROUTES:
        if route.method == method and (parts := route.parts(raw_path)) is not None:
            return route, parts
    return None
