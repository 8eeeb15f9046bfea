"""The console as people use it: ``refloat serve`` in a process of its own, asked over HTTP, with a false Amazon behind it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from refloat.app.live import observe_account
from refloat.clock import SimulatedClock, clock_of
from refloat.config import Config, configured
from refloat.model.ports import Clock
from refloat.simulator import seeding
from refloat.simulator.nouns.seller import Seller
from refloat.simulator.serve import Simulator
from refloat.simulator.world import World
from refloat.store import Store, Unsealed, opened

SRC = Path(__file__).resolve().parents[1] / "src"
ACCOUNT = "Sample Harbour Goods"


@dataclass
class Visitor:
    """A browser without a screen: keeps cookies, follows nothing by itself, and sends forms with their token."""

    base: str
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        # A server may close a connection whose last form it did not read to the end; browsers then ask again, this client does not.
        self.client = httpx2.Client(base_url=self.base, timeout=60, limits=httpx2.Limits(max_keepalive_connections=0))

    def get(self, path: str, *, part: bool = False, follow: bool = False) -> httpx2.Response:
        """A page; only its changing part where ``part``."""
        return self.client.get(path, headers={"HX-Request": "true"} if part else {}, follow_redirects=follow)

    def post(self, path: str, fields: Mapping[str, Any] | None = None, *, seen: str = "/", follow: bool = True, **more: Any) -> httpx2.Response:
        """Send a form as the page ``seen`` would, with that page's token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(seen, follow=True).text)
        given = {"csrfmiddlewaretoken": token[1] if token else "", **(fields or {})}
        return self.client.post(path, data=given, headers={"Referer": self.base + seen}, follow_redirects=follow, **more)


@dataclass
class Desk:
    """A served console; ``visitor`` came in by the link that ``refloat serve`` showed: an admin of everything."""

    base: str
    config: Config
    store: Store
    visitor: Visitor
    clock: Clock
    world: World
    seller: Seller
    simulator: Simulator
    server: Server
    #: Whoever else has a client that is closed with the desk.
    others: list[Any] = field(default_factory=list)

    def look(self, account: str = ACCOUNT) -> None:
        """One pass over the account, so that pages show what is now."""
        if isinstance(self.clock, SimulatedClock):
            self.clock.catch_up()
        observe_account(self.store, account, clock=self.clock)

    def link(self, email: str) -> str:
        """A link that lets that person in, as one who is there already."""
        from refloat.store.models import Person

        return f"{self.base}/enter/{self.store.people.link(Person.objects.get(email=email).pk, datetime.now(UTC))}/"

    def newcomer(self, link: str | None = None) -> Visitor:
        """Another browser; it comes in by the link, where there is one."""
        made = Visitor(self.base)
        self.others.append(made)
        if link is not None:
            made.get(link)
        return made

    def close(self) -> None:
        for one in (self.visitor, *self.others):
            one.client.close()


@contextmanager
def served(
    home: Path, *, seed: int = 7, skus: int = 120, stranded: float = 0.4, countries: tuple[str, ...] = ("US",), reasons: tuple[str, ...] | None = None,
    database_url: str | None = None, hosts: str = "",
) -> Iterator[Desk]:  # fmt: skip
    """A made-up seller, observed once, and the console on it. ``reasons``: Amazon's words for what is stranded; None: all."""
    world = seeding.seeded(seed=seed, skus=skus, stranded=stranded, countries=countries, reasons=reasons)
    seller = next(iter(world.sellers.values()))
    with Simulator(world) as simulator:
        config = replace(configured({}), home=home, database_url=database_url, clock_url=simulator.url)
        with opened(config) as store:
            store.accounts.add(
                ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=Unsealed(seller.client_id, seller.client_secret, seller.refresh_token),
                api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token", at=datetime.now(UTC),
            )  # fmt: skip
            clock = clock_of(simulator.url)
            observe_account(store, ACCOUNT, clock=clock)
            with Server(home, simulator.url, database_url, hosts) as server:
                visitor = Visitor(server.base)
                if server.link:
                    visitor.get(server.link)
                desk = Desk(server.base, config, store, visitor, clock, world, seller, simulator, server)
                try:
                    yield desk
                finally:
                    desk.close()


class Server:
    """``refloat serve`` in processes of its own; it can be killed in the middle of something, and be started again at the same address."""

    def __init__(self, home: Path, clock_url: str, database_url: str | None, hosts: str) -> None:
        own = {"PYTHONPATH": str(SRC), "REFLOAT_HOME": str(home), "REFLOAT_CLOCK_URL": clock_url, "LC_ALL": "C.UTF-8", "USER": "sample-owner", "LOGNAME": "sample-owner"}
        self._environment = os.environ | own | ({"REFLOAT_DATABASE_URL": database_url} if database_url else {}) | ({"REFLOAT_HOSTS": hosts} if hosts else {})
        self.home, self._port = home, _free_port()
        self.base, self.link = f"http://127.0.0.1:{self._port}", ""

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def start(self) -> None:
        """Start it, and wait until it answers; ``link`` lets the owner in."""
        arguments = [sys.executable, "-m", "refloat", "serve", "--no-browser", "--port", str(self._port)]
        with (self.home / "serve.log").open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(arguments, env=self._environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        self.link = _link(self._process, self.home / "serve.log")

    def kill(self) -> None:
        """As kill -9 does: nothing of it has time to say anything."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _link(process: subprocess.Popen[bytes], log: Path) -> str:
    """Waits until the server answers."""
    while process.poll() is None:
        if "https://" in log.read_text("utf-8") and _answers(process.args[-1]):  # type: ignore[index]  # the port comes last
            return ""
        if found := re.search(r"http://\S+/enter/\S+/", log.read_text("utf-8")):
            try:
                httpx2.head(found[0], timeout=5)
            except httpx2.TransportError:
                time.sleep(0.1)
            else:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


def _answers(port: object) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", int(str(port)))) == 0
