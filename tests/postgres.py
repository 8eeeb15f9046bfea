"""A PostgreSQL for one run of the tests or the measurements: in a folder of its own, gone afterwards.

Durable it is not: nothing is written through to the disk, so that a test takes milliseconds. ``durable=True`` leaves
that as PostgreSQL has it, for figures that are to mean something.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
#: The name of the superuser, who needs no password from this machine.
OWNER = "owner"


class PrivatePostgres:
    """A server on a free port of 127.0.0.1; ``start`` it, ``url`` its databases, ``stop`` it."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        self._settings = ({} if durable else _FAST) | {"max_connections": "100"} | settings
        self._home = Path(tempfile.mkdtemp(prefix="refloat-pg-"))
        self._as_user = _unprivileged(self._home)
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> PrivatePostgres:
        """Make the cluster and let the server run."""
        self._run("initdb", "--pgdata", self._cluster, "--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.up()
        return self

    def up(self) -> None:
        """Let the server run again, on the same port and over the same cluster."""
        given = self._settings | {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with (self._home / "log").open("ab") as log:
            self._server = subprocess.Popen([program("postgres"), "-D", self._cluster, *options], stdout=log, stderr=log, env=_plain(), cwd=self._home, **self._as_user)
        self._wait_until_ready(self._server)

    def down(self) -> None:
        """End the server at once, as a crash does; every connection breaks."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            self._server = None

    def stop(self) -> None:
        """End the server, and leave nothing behind."""
        self.down()
        shutil.rmtree(self._home, ignore_errors=True)

    def url(self, database: str = "postgres", user: str = OWNER, password: str = "") -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}{':' + password if password else ''}@127.0.0.1:{self.port}/{database}"

    def run_sql(self, statement: str, database: str = "postgres") -> None:
        """Run one statement as the superuser, outside of any transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def cpu_seconds(self) -> float:
        """What its processes have used of the processors until now, as Linux counts it."""
        assert self._server is not None
        own, ticks = str(self._server.pid), 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # one that ended meanwhile is among the children that the server has waited for
                fields = stat.read_text().rpartition(")")[2].split()
                if stat.parent.name == own:
                    ticks += sum(map(int, fields[11:15]))
                elif fields[1] == own:
                    ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def demand_password(self, user: str) -> None:
        """From now on this user needs a password."""
        rules = Path(self._cluster) / "pg_hba.conf"
        rules.write_text(f"host all {user} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.run_sql("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        """The number of the server's own process, the parent of all its others."""
        assert self._server is not None
        return self._server.pid

    @property
    def _cluster(self) -> str:
        return str(self._home / "cluster")

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([program(name), *arguments], check=True, stdout=subprocess.DEVNULL, env=_plain(), cwd=self._home, **self._as_user)

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 60
        ready = [program("pg_isready"), "--quiet", "--host", "127.0.0.1", "--port", str(self.port)]
        while subprocess.run(ready, check=False, env=_plain()).returncode:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {(self._home / 'log').read_text()}")
            time.sleep(0.02)


@contextmanager
def private_postgres(*, durable: bool = False, **settings: str) -> Iterator[PrivatePostgres]:
    """A running server, stopped at the end."""
    server = PrivatePostgres(durable=durable, **settings)
    try:
        yield server.start()
    finally:
        server.stop()


def program(name: str) -> str:
    """The path of a program of PostgreSQL: of PATH, or the newest where Debian keeps them."""
    found = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)]
    path = next((one for one in found if one), None)
    if path is None:
        raise RuntimeError(f"{name} of PostgreSQL is not there: run script/bootstrap test")
    return path


def _unprivileged(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as another user, to whom the folder belongs."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _plain() -> dict[str, str]:
    """The environment without what would lead PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}
