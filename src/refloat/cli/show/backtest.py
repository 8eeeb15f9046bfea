"""How a back-test looks on a screen: a row a strategy, the targets, and where the unit days were lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rich.table import Table

from refloat.insight.backtest import AMAZON, CLAIRVOYANT, FRESH, RECOMMENDED, WEEKLY, WITH_PEOPLE, Played, Row, Target, dearest, rows, targets
from refloat.wording.labels import Say


def strategy_labels(_: Say) -> dict[str, str]:
    """What each strategy is called."""
    return {
        AMAZON: _("Amazon’s defaults alone"),
        WEEKLY: _("The weekly routine, by hand"),
        FRESH: _("Refloat, fresh: a person approves all"),
        RECOMMENDED: _("Refloat, recommended policy"),
        WITH_PEOPLE: _("Bound: at once, people as they work"),
        CLAIRVOYANT: _("Bound: everything at once"),
    }


def target_labels(_: Say) -> dict[str, str]:
    """What each target asks for."""
    return {
        "of-clairvoyant": _("unit days beside the bound where everything happens at once, at most"),
        "of-people": _("unit days beside the bound with people as they work, at most"),
        "better-than-amazon": _("times fewer unit days than by Amazon’s defaults, at least"),
        "disposed-unasked": _("units disposed of unasked, at most"),
        "wrong-offers": _("offers live that were meant to be closed, at most"),
    }


def table_of(found: Sequence[Row], _: Say) -> Table:
    """A row a strategy."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Strategy"), no_wrap=True)
    for name in (_("Unit days stranded"), _("× bound"), _("× with people"), _("Disposed of unasked"), _("Wrong offers"), _("Sold wrongly"), _("Fees"), _("Calls"), _("Acts by people")):
        table.add_column(name, justify="right", overflow="fold")
    labels = strategy_labels(_)
    for row in found:
        table.add_row(labels.get(row.strategy, row.strategy), *cells(row))
    return table


def cells(row: Row) -> Iterator[str]:
    """The figures of a row, as they are shown."""
    yield f"{row.stranded_unit_days:,.0f}"
    yield from ("–" if share is None else f"{share:,.2f}" for share in (row.of_clairvoyant, row.of_people))
    yield from (f"{count:,}" for count in (row.units_disposed_unasked, row.wrong_offers, row.units_sold_wrongly))
    yield ", ".join(f"{amount:,.0f} {currency}" for currency, amount in _by_currency(row.fees))
    yield from (f"{count:,}" for count in (row.calls, row.people_acts))


def target_lines(found: Sequence[Target], _: Say) -> Iterator[str]:
    """A line a target of the recommended policy."""
    labels = target_labels(_)
    for one in found:
        word = _("not played") if one.met is None else _("met") if one.met else _("missed")
        reached = "–" if one.reached is None else f"{one.reached:,.2f}"
        yield _("{word}: {reached} {what} {wanted:g}").format(word=word, reached=reached, what=labels[one.name], wanted=one.wanted)


def report(played: Sequence[Played], _: Say) -> Iterator[Table | str]:
    """All of it, in order."""
    yield table_of(rows(played), _)
    yield ""
    yield from target_lines(targets(played), _)
    lost = dearest(played, RECOMMENDED, WITH_PEOPLE) if {RECOMMENDED, WITH_PEOPLE} <= {one.strategy for one in played} else []
    if lost:
        yield ""
        yield _("Where the recommended policy loses unit days beside the bound with people (its own, the bound’s):")
        yield from (f"  {kind}: {own:,.1f}, {bound:,.1f}" for kind, own, bound in lost if own > bound)


def _by_currency(fees: Mapping[str, Decimal]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = {}
    for kind, amount in fees.items():
        currency = kind.rpartition(" ")[2]
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return sorted(sums.items())
