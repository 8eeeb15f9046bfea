"""What many workers did, turn by turn, and their store held against the worlds' own books."""

from __future__ import annotations

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection

from many_seas import Books, Owner
from refloat.app.working import overview
from refloat.store import Store

#: Every turn of every worker, as the table of what is due sees it.
TRIGGER = """
CREATE TABLE bench_turns (account bigint, kind text, what text, due_at timestamptz, at timestamptz, worker text, waits_for text, failures int);
CREATE FUNCTION bench_turned() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.worker IS NOT NULL AND (OLD.worker IS DISTINCT FROM NEW.worker OR OLD.begun_at IS DISTINCT FROM NEW.begun_at) THEN
    INSERT INTO bench_turns VALUES (NEW.account_id, NEW.kind, 'begun', OLD.due_at, NEW.begun_at, NEW.worker, '', 0);
  ELSIF OLD.worker IS NOT NULL AND NEW.worker IS NULL THEN
    INSERT INTO bench_turns VALUES (NEW.account_id, NEW.kind, 'ended', NEW.due_at, clock_timestamp(), OLD.worker, NEW.waits_for, NEW.failures);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER bench_turned AFTER UPDATE ON store_due FOR EACH ROW EXECUTE FUNCTION bench_turned();
"""
_SLOW, _BROKEN = 0, 1


def name(owner: Owner) -> str:
    """What the account of that seller is called."""
    return f"{owner.url.rpartition(':')[2]}-{owner.seller_id}"


def acts(number: int) -> bool:
    """Has the account of that number a policy that acts?"""
    return number % 5 == 2


@dataclass(frozen=True)
class State:
    """How far it is: accounts without a concluded look, rows that are due, actions sent, connections, the database's size."""

    unseen: int
    overdue: int
    sent: int
    connections: int
    bytes: int


def state(url: str) -> State:
    """As it stands; the broken account is never looked at, and does not count."""
    unseen = """SELECT count(*) - 1 FROM store_account a WHERE NOT EXISTS
        (SELECT 1 FROM bench_turns t WHERE t.account = a.id AND t.kind = 'look' AND t.what = 'ended' AND t.waits_for = '' AND t.failures = 0)"""
    overdue = "SELECT count(*) FROM store_due WHERE due_at < now() - interval '20 seconds' OR worker IS NOT NULL OR waits_for IN ('reports', 'account-busy')"
    sent = "SELECT count(*) FROM store_plannedaction WHERE stage IN ('answered', 'shown')"
    connected, size = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()", "SELECT pg_database_size(current_database())"
    with psycopg.connect(url) as line:
        answers = [line.execute(one).fetchone() for one in (unseen, overdue, sent, connected, size)]
    return State(*(int(one[0]) for one in answers if one is not None))


def until_begun(url: str) -> None:
    """Until the first turn has begun: starting a worker takes seconds of CPU, and is not what is measured."""
    with psycopg.connect(url, autocommit=True) as line:
        while line.execute("SELECT count(*) FROM bench_turns").fetchone() == (0,):
            time.sleep(0.1)


@dataclass
class Told:
    """What came of one run."""

    asked: str
    seconds: float = 0.0
    first_seconds: float | None = None
    first_cpu: float = 0.0
    cpu_seconds: float = 0.0
    server_cpu: float = 0.0
    killed: int = 0
    lost: int = 0
    vain: int = 0
    idle_cpu: float = 0.0
    connections: int = 0
    bytes: int = 0
    load: float = 0.0
    first: int = 0
    later: int = 0
    broken_off: int = 0
    turns: Counter[str] = field(default_factory=Counter)
    workers: int = 0
    asked_workers: int = 0
    #: Seconds from due to begun: of all turns, of the slow account's, of the broken one's; and each account's median.
    lateness: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    broken: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    books: list[Books] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def text(self) -> str:
        """For a page."""
        minutes, looks = self.seconds / 60, max(1, self.first + self.later)
        calls, busy = sum(one.calls for one in self.books), max(one.busy_seconds for one in self.books)
        rows = {
            "asked": f"`{self.asked}`",
            "load average (of 2 cores)": f"{self.load:.1f}",
            "seconds; until every account had its first look": f"{self.seconds:.0f}; {self.first_seconds or float('nan'):.0f}",
            "looks concluded: first ones, later ones": f"{self.first}, {self.later}",
            "looks concluded per minute, per worker": f"{looks / minutes:.1f}, {looks / minutes / self.asked_workers:.1f}",
            "other turns": ", ".join(f"{kind} {count}" for kind, count in sorted(self.turns.items())),
            "workers' CPU seconds: all; per first look; per later look": f"{self.cpu_seconds:.0f}; {self._per_first()}; {self._per_later()}",
            "PostgreSQL's CPU seconds: all; per look": f"{self.server_cpu:.0f}; {self.server_cpu / looks:.3f}",
            "simulators: calls, CPU seconds, busiest lock": f"{calls:,}, {sum(one.cpu_seconds for one in self.books):.0f}, {busy / self.seconds:.0%} of the time",
            "workers killed; ended with 75; not begun while PostgreSQL was away; turns broken off": f"{self.killed}; {self.lost}; {self.vain}; {self.broken_off}",
            "names of workers that began turns": f"{self.workers}",
            "connections at most": f"{self.connections}",
            "database": f"{self.bytes / 1e6:.0f} MB",
            "late, all turns: p50, p95, max": _spread(self.lateness),
            "late, each account's median: p50, p95, max": _spread(self.medians),
            "late, the slow account; the broken one": f"{_spread(self.slow)}; {_spread(self.broken)}",
            "429s": f"{sum(sum(one.throttled.values()) for one in self.books)} of {calls:,} calls {self._throttled()}",
            "writes at Amazon, removal orders": f"{sum(sum(one.writes.values()) for one in self.books)}, {sum(one.removals for one in self.books)}",
            "wrong": f"{len(self.wrong)}" + "".join(f"<br>{one}" for one in self.wrong[:10]),
        }
        return f"## {self.asked_workers} workers\n\n| | |\n|---|---|\n" + "\n".join(f"| {key} | {value} |" for key, value in rows.items())

    def _per_first(self) -> str:
        return f"{self.first_cpu / self.first:.2f}" if self.first and self.first_seconds else "-"

    def _per_later(self) -> str:
        return f"{(self.cpu_seconds - self.first_cpu) / self.later_alone:.2f}" if self.later_alone and self.first_seconds else "-"

    #: Later looks after the last first one; CPU seconds of the time until then hold some later looks as well.
    later_alone: int = 0

    def _throttled(self) -> str:
        by = Counter(operation for one in self.books for (_, operation), count in one.throttled.items() for _ in range(count))
        return str(dict(by)) if by else ""


