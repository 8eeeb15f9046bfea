"""From Amazon's wire to a triage: a seeded seller on the simulator, observed over real HTTP into a real store."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

import refloat.knowledge
from refloat.amazon import AmazonLine
from refloat.amazon.notices import notices
from refloat.app import Question, Triage
from refloat.app.live import Observed, line_of, observe_account, strange_places, triage_account
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import CredentialWrong, NothingReadable, WrongUse
from refloat.loop.reports import SOURCES
from refloat.model.alarm import ACCOUNT_SOURCE
from refloat.model.ports import Download
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons, writing
from refloat.simulator.seeding import situations
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import AccountBusy, Store, Unsealed, opened
from refloat.wording.triage import json as show_json

US = "ATVPDKIKX0DER"


@dataclass
class Live:
    """A seller's account on record, and the false Amazon behind it."""

    world: World
    simulator: Simulator
    store: Store
    clock: SimulatedClock

    @property
    def seller(self) -> Seller:
        return next(iter(self.world.sellers.values()))

    def observe(self) -> Observed:
        (seen,) = observe_account(self.store, "sample", clock=self.clock)
        return seen

    def triage(self) -> Triage:
        return triage_account(self.store, Question((), account="sample"), self.clock)

    def open_skus(self) -> dict[str, str]:
        return {row.sku: row.now.standing for row in self.store.strandings.open_strandings("sample")}

    def truth(self) -> set[str]:
        """The SKUs that are stranded in the world's own eyes."""
        skus = {stock.sku for stock in self.world.stocks_of(self.seller.id, US)}
        return {sku for sku in skus if reasons.stranded(self.world, self.seller.id, US, sku)}

    def write_offer(self, sku: str, **values: object) -> None:
        """Let the seller change the consumer offer; at once, as far as the world is concerned."""
        listing = self.world.listings[self.seller.id, US, sku]
        offers = [{**offer, **values} for offer in listing.attributes["purchasable_offer"]]
        writing.write(self.world, self.seller.id, US, sku, {"purchasable_offer": offers}, "seller", timedelta(0))
        self.world.advance(timedelta(seconds=1))

    def hours(self, hours: float) -> None:
        self.clock.sleep(hours * 3600)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Forty SKUs in the US, a good third of them stranded for as many reasons."""
    world = seeding.seeded(seed=3, skus=40, stranded=0.35)
    with Simulator(world) as simulator, opened(Config(None, "en", home=tmp_path)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        yield Live(world, simulator, store, clock)


def _closed(live: Live) -> str:
    """A SKU whose only trouble is that its offer has ended."""
    return next(sku for sku in sorted(live.truth()) if (found := reasons.stranded(live.world, live.seller.id, US, sku)) and found.reason == "Listing closed")


def _healthy(live: Live) -> str:
    listings = sorted(live.world.listings_of(live.seller.id, US), key=lambda one: one.sku)
    return next(one.sku for one in listings if reasons.buyable(live.world, one) and one.by_amazon)


def test_what_is_stranded_at_amazon_is_what_refloat_finds(live: Live) -> None:
    """Every stranded SKU is on record with its standing, cause and remedy; nothing else is."""
    seen = live.observe()
    found = live.triage()
    assert set(found.frame["sku"]) == live.truth() == set(live.open_skus())
    assert (seen.opened, seen.unknown) == (len(live.truth()), False)
    assert set(found.frame["standing"]) == {"confirmed"}
    assert found.frame["cause"].null_count() == 0
    assert all(finding.evidence for finding in found.findings())


def test_observing_changes_nothing_at_amazon(live: Live) -> None:
    """Only reads leave this machine: after two passes the world's listings and stock are what they were, and no write was noted."""
    before = {key: (one.updated_at, len(one.writes)) for key, one in live.world.listings.items()}
    live.observe()
    assert {key: (one.updated_at, len(one.writes)) for key, one in live.world.listings.items()} == before
    assert not [line for line in live.world.history if " write" in line or "removal" in line]


def test_the_bytes_are_those_that_amazon_sent(live: Live) -> None:
    """Each snapshot holds the document as it came; the stranded one begins with Amazon's own header."""
    live.observe()
    snapshots = live.store.snapshots.latest("sample", "US")
    assert {"stranded", "fba-inventory", "listings-all", "listing-answers", "inventory-answers", "restriction-answers"} <= set(snapshots)
    assert live.store.snapshots.content(snapshots["stranded"]).startswith(b"primary-action\tdate-stranded\tDate-to-take-auto-removal")


