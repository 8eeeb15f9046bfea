"""The promises that a triage can keep or break: evidence, enforcement, dangerous goods, unknown is never nothing."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import pytest
from tests import report_files, small_account
from tests.small_account import TODAY, Account, in_stock, listed, row

from refloat import demo
from refloat.app import Question, Triage, triage
from refloat.errors import NothingReadable
from refloat.knowledge.catalogue import catalogue
from refloat.model.notes import Notes, Restriction
from refloat.model.sighting import COLUMNS
from refloat.reports.notes import read_notes

PAGES = catalogue()
#: What changes a listing or an offer; the others only hand something over, remove, wait or ask.
WRITES_A_LISTING = {"relist-offer", "change-to-fba", "set-price", "edit-listing", "create-listing", "recreate-listing", "change-sell-date", "pause-offer"}
OF_KIND = {kind: [cause.said_as[0] for cause in PAGES.causes.values() if cause.kind == kind and cause.said_as] for kind in ("enforcement", "dangerous-goods", "approval")}
NEVER_SEEN = ("Digital product passport pending", "Listing close", "Listing closed by Amazon", "Merchant", "相似但不同", "Relist")

#: Every state in which the other reports can show a SKU, a few dozen in all.
LISTINGS = (None, listed("?"), listed("?", status="Inactive"), listed("?", channel="DEFAULT", quantity=9), listed("?", open_date="2027-01-01"))
STOCK = (None, in_stock("?", 9), in_stock("?", 9, afn_listing_exists="No"))
ISSUES = (None, "Missing attribute", "Restricted")
ENTERED = ("nothing", "expired", "held", "restricted", "unapproved")


def everything(folder: Path, said: list[str], action: str = "Relist") -> Triage:
    """Each reason in each state: one SKU for each, with returns, bounds and sales that would tempt a refinement."""
    states = {f"{reason:02}-{number:03}": (said[reason], *state) for reason in range(len(said)) for number, state in enumerate(itertools.product(LISTINGS, STOCK, ISSUES, ENTERED))}
    account = Account(folder).stranded(*(row(sku=sku, stranded_reason=text, primary_action=action, status_secondary="Blocked" if int(sku[-1]) % 2 else "") for sku, (text, *_) in states.items()))
    account.listings(*(listing | {"seller-sku": sku} for sku, (_, listing, *_) in states.items() if listing))
    account.stock(*(stock | {"sku": sku} for sku, (_, _, stock, *_) in states.items() if stock))
    account.add("suppressed.txt", report_files.table(small_account.SUPPRESSED, *({"SKU": sku, "Reason": issue} for sku, (*_, issue, _) in states.items() if issue)))
    account.add("returns.txt", report_files.table(small_account.RETURNS, *({"sku": sku, "return-date": "2026-11-01", "quantity": "30"} for sku in states)))
    account.add("planning.txt", report_files.table(small_account.PLANNING, *({"sku": sku, "snapshot-date": "2026-11-22", "units-shipped-t90": "40"} for sku in states)))
    account.add("bounds.txt", report_files.table(small_account.LOADER, *({"sku": sku, "minimum-seller-allowed-price": "90.00"} for sku in states)))
    entered = {name: [sku for sku, (*_, note) in states.items() if note == name] for name in ENTERED}
    restrictions = {sku: Restriction("NOT_ELIGIBLE") for sku in entered["restricted"]} | {sku: Restriction("APPROVAL_REQUIRED", "Sample") for sku in entered["unapproved"]}
    notes = Notes(
        expires=dict.fromkeys(entered["expired"], TODAY.replace(day=1)),
        holds=dict.fromkeys(entered["held"], TODAY.replace(month=12)),
        restrictions=restrictions,
        documents_kept=True,
        closings_kept=True,
    )
    return account.triage(notes=notes)


class TestPromise5EveryFindingPointsToItsEvidence:
    def test_in_the_demo_account(self) -> None:
        files = [f"{place}={demo.FOLDER / place}" for place in ("DE", "US")]
        result = triage(Question(files, as_of=demo.AS_OF, notes=read_notes(demo.FOLDER / "notes.toml")))
        self._points_into_the_files(result, {source.report for source in result.sources} | {"notes"})

    def test_in_every_state_of_every_reason(self, tmp_path: Path) -> None:
        said = ["", "--", "Listing closed", "Listing error", "Merchant fulfilled", "Inventory error", "Never seen before"]
        result = everything(tmp_path, said)
        self._points_into_the_files(result, {source.report for source in result.sources} | {"notes"})

    def _points_into_the_files(self, result: Triage, given: set[str]) -> None:
        fields = {(column.report, column.field) for column in COLUMNS} | {("stranded", "sku"), ("fba-inventory", "sku")}
        for finding in result.findings():
            assert finding.evidence, finding.sku
            assert {piece.source for piece in finding.evidence} <= given, finding
            assert {(piece.source, piece.field) for piece in finding.evidence} <= fields
            assert all(piece.value for piece in finding.evidence)

    def test_a_row_that_says_nothing_is_unexplained_and_by_hand(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", stranded_reason="", primary_action="Relist")).finding()
        assert (finding.cause, finding.remedy, finding.safety) == ("unexplained", "review", "by-hand")
        assert [piece.as_json() for piece in finding.evidence] == [{"source": "stranded", "field": "sku", "value": "A-1"}]

    def test_a_suspicion_points_into_the_stock_report_not_into_the_silent_one(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="OTHER")).stock(in_stock("A-1", 40)).listings(listed("OTHER"), listed("A-1", channel="DEFAULT", quantity=3))
        finding = account.finding()
        assert (finding.cause, finding.standing) == ("converted-by-upload", "suspected")
        assert ("fba-inventory", "afn-fulfillable-quantity", "40") in {(piece.source, piece.field, piece.value) for piece in finding.evidence}
        assert "stranded" not in {piece.source for piece in finding.evidence}

    def test_evidence_is_what_stands_there_word_for_word(self, tmp_path: Path) -> None:
        account = (
            Account(tmp_path)
            .stranded(row(sku="A-1", status_secondary="已冻结"))
            .add("suppressed.txt", report_files.table(small_account.SUPPRESSED, {"SKU": "A-1", "Reason": "Restricted products policy"}))
        )
        finding = account.finding()
        assert finding.cause == "asin-restricted"
        assert {(piece.field, piece.value) for piece in finding.evidence} == {("stranded-reason", "Listing closed"), ("status-secondary", "已冻结"), ("Reason", "Restricted products policy")}

    def test_an_artefact_points_at_its_row(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="amzn.gr.CUP-1", stranded_reason="")).finding("amzn.gr.CUP-1")
        assert (finding.cause, finding.safety, finding.evidence[0].value) == ("artefact-sku", "by-hand", "amzn.gr.CUP-1")


class TestPromise7DoingNothingHasAReasonToo:
    @pytest.mark.parametrize("said", [cause.said_as[0] for cause in PAGES.causes.values() if cause.said_as and cause.remedies[0] in ("wait", "hold")])
    def test_whoever_waits_is_told_why(self, tmp_path: Path, said: str) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", stranded_reason=said)).finding()
        assert (finding.remedy, finding.safety) in {("wait", "none"), ("hold", "none")}
        assert said in finding.why
        assert finding.then


class TestPromise9AMissingSourceIsUnknownNeverNothing:
    def test_no_stranded_report(self, tmp_path: Path) -> None:
        result = Account(tmp_path).stock(in_stock("A-1")).listings(listed("A-1")).triage()
        assert result.summary.unknown >= 1
        assert (result.summary.units, "stranded-report-missing" in self._codes(result)) == (None, True)

    @pytest.mark.parametrize("content", [small_account.stranded(), small_account.stranded().rstrip("\n"), "\ufeff" + small_account.stranded().replace("\n", "\r\n")])
    def test_a_header_alone(self, tmp_path: Path, content: str) -> None:
        result = Account(tmp_path).add("stranded.txt", content).stock(in_stock("A-1")).listings(listed("A-1")).triage()
        assert (result.summary.skus, result.summary.units) == (0, None)
        assert result.summary.unknown >= 1
        assert "header-alone" in self._codes(result)

    def test_an_unreadable_stranded_report_beside_a_readable_one(self, tmp_path: Path) -> None:
        result = Account(tmp_path).add("stranded.txt", b"PK\x03\x04 broken").stock(in_stock("A-1")).listings(listed("A-1")).triage()
        assert result.summary.unknown >= 1
        assert {"archive-damaged", "stranded-report-missing"} <= self._codes(result)

    def test_a_cut_stranded_report(self, tmp_path: Path) -> None:
        packed = gzip.compress(small_account.stranded(*(row(sku=f"A-{number}", product_name=f"Cup {number * 7919}") for number in range(500))).encode())
        result = Account(tmp_path).add("stranded.txt.gz", packed[: len(packed) // 2]).triage()
        assert 0 < result.summary.skus < 500
        assert result.summary.unknown >= 1
        assert "archive-cut" in self._codes(result)

    @pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"hello world\n", b"PK\x05\x06" + b"\0" * 18])
    def test_nothing_readable_is_an_error(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(NothingReadable):
            Account(tmp_path).add("stranded.txt", content).triage()

    @pytest.mark.parametrize("listings", [report_files.table(small_account.LISTINGS), report_files.table(small_account.LISTINGS, listed("B-2"), listed("C-3"))[:-40]])
    def test_absence_from_a_failed_listings_report_is_no_absence(self, tmp_path: Path, listings: str) -> None:
        """Neither deleted nor found without listing: nobody can say."""
        account = Account(tmp_path).stranded(row(sku="A-1")).add("listings.txt", listings)
        assert account.finding(notes=Notes(closings_kept=True)).cause == "listing-closed"

    def test_a_missing_quantity_is_unknown_units(self, tmp_path: Path) -> None:
        header = tuple(name for name in report_files.STRANDED_18 if name != "fulfillable-qty")
        result = Account(tmp_path).add("stranded.txt", small_account.stranded(row(sku="A-1"), header=header)).triage()
        (finding,) = result.findings()
        assert (finding.units_fulfillable, finding.worth, result.summary.units, result.summary.worth) == (None, None, None, ())

    def test_two_marketplaces_and_only_one_report(self, tmp_path: Path) -> None:
        result = Account(tmp_path).stranded(row(sku="A-1"), place="US").stock(in_stock("B-2"), place="DE").triage()
        assert (result.summary.skus, result.summary.unknown) == (1, 1)

    def _codes(self, result: Triage) -> set[str]:
        return {warning.code for warning in result.warnings}


class TestPromise11NoWritingIntoAnEnforcement:
    def test_no_state_refines_it_into_a_listing_write(self, tmp_path: Path) -> None:
        """25 reasons in 225 states each: the cause stays the reason's own page."""
        result = everything(tmp_path, OF_KIND["enforcement"])
        own = {text: name for text in OF_KIND["enforcement"] if (name := PAGES.symptom_of(text))}
        wrong = [finding for finding in result.findings() if finding.cause != own[finding.said or ""]]
        assert [finding for finding in wrong if finding.remedy in WRITES_A_LISTING or finding.safety == "safe"] == []
        assert {finding.cause for finding in wrong} == set()

    def test_only_taking_out_what_amazon_objects_to_is_an_edit(self, tmp_path: Path) -> None:
        """Two reasons ask for an edit themselves: the disputed word or image comes out, with consent."""
        edits = {(finding.cause, finding.mode, finding.safety) for finding in everything(tmp_path, OF_KIND["enforcement"]).findings() if finding.remedy in WRITES_A_LISTING}
        assert edits == {("potential-logo-misuse", "withdraw", "consent"), ("potential-trademark-misuse-self-reinstate", "withdraw", "consent")}

    def test_a_listing_reason_on_a_blocked_asin_is_not_relisted(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", status_secondary="Blocked")).finding()
        assert (finding.cause, finding.remedy, finding.safety) == ("asin-restricted", "appeal", "by-hand")


class TestDangerousGoods:
    @pytest.mark.parametrize("action", ["Relist", "Change to Fulfilled by Amazon", ""])
    def test_never_end_in_a_safe_remedy(self, tmp_path: Path, action: str) -> None:
        said = [*OF_KIND["dangerous-goods"], *PAGES.causes["merchant-fulfilled-dg-info-required"].said_as]
        assert [finding for finding in everything(tmp_path, said, action).findings() if finding.safety == "safe"] == []

    def test_no_one_click_change_without_dangerous_goods_information(self, tmp_path: Path) -> None:
        """The way back to FBA is open only where Amazon itself names it; else a person looks first."""
        account = Account(tmp_path).stranded(row(sku="A-1", stranded_reason="Listing error", primary_action="")).listings(listed("A-1", channel="DEFAULT", quantity=3))
        finding = account.finding()
        assert (finding.remedy, finding.safety) == ("change-to-fba", "consent")


class TestAnUnknownReason:
    @pytest.mark.parametrize("action", ["Relist", "Change to Fulfilled by Amazon", "", "Create a new listing"])
    def test_never_ends_in_a_write(self, tmp_path: Path, action: str) -> None:
        found = list(everything(tmp_path, list(NEVER_SEEN), action).findings())
        assert {(finding.cause, finding.safety) for finding in found} == {("unexplained", "by-hand")}

    def test_is_kept_word_for_word_counted_and_told(self, tmp_path: Path) -> None:
        result = Account(tmp_path).stranded(*(row(sku=sku, stranded_reason="Listing  closed (new)") for sku in "ABC")).triage()
        assert {finding.said for finding in result.findings()} == {"Listing  closed (new)"}
        assert [(warning.value, dict(warning.facts)["count"]) for warning in result.warnings if warning.code == "unknown-reason"] == [("Listing  closed (new)", "3")]


class TestPromise12NothingIsSoldWrongly:
    @pytest.mark.parametrize("action", ["Create removal order", "Create a new listing", "Update price", "Something Amazon invented"])
    def test_where_amazon_recommends_another_thing_a_person_is_asked(self, tmp_path: Path, action: str) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", primary_action=action)).finding()
        assert (finding.remedy, finding.safety) == ("relist-offer", "consent")

    @pytest.mark.parametrize("action", ["Relist", "", "--", "重新发布"])
    def test_where_amazon_agrees_or_is_silent_it_is_safe(self, tmp_path: Path, action: str) -> None:
        assert Account(tmp_path).stranded(row(sku="A-1", primary_action=action)).finding().safety == "safe"

    def test_what_is_not_confirmed_is_never_safe(self, tmp_path: Path) -> None:
        account = Account(tmp_path).stranded(row(sku="A-1"), name="stranded_2026-11-20.txt").listings(listed("A-1"), name="listings_2026-11-22.txt")
        assert (account.finding().standing, account.finding().safety) == ("conflicting", "consent")


class TestPromise13NoGoodsAreLost:
    @pytest.mark.parametrize("said", [cause.said_as[0] for cause in PAGES.causes.values() if cause.said_as and cause.remedies[0] == "create-removal"])
    @pytest.mark.parametrize("action", ["Create removal order", "Relist"])
    def test_a_removal_is_never_safe(self, tmp_path: Path, said: str, action: str) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1", stranded_reason=said, primary_action=action)).finding()
        assert (finding.remedy, finding.safety) == ("create-removal", "consent")

    def test_what_cannot_be_undone_is_never_safe_on_any_page(self) -> None:
        assert {remedy.name for remedy in PAGES.remedies.values() if remedy.irreversible and remedy.safety == "safe"} == set()

    def test_a_past_expiry_date_wins_over_relisting(self, tmp_path: Path) -> None:
        finding = Account(tmp_path).stranded(row(sku="A-1")).finding(notes=Notes(expires={"A-1": TODAY.replace(day=21)}))
        assert (finding.cause, finding.remedy, finding.safety) == ("expired", "create-removal", "consent")
