"""Tasks of an account: matched with what is stranded each time somebody asks, and ended by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from refloat.app.done import by_hand, granted, stopped_at
from refloat.app.live import triage_account
from refloat.app.triage import Question, Triage
from refloat.clock import WallClock
from refloat.errors import TooLarge, WrongUse
from refloat.knowledge.by_hand import by_hand as page_by_hand
from refloat.knowledge.catalogue import UNEXPLAINED, Catalogue, catalogue
from refloat.knowledge.tables import table
from refloat.loop import tasks
from refloat.loop.choosing import SECOND_WRITER, STOP_WRITER, WAIT, Now, next_remedy
from refloat.loop.findings import findings
from refloat.model.finding import Finding
from refloat.model.notes import Notes
from refloat.model.ports import Clock
from refloat.model.task import Attachment, Task, Term, Tried, subject_of
from refloat.store import EntryRow, Store, StrandingRow, TaskRow

#: Of so many tasks each SKU's entries are asked for; of more, the journal is read through once.
_ASKED_SINGLY = 200
_NAME_LETTERS = 200


@dataclass(frozen=True)
class Desk:
    """Whose tasks they are, and what is needed to read and to end them."""

    store: Store
    account: str
    notes: Notes = field(default_factory=Notes)
    language: str = "en"
    clock: Clock = field(default_factory=WallClock)
    pages: Path | None = None
    #: What was diagnosed at this moment already, of the same account and notes; None: it is diagnosed where it is needed.
    found: Triage | None = None

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def catalogue(self) -> Catalogue:
        return catalogue(self.pages)


def open_tasks(desk: Desk, sku: str | None = None) -> list[Task]:
    """What a person has to do, after it was matched with what is stranded now: the most urgent first.

    Raises:
        RefloatError: there is no such account, or nothing is on record of it yet.
    """
    _matched(desk)
    rows = [row for row in desk.store.tasks.all(desk.account) if row.ended_at is None and sku in {None, row.sku}]
    return sorted(_read(desk, rows), key=lambda task: (task.due_on, not task.overdue, task.subject.marketplace or "", task.subject.sku, task.id))


def task(desk: Desk, task_id: int) -> Task:
    """One task, open or ended."""
    _matched(desk)
    (found,) = _read(desk, [desk.store.tasks.get(desk.account, task_id)])
    return found


def on_record(desk: Desk, rows: Sequence[TaskRow]) -> list[Task]:
    """These tasks as they stand on record, in their order, for a page: nothing is matched, so nothing else is read."""
    return _read(desk, rows)


def end_task(desk: Desk, task_id: int, result: str, note: str = "", by: str | None = None) -> Task:
    """Take over what a person did and what came of it; what follows is ``next`` of the task. ``by``: who says so, where a door knows.

    Raises:
        WrongUse: the task has ended already, or there is none.
    """
    row = desk.store.tasks.get(desk.account, task_id)
    causes = desk.catalogue.causes
    then = tasks.followed_by(causes.get(row.subject["cause"], causes[UNEXPLAINED]), desk.catalogue.remedies[row.remedy], result)
    ended = desk.store.tasks.end(desk.account, task_id, result, note, desk.now, then=then, by=by)
    (found,) = _read(desk, [ended])
    return found


def attach(desk: Desk, task_id: int, file: Path, paper: str | None = None) -> Attachment:
    """Keep a file with a task; ``paper`` names the line of the checklist that it fulfils.

    Raises:
        WrongUse: the file cannot be read, or the checklist has no such line.
        TooLarge: it is no paper.
    """
    try:
        size = file.stat().st_size
        fits(file.name, size)
        return attach_content(desk, task_id, file.name, file.read_bytes(), paper)
    except OSError as error:
        raise WrongUse("The file {file} cannot be read: {error}.", why="Its bytes are kept with the task.", todo="Give another file.", file=file, error=error.strerror or error) from error


def attach_content(desk: Desk, task_id: int, name: str, content: bytes, paper: str | None = None, by: str | None = None) -> Attachment:  # noqa: PLR0917 - whose, which, what
    """The same of bytes that a person sent; ``by``: who did, where a door knows.

    Raises:
        WrongUse: the checklist has no such line.
        TooLarge: it is no paper.
    """
    fits(name, len(content))
    row = desk.store.tasks.get(desk.account, task_id)
    known = [one.name for one in page_by_hand(desk.catalogue.remedies[row.remedy].page).papers_for(row.subject["cause"])]
    if paper is not None and paper not in known:
        raise WrongUse(
            "The checklist of task {id} has no line {paper}.", why="These are its lines: {names}.", todo="Leave --as out, or name one of them.", id=task_id, paper=paper, names=", ".join(known)
        )
    return desk.store.tasks.attach(desk.account, task_id, name, content, desk.now, paper=paper, by=by)


def plain_name(given: str) -> str:
    """A sent file's own name, without a path, control characters, or more letters than anybody reads."""
    last = given.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    return shown[-_NAME_LETTERS:] or "file"