def test_a_cure_is_proven_before_it_is_closed(live: Live) -> None:
    """Relisted, the SKU stays on record until the report lets go of it and Amazon shows it buyable with its units; then it is cleared."""
    live.observe()
    sku = _closed(live)
    live.write_offer(sku, end_at={"value": None})
    live.hours(0.75)
    assert live.observe().closed == 0
    assert sku in live.open_skus()
    live.hours(5)
    assert live.observe().closed == 1
    assert sku not in live.open_skus()
    (episode,) = live.store.strandings.history("sample", sku)
    assert episode.outcome == "cleared"
    assert episode.now.to_at == episode.closed_at


def test_where_amazon_calls_everything_buyable_a_cure_takes_a_day(live: Live) -> None:
    """The two pages disagree, as sellers see it: proof is then the report's silence for a day, and the offer and the units."""
    live.world.switches = live.world.switches.turned(stranded_shows_buyable=True)
    live.observe()
    situations.strand(live.world, live.seller.id, US, (sku := _healthy(live)), "Inventory error")
    live.hours(3)
    live.observe()
    assert live.open_skus()[sku] == "confirmed"
    live.world.stocks_by_sku[live.seller.id, "NA", sku].miscounted_until = live.world.now
    for hours, there in ((26, True), (12, True), (13, False)):
        live.hours(hours)
        live.observe()
        assert (sku in live.open_skus()) is there, hours


def test_what_comes_back_is_the_same_stranding(live: Live) -> None:
    """Closed again a day later: its episode is opened anew, with its history."""
    live.observe()
    sku = _closed(live)
    live.write_offer(sku, end_at={"value": None})
    live.hours(6)
    live.observe()
    live.write_offer(sku, end_at={"value": live.world.now.isoformat()})
    live.hours(6)
    assert live.observe().came_back == 1
    (episode,) = live.store.strandings.history("sample", sku)
    assert (episode.times_back, episode.closed_at) == (1, None)


def test_a_failed_report_closes_nothing_and_says_so(live: Live) -> None:
    """The stranded report is cancelled: everything on record stays, its standing is unknown, and its age and the reason are said."""
    live.observe()
    live.write_offer(_closed(live), end_at={"value": None})
    live.hours(6)
    live.world.faults.rates = {"report-cancelled": 1.0}
    seen = live.observe()
    assert (seen.unknown, seen.closed) == (True, 0)
    assert set(live.open_skus().values()) == {"unknown"}
    found = live.triage()
    assert set(found.frame["standing"]) == {"unknown"}
    assert found.summary.unknown > found.frame.height
    (warning,) = [warning for warning in found.warnings if warning.code == "source-failed" and dict(warning.facts)["source"] == "stranded"]
    assert float(dict(warning.facts)["hours"]) == pytest.approx(6, abs=0.1)


def test_other_sources_still_count_when_the_stranded_report_never_came(live: Live) -> None:
    """No stranded report from the first day on: stock that nobody can buy is shown all the same, as unknown and not as nothing."""
    live.world.faults.rates = {"report-cancelled": 1.0}
    live.world.faults.operations = frozenset({"GET_STRANDED_INVENTORY_UI_DATA"})
    live.observe()
    found = live.triage()
    assert found.frame.height >= len(live.truth()) // 3
    assert set(found.frame["standing"]) == {"unknown"}
    assert "source-never-read" in {warning.code for warning in found.warnings}


def test_a_listing_that_closes_between_reports_is_seen_in_minutes(live: Live) -> None:
    """The reports are not due, the changed listing is: its SKU is suspected before Amazon's own report names it."""
    live.observe()
    sku = _healthy(live)
    live.hours(0.1)
    live.write_offer(sku, end_at={"value": live.world.now.isoformat()})
    live.hours(0.1)
    seen = live.observe()
    assert seen.looked.reports == ()
    assert seen.looked.changes >= 1
    assert live.open_skus()[sku] == "suspected"
    row = next(finding for finding in live.triage().findings() if finding.sku == sku)
    assert row.standing == "suspected"


