"""From what is on record to what a person is told: once, in their language, at least once even through a kill, and over by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.alarm_desk import DAY, HOUR, START, Desk, Killed, opened_desk

from refloat.errors import WrongUse
from refloat.knowledge.tables import table
from refloat.model.alarm import ACCOUNT_SOURCE, Wanted
from refloat.model.message import Undelivered
from refloat.model.money import Money


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = opened_desk(tmp_path / "home")
    with desk.store:
        yield desk


def test_412_strandings_are_one_message_and_never_told_twice(desk: Desk) -> None:
    """With counts, worth and the first SKUs; however often it is looked."""
    desk.tell()
    desk.strand(412)
    desk.go()
    assert desk.post.titles == ["harbour DE: 412 SKUs newly stranded: Listing closed"]
    assert "412 SKUs · 4,944 units · 49,646.00 EUR" in desk.post.text
    assert "MUG-000, MUG-001, MUG-002, MUG-003, MUG-004 and 407 more" in desk.post.text
    assert "refloat plan harbour -m DE --reason listing-closed" in desk.post.text
    for _ in range(5):
        desk.looked()
        desk.go(hours=4)
    assert len(desk.post.letters) == 1


def test_what_comes_later_is_told_alone(desk: Desk) -> None:
    """The 413th, a day later, is one SKU."""
    desk.tell()
    desk.strand(412)
    desk.go()
    desk.clock.at += DAY
    desk.strand(413)
    desk.go()
    assert desk.post.titles[1] == "harbour DE: 1 SKU newly stranded: Listing closed"
    assert "MUG-412" in desk.post.letters[1].message.text


def test_over_by_itself_and_told_where_it_was_told(desk: Desk) -> None:
    """Who wants to know; who was never told is told nothing."""
    desk.tell("ops")
    desk.tell("calm", cleared=False)
    desk.tell("dates", wanted=Wanted(kinds=frozenset({"deadline"})))
    desk.strand(2)
    desk.go()
    desk.clock.at += HOUR
    desk.strand(2, over=["MUG-000"])
    raised, _ = desk.go()
    assert raised.cleared == ()
    desk.clock.at += HOUR
    desk.strand(2, over=["MUG-000", "MUG-001"])
    raised, _ = desk.go()
    assert [alarm.kind for alarm in raised.cleared] == ["stranded"]
    assert [(letter.url.rsplit("/", 1)[-1], letter.message.title) for letter in desk.post.letters[2:]] == [("ops", "Over: harbour DE: 2 SKUs newly stranded: Listing closed")]


def test_each_reads_their_own_language(desk: Desk) -> None:
    """The same alarm in English and Chinese, the SKU as it is."""
    desk.tell("ops")
    desk.tell("运营", language="zh-Hans", timezone="Asia/Shanghai")
    desk.strand(1)
    desk.go()
    english, chinese = (letter.message for letter in sorted(desk.post.letters, key=lambda letter: letter.url))
    assert (english.title, chinese.title) == ("harbour DE: 1 SKU newly stranded: Listing closed", "harbour DE：1 个 SKU 新增无在售信息：商品已下架")
    assert "MUG-000" in english.text
    assert "MUG-000" in chinese.text
    assert not [line for line in chinese.text.splitlines() if line.startswith(("What", "Why", "Take"))]


def test_alarms_that_are_due_together_are_one_message(desk: Desk) -> None:
    """The stranding and its deadline, each with its heading."""
    desk.tell()
    desk.strand(3, removal_due_on=date(2026, 11, 30))
    desk.go()
    assert desk.post.titles == ["harbour: 2 alarms"]
    assert "harbour DE: Amazon removes 3 SKUs in 7 days, on 2026-11-30" in desk.post.text


def test_a_deadline_climbs_until_it_is_past(desk: Desk) -> None:
    """14, 7, 3, 1 and overdue, though somebody took it at 7; no step is told as over."""
    desk.tell(wanted=Wanted(kinds=frozenset({"deadline"})))
    desk.strand(1, removal_due_on=date(2026, 12, 9))
    for _ in range(18):
        desk.looked()
        desk.go(days=1)
        for alarm in desk.store.alarms.list():
            if alarm.step == 7 and alarm.acknowledged_at is None:
                desk.store.alarms.acknowledge(alarm.id, "mei", "being packed", desk.clock.now())
    left = [title.split("Amazon")[1] for title in desk.post.titles]
    assert left == [
        " removes 1 SKU in 14 days, on 2026-12-09",
        " removes 1 SKU in 7 days, on 2026-12-09",
        " removes 1 SKU in 3 days, on 2026-12-09",
        " removes 1 SKU tomorrow, on 2026-12-09",
        "’s removal date of 1 SKU has passed: 2026-12-09",
    ]


def test_a_kill_between_sending_and_noting_repeats_and_never_loses(desk: Desk) -> None:
    """Before the lease ends nobody sends it again; after it, it is sent again; then never more."""
    desk.tell()
    desk.strand(1)
    desk.post.killed_after = 1
    with pytest.raises(Killed):
        desk.go()
    desk.post.killed_after = None
    assert desk.go(minutes=1)[1].sent == 0
    assert desk.go(minutes=15)[1].sent == 1
    desk.go(minutes=60)
    assert len(desk.post.letters) == 2


def test_a_kill_before_sending_loses_nothing(desk: Desk) -> None:
    """The alarm is on disk with its message: another process sends it."""
    desk.tell()
    desk.strand(1)
    from refloat.app.alarms import raise_alarms

    raise_alarms(desk.store, "harbour", desk.clock)
    assert len(desk.store.deliveries.waiting()) == 1
    assert desk.deliver().sent == 1


def test_retries_with_their_waits_and_then_a_dead_letter(desk: Desk) -> None:
    """After each failure the next wait; after the last try it is given up, with the reason; retried by hand it arrives."""
    desk.tell()
    desk.strand(1)
    desk.post.troubles["ops"] = Undelivered.NOT_LET_IN
    desk.go()
    waits = table("alarms")["delivery"]["waits_minutes"]
    for number, minutes in enumerate(waits, 1):
        desk.clock.at += timedelta(minutes=minutes, seconds=-1)
        assert desk.deliver().failed + desk.deliver().dead == 0
        desk.clock.at += timedelta(seconds=1)
        done = desk.deliver()
        assert (done.failed, done.dead) == ((1, 0) if number < len(waits) else (0, 1))
    (dead,) = desk.store.deliveries.dead()
    assert (dead.recipient, dead.trouble, dead.tries, dead.ending) == ("ops", "not-let-in", len(waits) + 1, "dead")
    desk.clock.at += 30 * DAY
    assert desk.deliver().sent == 0
    desk.post.troubles.clear()
    assert desk.store.deliveries.retry(desk.clock.now(), dead.id) == 1
    assert desk.deliver().sent == 1
    with pytest.raises(WrongUse):
        desk.store.deliveries.retry(desk.clock.now(), dead.id)


def test_one_that_fails_keeps_nobody_else_waiting(desk: Desk) -> None:
    """Each recipient's message ends by itself."""
    desk.tell("bad")
    desk.tell("good")
    desk.post.troubles["bad"] = Undelivered.TOO_SLOW
    desk.strand(1)
    _, done = desk.go()
    assert (done.sent, done.failed) == (1, 1)


