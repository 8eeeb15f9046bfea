"""What befalls one SKU in the course of a year, and what its seller wants: known to the world alone, so that others can be judged by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from refloat.simulator.nouns.listing import Attributes

#: ``sell``: the offer shall be live; ``remove``: the units shall come back; ``closed``: off sale on purpose until a day.
Wanted = Literal["sell", "remove", "closed"]


@dataclass(frozen=True)
class Kind:
    """A row of ``year.toml``. ``per_thousand``: so many of 1,000 SKUs meet it in a year."""

    name: str
    situation: str
    per_thousand: float
    wanted: Wanted = "sell"
    #: The share of sellers who have the papers that Amazon asks for; without them the units are to come back.
    papers_share: float = 1.0
    #: From so many to so many days, where it is for a while: closed on purpose.
    days: tuple[int, int] = (0, 0)
    #: So many SKUs at most at one moment, by one file.
    batch: int = 1
    #: So often another tool does it again, every other day, once it was put right.
    again: int = 0


@dataclass
class Mishap:
    """One SKU's share of it. ``until``: the day on which a closed offer shall be live again."""

    kind: str
    situation: str
    seller_id: str
    marketplace_id: str
    sku: str
    wanted: Wanted
    papers: bool = True
    again: int = 0
    days: int = 0
    tries: int = 0
    at: datetime | None = None
    until: datetime | None = None
    #: The listing as it was before.
    before: Attributes = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.seller_id, self.marketplace_id, self.sku
