"""``refloat accounts …``: asked on a terminal or read from a pipe, told in text and JSON, and nothing secret in either."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from refloat.cli import accounts as commands
from refloat.cli.accounts_check import run_check
from refloat.config import Config
from refloat.errors import AmazonDown, AmazonError, CredentialWrong, Refused, RoleMissing, WrongUse
from refloat.model.ports import Answer, Download, Place, ReportState
from refloat.store import Unsealed, opened

SECRETS = ("made-up-client-id-0001", "made-up-client-secret-0002", "made-up-refresh-token-0003")


class At:
    """A clock that stands."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits here")

    def lanes(self, count: int) -> Sequence[Any]:
        return []


@pytest.fixture
def clock(start: datetime) -> At:
    return At(start)


def _pipe(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))


def _add(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, name: str = "harbour", **more: Any) -> None:
    _pipe(monkeypatch, *SECRETS, "A0MADEUP")
    commands.run_add(name, config, **{"region": "eu", "clock": clock, **more})


def test_an_account_comes_from_a_pipe(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """Four lines on standard input are enough, and the answer tells the next step but no secret."""
    _add(monkeypatch, config, clock)
    told = capsys.readouterr()
    assert "refloat accounts check harbour" in told.out
    assert [secret for secret in SECRETS if secret in told.out + told.err] == []
    with opened(config) as store:
        assert store.accounts.credentials("harbour") == Unsealed(*SECRETS)
        assert (store.accounts.get("harbour").region, store.accounts.get("harbour").seller_id) == ("EU", "A0MADEUP")


def test_what_becomes_of_an_account_is_on_record_without_a_secret(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At) -> None:
    """In its journal, which goes on where the same seller is added again; that it is gone, in the record of access as well, for no page shows the journal then."""
    monkeypatch.setattr(commands, "login", lambda: "sample-owner")
    _add(monkeypatch, config, clock)
    _pipe(monkeypatch, "made-up-new-secret-0009", "")
    commands.run_rotate("harbour", config, clock=clock)
    commands.run_remove("harbour", config, yes=True, with_history=True, clock=clock)
    with opened(config) as store:
        (gone,) = store.access_record.page(None, 10)
        assert (gone.kind, gone.by, gone.whom, gone.told) == ("account-removed", "sample-owner", "harbour", {"history": "yes"})
        assert [(chain.account, chain.broken) for chain in store.journal.checked()] == [("harbour", None)]
    _add(monkeypatch, config, clock)
    with opened(config) as store:
        told = list(store.journal.entries("harbour", ""))
    assert [one.kind for one in told] == ["account-added", "account-rotated", "account-removed", "account-added"]
    assert {one.body["by"] for one in told} == {"sample-owner"}
    assert (told[0].body["seller_id"], told[1].body["what"], told[2].body["with_history"]) == ("A0MADEUP", ["client_secret"], True)
    assert [secret for secret in (*SECRETS, "made-up-new-secret-0009") if secret in str(told)] == []


def test_on_a_terminal_secrets_are_typed_unseen(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At) -> None:
    """What is secret is asked without showing it, the rest as usual."""
    terminal = io.StringIO(f"{SECRETS[0]}\nA0MADEUP\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", terminal)
    hidden = iter(SECRETS[1:])
    asked: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda prompt, stream: asked.append(prompt) or next(hidden))
    commands.run_add("harbour", config, region="EU", clock=clock)
    assert asked == ["Client secret: ", "Refresh token: "]
    with opened(config) as store:
        assert store.accounts.credentials("harbour") == Unsealed(*SECRETS)


def test_a_name_that_is_taken_is_refused_before_anything_is_asked(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At) -> None:
    """Nobody types three secrets for nothing."""
    _add(monkeypatch, config, clock)
    _pipe(monkeypatch)
    with pytest.raises(WrongUse, match="already an account"):
        commands.run_add("harbour", config, region="EU", clock=clock)


@pytest.mark.parametrize(
    "wrong",
    [
        {"region": "DE"},
        {"name": ""},
        {"name": "-x"},
        {"name": "a\nb"},
        {"api_url": "http://elsewhere.example"},
        {"token_url": "ftp://127.0.0.1"},
        {"api_url": "nonsense"},
        {"secret_issued_on": "yesterday"},
    ],
    ids=lambda wrong: next(iter(wrong)) + " " + repr(next(iter(wrong.values()))),
)  # fmt: skip
def test_what_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, wrong: Mapping[str, str]) -> None:
    """A wrong region, name, date, or an address to which secrets would go in clear: nothing is stored."""
    with pytest.raises(WrongUse):
        _add(monkeypatch, config, clock, **wrong)
    with opened(config) as store:
        assert store.accounts.list() == ()


