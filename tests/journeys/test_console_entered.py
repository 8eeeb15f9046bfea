"""What operators enter of what they chose, prices by grid and by file, guards lifted by name, and downloads: each ends in the record or in the world."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from tests.console_desk import ACCOUNT, Desk, served
from tests.console_plans import US, approve, carried_out, chosen, person, planned, stranded, writes

from refloat.app.entering import set_prices
from refloat.app.policies import enter_notes, notes_on_record, opted_out
from refloat.app.unattended import act_by_policy
from refloat.clock import SimulatedClock
from refloat.loop.kept_rows import row_of

HOSTILE = '=HYPERLINK("http://x.example","<script>alert(1)</script>")'


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with served(tmp_path_factory.mktemp("console-entered"), skus=90, stranded=0.8, reasons=("Listing closed", "Missing price", "Potential high pricing error")) as desk:
        yield desk


def _rows(desk: Desk, cause: str) -> list[tuple[int, str]]:
    return list(stranded(desk, cause).items())


def test_a_hold_holds_and_shows_at_once(desk: Desk) -> None:
    """Kept with the person's name; the table says so before the next look, a plan leaves it alone, and ending it ends it."""
    (number, sku), (other, _), *_rest = _rows(desk, "listing-closed")
    until = (desk.clock.now() + timedelta(days=9)).date()
    assert chosen(desk.visitor, "hold", [number], sure="yes", until="2020-01-01").text.count("has passed already") == 1
    assert notes_on_record(desk.store, ACCOUNT)[0].holds == {}
    assert "until" in chosen(desk.visitor, "hold", [number]).text
    chosen(desk.visitor, "hold", [number], sure="yes", until=until.isoformat())
    assert notes_on_record(desk.store, ACCOUNT)[0].holds == {sku: until}
    assert "held until" in desk.visitor.get(f"/strandings/?q={sku}").text
    kept = desk.store.plans.get(planned(chosen(desk.visitor, "relist", [number, other])))
    assert [one.guard.name for one in kept.left_alone if one.sku == sku] == ["held"]
    assert sku not in {one.sku for one in kept.actions}
    chosen(desk.visitor, "unhold", [number])
    assert notes_on_record(desk.store, ACCOUNT)[0].holds == {}
    told = [entry.body for entry in desk.store.journal.about_skus(ACCOUNT, "US") if entry.kind == "sku-noted"]
    assert [(one["sku"], one["value"], one["by"]) for one in told] == [(sku, until.isoformat(), "sample-owner"), (sku, None, "sample-owner")]


def test_who_is_opted_out_is_left_to_people(desk: Desk) -> None:
    """The loop proposes nothing for it and does nothing; a person's own plan still may."""
    number, sku = _rows(desk, "listing-closed")[2]
    chosen(desk.visitor, "opt-out", [number], sure="yes")
    assert [one.sku for one in opted_out(desk.store, ACCOUNT)] == [sku]
    told = f"as sample-owner entered on {desk.clock.now().date()}"
    account = desk.store.accounts.list()[0].id
    pages = (f"/strandings/{number}/", f"/settings/{account}/amazon/")
    assert [told in desk.visitor.get(page).text for page in pages] == [True, True]
    assert isinstance(desk.clock, SimulatedClock)
    desk.clock.catch_up()
    decided = {action.sku: decision.outcome for action, decision in act_by_policy(desk.store, ACCOUNT, clock=desk.clock).decided}
    assert decided[sku] == "held"
    assert desk.store.plans.get(planned(chosen(desk.visitor, "relist", [number]))).actions[0].sku == sku
    chosen(desk.visitor, "opt-in", [number])
    assert opted_out(desk.store, ACCOUNT) == ()
    assert [told in desk.visitor.get(page).text for page in pages] == [False, False]