def test_a_snooze_holds_back_and_tells_again(desk: Desk) -> None:
    """Nothing meanwhile; at its end it is told again, if it still holds; with its reason in the journal."""
    desk.tell()
    desk.strand(1)
    desk.go()
    (alarm,) = desk.store.alarms.list("harbour")
    desk.store.alarms.snooze(alarm.id, desk.clock.now() + 2 * HOUR, "mei", "new packaging", desk.clock.now())
    desk.go(hours=1)
    assert len(desk.post.letters) == 1
    raised, _ = desk.go(hours=1)
    assert len(raised.again) == 1
    assert desk.post.titles[1] == "Still so: harbour DE: 1 SKU newly stranded: Listing closed"
    desk.go(hours=1)
    assert len(desk.post.letters) == 2
    assert [entry.body["why"] for entry in desk.store.journal.entries("harbour", "DE") if entry.kind == "alarm-snoozed"] == ["new packaging"]


def test_a_snooze_before_it_was_sent_holds_the_first_message(desk: Desk) -> None:
    """One message at the end, not two."""
    desk.tell()
    desk.strand(1)
    from refloat.app.alarms import raise_alarms

    (alarm,) = raise_alarms(desk.store, "harbour", desk.clock).raised
    desk.store.alarms.snooze(alarm.id, desk.clock.now() + HOUR, "mei", "later", desk.clock.now())
    assert desk.deliver().sent == 0
    desk.go(hours=1)
    assert len(desk.post.letters) == 1


