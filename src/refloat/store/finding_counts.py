"""How many are open of each kind: from counts that each look leaves behind, the smallest that know the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from refloat.store.finding_days import day_in_sql
from refloat.store.finding_rows import AGE_DAYS, BY_ONE_VALUE, DUE_DAYS, FACETS, FILTERS, Asked, Days, Facet
from refloat.store.sql import among, amount, answers, marks

#: What the sums are not told apart by; whatever is asked of these, the counts know.
_NOT_SUMMED = ("cause", "recommended", "remedy", "standing", "age")
#: Dimension → its column, where it is another.
_COLUMNS = {"account": "account_id"}
_IN_ORDER = {"due", "age", "held"}


def counted(asked: Asked, today: Days) -> bool:
    """Do counts know how many fit? Of deadlines, ages and holds only on the day on which they were made."""
    if asked.beyond_counts:
        return False
    return (asked.due is None and asked.age is None and asked.held is None) or not of_another_day(asked, today)


def of_another_day(asked: Asked, today: Days) -> bool:
    """Was one of the counts made on another day than it is there now?"""
    where, values = _where(Asked(accounts=asked.accounts, marketplaces=asked.marketplaces))
    day, days = day_in_sql("c.marketplace", today)
    return bool(answers(f"SELECT 1 FROM store_findingsum c WHERE {where} AND c.counted_on <> {day} LIMIT 1", [*values, *days]))  # noqa: S608 - names of our own, here and below


def nothing(asked: Asked, today: Days) -> bool:
    """Do counts know that nothing fits?"""
    return replace(asked, sort="urgency") != Asked() and counted(asked, today) and not fitting(asked)


def fitting(asked: Asked) -> int:
    """How many fit."""
    where, values = _where(asked)
    return int(answers(f"SELECT SUM(skus) FROM {_table(asked)} c WHERE {where}", values)[0][0] or 0)  # noqa: S608


def totals(asked: Asked) -> tuple[int, int | None, dict[str | None, Decimal]]:
    """(SKUs, units, currency → worth) of what fits; pools count once, unknown is left out."""
    where, values = _where(asked)
    units: int | None = None
    skus, worth = 0, dict[str | None, Decimal]()
    for currency, many, pieces, whole in answers(f"SELECT currency, SUM(skus), SUM(units), SUM(worth) FROM {_table(asked)} c WHERE {where} GROUP BY currency", values):  # noqa: S608
        skus += int(many)
        units = units if pieces is None else (units or 0) + int(pieces)
        if (known := amount(whole)) is not None:
            worth[currency] = known
    return skus, units, worth


def counted_on(asked: Asked) -> date | None:
    """The earliest day on which one of the counts was made; None where nothing is counted."""
    where, values = _where(replace(asked, text=""))
    found: date | str | None = answers(f"SELECT MIN(counted_on) FROM {_table(asked)} c WHERE {where}", values)[0][0]  # noqa: S608
    # What SQLite reckons has no kind: a day comes back as its text.
    return date.fromisoformat(found) if isinstance(found, str) else found


def facets(asked: Asked, dimensions: Sequence[str] = FACETS) -> dict[str, tuple[Facet, ...]]:
    """Dimension → its values with how many fit, the most first; ``due`` and ``age`` by band, in order."""
    alone = [name for name in dimensions if (name in BY_ONE_VALUE or name in _PLACES) and _bare(without(asked, name))]
    told = {name: _ordered(name, found) for name, found in _by_one_value(asked, alone).items()}
    for name in dimensions:
        if name not in told:
            told[name] = _ordered(name, _together(without(asked, name), name))
    return {name: told[name] for name in dimensions}


_OF_FACET: dict[str, dict[str, Any]] = {
    "account": {}, "marketplace": {"marketplaces": ()}, "cause": {"causes": ()}, "recommended": {"recommended": ()}, "remedy": {"remedies": ()},
    "standing": {"standings": ()}, "safety": {"safeties": ()}, "due": {"due": None}, "age": {"age": None}, "held": {"held": None},
}  # fmt: skip


def without(asked: Asked, facet: str) -> Asked:
    """The question without its own filter: what one could choose instead. Whose accounts one sees stays."""
    return replace(asked, **_OF_FACET[facet])


def _table(asked: Asked, dimension: str = "") -> str:
    wanted = {FILTERS[name] for name in FILTERS if getattr(asked, name)} | {dimension} | ({"age"} if asked.age is not None else set())
    return "store_findingcount" if wanted.intersection(_NOT_SUMMED) else "store_findingsum"


def _where(asked: Asked) -> tuple[str, list[Any]]:
    found = list(parts(asked))
    return " AND ".join(part for part, _ in found) or "1=1", [value for _, values in found for value in values]


def parts(asked: Asked) -> Iterator[tuple[str, Sequence[Any]]]:
    """Conditions on a table ``c`` of counts, and their values."""
    if asked.accounts is not None:
        named = f"c.account_id IN (SELECT id FROM store_account WHERE name IN ({marks(asked.accounts)}))"  # noqa: S608 - placeholders
        yield (named, asked.accounts) if asked.accounts else ("1=0", ())
    for name, column in FILTERS.items():
        if values := getattr(asked, name):
            yield among(f"c.{column}", values)
    if asked.due is not None:
        yield "c.due <= %s", (DUE_DAYS.index(asked.due),)
    if asked.age is not None:
        yield "c.age > %s AND c.age <= %s", (AGE_DAYS.index(asked.age), len(AGE_DAYS))
    if asked.held is not None:
        yield "c.held = %s", (asked.held,)


#: Dimensions that every count has.
_PLACES = ("account", "marketplace")


def _bare(asked: Asked) -> bool:
    """Nothing is asked but whose, and where."""
    return replace(asked, accounts=None, marketplaces=(), sort="urgency") == Asked()


def _by_one_value(asked: Asked, names: Sequence[str]) -> dict[str, list[tuple[Any, int]]]:
    """Of a page without other filters: every dimension's counts in one question."""
    told: dict[str, list[tuple[Any, int]]] = {name: [] for name in names}
    if wanted := [name for name in _PLACES if name in told]:
        told |= _places(asked, wanted)
    if dimensions := [name for name in names if name not in _PLACES]:
        where, values = _where(Asked(accounts=asked.accounts, marketplaces=asked.marketplaces))
        text = f"SELECT dimension, value, SUM(skus) FROM store_findingfacet c WHERE dimension IN ({marks(dimensions)}) AND {where} GROUP BY dimension, value"  # noqa: S608
        for name, value, many in answers(text, [*dimensions, *values]):
            told[name].append((int(value) if name in {"due", "age"} else value == "1" if name == "held" else value, int(many)))
    return told


