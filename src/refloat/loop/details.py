"""What Amazon says of single SKUs: asked only for what is stranded, or may be, and side by side.

Each operation has its own rate, so each has lanes of its own. An answer that fails costs itself alone;
one that says that no call of its kind can succeed ends its kind, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.loop.lanes import side_by_side
from refloat.loop.reports import SOURCES, Place
from refloat.model import answers
from refloat.model.ports import Answer, Line

#: getInventorySummaries takes so many SKUs at once.
_SKUS_A_CALL = 50


@dataclass(frozen=True)
class Suspect:
    """A SKU to ask about; ``eligibility`` where dangerous goods or the channel are in question (the slowest call of all)."""

    sku: str
    asin: str | None
    condition: str | None
    eligibility: bool = False


@dataclass
class _Kind:
    """One kind of question, what went wrong with it, and whether to stop asking."""

    name: str
    troubles: list[AmazonError] = field(default_factory=list)

    @property
    def hopeless(self) -> bool:
        """The last error was one that every further call would meet as well."""
        return bool(self.troubles) and self.troubles[-1].code in {"credential-wrong", "role-missing", "account-not-normal", "marketplace-not-yours"}

    def job(self, ask: Callable[[], Sequence[Answer]]) -> Callable[[], list[Answer]]:
        """A call that keeps its trouble to itself."""

        def asked() -> list[Answer]:
            if self.hopeless:
                return []
            try:
                return list(ask())
            except AmazonError as error:
                self.troubles.append(error)
                return []

        return asked


def ask(place: Place, suspects: Sequence[Suspect], among: Sequence[Suspect] | None = None) -> int:
    """Ask about every suspect and keep the answers, one document a kind; how many answers came.

    ``among``: everything that is suspected, where only some of it is asked about; the answers about the rest stay.
    """
    kinds = {name: _Kind(name) for name in answers.KINDS}
    queues = [[kind.job(call) for call in calls] for kind, calls in zip(kinds.values(), _calls(place, suspects), strict=True)]
    came = side_by_side(place.clock, *queues)
    for kind, queue, results in zip(kinds.values(), queues, came, strict=True):
        if queue:
            _keep(place, kind, [answer for result in results for answer in result], len(queue), suspects if among is None else among)
    return sum(len(result) for results in came for result in results)


def _calls(place: Place, suspects: Sequence[Suspect]) -> list[list[Callable[[], Sequence[Answer]]]]:
    """The calls of each kind, in the order of ``answers.KINDS``: listings, inventory, restrictions, eligibility."""
    line, market = place.line, place.marketplace
    skus = [suspect.sku for suspect in suspects]
    offers = {answers.of_condition(suspect.asin, suspect.condition): suspect for suspect in suspects if suspect.asin}
    doubtful = sorted({suspect.asin for suspect in suspects if suspect.asin and suspect.eligibility})
    return [
        [partial(_one, line.listing, sku, market) for sku in skus],
        [partial(line.inventory, skus[at : at + _SKUS_A_CALL], market) for at in range(0, len(skus), _SKUS_A_CALL)],
        [partial(_restrictions, line, market, key, suspect) for key, suspect in sorted(offers.items())],
        [partial(_one, line.eligibility, asin, market) for asin in doubtful],
    ]


def _one(call: Callable[..., Answer], *words: str | None) -> list[Answer]:
    return [call(*words)]


def _restrictions(line: Line, market: str, key: str, suspect: Suspect) -> list[Answer]:
    """May the ASIN be listed in the suspect's condition? New may be allowed where Used is not."""
    return [replace(line.restrictions(suspect.asin or "", market, suspect.condition), key=key)]


def _keep(place: Place, kind: _Kind, came: list[Answer], calls: int, suspects: Sequence[Suspect]) -> None:
    """The answers of now over those on record, for what is still suspected; an answer that failed leaves the older one."""
    now, last = place.clock.now(), kind.troubles[-1] if kind.troubles else None
    trouble = None if last is None else (last.code, f"{len(kind.troubles)} of {calls} calls failed; the last: {last}")
    if came or trouble is None:
        place.record.keep(kind.name, answers.written(kind.name, _still(place, kind.name, came, suspects)), at=now, trouble=trouble)
    else:
        place.record.failed(kind.name, *trouble, now)


def _still(place: Place, kind: str, came: Iterable[Answer], suspects: Sequence[Suspect]) -> list[Answer]:
    wanted = {_key(kind, suspect) for suspect in suspects}
    before = place.record.content(kind)
    older = [answer for answer in answers.read(before) if answer.key in wanted] if before else []
    return answers.merged(older, came)


def _key(kind: str, suspect: Suspect) -> str | None:
    """By what the answers of the kind are told apart."""
    if kind == "restriction-answers":
        return answers.of_condition(suspect.asin, suspect.condition) if suspect.asin else None
    return suspect.sku if answers.KINDS[kind] == "sku" else suspect.asin


#: Every look at what changed is a snapshot too; what it brought is also laid beside the other answers.
CHANGES = "listing-changes"
#: When everything suspect was asked about; nothing is kept under it.
DETAILS = "details"


def not_yet_asked(place: Place) -> tuple[str, ...]:
    """The reports that came since everything suspect was asked about: of this pass, and of one that was killed in between or did not wait."""
    last = place.record.looked_at(DETAILS)
    moments = {source: place.record.read_at(source) for source in SOURCES}
    return tuple(source for source, at in moments.items() if at is not None and (last is None or at > last))


def changed(place: Place) -> list[Answer]:
    """The listings that changed since they were last looked at, kept beside what is on record; nothing else is dropped."""
    now, kind = place.clock.now(), "listing-answers"
    last = place.record.read_at(CHANGES) or place.record.read_at("listings-all") or now
    try:
        came = list(place.line.changed_listings(place.marketplace, last - timedelta(seconds=table("observing")["changes"]["overlap_seconds"])))
    except AmazonError as error:
        place.record.failed(CHANGES, error.code, str(error), now)
        return []
    _keep_beside(place, came)
    place.record.keep(CHANGES, answers.written(kind, came), at=now)
    return came


def noticed(place: Place, skus: Iterable[str]) -> list[Answer]:
    """The listings of SKUs of which Amazon pushed a notice, as they are now, kept beside what is on record."""
    kind = _Kind("listing-answers")
    (came,) = side_by_side(place.clock, [kind.job(partial(_one, place.line.listing, sku, place.marketplace)) for sku in sorted(skus)])
    found = [answer for result in came for answer in result]
    trouble = (kind.troubles[-1].code, str(kind.troubles[-1])) if kind.troubles else None
    _keep_beside(place, found, trouble)
    if trouble and not found:
        place.record.failed(kind.name, *trouble, place.clock.now())
    return found


def overtaken(place: Place) -> None:
    """Everything suspect was asked about anew, so nothing is missed where the last look at changes failed."""
    for source in (CHANGES, DETAILS):
        place.record.looked(source, place.clock.now())


def _keep_beside(place: Place, came: Sequence[Answer], trouble: tuple[str, str] | None = None) -> None:
    before = place.record.content("listing-answers")
    if came:
        both = answers.merged(answers.read(before) if before else [], came)
        place.record.keep("listing-answers", answers.written("listing-answers", both), at=place.clock.now(), trouble=trouble)
