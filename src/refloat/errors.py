"""What can go wrong in a call, as a tree.

Trouble in the seller's *files* is data (``model.source.Warning``); trouble in a *call* is one of these:

    RefloatError            something a person can mend; the message has four parts
    ├── NothingReadable     no source could be read (exit code 2)
    ├── WrongUse            an option or an argument does not make sense
    ├── PlanRefused         a plan is too old, not approved, or no longer true; nothing was sent
    ├── TooLarge            an input is larger than the limit allows
    ├── AmazonError         a call to Amazon did not bring what it should
    │   ├── CredentialWrong       the secret or the refresh token is not accepted
    │   ├── RoleMissing           the application may not call this operation
    │   ├── AccountNotNormal      Amazon has suspended or closed the account
    │   ├── MarketplaceNotYours   the account does not sell in the marketplace
    │   ├── NotThere              Amazon says that there is no such thing
    │   ├── Refused               Amazon found the request wrong, and said why
    │   ├── Throttled             too many calls, even after waiting
    │   ├── AmazonDown            no answer, or one that says that Amazon has trouble
    │   ├── AnswerNotUnderstood   an answer that is not what Amazon's documentation says
    │   └── AnswerTooLarge        an answer that would fill this machine
    ├── StoreError, AccountBusy, SecretError   the store cannot be used (``store.troubles``)
    └── KnowledgeError      a page or a table of the catalogue is wrong
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


class RefloatError(Exception):
    """What happened, why, what to do, and where to read more.

    The parts are templates, so that a door can translate them; the values stand apart and are put in
    last, so that a brace in a file's name is never a placeholder.
    """

    def __init__(self, what: str, *, why: str = "", todo: str = "", more: str = "", **values: object) -> None:
        self.what, self.why, self.todo, self.more, self.values = what, why, todo, more, values
        super().__init__(what)

    def said(self, say: Callable[[str], str]) -> str:
        """The parts that are not empty, one a line, each translated by ``say`` and then with its values."""
        return "\n".join(self.filled(say(part)) for part in (self.what, self.why, self.todo, self.more) if part)

    def filled(self, template: str) -> str:
        """A part with its values."""
        return template.format_map(self.values)

    def __str__(self) -> str:
        return self.said(str)


class NothingReadable(RefloatError):  # noqa: N818 - it is called what the seller met
    """No source could be read, so nothing is known: never the same as nothing stranded."""

    #: What was tried, and what is wrong with each file (``model.source``).
    sources: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()


class WrongUse(RefloatError):  # noqa: N818 - it is called what the seller met
    """The call itself does not make sense."""


class PlanRefused(RefloatError):  # noqa: N818 - it is called what the user met
    """A plan is applied as approved, or not at all; nothing of it was sent."""


class TooLarge(RefloatError):  # noqa: N818 - it is called what the seller met
    """An input is larger than the limit allows."""


class KnowledgeError(RefloatError):
    """A page or a table of the catalogue is wrong; nothing may start with it.

    For authors of pages, in English only: its parts are finished texts, and a brace in one stays a brace.
    """

    def filled(self, template: str) -> str:
        return template


class AmazonError(RefloatError):
    """A call to Amazon did not bring what it should.

    Its values name the call: ``operation`` as Amazon's documentation calls it, ``request_id`` by which
    Amazon's support finds it, ``said``, Amazon's own message, without anything secret, and ``sent``.
    """

    #: Whether the same request may succeed a little later although nobody has done anything.
    passing = False

    @property
    def code(self) -> str:
        """The error's name as it stands on record: ``role-missing``."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def sent(self) -> bool:
        """Whether the request may have left this machine; only False is certain."""
        return bool(self.values.get("sent", True))


class CredentialWrong(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon does not accept the client secret or the refresh token."""


class RoleMissing(AmazonError):  # noqa: N818 - it is called what the seller met
    """The application lacks the role that the operation needs, or the seller did not grant it."""


class AccountNotNormal(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon has suspended or closed the seller's account."""


class MarketplaceNotYours(AmazonError):  # noqa: N818 - it is called what the seller met
    """The account does not sell in the marketplace, or it belongs to another region."""


class NotThere(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon says that there is no such listing, report or document."""


class Refused(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon found the request wrong; ``said`` is what it said."""


class Throttled(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon still says that we call too often, after all waiting."""

    passing = True


class AmazonDown(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon gave no answer, or said that it has trouble itself."""

    passing = True


class AnswerNotUnderstood(AmazonError):  # noqa: N818 - it is called what the seller met
    """Amazon's answer is not what its documentation says, so it tells nothing."""


class AnswerTooLarge(AmazonError, TooLarge):  # noqa: N818 - it is called what the seller met
    """Amazon's answer, or a report once unpacked, is larger than the limit allows."""


def lost(failure: AmazonError) -> bool:
    """Whether a write that ended so may have happened all the same: it may have left, and Amazon did not refuse it.

    A refusal is an answer: what Amazon refuses, or has no room for, it has not done.
    """
    return failure.sent and isinstance(failure, AmazonDown | AnswerNotUnderstood | AnswerTooLarge)
