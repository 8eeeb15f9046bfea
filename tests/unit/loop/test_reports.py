"""Reports: ordered once, waited for, kept; what fails is on record with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes import START, FakeRecord, a_place

from refloat.errors import AccountNotNormal, AmazonDown, AmazonError, AnswerTooLarge, CredentialWrong, MarketplaceNotYours, NotThere, Refused, RoleMissing
from refloat.loop import reports
from refloat.loop.reports import SOURCES, Pace, Place
from refloat.model.ports import Order


def _fetched(place: Place) -> list[str]:
    return reports.fetch([place])["US"]


def test_every_due_report_is_brought_at_once() -> None:
    """All reports wait side by side: the pass takes as long as one of them, and a little."""
    place, line, record, clock = a_place(lag=60)
    assert _fetched(place) == list(SOURCES)
    assert set(record.good) == set(SOURCES)
    assert not record.orders
    assert not record.troubles
    assert timedelta(seconds=60) <= clock.now() - START <= timedelta(seconds=66)
    assert line.calls["ask_report"] == len(SOURCES)


def test_what_was_read_a_little_while_ago_is_not_asked_for() -> None:
    """Ten minutes later nothing is due; after an hour the near-real-time reports are."""
    place, _line, _record, clock = a_place()
    _fetched(place)
    clock.sleep(600)
    assert _fetched(place) == []
    clock.sleep(3600)
    again = _fetched(place)
    assert "stranded" in again
    assert "planning" not in again


def test_a_killed_pass_goes_on_with_its_order() -> None:
    """The id on record is looked at; nothing is ordered a second time."""
    place, line, record, _ = a_place()
    record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}
    line.ordered["R9"] = (SOURCES["stranded"]["type"], START - timedelta(minutes=2))
    record.orders["stranded"] = Order("stranded", SOURCES["stranded"]["type"], "R9", START - timedelta(minutes=2))
    assert _fetched(place) == ["stranded"]
    assert line.calls["ask_report"] == 0


def test_an_order_whose_answer_was_lost_is_looked_up() -> None:
    """Killed between the request and the note of its id: Amazon knows the report, so it is not ordered again."""
    place, line, record, _ = a_place()
    record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}
    line.ordered["R9"] = (SOURCES["stranded"]["type"], START - timedelta(minutes=1))
    record.orders["stranded"] = Order("stranded", SOURCES["stranded"]["type"], None, START - timedelta(minutes=1))
    assert _fetched(place) == ["stranded"]
    assert line.calls == {"recent_reports": 1, "report": 1, "document": 1}


def test_an_order_that_never_left_is_made() -> None:
    """Killed before the request left: Amazon knows nothing of it, so it is ordered now."""
    place, line, record, _ = a_place()
    record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}
    record.orders["stranded"] = Order("stranded", SOURCES["stranded"]["type"], None, START - timedelta(minutes=1))
    assert _fetched(place) == ["stranded"]
    assert line.calls["ask_report"] == 1


def test_cancelled_is_not_nothing() -> None:
    """No snapshot, no row count of zero: the reason is on record, and the others come."""
    place, _, record, _ = a_place(contents={"GET_STRANDED_INVENTORY_UI_DATA": None})
    assert "stranded" not in _fetched(place)
    assert "stranded" not in record.good
    assert record.troubles["stranded"][0] == "report-cancelled"
    assert "does not say which" in record.troubles["stranded"][1]
    assert ("stranded", "CANCELLED") in record.ends


def test_a_cancelled_report_is_not_asked_for_again_at_once() -> None:
    """Asking too often is itself a cause of CANCELLED; after its hours it is asked for anew."""
    place, line, _, clock = a_place(contents={"GET_STRANDED_INVENTORY_UI_DATA": None})
    _fetched(place)
    line.calls.clear()
    clock.sleep(600)
    assert _fetched(place) == []
    assert not line.calls
    line.contents.clear()
    clock.sleep(1800)
    assert "stranded" in _fetched(place)


def test_a_cut_document_is_fetched_once_more_and_then_a_failure() -> None:
    """What came is kept, and the source counts as failed: what it does not list means nothing."""
    place, line, record, _ = a_place(whole=False)
    assert _fetched(place) == []
    assert line.calls["document"] == 2 * len(SOURCES)
    assert record.cut["stranded"] == b"sku"
    assert record.troubles["stranded"][0] == "document-cut"


def test_a_report_that_takes_too_long_is_left_for_the_next_pass() -> None:
    """After 45 minutes the pass ends; the order stays, and the next pass takes the report without a new one."""
    place, line, record, clock = a_place(lag=50 * 60)
    assert _fetched(place) == []
    assert record.troubles["stranded"][0] == "report-late"
    assert clock.now() - START < timedelta(minutes=48)
    clock.sleep(600)
    assert "stranded" in _fetched(place)
    assert line.calls["ask_report"] == len(SOURCES)


def test_a_missing_role_costs_its_report_alone() -> None:
    """The refusal is on record, its order is closed, and every other report came."""
    place, line, record, _ = a_place()
    refusals = iter([RoleMissing("no role")])
    line.fails["ask_report"] = lambda: next(refusals, None)
    came = _fetched(place)
    assert len(came) == len(SOURCES) - 1
    (failed,) = set(SOURCES) - set(came)
    assert record.troubles[failed][0] == "role-missing"
    assert failed not in record.orders


def test_an_order_that_amazon_may_have_taken_stays_open() -> None:
    """No answer came, so the next pass looks the report up instead of ordering it again."""
    place, line, record, _ = a_place()
    record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}
    broken = iter([AmazonDown("no answer")])
    line.fails["ask_report"] = lambda: next(broken, None)
    assert _fetched(place) == []
    assert record.orders["stranded"].report_id is None
    assert _fetched(place) == ["stranded"]
    assert line.calls["ask_report"] == 1


@pytest.mark.parametrize("source", ["returns", "removal-orders"])
def test_reports_of_events_reach_back(source: str) -> None:
    """Returns and removals are asked for 90 days back; reports of what is have no start."""
    place, line, _, _ = a_place()
    _fetched(place)
    assert line.options[SOURCES[source]["type"]]["dataStartTime"] == (START - timedelta(days=90)).isoformat()
    assert "dataStartTime" not in line.options[SOURCES["stranded"]["type"]]


def test_a_pass_killed_while_it_writes_down_a_refusal_orders_nothing_twice() -> None:
    """Whichever of the two notes was the last one written, the next pass does not order the cancelled report again."""
    for last in ("failed", "settled"):
        place, line, record, _ = a_place(contents={"GET_STRANDED_INVENTORY_UI_DATA": None})
        record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}
        _killed_after(record, last)
        with pytest.raises(KeyboardInterrupt):
            _fetched(place)
        del record.failed, record.settled
        _fetched(place)
        assert line.calls["ask_report"] == 1, last


def _killed_after(record: FakeRecord, last: str) -> None:
    """Nothing is written down after the first call of ``last``."""
    dead = False

    def guarded(name: str) -> Callable[..., None]:
        true = getattr(record, name)

        def noted(*values: object) -> None:
            nonlocal dead
            if dead:
                raise KeyboardInterrupt
            true(*values)
            if name == last:
                dead = True
                raise KeyboardInterrupt

        return noted

    record.failed, record.settled = guarded("failed"), guarded("settled")  # type: ignore[method-assign]


def _only_stranded(record: FakeRecord) -> None:
    """Every other source was read just now."""
    record.good = {source: (START, b"") for source in SOURCES if source != "stranded"}


@pytest.mark.parametrize("refusal", [Refused, MarketplaceNotYours, AccountNotNormal, AnswerTooLarge, RoleMissing])
def test_what_amazon_refuses_is_not_ordered_again_at_once(refusal: type[AmazonError]) -> None:
    """Whatever the refusal is called; after its hours it is tried anew."""
    place, line, record, clock = a_place()
    _only_stranded(record)
    line.fails["ask_report"] = lambda: refusal("no")
    _fetched(place)
    clock.sleep(300)
    _fetched(place)
    assert (line.calls["ask_report"], record.ends) == (1, [("stranded", "REFUSED")])
    clock.sleep(1800)
    _fetched(place)
    assert record.ends.count(("stranded", "REFUSED")) == 2


@pytest.mark.parametrize("trouble", [CredentialWrong, RoleMissing, AccountNotNormal, AmazonDown])
def test_trouble_of_the_account_loses_no_report_that_amazon_has_taken_on(trouble: type[AmazonError]) -> None:
    """The token is withdrawn while the report is made: once it is there again the same report is fetched, not another ordered."""
    place, line, record, clock = a_place(lag=600)
    _only_stranded(record)
    line.fails["report"] = lambda: trouble("no")
    assert _fetched(place) == []
    line.fails.clear()
    clock.sleep(900)
    assert _fetched(place) == ["stranded"]
    assert line.calls["ask_report"] == 1


def test_an_order_that_is_too_old_is_given_up() -> None:
    """After an hour of trouble its report is lost, and another is ordered."""
    place, line, record, clock = a_place()
    _only_stranded(record)
    line.fails["report"] = lambda: AmazonDown("no answer")
    _fetched(place)
    clock.sleep(1800)
    _fetched(place)
    assert record.ends == []
    clock.sleep(1801)
    _fetched(place)
    assert record.ends == [("stranded", "LOST")]
    line.fails.clear()
    assert "stranded" in _fetched(place)
    assert line.calls["ask_report"] >= 2


def test_a_report_that_amazon_no_longer_knows_is_ordered_anew() -> None:
    """That is nobody's refusal, so the next pass need not wait."""
    place, line, record, _ = a_place()
    _only_stranded(record)
    line.fails["report"] = lambda: NotThere("gone")
    _fetched(place)
    assert record.ends == [("stranded", "LOST")]
    line.fails.clear()
    assert _fetched(place) == ["stranded"]


