"""Tasks: every by-hand remedy for every cause that names it, in both languages, from whatever facts there are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small_account import Account, row

from refloat.knowledge import drafts
from refloat.knowledge.by_hand import by_hand
from refloat.knowledge.catalogue import Catalogue, catalogue
from refloat.loop import tasks
from refloat.loop.choosing import STOP_WRITER
from refloat.model.notes import Entered, Notes, Restriction
from refloat.model.task import Attachment, Subject, Task, Term, Tried, subject_of

DAY = date(2026, 11, 4)
TERM = Term(date(2026, 11, 3), date(2026, 11, 6))
KNOWN: Catalogue = catalogue()
BY_HAND = [name for name, remedy in KNOWN.remedies.items() if remedy.safety == "by-hand"]
#: Every cause with every remedy by hand that its page names.
PAIRS = [(cause.name, name) for cause in KNOWN.causes.values() for name in dict.fromkeys((*cause.remedies, *cause.after)) if name in BY_HAND]
#: No page names it: another tool may undo any cure.
PAIRS += [(cause, STOP_WRITER) for cause in ("merchant-fulfilled", "converted-by-upload", "listing-closed")]
LANGUAGES = ("en", "zh-Hans")
FULL = Subject(
    marketplace="DE", sku="MUG-BLUE-11", cause="restricted-asin", asin="B0TEST0131", fnsku="X00TEST131", title="Sample Harbour mug", condition="New", units=340,
    said="Restricted ASIN", error_message="Not now", stranded_on=date(2026, 9, 28), seen_on=date(2026, 11, 1), removal_due_on=date(2026, 11, 27), notice_on=date(2026, 10, 28), brand="Sample Harbour",
)  # fmt: skip
#: What nobody may find in a text that goes to Amazon.
_LEFT_OVER = re.compile(r"[{}]|None|unknown|未知|null")
#: Texts as facts: without the signs that the test looks for.
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="{}[]|", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30).filter(
    lambda text: text.strip() and not _LEFT_OVER.search(text)
)
_DATE = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def _task(subject: Subject, remedy: str, language: str = "en", **more: object) -> Task:
    return tasks.task_of(subject, remedy, KNOWN, **{"id": 1, "account": "harbour", "term": TERM, "today": DAY, "language": language, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("cause", "remedy"), PAIRS)
def test_every_remedy_by_hand_is_a_task_for_every_cause_that_names_it(cause: str, remedy: str, language: str) -> None:
    """Steps, pages, days, checklist, and a text that says the facts and asks for something."""
    found = _task(replace(FULL, cause=cause), remedy, language)
    assert found.steps
    assert found.links
    assert found.window
    assert found.checklist
    assert found.draft
    for fact in ("MUG-BLUE-11", "B0TEST0131", "X00TEST131", "Sample Harbour mug", "340", "Restricted ASIN", "2026-09-28"):
        assert fact in found.draft.text
    assert found.draft.asks
    assert not _LEFT_OVER.search(found.draft.text)
    chinese = len(re.findall(r"[\u4e00-\u9fff]", found.draft.text + "".join(found.steps)))
    assert (chinese > 50) is (language == "zh-Hans")


def test_the_nine_remedies_by_hand_are_all_met() -> None:
    """Each stands on the page of some cause, but for the one that any cause may need."""
    assert {remedy for _, remedy in PAIRS} == set(BY_HAND)
    assert len(BY_HAND) == 9


def test_a_task_goes_to_json_and_its_subject_comes_back() -> None:
    """What the store keeps of it is what was known."""
    assert subject_of(FULL.as_json()) == FULL
    assert subject_of(Subject(None, "A-1", "unexplained").as_json()) == Subject(None, "A-1", "unexplained")
    said = _task(FULL, "appeal").as_json()
    assert (said["sku"], said["follow_up_on"], said["window"]["first"]) == ("MUG-BLUE-11", "2026-11-06", "2026-09-21")


@settings(max_examples=120, deadline=None)
@given(
    pair=st.sampled_from(PAIRS), language=st.sampled_from(LANGUAGES), place=st.sampled_from([None, "US", "DE", "JP"]),
    texts=st.fixed_dictionaries({name: st.none() | _TEXT for name in ("asin", "fnsku", "title", "condition", "said", "error_message", "brand")}),
    days=st.fixed_dictionaries({name: st.none() | _DATE for name in ("stranded_on", "seen_on", "removal_due_on", "notice_on")}),
    sku=_TEXT, units=st.none() | st.integers(0, 10**6),
    tried=st.lists(st.builds(Tried, _DATE, st.sampled_from(sorted(KNOWN.remedies)), st.none() | _TEXT, st.sampled_from([None, "won", "refused", "no-answer", "done"])), max_size=3),
    files=st.lists(_TEXT, max_size=2),
)  # fmt: skip
def test_known_facts_are_said_and_unknown_ones_never(
    pair: tuple[str, str], language: str, place: str | None, texts: dict[str, str | None], days: dict[str, date | None], sku: str, units: int | None, tried: list[Tried], files: list[str]
) -> None:
    """No brace, None or “unknown” is left in a text; every fact that is known and that the text names stands in it as it is."""
    cause, remedy = pair
    subject = Subject(marketplace=place, sku=sku, cause=cause, units=units, **texts, **days)
    found = _task(subject, remedy, language, tried=tried, attachments=[Attachment(name, "0" * 64, 1) for name in files])
    assert found.draft
    text = found.draft.text
    assert not _LEFT_OVER.search(text)
    assert all(f"[{ask}]" in text for ask in found.draft.asks)
    named = drafts.named(by_hand(KNOWN.remedies[remedy].page, language).template_for(cause) or "")
    said = [value.isoformat() if isinstance(value, date) else str(value) for name, value in {"sku": sku, "units": units, **texts, **days}.items() if name in named and value is not None]
    assert [value for value in (*said, *files, *(one.request_id for one in tried if one.request_id and one.result is None)) if value not in text] == []


def test_a_fact_is_put_in_as_it_is() -> None:
    """Braces, brackets, doubled blanks and inch marks of a SKU stay; a line feed in a title does not tear the text."""
    found = _task(replace(FULL, sku='47"  {sku} [A]', title="Mug\nblue"), "contact-support")
    assert found.draft
    assert 'SKU: 47"  {sku} [A]' in found.draft.text
    assert "Product: Mug blue" in found.draft.text
    assert "A" not in found.draft.asks


def test_what_is_not_known_is_left_out_or_asked_for() -> None:
    """An unknown ASIN is asked for; other unknown lines, and a heading with nothing below it, are gone."""
    found = _task(Subject("US", "A-1", "restricted-asin"), "appeal")
    assert found.draft
    assert "ASIN: [the ASIN]" in found.draft.text
    assert [line for line in ("FNSKU", "Units", "Stranded since", "Done before") if line in found.draft.text] == []


def test_an_estimate_of_ours_never_goes_to_amazon(tmp_path: Path) -> None:
    """Only Amazon's own removal date stands in a text."""
    finding = Account(tmp_path).stranded(row(sku="A-1", stranded_reason="Restricted ASIN")).finding("A-1")
    assert finding.removal_due_from not in {"report", "notice"}
    notes = Notes(restrictions={"A-1": Restriction("APPROVAL_REQUIRED", "Sample Harbour")}, removal_notices={"A-1": date(2026, 11, 1)})
    subject = tasks.subject_of_finding(finding, notes, DAY)
    assert (subject.removal_due_on, subject.units, subject.brand, subject.notice_on, subject.seen_on) == (None, 13, "Sample Harbour", date(2026, 11, 1), DAY)


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (Notes(), ("unknown", "unknown")),
        (Notes(documents_kept=True), ("missing", "missing")),
        (Notes(register={"MUG-BLUE-11": (Entered("Invoice", date(2026, 1, 5)),)}), ("on-file", "unknown")),
        (Notes(register={"MUG-BLUE-11": (Entered("发票", date(2025, 1, 5)),)}, documents_kept=True), ("too-old", "missing")),
        (Notes(register={"MUG-BLUE-11": (Entered("letter of authorisation"), Entered("invoices"))}), ("on-file", "on-file")),
        (Notes(register={"OTHER": (Entered("invoice"),)}, documents_kept=True), ("missing", "missing")),
    ],
)
def test_the_checklist_says_what_is_on_file(notes: Notes, expected: tuple[str, str]) -> None:
    """On file, too old, missing where the register is complete, else unknown: never missing by silence."""
    there = {line.paper: line.there for line in _task(FULL, "appeal", notes=notes).checklist}
    assert (there["invoices"], there["authorisation"]) == expected


