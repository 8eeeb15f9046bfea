"""Tokens: shown once and kept as a hash; they end when they expire, are revoked, or their person goes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from refloat.errors import WrongUse
from refloat.store import Store

SCOPES = ("read", "plan", "approve", "admin")


@pytest.fixture
def person(store: Store, start: datetime) -> int:
    return store.people.on_this_machine("sample-owner", start).id


def test_only_a_hash_is_kept(store: Store, start: datetime, person: int) -> None:
    from refloat.store.models import ApiToken

    row, text = store.tokens.make(person, "nightly", ["plan"], start)
    (kept,) = ApiToken.objects.values()
    assert text.startswith(f"{row.prefix}_")
    assert not [value for value in kept.values() if isinstance(value, str) and text.split("_")[2] in value]
    assert row.scopes == ("read", "plan")


def test_a_token_lets_in_until_its_end(store: Store, start: datetime, person: int) -> None:
    _, text = store.tokens.make(person, "nightly", SCOPES, start, expires_at=start + timedelta(days=1))
    assert store.tokens.find(text, start + timedelta(hours=23)) is not None
    assert store.tokens.find(text, start + timedelta(days=1)) is None


def test_a_revoked_token_lets_nobody_in_and_only_its_person_revokes_it(store: Store, start: datetime, person: int) -> None:
    row, text = store.tokens.make(person, "nightly", (), start)
    other = store.people.on_this_machine("somebody-else", start).id
    assert store.tokens.revoke(other, row.id, start) is None
    assert store.tokens.find(text, start) is not None
    assert store.tokens.revoke(person, row.id, start) is not None
    assert store.tokens.find(text, start) is None
    assert store.tokens.revoke(person, row.id, start) is None


def test_who_has_gone_gets_in_no_more(store: Store, start: datetime, person: int) -> None:
    from refloat.store.models import Person

    _, text = store.tokens.make(person, "nightly", (), start)
    Person.objects.filter(pk=person).update(is_active=False)
    assert store.tokens.find(text, start) is None


def test_its_use_is_written_at_most_every_five_minutes(store: Store, start: datetime, person: int) -> None:
    _, text = store.tokens.make(person, "nightly", (), start)
    for minutes, noted in ((0, 0), (4, 0), (5, 5), (9, 5)):
        store.tokens.find(text, start + timedelta(minutes=minutes))
        assert store.tokens.of(person)[0].used_at == start + timedelta(minutes=noted)


@pytest.mark.parametrize("text", ["", "rf_", "rf_abcdefgh_", "Bearer x", "rf_abcdefgh_" + "a" * 48, "é" * 60, "\0"])
def test_what_is_no_token_is_not_looked_for(store: Store, start: datetime, text: str) -> None:
    from refloat.store.tokens import prefix_of

    assert prefix_of(text) is None
    assert store.tokens.find(text, start) is None


def test_one_letter_more_or_less_is_seen_without_the_store(store: Store, start: datetime, person: int) -> None:
    from refloat.store.tokens import prefix_of

    row, text = store.tokens.make(person, "nightly", (), start)
    assert prefix_of(text) == row.prefix
    swapped = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    assert prefix_of(swapped) is None


def test_a_token_without_a_name_an_unknown_use_or_an_end_that_has_passed_is_not_made(store: Store, start: datetime, person: int) -> None:
    for name, scopes, end in (("  ", (), None), ("x", ("everything",), None), ("x", (), start)):
        with pytest.raises(WrongUse):
            store.tokens.make(person, name, scopes, start, expires_at=end)


def test_a_key_stands_for_one_request(store: Store, start: datetime, person: int) -> None:
    assert store.answers.begin(person, "a-key-of-mine", "request", start) is None
    under_way = store.answers.begin(person, "a-key-of-mine", "request", start)
    assert under_way is not None
    assert under_way.code is None
    store.answers.keep(person, "a-key-of-mine", 201, "/there", "{}")
    kept = store.answers.begin(person, "a-key-of-mine", "other", start + timedelta(hours=23))
    assert kept is not None
    assert (kept.request, kept.code, kept.location, kept.body) == ("request", 201, "/there", "{}")
    assert store.answers.begin(person, "a-key-of-mine", "other", start + timedelta(hours=25)) is None


def test_a_key_whose_request_died_is_free_again_later(store: Store, start: datetime, person: int) -> None:
    store.answers.begin(person, "a-key-of-mine", "request", start)
    assert store.answers.begin(person, "a-key-of-mine", "request", start + timedelta(minutes=14)) is not None
    assert store.answers.begin(person, "a-key-of-mine", "request", start + timedelta(minutes=16)) is None
    store.answers.release(person, "a-key-of-mine")
    assert store.answers.begin(person, "a-key-of-mine", "request", start + timedelta(minutes=16)) is None
