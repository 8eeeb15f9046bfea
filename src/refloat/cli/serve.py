"""``refloat serve``: the console. On a laptop it opens the browser on a link that lets in once."""

from __future__ import annotations

import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from contextlib import suppress
from datetime import UTC, datetime

from refloat.cli.people import login, place
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def run_serve(config: Config, address: str, port: int, workers: int, *, browser: bool, language: str) -> int:
    """Serve until stopped.

    Raises:
        WrongUse: the pages would be open to others, and nobody said under which names.
        StoreError: the store cannot be used.
    """
    if address not in _LOOPBACK and not config.hosts:
        raise WrongUse(
            "{address} is open to other machines.",
            why="Then people must sign in, over HTTPS, and Refloat must know the names under which it is asked for.",
            todo="Set REFLOAT_HOSTS=refloat.example.com, put a proxy with HTTPS in front, and invite people; or leave --address out.",
            more="docs/operate/console.md",
            address=address,
        )
    from refloat.web.serving import serve
    from refloat.web.settings import configured_for
    from refloat.web.tables import ready

    configured_for(config)
    ready(config)
    say = translator(language)
    if config.hosts:
        # A server of a team lets nobody in unnamed, and its log is no place for a key.
        sys.stderr.write(say("Refloat answers at {link}").format(link=f"{place(config, port)}/") + "\n")
        sys.stderr.write(say("The first administrator: refloat people invite EMAIL --role admin. Stop with Ctrl-C.") + "\n")
    else:
        link = _link(config, address, port)
        sys.stderr.write(say("Refloat answers at {link}").format(link=link) + "\n" + say("The link lets in once, for a quarter of an hour. Stop with Ctrl-C.") + "\n")
        if browser:
            threading.Thread(target=_opened, args=(link,), daemon=True).start()
    serve(address, port, workers=workers)
    return 0


def _link(config: Config, address: str, port: int) -> str:
    from refloat.store import opened

    with opened(config) as store:
        now = datetime.now(UTC)
        token = store.people.link(store.people.on_this_machine(login(), now).id, now)
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}:{port}/enter/{token}/"


def _opened(link: str) -> None:
    """Open the browser as soon as the server answers; a machine without one shows the link anyway."""
    for _ in range(100):
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(urllib.request.Request(link, method="HEAD"), timeout=2)  # noqa: S310 - our own address
            webbrowser.open(link)
            return
        time.sleep(0.1)