def _spread(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "-"
    return f"{statistics.median(seconds):.1f}, {statistics.quantiles(seconds, n=20)[-1]:.1f}, {max(seconds):.1f} s"


def read_turns(told: Told, workers: int) -> None:
    """What the trigger wrote down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM store_account ORDER BY id LIMIT 2")
        slow, broken = (row[0] for row in cursor.fetchall())
        cursor.execute("SELECT account, kind, what, due_at, at, worker, waits_for, failures FROM bench_turns ORDER BY at")
        rows: list[Any] = cursor.fetchall()
    told.asked_workers, told.workers = workers, len({row[5] for row in rows})
    began, ended, seen = 0, 0, set[int]()
    of_account: dict[int, list[float]] = defaultdict(list)
    for account, kind, what, due_at, at, _, waits_for, failures in rows:
        if what == "begun":
            began += 1
            of_account[account].append((at - due_at).total_seconds())
            continue
        ended += 1
        if kind != "look" or failures or waits_for:
            told.turns[f"{kind} ({waits_for or ('failed' if failures else 'done')})"] += 1
            continue
        told.first, told.later = told.first + (account not in seen), told.later + (account in seen)
        told.later_alone = told.later_alone + 1 if account in seen else 0
        seen.add(account)
    told.broken_off = began - ended
    told.slow, told.broken = of_account.pop(slow, []), of_account.pop(broken, [])
    told.lateness = [one for each in of_account.values() for one in each]
    told.medians = [statistics.median(each) for each in of_account.values()]


def wrong(store: Store, owners: list[Owner], books: list[Books]) -> Iterator[str]:
    """Everything that must not be."""
    truth = {(url, seller): skus for url, each in _by_url(owners, books) for seller, skus in each.truth.items()}
    for number, owner in enumerate(owners):
        if number != _BROKEN:
            yield from _account_wrong(store, owner, truth[owner.url, owner.seller_id], acts(number))
    for url, each in _by_url(owners, books):
        yield from (f"{url} {key} was ordered {count} times" for key, count in each.orders.items() if count > 1)
        yield from (f"{url} {seller} {sku} was written {count} times" for (seller, sku), count in each.writes.items() if count > 1)
        yield from ([f"{url}: {each.removals} removals that nobody consented to"] if each.removals else [])
    stands = overview(store, None, datetime.now(UTC))
    yield from (f"{row.account} {row.kind} was left broken off" for row in stands.broken_off)
    yield from (f"{row.account} {row.kind} failed: {row.trouble_code} {row.trouble_text}" for row in stands.failed if row.account != name(owners[_BROKEN]))


def _account_wrong(store: Store, owner: Owner, truth: set[str], acting: bool) -> Iterator[str]:
    account = name(owner)
    skus = {row.sku for row in store.strandings.open_strandings(account)}
    sent = {deed.sku: deed for own in store.plans.of_strandings(account).values() for deed in own if deed.stage not in {"planned"}}
    if (skus - sent.keys()) != (truth - sent.keys()):
        yield f"{account}: on record {sorted(skus)}, in the world {sorted(truth)}"
    yield from (f"{account}: {sku} was written without leave" for sku in ([] if acting else sent))
    yield from (f"{account}: {sku} was left as intended" for sku, deed in sent.items() if deed.stage == "intended")
    for place in ("", *(one.marketplace for one in store.accounts.places(account))):
        broken = store.journal.check(account, place)
        if broken is not None:
            yield f"{account} {place}: the journal breaks at {broken}"


def _by_url(owners: list[Owner], books: list[Books]) -> Iterator[tuple[str, Books]]:
    urls = list(dict.fromkeys(owner.url for owner in owners))
    return iter(list(zip(urls, books, strict=True)))