def _places(asked: Asked, names: Sequence[str]) -> dict[str, list[tuple[Any, int]]]:
    where, values = _where(Asked(accounts=asked.accounts))
    text = f"SELECT a.name, c.marketplace, SUM(c.skus) FROM store_findingsum c JOIN store_account a ON a.id = c.account_id WHERE {where} GROUP BY a.name, c.marketplace"  # noqa: S608
    sums: dict[str, dict[str, int]] = {name: {} for name in names}
    for account, marketplace, many in answers(text, values):
        # A choice of one marketplace narrows the accounts, and not itself.
        if "account" in sums and (not asked.marketplaces or marketplace in asked.marketplaces):
            sums["account"][account] = sums["account"].get(account, 0) + int(many)
        if "marketplace" in sums:
            sums["marketplace"][marketplace] = sums["marketplace"].get(marketplace, 0) + int(many)
    return {name: list(found.items()) for name, found in sums.items()}


def _together(asked: Asked, name: str) -> list[tuple[Any, int]]:
    where, values = _where(asked)
    column = _COLUMNS.get(name, name)
    text = f"SELECT c.{column}, SUM(c.skus) FROM {_table(asked, name)} c WHERE {where} GROUP BY c.{column}"  # noqa: S608
    if name == "account":
        text = f"SELECT a.name, n.many FROM ({text.replace('SUM(c.skus)', 'SUM(c.skus) AS many')}) n JOIN store_account a ON a.id = n.account_id"  # noqa: S608
    return [(bool(value) if name == "held" else value, int(many)) for value, many in answers(text, values)]


def _ordered(name: str, found: list[tuple[Any, int]]) -> tuple[Facet, ...]:
    """Bands in their order, names by how many they are."""
    rows = sorted(found, key=(lambda one: one[0]) if name in _IN_ORDER else (lambda one: (-one[1], str(one[0]))))
    return tuple(Facet(value, many) for value, many in rows)