def test_the_end_of_holds_counts_what_ended_and_names_what_the_file_holds_on(desk: Desk, tmp_path: Path) -> None:
    """One entered at the page ends; one of the notes file stays, and the page says both."""
    (number, _), (other, kept), *_rest = _rows(desk, "listing-closed")
    until = (desk.clock.now() + timedelta(days=9)).date()
    notes = tmp_path / "notes.toml"
    notes.write_text(f'[[holds]]\nsku = "{kept}"\nuntil = {until}\n', "utf-8")
    enter_notes(desk.store, ACCOUNT, notes, "A. Sample", desk.clock.now())
    try:
        chosen(desk.visitor, "hold", [number], sure="yes", until=until.isoformat())
        said = chosen(desk.visitor, "unhold", [number, other]).text
        assert ("Entered: 1 SKU." in said, f"1 SKU of {ACCOUNT} stay held by the notes file, {kept} for one" in said) == (True, True)
        assert notes_on_record(desk.store, ACCOUNT)[0].holds == {kept: until}
    finally:
        notes.write_text("", "utf-8")
        enter_notes(desk.store, ACCOUNT, notes, "A. Sample", desk.clock.now())


def test_a_stranding_is_somebodys_matter(desk: Desk) -> None:
    """The table has the name, the journal who gave it to whom; a viewer cannot be given work."""
    number, sku = _rows(desk, "listing-closed")[3]
    person(desk, "O. Sample", "operator")
    person(desk, "V. Sample", "viewer")
    names = {name: str(number_) for number_, name in desk.store.asking.people_for(ACCOUNT).items()}
    assert "V. Sample" not in names
    chosen(desk.visitor, "assign", [number], sure="yes", person=names["O. Sample"])
    assert desk.store.asking.assignees([number]) == {number: "O. Sample"}
    assert "with O. Sample" in desk.visitor.get(f"/strandings/?q={sku}").text
    chosen(desk.visitor, "assign", [number], sure="yes", person="nobody")
    assert desk.store.asking.assignees([number]) == {}
    assert [entry.body["to"] for entry in desk.store.journal.about_skus(ACCOUNT, "US") if entry.kind == "assigned"] == ["O. Sample", None]


def test_a_note_stands_in_the_journal(desk: Desk) -> None:
    """Word for word, under the person's name; an empty one is none."""
    number, sku = _rows(desk, "listing-closed")[4]
    assert chosen(desk.visitor, "note", [number], sure="yes", text="  ").status_code == 422
    chosen(desk.visitor, "note", [number], sure="yes", text="<b>Ask the supplier</b>")
    assert [(entry.body["sku"], entry.body["text"], entry.body["by"]) for entry in desk.store.journal.about_skus(ACCOUNT, "US") if entry.kind == "remarked"] == [
        (sku, "<b>Ask the supplier</b>", "sample-owner")
    ]


def test_prices_in_a_grid(desk: Desk) -> None:
    """One wrong cell: nothing is entered, what was typed stays, the reason stands beside it. All sound: planned, and the world has the price; beyond the plan nobody wishes it."""
    (first, one), (second, two), *_rest = _rows(desk, "missing-price")
    right, other = _sound(desk, first), _sound(desk, second)
    wrong = chosen(desk.visitor, "prices", [first, second], sure="yes", **{f"price-{first}": right, f"price-{second}": "12.3.4"})
    assert wrong.status_code == 422
    assert (f'value="{right}"' in wrong.text, 'value="12.3.4"' in wrong.text, f'id="wrong-{second}"' in wrong.text, f'id="wrong-{first}"' in wrong.text) == (True, True, True, False)
    assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {}
    plan = planned(chosen(desk.visitor, "prices", [first, second], sure="yes", **{f"price-{first}": right, f"price-{second}": other.replace(".", ",")}))
    assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {}
    asked = desk.store.asking.who_asked(plan)
    assert asked is not None
    assert sorted(asked.asked["prices"]) == sorted([["US", one, right], ["US", two, other]])
    kept = desk.store.plans.get(plan)
    assert {action.sku for action in kept.actions} == {one, two}, kept.left_alone
    approve(desk, plan)
    assert carried_out(desk, plan).how == "done"
    assert [writes(desk, sku) for sku in (one, two)] == [1, 1]
    assert f"{float(right):g}" in str(desk.world.listings[desk.seller.id, US, one].attributes["purchasable_offer"])


