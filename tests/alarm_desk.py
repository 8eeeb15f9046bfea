"""For tests of alarms: a store with an account, strandings, recipients, and a post that does as it is told."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from refloat.app.alarms import Delivered, Raised, deliver, raise_alarms
from refloat.config import Config
from refloat.model.message import Undelivered
from refloat.model.ports import Place
from refloat.notify import Letter
from refloat.store import Conclusion, NewRecipient, Store, Unsealed, opened

START = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "json://127.0.0.1:9/EXAMPLE-HOOK-PATH"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class StandingClock:
    """A clock that stands until it is set."""

    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class FakePost:
    """Keeps what is sent; ``troubles``: the url's last part → why it does not arrive."""

    letters: list[Letter] = field(default_factory=list)
    troubles: dict[str, Undelivered] = field(default_factory=dict)
    killed_after: int | None = None

    def __call__(self, letters: Sequence[Letter]) -> Iterator[tuple[Hashable, Undelivered | None]]:
        for letter in letters:
            self.letters.append(letter)
            if self.killed_after is not None and len(self.letters) >= self.killed_after:
                raise Killed
            yield letter.key, self.troubles.get(letter.url.rsplit("/", 1)[-1])

    @property
    def titles(self) -> list[str]:
        return [letter.message.title for letter in self.letters]

    @property
    def text(self) -> str:
        return "\n".join(letter.message.text for letter in self.letters)


@dataclass
class Desk:
    """One account in an open store."""

    store: Store
    clock: StandingClock = field(default_factory=StandingClock)
    post: FakePost = field(default_factory=FakePost)

    def strand(self, count: int, *, over: Sequence[str] = (), prefix: str = "MUG", **facts: Any) -> None:
        """A look at DE that finds so many strandings; what is named in ``over`` is proven over."""
        usual = {
            "standing": "confirmed",
            "cause": "listing-closed",
            "remedy": "relist-offer",
            "units_fulfillable": 12,
            "worth_amount": Decimal("120.50"),
            "worth_currency": "EUR",
            "removal_due_on": None,
        }
        names = [f"{prefix}-{number:03}" for number in range(count)]
        rows = [{"sku": sku, "fnsku": f"X-{sku}", **usual, **facts} for sku in names if sku not in over]
        self.looked()
        self.store.strandings.record("harbour", "DE", rows, self.clock.now(), unknown=False, concluded={sku: Conclusion("cleared", "cleared") for sku in over})

    def looked(self) -> None:
        self.store.snapshots.looked("harbour", "DE", "stranded", self.clock.now())

    def tell(self, name: str = "ops", **wanted: Any) -> None:
        """Add a recipient."""
        self.store.recipients.add(NewRecipient(name, f"{URL}/{name}", "json://127.0.0.1", **wanted), self.clock.now())

    def go(self, **ahead: float) -> tuple[Raised, Delivered]:
        """Let time pass, look, raise and deliver."""
        self.clock.at += timedelta(**ahead)
        raised = raise_alarms(self.store, "harbour", self.clock)
        return raised, self.deliver()

    def deliver(self) -> Delivered:
        return deliver(self.store, self.clock, post=self.post)


def opened_desk(home: Path) -> Desk:
    """A desk with the account harbour, which sells in DE; close its store."""
    store = opened(Config(None, "en", home=home))
    store.accounts.add("harbour", region="EU", seller_id="A0MADEUP", unsealed=Unsealed("made-up-id", "made-up-secret", "made-up-token"), at=START)
    store.accounts.note_places("harbour", [Place("DE", True, False)], START)
    return Desk(store)


__all__ = ["DAY", "HOUR", "START", "Desk", "FakePost", "Killed", "StandingClock", "date", "opened_desk"]
