"""Asking a person at the terminal: the question goes to stderr, and Ctrl-C ends it."""

from __future__ import annotations

import getpass
import signal
import sys


class LeftUnanswered(Exception):  # noqa: N818 - nothing is wrong: the person left
    """Ctrl-C was pressed at a question. The command line's own framework would end without a word at a KeyboardInterrupt."""


def typed(prompt: str, *, hidden: bool = False) -> str:
    """What the person types, with its line end where there is one; ``hidden``: without showing it.

    Raises:
        LeftUnanswered: Ctrl-C was pressed.
    """
    # Polars has a handler of its own for Ctrl-C, after which the system goes on reading as if nothing had happened.
    signal.siginterrupt(signal.SIGINT, True)
    try:
        if hidden:
            return getpass.getpass(prompt, sys.stderr)
        sys.stderr.write(prompt)
        sys.stderr.flush()
        return sys.stdin.readline()
    except KeyboardInterrupt as left:
        sys.stderr.write("\n")
        raise LeftUnanswered from left