def test_who_takes_it_ends_the_messages(desk: Desk) -> None:
    """What was still to be sent is dropped; that it is over is told to whoever knew."""
    desk.tell("ops")
    desk.tell("bad")
    desk.post.troubles["bad"] = Undelivered.UNREACHABLE
    desk.strand(1)
    desk.go()
    (alarm,) = desk.store.alarms.list()
    taken = desk.store.alarms.acknowledge(alarm.id, "mei", "on it", desk.clock.now())
    assert (taken.acknowledged_by, taken.acknowledged_why) == ("mei", "on it")
    assert desk.store.deliveries.waiting() == ()
    desk.clock.at += HOUR
    desk.strand(1, over=["MUG-000"])
    desk.go()
    assert [letter.url.rsplit("/", 1)[-1] for letter in desk.post.letters[2:]] == ["ops"]
    with pytest.raises(WrongUse):
        desk.store.alarms.acknowledge(alarm.id, "mei", "again", desk.clock.now())


def test_quiet_hours_hold_back_all_but_the_urgent(desk: Desk) -> None:
    """From 22 to 7 on the recipient's own clock; removal tomorrow goes out."""
    desk.tell(timezone="Asia/Shanghai", quiet=(22, 7))
    desk.clock.at = START.replace(hour=15)
    desk.strand(1)
    assert desk.go()[1].sent == 0
    desk.strand(1, removal_due_on=date(2026, 11, 24))
    assert desk.go()[1].sent == 1
    assert desk.post.titles == ["harbour DE: Amazon removes 1 SKU tomorrow, on 2026-11-24"]
    desk.looked()
    assert desk.go(hours=8)[1].sent == 1


def test_from_what_worth(desk: Desk) -> None:
    """Who wants only what is worth it."""
    desk.tell(wanted=Wanted(least_worth=(Money(Decimal(200), "EUR"),)))
    desk.strand(1)
    desk.go()
    desk.clock.at += HOUR
    desk.strand(3)
    desk.go()
    assert desk.post.titles == ["harbour DE: 2 SKUs newly stranded: Listing closed"]


def test_nobody_looks_and_a_source_is_silent(desk: Desk) -> None:
    """Told once each, over with the next good look."""
    desk.tell()
    desk.looked()
    desk.go(hours=12)
    assert desk.post.titles == ["harbour: Nobody has looked since 2026-11-23 06:00 UTC"]
    desk.store.snapshots.failed("harbour", "DE", "stranded", "amazon-down", "no answer", desk.clock.now())
    desk.go()
    for _ in range(3):
        desk.store.snapshots.failed("harbour", "DE", "stranded", "amazon-down", "no answer", desk.clock.now() + 8 * HOUR)
        desk.go(hours=8)
    assert desk.post.titles[1:] == ["Over: harbour: Nobody has looked since 2026-11-23 06:00 UTC", "harbour DE: unknown since 2026-11-23 18:00 UTC: stranded"]
    desk.looked()
    desk.go()
    assert desk.post.titles[-1].startswith("Over: harbour DE: unknown since")


