"""Opening the store. Django is imported here and below, so that a command that needs no store starts fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from refloat.config import Config
from refloat.store import place, settings

if TYPE_CHECKING:
    from datetime import date

    from polars import DataFrame

    from refloat.store.access_record import AccessRecord
    from refloat.store.accounts import Accounts
    from refloat.store.alarms import Alarms
    from refloat.store.answers import Answers
    from refloat.store.asking import Asking
    from refloat.store.attention import Attention
    from refloat.store.deadlines import Deadlines
    from refloat.store.deliveries import Deliveries
    from refloat.store.due import DueTable
    from refloat.store.finding_pages import FindingPages
    from refloat.store.gate import SharedGate
    from refloat.store.invitations import Invitations
    from refloat.store.journal import Journal
    from refloat.store.looks import Looks
    from refloat.store.overview import Overview
    from refloat.store.people import People
    from refloat.store.plans import Ledger, Plans
    from refloat.store.policies import Policies
    from refloat.store.recipients import Recipients
    from refloat.store.record import PlaceRecord
    from refloat.store.rows import RestorationRow
    from refloat.store.runs import Runs
    from refloat.store.schema import Brought
    from refloat.store.sku_notes import SkuNotes
    from refloat.store.snapshots import Snapshots
    from refloat.store.strandings import Strandings
    from refloat.store.task_pages import TaskPages
    from refloat.store.tasks import Tasks
    from refloat.store.tokens import Tokens
    from refloat.store.views import Views


class Store:
    """The open store; its parts by subject. Usable from several threads, one database at a time in a process.

    A thread that ends should end its work in ``connection_closed()``, or its connection stays open until the
    store is closed.
    """

    accounts: Accounts
    snapshots: Snapshots
    strandings: Strandings
    journal: Journal
    tasks: Tasks
    #: Tasks over many accounts, as pages read them.
    task_pages: TaskPages
    gate: SharedGate
    plans: Plans
    policies: Policies
    deadlines: Deadlines
    due: DueTable
    alarms: Alarms
    recipients: Recipients
    deliveries: Deliveries
    overview: Overview
    #: What is open, as pages read it.
    pages: FindingPages
    people: People
    attention: Attention
    views: Views
    invitations: Invitations
    access_record: AccessRecord
    asking: Asking
    runs: Runs
    sku_notes: SkuNotes
    tokens: Tokens
    answers: Answers
    looks: Looks

    def __init__(self, config: Config, database: str) -> None:
        from refloat.store.access_record import AccessRecord
        from refloat.store.accounts import Accounts
        from refloat.store.alarms import Alarms
        from refloat.store.answers import Answers
        from refloat.store.asking import Asking
        from refloat.store.attention import Attention
        from refloat.store.deadlines import Deadlines
        from refloat.store.deliveries import Deliveries
        from refloat.store.due import DueTable
        from refloat.store.finding_pages import FindingPages
        from refloat.store.gate import SharedGate
        from refloat.store.invitations import Invitations
        from refloat.store.journal import Journal
        from refloat.store.looks import Looks
        from refloat.store.overview import Overview
        from refloat.store.people import People
        from refloat.store.plans import Plans
        from refloat.store.policies import Policies
        from refloat.store.recipients import Recipients
        from refloat.store.runs import Runs
        from refloat.store.secrets import Keyring
        from refloat.store.sku_notes import SkuNotes
        from refloat.store.snapshots import Snapshots
        from refloat.store.strandings import Strandings
        from refloat.store.task_pages import TaskPages
        from refloat.store.tasks import Tasks
        from refloat.store.tokens import Tokens
        from refloat.store.views import Views

        #: Which database, without its password.
        self.database = database
        #: After so many days a snapshot may go (``app.keeping``).
        self.keep_days = config.keep_days
        self.accounts, self.gate, self.journal = Accounts(Keyring(config)), SharedGate(), Journal()
        self.plans = Plans(self.journal)
        self.policies, self.deadlines = Policies(self.journal), Deadlines(self.journal)
        self.snapshots, self.strandings = Snapshots(), Strandings()
        self.pages, self.people, self.attention, self.views = FindingPages(), People(), Attention(), Views()
        self.tasks, self.task_pages, self.due = Tasks(self.journal), TaskPages(), DueTable()
        self.invitations, self.access_record = Invitations(), AccessRecord()
        self.asking, self.runs, self.sku_notes = Asking(self.journal), Runs(), SkuNotes(self.journal)
        self.tokens, self.answers, self.looks = Tokens(), Answers(), Looks()
        self.alarms, self.recipients, self.deliveries, self.overview = Alarms(self.journal), Recipients(Keyring(config)), Deliveries(), Overview()

    def record(self, account: str, marketplace: str) -> PlaceRecord:
        """The record of one marketplace of one account: the port through which the loop sees the store."""
        from refloat.store.record import PlaceRecord

        return PlaceRecord(self.snapshots, account, marketplace)

    def ledger(self, account: str) -> Ledger:
        """What is on record of the account's plans: the port through which the loop carries them out."""
        from refloat.store.plans import Ledger

        return Ledger(self.journal, account)

    def restored(self) -> RestorationRow | None:
        """When the store last came back from a backup; None: never. What was sent between is not on record."""
        from refloat.store.models import Restoration
        from refloat.store.rows import RestorationRow
        from refloat.store.turns import reading

        with reading():
            found = Restoration.objects.order_by("-id").first()
            return None if found is None else RestorationRow(found.at, found.backed_up_at, found.sha256)

    def show_findings(self, account: str, marketplace: str, found: DataFrame | None, today: date) -> None:
        """Let pages see what a look found of a marketplace, after its strandings were recorded (``store.findings``)."""
        # Polars is imported only here: most commands that open the store record nothing.
        from refloat.store.findings import record

        record(account, marketplace, found, today)

    def alone_with(self, account: str, marketplace: str | None = None, *, patience_seconds: float = 0) -> AbstractContextManager[None]:
        """While it is held no other process, and no other part of this one, writes for the account; with ``marketplace``, none looks at that one.

        Raises:
            AccountBusy: another one does already, and still does when the patience is over.
        """
        from refloat.store.lease import alone_with

        return alone_with(account, marketplace, patience_seconds=patience_seconds)

    def working_as(self, worker: str, lost: Callable[[], None]) -> AbstractContextManager[None]:
        """While it is held, ``lives(worker)`` is true in every process; ``lost`` is called should the database have let go of us."""
        from refloat.store.lease import working_as

        return working_as(worker, lost)

    def lives(self, worker: str) -> bool:
        """Does the worker of that name live, on whatever machine?"""
        from refloat.store.lease import lives

        return lives(worker)

    @contextmanager
    def connection_closed(self) -> Iterator[None]:
        """At its end this thread's connection is closed."""
        from django.db import connections

        try:
            yield
        finally:
            connections.close_all()

    def close(self) -> None:
        """Close every connection of this process to the store."""
        from refloat.store.connected import close_all

        close_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def opened(config: Config) -> Store:
    """The store that the configuration names; made where there is none, and a SQLite file brought up to date.

    Raises:
        StoreError: damaged, made by a newer version (on PostgreSQL an older one as well), read-only, full, or not reachable.
    """
    store_place = _ready(config)
    from refloat.store.schema import brought_up_to_date

    brought_up_to_date(store_place)
    return Store(config, store_place)


def migrated(config: Config) -> Brought:
    """Bring the store's tables up to date because somebody asked for it; says from what to what.

    Raises:
        StoreError: damaged, made by a newer version, read-only, full, or not reachable.
    """
    store_place = _ready(config)
    from refloat.store.connected import close_all
    from refloat.store.schema import brought_up_to_date

    try:
        return brought_up_to_date(store_place, asked=True)
    finally:
        close_all()


def _ready(config: Config) -> str:
    """Django points at the database of the configuration; which it is, without its password."""
    entry = settings.database(config)
    _pointed_at(entry)
    return settings.shown(entry)


def _pointed_at(entry: dict[str, Any]) -> None:
    if settings.is_file(entry):
        place.made(Path(entry["NAME"]))
    settings.configured_for(entry)
    from refloat.store.connected import remembered

    remembered()
