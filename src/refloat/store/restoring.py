"""Backup and restore of the store that the configuration names.

After a restore the store no longer knows what was sent since the backup, so the restored state holds a ``Restoration``
from its first moment on: it comes with the tables, in one step, and what writes to Amazon asks for it (promise 15).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from refloat.config import Config
from refloat.errors import WrongUse
from refloat.store import dumping, keeping, settings
from refloat.store.keeping import Kept
from refloat.store.opening import Store, opened
from refloat.store.troubles import StoreError


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``aside``: where the state before is, None where there was none."""

    kept: Kept
    at: datetime
    aside: str | None


def backed_up(config: Config, store: Store, path: Path) -> Kept:
    """Write the whole store into a file while others work, read it again from end to end, and only then give it its name.

    Raises:
        WrongUse: there is something of that name already.
        StoreError: the store cannot be read, the file not written, or something of it is not whole.
    """
    keeping.refuse_taken(path)
    if not settings.is_file(settings.database(config)):
        return _dumped(config, store, path)
    with keeping.finished(path) as part:
        keeping.copied(Path(store.database), part)
        return keeping.read_again(part, path)


def _dumped(config: Config, store: Store, path: Path) -> Kept:
    entry, chains = settings.database(config), 0
    for chain in store.journal.checked():
        chains += 1
        if chain.broken is not None:
            raise keeping.unfit(path, f"the journal of {chain.account} is broken at entry {chain.broken} ({chain.how})")
    with keeping.finished(path) as part:
        dumping.dumped(entry, part)
        version, counts = dumping.read_again(entry, part, path)
        return Kept(path, keeping.sum_of(part), part.stat().st_size, version, counts, chains)


def put_back(config: Config, path: Path, at: datetime, *, in_place: bool = False) -> Restored:
    """Make the store that of the backup; checked first. Nothing is written at Amazon afterwards until everything was read anew.

    Raises:
        WrongUse: there is no such file, or the store is not empty and ``in_place`` is not said.
        AccountBusy: another process works on an account.
        StoreError: the backup is not whole, or of a newer version; nothing was changed.
    """
    keeping.checked_sum(path)
    entry = settings.database(config)
    if settings.is_file(entry):
        kept = keeping.read_again(path)
        _not_newer(kept, exactly=False)
        return _file_put_back(config, Path(entry["NAME"]), kept, at, in_place)
    version, counts = dumping.read_again(entry, path, path)
    kept = Kept(path, keeping.sum_of(path), path.stat().st_size, version, counts, 0)
    _not_newer(kept, exactly=True)
    with _quiet(config, in_place):
        aside = dumping.restored(entry, path, at, aside=True, marker=_marker(kept, at))
    with opened(config) as store:
        _told(store, kept, at)
    return Restored(kept, at, aside)


def _file_put_back(config: Config, live: Path, kept: Kept, at: datetime, in_place: bool) -> Restored:
    with tempfile.TemporaryDirectory(prefix=f".{live.name}.", dir=_folder(live)) as folder:
        ready = Path(folder) / "restored.sqlite3"
        keeping.copied(kept.path, ready)
        # Marked, and brought up to date, before it takes the place of the store: whoever is killed here leaves the old one.
        with opened(replace(config, database_url=f"sqlite://{quote(str(ready.absolute()))}")) as store:
            _mark(kept, at)
            _told(store, kept, at)
        existed = live.exists()
        with _quiet(config, in_place) as empty:
            aside = None if empty or not existed else _aside(live, at)
            keeping.copied_over(ready, live)
    return Restored(kept, at, None if aside is None else str(aside))


def _folder(live: Path) -> Path:
    live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return live.parent


def _aside(live: Path, at: datetime) -> Path:
    """The state before, in a file of its own beside the store."""
    aside = live.with_name(f"{live.name}.before-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise WrongUse("{path} is there already.", why="The state before is put aside under that name.", todo="Move it away, then do it again.", path=aside)
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    keeping.copied(live, aside)
    return aside


@contextmanager
def _quiet(config: Config, in_place: bool) -> Iterator[bool]:
    """While no process works on any account of the store; whether the store is empty.

    Raises:
        WrongUse: it is not, and nobody said that it may be replaced.
        AccountBusy: one does.
    """
    with opened(config) as store, ExitStack() as alone:
        names = [row.name for row in store.accounts.list()]
        empty = not names and next(store.journal.checked(), None) is None
        if not empty and not in_place:
            raise WrongUse(
                "The store {place} is not empty.",
                why="It holds accounts or a journal ({names}); what it knows and the backup does not would be gone.",
                todo="To replace it all the same, add --replace: the state before is kept aside.",
                place=store.database,
                names=", ".join(names) or "-",
            )
        for name in names:
            alone.enter_context(store.alone_with(name))
        yield empty


def _not_newer(kept: Kept, *, exactly: bool) -> None:
    from refloat.store.schema import newest

    if kept.version > newest():
        raise StoreError(
            "{path} was made by a newer version of Refloat.",
            why="It has tables that this version does not know ({name}). Nothing was changed.",
            todo="Install the version of Refloat that wrote it, or a later one.",
            path=kept.path,
            name=kept.version,
        )
    if exactly and kept.version != newest():
        raise StoreError(
            "{path} was made by an older version of Refloat.",
            why="Its tables are those of {name}; on PostgreSQL a backup is restored by the version that made it. Nothing was changed.",
            todo="Restore it with that version, then install this one and run: refloat migrate",
            path=kept.path,
            name=kept.version,
        )


def _mark(kept: Kept, at: datetime) -> None:
    from django.db.models import Max

    from refloat.store.models import JournalEntry, Restoration

    last = JournalEntry.objects.aggregate(at=Max("at"))["at"]
    Restoration.objects.create(at=at, backed_up_at=last, sha256=kept.sha256)


def _marker(kept: Kept, at: datetime) -> str:
    return f"INSERT INTO public.store_restoration (at, backed_up_at, sha256) VALUES ('{at.astimezone(UTC).isoformat()}', (SELECT max(at) FROM public.store_journalentry), '{kept.sha256}');"  # noqa: S608 - a moment and hexadecimal digits


def _told(store: Store, kept: Kept, at: datetime) -> None:
    """The journal of every account says that the store was put back."""
    for row in store.accounts.list():
        store.journal.append(row.name, "", "restored", {"backup_sha256": kept.sha256}, at)
