"""What an answer that brings nothing means: one typed error for each, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refloat.amazon.complaints import Complaint, complaint, token_is_stale, words
from refloat.amazon.protocol import Answered, MisshapenError, Request, marketplace_id
from refloat.amazon.roles import needed
from refloat.errors import (
    AccountNotNormal,
    AmazonDown,
    AmazonError,
    AnswerNotUnderstood,
    AnswerTooLarge,
    CredentialWrong,
    MarketplaceNotYours,
    NotThere,
    Refused,
    RoleMissing,
    Throttled,
)

#: Hides what must not be seen in a text of Amazon's.
Hide = Callable[[str], str]

#: Answers that say that the trouble is Amazon's or a gateway's, and may pass; 501 is none of them.
TROUBLE = frozenset(range(500, 600)) - {501}
#: Amazon's messages are shown up to here, the beginning of an answer that is none up to there.
_LONGEST, _EXCERPT = 1000, 200


def say(text: str) -> str:
    """Marks a text for the translators."""
    return text


#: Where to read more: the name under which Amazon documents the call, and the id for its support.
_MORE = say("Amazon's operation {operation}, request id {request_id}")


def shown(found: Complaint, hide: Hide) -> str:
    """Amazon's own words; what must not be seen is hidden before they are cut, or half of it might stay."""
    return hide(f"{found.code}: {found.said}".strip(": "))[:_LONGEST]


def refusal(request: Request, answered: Answered, hide: Hide) -> AmazonError:
    """The error for an answer that is no success."""
    found = complaint(answered)
    call = _call(request.operation, answered, shown(found, hide) or f"HTTP {answered.code}")
    if answered.code == 429:
        return _throttled(call)
    if answered.code in TROUBLE:
        return trouble(call, answered.code)
    if answered.code < 400:
        return not_understood(request, answered, f"HTTP {answered.code}", hide)
    if token_is_stale(answered):
        return _token_refused(call)
    if not found.formal and answered.code in {403, 404}:
        # A proxy's page, or a wrong address; only Amazon's own form says that something is forbidden or not there.
        return not_understood(request, answered, f"HTTP {answered.code}", hide)
    return _refused(request, answered.code, found, call)


def _refused(request: Request, code: int, found: Complaint, call: dict[str, Any]) -> AmazonError:
    if code == 404:
        return NotThere("Amazon has no such thing: {said}", why="It was deleted, or never was, or its time is over.", todo="Nothing, if you deleted it. Else look at the id.", more=_MORE, **call)
    if code in {400, 403} and found.of_account:
        return _account(call)
    if code in {400, 403} and found.of_marketplace:
        return _marketplace(call)
    if code == 403:
        return _role(call, needed(request))
    return Refused(
        "Amazon refused {operation}: {said}",
        why="It found the request itself wrong; asking again changes nothing.",
        todo="Read Amazon's message. If it makes no sense to you, report it to us with the request id.",
        more=_MORE,
        **call,
    )


def again(failure: AmazonError, **more: object) -> AmazonError:
    """The same error once more, for another call that meets the same; an error of its own, as each is raised in its own lane."""
    return type(failure)(failure.what, why=failure.why, todo=failure.todo, more=failure.more, **{**failure.values, **more})


def _call(operation: str, answered: Answered | None, said: str) -> dict[str, Any]:
    return {"operation": operation, "request_id": (answered.request_id if answered else None) or "unknown", "said": said}


def _throttled(call: dict[str, Any]) -> AmazonError:
    return Throttled(
        "Amazon says that {operation} is called too often.",
        why="Another program uses the same application and account, or Amazon has lowered the rate.",
        todo="Wait; the next pass asks again. If it stays, look for the other program.",
        more=_MORE,
        **call,
    )


def trouble(call: dict[str, Any], code: int) -> AmazonError:
    """The error for an answer that says that Amazon has trouble itself."""
    return AmazonDown("Amazon answers {operation} with an error of its own (HTTP {code}).", why="Amazon says: {said}", todo="Wait; the next pass asks again.", more=_MORE, code=code, sent=True, **call)


def lost(operation: str, kind: str, *, sent: bool) -> AmazonError:
    """The error for no answer at all; ``kind`` is the name of what the network met, never its text, which holds addresses."""
    return AmazonDown(
        "Amazon gave no answer to {operation} ({kind}).",
        why="The network or Amazon failed.",
        todo="Check that this machine reaches Amazon; the next pass asks again.",
        more=_MORE,
        kind=kind,
        sent=sent,
        **_call(operation, None, ""),
    )


def nothing_sent(failure: AmazonError) -> AmazonError:
    """The failure, saying that the call which it prepared has not been made."""
    failure.values["sent"] = False
    return failure


def cut(operation: str, answered: Answered | None = None) -> AmazonError:
    """The error for an answer that broke off."""
    return AmazonDown(
        "Amazon's answer to {operation} broke off.",
        why="The connection ended before all of it came.",
        todo="Nothing; the next pass asks again.",
        more=_MORE,
        sent=True,
        **_call(operation, answered, ""),
    )


