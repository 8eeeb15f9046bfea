"""Many workers on one PostgreSQL: how much each does, who waits how long, and that nothing is lost or done twice.

    python bench/many_workers.py [--accounts 1000] [--skus 5] [--workers 1 2 4] [--seconds 240] [--results bench/many-workers-results.md]

Each worker is the real command ``refloat work`` in a process of its own. Workers and simulators go by the wall's clock
(a world second is a second), so pacing is what it is at Amazon; the simulators are several processes, because each
answers one call at a time. Every fifth account has the recommended policy, without its soak time. The first account's
answers take a second each, the second's leave was taken back. A worker is killed every few seconds and started anew,
PostgreSQL is restarted once; a worker that ends with code 75 is started anew, as systemd does.

A trigger in the database writes down every turn: due, begun, ended, by whom.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.postgres import PrivatePostgres, private_postgres  # noqa: E402

import many_books  # noqa: E402
from many_seas import Owner, Seas, seas  # noqa: E402
from refloat.app.policies import enter_policy  # noqa: E402
from refloat.app.working import LOST  # noqa: E402
from refloat.config import Config  # noqa: E402
from refloat.knowledge.policies_read import shipped  # noqa: E402
from refloat.store import Store, Unsealed, opened  # noqa: E402

DATABASE = "many"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Asked:
    """One run."""

    accounts: int = 1000
    skus: int = 5
    workers: int = 2
    #: At least so long, and until every account was looked at.
    seconds: float = 240
    at_most_seconds: float = 1500
    #: A worker is killed so often; 0: never.
    kill_seconds: float = 10
    worlds: int = 3
    restart: bool = True
    seed: int = 7


@dataclass
class Crew:
    """The worker processes: started, killed, started anew."""

    asked: Asked
    home: Path
    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    cpu_seconds: float = 0.0
    killed: int = 0
    lost: int = 0
    #: Could not begin, because the database was away.
    vain: int = 0
    wrong: list[str] = field(default_factory=list)

    def start(self) -> None:
        """One more."""
        own = {"PYTHONPATH": str(ROOT / "src"), "REFLOAT_HOME": str(self.home), "REFLOAT_DATABASE_URL": self.url, "REFLOAT_CHANGE_MINUTES": "5", "LC_ALL": "C.UTF-8"}
        with (self.home / "workers.log").open("ab") as log:
            self.processes.append(subprocess.Popen([sys.executable, "-m", "refloat", "work"], env=os.environ | own, stderr=log, stdout=log))

    def kill(self, chance: random.Random) -> None:
        """Kill -9 one of them."""
        chance.choice(self.processes).send_signal(signal.SIGKILL)
        self.killed += 1

    def see_to(self) -> None:
        """Whoever has ended is started anew; one that ended otherwise than it may is put down."""
        for process in list(self.processes):
            if (code := self._ended(process)) is not None:
                self.processes.remove(process)
                self.lost += code == LOST
                self.vain += code == 2
                if code not in {LOST, 2, -signal.SIGKILL}:
                    self.wrong.append(f"a worker ended with {code}")
                self.start()

    def stop(self) -> None:
        """In good order."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 60
        while self.processes and time.monotonic() < until:
            self.processes = [one for one in self.processes if self._ended(one) is None]
            time.sleep(0.1)
        for process in self.processes:
            process.kill()
            self.wrong.append("a worker did not stop")

    def cpu(self) -> float:
        """CPU seconds of all workers so far, those that have ended too."""
        return self.cpu_seconds + sum(_cpu_of(process.pid) for process in self.processes)

    def _ended(self, process: subprocess.Popen[bytes]) -> int | None:
        pid, code, used = os.wait4(process.pid, os.WNOHANG)
        if not pid:
            return None
        self.cpu_seconds += used.ru_utime + used.ru_stime
        process.returncode = os.waitstatus_to_exitcode(code)
        return process.returncode


def run(asked: Asked) -> many_books.Told:
    """One run, held against the worlds' books."""
    with private_postgres(durable=True, max_connections="300") as server, tempfile.TemporaryDirectory(prefix="refloat-many-") as folder:
        server.run_sql(f"CREATE DATABASE {DATABASE}")
        config = Config(None, "en", home=Path(folder), database_url=server.url(DATABASE))
        with seas(asked.worlds, asked.accounts, asked.skus, asked.seed) as there:
            with opened(config) as store:
                _accounts(store, there.owners)
            server.run_sql(many_books.TRIGGER, DATABASE)
            with _crew(asked, config) as crew:
                told = _worked(asked, server, crew)
            told.books = there.books()
            return _held(asked, config, there, crew, told)


