"""The made-up person of the demo: hands papers in at the false Seller Central, and enters there what Amazon answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from refloat.app.tasks import Desk, end_task, open_tasks
from refloat.knowledge.tables import marketplaces
from refloat.model.task import Task
from refloat.simulator.rules import hand
from refloat.simulator.serve import Simulator


@dataclass(frozen=True)
class ByHand:
    """What the person does: SKU → the papers that go along. A SKU that is not named is left to do."""

    person: str
    papers: Mapping[str, tuple[str, ...]]


def read_by_hand(path: Path) -> ByHand:
    """The file of the demo; it is ours, so nothing in it is checked."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return ByHand(told["person"], {row["sku"]: tuple(row["papers"]) for row in told["handed_in"]})


@dataclass
class Person:
    """One person, one false Seller Central, and the cases that are open there: task → case."""

    by_hand: ByHand
    simulator: Simulator
    seller_id: str
    cases: dict[int, str] = field(default_factory=dict)

    def enter_answers(self, desk: Desk) -> Iterator[Task]:
        """The tasks whose case Amazon has decided by now, ended with its answer."""
        for task in open_tasks(desk) if self.cases else ():
            outcome = self._outcome(task.id)
            if outcome is not None:
                yield end_task(desk, task.id, "won" if outcome == "granted" else "refused", f"case {self.cases[task.id]}")

    def hand_in(self, desk: Desk) -> Iterator[Task]:
        """The tasks for which a case is opened now."""
        for task in open_tasks(desk):
            papers = self.by_hand.papers.get(task.subject.sku)
            if papers is not None and task.id not in self.cases and task.remedy in hand.ACTS:
                self.cases[task.id] = self._opened(task, papers)
                yield task

    def _outcome(self, task_id: int) -> str | None:
        with self.simulator.lock:
            case = hand.cases(self.simulator.world).get(self.cases.get(task_id, ""))
            return case.outcome if case else None

    def _opened(self, task: Task, papers: tuple[str, ...]) -> str:
        place = marketplaces()[task.subject.marketplace or ""].id
        with self.simulator.lock:
            hand.done(self.simulator.world, self.seller_id, place, task.remedy, task.subject.sku, documents=papers)
            return next(reversed(hand.cases(self.simulator.world)))
