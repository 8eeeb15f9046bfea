"""The small world and its simulator, as most contract tests want them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.small_world import small_world

from refloat.simulator.serve import Simulator
from refloat.simulator.world import World


@pytest.fixture
def world() -> World:
    """Fresh for each test."""
    return small_world()


@pytest.fixture
def served(world: World) -> Iterator[Simulator]:
    """The small world over HTTP."""
    with Simulator(world) as simulator:
        yield simulator
