"""Each fault by its name does what its line says, over real HTTP; and the same seed meets the same ones."""

from __future__ import annotations

import gzip
import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from refloat.simulator import seeding
from refloat.simulator.serve import Simulator
from refloat.simulator.wire.report_lives import reports_of

US = "ATVPDKIKX0DER"
STRANDED = "GET_STRANDED_INVENTORY_UI_DATA"
REPORTS = "/reports/2021-06-30/reports"


@dataclass
class Caller:
    """Plain HTTP, one seller's token."""

    simulator: Simulator
    token: str = ""

    def __post_init__(self) -> None:
        seller = self.seller
        form = f"grant_type=refresh_token&client_id={seller.client_id}&client_secret={seller.client_secret}&refresh_token={seller.refresh_token}"
        with urlopen(Request(f"{self.simulator.url}/auth/o2/token", form.encode())) as answer:
            self.token = json.load(answer)["access_token"]

    @property
    def seller(self) -> Any:
        return next(iter(self.simulator.world.sellers.values()))

    def call(self, path: str, body: object = None) -> tuple[int, dict[str, str], bytes]:
        request = Request(path if path.startswith("http") else self.simulator.url + path, None if body is None else json.dumps(body).encode(), {"x-amz-access-token": self.token})
        try:
            with urlopen(request) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except HTTPError as refused:
            with refused:
                return refused.code, dict(refused.headers), refused.read()

    def strike(self, *names: str) -> None:
        self.simulator.world.faults.rates = dict.fromkeys(names, 1.0)

    def ordered(self) -> int:
        return len(reports_of(self.simulator.world, self.seller.id))

    def url(self) -> str:
        """Where a fresh stranded report lies."""
        name = json.loads(self.call(REPORTS, {"reportType": STRANDED, "marketplaceIds": [US]})[2])["reportId"]
        self.simulator.world.advance(timedelta(minutes=10))
        document = json.loads(self.call(f"{REPORTS}/{name}")[2])["reportDocumentId"]
        return str(json.loads(self.call(f"/reports/2021-06-30/documents/{document}")[2])["url"])

    def rows(self) -> list[list[str]]:
        """The stranded report's rows."""
        content = self.call(self.url())[2]
        text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode()
        return [line.split("\t") for line in text.splitlines()[1:]]


@pytest.fixture
def caller() -> Iterator[Caller]:
    with Simulator(seeding.seeded(seed=6, skus=60, stranded=0.5)) as simulator:
        yield Caller(simulator)


def test_refusals_look_as_amazons_do(caller: Caller) -> None:
    """429 without the limit's header, 500 with an errors list, 503 with a page of HTML, 403 for a token that ended early."""
    path = "/sellers/v1/marketplaceParticipations"
    seen = {}
    for name in ("throttle-storm", "internal-error", "unavailable-html", "expired-token"):
        caller.strike(name)
        seen[name] = caller.call(path)
    caller.strike()
    assert caller.call(path)[0] == 200
    assert {name: code for name, (code, _, _) in seen.items()} == {"throttle-storm": 429, "internal-error": 500, "unavailable-html": 503, "expired-token": 403}
    assert "x-amzn-ratelimit-limit" not in {header.lower() for header in seen["throttle-storm"][1]}
    assert json.loads(seen["throttle-storm"][2])["errors"][0]["code"] == "QuotaExceeded"
    assert seen["unavailable-html"][2].startswith(b"<html>")
    assert "expired" in json.loads(seen["expired-token"][2])["errors"][0]["details"]


@pytest.mark.parametrize(("name", "reports"), [("timeout-before", 0), ("timeout-after", 1)])
def test_a_broken_connection_leaves_the_caller_in_doubt(caller: Caller, name: str, reports: int) -> None:
    """Nothing comes back either way; before, nothing happened, and after, the report is ordered."""
    caller.strike(name)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        caller.call(REPORTS, {"reportType": STRANDED, "marketplaceIds": [US]})
    assert caller.ordered() == reports


def test_a_documents_address_can_end_early(caller: Caller) -> None:
    """403 with XML, as the store behind SP-API answers; a fresh address brings the document."""
    url = caller.url()
    caller.strike("expired-document-url")
    code, _, body = caller.call(url)
    caller.strike()
    assert (code, b"<Code>AccessDenied</Code>" in body) == (403, True)
    assert caller.call(url)[0] == 200


def test_half_a_document_announces_all_of_it(caller: Caller) -> None:
    """The connection ends before the announced length, or the packed stream before its end."""
    caller.strike("half-document")
    url = caller.url()
    try:
        content = caller.call(url)[2]
    except http.client.IncompleteRead:
        return
    with pytest.raises(EOFError):
        gzip.decompress(content)


def test_another_charset_is_declared_than_the_document_has(caller: Caller) -> None:
    """The bytes are the same, the header is not."""
    true = caller.call(caller.url())[1]["content-type"]
    caller.simulator.world.advance(timedelta(minutes=35))
    caller.strike("wrong-charset")
    assert caller.call(caller.url())[1]["content-type"] != true


def test_rows_are_listed_twice(caller: Caller) -> None:
    """Every SKU is there, and some stand there more than once."""
    caller.strike("duplicated-rows")
    skus = [row[8] for row in caller.rows()]
    assert len(skus) > len(set(skus))


def test_a_reason_that_nobody_has_seen(caller: Caller) -> None:
    """Words that are on no page of Amazon's; without the fault there are none."""
    known = {row[6] for row in caller.rows()}
    caller.simulator.world.advance(timedelta(minutes=35))
    caller.strike("unseen-reason")
    assert {row[6] for row in caller.rows()} - known


def test_the_same_seed_meets_the_same_faults() -> None:
    """Chance is counted per fault and operation, so the history is the same, word for word."""

    def history() -> list[str]:
        world = seeding.seeded(seed=6, skus=20, stranded=0.5)
        world.faults.rates = {"throttle-storm": 0.3, "internal-error": 0.3}
        with Simulator(world) as simulator:
            caller = Caller(simulator)
            for _ in range(14):
                caller.call("/sellers/v1/marketplaceParticipations")
        return [line for line in world.history if " fault " in line]

    first = history()
    assert first == history()
    assert len(first) > 3