def test_a_notice_makes_its_sku_looked_at_and_no_other(live: Live) -> None:
    """Amazon pushes that a listing changed: that one is asked about, no report is ordered, and the stranding is there at once."""
    live.observe()
    sku = _healthy(live)
    live.write_offer(sku, end_at={"value": live.world.now.isoformat()})
    before = dict(live.world.rooms["reports"][live.seller.id])
    message = json.dumps({"NotificationType": "LISTINGS_ITEM_STATUS_CHANGE", "Payload": {"SellerId": live.seller.id, "MarketplaceId": US, "Sku": sku, "Status": []}})
    stranger = json.dumps({"NotificationType": "LISTINGS_ITEM_STATUS_CHANGE", "Payload": {"SellerId": "A1SOMEBODYELSE", "MarketplaceId": US, "Sku": "NOT-OURS", "Status": []}})
    (seen,) = observe_account(live.store, "sample", clock=live.clock, pushed=[*notices(message), *notices(stranger)])
    assert (seen.looked.reports, seen.looked.changes, seen.opened) == ((), 1, 1)
    assert live.open_skus()[sku] == "suspected"
    assert live.world.rooms["reports"][live.seller.id] == before


def test_a_wrong_secret_is_named_and_never_shown(live: Live) -> None:
    """Amazon does not accept the secret: a typed error says what to do; the secret itself stands nowhere in it."""
    live.seller.client_secret = "sample-client-secret-renewed"
    with pytest.raises(CredentialWrong) as refused:
        live.observe()
    assert "rotate" in str(refused.value)
    assert seeding_secret(live) not in str(refused.value) + repr(refused.value)
    # On record too, for whoever is not looking; over with the next look that works.
    (trouble,) = live.store.snapshots.sources("sample", "")
    assert (trouble.source, trouble.trouble_code, seeding_secret(live) in f"{trouble}") == (ACCOUNT_SOURCE, "credential-wrong", False)
    live.seller.client_secret = seeding_secret(live)
    live.observe()
    assert live.store.snapshots.sources("sample", "")[0].trouble_code is None


def seeding_secret(live: Live) -> str:
    """The secret that is on record."""
    return live.store.accounts.credentials("sample").client_secret


def test_a_marketplace_that_is_not_the_accounts_is_refused(live: Live) -> None:
    """The message names those that there are."""
    with pytest.raises(WrongUse, match="US"):
        observe_account(live.store, "sample", places=["DE"], clock=live.clock)


def test_an_account_that_nobody_looked_at_is_unknown(live: Live) -> None:
    """Not an empty list: nothing is on record, and the command that changes it is named."""
    with pytest.raises(NothingReadable, match="refloat observe sample"):
        live.triage()


def test_two_passes_at_once_cost_no_quota_twice(live: Live) -> None:
    """The gate is in the store: two lines of one account share it, and Amazon says 429 to neither."""
    one, other = (line_of(live.store, "sample", live.clock) for _ in range(2))
    for _ in range(12):
        one.places()
        other.places()
    one.close()
    other.close()
    assert not one.throttled + other.throttled


def test_the_account_status_is_told(live: Live) -> None:
    """An account at risk is a warning above the list: nothing may be relisted there."""
    live.seller.account_status = "AT_RISK"
    live.observe()
    assert [warning.value for warning in live.triage().warnings if warning.code == "account-not-normal"] == ["AT_RISK"]


def test_each_report_is_asked_for_once_in_its_time(live: Live) -> None:
    """A second pass ten minutes later orders nothing; after an hour only the near-real-time reports are ordered anew."""
    live.observe()
    ordered = live.world.rooms["reports"][live.seller.id]
    assert len(ordered) == len(SOURCES)
    live.hours(1 / 6)
    live.observe()
    assert len(ordered) == len(SOURCES)
    live.hours(1)
    live.observe()
    again = [report.type for report in list(ordered.values())[len(SOURCES) :]]
    assert sorted(again) == sorted(row["type"] for row in SOURCES.values() if row["hours"] <= 1)


