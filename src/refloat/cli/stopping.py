"""Ctrl-C ends a command where it stands, as a kill would: a lane may sleep for minutes, and every moment is safe to leave."""

from __future__ import annotations

import os
import signal
import sys


def stop_at_once(text: str) -> None:
    """From now on Ctrl-C ends the program at once, and says ``text``: what is true at every moment that follows."""

    def stopped(*_: object) -> None:
        sys.stdout.flush()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
        os._exit(130)

    # Where Ctrl-C is ignored (a program in the background) it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stopped)