def fits(name: str, size_bytes: int) -> None:
    """Refuse what is too large to be a paper.

    Raises:
        TooLarge: it is larger than ``limits.toml`` allows.
    """
    most: int = table("limits")["task"]["attachment_bytes"]
    if size_bytes > most:
        raise TooLarge("{file} is too large to be kept with a task.", why="The limit is {limit} MiB.", todo="Attach the pages that count.", file=name, limit=most // 1024**2)


def open_task(desk: Desk, sku: str, remedy: str, marketplace: str | None = None, by: str | None = None) -> Task:
    """Open what is no first remedy: a fallback by hand, such as support when a relist shows nothing. ``by``: who asks, where a door knows.

    Raises:
        WrongUse: the SKU is not stranded, or in several marketplaces; its cause names no such remedy, or it is none by hand; there is a task for it.
    """
    found, (stranding,) = _found(desk), _stranded(desk, sku, marketplace)
    finding = _findings(found, desk, pl.col("sku") == sku).get((stranding.marketplace, sku))
    if finding is None:
        raise _not_stranded(desk, sku)
    cause = found.catalogue.causes[finding.cause]
    fitting = fallbacks(found.catalogue, cause.name)
    if remedy not in fitting:
        raise WrongUse(
            "{remedy} is no remedy by hand for {cause}.",
            why="The cause’s page names these: {names}.",
            todo="See refloat explain {cause}.",
            remedy=remedy,
            cause=cause.name,
            names=", ".join(fitting) or "-",
        )
    row = _opened(desk, found, finding, stranding, remedy, by=by)
    if row is None:
        raise WrongUse(
            "There is a task for {sku} and {remedy} already.",
            why="A remedy is one task for a stranding.",
            todo="See refloat tasks {account} --sku {sku}.",
            sku=sku,
            remedy=remedy,
            account=desk.account,
        )
    (opened,) = _read(desk, [row])
    return opened


def fallbacks(known: Catalogue, cause: str) -> list[str]:
    """The remedies by hand that the cause's page names; a page that is gone names none."""
    return [name for name in _named(known, cause) if known.remedies[name].safety == "by-hand"] if cause in known.causes else []


def _stranded(desk: Desk, sku: str, marketplace: str | None) -> list[StrandingRow]:
    known = [row for row in desk.store.strandings.open_strandings(desk.account, marketplace) if row.sku == sku]
    if len(known) != 1:
        raise _not_stranded(desk, sku)
    return known


def _not_stranded(desk: Desk, sku: str) -> WrongUse:
    return WrongUse("{sku} is not stranded in exactly one marketplace.", why="A task belongs to one stranding.", todo="See refloat triage --account {account}.", sku=sku, account=desk.account)


def _found(desk: Desk) -> Triage:
    return desk.found or triage_account(desk.store, Question((), account=desk.account, notes=desk.notes, pages=desk.pages), desk.clock)


def _findings(found: Triage, desk: Desk, which: pl.Expr) -> dict[tuple[str, str], Finding]:
    return {(one.marketplace or "", one.sku): one for one in findings(found.rows.filter(which), found.catalogue, desk.language)}


def _matched(desk: Desk) -> None:
    """Open what is called for and not there; close what nobody needs any more. Any number of calls is as good as one."""
    found = _found(desk)
    strandings = {row.id: row for row in desk.store.strandings.open_strandings(desk.account)}
    rows = desk.store.tasks.all(desk.account)
    climbed, writers = _climbed(desk, found, strandings, rows)
    called = _findings(found, desk, pl.col("safety").cast(pl.String) == "by-hand") | climbed
    won = {row.id: granted(rows, row, diagnosed) for row, diagnosed in _with_tasks(found, rows, strandings)}
    busy = {row.stranding_id for row in rows if row.ended_at is None and _goes_on(desk, found, row, strandings.get(row.stranding_id), called, won)}
    for stranding in strandings.values():
        finding = called.get((stranding.marketplace, stranding.sku))
        ended = {**won.get(stranding.id, {}), **by_hand(rows, stranding)}
        remedy = finding and tasks.called_for(finding, found.catalogue, ended)
        if finding and remedy and stranding.id not in busy:
            _opened(desk, found, finding, stranding, remedy, writers.get((stranding.marketplace, stranding.sku)))


def _with_tasks(found: Triage, rows: Sequence[TaskRow], strandings: Mapping[int, StrandingRow]) -> Iterator[tuple[StrandingRow, Mapping[str, Any]]]:
    """Each stranding of which a person was asked, as it is diagnosed now."""
    own = {(row.marketplace, row.sku): strandings[row.stranding_id] for row in rows if row.stranding_id in strandings}
    for diagnosed in found.rows.filter(pl.col("sku").is_in([sku for _, sku in own])).iter_rows(named=True) if own else ():
        if (stranding := own.get((diagnosed["marketplace"], diagnosed["sku"]))) is not None:
            yield stranding, diagnosed


_Key = tuple[str, str]


def _climbed(desk: Desk, found: Triage, strandings: Mapping[int, StrandingRow], tasks_: Sequence[TaskRow]) -> tuple[dict[_Key, Finding], dict[_Key, str]]:
    """Where everything that a program can do was done, or waited for, and did not help, or where another tool undoes it: the next step is a person's.

    The second: who most likely writes, where it is another tool.
    """
    sent = desk.store.plans.of_strandings(desk.account)
    episodes = {(row.marketplace, row.sku): row for row in strandings.values()}
    waiting = desk.store.strandings.unchanged_since(desk.account, WAIT)
    rows = _findings(found, desk, pl.col("sku").is_in([sku for _, sku in (*sent, *waiting)])) if sent or waiting else {}
    climbed, writers = dict[_Key, Finding](), dict[_Key, str]()
    for key, finding in rows.items():
        if (episode := episodes.get(key)) is None:
            continue
        done = [deed for deed in sent.get(key, ()) if deed.stranding_id == episode.id]
        waited = desk.now - waiting[key] if finding.remedy == WAIT and key in waiting else None
        now = Now(finding.said, waited, stopped_at(tasks_, episode))
        choice = next_remedy(finding.remedy, found.catalogue.causes[finding.cause], done, now=now)
        if choice.guard is not None and choice.guard.name == SECOND_WRITER:
            climbed[key], writers[key] = replace(finding, remedy=STOP_WRITER, safety="by-hand"), choice.guard.facts["writer"]
        elif choice.climbed and choice.guard is None and found.catalogue.remedies[choice.remedy].safety == "by-hand":
            climbed[key] = replace(finding, remedy=choice.remedy, safety="by-hand")
    return climbed, writers


def _goes_on(  # noqa: PLR0917 - the task, its stranding, and what is known of it
    desk: Desk, found: Triage, row: TaskRow, stranding: StrandingRow | None, called: Mapping[_Key, Finding], won: Mapping[int, Mapping[str, str]]
) -> bool:
    """Keep an open task with what is known by now, or end it as overtaken.

    It is overtaken when its stranding has ended, when the record names another remedy than it did when the task was opened, or when
    Amazon's own answer proves it done.
    What notes alone say, given once and left out the next time, neither ends a task nor opens it anew.
    """
    finding = called.get((row.marketplace, row.sku))
    changed = stranding is not None and stranding.now.remedy != row.recorded and (finding is None or finding.remedy != row.remedy)
    if stranding is None or stranding.times_back != row.turn or changed or row.remedy not in found.catalogue.remedies or row.remedy in won.get(stranding.id, ()):
        desk.store.tasks.end(desk.account, row.id, "overtaken", "", desk.now)
        return False
    # What is known by now, unless notes of this call lead to a cause that does not know the remedy.
    if finding is not None and row.remedy in _named(found.catalogue, finding.cause):
        old, new = subject_of(row.subject), tasks.subject_of_finding(finding, desk.notes, stranding.opened_at.date())
        subject = replace(new, brand=new.brand or old.brand, notice_on=new.notice_on or old.notice_on, writer=old.writer, restricted=old.restricted).as_json()
        if subject != row.subject:
            desk.store.tasks.note_subject(desk.account, row.id, subject)
    return True


def _named(known: Catalogue, cause: str) -> tuple[str, ...]:
    """Every remedy that the cause's page names."""
    return (*known.causes[cause].remedies, *known.causes[cause].after)


def _opened(desk: Desk, found: Triage, finding: Finding, stranding: StrandingRow, remedy: str, writer: str | None = None, by: str | None = None) -> TaskRow | None:  # noqa: PLR0917 - whose, from what, which
    diagnosed = found.rows.filter((pl.col("marketplace") == stranding.marketplace) & (pl.col("sku") == stranding.sku))
    restricted = next(iter(diagnosed["live_restricted"]), None)
    subject = replace(tasks.subject_of_finding(finding, desk.notes, stranding.opened_at.date()), writer=writer, restricted=restricted)
    again = tasks.follow_up_on(found.catalogue.causes[finding.cause], desk.now.date(), subject.removal_due_on)
    return desk.store.tasks.open(desk.account, stranding.id, remedy, recorded=stranding.now.remedy or "", subject=subject.as_json(), follow_up_on=again, at=desk.now, by=by)


def _read(desk: Desk, rows: Sequence[TaskRow]) -> list[Task]:
    """The rows as a person reads them."""
    tried = _tried(desk, rows)
    return [
        tasks.task_of(
            subject_of(row.subject), row.remedy, desk.catalogue, id=row.id, account=desk.account, today=desk.now.date(),
            term=Term(row.opened_at.date(), row.follow_up_on, row.ended_at.date() if row.ended_at else None, row.result, row.note),
            notes=desk.notes, tried=[one for at, one, task_id in tried.get((row.marketplace, row.sku), ()) if at >= row.stranding_opened_at and task_id != row.id],
            attachments=row.attachments, language=desk.language,
        )
        for row in rows
    ]  # fmt: skip


def _tried(desk: Desk, rows: Sequence[TaskRow]) -> dict[_Key, list[tuple[datetime, Tried, int | None]]]:
    """(marketplace, SKU) → what the journal says was done about it: our requests with Amazon's ids, and tasks with their results; of a task its number."""
    found: dict[_Key, list[tuple[datetime, Tried, int | None]]] = {}
    for place, entry in _entries(desk, rows):
        body, ended = entry.body, entry.kind == "task-ended"
        if body.get("remedy") and (body.get("request_id") or (ended and body["result"] != "overtaken")):
            tried = Tried(entry.at.date(), str(body["remedy"]), body.get("request_id"), body["result"] if ended else None)
            found.setdefault((place, str(body["sku"])), []).append((entry.at, tried, body["task"] if ended else None))
    return found


def _entries(desk: Desk, rows: Sequence[TaskRow]) -> Iterator[tuple[str, EntryRow]]:
    journal = desk.store.journal
    if len(rows) > _ASKED_SINGLY:
        yield from ((place, entry) for place in sorted({row.marketplace for row in rows}) for entry in journal.about_skus(desk.account, place))
    else:
        yield from ((place, entry) for place, sku in sorted({(row.marketplace, row.sku) for row in rows}) for entry in journal.about(desk.account, sku, place))
