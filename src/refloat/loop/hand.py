"""What carrying out a plan needs of the world: one account's lines, its ledger, the clock."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Generic, TypeVar

from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.loop.lanes import side_by_side
from refloat.model.plan import Action
from refloat.model.ports import Answer, Clock, Ledger, Line, Writer
from refloat.model.remark import Remark

Each = TypeVar("Each")
#: searchListingsItems takes so many SKUs at once.
_SKUS_A_CALL = 20
#: So many listings are asked for before the answers are looked at: a listing may be large.
LISTINGS_AT_ONCE = 2000


@dataclass(frozen=True)
class Hand:
    """The hand that writes, for one account."""

    line: Line
    writer: Writer
    ledger: Ledger
    clock: Clock
    #: Who hears what the hand is doing, and what it waits for.
    tell: Callable[[Remark], None] = lambda _: None
    #: Does a person want it to go no further? Asked before whatever leaves, and while something is waited for.
    stop: Callable[[], bool] = lambda: False

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock.now()


@dataclass(frozen=True)
class Halt:
    """Why a run goes no further. After a ``surprise`` a person looks first; else what was not sent goes on with the next run."""

    why: Remark
    surprise: bool = True


#: The ids of the actions for which anybody's word speaks at this moment.
Speaking = Callable[[], Collection[str]]


def silent(actions: Sequence[Action], speaking: Speaking | None) -> Halt | None:
    """Why these actions do not leave: the word for some of them has ended while others were carried out, which may take hours. None: they may."""
    if speaking is None or not actions:
        return None
    words = speaking()
    count = sum(action.id not in words for action in actions)
    return Halt(Remark("word-over", {"count": count}), surprise=False) if count else None


#: The remark of a run that a person stopped.
STOPPED = "stopped-by-person"


def stopped(hand: Hand) -> Halt | None:
    """A person wants it to go no further: what is sent is sent, and the rest goes on with the next run. None: nobody does."""
    return Halt(Remark("stopped-by-person"), surprise=False) if hand.stop() else None


def clocks_agree(line: Line) -> bool:
    """Does this machine's clock say what Amazon's says? What is concluded of time gone by, and cannot be undone, needs that; unknown is no."""
    ahead = line.clock_ahead()
    return ahead is not None and abs(ahead) <= timedelta(minutes=table("observing")["waiting"]["clocks_differ_minutes"])


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
        for some in pieces(own, LISTINGS_AT_ONCE):
            came = patiently(hand, [partial(hand.writer.listings, [action.sku for action in few], place) for few in pieces(some, _SKUS_A_CALL)])
            answers = {answer.key: answer for result in came for answer in result}
            yield from ((action, answers[action.sku]) for action in some if action.sku in answers)


def patiently(hand: Hand, calls: Sequence[Callable[[], Each]]) -> list[Each]:
    """What the calls bring, in any order. In hundreds of them one meets trouble that outlasts the line's own tries; it alone is made again later.

    Raises:
        AmazonError: a call was refused, or the trouble has outlasted this too.
    """
    rows, came = table("curing")["canary"], list[Each]()
    for number in range(rows["reading_rounds"]):
        (tried,) = side_by_side(hand.clock, [partial(_tried, call) for call in calls])
        came += [result for one in tried for result in one.came]
        troubles = [(one.call, one.trouble) for one in tried if one.trouble is not None]
        if not troubles:
            break
        if number == rows["reading_rounds"] - 1:
            raise troubles[0][1]
        calls = [call for call, _ in troubles]
        hand.clock.sleep(rows["reading_again_seconds"])
    return came


@dataclass(frozen=True)
class _Tried(Generic[Each]):
    call: Callable[[], Each]
    came: tuple[Each, ...] = ()
    trouble: AmazonError | None = None


def _tried(call: Callable[[], Each]) -> _Tried[Each]:
    try:
        return _Tried(call, (call(),))
    except AmazonError as trouble:
        if not trouble.passing:
            raise
        return _Tried(call, trouble=trouble)