def test_a_missing_answer_stores_nothing(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At) -> None:
    """The pipe ended early: what is missing is named, and the answers before it are not kept."""
    _pipe(monkeypatch, *SECRETS[:2])
    with pytest.raises(WrongUse) as caught:
        commands.run_add("harbour", config, region="EU", clock=clock)
    assert "Refresh token" in str(caught.value)
    assert SECRETS[1] not in str(caught.value)
    with opened(config) as store:
        assert store.accounts.list() == ()


@pytest.mark.parametrize(("days", "due"), [(149, False), (150, True)])
def test_the_list_says_when_the_client_secret_is_due(monkeypatch: pytest.MonkeyPatch, config: Config, start: datetime, capsys: pytest.CaptureFixture[str], days: int, due: bool) -> None:
    """Amazon wants a new one every 180 days; from 150 on the list says so, in text and in JSON."""
    _add(monkeypatch, config, At(start), secret_issued_on=start.date().isoformat())
    later = At(start + timedelta(days=days))
    capsys.readouterr()
    commands.run_list(config, clock=later)
    text = capsys.readouterr().out
    assert f"{days} days old" in text
    assert ("refloat accounts rotate harbour" in text) == due
    commands.run_list(config, json_wanted=True, clock=later)
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert account["client_secret"] == {"issued_on": start.date().isoformat(), "age_days": days, "age_is_least": False, "rotate_soon": due}


