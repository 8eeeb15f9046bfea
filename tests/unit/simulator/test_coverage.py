"""The page of what is played is generated, and current."""

from __future__ import annotations

from pathlib import Path

import pytest

from refloat.simulator import coverage
from refloat.simulator.wire.routes import ROUTES, route_of


def test_the_page_is_current() -> None:
    """COVERAGE.md is what the table of routes says."""
    assert coverage.main(["--check"]) == 0


def test_a_stale_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing or changed page fails the check, and writing it mends that."""
    monkeypatch.setattr(coverage, "PAGE", tmp_path / "COVERAGE.md")
    assert coverage.main(["--check"]) == 1
    assert coverage.main([]) == 0
    assert coverage.main(["--check"]) == 0
    coverage.PAGE.write_text(coverage.page() + "x")
    assert coverage.main(["--check"]) == 1


def test_every_operation_that_is_played_is_listed() -> None:
    """No route without its API in the list, and what is not played says so."""
    assert coverage.unlisted() == set()
    assert "| patchListingsItem | yes | `PATCH /listings/2021-08-01/items/{sellerId}/{sku}` | 5 | 5 |" in coverage.page()
    assert "| createReportSchedule | no | | | |" in coverage.page()


@pytest.mark.parametrize(("method", "path", "operation"), [
    ("GET", "/listings/2021-08-01/items/A1SAMPLESELLER", "searchListingsItems"),
    ("GET", "/listings/2021-08-01/items/A1SAMPLESELLER/A%2FB%23", "getListingsItem"),
    ("DELETE", "/feeds/2021-06-30/feeds/123", "cancelFeed"),
    ("GET", "/definitions/2020-09-01/productTypes/LUGGAGE", "getDefinitionsProductType"),
])  # fmt: skip
def test_a_path_leads_to_its_operation(method: str, path: str, operation: str) -> None:
    """Quoted signs stay in their part of the path."""
    found = route_of(method, path)
    assert found is not None
    assert found[0].operation == operation


#: Descriptions of the operations in the models: operation → requests per second, burst.
RATES = {
    "getListingsItem": (5, 10), "putListingsItem": (5, 10), "patchListingsItem": (5, 5), "deleteListingsItem": (5, 5), "searchListingsItems": (5, 5),
    "getListingsRestrictions": (5, 10), "searchDefinitionsProductTypes": (5, 10), "getDefinitionsProductType": (5, 10),
    "createFeedDocument": (0.5, 15), "createFeed": (0.0083, 15), "getFeed": (2, 15), "cancelFeed": (2, 15), "getFeeds": (0.0222, 10), "getFeedDocument": (0.0222, 10),
}  # fmt: skip


def test_rates_are_those_of_the_models() -> None:
    """Rate and burst of each operation, as Amazon's descriptions give them."""
    assert {route.operation: (route.rate, route.burst) for route in ROUTES if route.operation in RATES} == RATES
