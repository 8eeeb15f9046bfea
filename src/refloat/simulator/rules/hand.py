"""What only a person can do in Seller Central: appeals, approvals, documents, support."""

from __future__ import annotations

from refloat.simulator.world import World


def done(world: World, seller_id: str, marketplace_id: str, act: str, sku: str, **details: str) -> str:  # noqa: ARG001
    """Let the seller do ``act`` by hand for the SKU, and say what Amazon answers at once.

    Raises:
        KeyError: there is no such act.
    """
    raise KeyError(act)
