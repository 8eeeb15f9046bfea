"""Observe: look at one marketplace of one account, as far as Amazon shows it now. Nothing is changed there.

First the reports that are due; then, from what all sources together show, the SKUs that are stranded or
may be; then Amazon is asked about those alone. Between reports only the listings that changed are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from refloat.loop import details, reports
from refloat.loop.details import Suspect
from refloat.loop.reports import Place

#: What all sources on record together make suspect; asked anew after each step.
Suspects = Callable[[], Sequence[Suspect]]


@dataclass(frozen=True)
class Looked:
    """What one pass brought: the reports that came, and how many answers about SKUs, ASINs and changes."""

    reports: tuple[str, ...]
    answers: int
    changes: int


def observe(place: Place, suspects: Suspects) -> Looked:
    """One pass. It may be killed at any moment and begun again: what is on record is not asked for twice."""
    came = reports.fetch(place)
    changes = () if came else details.changed(place)
    doubtful = suspects()
    answered = details.ask(place, doubtful if came else _changed_among(doubtful, {answer.key for answer in changes}))
    return Looked(tuple(came), answered, len(changes))


def _changed_among(doubtful: Sequence[Suspect], changed: set[str]) -> list[Suspect]:
    """Between reports only what changed is asked about again."""
    return [suspect for suspect in doubtful if suspect.sku in changed]