def not_understood(request: Request, answered: Answered, wrong: str, hide: Hide) -> AmazonError:
    """The error for an answer that is not what the documentation says; ``wrong`` says where."""
    return AnswerNotUnderstood(
        "Amazon's answer to {operation} cannot be understood: {wrong}.",
        why="It begins: {said}",
        todo="If you go through a proxy, check that it lets Amazon through unchanged. Else report this to us with the request id.",
        more=_MORE,
        wrong=hide(wrong)[:_EXCERPT],
        code=answered.code,
        **_call(request.operation, answered, hide(words(answered.content))[:_EXCERPT] or "-"),
    )


def feed_refused(operation: str, said: str) -> AmazonError:
    """The error for a feed of which Amazon could read nothing."""
    return Refused(
        "Amazon could not read the feed: {said}",
        why="It found the feed as a whole wrong, and looked at no message of it.",
        todo="Read Amazon's message. If it makes no sense to you, report it to us.",
        more=_MORE,
        **_call(operation, None, said[:_LONGEST]),
    )


def too_large(operation: str, limit: int) -> AmazonError:
    """The error for an answer that would fill this machine."""
    return AnswerTooLarge(
        "Amazon's answer to {operation} is larger than {limit} bytes.",
        why="A file that grows without end would fill this machine; reports are far smaller.",
        todo="If your account is that large, raise upload.bytes in limits.toml.",
        more=_MORE,
        limit=limit,
        **_call(operation, None, ""),
    )


def secret_refused(said: str) -> AmazonError:
    """LWA's invalid_client: the application's id or secret."""
    return CredentialWrong(
        "Amazon does not accept the application's id or secret.",
        why="The client secret was rotated, as it must be every 180 days, or mistyped. Amazon says: {said}",
        todo="In Seller Central open Apps and Services > Develop Apps, show the LWA credentials, and enter them with refloat accounts rotate.",
        more=_MORE,
        sent=False,
        **_call("token", None, said),
    )


def grant_refused(said: str) -> AmazonError:
    """LWA's invalid_grant: the refresh token."""
    return CredentialWrong(
        "Amazon does not accept the refresh token.",
        why="The seller withdrew the authorisation, it ended after a year, or it belongs to another application. Amazon says: {said}",
        todo="In Seller Central open Apps and Services > Develop Apps, authorise the application again, and enter the new refresh token with refloat accounts rotate.",
        more=_MORE,
        sent=False,
        **_call("token", None, said),
    )


def credential_refused(said: str) -> AmazonError:
    """Any other refusal of LWA's."""
    return CredentialWrong(
        "Amazon gives no access token.",
        why="Amazon says: {said}",
        todo="Check the client id, the client secret and the refresh token: refloat accounts check.",
        more=_MORE,
        sent=False,
        **_call("token", None, said),
    )


def seller(seller_id: str | None, operation: str) -> str:
    """The seller's id, before anything is built with it.

    Raises:
        AmazonError: nobody has entered it.
    """
    if not seller_id:
        raise no_seller_id(operation)
    return seller_id


def known(marketplace: str) -> str:
    """Amazon's id of the marketplace, before anything is built with it.

    Raises:
        AmazonError: there is no such marketplace.
    """
    try:
        return marketplace_id(marketplace)
    except MisshapenError:
        pass
    raise no_marketplace(marketplace)


def no_seller_id(operation: str) -> AmazonError:
    """A call needs the seller's id, and nobody has entered it."""
    return CredentialWrong(
        "The account's seller id is not known.",
        why="{operation} asks for it, and Amazon does not tell it.",
        todo="In Seller Central open Settings > Account Info > Your Merchant Token, and enter it with refloat accounts rotate.",
        more=_MORE,
        sent=False,
        **_call(operation, None, ""),
    )


def no_marketplace(marketplace: str) -> AmazonError:
    """A marketplace that is none."""
    return MarketplaceNotYours(
        "There is no marketplace {marketplace}.",
        why="It is neither a two-letter code such as DE, nor an id of Amazon's.",
        todo="refloat accounts check lists the marketplaces of the account.",
        sent=False,
        **_call("", None, ""),
        marketplace=marketplace,
    )


def _token_refused(call: dict[str, Any]) -> AmazonError:
    return CredentialWrong(
        "Amazon refuses a fresh access token.",
        why="Amazon says: {said}",
        todo="Check that the account's region is right, and authorise the application again: refloat accounts check.",
        more=_MORE,
        **call,
    )


def _account(call: dict[str, Any]) -> AmazonError:
    return AccountNotNormal(
        "Amazon has suspended or deactivated the account.",
        why="Amazon says: {said}",
        todo="In Seller Central open Performance > Account Health, and follow what Amazon asks for. Nothing is written until then.",
        more=_MORE,
        **call,
    )


def _marketplace(call: dict[str, Any]) -> AmazonError:
    return MarketplaceNotYours(
        "The account does not sell in this marketplace.", why="Amazon says: {said}", todo="refloat accounts check lists the marketplaces of the account; check its region too.", more=_MORE, **call
    )


def _role(call: dict[str, Any], role: str) -> AmazonError:
    return RoleMissing(
        "The application may not call {operation}.",
        why="It lacks the role {role}, the seller authorised it before the role was added, or the marketplace belongs to another region. Amazon says: {said}",
        todo="In Seller Central open Apps and Services > Develop Apps, add the role {role}, then authorise the application again: an old authorisation does not learn a new role.",
        more=_MORE,
        role=role,
        **call,
    )
