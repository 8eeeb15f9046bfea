"""Ctrl-C at a prompt, on a real terminal: the command ends at once, also where Polars has its own handler for it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

#: The command has the terminal to itself, and Polars is there before it asks.
_ALONE = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); import polars; from refloat.cli import main; sys.argv[0] = 'refloat'; main()"
_CTRL_C = b"\x03"
_PATIENCE_SECONDS = 30


@contextmanager
def _at_a_terminal(home: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command, and the terminal's other end."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "REFLOAT_HOME": str(home), "REFLOAT_LANG": "en", "LC_ALL": "C.UTF-8"}
    running = subprocess.Popen([sys.executable, "-c", _ALONE, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True)
    os.close(theirs)
    try:
        yield running, ours
    finally:
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
        running.wait()
        os.close(ours)


def _until(terminal: int, text: str) -> str:
    """What the terminal shows until it shows ``text``."""
    shown = ""
    while text not in shown:
        ready, _, _ = select.select([terminal], [], [], _PATIENCE_SECONDS)
        assert ready, f"nothing more came after {shown!r}"
        try:
            shown += os.read(terminal, 4096).decode()
        except OSError:
            # The command has ended.
            pytest.fail(f"it never showed {text!r}, but {shown!r}")
    return shown


@pytest.mark.parametrize("answers", [[], ["a-client"]], ids=["shown", "hidden"])
def test_ctrl_c_ends_a_prompt(tmp_path: Path, answers: list[str]) -> None:
    """At a question whose answer is shown, and at one whose answer is hidden; the terminal shows what is typed again."""
    with _at_a_terminal(tmp_path, "accounts", "add", "harbour", "--region", "NA") as (running, terminal):
        _until(terminal, "Client id: ")
        for answer in answers:
            os.write(terminal, f"{answer}\n".encode())
            _until(terminal, "Client secret: ")
        os.write(terminal, _CTRL_C)
        _until(terminal, "Stopped. Nothing was changed.")
        assert running.wait(_PATIENCE_SECONDS) == 130
        assert termios.tcgetattr(terminal)[3] & termios.ECHO
