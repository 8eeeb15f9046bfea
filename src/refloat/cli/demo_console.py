"""The console on a made-up seller: the end of ``refloat demo``, where everything may be tried and nothing is real."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from refloat.cli.demo import made_up_seller
from refloat.locale import translator

if TYPE_CHECKING:
    from refloat.cli.demo_days import Days

#: The false Amazon's clock runs as a wall's does, and jumps where somebody waits for it.
_SPEED = 1.0
_PORT = 8040
#: Where nobody sits at a terminal the console stays open for so long, and ends by itself.
MINUTES = 20
#: Seconds after which Amazon shows what was written, in its reports as well.
_UNTIL_SHOWN = 6 * 3600
#: By what the made-up seller's first plan shows that a cure is proven: the cheapest to understand.
_SHOWN_FIRST = ("listing-closed", "merchant-fulfilled")


def serve_here(language: str, *, minutes: float | None = None, browser: bool = True) -> int:
    """Serve until Ctrl-C, or for so many minutes; the served process's exit code."""
    with made_up_seller(language, speed=_SPEED) as days:
        _lived_in(days)
        own = {"REFLOAT_HOME": str(days.config.home), "REFLOAT_CLOCK_URL": str(days.config.clock_url)}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("REFLOAT_")} | own
        # A process of its own: how Django is set up for pages is decided once a process, and this one has the store open already.
        command = [sys.executable, "-m", "refloat", "serve", "--port", str(_free(_PORT)), "--browser" if browser else "--no-browser", "--lang", language]
        served = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            return served.wait(None if minutes is None else minutes * 60)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            return 0
        finally:
            # However this one ends, the served one does not outlive it.
            served.terminate()
            served.wait(30)


def leave_open(language: str) -> None:
    """Serve in a process of its own that outlives this one, and say where and for how long."""
    say, log = translator(language), Path(tempfile.mkdtemp(prefix="refloat-demo-")) / "console.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "refloat", "demo", "--console-only", "--lang", language]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)  # noqa: S603 - our own command
    link = _link(running, log)
    if link is None:
        sys.stdout.write("\n" + say("The console did not start; {log} says why.").format(log=log) + "\n")
        return
    sys.stdout.write("\n" + say("The console is open: {link}").format(link=link) + "\n")
    sys.stdout.write(say("It closes by itself after {minutes} minutes; or now: kill {process}").format(minutes=MINUTES, process=running.pid) + "\n")


def _lived_in(days: Days) -> None:
    """Two strandings are cured and proven, so that there is something to look back at; a plan for the rest waits for its reader."""
    from refloat.app.carrying import apply_plan
    from refloat.app.live import line_of, observe_account
    from refloat.app.planning import PlanQuestion, plan_account
    from refloat.app.policies import enter_notes
    from refloat.demo import FOLDER

    now = days.clock.now
    enter_notes(days.store, days.account, FOLDER / "live" / "notes.toml", days.person.by_hand.person, now())
    observe_account(days.store, days.account, clock=days.clock)
    question = PlanQuestion(days.account, reasons=_SHOWN_FIRST, notes=days.notes, wishes=days.wishes, language=days.language)
    with closing(line_of(days.store, days.account, days.clock)) as line:
        first = plan_account(days.store, question, clock=days.clock, line=line)
    days.store.plans.consent(first, days.person.by_hand.person, now(), [action.id for action in first.actions[:2]])
    apply_plan(days.store, first, clock=days.clock)
    days.clock.sleep(_UNTIL_SHOWN)
    observe_account(days.store, days.account, clock=days.clock)


def _link(running: subprocess.Popen[bytes], log: Path) -> str | None:
    """The link, once the server answers; None when it ended instead."""
    for _ in range(600):
        found = re.search(r"http://\S+/enter/\S+/", log.read_text("utf-8", errors="replace"))
        if found:
            return found[0]
        if running.poll() is not None:
            return None
        time.sleep(0.2)
    return None


def _free(port: int) -> int:
    """That port, or where it is taken another one."""
    for wanted in (port, 0):
        with closing(socket.socket()) as one:
            try:
                one.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(one.getsockname()[1])
    return port
