"""What carrying out a plan needs of the world: one account's lines, its ledger, the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TypeVar

from refloat.loop.lanes import side_by_side
from refloat.model.plan import Action
from refloat.model.ports import Answer, Clock, Ledger, Line, Writer

Each = TypeVar("Each")
#: searchListingsItems takes so many SKUs at once.
_SKUS_A_CALL = 20
#: So many lines of a search are asked for before the answers are looked at: a listing may be large.
_LISTINGS_AT_ONCE = 2000


@dataclass(frozen=True)
class Hand:
    """The hand that writes, for one account."""

    line: Line
    writer: Writer
    ledger: Ledger
    clock: Clock

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock.now()


def by_marketplace(actions: Iterable[Action]) -> Iterator[tuple[str, list[Action]]]:
    """The actions of each marketplace, in their order."""
    for place, own in groupby(sorted(actions, key=lambda action: action.marketplace), key=lambda action: action.marketplace):
        yield place, list(own)


def pieces(whole: Sequence[Each], size: int) -> Iterator[Sequence[Each]]:
    """The sequence, cut into pieces of at most ``size``."""
    return (whole[at : at + size] for at in range(0, len(whole), size))


def listings_now(hand: Hand, actions: Sequence[Action]) -> Iterator[tuple[Action, Answer]]:
    """Each action with Amazon's answer about its listing at this moment; some thousand at a time, so that memory stays small."""
    for place, own in by_marketplace(actions):
        for some in pieces(own, _LISTINGS_AT_ONCE):
            calls = [partial(hand.writer.listings, [action.sku for action in few], place) for few in pieces(some, _SKUS_A_CALL)]
            (came,) = side_by_side(hand.clock, calls)
            answers = {answer.key: answer for result in came for answer in result}
            yield from ((action, answers[action.sku]) for action in some if action.sku in answers)
