"""One stranding of the made-up account, with everything that Amazon's files will show about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from demo_account.cases import CASES, SUSPECTED, Case
from demo_account.goods import Good, Shelf

_CENT = Decimal("0.01")


@dataclass
class Stranding:
    """A good in stock, stranded or (``said`` None) not; dates are days, units are pieces."""

    good: Good
    units: int
    said: str | None = None
    action: str = ""
    stranded_on: date | None = None
    removal_on: date | None = None
    status_primary: str = "inactive"
    status_secondary: str = ""
    error: str = ""
    unsellable: int = 0
    reserved: int = 0
    inbound: int = 0
    price: Decimal | None = None
    price_text: str = ""
    listed: bool = True
    listing_status: str = "Active"
    channel: str = ""
    listing_quantity: int | None = None
    opens_on: date | None = None
    bounds: tuple[Decimal, Decimal] | None = None
    issue: tuple[str, str, str, str] | None = None
    returned: list[date] = field(default_factory=list)
    shipped_90: int = 0
    closed_on: date | None = None
    expires: date | None = None
    hold: date | None = None
    restriction: tuple[str, str | None] | None = None
    document: str | None = None
    opted_out: bool = False
    noticed_on: date | None = None

    @property
    def merchant(self) -> bool:
        return self.channel == "DEFAULT"


class Account:
    """Everything in stock, drawn once from the seed."""

    def __init__(self, seed: int, today: date) -> None:
        self.draw, self.today = Random(seed), today
        self.shelf = Shelf(self.draw)
        self.stranded = [self._stranding(case, place) for case in CASES for place in ("US", "DE") for _ in range(case.count(place))]
        self.suspected = [self._stranding(case, place) for case in SUSPECTED for place in ("US", "DE") for _ in range(case.count(place))]
        self.well = [self._in_stock(self.shelf.good(place, plain=True)) for place, count in (("US", 130), ("DE", 70)) for _ in range(count)]
        self._share_labels()
        self._one_of_great_worth()
        self.draw.shuffle(self.stranded)

    def of(self, place: str) -> tuple[list[Stranding], list[Stranding]]:
        """The rows of the stranded report, and all stock besides."""
        here = [row for row in self.stranded if row.good.place == place]
        rest = [row for row in (*self.suspected, *self.well) if row.good.place == place]
        return here, sorted(rest, key=lambda row: row.good.sku)

    def _in_stock(self, good: Good) -> Stranding:
        units = min(900, int(self.draw.paretovariate(0.9) * 3))
        row = Stranding(good, units, price=good.price, channel="AMAZON_NA" if good.place == "US" else "AMAZON_EU")
        row.reserved = self.draw.randint(1, 4) if self.draw.random() < 0.15 else 0
        row.unsellable = self.draw.randint(1, 6) if self.draw.random() < 0.18 else 0
        row.inbound = self.draw.randint(5, 60) if self.draw.random() < 0.06 else 0
        row.shipped_90 = self.draw.randint(0, 2 * units)
        row.opens_on = self.today - timedelta(days=self.draw.randint(60, 1500))
        return row

    def _stranding(self, case: Case, place: str) -> Stranding:
        row = self._in_stock(self.shelf.good(place, case.like, plain=bool(case.shows.get("listed") is False)))
        row.said, row.action = case.said or None, case.action
        if case.said:
            row.status_primary = "active" if self.draw.random() < 0.4 else "inactive"
            self._dated(row, case.clock)
        if row.said and "bounds" not in case.shows and self.draw.random() < 0.05:
            row.price, row.price_text = None, self.draw.choice(("", "0", "--"))
        if row.action and row.price and self.draw.random() < 0.3:
            row.bounds = ((row.price * Decimal("0.7")).quantize(_CENT), (row.price * Decimal("1.6")).quantize(_CENT))
        self._shown(row, dict(case.shows))
        return row

    def _dated(self, row: Stranding, clock: int | None) -> None:
        """Since when, and Amazon's removal date: overdue, this week, soon, later, or not yet set."""
        age = self.draw.randint(2, min(clock or 90, 140))
        row.stranded_on = self.today - timedelta(days=age)
        if clock is None or self.draw.random() < 0.2:
            if clock and self.draw.random() < 0.3:
                row.noticed_on = self.today - timedelta(days=self.draw.randint(1, min(20, age)))
            return
        left = self.draw.choices((-3, 3, 11, 24, clock - age), (2, 10, 15, 18, 55))[0]
        left += self.draw.randint(-2, 3) if left < 30 else 0
        row.removal_on = self.today + timedelta(days=left)
        row.stranded_on = row.removal_on - timedelta(days=clock) if left < clock - 2 else row.stranded_on

    def _shown(self, row: Stranding, shows: dict[str, object]) -> None:
        """Apply what a case says that the files show."""
        for name, apply in (("bounds", self._out_of_bounds), ("returned", self._sent_back), ("closed_days", self._closed), ("found", self._found), ("price", self._without_price)):
            if name in shows:
                apply(row, shows.pop(name))
        if "sku" in shows:
            row.good.sku = str(shows.pop("sku"))
        for name, value in shows.items():
            if not hasattr(row, name):
                raise AttributeError(f"a stranding has no {name}")
            setattr(row, name, value)
        if row.status_secondary and row.status_primary == "active":
            row.status_primary = "inactive"
        if row.stranded_on and "stranded_on" in shows:
            row.removal_on, row.noticed_on = None, None

    def _out_of_bounds(self, row: Stranding, side: object) -> None:
        price = row.good.price
        low, high = ("0.5", "0.8") if side == "above" else ("1.2", "1.9")
        row.bounds = ((price * Decimal(low)).quantize(_CENT), (price * Decimal(high)).quantize(_CENT))

    def _sent_back(self, row: Stranding, how: object) -> None:
        """``all``: the units in stock are returns; ``many``: too many of those shipped came back."""
        if how == "all":
            row.units, count, window = self.draw.randint(3, 9), 9, 70
        else:
            row.shipped_90, window = self.draw.randint(30, 60), 60
            count = row.shipped_90 // 4 + 2
        row.returned = sorted(self.today - timedelta(days=self.draw.randint(2, window)) for _ in range(count))

    def _closed(self, row: Stranding, days: object) -> None:
        row.closed_on = self.today - timedelta(days=int(str(days)))

    def _found(self, row: Stranding, _: object) -> None:
        row.good.sku, row.units = f"Amazon.Found.{row.good.asin}", self.draw.randint(1, 12)

    def _without_price(self, row: Stranding, _: object) -> None:
        row.price, row.price_text = None, self.draw.choice(("", "0.00", "--"))

    def _share_labels(self) -> None:
        """Pan-EU: one FNSKU behind two SKUs of the German account, the same units seen twice."""
        closed = [row for row in self.stranded if row.good.place == "DE" and row.said == "Listing closed" and row.listed and not row.hold]
        for first, second in ((closed[0], closed[1]), (closed[2], closed[3]), (closed[4], closed[5])):
            second.good.asin, second.good.fnsku, second.good.title, second.units = first.good.asin, first.good.fnsku, first.good.title, first.units
            second.good.sku = f"{first.good.sku}-PANEU"

    def _one_of_great_worth(self) -> None:
        """Few SKUs hold most of the money, as in life; and a price with a thousands mark."""
        row = next(row for row in self.stranded if row.good.place == "US" and row.said == "Listing closed" and row.price)
        row.good.title, row.good.price, row.price, row.units = "Sample Harbour Oak Standing Desk, Fog", Decimal("1499.00"), Decimal("1499.00"), 12
        row.price_text, row.bounds, row.removal_on = "1,499.00", None, self.today + timedelta(days=5)
        row.stranded_on = row.removal_on - timedelta(days=180)
