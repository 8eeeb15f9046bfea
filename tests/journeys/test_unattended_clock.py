"""While nobody looks this machine's clock goes wrong: what waits for a day does not begin by it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.journeys.test_unattended import Unattended, closed_skus
from tests.journeys.test_unattended import live as account

from refloat.app.live import observe_account
from refloat.app.unattended import act_by_policy
from refloat.errors import PlanRefused
from refloat.knowledge.policies_read import shipped
from refloat.model.ports import Clock

live = account


@dataclass(frozen=True)
class Ahead:
    """A clock that is wrong by so much."""

    right: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.right.now() + self.by

    def sleep(self, seconds: float) -> None:
        self.right.sleep(seconds)

    def lanes(self, count: int) -> Sequence[AbstractContextManager[None]]:
        return self.right.lanes(count)


def test_a_hold_does_not_end_by_a_clock_that_jumped_ahead(live: Unattended) -> None:
    """Amazon's answers tell the right time, and by it the hold lasts twenty days more."""
    held = closed_skus(live)[0]
    until = (live.clock.now() + timedelta(days=20)).date()
    live.policy(shipped("recommended") + f'\n[[opt_outs]]\nsku = "{held}"\nuntil = {until}\n')
    live.hours(6)
    wrong = Ahead(live.clock, timedelta(days=60))
    observe_account(live.store, "sample", clock=wrong)
    with pytest.raises(PlanRefused, match="clock"):
        act_by_policy(live.store, "sample", clock=wrong)
    assert live.sent() == set()
