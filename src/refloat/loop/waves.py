"""Waves: the first action of each remedy, then 25, then the rest, so that a mistake costs one and not all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from refloat.knowledge.tables import table
from refloat.model.plan import Action


def waves(actions: Sequence[Action], *, canary: bool = True) -> list[list[Action]]:
    """The actions in waves, each in the plan's order; one wave without a canary."""
    sizes = table("curing")["canary"]["sizes"] if canary else []
    ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
    found: list[list[Action]] = [[] for _ in range(len(sizes) + 1)]
    seen: Counter[tuple[str, str]] = Counter()
    for action in actions:
        rank = seen[action.marketplace, action.remedy]
        seen[action.marketplace, action.remedy] += 1
        found[next((number for number, end in enumerate(ends) if rank < end), len(ends))].append(action)
    return [wave for wave in found if wave]