def test_the_json_of_a_live_triage_is_the_same_contract(live: Live) -> None:
    """It validates; sources name their snapshots, answers stand beside them, and the marketplace has its currency."""
    live.observe()
    out = io.StringIO()
    show_json.write(live.triage(), out, "en")
    answer = json.loads(out.getvalue())
    schema = json.loads((Path(refloat.knowledge.__file__).parent / "triage.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer, schema)
    assert {source["report"] for source in answer["sources"]} >= {"stranded", "fba-inventory", "listings-all"}
    assert all(source["snapshot"] for source in answer["sources"])
    assert {one["about"] for one in answer["answers"]} >= {"listing-answers", "inventory-answers"}
    assert {one["worth"]["currency"] for one in answer["strandings"] if one["worth"]} == {"USD"}


@pytest.mark.parametrize("document", ["", "header", "<html><body>Service unavailable</body></html>"])
def test_a_stranded_report_that_lists_nothing_closes_nothing(live: Live, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, a header alone, a page of HTML: it came with DONE, and still proves nothing, whatever the listing shows."""
    live.observe()
    before = set(live.open_skus())
    live.write_offer(_closed(live), end_at={"value": None})
    live.hours(6)
    header = live.store.snapshots.content(live.store.snapshots.latest("sample", "US")["stranded"]).split(b"\n")[0] + b"\n"
    true = AmazonLine.document

    def odd(line: AmazonLine, document_id: str) -> Download:
        download = true(line, document_id)
        return replace(download, content=header if document == "header" else document.encode()) if download.content.startswith(b"primary-action") else download

    monkeypatch.setattr(AmazonLine, "document", odd)
    seen = live.observe()
    assert (seen.closed, seen.unknown) == (0, True)
    assert set(live.open_skus()) == before
    live.hours(30)
    assert live.observe().closed == 0


def test_where_the_account_sells_is_asked_anew_every_day(live: Live) -> None:
    """A marketplace that was added is looked at the next day; Amazon's trouble with that question costs no pass."""
    live.observe()
    live.seller.places["A2EUQ1WTGCTBG2"] = replace(live.seller.places[US], marketplace_id="A2EUQ1WTGCTBG2")
    live.hours(1)
    assert len(observe_account(live.store, "sample", clock=live.clock)) == 1
    live.hours(24)
    live.world.faults.rates, live.world.faults.operations = {"internal-error": 1.0}, frozenset({"getMarketplaceParticipations"})
    assert len(observe_account(live.store, "sample", clock=live.clock)) == 1
    live.world.faults.rates = {}
    assert {one.marketplace for one in observe_account(live.store, "sample", clock=live.clock)} == {"US", "CA"}


def test_an_account_that_sells_nowhere_is_told_and_asked_anew(live: Live) -> None:
    """No pass over nothing that looks like all is well; once Amazon names a marketplace it is looked at."""
    from refloat.model.ports import Place

    live.store.accounts.note_places("sample", [Place("US", False, False)], live.clock.now())
    answered = live.observe()
    assert answered.marketplace == "US"
    with pytest.raises(WrongUse, match="no marketplace in which sample sells"):
        observe_account(live.store, "sample", clock=live.clock, line=_SellsNowhere(line_of(live.store, "sample", live.clock), live))  # type: ignore[arg-type]


def test_a_marketplace_that_refloat_does_not_know_costs_no_orders(live: Live) -> None:
    """Amazon names one of its own kinds beside the US: it is not looked at, and that can be told."""
    from refloat.model.ports import Place

    live.store.accounts.note_places("sample", [Place("US", True, False), Place("A1NOTKNOWN0000", True, False)], live.clock.now())
    assert [one.marketplace for one in observe_account(live.store, "sample", clock=live.clock)] == ["US"]
    assert strange_places(live.store, "sample") == ["A1NOTKNOWN0000"]


class _SellsNowhere:
    """A line that names no marketplace."""

    def __init__(self, line: AmazonLine, live: Live) -> None:
        line.close()
        live.store.accounts.note_places("sample", [], live.clock.now())

    def places(self) -> list[object]:
        return []


def test_a_second_pass_at_the_same_time_is_refused(live: Live) -> None:
    """It would order every report twice; after the first has ended it may begin."""
    with live.store.alone_with("sample", "US"), pytest.raises(AccountBusy, match="sample"):
        live.observe()
    assert not live.world.rooms.get("reports", {}).get(live.seller.id)
    live.observe()


def test_watching_goes_on_through_trouble(live: Live, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon is down for the first pass: it is said, and the next pass brings everything."""
    from refloat.cli import observe as command

    live.world.faults.rates = {"internal-error": 1.0}
    pauses: list[int] = []

    def pause(clock: object) -> None:
        pauses.append(1)
        live.world.faults.rates = {}
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "_pause", pause)
    home = Path(live.store.database).parent
    with pytest.raises(KeyboardInterrupt):
        command.run_observe(Config(None, "en", home=home, clock_url=live.simulator.url), "sample", [], watch=True, as_json=False, language="en")
    told = capsys.readouterr()
    assert "Amazon answers" in told.err
    assert f"{len(live.truth())} new" in told.out
