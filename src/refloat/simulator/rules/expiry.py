"""Dates pass: units whose printed date has come can no longer be sold."""

from __future__ import annotations

from refloat.simulator.nouns.stock import Stock
from refloat.simulator.world import World


def daily(world: World) -> None:
    """Let what expires today expire."""
    today = world.now.date()
    for stock in world.stocks.values():
        if stock.expires_on is not None and stock.expires_on <= today and stock.fulfillable:
            expire(world, stock)


def expire(world: World, stock: Stock) -> None:
    """The sellable units turn unsellable; they stay where they are."""
    world.note("expired", stock.seller_id, stock.pool, repr(stock.sku), stock.fulfillable)
    stock.unfulfillable["expired"] = stock.unfulfillable.get("expired", 0) + stock.fulfillable
    stock.fulfillable = 0