def test_a_price_that_was_rejected_as_a_typing_error_goes_live_nowhere(desk: Desk) -> None:
    """Typed in the grid, rejected with its plan: neither another plan nor a rule opens the offer at it."""
    number, sku = _rows(desk, "listing-closed")[-1]
    known = row_of(desk.store.pages.diagnosed([number])[number])
    typo = f"{known['bound_max'] or known['bound_min'] or Decimal('99.90'):.2f}"
    plan = planned(chosen(desk.visitor, "prices", [number], sure="yes", **{f"price-{number}": typo}))
    desk.visitor.post(f"/plans/{plan}/reject/", {"which": "all", "why": "A typing error"}, seen=f"/plans/{plan}/")
    kept = desk.store.plans.get(planned(chosen(desk.visitor, "relist", [number])))
    shown = [one.after for action in kept.actions for one in action.fields if one.name == "price"]
    assert shown == [next(one.before for action in kept.actions for one in action.fields if one.name == "price")], kept.left_alone
    assert shown != [f"{typo} USD"]
    approve(desk, kept.id)
    assert carried_out(desk, kept.id).how == "done"
    assert f"'value_with_tax': {float(typo):g}}}" not in str(desk.world.listings[desk.seller.id, US, sku].attributes["purchasable_offer"][0]["our_price"])


def test_a_price_that_was_entered_to_last_is_shown_and_ended(desk: Desk) -> None:
    """By a program: it stands on the stranding's page with its name, and ends there; a viewer only reads it."""
    number, sku = _rows(desk, "listing-closed")[-2]
    set_prices(desk.store, ACCOUNT, {("US", sku): Decimal("21.50")}, by="P. Sample", clock=desk.clock)
    viewer = person(desk, "V. Sample", "viewer")
    page = desk.visitor.get(f"/strandings/{number}/").text
    assert "21.50 USD, entered by P. Sample" in page
    assert "21.50 USD" in viewer.get(f"/strandings/{number}/").text
    assert "End this price" not in viewer.get(f"/strandings/{number}/").text
    assert viewer.post(f"/strandings/{number}/end-price/", seen=f"/strandings/{number}/").status_code == 403
    assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {"US": {sku: Decimal("21.50")}}
    answer = desk.visitor.post(f"/strandings/{number}/end-price/", seen=f"/strandings/{number}/")
    assert "entered by P. Sample" not in answer.text
    assert notes_on_record(desk.store, ACCOUNT)[1].prices_in == {}
    told = [(entry.body["value"], entry.body["by"]) for entry in desk.store.journal.about_skus(ACCOUNT, "US") if entry.kind == "sku-noted" and entry.body["note"] == "price"]
    assert told == [("21.50", "P. Sample"), (None, "sample-owner")]


def _sound(desk: Desk, number: int) -> str:
    """A price inside the seller's own bounds."""
    row = row_of(desk.store.pages.diagnosed([number])[number])
    return f"{row['bound_max'] or row['bound_min'] or Decimal('19.90'):.2f}"