def test_the_checklist_is_that_of_the_cause() -> None:
    """A recall wants a Letter of Compliance, an investigation test reports."""
    papers = {cause: {line.paper for line in _task(replace(FULL, cause=cause), "submit-documents").checklist} for cause in ("product-recall", "food-safety-investigation")}
    assert ("letter-of-compliance" in papers["product-recall"], "test-report" in papers["product-recall"]) == (True, False)
    assert ("letter-of-compliance" in papers["food-safety-investigation"], "test-report" in papers["food-safety-investigation"]) == (False, True)


@pytest.mark.parametrize(("place", "host"), [("US", "sellercentral.amazon.com"), ("UK", "sellercentral.amazon.co.uk"), ("JP", "sellercentral.amazon.co.jp"), ("BE", "sellercentral.amazon.com.be")])
def test_links_lead_to_the_marketplaces_own_host(place: str, host: str) -> None:
    """With the ASIN where the page takes one; a page that is not known for sure is marked."""
    links = _task(replace(FULL, marketplace=place, asin="B0 TEST/1"), "request-approval").links
    assert {link.url.split("/")[2] for link in links} == {host}
    assert links[0].url.endswith("approve?asin=B0%20TEST%2F1")
    assert _task(replace(FULL, asin=None), "request-approval").links[0].certain is False
    assert _task(FULL, "report-abuse").links[0].certain is False
    assert _task(replace(FULL, marketplace=None), "appeal").links == ()


