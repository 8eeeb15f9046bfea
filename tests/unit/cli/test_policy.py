"""``refloat policy``: what ships, what is checked, set, kept by version; standing consents by name."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from refloat.cli.policy import run_check, run_confirm, run_history, run_notes, run_set, run_show
from refloat.cli.policy_audit import run_deadlines
from refloat.cli.policy_consent import run_give, run_list, run_revoke
from refloat.cli.store import run_backup, run_restore
from refloat.cli.work import run_status
from refloat.clock import WallClock
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.policies_read import PolicyWrong, policy_of, shipped
from refloat.store import Unsealed, opened

UNTIL = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A store with one account, and an empty policy."""
    made = Config(None, "en", home=tmp_path / "home")
    with opened(made) as store:
        store.accounts.add("sample", region="NA", seller_id="A1SAMPLE", unsealed=Unsealed("id", "secret", "token"), at=datetime.now(UTC))
    return made


def _address(config: Config, folder: Path, street: str = "1 Sample Street") -> None:
    """Where returns go, entered in the notes."""
    file = folder / "notes.toml"
    place = f'name = "Sample Ltd"\nline1 = "{street}"\ncity = "Seattle"\nstate = "WA"\ncountry = "US"\npostal_code = "98101"\n'
    file.write_text(f"[removal.address.US]\n{place}", encoding="utf-8")
    run_notes(config, "sample", file, "A. Sample", as_json=True, language="en")


def _said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    said: dict[str, object] = json.loads(capsys.readouterr().out)
    return said


