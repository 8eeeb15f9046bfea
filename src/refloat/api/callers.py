"""Who calls: the person of a token, or of a session of the pages; and what that may be used for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from refloat.api.problems import Problem
from refloat.app import served
from refloat.app.access import Access
from refloat.app.second_factor import lacks_second_factor
from refloat.store.people import PersonRow
from refloat.store.tokens import SCOPES, prefix_of

#: So many wrong tokens within so many seconds, from one address, or of one beginning, and whoever sends them has to wait.
_TRIES, _WITHIN_SECONDS = 20, 300


@dataclass(frozen=True)
class Caller:
    """A person, and what this way of calling may be used for."""

    access: Access
    scopes: frozenset[str]

    def need(self, scope: str) -> None:
        """End the request where the token was not made for that."""
        if scope not in self.scopes:
            raise Problem("scope-lacks", scope=scope)

    def need_role(self, role: str, account: str) -> None:
        """End the request where there is no such account, the person does not see it, or may not do that for it."""
        if not self.access.may("viewer", account) or not served.store().accounts.has(account):
            raise Problem("not-there")
        if not self.access.may(role, account):
            raise Problem("role-lacks", role=role)

    def need_everywhere(self, role: str) -> None:
        """End the request where the person may not do that for all accounts, those to come as well."""
        if not self.access.everywhere(role):
            raise Problem("role-lacks-everywhere", role=role)

    def sees(self, account: str) -> bool:
        """Does the person see the account?"""
        return self.access.may("viewer", account)

    def of(self, accounts: list[str] | None) -> tuple[str, ...] | None:
        """Of the accounts that are asked for those that the person sees; None: of all."""
        seen = self.access.accounts()
        return seen if not accounts else tuple(name for name in accounts if seen is None or name in seen)


class Request(HttpRequest):
    """A request as a guarded view gets it."""

    auth: Caller


class ByToken(HttpBearer):
    """A person's own token, in the header Authorization."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller.

        Raises:
            Problem: the token does not let in, or too many did not.
        """
        prefix, address = prefix_of(token), str(request.META.get("REMOTE_ADDR", ""))
        if prefix is None:
            # It cannot be a token of ours, so nothing is asked of the store, and nothing is counted.
            raise Problem("token-wrong")
        if _tries(f"of {prefix}") >= _TRIES:
            raise Problem("too-many-tries", retry_seconds=_WITHIN_SECONDS)
        found = served.store().tokens.find(token, datetime.now(UTC))
        person = None if found is None else served.store().people.get(found.person_id)
        if found is None or person is None:
            _failed(f"of {prefix}")
            raise Problem("too-many-tries", retry_seconds=_WITHIN_SECONDS) if _failed(f"from {address}") > _TRIES else Problem("token-wrong")
        return _caller(person, found.scopes)


class BySession(APIKeyCookie):
    """A session of the pages; what changes something carries its token against requests from elsewhere."""

    openapi_name = "session"
    param_name = "refloat_session"

    def __call__(self, request: HttpRequest) -> Caller | None:
        if request.headers.get("Authorization") or not request.user.is_authenticated:
            return None
        assert self.param_name == settings.SESSION_COOKIE_NAME
        self._get_key(request)
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:  # noqa: ARG002 - Django has read the cookie already
        """The caller; None where the person is no longer there."""
        person = served.store().people.get(int(request.user.pk or 0))
        return None if person is None else _caller(person, SCOPES)


def _caller(person: PersonRow, scopes: Iterable[str]) -> Caller:
    """Who lacks the second factor that the rule asks for may read, and no more, until they have it."""
    access = Access(person.id, person.name, person.email, person.language, person.roles)
    return Caller(access, frozenset(scopes) & ({"read"} if lacks_second_factor(access) else set(SCOPES)))


def _tries(what: str) -> int:
    return int(cache.get(_key(what), 0))


def _failed(what: str) -> int:
    """Count one more; how many there are by now."""
    key = _key(what)
    count = _tries(what) + 1
    cache.set(key, count, _WITHIN_SECONDS)
    return count


def _key(what: str) -> str:
    # What a cache takes as a key has no blank.
    return f"refloat-token-{what.replace(' ', '-')}"
