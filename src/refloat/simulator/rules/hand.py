"""What only a person can do in Seller Central: appeals, approvals, documents, support.

Each act opens a case. Amazon answers at once that it has come, and decides after its wait: appeals and support 48 hours,
approvals and abuse 72 hours, documents and dangerous goods 4 business days, categories 24 hours (the waits of Amazon's help
pages and of FBA Inbound Eligibility, code FBA_INB_0009). A case is refused when the documents it needs are not named, when
there is nothing to decide, or by ``by_hand_refused_share``. What a won case changes is in ``rules.support``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from refloat.simulator.nouns.catalogue import Ground
from refloat.simulator.nouns.seller import Approval
from refloat.simulator.rules import support
from refloat.simulator.rules.barriers import Case, case_of
from refloat.simulator.rules.reasons import barrier
from refloat.simulator.world import World

#: Documents without which leave to sell is never given.
APPROVAL_NEEDS = frozenset({"invoice"})
DANGEROUS_GOODS_NEEDS = frozenset({"safety-data-sheet"})
_DECIDED = "hand-decided"


@dataclass
class HandCase:
    """One case of the seller's. ``outcome`` is None while Amazon looks at it."""

    id: str
    seller_id: str
    marketplace_id: str
    act: str
    sku: str
    documents: tuple[str, ...]
    opened_at: datetime
    due_at: datetime
    outcome: Literal["granted", "refused"] | None = None
    answer: str = ""


def done(world: World, seller_id: str, marketplace_id: str, act: str, sku: str, **details: str | Iterable[str]) -> str:
    """Let the seller do ``act`` by hand for the SKU, and say what Amazon answers at once.

    ``documents`` names what is handed in: words with commas between, or a list of them.

    Raises:
        KeyError: there is no such act.
    """
    wait, _ = _ACTS[act]
    world.happenings[_DECIDED] = _decided
    named = details.get("documents", "")
    documents = tuple(sorted(name.strip() for name in (named.split(",") if isinstance(named, str) else named) if name.strip()))
    case = HandCase(world.identity("case", 11), seller_id, marketplace_id, act, sku, documents, world.now, wait(world.now))
    cases(world)[case.id] = case
    world.note("hand", act, seller_id, marketplace_id, repr(sku), case.id, ",".join(documents))
    world.at(case.due_at, _DECIDED, case.id)
    return f"Case {case.id}: we have received your request and will answer by {case.due_at.date().isoformat()}."


def cases(world: World) -> dict[str, HandCase]:
    """The case log: every case by its id, oldest first."""
    room: dict[str, HandCase] = world.rooms.setdefault("hand", {})
    return room


def _decided(world: World, number: str) -> None:
    opened = cases(world)[number]
    case = case_of(world, opened.seller_id, opened.marketplace_id, opened.sku)
    answer = _by_chance(world, opened) or _ACTS[opened.act][1](case, frozenset(opened.documents))
    opened.outcome, opened.answer = ("refused", answer) if answer else ("granted", "Your request was granted.")
    world.note("hand-decided", number, opened.outcome, opened.answer)


def _by_chance(world: World, opened: HandCase) -> str:
    share = world.switches.by_hand_refused_share
    return "We looked at your request and keep our decision." if share and world.random("hand", opened.id).random() < share else ""


# What is decided: each gives why it is refused, or nothing


def _appeal(case: Case, documents: frozenset[str]) -> str:
    return _reinstated(case, documents, "block", "restricted-products")


def _documents(case: Case, documents: frozenset[str]) -> str:
    return _reinstated(case, documents, "food-safety", "product-safety", "recall")


def _reinstated(case: Case, documents: frozenset[str], *grounds: Ground) -> str:
    enforcement = case.entry.enforced(case.seller.id, *grounds) if case.entry else None
    if enforcement is None:
        return "There is nothing to decide for this product."
    if missing := sorted(enforcement.needs - documents):
        return f"These documents are missing: {', '.join(missing)}."
    support.lift(case, enforcement)
    return ""


def _approval(case: Case, documents: frozenset[str]) -> str:
    if case.entry is None or not case.entry.gated:
        return "No approval is open for this product."
    if missing := sorted(APPROVAL_NEEDS - documents):
        return f"These documents are missing: {', '.join(missing)}."
    values: dict[Literal["brand", "category", "item"], str] = {"brand": case.entry.brand, "category": case.entry.category, "item": case.entry.asin}
    for kind, value in values.items():
        if kind in case.entry.gated and case.seller.approved_at(kind, value) is None:
            case.seller.approvals.append(Approval(kind, value, case.world.now))
    return ""


def _dangers_received(case: Case, documents: frozenset[str]) -> str:
    """Papers end a documents hold or a review; the information itself goes onto the listing."""
    dangers = case.entry.dangerous_goods if case.entry else None
    if dangers is None or not (dangers.information_needed or dangers.documents_needed or dangers.review_until):
        return "This product needs no dangerous goods information."
    if missing := sorted(DANGEROUS_GOODS_NEEDS - documents):
        return f"These documents are missing: {', '.join(missing)}."
    dangers.documents_given_at, dangers.review_until = case.world.now, None
    if dangers.information_needed:
        support.give_danger_attributes(case)
    return ""


def _category(case: Case, _: frozenset[str]) -> str:
    if case.entry is None or case.entry.right_category is None:
        return "The category of this product is right."
    case.entry.category, case.entry.right_category = case.entry.right_category, None
    return ""


def _support(case: Case, documents: frozenset[str]) -> str:
    return support.mended(case, barrier(case), documents)


def _abuse(case: Case, _: frozenset[str]) -> str:
    """Whoever did it may be stopped; the listing does not come back by it."""
    return "" if case.listing is not None and case.listing.deleted_at is not None and case.listing.deleted_by != "seller" else "We found no abuse."


def _hours(count: int) -> Callable[[datetime], datetime]:
    return lambda now: now + timedelta(hours=count)


def business_days(count: int, start: datetime) -> datetime:
    """The moment ``count`` business days later (Saturday and Sunday are none)."""
    moment = start
    while count:
        moment += timedelta(days=1)
        count -= moment.weekday() < 5
    return moment


def _four_business_days(now: datetime) -> datetime:
    return business_days(4, now)


_ACTS: Mapping[str, tuple[Callable[[datetime], datetime], Callable[[Case, frozenset[str]], str]]] = {
    "appeal": (_hours(48), _appeal),
    "request-approval": (_hours(72), _approval),
    "submit-documents": (_four_business_days, _documents),
    "submit-dangerous-goods": (_four_business_days, _dangers_received),
    "change-category": (_hours(24), _category),
    "contact-support": (_hours(48), _support),
    "mend": (_hours(48), _support),
    "report-abuse": (_hours(72), _abuse),
}
ACTS = tuple(_ACTS)
