"""``refloat notify`` and ``refloat alarms`` as a person types them; the address is in no output, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.alarm_desk import opened_desk
from tests.postbox import Postbox, closed_port, mail_server, web_hook
from typer.testing import CliRunner, Result

from refloat.cli.commands import app
from refloat.config import Config
from refloat.errors import RefloatError, WrongUse
from refloat.store import opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with the account harbour and 412 strandings."""
    monkeypatch.setenv("REFLOAT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REFLOAT_LANG", "en")
    desk = opened_desk(tmp_path / "home")
    with desk.store:
        desk.strand(412)
    return tmp_path / "home"


@pytest.fixture
def hook() -> Iterator[Postbox]:
    with web_hook() as box:
        yield box


def _run(*words: str, typed: str = "") -> Result:
    result = CliRunner().invoke(app, list(words), input=typed)
    assert "EXAMPLE" not in result.output
    if result.exception and not isinstance(result.exception, SystemExit):
        if isinstance(result.exception, RefloatError):
            assert "EXAMPLE" not in str(result.exception)
        raise result.exception
    return result


def _json(*words: str, typed: str = "") -> Any:
    return json.loads(_run(*words, "--json", typed=typed).stdout)


def test_from_an_address_to_a_taken_alarm(home: Path, hook: Postbox) -> None:
    """Add, list, test, send, list the alarms, take one."""
    # The commands go by the wall's clock: an hour that is quiet is none in which this runs.
    hour = (datetime.now(ZoneInfo("Europe/Berlin")).hour + 6) % 23
    options = ("--digest", "weekly", "--timezone", "Europe/Berlin", "--step", "deadline=7,1", "--from-worth", "100 EUR", "--quiet", f"{hour}-{hour + 1}", "--language", "en")
    assert "json://127.0.0.1" in _run("notify", "add", "ops", *options, typed=f"{hook.hook_url}\n").stdout
    (person,) = _json("notify", "list")["recipients"]
    assert (person["shown"], person["steps"]["deadline"], person["digests"], person["quiet"]) == ("json://127.0.0.1", [7, 1], ["weekly"], [hour, hour + 1])
    assert "deadline at 7, 1" in _run("notify", "list").stdout
    assert _run("notify", "test", "ops").exit_code == 0
    assert hook.posts[0]["title"] == "Refloat: this is a test"
    done = _json("notify", "send")
    assert done["sent"] >= 1
    found = _json("alarms", "harbour")["alarms"]
    stranded = next(alarm for alarm in found if alarm["kind"] == "stranded")
    assert (stranded["facts"]["skus"], [one["ending"] for one in stranded["messages"]]) == (412, ["sent"])
    assert "412 SKUs newly stranded" in _run("alarms").stdout
    assert _json("alarms", "ack", str(stranded["id"]), "--why", "on it", "--by", "mei")["alarms"][0]["acknowledged"]["by"] == "mei"
    assert "taken by mei: on it" in _run("alarms", "harbour").stdout
    assert "sleeps until 2099-01-31 00:00 UTC: later" in _run("alarms", "snooze", str(stranded["id"]), "--until", "2099-01-31", "--why", "later").stdout + _run("alarms").stdout


def test_dead_letters_are_shown_with_why_and_tried_again(home: Path) -> None:
    """Nobody listens there."""
    _run("notify", "add", "ops", typed=f"json://127.0.0.1:{closed_port()}/EXAMPLE-PATH\n")
    failed = _run("notify", "test", "ops")
    assert failed.exit_code == 2
    assert "cannot be reached" in failed.output
    assert _json("notify", "test", "ops") == {"recipient": "ops", "shown": "json://127.0.0.1", "sent": False, "trouble": "unreachable"}
    assert _json("notify", "send")["failed"] == 1
    from datetime import timedelta

    from refloat.config import configured
    from refloat.store import opened

    with opened(configured()) as store:
        (waiting, *_) = store.deliveries.waiting()
        store.deliveries.failed([waiting.id], "unreachable", waiting.next_try_at, [] if waiting.tries else [timedelta(1)])
    shown = _run("alarms", "--dead").stdout
    assert f"#{waiting.id}  ops" in shown
    assert "cannot be reached" in shown
    assert [one["trouble"] for one in _json("alarms", "--dead")["dead_letters"]] == ["unreachable"]
    assert _json("alarms", "retry", str(waiting.id)) == {"retried": 1}
    assert "No message was given up." in _run("alarms", "--dead").stdout