def test_a_guard_is_lifted_by_name_and_with_a_reason(desk: Desk) -> None:
    """What the notes call closed on purpose is kept back; lifted, it is a plan of its own, with the reason on record."""
    number, sku = _rows(desk, "listing-closed")[5]
    notes = desk.server.home / "notes.toml"
    notes.write_text(f'# Written by hand; it stays as it is.\n[[closed]]\nsku = "{sku}"\non = 2026-11-01\n', "utf-8")
    enter_notes(desk.store, ACCOUNT, notes, "sample-owner", desk.clock.now())
    desk.look()
    plan = planned(chosen(desk.visitor, "relist", [number]))
    assert [one.guard.name for one in desk.store.plans.get(plan).left_alone] == ["closed-on-purpose"]
    assert desk.visitor.post(f"/plans/{plan}/lift/", {"guard": "closed-on-purpose", "why": ""}, seen=f"/plans/{plan}/").status_code == 422
    assert desk.visitor.post(f"/plans/{plan}/lift/", {"guard": "held", "why": "because"}, seen=f"/plans/{plan}/").status_code == 409
    typed = planned(chosen(desk.visitor, "prices", [number], sure="yes", **{f"price-{number}": _sound(desk, number)}))
    assert [one.guard.name for one in desk.store.plans.get(typed).left_alone] == ["closed-on-purpose"]
    again = desk.store.asking.who_asked(planned(desk.visitor.post(f"/plans/{typed}/lift/", {"guard": "closed-on-purpose", "why": "A new edition"}, seen=f"/plans/{typed}/")))
    assert again is not None
    assert again.asked["prices"] == [["US", sku, _sound(desk, number)]], "the typed price goes on with it"
    lifted = planned(desk.visitor.post(f"/plans/{plan}/lift/", {"guard": "closed-on-purpose", "why": "A new edition"}, seen=f"/plans/{plan}/"))
    kept, asked = desk.store.plans.get(lifted), desk.store.asking.who_asked(lifted)
    assert ([one.sku for one in kept.actions], kept.lifted) == ([sku], ("closed-on-purpose",))
    assert asked is not None
    assert asked.asked["lifted"] == {"closed-on-purpose": "A new edition"}
    approve(desk, lifted)
    assert carried_out(desk, lifted).how == "done"
    assert writes(desk, sku) == 1
    row = desk.store.policies.newest(ACCOUNT, "notes")
    assert row is not None
    assert row.text.startswith("# Written by hand"), "what people enter at the pages stands beside it"


def test_a_bulk_fix_file_goes_out_and_comes_back_filled_in(desk: Desk) -> None:
    """Exactly the chosen SKUs; filled in and uploaded it is a plan; a wrong row is named."""
    rows = _rows(desk, "listing-closed")[6:9]
    fields = {"id": [number for number, _ in rows], "of-account": ACCOUNT, "of-marketplace": "US"}
    file = desk.visitor.post("/strandings/bulk-fix/", fields, seen="/strandings/")
    lines = file.content.decode("cp1252").splitlines()
    assert {line.split("\t")[0] for line in lines[1:]} == {sku for _, sku in rows}
    assert person(desk, "V. Sample", "viewer").post("/strandings/bulk-fix/", fields, seen="/strandings/").status_code == 403
    spoilt = "\n".join([*lines, lines[1].replace(rows[0][1], "NOT-MINE") if rows[0][1] in lines[1] else lines[1].replace(lines[1].split("\t")[0], "NOT-MINE")]) + "\n"
    answer = desk.visitor.post("/strandings/filled-in/", {"of-account": ACCOUNT, "of-marketplace": "US"}, seen="/strandings/", files={"file": ("..\\..\\evil<b>.txt", spoilt.encode(), "text/plain")})
    plan = planned(answer)
    assert "NOT-MINE" in answer.text
    assert {action.sku for action in desk.store.plans.get(plan).actions} == {sku for _, sku in rows}


def test_downloads_hold_what_is_filtered_and_nothing_that_runs(desk: Desk) -> None:
    """A hostile title is text in both files; the filter narrows them; somebody of another account gets nothing of it."""
    from refloat.store.models import OpenFinding

    number, sku = _rows(desk, "listing-closed")[9]
    OpenFinding.objects.filter(pk=number).update(title=HOSTILE)
    text = desk.visitor.get("/strandings/strandings.csv?cause=listing-closed").content.decode("utf-8-sig")
    rows = {row["sku"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == set(stranded(desk, "listing-closed").values())
    assert rows[sku]["title"] == f"'{HOSTILE}"
    assert rows[sku]["remedy"] == "relist-offer"
    assert rows[sku]["evidence"]
    book = openpyxl.load_workbook(io.BytesIO(desk.visitor.get("/strandings/strandings.xlsx?cause=listing-closed").content))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert [cell.data_type for cell in cells if HOSTILE in str(cell.value)] == ["s"]
    assert {str(cell.value) for cell in cells} >= set(stranded(desk, "listing-closed").values())
    assert HOSTILE not in desk.visitor.get(f"/strandings/?q={sku}").text
    assert desk.newcomer().get("/strandings/strandings.csv").status_code == 302
