"""The world's own door: the clock, the switches, the faults, the facts; wrong words are refused and change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from refloat.simulator import seeding
from refloat.simulator.serve import Simulator

US = "ATVPDKIKX0DER"


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(seeding.seeded(seed=2, skus=30, stranded=0.2)) as served:
        yield served


def _asked(simulator: Simulator, path: str, body: object = None) -> Any:
    with urlopen(Request(f"{simulator.url}/_world{path}", data=None if body is None else json.dumps(body).encode())) as answer:
        content = answer.read()
    return json.loads(content) if answer.headers["content-type"] == "application/json" else content.decode()


def _seller(simulator: Simulator) -> str:
    return next(iter(simulator.world.sellers))


def test_the_clock_moves_when_it_is_told(simulator: Simulator) -> None:
    """Three days, or to a moment; it never moves back."""
    before = _asked(simulator, "")["now"]
    _asked(simulator, "/advance", {"days": 3})
    after = _asked(simulator, "")["now"]
    assert (before[:10], after[:10]) == ("2026-11-22", "2026-11-25")
    assert _asked(simulator, "/advance", {"to": before})["now"] == after


def test_a_sku_is_stranded_by_its_facts(simulator: Simulator) -> None:
    """The facts are changed so that the reason follows; the list of the truth names it at once."""
    seller = _seller(simulator)
    listed = {row["sku"] for row in _asked(simulator, f"/strandings?seller={seller}&marketplace={US}")}
    healthy = next(one.sku for one in simulator.world.listings_of(seller, US) if one.sku not in listed and (stock := simulator.world.stock(seller, US, one.sku)) and stock.fulfillable)
    _asked(simulator, "/strand", {"seller": seller, "marketplace": US, "sku": healthy, "reason": "Listing closed"})
    rows = {row["sku"]: row for row in _asked(simulator, f"/strandings?seller={seller}&marketplace={US}")}
    assert rows[healthy] == {"sku": healthy, "reason": "Listing closed", "action": "Relist"}


def test_switches_faults_limits_and_settings_are_set_and_shown(simulator: Simulator) -> None:
    """Each answers with what holds now."""
    seller = _seller(simulator)
    assert _asked(simulator, "/switches", {"program_column": True})["program_column"] is True
    assert _asked(simulator, "/faults", {"rates": {"throttle-storm": 0.5}, "operations": ["getReport"]})["rates"] == {"throttle-storm": 0.5}
    assert _asked(simulator, "/limits", {"seller": seller, "operation": "getReport", "rate": 1, "burst": 1})["rate"] == 1
    assert _asked(simulator, "/settings", {"seller": seller, "marketplace": US, "relist_days": 2})["relist_days"] == 2
    assert _asked(simulator, "/notifications") == []
    assert _asked(simulator, "/history").endswith("\n")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/switches", {"no_such_switch": True}), ("/faults", {"rates": {"no-such-fault": 1}}), ("/strand", {"seller": "nobody"}), ("/advance", {"weeks": "many"}),
        ("/settings", {"seller": "nobody", "marketplace": US}), ("/hand", {}), ("/nowhere", {}),
    ],
)  # fmt: skip
def test_wrong_words_are_refused(simulator: Simulator, path: str, body: object) -> None:
    """400 or 404, with what is wrong; the world goes on."""
    with pytest.raises(HTTPError) as refused:
        _asked(simulator, path, body)
    with refused.value as answer:
        assert answer.code in {400, 404}
        assert json.load(answer)["wrong"]
    assert _asked(simulator, "")["seed"] == 2
