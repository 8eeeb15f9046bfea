"""Digests: the day, the weekly review of the guide, the trend of the month; made when they are sent, from what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from refloat.app.letter import Part, message
from refloat.app.telling import Reader, titled
from refloat.app.words import left_text, money_text, skus_text, units_text, worth_text
from refloat.insight.review import Group, Month, groups, trend, whole
from refloat.knowledge.tables import marketplaces, table
from refloat.loop.mornings import month_before
from refloat.model.alarm import Stranded
from refloat.model.message import Message
from refloat.store import DeliveryRow, RecipientRow, Store, TaskRow


@dataclass(frozen=True)
class _Desk:
    """One account, for one reader, over one time."""

    store: Store
    account: str
    reader: Reader
    from_at: datetime
    until_at: datetime
    now: datetime

    def days_left(self, row: Stranded) -> int:
        """Until Amazon removes it, by the day where the goods lie."""
        place = marketplaces().get(row.marketplace)
        today = self.now.astimezone(ZoneInfo(place.timezone if place else "UTC")).date()
        return ((row.removal_due_on or date.max) - today).days


def digest(store: Store, person: RecipientRow, row: DeliveryRow, reader: Reader, now: datetime) -> Message:
    """The digest that a delivery asks for, of every account that the person is told of."""
    kind, period = row.about.split(" ", 1)
    accounts = [one.name for one in store.accounts.list() if person.wanted.accounts is None or one.name in person.wanted.accounts]
    parts: list[Part] = []
    for account in accounts:
        desk = _Desk(store, account, reader, row.from_at or row.made_at, row.until_at or row.made_at, now)
        parts.append(Part(reader.say("Account {account}").format(account=account), [reader.say("From {start} to {end}").format(start=reader.moment(desk.from_at), end=reader.moment(desk.until_at))]))
        parts += _PARTS[kind](desk)
    return message(_title(kind, period, reader), parts or [Part(lines=[reader.say("No account was added yet.")])])


def _title(kind: str, period: str, reader: Reader) -> str:
    say = reader.say
    titles = {"daily": say("Stranded inventory on {period}"), "weekly": say("Weekly review of stranded inventory, {period}"), "monthly": say("Trend of stranded inventory, {period}")}
    return titles[kind].format(period=period)


def _daily(desk: _Desk) -> Iterator[Part]:
    say, rows = desk.reader.say, desk.store.overview.stranded(desk.account)
    new = [row for row in rows if desk.from_at <= row.opened_at < desk.until_at and row.turn == 0]
    back = [row for row in rows if row.turn and desk.from_at <= row.since < desk.until_at]
    over = sum(month.over for month in _trend(desk, desk.from_at, desk.until_at).values())
    yield Part(say("Now"), [_in_all(desk, rows), say("New: {new} · back again: {back} · over: {over}").format(new=f"{len(new):,}", back=f"{len(back):,}", over=f"{over:,}")])
    if new:
        yield Part(say("New, by cause"), rows=_causes(desk, new))
    yield from _deadlines(desk, rows, 7)
    yield from _alarms(desk)
    yield from _heads(desk)


def _weekly(desk: _Desk) -> Iterator[Part]:
    say, rows = desk.reader.say, desk.store.overview.stranded(desk.account)
    yield Part(say("Now"), [_in_all(desk, rows)])
    if rows:
        yield Part(say("Stranded, by cause"), rows=_causes(desk, rows))
    week = _trend(desk, desk.from_at, desk.until_at)
    ended = [(desk.reader.cause(cause), f"{month.over:,}") for cause, month in sorted(week.items(), key=lambda both: -both[1].over) if month.over]
    lines = [] if ended else [say("Nothing was proven over in this time.")]
    yield Part(say("Over in this time: proven, not assumed"), lines, [(say("Cause"), say("SKUs")), *ended] if ended else ())
    if rows:
        yield Part(say("Waits for whom"), rows=_waiting(desk, rows))
    yield from _deadlines(desk, rows, table("alarms")["digest"]["deadlines_days"])
    yield from _alarms(desk)
    yield from _heads(desk)


def _monthly(desk: _Desk) -> Iterator[Part]:
    say, start = desk.reader.say, month_before(desk.from_at, desk.reader.timezone)
    own, before = _trend(desk, desk.from_at, desk.until_at), _trend(desk, start, desk.from_at)
    head = (say("Cause"), say("Newly stranded"), say("Back again"), say("Over"), say("Unit-days"))
    rows = [(desk.reader.cause(cause), *_against(own.get(cause, Month()), before.get(cause, Month()))) for cause in dict.fromkeys((*own, *before))]
    lines = [say("Beside each figure, in brackets, that of the month before. A unit that is stranded for a day is one unit-day.")]
    if any(month.unknown for month in (*own.values(), *before.values())):
        lines.append(say("≥: the units of some SKUs are unknown, and not counted."))
    yield Part(say("By cause, against the month before"), lines if rows else [say("Nothing was stranded in these two months.")], [head, *rows] if rows else ())
    yield from _heads(desk)


_PARTS: Mapping[str, Callable[[_Desk], Iterator[Part]]] = {"daily": _daily, "weekly": _weekly, "monthly": _monthly}


def _trend(desk: _Desk, since: datetime, until: datetime) -> dict[str, Month]:
    # From a month before on: what came back left a gap that may be as long.
    reach = timedelta(days=table("alarms")["digest"]["memory_days"])
    return trend(desk.store.overview.history(desk.account, since - reach, until), since, until)


def _against(own: Month, before: Month) -> Iterator[str]:
    for name in ("opened", "came_back", "over"):
        yield f"{getattr(own, name):,} ({getattr(before, name):,})"
    yield f"{_at_least(own)} ({_at_least(before)})"


def _at_least(month: Month) -> str:
    return f"{'≥ ' if month.unknown else ''}{month.unit_days:,}"


def _in_all(desk: _Desk, rows: Sequence[Stranded]) -> str:
    if not rows:
        return desk.reader.say("Nothing is stranded, by the last look at each source.")
    return _amounts(desk, whole(rows, desk.now))


def _amounts(desk: _Desk, group: Group) -> str:
    say = desk.reader.say
    return " · ".join((skus_text(group.skus, say), units_text(group.units, say), worth_text(group.worth, say)))


def _causes(desk: _Desk, rows: Iterable[Stranded]) -> list[tuple[str, ...]]:
    say = desk.reader.say
    head = (say("Cause"), say("SKUs"), say("Units"), say("Worth"), say("Oldest, days"))
    found = groups(rows, lambda row: row.cause or "unexplained", desk.now)
    return [head, *((desk.reader.cause(one.name), f"{one.skus:,}", _known(desk, one), worth_text(one.worth, say), f"{one.oldest_days:,}") for one in found)]


def _known(desk: _Desk, group: Group) -> str:
    if group.units is None:
        return desk.reader.say("unknown")
    return f"{'≥ ' if group.unknown else ''}{group.units:,}"


def _waiting(desk: _Desk, rows: Sequence[Stranded]) -> list[tuple[str, ...]]:
    """For whom each stranding waits: one of the five, never none."""
    say = desk.reader.say
    tasks = {task.stranding_id: task for task in desk.store.tasks.all(desk.account) if task.ended_at is None}
    sent = {deed.stranding_id for deed in desk.store.plans.waiting(desk.account)}
    words = {
        "person": say("a person: tasks in Seller Central"),
        "sent": say("Amazon: something was sent, and its effect is still to show"),
        "amazon": say("Amazon: under review, reserved, or about to clear"),
        "held": say("a date: held on purpose"),
        "nobody": say("your word: refloat plan {account}").format(account=desk.account),
    }
    found = groups(rows, lambda row: _whom(row, tasks, sent), desk.now)
    late = sum(task.follow_up_on < desk.now.date() for task in tasks.values())
    rest = [(say("of these, tasks to follow up now"), f"{late:,}", "", "")] if late else []
    return [(say("Waits for"), say("SKUs"), say("Units"), say("Worth")), *((words[one.name], f"{one.skus:,}", _known(desk, one), worth_text(one.worth, say)) for one in found), *rest]


def _whom(row: Stranded, tasks: Mapping[int, TaskRow], sent: set[int | None]) -> str:
    if row.id in tasks:
        return "person"
    if row.remedy == "hold":
        return "held"
    if row.id in sent:
        return "sent"
    return "amazon" if row.remedy == "wait" or row.standing == "clearing" else "nobody"


def _deadlines(desk: _Desk, rows: Iterable[Stranded], days: int) -> Iterator[Part]:
    say, most = desk.reader.say, table("alarms")["shown"]["rows"]
    due = [row for row in rows if row.removal_due_on is not None and desk.days_left(row) <= days]
    due.sort(key=lambda row: (row.removal_due_on or date.max, row.worth is None, -(row.worth.amount if row.worth else 0), row.sku))
    if not due:
        yield Part(say("Removal dates"), [say("Amazon removes nothing in the next {days} days, as far as is known.").format(days=days)])
        return
    head = (say("Removed on"), say("Left"), say("Marketplace"), "SKU", say("Units"), say("Worth"))
    lines = [say("{count} more: refloat triage --account {account} --due-within {days}").format(count=f"{len(due) - most:,}", account=desk.account, days=days)] if len(due) > most else []
    yield Part(say("Removal dates: overdue, and of the next {days} days").format(days=days), lines, [head, *(_due_row(desk, row) for row in due[:most])])


def _due_row(desk: _Desk, row: Stranded) -> tuple[str, ...]:
    say = desk.reader.say
    units = say("unknown") if row.units is None else f"{row.units:,}"
    return (str(row.removal_due_on), left_text(desk.days_left(row), say), row.marketplace, row.sku, units, money_text(row.worth, say))


def _alarms(desk: _Desk) -> Iterator[Part]:
    say, most = desk.reader.say, table("alarms")["shown"]["rows"]
    found = desk.store.alarms.list(desk.account)
    if found:
        lines = [f"#{one.id} {titled(one, desk.reader)}" + (" " + say("(taken by {person})").format(person=one.acknowledged_by) if one.acknowledged_at else "") for one in found[:most]]
        rest = [say("{count} more: refloat alarms {account}").format(count=f"{len(found) - most:,}", account=desk.account)] if len(found) > most else []
        yield Part(say("Open alarms"), [*lines, *rest])


def _heads(desk: _Desk) -> Iterator[Part]:
    """Kept outside the store, they prove later that nothing was cut off the journal."""
    say, heads = desk.reader.say, desk.store.overview.heads(desk.account)
    if heads:
        rows = [(say("Marketplace"), say("Entry"), say("Hash")), *((place or say("whole account"), f"{number:,}", head) for place, number, head in heads)]
        yield Part(say("Journal, to keep: what comes later must follow from this"), rows=rows)
