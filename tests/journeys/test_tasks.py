"""By hand: a seeded seller on the simulator is observed, tasks are there for exactly what needs a person, and results are entered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from refloat.app.live import observe_account
from refloat.app.tasks import Desk, attach, end_task, open_task, open_tasks, task
from refloat.cli.commands import app
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config
from refloat.errors import NothingReadable, WrongUse
from refloat.model.notes import Notes
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.rules import reasons
from refloat.simulator.seeding import situations
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import EntryRow, Store, Unsealed, opened

US = "ATVPDKIKX0DER"


class Live:
    """A seller's account on record, and the false Amazon behind it."""

    def __init__(self, world: World, store: Store, clock: SimulatedClock) -> None:
        self.world, self.store, self.clock = world, store, clock
        self.desk = Desk(store, "sample", clock=clock)

    @property
    def seller(self) -> Seller:
        return next(iter(self.world.sellers.values()))

    def strand(self, reason: str) -> str:
        """Strand a healthy SKU for this reason, and observe."""
        listings = sorted(self.world.listings_of(self.seller.id, US), key=lambda one: one.sku)
        sku = next(one.sku for one in listings if reasons.buyable(self.world, one) and one.by_amazon)
        situations.strand(self.world, self.seller.id, US, sku, reason)
        self.hours(3)
        self.observe()
        return sku

    def observe(self) -> None:
        observe_account(self.store, "sample", clock=self.clock)

    def hours(self, hours: float) -> None:
        self.clock.sleep(hours * 3600)

    def by_hand(self) -> set[str]:
        return {row.sku for row in self.store.strandings.open_strandings("sample") if row.now.safety == "by-hand" and row.now.standing != "clearing"}

    def said(self, kind: str) -> list[EntryRow]:
        return [entry for entry in self.store.journal.entries("sample", "US") if entry.kind == kind]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def live(home: Path) -> Iterator[Live]:
    """Sixty SKUs in the US, half of them stranded for as many reasons."""
    world = seeding.seeded(seed=5, skus=60, stranded=0.5)
    with Simulator(world) as simulator, opened(Config(None, "en", home=home)) as store:
        seller = next(iter(world.sellers.values()))
        secrets = Unsealed(seller.client_id, seller.client_secret, seller.refresh_token)
        store.accounts.add("sample", region=seller.region, seller_id=seller.id, unsealed=secrets, at=datetime.now(UTC), api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token")
        clock = clock_of(simulator.url)
        assert isinstance(clock, SimulatedClock)
        yield Live(world, store, clock)


def test_tasks_are_there_for_exactly_what_needs_a_person(live: Live) -> None:
    """One for each by-hand stranding, none for any other; asking again opens nothing and writes nothing."""
    live.observe()
    found = open_tasks(live.desk)
    assert {one.subject.sku for one in found} == live.by_hand()
    assert len(found) == len(live.by_hand()) >= 3
    assert len(live.store.strandings.open_strandings("sample")) > len(found)
    assert [entry.body["sku"] for entry in live.said("task-opened")] == [one.subject.sku for one in sorted(found, key=lambda one: one.id)]
    assert [one.id for one in open_tasks(live.desk)] == [one.id for one in found]
    assert len(live.said("task-opened")) == len(found)


def test_every_task_has_what_a_person_needs(live: Live) -> None:
    """Steps, pages on the marketplace's own host, days to look into, a checklist, and a text with the SKU in it, in both languages."""
    live.observe()
    for language in ("en", "zh-Hans"):
        for one in open_tasks(replace(live.desk, language=language)):
            assert one.steps
            assert all(link.url.startswith("https://sellercentral.amazon.com/") for link in one.links)
            assert one.window
            assert one.checklist
            assert {line.there for line in one.checklist} == {"unknown"}
            assert one.draft
            assert one.subject.sku in one.draft.text
            assert one.subject.asin is None or one.subject.asin in one.draft.text


def test_a_won_appeal_is_followed_by_a_relist(live: Live) -> None:
    """The result stands in the journal with what follows; the task does not come back, and the SKU's next one is not by hand."""
    live.observe()
    sku = live.strand("Restricted ASIN")
    (one,) = open_tasks(live.desk, sku)
    assert (one.remedy, one.subject.said) == ("appeal", "Restricted ASIN")
    ended = end_task(live.desk, one.id, "won", "case 1234")
    assert ended.next == "relist-offer"
    (entry,) = live.said("task-ended")
    assert {name: entry.body[name] for name in ("sku", "remedy", "result", "note", "next")} == {"sku": sku, "remedy": "appeal", "result": "won", "note": "case 1234", "next": "relist-offer"}
    assert open_tasks(live.desk, sku) == []
    with pytest.raises(WrongUse, match="ended already"):
        end_task(live.desk, one.id, "refused")


def test_what_was_refused_leads_to_the_next_remedy(live: Live) -> None:
    """Refused documents for dangerous goods: support is by hand too, so its task is opened, and says what was tried."""
    live.observe()
    sku = live.strand("Dangerous goods (upload documents and wait for review)")
    (one,) = open_tasks(live.desk, sku)
    assert end_task(live.desk, one.id, "refused").next == "contact-support"
    (after,) = open_tasks(live.desk, sku)
    assert after.remedy == "contact-support"
    assert after.draft
    assert "Give the dangerous-goods information, result: refused" in after.draft.text


def test_what_our_requests_did_is_said_with_amazons_id(live: Live) -> None:
    """A journal entry about the SKU with a remedy and a request id is a line of the text."""
    live.observe()
    sku = live.strand("Listing error")
    body = {"sku": sku, "remedy": "edit-listing", "request_id": "f1d2-request"}
    live.store.journal.append("sample", "US", "receipt", body, live.clock.now())
    (one,) = open_tasks(live.desk, sku)
    assert one.draft
    assert "(request id f1d2-request)" in one.draft.text


def test_a_stranding_that_ended_overtakes_its_task(live: Live) -> None:
    """Once it is proven over, nobody needs the task: it is closed as overtaken, and the journal says so."""
    live.observe()
    (one, *_) = open_tasks(live.desk)
    row = next(row for row in live.store.strandings.open_strandings("sample") if row.sku == one.subject.sku)
    from refloat.store import Conclusion

    others = [{"sku": other.sku, "standing": "confirmed"} for other in live.store.strandings.open_strandings("sample") if other.sku != row.sku]
    live.store.strandings.record("sample", "US", others, live.clock.now(), unknown=False, concluded={row.sku: Conclusion("cleared", outcome="cleared")})
    assert one.id not in {left.id for left in open_tasks(live.desk)}
    ended = task(live.desk, one.id)
    assert (ended.term.result, ended.next) == ("overtaken", None)
    assert {"task": one.id, "result": "overtaken"}.items() <= live.said("task-ended")[0].body.items()


def test_a_follow_up_that_is_late_comes_first(live: Live) -> None:
    """After the cause's wait the task is marked, and everything that is due sooner stands before what is due later."""
    live.observe()
    assert not any(one.overdue for one in open_tasks(live.desk))
    live.hours(24 * 15)
    live.store.journal.append("sample", "", "note", {}, live.clock.now())
    late = open_tasks(live.desk)
    assert any(one.overdue for one in late)
    assert [one.due_on for one in late] == sorted(one.due_on for one in late)


def test_a_file_is_kept_by_its_content(live: Live, tmp_path: Path) -> None:
    """The bytes come back as they were, the checklist has its line, and the journal names the file with its hash."""
    live.observe()
    sku = live.strand("Restricted ASIN")
    (one,) = open_tasks(live.desk, sku)
    (paper := tmp_path / "invoice 7.pdf").write_bytes(b"%PDF made up")
    kept = attach(live.desk, one.id, paper, "invoices")
    assert attach(live.desk, one.id, paper, "invoices") == kept
    shown = task(live.desk, one.id)
    assert shown.attachments == (kept,)
    assert kept.sha256 == hashlib.sha256(b"%PDF made up").hexdigest()
    assert live.store.tasks.content(kept) == b"%PDF made up"
    assert {line.paper: line.there for line in shown.checklist}["invoices"] == "attached"
    assert shown.draft
    assert "- invoice 7.pdf" in shown.draft.text
    end_task(live.desk, one.id, "no-answer")
    assert live.said("task-ended")[0].body["attachments"] == [{"name": "invoice 7.pdf", "sha256": kept.sha256}]
    with pytest.raises(WrongUse, match="no line"):
        attach(live.desk, one.id, paper, "no-such-paper")
    with pytest.raises(WrongUse, match="cannot be read"):
        attach(live.desk, one.id, tmp_path / "nowhere.pdf")


def test_notes_that_are_left_out_the_next_time_end_nothing(live: Live) -> None:
    """With a complete register the brand's authorisation is what is missing; without the notes its task stays, and no second one opens."""
    live.observe()
    sku = live.strand("Qualification required (brand)")
    noted = replace(live.desk, notes=Notes(documents_kept=True))
    (one,) = open_tasks(noted, sku)
    assert (one.remedy, one.subject.cause) == ("submit-documents", "brand-authorisation-missing")
    assert {line.there for line in one.checklist} == {"missing"}
    (left,) = open_tasks(live.desk, sku)
    assert (left.id, left.remedy, left.subject.cause) == (one.id, one.remedy, one.subject.cause)
    assert {line.there for line in left.checklist} == {"unknown"}


def test_a_fallback_is_opened_by_a_person(live: Live) -> None:
    """A relist that shows nothing after its wait goes to support; a remedy that the page does not name is refused."""
    live.observe()
    sku = live.strand("Listing closed and inventory error")
    assert open_tasks(live.desk, sku) == []
    one = open_task(live.desk, sku, "contact-support")
    assert [kept.id for kept in open_tasks(live.desk, sku)] == [one.id]
    with pytest.raises(WrongUse, match="already"):
        open_task(live.desk, sku, "contact-support")
    with pytest.raises(WrongUse, match="no remedy by hand"):
        open_task(live.desk, sku, "appeal")
    with pytest.raises(WrongUse, match="not stranded"):
        open_task(live.desk, "NOT-THERE", "appeal")


def test_an_account_that_nobody_looked_at_has_no_tasks_yet(live: Live) -> None:
    """Not an empty list: what is stranded is unknown."""
    with pytest.raises(NothingReadable, match="refloat observe sample"):
        open_tasks(live.desk)


def test_the_command(live: Live, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """List, show, attach, end and JSON, in both languages; options that contradict each other are refused."""
    live.observe()
    sku = live.strand("Restricted ASIN")
    monkeypatch.setenv("REFLOAT_HOME", str(home))
    monkeypatch.setenv("REFLOAT_LANG", "en")

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["tasks", "sample", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    (number,) = [str(one["id"]) for one in json.loads(said("--json", "--sku", sku))["tasks"]]
    assert f"#{number}  US  {sku}  Appeal Amazon's decision" in said()
    assert "业绩通知" in said("--show", number, "--lang", "zh-Hans")
    shown = said("--show", number)
    assert "https://sellercentral.amazon.com/performance/notifications" in shown
    assert f"\nAppeal about ASIN {live.world.listings[live.seller.id, US, sku].asin}\n" in shown
    (paper := tmp_path / "photo.jpg").write_bytes(b"made up")
    assert "sha256" in said("--attach", number, str(paper), "--as", "photos")
    assert "photo.jpg" in said("--show", number)
    assert "Next: Relist the offer" in said("--done", number, "--result", "won", "--note", "case 7")
    assert "Ended on" in said("--show", number)
    for wrong in (["--show", "1", "--done", "1"], ["--done", "1"], ["--done", "1", "--result", "maybe"], ["--open", "appeal"]):
        with pytest.raises(WrongUse):
            CliRunner().invoke(app, ["tasks", "sample", *wrong], catch_exceptions=False)
