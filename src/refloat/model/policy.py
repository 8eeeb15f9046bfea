"""A policy: the seller's rules for what may happen by itself. As it is checked and kept; ``fresh`` lets nothing happen."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Any

from refloat.model.plan import digest

#: Currency → an amount in it. A currency that is not named has no such limit.
Amounts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Rule:
    """When a safe cure runs by itself. ``causes`` empty: for none; ``after_days``: since the stranding began."""

    automatic: bool = False
    causes: tuple[str, ...] = ()
    after_days: int = 0
    #: After so many come-backs of a stranding it is only proposed.
    come_backs_most: int = 2
    #: Of ``others``: which remedies, of those that the catalogue calls safe.
    remedies: tuple[str, ...] = ()
    #: Of ``relist``: ``leave`` what the seller closed on purpose, or ``propose`` it.
    closed_on_purpose: str = "leave"


@dataclass(frozen=True, slots=True)
class OptOut:
    """What is left alone: a SKU, SKUs by pattern, or a cause; with ``until`` it is a hold that ends after that day."""

    sku: str | None = None
    pattern: str | None = None
    cause: str | None = None
    until: date | None = None

    def covers(self, sku: str, cause: str, today: date) -> bool:
        """It is about this stranding, and still in force."""
        if self.until is not None and today > self.until:
            return False
        return sku == self.sku or cause == self.cause or (self.pattern is not None and fnmatchcase(sku, self.pattern))

    @property
    def named(self) -> str:
        """The rule as the seller wrote it."""
        return next(f"{name} = {value}" for name in ("sku", "pattern", "cause") if (value := getattr(self, name)) is not None)


@dataclass(frozen=True, slots=True)
class RemovalRule:
    """When units shall leave, and how. Nothing leaves without a person's word: this decides what is proposed, and when."""

    valuable_from: Amounts = field(default_factory=dict)
    days_valuable: int = 90
    days_other: int = 30
    days_before_due: int = 7
    #: Of units worth less than this each, disposal is proposed; below the other, liquidation.
    dispose_below: Amounts = field(default_factory=dict)
    liquidate_below: Amounts = field(default_factory=dict)
    liquidation_percent: Decimal = Decimal(5)
    #: With so much a unit a removal fee is reckoned that no report tells.
    fee_reckoned: Amounts = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """What a standing consent names: any change of the rule ends it."""
        return digest(_plain(self))


@dataclass(frozen=True, slots=True)
class ConsentRule:
    """Whose word counts, and from what worth on two different people must agree."""

    approvers: tuple[str, ...] = ()
    two_people_above: Amounts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of what runs by itself. ``soak_hours``: so long a stranding must have been known; ``rest_hours``: after a surprise."""

    per_hour: int = 100
    per_day: int = 1000
    soak_hours: int = 4
    rest_hours: int = 24


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours in which nothing starts by itself, by the clock of ``timezone``; ``begins`` None: there are none."""

    begins: time | None = None
    ends: time | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class PriceRule:
    """At which prices an offer may go live by itself; beside the guards, which hold for everybody."""

    far_percent: Decimal = Decimal(10)
    never_below: Amounts = field(default_factory=dict)
    bounds_needed: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules of an account."""

    relist: Rule = field(default_factory=Rule)
    change_to_fba: Rule = field(default_factory=Rule)
    others: Rule = field(default_factory=Rule)
    opt_outs: tuple[OptOut, ...] = ()
    removal: RemovalRule = field(default_factory=RemovalRule)
    consent: ConsentRule = field(default_factory=ConsentRule)
    pace: Pace = field(default_factory=Pace)
    quiet: Quiet = field(default_factory=Quiet)
    price: PriceRule = field(default_factory=PriceRule)

    def rule(self, remedy: str) -> tuple[str, Rule] | None:
        """The rule under which the remedy may run by itself, and its name; None: there can be none."""
        own = {"relist-offer": "relist", "change-to-fba": "change_to_fba"}.get(remedy)
        if own is not None:
            return own, getattr(self, own)
        return ("others", self.others) if remedy in self.others.remedies else None

    def as_json(self) -> dict[str, Any]:
        """Every key with its value, those left out too; amounts, times and dates are texts."""
        said: dict[str, Any] = _plain(self)
        return said

    @property
    def hash(self) -> str:
        """The same rules, the same hash, however the file was written."""
        return digest(self.as_json())


@dataclass(frozen=True, slots=True)
class StandingConsent:
    """A person's word in advance: returns only, under exactly this removal rule, up to so many units and this fee, until that day.

    ``addresses``: marketplace → the digest of the return address to which it was given; to another one nothing leaves by it.
    """

    id: int
    by: str
    rule_hash: str
    units_most: int
    fee_most: Decimal
    currency: str
    expires_on: date
    given_at: datetime
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    units_used: int = 0
    fee_used: Decimal = Decimal(0)
    addresses: Mapping[str, str] = field(default_factory=dict)

    def sends_to(self, marketplace: str, address: Mapping[str, str]) -> bool:
        """It was given to a return from that marketplace to exactly this address."""
        return self.addresses.get(marketplace) == address_digest(address)

    def moved(self, addresses: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
        """The marketplaces of which the address is another one now."""
        return tuple(sorted(place for place in self.addresses if not self.sends_to(place, addresses.get(place, {}))))

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = _plain(self)
        return said


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy with its version: 0 is what holds where none was ever set.

    ``unconfirmed_since``: the store came back from a backup then, and nobody has said since that this policy is the one.
    What it forbids still holds; nothing runs by itself by it.
    """

    policy: Policy
    version: int = 0
    by: str = ""
    at: datetime | None = None
    unconfirmed_since: datetime | None = None

    @property
    def named(self) -> str:
        """By whom a consent is when a rule gave it."""
        return f"{BY_POLICY}{self.version} {self.policy.hash[:12]}"


def address_digest(address: Mapping[str, str]) -> str:
    """The same address, the same text."""
    return digest(dict(address))


#: Begins the name of whoever gave a consent that no person gave.
BY_POLICY = "policy "
#: Stands between a person's name and the standing consent by which they spoke.
BY_STANDING = " · standing consent "


def person_of(by: str) -> str | None:
    """The person who gave a consent; None where a rule did. One person, however the name is typed: case, blanks and composed letters make no other."""
    return None if by.startswith(BY_POLICY) else name_of(by.partition(BY_STANDING)[0])


def name_of(said: str) -> str:
    """A person's name, for comparing alone."""
    shown = "".join(char for char in unicodedata.normalize("NFKC", said) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", " ".join(shown.split()).casefold())


def standing_of(by: str) -> int | None:
    """The number of the standing consent by which a person spoke; None where they spoke themselves, or a rule did."""
    number = by.partition(BY_STANDING)[2].partition(" ")[0]
    return int(number) if number.isdecimal() else None


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    return value.isoformat() if isinstance(value, date | time) else value
