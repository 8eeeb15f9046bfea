"""Tokens of people for programs: made once and shown once; kept as a hash, like the links that let in."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from refloat.errors import WrongUse
from refloat.store.models import ApiToken
from refloat.store.turns import reading, writing

#: What a token may be used for, each never beyond its person's own role.
SCOPES = ("read", "plan", "approve", "admin")
#: So many living tokens a person has at most.
TOKENS_MOST = 50
#: When a token was used is written at most so often.
_NOTED_EVERY = timedelta(minutes=5)
_LETTERS = string.ascii_letters + string.digits
#: A name that can be looked for in files that should hold no secret, what tells it from others, the secret, and a sum that finds misspellings without a question.
_SHAPE = re.compile(r"(rf_[A-Za-z0-9]{8})_[A-Za-z0-9]{40}([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token without itself."""

    id: int
    person_id: int
    name: str
    prefix: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None

    def lives(self, now: datetime) -> bool:
        """Does it still let in?"""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Tokens:
    """Times are UTC."""

    def make(self, person_id: int, name: str, scopes: Collection[str], at: datetime, *, expires_at: datetime | None = None) -> tuple[TokenRow, str]:
        """A new token, and its text, which nobody can read again. Every token may read.

        Raises:
            WrongUse: it has no name, an unknown scope, an end that has passed, or there are too many.
        """
        name, scopes = " ".join(name.replace("\0", "").split())[:80], {*scopes, "read"}
        living = [one for one in self.of(person_id) if one.lives(at)]
        if not name or scopes - set(SCOPES) or len(living) >= TOKENS_MOST or (expires_at is not None and expires_at <= at):
            raise WrongUse(
                "The token was not made.",
                why="A token has a name, uses that are known, an end that is still to come or none, and a person has {most} of them at most.",
                todo="Correct it, or revoke a token that is no longer used.",
                most=TOKENS_MOST,
            )
        prefix = f"rf_{_random(8)}"
        text = f"{prefix}_{_random(40)}"
        text += _sum(text)
        with writing():
            row = ApiToken.objects.create(person_id=person_id, name=name, prefix=prefix, hash=_hash(text), scopes=" ".join(one for one in SCOPES if one in scopes), made_at=at, expires_at=expires_at)
        return _row(row), text

    def of(self, person_id: int) -> tuple[TokenRow, ...]:
        """The person's tokens, the newest first, revoked ones too."""
        with reading():
            return tuple(_row(one) for one in ApiToken.objects.filter(person_id=person_id).order_by("-id"))

    def revoke(self, person_id: int, token_id: int, at: datetime) -> TokenRow | None:
        """End one of the person's tokens at once; None where there is none of that number, or it had ended before."""
        with writing():
            own = ApiToken.objects.filter(person_id=person_id, pk=token_id)
            return _row(own.get()) if own.filter(revoked_at=None).update(revoked_at=at) else None

    def find(self, text: str, at: datetime) -> TokenRow | None:
        """The living token of that text, of a person who is still there; that it was used is noted."""
        prefix = prefix_of(text)
        if prefix is None:
            return None
        with reading():
            found = ApiToken.objects.filter(prefix=prefix, person__is_active=True).first()
        if found is None or not hmac.compare_digest(found.hash, _hash(text)) or not _row(found).lives(at):
            return None
        if found.used_at is None or at - found.used_at >= _NOTED_EVERY:
            with writing():
                ApiToken.objects.filter(pk=found.pk).update(used_at=at)
        return _row(found)


def revoke_all(person_id: int, at: datetime) -> tuple[str, ...]:
    """End every token of the person that was not revoked before; their names. Call it inside ``writing()``."""
    own = ApiToken.objects.filter(person_id=person_id, revoked_at=None)
    names = tuple(own.order_by("id").values_list("name", flat=True))
    own.update(revoked_at=at)
    return names


def prefix_of(text: str) -> str | None:
    """The public beginning of what has a token's shape; None where it cannot be one."""
    shape = _SHAPE.fullmatch(text)
    return shape[1] if shape and hmac.compare_digest(_sum(text[:-8]), shape[2]) else None


def _random(letters: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))


def _sum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _row(one: ApiToken) -> TokenRow:
    ends = None if one.expires_at is None else one.expires_at.astimezone(UTC)
    return TokenRow(one.pk, one.person_id, one.name, one.prefix, tuple(one.scopes.split()), one.made_at, ends, one.used_at, one.revoked_at)
