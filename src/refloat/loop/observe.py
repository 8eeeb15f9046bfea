"""Observe: look at an account as far as Amazon shows it now. Nothing is changed there.

First the reports that are due, of all marketplaces; then, from what all sources together show, the SKUs that
are stranded or may be; then Amazon is asked about those alone. Between reports only the listings that changed
are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from refloat.loop import details, reports
from refloat.loop.details import Suspect
from refloat.loop.reports import Place
from refloat.model.ports import Answer

#: Marketplace → what all sources on record together make suspect there.
Suspects = Callable[[], Mapping[str, Sequence[Suspect]]]


@dataclass(frozen=True)
class Looked:
    """What one pass brought: the reports that came, and how many answers about SKUs, ASINs and changes.

    ``waits_until``: Amazon still makes reports, and nothing was concluded; that is the moment to look again.
    """

    reports: tuple[str, ...]
    answers: int
    changes: int
    waits_until: datetime | None = None


def observe(places: Sequence[Place], suspects: Suspects, noticed: Mapping[str, AbstractSet[str]] | None = None) -> dict[str, Looked]:
    """One pass over some marketplaces of one account. It may be killed at any moment and begun again.

    ``suspects`` is asked once the reports are there: what is stranded in one marketplace may be sold in another.
    ``noticed``: marketplace → SKUs of which Amazon pushed a notice; then only these are looked at.
    """
    brought: Mapping[str, Sequence[str]] = reports.fetch(places) if noticed is None else {place.marketplace: () for place in places}
    waiting = {} if noticed is not None else {place.marketplace: at for place in places if not place.pace.wait and (at := reports.next_look_at(place)) is not None}
    looked = {name: Looked(tuple(brought[name]), 0, 0, at) for name, at in waiting.items()}
    ready = [place for place in places if place.marketplace not in waiting]
    came = {place.marketplace: () if noticed is not None else details.not_yet_asked(place) for place in ready}
    changes = {place.marketplace: () if came[place.marketplace] else _changed(place, noticed) for place in ready}
    doubtful = suspects() if ready else {}
    for place in ready:
        name = place.marketplace
        asked = doubtful.get(name, ()) if came[name] else _changed_among(doubtful.get(name, ()), {answer.key for answer in changes[name]})
        looked[name] = Looked(tuple(brought[name]), details.ask(place, asked, doubtful.get(name, ())), len(changes[name]))
        if came[name]:
            details.overtaken(place)
    return looked


def _changed(place: Place, noticed: Mapping[str, AbstractSet[str]] | None) -> Sequence[Answer]:
    return details.changed(place) if noticed is None else details.noticed(place, noticed.get(place.marketplace, ()))


def _changed_among(doubtful: Sequence[Suspect], changed: set[str]) -> list[Suspect]:
    """Between reports only what changed is asked about again."""
    return [suspect for suspect in doubtful if suspect.sku in changed]
