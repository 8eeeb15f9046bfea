"""Lots: how old the units of a stock are. First in, first out."""

from __future__ import annotations

from datetime import date

from refloat.simulator.nouns.stock import Lot, Stock


def arrived(stock: Stock, on: date, units: int) -> None:
    """Units came in."""
    if units > 0:
        stock.lots.append(Lot(on, units))


def settle(stock: Stock) -> None:
    """Let the oldest units be the ones that left since: the lots then hold exactly what is on hand or waits for its removal."""
    over = sum(lot.units for lot in stock.lots) - stock.on_hand - stock.in_removal
    while over > 0 and stock.lots:
        gone = min(over, stock.lots[0].units)
        stock.lots[0].units -= gone
        over -= gone
        if not stock.lots[0].units:
            stock.lots.pop(0)
    if over < 0:
        # Units that somebody found: as old as the newest lot is all that can be said.
        stock.lots.append(Lot(stock.lots[-1].received_on if stock.lots else date(2026, 1, 1), -over))


def by_age(stock: Stock, today: date) -> list[tuple[int, int]]:
    """(days, units), oldest first, of what is on hand or waits for its removal."""
    settle(stock)
    return [((today - lot.received_on).days, lot.units) for lot in stock.lots]