def test_the_days_to_look_into() -> None:
    """A week before and after the stranded date; without one, around the day on which it was first seen, and marked."""
    window = _task(FULL, "appeal").window
    assert window
    assert (window.first, window.last, window.around) == (date(2026, 9, 21), date(2026, 10, 5), "stranded")
    window = _task(replace(FULL, stranded_on=None), "appeal").window
    assert window
    assert (window.first, window.around) == (date(2026, 10, 25), "seen")
    assert _task(replace(FULL, stranded_on=None, seen_on=None), "appeal").window is None


@pytest.mark.parametrize(
    ("opened_on", "removal_due_on", "expected"),
    [
        (date(2026, 11, 2), None, date(2026, 11, 5)),
        (date(2026, 11, 5), None, date(2026, 11, 9)),
        (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 3)),
        (date(2026, 11, 2), date(2026, 10, 1), date(2026, 11, 5)),
    ],
)
def test_the_follow_up_is_a_working_day_before_the_removal(opened_on: date, removal_due_on: date | None, expected: date) -> None:
    """The page's wait; a Sunday is a Monday; a removal that is still to come is not waited past."""
    assert tasks.follow_up_on(KNOWN.causes["restricted-asin"], opened_on, removal_due_on) == expected


@pytest.mark.parametrize(
    ("cause", "remedy", "result", "expected"),
    [
        ("restricted-asin", "appeal", "won", "relist-offer"),
        ("restricted-asin", "appeal", "refused", "create-removal"),
        ("restricted-asin", "appeal", "no-answer", "create-removal"),
        ("restricted-asin", "appeal", "done", None),
        ("restricted-asin", "appeal", "overtaken", None),
        ("qualification-required-brand", "request-approval", "won", "edit-listing"),
        ("product-recall", "submit-documents", "won", "relist-offer"),
        ("restricted-product-asin", "contact-support", "done", "relist-offer"),
        ("dangerous-goods-documents", "submit-dangerous-goods", "refused", "contact-support"),
        ("asin-restricted", "appeal", "refused", "submit-documents"),
        ("deleted-by-another", "report-abuse", "done", None),
        ("miscategorized-asin", "change-category", "won", None),
        ("unexplained", "contact-support", "no-answer", None),
    ],
)
def test_what_follows(cause: str, remedy: str, result: str, expected: str | None) -> None:
    """After a success what the cause's page says, else its next remedy; a listing is deleted after a removal, never here."""
    assert tasks.followed_by(KNOWN.causes[cause], KNOWN.remedies[remedy], result) == expected


def test_whose_turn_it_is(tmp_path: Path) -> None:
    """The first remedy by hand; what follows it where that is by hand too; nobody's while it is clearing."""
    found = Account(tmp_path).stranded(row(sku="A-1", stranded_reason="Restricted ASIN"), row(sku="A-2", stranded_reason="Miscategorized ASIN"), row(sku="A-3")).findings()
    assert tasks.called_for(found["A-1"], KNOWN, {}) == "appeal"
    assert tasks.called_for(found["A-1"], KNOWN, {"appeal": "refused"}) is None
    assert tasks.called_for(found["A-2"], KNOWN, {"change-category": "refused"}) == "contact-support"
    assert tasks.called_for(found["A-2"], KNOWN, {"change-category": "refused", "contact-support": "no-answer"}) is None
    assert tasks.called_for(found["A-3"], KNOWN, {}) is None
    assert tasks.called_for(replace(found["A-1"], standing="clearing"), KNOWN, {}) is None


def test_an_open_task_is_overdue_from_its_day_on() -> None:
    """Not before, and never once it has ended; the day in the list is Amazon's removal where that is sooner."""
    assert not _task(FULL, "appeal").overdue
    assert _task(FULL, "appeal", today=TERM.follow_up_on).overdue
    ended = replace(TERM, ended_on=DAY, result="refused")
    assert not _task(FULL, "appeal", today=DAY + timedelta(days=90), term=ended).overdue
    assert _task(FULL, "appeal", term=ended).next == "create-removal"
    assert _task(replace(FULL, removal_due_on=date(2026, 11, 5)), "appeal").due_on == date(2026, 11, 5)


def test_a_tool_is_named_in_the_readers_language() -> None:
    """Who most likely writes stands in the text, in words; where nobody knows it is asked for."""
    known = {language: _task(replace(FULL, cause="merchant-fulfilled", writer="file-upload"), STOP_WRITER, language).draft for language in LANGUAGES}
    assert known["en"] is not None and "Most likely: a file upload" in known["en"].text
    assert known["zh-Hans"] is not None and "文件上传" in known["zh-Hans"].text
    unknown = _task(replace(FULL, cause="merchant-fulfilled"), STOP_WRITER).draft
    assert unknown is not None and "[the program or file]" in unknown.text
    then = _task(replace(FULL, cause="merchant-fulfilled"), STOP_WRITER, term=replace(TERM, ended_on=DAY, result="done"))
    assert then.next == "change-to-fba", "once it is stopped, the cure is due"
