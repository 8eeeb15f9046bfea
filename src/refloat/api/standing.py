"""Standing consents: a person's word in advance for returns, under one removal rule, up to a ceiling, until a day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query
from pydantic import BeforeValidator, Field

from refloat.api.callers import Request
from refloat.api.doors import read, write
from refloat.api.kinds import Asked, Day, Number, OfAccount, Text, Told, whole_number
from refloat.api.problems import Problem
from refloat.api.words import say
from refloat.app import served
from refloat.model.policy import StandingConsent


class Consent(Told):
    """A standing consent, and how much of it is used."""

    id: int
    by: str
    given_at: datetime
    units_most: int
    units_used: int
    fee_most: str
    fee_used: str
    currency: str
    expires_on: date
    revoked_at: datetime | None
    revoked_by: str | None
    of_rule_in_force: Annotated[bool, Field(description="false: the removal rule has changed since, so that it covers nothing any more.")]
    moved: Annotated[list[str], Field(description="Marketplaces with another return address than when it was given; nothing leaves there by it.")]


class Consents(Told):
    """The newest first, those that have ended among them."""

    items: list[Consent]


class ConsentWanted(Asked):
    """What it shall cover, at most; only returns are covered at all."""

    account: Text
    units: Annotated[int, Field(strict=True, ge=1, le=1_000_000), BeforeValidator(whole_number)]
    fee: Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$", description="For all of it together, to the cent: 150.00. What is kept is what is shown.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    until: Day


def _told(account: str, one: StandingConsent) -> dict[str, Any]:
    from refloat.app.policies import in_force, notes_on_record

    store = served.store()
    plain = ("id", "by", "given_at", "units_most", "units_used", "currency", "expires_on", "revoked_at", "revoked_by")
    fees = {"fee_most": f"{one.fee_most:.2f}", "fee_used": f"{one.fee_used:.2f}"}
    now = {"of_rule_in_force": one.rule_hash == in_force(store, account).policy.removal.hash, "moved": list(one.moved(notes_on_record(store, account)[1].addresses))}
    return {name: getattr(one, name) for name in plain} | fees | now


@read("/standing-consents", Consents, say("An account's standing consents"), tag="records")
def list_standing_consents(request: Request, asked: Query[OfAccount]) -> Any:
    """Who gave them, until when, and what is left."""
    from refloat.app.policies import standing_now

    request.auth.need_role("viewer", asked.account)
    return {"items": [_told(asked.account, one) for one in reversed(standing_now(served.store(), asked.account))]}


@write("/standing-consents", Consent, say("Give a standing consent"), tag="records", scope="approve", code=201)
def give_standing_consent(request: Request, body: ConsentWanted) -> Any:
    """For returns to the addresses and under the removal rule that hold now; when one of them changes it ends."""
    from refloat.app.policies import give_standing, standing_for

    request.auth.need_role("approver", body.account)
    store, ceiling = served.store(), (body.units, Decimal(body.fee), body.currency)
    return _told(body.account, give_standing(store, body.account, standing_for(store, body.account, request.auth.access.name, ceiling, body.until, served.clock().now())))


@write("/standing-consents/{consent_id}/revoke", Consent, say("End a standing consent at once"), tag="records", scope="approve")
def revoke_standing_consent(request: Request, consent_id: Number, body: OfAccount) -> Any:
    """What was sent under it stays sent."""
    from refloat.app.policies import named, standing_now

    request.auth.need_role("approver", body.account)
    if not any(one.id == consent_id for one in standing_now(served.store(), body.account)):
        raise Problem("not-there")
    return _told(body.account, served.store().policies.revoke(body.account, consent_id, named(request.auth.access.name), served.clock().now()))
