"""Tokens: shown once and kept as a hash; they end when they expire, are revoked, or their person goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from refloat.errors import WrongUse
from refloat.store import Store

if TYPE_CHECKING:
    from refloat.store.invitations import Arrival

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


def test_whoever_is_invited_again_has_none_of_the_tokens_of_before(store: Store, start: datetime, person: int) -> None:
    other = store.people.on_this_machine("somebody-else", start).id
    (_, text), (_, second) = (store.tokens.make(other, name, SCOPES, start) for name in ("nightly", "weekly"))
    own, _ = store.tokens.make(person, "of the one who stays", (), start)
    assert store.people.remove(other, start) == ("nightly", "weekly")
    came = _back(store, start)
    assert (came.person_id, came.revoked) == (other, ())
    assert [store.tokens.find(one, start) for one in (text, second)] == [None, None]
    assert store.tokens.of(person) == (own,)


def test_one_who_was_removed_before_tokens_ended_by_it_comes_back_without_them(store: Store, start: datetime, person: int) -> None:
    from refloat.store.models import ApiToken

    other = store.people.on_this_machine("somebody-else", start).id
    row, text = store.tokens.make(other, "nightly", SCOPES, start)
    store.people.remove(other, start)
    ApiToken.objects.filter(pk=row.id).update(revoked_at=None)
    assert _back(store, start).revoked == ("nightly",)
    assert store.tokens.find(text, start) is None


def test_a_new_password_ends_no_token(store: Store, start: datetime, person: int) -> None:
    _, text = store.tokens.make(person, "nightly", (), start)
    invitation = store.invitations.new_password(person, by="sample-owner", at=start)
    came = store.invitations.accept(invitation, name="", language="en", password="made-up-password", at=start)
    assert came is not None
    assert came.revoked == ()
    assert store.tokens.find(text, start) is not None


def _back(store: Store, at: datetime) -> Arrival:
    invitation = store.invitations.invite("somebody-else@localhost", "viewer", None, by="sample-owner", at=at)
    came = store.invitations.accept(invitation, name="Somebody Else", language="en", password="made-up-password", at=at)
    assert came is not None
    return came


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
