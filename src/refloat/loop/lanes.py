"""Side by side: several calls at once, so that Amazon's latency does not add up, and each operation at its own rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from refloat.model.ports import Clock

Result = TypeVar("Result")

#: Lanes for one operation. 5 a second at a second of latency needs 5; a few more for the slow tail.
WIDTH = 8


def side_by_side(clock: Clock, *queues: Sequence[Callable[[], Result]], width: int = WIDTH) -> list[list[Result]]:
    """The results of every queue, each in the order of its jobs. All queues run at once, each in lanes of its own.

    Raises:
        Exception: the first one that a job raised, once all lanes have ended.
    """
    results: list[dict[int, Result]] = [{} for _ in queues]
    turns = [iter(range(len(queue))) for queue in queues]

    def work(number: int, lane: AbstractContextManager[None]) -> None:
        with lane:
            for turn in turns[number]:
                results[number][turn] = queues[number][turn]()

    numbers = [number for number, queue in enumerate(queues) for _ in range(min(width, len(queue)))]
    if numbers:
        lanes = clock.lanes(len(numbers))
        with ThreadPoolExecutor(len(numbers)) as pool:
            for ended in [pool.submit(work, *both) for both in zip(numbers, lanes, strict=True)]:
                ended.result()
    return [[own[turn] for turn in sorted(own)] for own in results]
