"""Views that people saved, and how much was stranded on each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count

from refloat.errors import WrongUse
from refloat.store.models import FindingDay, PlannedAction, SavedView
from refloat.store.turns import reading, writing

#: So many views a person keeps.
VIEWS_MOST = 50
#: After so many days without a look nothing is known of a place any more.
KNOWN_DAYS = 7
_DAY = ("day", "currency", "skus", "units", "worth", "cause")


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view and its query string."""

    id: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DayRow:
    """What was open on a day, of one cause where that is asked, in one currency."""

    day: date
    currency: str | None
    skus: int
    units: int | None
    worth: Decimal | None
    cause: str | None = None


class Views:
    """Views belong to a person, whom no other sees."""

    def of(self, person_id: int) -> tuple[ViewRow, ...]:
        """The person's views by name."""
        with reading():
            return tuple(ViewRow(*row) for row in SavedView.objects.filter(person_id=person_id).order_by("name").values_list("id", "name", "address"))

    def save(self, person_id: int, name: str, address: str, at: datetime) -> None:
        """Keep a view; one of that name is replaced.

        Raises:
            WrongUse: it has no name, or there are too many.
        """
        name = name.strip()[:80]
        with writing():
            own = SavedView.objects.filter(person_id=person_id)
            if not name or own.exclude(name=name).count() >= VIEWS_MOST:
                raise WrongUse(
                    "The view was not saved.", why="A view needs a name, and a person keeps {most} of them at most.", todo="Give it a name, or delete one that you no longer need.", most=VIEWS_MOST
                )
            SavedView.objects.update_or_create(person_id=person_id, name=name, defaults={"address": address, "saved_at": at})

    def delete(self, person_id: int, view_id: int) -> None:
        """Forget a view of the person's; another's stays."""
        with writing():
            SavedView.objects.filter(person_id=person_id, pk=view_id).delete()

    def days(self, accounts: tuple[str, ...] | None, since: date, until: date, *, by_cause: bool = False) -> tuple[DayRow, ...]:
        """What was open on each day from one to the other; a place that was not looked at on a day stands with its last known figures (``store.carried``)."""
        # Polars is imported only here: views are asked for often, and trends seldom.
        import polars as pl

        from refloat.store import framed
        from refloat.store.carried import carried

        kinds: dict[str, pl.DataType] = {
            "account": pl.Int64(), "marketplace": pl.String(), "day": pl.Date(), "currency": pl.String(), "cause": pl.String(), "skus": pl.Int64(), "units": pl.Int64(), "worth": pl.Decimal(38, 4),
        }  # fmt: skip
        own = {} if accounts is None else {"account__name__in": accounts}
        with reading():
            rows = framed.read(FindingDay.objects.filter(day__gte=since - timedelta(days=KNOWN_DAYS), **own), {name: name for name in kinds}, kinds)
        return () if rows.is_empty() else tuple(DayRow(*row) for row in carried(rows, since, until, by_cause=by_cause).select(_DAY).iter_rows())

    def verdicts(self, accounts: tuple[str, ...] | None, since: datetime) -> tuple[tuple[str, str, int], ...]:
        """(remedy, verdict, how many) since."""
        own: dict[str, Any] = {} if accounts is None else {"account__name__in": accounts}
        with reading():
            found = PlannedAction.objects.filter(verdict_at__gte=since, **own).exclude(verdict=None).values_list("remedy", "verdict").annotate(many=Count("id")).order_by("remedy", "verdict")
            return tuple((remedy, str(word), many) for remedy, word, many in found)
