"""Whole pages over HTTP: ``refloat serve`` and Datasette on the same SQLite file, asked in turn by one client; and how soon a slow machine shows the first of one."""

from __future__ import annotations

import http.client
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2

ROOT = Path(__file__).resolve().parents[1]
#: Datasette's page of a table: fifty rows by the same order, its guesses of facets off.
_DATASETTE = "/refloat/store_openfinding?_sort=urgency&_size=50&_nofacet=1&_nosuggest=1"
#: A processor so many times slower than this one, as Chromium's own profile for slow phones has it.
SLOWER = 6


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _started(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def refloat_on(home: Path, database_url: str | None = None) -> Iterator[httpx2.Client]:
    """A signed-in client of a served console."""
    port, log = _free_port(), home / "serve.log"
    own = {"REFLOAT_HOME": str(home), "PYTHONPATH": str(ROOT / "src")} | ({"REFLOAT_DATABASE_URL": database_url} if database_url else {})
    command = [sys.executable, "-m", "refloat", "serve", "--no-browser", "--port", str(port)]
    with _started(command, os.environ | own, log), httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        while not (link := re.search(r"/enter/\S+/", log.read_text("utf-8", errors="replace"))) or not _answers(client):
            time.sleep(0.2)
        client.get(link[0])
        yield client


@contextmanager
def datasette_on(database: Path) -> Iterator[httpx2.Client]:
    """Datasette on a copy of the file, as it is meant to be run: no guesses of facets."""
    port, copy = _free_port(), database.with_name("datasette") / "refloat.db"
    copy.parent.mkdir()
    shutil.copyfile(database, copy)
    command = [str(Path(sys.executable).with_name("datasette")), "serve", str(copy), "--port", str(port), "--setting", "suggest_facets", "off", "--setting", "sql_time_limit_ms", "60000"]
    with _started(command, os.environ, copy.parent / "serve.log"), httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
        while not _answers(client):
            time.sleep(0.2)
        yield client


def _answers(client: httpx2.Client) -> bool:
    try:
        client.get("/static/refloat/mark.svg")
    except httpx2.TransportError:
        return False
    return True


def _plain(client: httpx2.Client) -> Callable[[str], tuple[int, int]]:
    """Path → (status, bytes), over one connection: with the standard library alone, for a client that does more takes a millisecond of its own."""
    connection = http.client.HTTPConnection(str(client.base_url.host), client.base_url.port, timeout=120)
    headers = {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)}

    def get(path: str) -> tuple[int, int]:
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
        except http.client.RemoteDisconnected:
            # The others had their turn, and the server did not wait so long.
            connection.close()
            return get(path)
        return answer.status, len(answer.read())

    return get


def timed_pages(ours: httpx2.Client, theirs: httpx2.Client | None, pages: Mapping[str, str], rounds: int, repeats: int) -> dict[str, tuple[list[float], int]]:
    """Page → (milliseconds of each call, bytes of the answer), in turn and in another order each round."""
    own = _plain(ours)
    asked = {name: (own, path) for name, path in pages.items()} | ({"Datasette, the table": (_plain(theirs), _DATASETTE)} if theirs else {})
    told: dict[str, tuple[list[float], int]] = {}
    for name, (get, path) in asked.items():
        code, size = get(path)
        assert code == 200, (name, code)
        told[name] = ([], size)
    for turn in range(rounds):
        for name in random.Random(turn).sample(sorted(asked), len(asked)):
            get, path = asked[name]
            get(path)
            for _ in range(repeats):
                began = time.perf_counter()
                get(path)
                told[name][0].append((time.perf_counter() - began) * 1000)
    return told


def first_content(client: httpx2.Client, paths: Mapping[str, str]) -> dict[str, float]:
    """Page → milliseconds until Chromium shows the first of it, on a processor ``SLOWER`` times slower, nothing kept from before."""
    from playwright.sync_api import sync_playwright

    told: dict[str, float] = {}
    with ExitStack() as stack:
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        stack.callback(browser.close)
        for name, path in paths.items():
            context = browser.new_context(viewport={"width": 390, "height": 844})
            context.add_cookies([{"name": cookie.name, "value": str(cookie.value), "url": str(client.base_url)} for cookie in client.cookies.jar])
            page = context.new_page()
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(f"{str(client.base_url).rstrip('/')}{path}", wait_until="load")
            told[name] = float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"))
            context.close()
    return told
