"""Of what kinds the parts of a request and of an answer are: strict where something comes in, null where something is unknown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from refloat.api.words import say
from refloat.model import money

#: So many rows an answer has at most, and so many when nobody says.
SIZE_MOST, SIZE = 200, 50
#: So many things one request may name.
MANY_MOST = 10_000
_SQL_MOST = 2**63 - 1


def whole_number(value: object) -> object:
    """A whole number as an address has it: digits alone, so that 1_0 and 7.0 are none; in JSON 7.0 is one."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20 else value


def _storable(text: str) -> str:
    # A lone surrogate is no letter, and no database takes it.
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(text)
    return text


Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$"), AfterValidator(_storable)]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\s\x00]([^\x00]*[^\s\x00])?$"), AfterValidator(_storable)]
LongText = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$"), AfterValidator(_storable)]
Number = Annotated[int, Field(strict=True, ge=1, le=_SQL_MOST), BeforeValidator(whole_number)]
Size = Annotated[int, Field(strict=True, ge=1, le=SIZE_MOST, description="So many rows at most."), BeforeValidator(whole_number)]
At = Annotated[str, Field(max_length=2000, pattern=r"^[A-Za-z0-9_-]+$", description="Where the page begins: “next” or “before” of an earlier answer; opaque.")]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="A marketplace by its two letters: DE.")]
Due = Annotated[Literal[0, 7, 14, 30], BeforeValidator(whole_number)]
Age = Annotated[Literal[7, 14, 30, 90], BeforeValidator(whole_number)]
YesNo = Literal["true", "false"]
Fingerprint = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="The plan's “fingerprint”, as it was read.")]


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


def _moment(value: object) -> object:
    made = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value.upper() else value
    if isinstance(made, datetime) and made.tzinfo is None:
        raise ValueError(value)
    return made


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,4})?$", description="A decimal as text: 12.34.")]


class Asked(BaseModel):
    """What comes in: nothing unknown, nothing of another kind."""

    model_config = ConfigDict(extra="forbid", strict=True)


class APage(Asked):
    """Where a page begins, and how long it is."""

    at: At | None = None
    size: Size = SIZE


class OfAccount(Asked):
    """Of which account."""

    account: Text


class OneAccount(OfAccount):
    """Of which account, and how many."""

    size: Size = SIZE


class PageOfAccount(OneAccount):
    """A page of one account's."""

    at: At | None = None


class Told(BaseModel):
    """What goes out; null is unknown, never zero."""

    model_config = ConfigDict(from_attributes=True)


class Paged(Told):
    """A page of a list; “items” are the list's own."""

    next: Annotated[str | None, Field(description="The “at” of the next page; null: this is the last.")]
    count: Annotated[int, Field(description="Of all pages.")]


class Money(Told):
    """An amount in one currency."""

    amount: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="A decimal as text, in the currency's own digits.", examples=["12.34"])]
    currency: Annotated[str | None, Field(description="Three letters; null: the marketplace is unknown.", examples=["EUR"])]


class Problem(Told):
    """What went wrong (RFC 9457)."""

    type: str
    title: Annotated[str, Field(description="What happened.")]
    status: int
    detail: Annotated[str, Field(description="Why.")]
    todo: Annotated[str, Field(description="What to do.")]
    more: Annotated[str | None, Field(description="Where to read more.")]
    code: str
    instance: str
    errors: list[dict[str, str]] | None = None


def money_of(amount: Decimal | None, currency: str | None) -> dict[str, Any] | None:
    """An amount as an answer has it; unknown stays unknown."""
    return None if amount is None else money.Money(amount, currency).as_json()


#: Groups of the reference, and what each is about.
TAGS = {
    "you": say("Who you are, and what you may do"),
    "strandings": say("What is stranded, and why"),
    "plans": say("Plans: made, approved, carried out, undone"),
    "strandings-entered": say("What you enter about strandings"),
    "tasks": say("What only a person can do in Seller Central"),
    "removals": say("Removals, and the deadlines of Amazon's own"),
    "records": say("Journal, policy, alarms, and what Amazon will do by itself"),
    "numbers": say("Verdicts and trends"),
    "pages": say("Causes and remedies"),
    "looks": say("Looks at Amazon"),
    "team": say("People, messages, and what works by itself"),
}