def test_a_lost_order_is_found_though_our_clock_runs_ahead() -> None:
    """Amazon made the report three minutes "before" we asked; the one of the order before it is not taken for it."""
    place, line, record, _ = a_place()
    _only_stranded(record)
    record.ids.add("R7")
    line.ordered["R8"] = (SOURCES["stranded"]["type"], START - timedelta(minutes=4))
    line.ordered["R7"] = (SOURCES["stranded"]["type"], START - timedelta(minutes=3))
    record.orders["stranded"] = Order("stranded", SOURCES["stranded"]["type"], None, START - timedelta(minutes=1))
    assert _fetched(place) == ["stranded"]
    assert line.calls["ask_report"] == 0
    assert "R8" in record.ids


def test_a_moment_of_a_clock_that_ran_ahead_makes_nothing_wait() -> None:
    """Read "tomorrow": that tells nothing, so the report is due now."""
    place, _, record, _ = a_place()
    _only_stranded(record)
    record.good["stranded"] = (START + timedelta(days=1), b"")
    assert _fetched(place) == ["stranded"]


def test_news_brings_a_report_forward_but_not_below_amazons_least_time() -> None:
    """Of a pass that asks every four hours, this one is asked for after half an hour, and no other."""
    place, _line, _record, clock = a_place()
    place = replace(place, pace=Pace(4, sooner=frozenset({"stranded"})))
    _fetched(place)
    clock.sleep(1200)
    assert _fetched(place) == []
    clock.sleep(1200)
    assert _fetched(place) == ["stranded"]
    assert _fetched(replace(place, pace=Pace(4))) == []