def test_what_ships_can_be_shown_and_set(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is a file that can be set."""
    run_show(config, "recommended", as_json=False, language="en")
    file = tmp_path / "mine.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    run_set(config, "sample", file, "A. Sample", as_json=True, language="en")
    assert _said(capsys)["hash"] == policy_of(shipped("recommended")).hash
    run_show(config, "sample", as_json=True, language="en")
    shown = _said(capsys)
    assert (shown["version"], shown["by"]) == (1, "A. Sample")


def test_without_one_the_fresh_policy_holds(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """And is said to."""
    run_show(config, "sample", as_json=False, language="en")
    told = capsys.readouterr()
    assert told.out == shipped("fresh")
    assert "nothing runs by itself" in told.err
    run_show(config, "sample", as_json=False, language="zh-Hans")
    assert "不会自动执行" in capsys.readouterr().err


def test_recommend_is_one_command(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a version like any other, and again it is the same one."""
    for _ in range(2):
        run_set(config, "sample", None, "A. Sample", as_json=False, language="en")
        assert "version 1" in capsys.readouterr().out
    run_history(config, "sample", as_json=True, language="en")
    (only,) = _said(capsys)["versions"]  # type: ignore[misc]
    assert (only["kind"], only["by"], only["text"]) == ("policy", "A. Sample", shipped("recommended"))


def test_a_wrong_file_is_refused_whole(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check tells each problem by its key; set keeps what held."""
    file = tmp_path / "wrong.toml"
    file.write_text('relst = 1\n[relist]\nautomatic = "yes"\n', encoding="utf-8")
    assert run_check(file, as_json=True, language="zh-Hans") == 2
    problems = _said(capsys)["problems"]
    assert [one["key"] for one in problems] == ["relst", "relist.automatic"]  # type: ignore[attr-defined]
    assert all("没有" in one["what"] or "不合" in one["what"] for one in problems)  # type: ignore[attr-defined]
    with pytest.raises(PolicyWrong):
        run_set(config, "sample", file, "A. Sample", as_json=False, language="en")
    with pytest.raises(PolicyWrong):
        run_check(file, as_json=False, language="en")
    with pytest.raises(WrongUse, match="cannot be read"):
        run_check(tmp_path / "none.toml", as_json=True, language="en")
    with opened(config) as store:
        assert store.policies.newest("sample", "policy") is None
    file.write_text("[pace]\nper_hour = 7\n", encoding="utf-8")
    assert run_check(file, as_json=False, language="en") == 0


def test_after_a_restore_it_is_shown_that_the_policy_waits_and_confirmed_by_a_name(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By restore, show and status, in both languages; a standing consent of before is over, and nobody is said to have revoked it."""
    run_set(config, "sample", None, "A. Sample", as_json=False, language="en")
    _address(config, tmp_path)
    run_give(config, "sample", (10, "20", "usd", UNTIL), "A. Sample", as_json=False, language="en")
    run_backup(config, tmp_path / "kept", as_json=False, language="en")
    capsys.readouterr()
    run_restore(config, tmp_path / "kept", in_place=True, clock=WallClock(), as_json=False, language="zh-Hans")
    assert "refloat policy confirm ACCOUNT" in capsys.readouterr().out
    run_show(config, "sample", as_json=False, language="en")
    assert "nothing runs by itself until refloat policy confirm sample" in capsys.readouterr().err
    run_status(config, None, as_json=False, language="zh-Hans")
    assert "refloat policy confirm sample" in capsys.readouterr().out
    run_status(config, "sample", as_json=True, language="en")
    assert list(_said(capsys)["policies_unconfirmed"]) == ["sample"]  # type: ignore[call-overload]
    run_list(config, "sample", as_json=False, language="en")
    assert "came back from a backup" in capsys.readouterr().out
    run_confirm(config, "sample", "B. Sample", as_json=True, language="en")
    assert (_said(capsys)["version"],) == (2,)
    run_show(config, "sample", as_json=True, language="en")
    shown = _said(capsys)
    assert (shown["by"], shown["unconfirmed_since"]) == ("B. Sample", None)


@pytest.mark.parametrize("name", ["", "policy", "Policy 3 abc", "A · standing consent 1"])
def test_a_rule_s_name_is_no_person_s(config: Config, name: str) -> None:
    """Nobody speaks in the name of a rule."""
    with pytest.raises(WrongUse, match="no person"):
        run_set(config, "sample", None, name or " ", as_json=False, language="en")


def test_notes_are_kept_once_they_are_sound(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What works unattended knows them; wrong ones are refused."""
    file = tmp_path / "notes.toml"
    file.write_text('[[holds]]\nsku = "CUP"\nuntil = 2026-12-24\n', encoding="utf-8")
    run_notes(config, "sample", file, "A. Sample", as_json=True, language="en")
    assert _said(capsys)["version"] == 1
    file.write_text('[[holdz]]\nsku = "CUP"\n', encoding="utf-8")
    with pytest.raises(WrongUse):
        run_notes(config, "sample", file, "A. Sample", as_json=True, language="en")
    from refloat.app.policies import notes_on_record

    with opened(config) as store:
        assert notes_on_record(store, "sample")[0].holds == {"CUP": date(2026, 12, 24)}


def test_a_standing_consent_is_given_listed_and_revoked(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To the rule and the address that hold; when one of them changes it is said to be over."""
    with pytest.raises(WrongUse, match="No return address"):
        run_give(config, "sample", (100, "80.5", "usd", UNTIL), "A. Sample", as_json=True, language="en")
    _address(config, tmp_path)
    capsys.readouterr()
    run_give(config, "sample", (100, "80.5", "usd", UNTIL), "A. Sample", as_json=True, language="en")
    (given,) = _said(capsys)["standing"]  # type: ignore[misc]
    assert (given["units_most"], given["fee_most"], given["currency"], given["rule_holds"]) == (100, "80.5", "USD", True)
    file = tmp_path / "mine.toml"
    file.write_text("[removal]\ndays_other = 31\n", encoding="utf-8")
    run_set(config, "sample", file, "A. Sample", as_json=False, language="en")
    capsys.readouterr()
    run_list(config, "sample", as_json=False, language="en")
    assert "0 of 100 units" in (told := capsys.readouterr().out) and "the rule has changed" in told
    run_give(config, "sample", (100, "80.5", "usd", UNTIL), "A. Sample", as_json=False, language="en")
    _address(config, tmp_path, street="2 Sample Street")
    capsys.readouterr()
    run_list(config, "sample", as_json=False, language="zh-Hans")
    assert "退货地址已更改（US）" in capsys.readouterr().out
    run_list(config, "sample", as_json=True, language="en")
    assert [one["addresses_changed"] for one in _said(capsys)["standing"]] == [["US"], ["US"]]  # type: ignore[attr-defined]
    run_revoke(config, "sample", given["id"], "B. Sample", as_json=False, language="en")
    assert "revoked" in capsys.readouterr().out


@pytest.mark.parametrize(
    "ceiling", [(0, "1", "USD", UNTIL), (1, "-1", "USD", UNTIL), (1, "x", "USD", UNTIL), (1, "1", "XXX", UNTIL), (1, "1", "USD", "2020-01-01"), (1, "1", "USD", "2999-01-01"), (1, "nan", "USD", UNTIL)]
)
def test_a_standing_consent_that_makes_no_sense_is_not_given(config: Config, tmp_path: Path, ceiling: tuple[int, str, str, str]) -> None:
    """No units, no fee, no currency, a day that has passed or lies too far."""
    _address(config, tmp_path)
    with pytest.raises(WrongUse):
        run_give(config, "sample", ceiling, "A. Sample", as_json=False, language="en")


def test_only_an_approver_gives_one(config: Config, tmp_path: Path) -> None:
    """Where the policy names approvers."""
    _address(config, tmp_path)
    file = tmp_path / "mine.toml"
    file.write_text('[consent]\napprovers = ["B. Sample"]\n', encoding="utf-8")
    run_set(config, "sample", file, "A. Sample", as_json=False, language="en")
    with pytest.raises(WrongUse, match=r"does not name A\. Sample"):
        run_give(config, "sample", (1, "1", "USD", UNTIL), "A. Sample", as_json=False, language="en")
    run_give(config, "sample", (1, "1", "USD", UNTIL), "b. sample", as_json=False, language="en")


def test_deadlines_are_listed_and_taken(config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    """By a named person; nothing to take is said."""
    due = datetime.now(UTC).date() + timedelta(days=5)
    with opened(config) as store:
        store.strandings.record("sample", "US", [{"sku": "CUP", "standing": "confirmed", "removal_due_on": due, "units_fulfillable": 212}], datetime.now(UTC), unknown=False)
    run_deadlines(config, "sample", ("CUP", "A. Sample", "case 1"), as_json=True, language="en")
    (only,) = _said(capsys)["deadlines"]  # type: ignore[misc]
    assert (only["sku"], only["step"], only["units"], only["taken_by"], only["note"]) == ("CUP", 7, 212, "A. Sample", "case 1")
    run_deadlines(config, "sample", (None, None, ""), as_json=False, language="en")
    assert "taken by A. Sample" in capsys.readouterr().out
    with pytest.raises(WrongUse, match="waits for anybody"):
        run_deadlines(config, "sample", ("CUP", "A. Sample", ""), as_json=False, language="en")