def test_a_mail_arrives_from_the_command(home: Path) -> None:
    """Over SMTP, with the alarm in it."""
    with mail_server() as mail:
        _run("notify", "add", "post", typed=f"{mail.mail_url}\n")
        _run("notify", "send")
    assert any("412 SKUs newly stranded" in str(got) or "alarms" in str(got["Subject"]) for got in mail.mails)


def test_removed_is_forgotten(home: Path, hook: Postbox) -> None:
    """The name is free again."""
    for _ in range(2):
        _run("notify", "add", "ops", typed=f"{hook.hook_url}\n")
        assert "forgotten" in _run("notify", "remove", "ops").stdout
    assert _json("notify", "list") == {"recipients": []}


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("notify", "add", "ops"), ""),
        (("notify", "add", "ops"), "nosuch://EXAMPLE-TOKEN\n"),
        (("notify", "add", " ops"), "json://h/x\n"),
        (("notify", "add", "ops", "--kind", "all"), "json://h/x\n"),
        (("notify", "add", "ops", "--digest", "hourly"), "json://h/x\n"),
        (("notify", "add", "ops", "--step", "stranded=3"), "json://h/x\n"),
        (("notify", "add", "ops", "--step", "deadline=soon"), "json://h/x\n"),
        (("notify", "add", "ops", "--step", "deadline="), "json://h/x\n"),
        (("notify", "add", "ops", "--from-worth", "100"), "json://h/x\n"),
        (("notify", "add", "ops", "--from-worth", "NaN EUR"), "json://h/x\n"),
        (("notify", "add", "ops", "--from-worth", "much EUR"), "json://h/x\n"),
        (("notify", "add", "ops", "--quiet", "22"), "json://h/x\n"),
        (("notify", "add", "ops", "--quiet", "25-7"), "json://h/x\n"),
        (("notify", "add", "ops", "--timezone", "Mars"), "json://h/x\n"),
        (("notify", "add", "ops", "--account", "nobody"), "json://h/x\n"),
        (("notify", "remove", "nobody"), ""),
        (("notify", "test", "nobody"), ""),
        (("alarms", "nobody"), ""),
        (("alarms", "ack", "99", "--why", "x"), ""),
        (("alarms", "ack", "1", "--why", " "), ""),
        (("alarms", "snooze", "1", "--until", "soon", "--why", "x"), ""),
        (("alarms", "snooze", "1", "--until", "2020-01-01", "--why", "x"), ""),
        (("alarms", "retry", "99"), ""),
    ],
)
def test_what_makes_no_sense_is_refused(home: Path, words: tuple[str, ...], typed: str) -> None:
    """With what, why and what to do; nothing is stored."""
    with pytest.raises(WrongUse) as refused:
        _run(*words, typed=typed)
    assert refused.value.why
    assert refused.value.todo
    assert _json("notify", "list") == {"recipients": []}


def test_a_taken_name_is_refused_before_an_address_is_asked_for(home: Path, hook: Postbox) -> None:
    """Nobody types a secret for nothing."""
    _run("notify", "add", "ops", typed=f"{hook.hook_url}\n")
    with pytest.raises(WrongUse, match="already a recipient"):
        _run("notify", "add", "ops")


def test_what_a_recipient_is_told_is_changed_and_the_address_stays(home: Path, hook: Postbox) -> None:
    _run("notify", "add", "ops", "--digest", "weekly", "--timezone", "Asia/Shanghai", typed=f"{hook.hook_url}\n")
    _run("notify", "change", "ops", "--kind", "deadline", "--quiet", "22-7")
    (person,) = _json("notify", "list")["recipients"]
    assert (person["kinds"], person["digests"], person["quiet"], person["timezone"], person["accounts"]) == (["deadline"], [], [22, 7], "Asia/Shanghai", None)
    assert _run("notify", "test", "ops").exit_code == 0
    assert len(hook.posts) == 1
    with pytest.raises(WrongUse, match="no recipient"):
        _run("notify", "change", "nobody")
    _run("notify", "remove", "ops")
    with opened(Config(None, "en", home=home)) as store:
        told = store.access_record.page(None, 10)
    assert [(one.kind, one.whom, bool(one.by), hook.hook_url in str(one)) for one in told] == [(f"recipient-{word}", "ops", True, False) for word in ("removed", "changed", "added")]
