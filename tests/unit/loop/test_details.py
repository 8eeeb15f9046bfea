"""Details: asked for what is suspected alone, side by side, and a failure costs itself alone."""

from __future__ import annotations

from datetime import timedelta

from tests.fakes import START, a_place

from refloat.errors import AmazonDown, RoleMissing
from refloat.loop import details
from refloat.loop.details import Suspect
from refloat.loop.observe import observe
from refloat.model import answers
from refloat.model.ports import Answer

SUSPECTS = [Suspect("CUP", "B0TEST0001", "New"), Suspect("PAN", "B0TEST0002", "New", eligibility=True), Suspect("POT", None, None)]


def _kept(record: object, kind: str) -> dict[str, Answer]:
    content = record.content(kind)  # type: ignore[attr-defined]
    return {answer.key: answer for answer in answers.read(content)} if content else {}


def test_each_question_is_asked_where_it_helps() -> None:
    """Listings and stock of every SKU, restrictions of every ASIN, eligibility only in doubt."""
    place, line, record, _ = a_place(listings={"CUP": {"sku": "CUP"}})
    assert details.ask(place, SUSPECTS) == 3 + 3 + 2 + 1
    assert line.calls == {"listing": 3, "inventory": 1, "restrictions": 2, "eligibility": 1}
    kept = _kept(record, "listing-answers")
    assert kept["CUP"].body == {"sku": "CUP"}
    assert kept["POT"].body is None
    assert set(_kept(record, "eligibility-answers")) == {"B0TEST0002"}


def test_stock_is_asked_for_fifty_skus_at_once() -> None:
    """120 SKUs are three calls."""
    place, line, _, _ = a_place()
    details.ask(place, [Suspect(f"S{number}", None, None) for number in range(120)])
    assert line.calls["inventory"] == 3


def test_nothing_suspected_asks_nothing() -> None:
    """No call, no snapshot, no trouble."""
    place, line, record, _ = a_place()
    assert details.ask(place, []) == 0
    assert not line.calls
    assert not record.good


def test_one_failure_leaves_the_older_answer() -> None:
    """The SKU that could not be asked keeps what was known of it, and the source counts as failed."""
    place, line, record, clock = a_place(listings={"CUP": {"n": 1}, "PAN": {"n": 1}, "POT": {"n": 1}})
    details.ask(place, SUSPECTS)
    clock.sleep(60)
    line.listings = {key: {"n": 2} for key in line.listings}
    broken = iter([AmazonDown("no answer")])
    line.fails["listing"] = lambda: next(broken, None)
    details.ask(place, SUSPECTS)
    ages = sorted(answer.body["n"] for answer in _kept(record, "listing-answers").values() if answer.body)
    assert ages == [1, 2, 2]
    assert record.troubles["listing-answers"][0] == "amazon-down"
    assert "1 of 3" in record.troubles["listing-answers"][1]


def test_a_missing_role_is_not_tried_a_thousand_times() -> None:
    """The first refusal ends its kind; the other kinds are asked to their end."""
    place, line, record, _ = a_place()
    line.fails["listing"] = lambda: RoleMissing("no role")
    details.ask(place, [Suspect(f"S{number}", f"B{number}", None) for number in range(1000)])
    assert line.calls["listing"] < 20
    assert line.calls["restrictions"] == 1000
    assert record.troubles["listing-answers"][0] == "role-missing"
    assert "listing-answers" not in record.good


def test_answers_about_what_is_no_longer_suspected_go() -> None:
    """A document holds what is suspected now; the earlier document stays a snapshot of its own."""
    place, _, record, _ = a_place()
    details.ask(place, SUSPECTS)
    details.ask(place, SUSPECTS[:1])
    assert set(_kept(record, "listing-answers")) == {"CUP"}


def test_changes_are_asked_from_the_last_look_on() -> None:
    """A little earlier than the last look, since Amazon's own times may lag; what came is laid beside the rest."""
    place, line, record, clock = a_place()
    record.good["listings-all"] = (START, b"")
    clock.sleep(300)
    line.changes = [Answer("CUP", {"n": 5}, clock.now())]
    assert len(details.changed(place)) == 1
    assert line.since == START - timedelta(seconds=120)
    clock.sleep(300)
    line.changes = []
    details.changed(place)
    assert line.since == START + timedelta(seconds=300 - 120)
    assert _kept(record, "listing-answers")["CUP"].body == {"n": 5}


def test_a_failed_look_at_changes_does_not_move_the_last_look() -> None:
    """What changed in the meantime would be missed otherwise."""
    place, line, record, clock = a_place()
    record.good["listings-all"] = (START, b"")
    broken = iter([AmazonDown("no answer")])
    line.fails["changed_listings"] = lambda: next(broken, None)
    clock.sleep(300)
    details.changed(place)
    clock.sleep(300)
    details.changed(place)
    assert line.since == START - timedelta(seconds=120)


def test_between_reports_only_what_changed_is_asked_again() -> None:
    """The first pass brings the reports and asks about all; the next one asks about the changed SKU alone, and keeps the rest."""
    place, line, record, clock = a_place()
    first = observe([place], lambda: {"US": SUSPECTS})["US"]
    assert first.answers == 9
    line.calls.clear()
    clock.sleep(300)
    line.changes = [Answer("PAN", {"n": 5}, clock.now())]
    second = observe([place], lambda: {"US": SUSPECTS})["US"]
    assert (second.reports, second.changes) == ((), 1)
    assert line.calls == {"changed_listings": 1, "listing": 1, "inventory": 1, "restrictions": 1, "eligibility": 1}
    assert set(_kept(record, "listing-answers")) == set(_kept(record, "inventory-answers")) == {"CUP", "PAN", "POT"}


def test_one_asin_in_two_conditions_is_asked_about_in_both() -> None:
    """New may be listed where Used is not: each condition has an answer of its own."""
    place, line, record, _ = a_place()
    details.ask(place, [Suspect("CUP", "B0TEST0001", "New"), Suspect("CUP-USED", "B0TEST0001", "UsedGood"), Suspect("CUP-2", "B0TEST0001", "New")])
    assert line.conditions == [("B0TEST0001", "New"), ("B0TEST0001", "UsedGood")]
    assert set(_kept(record, "restriction-answers")) == {"B0TEST0001 New", "B0TEST0001 UsedGood"}


def test_what_came_in_part_does_not_end_the_trouble_for_a_moment() -> None:
    """The answers and the trouble are one entry, so a kill between them cannot make the source look well."""
    place, line, record, _ = a_place(listings={"CUP": {"n": 1}})
    broken = iter([AmazonDown("no answer")])
    line.fails["listing"] = lambda: next(broken, None)
    record.failed = None  # type: ignore[method-assign, assignment]
    details.ask(place, SUSPECTS)
    assert record.troubles["listing-answers"][0] == "amazon-down"
    assert len(_kept(record, "listing-answers")) == 2


def test_trouble_with_changes_ends_when_everything_was_asked_anew() -> None:
    """A pass that brings reports asks about every suspect: what the failed look would have shown is not missed."""
    place, line, record, clock = a_place()
    observe([place], lambda: {"US": SUSPECTS})
    line.fails["changed_listings"] = lambda: AmazonDown("no answer")
    clock.sleep(300)
    observe([place], lambda: {"US": SUSPECTS})
    assert details.CHANGES in record.troubles
    clock.sleep(24 * 3600)
    observe([place], lambda: {"US": SUSPECTS})
    assert details.CHANGES not in record.troubles