def _held(asked: Asked, config: Config, there: Seas, crew: Crew, told: many_books.Told) -> many_books.Told:
    told.wrong += crew.wrong
    with opened(config) as store:
        many_books.read_turns(told, asked.workers)
        told.wrong += many_books.wrong(store, there.owners, told.books)
    log = (config.home / "workers.log").read_text()
    if "Traceback" in log:
        told.wrong.append(f"{log.count('Traceback')} tracebacks, the first: {log[log.index('Traceback') :][:3000]}")
    return told


@contextmanager
def _crew(asked: Asked, config: Config) -> Iterator[Crew]:
    crew = Crew(asked, config.home, str(config.database_url))
    for _ in range(asked.workers):
        crew.start()
    try:
        yield crew
    finally:
        crew.stop()


def _accounts(store: Store, owners: list[Owner]) -> None:
    now = datetime.now(UTC)
    policy = re.sub(r"soak_hours = \d+", "soak_hours = 0", shipped("recommended"))
    for number, owner in enumerate(owners):
        secrets = Unsealed(owner.client_id, owner.client_secret, owner.refresh_token)
        store.accounts.add(many_books.name(owner), region="NA", seller_id=owner.seller_id, unsealed=secrets, at=now, api_url=owner.url, token_url=f"{owner.url}/auth/o2/token")
        if many_books.acts(number):
            enter_policy(store, many_books.name(owner), policy, "the bench", now)


def _worked(asked: Asked, server: PrivatePostgres, crew: Crew) -> many_books.Told:
    """Until every account was looked at, a policy has acted and the time is over: with kills and a restart at first, then until nothing is overdue."""
    told, chance = many_books.Told(json.dumps(vars(asked))), random.Random(asked.seed)
    many_books.until_begun(server.url(DATABASE))
    told.idle_cpu, began = crew.cpu(), time.monotonic()
    next_kill, restart_at, loads = began + asked.kill_seconds, began + asked.seconds / 2 if asked.restart else float("inf"), []
    before = -_server_cpu(server)
    while True:
        time.sleep(0.5)
        now = time.monotonic()
        crew.see_to()
        if asked.kill_seconds and now >= next_kill and now - began < asked.seconds:
            crew.kill(chance)
            next_kill = now + asked.kill_seconds
        if now >= restart_at:
            restart_at, before = float("inf"), before + _server_cpu(server)
            server.down()
            time.sleep(1)
            server.up()
        loads.append(os.getloadavg()[0])
        state = many_books.state(server.url(DATABASE))
        told.connections = max(told.connections, state.connections)
        if told.first_seconds is None and state.unseen == 0:
            told.first_seconds, told.first_cpu = now - began, crew.cpu() - told.idle_cpu
        if (now - began >= asked.seconds and not state.overdue and state.unseen == 0 and state.sent) or now - began > asked.at_most_seconds:
            break
    told.seconds, told.cpu_seconds, told.killed, told.lost, told.vain = time.monotonic() - began, crew.cpu() - told.idle_cpu, crew.killed, crew.lost, crew.vain
    told.server_cpu, told.load, told.bytes = before + _server_cpu(server), sum(loads) / len(loads), state.bytes
    return told


def _server_cpu(server: PrivatePostgres) -> float:
    """CPU seconds of PostgreSQL: of the processes that live, and of those that have ended."""
    children = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=False).stdout.split()
    return _cpu_of(server.pid, ended=True) + sum(map(_cpu_of, map(int, children)))


def _cpu_of(pid: int, *, ended: bool = False) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / _TICKS


_HEAD = """# Many workers, measured

Written by `script/soak --workers` (`bench/many_workers.py`) on {day}, Python {python}, two cores that other programs use as well:
the load average of each run stands beside its figures, and **CPU seconds are the figures to reckon with, not passes per minute**.

"""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--skus", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--at-most-seconds", type=float, default=3600, help="until every account was looked at")
    parser.add_argument("--kill-seconds", type=float, default=10)
    parser.add_argument("--worlds", type=int, default=3)
    parser.add_argument("--results", type=Path)
    asked = parser.parse_args()
    runs = []
    for workers in asked.workers:
        runs.append(run(Asked(asked.accounts, asked.skus, workers, asked.seconds, asked.at_most_seconds, kill_seconds=asked.kill_seconds, worlds=asked.worlds)))
        sys.stdout.write(runs[-1].text() + "\n\n")
        sys.stdout.flush()
    if asked.results:
        head = _HEAD.format(day=datetime.now(UTC).date().isoformat(), python=platform.python_version())
        asked.results.write_text(head + "\n\n".join(one.text() for one in runs) + "\n", encoding="utf-8")
    return 1 if any(one.wrong for one in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