def test_the_list_tells_marketplaces_sources_and_troubles(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, start: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """When each source was seen last, and since when one is unknown; no secret and nothing sealed."""
    _add(monkeypatch, config, clock)
    with opened(config) as store:
        store.accounts.note_places("harbour", [Place("DE", True, False), Place("FR", False, False)], start)
        store.record("harbour", "DE").keep("stranded", b"", at=start)
        store.record("harbour", "DE").failed("stranded", "throttled", "words", start + timedelta(hours=3))
    capsys.readouterr()
    commands.run_list(config, clock=clock)
    text = capsys.readouterr().out
    assert "harbour  EU  DE\n" in text
    assert "DE  stranded  observed 2026-11-02 08:00 UTC  unknown since 2026-11-02 11:00 UTC: throttled" in text
    commands.run_list(config, json_wanted=True, clock=clock)
    written = capsys.readouterr().out
    (account,) = json.loads(written)["accounts"]
    assert [(source["source"], source["trouble_code"], source["last_good_at"]) for source in account["sources"]] == [("stranded", "throttled", "2026-11-02T08:00:00+00:00")]
    assert [place["marketplace"] for place in account["marketplaces"]] == ["DE", "FR"]
    assert [secret for secret in (*SECRETS, "sealed", "gAAAA") if secret in written + text] == []


def test_an_empty_list_says_how_to_begin(config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """No account yet: the next step instead of an empty screen, an empty list in JSON."""
    commands.run_list(config, clock=clock)
    assert "refloat accounts add" in capsys.readouterr().out
    commands.run_list(config, json_wanted=True, clock=clock)
    assert json.loads(capsys.readouterr().out) == {"accounts": []}


def test_rotating_keeps_what_is_left_empty(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """A new client secret, the old refresh token."""
    _add(monkeypatch, config, clock)
    _pipe(monkeypatch, "made-up-newer", "")
    commands.run_rotate("harbour", config, clock=clock)
    with opened(config) as store:
        assert store.accounts.credentials("harbour") == Unsealed(SECRETS[0], "made-up-newer", SECRETS[2])
    assert "made-up" not in "".join(capsys.readouterr())
    _pipe(monkeypatch, "", "")
    with pytest.raises(WrongUse, match="Nothing new"):
        commands.run_rotate("harbour", config, clock=clock)


def test_rotating_helps_when_the_key_is_lost(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """All three are asked, because the old ones can never be opened again."""
    _add(monkeypatch, config, clock)
    (config.home / "secret.key").unlink()
    _pipe(monkeypatch, "made-up-a", "made-up-b", "made-up-c")
    commands.run_rotate("harbour", config, clock=clock)
    assert "is missing" in capsys.readouterr().err
    with opened(config) as store:
        assert store.accounts.credentials("harbour") == Unsealed("made-up-a", "made-up-b", "made-up-c")


@pytest.mark.parametrize(("typed", "removed"), [("harbour", True), ("harbor", False), ("", False)])
def test_removing_wants_the_name_again(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str], typed: str, removed: bool) -> None:
    """Only the very name removes; what happens to the snapshots is said before."""
    _add(monkeypatch, config, clock)
    _pipe(monkeypatch, typed)
    if removed:
        commands.run_remove("harbour", config, clock=clock)
    else:
        with pytest.raises(WrongUse, match="was not removed"):
            commands.run_remove("harbour", config, clock=clock)
    assert "snapshots" in capsys.readouterr().err
    with opened(config) as store:
        assert [account.name for account in store.accounts.list()] == ([] if removed else ["harbour"])


def test_removing_with_history_deletes_the_snapshots(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, start: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """With --yes nothing is asked; added again, nothing is on record."""
    _add(monkeypatch, config, clock)
    with opened(config) as store:
        store.record("harbour", "DE").keep("stranded", b"content", at=start)
    capsys.readouterr()
    commands.run_remove("harbour", config, yes=True, with_history=True, json_wanted=True, clock=clock)
    assert json.loads(capsys.readouterr().out) == {"removed": "harbour", "with_history": True}
    _add(monkeypatch, config, clock)
    with opened(config) as store:
        assert store.snapshots.latest("harbour", "DE") == {}


def _refused(kind: type[AmazonError]) -> AmazonError:
    return kind("Amazon refused {operation}.", why="Amazon says: {said}", todo="Do this.", operation="made-up", said="no", request_id="1")


class FakeLine:
    """Answers as it is told; ``refusals`` names the calls that fail."""

    def __init__(self, refusals: Mapping[str, type[AmazonError]], recent: Mapping[str, Sequence[ReportState]], health: str = "NORMAL") -> None:
        self.refusals, self.recent, self.health, self.ordered, self.asked, self.options = refusals, recent, health, [], [], {}

    def _call(self, name: str, answer: Any) -> Any:
        if name in self.refusals:
            raise _refused(self.refusals[name])
        return answer

    def places(self) -> Sequence[Place]:
        return self._call("places", [Place("DE", True, False), Place("FR", True, True), Place("IT", False, False)])

    def listing(self, sku: str, marketplace: str) -> Answer:
        return self._call("listing", None)

    def restrictions(self, asin: str, marketplace: str, condition: str | None) -> Answer:
        return self._call("restrictions", None)

    def inventory(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        return self._call("inventory", [])

    def eligibility(self, asin: str, marketplace: str) -> Answer:
        return self._call("eligibility", None)

    def recent_reports(self, report_type: str, marketplace: str, since: datetime) -> Sequence[ReportState]:
        self.asked.append(report_type)
        return self._call("recent_reports", self.recent.get(report_type, []))

    def document(self, document_id: str) -> Download:
        return Download(json.dumps({"accountStatuses": [{"marketplaceId": "A1PA6795UKMFR9", "status": self.health}]}).encode(), "utf-8", True)

    def ask_report(self, report_type: str, marketplace: str, options: Mapping[str, str]) -> str:
        self.ordered.append(report_type)
        self.options[report_type] = options
        return f"R-{len(self.ordered)}"


def _check(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str], line: FakeLine, **more: Any) -> tuple[int, dict[str, tuple[str, Any]]]:
    """The exit code, and (verdict, what to do) of every check of Germany or of no marketplace."""
    with opened(config) as store:
        known = [account.name for account in store.accounts.list()]
    if not known:
        _add(monkeypatch, config, clock)
    capsys.readouterr()
    code = run_check("harbour", config, json_wanted=True, clock=clock, connect=lambda *_: line, **more)
    checks = json.loads(capsys.readouterr().out)["checks"]
    return code, {check["what"]: (check["verdict"], check["todo"]) for check in checks if check["marketplace"] in {None, "DE"}}


HEALTHY = {
    "GET_STRANDED_INVENTORY_UI_DATA": [ReportState("1", "DONE", "D-1")],
    "GET_V2_SELLER_PERFORMANCE_REPORT": [ReportState("2", "DONE", "D-2")],
    "GET_RESERVED_INVENTORY_DATA": [ReportState("3", "CANCELLED")],
}


def test_a_healthy_account_is_checked(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """Every role is ok; a report is ok where one was made, unknown where one was cancelled or never ordered; nothing is ordered."""
    line = FakeLine({}, HEALTHY)
    code, checks = _check(monkeypatch, config, clock, capsys, line)
    assert code == 0
    assert {what: verdict for what, (verdict, _) in checks.items() if verdict == "ok"}.keys() == {
        "token",
        "marketplace",
        "listings",
        "restrictions",
        "inventory",
        "eligibility",
        "stranded",
        "account-health",
    }
    assert (checks["reserved"][0], checks["planning"][0], line.ordered) == ("unknown", "unknown", [])
    with opened(config) as store:
        assert [place.marketplace for place in store.accounts.places("harbour") if place.participates] == ["DE", "FR"]


def test_a_missing_role_is_told_apart_from_a_refusal_and_from_trouble(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """That Amazon does not know the made-up ASIN shows that we were let in; that it is down shows nothing."""
    _, checks = _check(monkeypatch, config, clock, capsys, FakeLine({"listing": RoleMissing, "restrictions": Refused, "inventory": AmazonDown, "recent_reports": RoleMissing}, {}))
    assert [checks[what][0] for what in ("listings", "restrictions", "inventory", "eligibility", "stranded")] == ["missing-role", "ok", "unknown", "ok", "missing-role"]
    assert checks["listings"][1] == "Do this."


def test_without_a_token_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, one line, and what to do."""
    code, checks = _check(monkeypatch, config, clock, capsys, FakeLine({"places": CredentialWrong}, {}))
    assert (code, checks) == (2, {"token": ("wrong-credential", "Do this.")})


@pytest.mark.parametrize(("said", "verdict"), [("NORMAL", "ok"), ("AT_RISK", "at-risk"), ("DEACTIVATED", "deactivated"), ("SOMETHING_NEW", "unknown")])
def test_the_account_s_standing_is_told(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str], said: str, verdict: str) -> None:
    """From Amazon's own report; a word that nobody knows is unknown, not normal."""
    _, checks = _check(monkeypatch, config, clock, capsys, FakeLine({}, HEALTHY, said))
    assert checks["account-health"][0] == verdict


def test_what_was_read_before_is_not_asked_again(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, start: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    """A report of which there is a snapshot is given, and costs no call."""
    _add(monkeypatch, config, clock)
    with opened(config) as store:
        store.record("harbour", "DE").keep("planning", b"", at=start)
    line = FakeLine({}, {})
    _, checks = _check(monkeypatch, config, clock, capsys, line)
    assert checks["planning"][0] == "ok"
    assert "GET_FBA_INVENTORY_PLANNING_DATA" not in line.asked


def test_ordering_is_on_record_and_done_once(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """With --order the unknown ones are ordered; the next observing, or the next check, finds them on order."""
    line = FakeLine({}, HEALTHY)
    _check(monkeypatch, config, clock, capsys, line, order=True)
    ordered = list(line.ordered)
    assert "GET_FBA_INVENTORY_PLANNING_DATA" in ordered
    assert line.options["GET_MERCHANT_LISTINGS_ALL_DATA"] == {"preferredReportDocumentLocale": "en_US"}
    assert line.options["GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"] == {"dataStartTime": "2026-08-04T08:00:00+00:00"}
    assert "GET_STRANDED_INVENTORY_UI_DATA" not in ordered
    with opened(config) as store:
        assert store.record("harbour", "DE").open_order("planning").report_id == f"R-{ordered.index('GET_FBA_INVENTORY_PLANNING_DATA') + 1}"
    _check(monkeypatch, config, clock, capsys, line, order=True)
    assert line.ordered == ordered


def test_the_check_is_shown_in_words(monkeypatch: pytest.MonkeyPatch, config: Config, clock: At, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a check, and under it what is wrong and what to do."""
    _add(monkeypatch, config, clock)
    assert run_check("harbour", config, clock=clock, connect=lambda *_: FakeLine({"listing": RoleMissing}, HEALTHY)) == 0
    told = capsys.readouterr().out
    assert "listings             DE  role missing\n    Amazon refused made-up.\n    Do this.\n" in told
    assert [secret for secret in SECRETS if secret in told] == []