def test_refused_credentials_are_told_at_once(desk: Desk) -> None:
    """Of the whole account, and over when it works again."""
    desk.tell()
    desk.store.snapshots.failed("harbour", "", ACCOUNT_SOURCE, "credential-wrong", "refused", desk.clock.now())
    desk.go()
    assert desk.post.titles == ["harbour: Amazon does not let us in: " + desk.post.titles[0].split("let us in: ")[1]]
    desk.store.snapshots.looked("harbour", "", ACCOUNT_SOURCE, desk.clock.now())
    desk.looked()
    desk.go()
    assert desk.post.titles[1].startswith("Over: harbour: Amazon does not let us in")


def test_no_address_stands_in_clear_in_the_database(desk: Desk, tmp_path: Path) -> None:
    """Nor in a row, an alarm or a message; not after it is removed either."""
    desk.tell()
    desk.post.troubles["ops"] = Undelivered.NOT_TAKEN
    desk.strand(1)
    desk.go()
    rows = f"{desk.store.recipients.list()} {desk.store.deliveries.waiting()} {desk.store.alarms.list()}"
    assert "EXAMPLE" not in rows
    with sqlite3.connect(tmp_path / "home" / "refloat.sqlite3") as database:
        assert "EXAMPLE" not in "\n".join(database.iterdump())
    desk.store.recipients.remove("ops", desk.clock.now())
    assert desk.store.deliveries.waiting() == ()
    assert desk.go(days=1)[1].sent == 0


def test_a_new_key_seals_the_addresses_too(desk: Desk) -> None:
    """After the rotation the newest key alone opens them; without a key a message fails with that reason."""
    from cryptography.fernet import Fernet

    from refloat.config import Config
    from refloat.store.recipients import Recipients
    from refloat.store.secrets import Keyring

    desk.tell()
    (person,) = desk.store.recipients.list()
    old = (desk.store.database.rsplit("/", 1)[0], Fernet.generate_key().decode())
    both = Path(old[0], "secret.key").read_text().strip()
    newest = Recipients(Keyring(Config(None, "en", secret_key=f"{old[1]},{both}")))
    assert newest.seal_again() == (1, ())
    assert Recipients(Keyring(Config(None, "en", secret_key=old[1]))).url(person.id).endswith("/ops")
    desk.strand(1)
    assert desk.go()[1].failed == 1
    (waiting,) = desk.store.deliveries.waiting()
    assert waiting.trouble == "key-missing"


def test_the_number_of_questions_does_not_grow_with_the_account(desk: Desk) -> None:
    """A look costs as many questions to the database for 3 strandings as for 300."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from refloat.app.alarms import raise_alarms

    desk.tell()
    asked = []
    for count in (3, 300):
        desk.strand(count, prefix=f"S{count}")
        for _ in ("new", "idle"):
            with CaptureQueriesContext(connection) as questions:
                raise_alarms(desk.store, "harbour", desk.clock)
            asked.append(len(questions))
        desk.clock.at += HOUR
    assert asked[:2] == asked[2:]
    assert max(asked) <= 30


def test_an_account_that_is_removed_is_told_of_no_more(desk: Desk) -> None:
    """Neither its open alarms nor what was still to be sent; with its history, the alarms go too."""
    desk.tell()
    desk.strand(1)
    from refloat.app.alarms import raise_alarms

    raise_alarms(desk.store, "harbour", desk.clock)
    desk.store.accounts.remove("harbour", desk.clock.now(), with_history=True)
    assert desk.deliver().sent == 0
    assert desk.store.alarms.list() == ()
    assert desk.store.deliveries.waiting() == ()
