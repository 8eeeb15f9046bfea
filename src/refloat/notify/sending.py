"""Sending: many letters side by side, each with a deadline of its own, so that a slow one holds up nobody."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from refloat.model.message import Message, Undelivered
from refloat.notify.address import is_mail, plugin_of
from refloat.notify.quiet import apprise

_STATUS = re.compile(r"error=(\d{3})\b")
_DENIED = frozenset({401, 403, 404, 405, 410})
_TOO_MANY = 429
#: The slowest chat: WeCom takes 682 characters at a time, and Apprise pauses 5.5 s between two of them.
_LETTERS_PER_SECOND = 100


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way; ``key`` is the sender's own name for it."""

    key: Hashable
    url: str = field(repr=False)
    message: Message


def send_all(letters: Sequence[Letter], *, seconds: float, side_by_side: int) -> Iterator[tuple[Hashable, Undelivered | None]]:
    """(key, why it did not arrive or None) of each letter, as they end.

    A letter that takes longer than ``seconds`` is given up; as nobody can stop it, it may still arrive later. A long
    one has longer: chats take it in parts, with pauses between them.
    """
    apprise()  # before the threads begin: loading it is no work for several at once
    waiting, ended, running = list(reversed(letters)), SimpleQueue[tuple[Hashable, Undelivered | None]](), dict[Hashable, float]()
    while waiting or running:
        while waiting and len(running) < side_by_side:
            letter = waiting.pop()
            running[letter.key] = time.monotonic() + seconds + len(letter.message.text) / _LETTERS_PER_SECOND
            # A daemon: an interpreter that ends does not wait for a server that never answers.
            threading.Thread(target=lambda one=letter: ended.put((one.key, _sent(one))), daemon=True, name="refloat-notify").start()
        try:
            key, trouble = ended.get(timeout=max(0.0, min(running.values()) - time.monotonic()))
        except Empty:
            late = min(running, key=lambda one: running[one])
            key, trouble = late, Undelivered.TOO_SLOW
        if running.pop(key, None) is not None:
            yield key, trouble


def _sent(letter: Letter) -> Undelivered | None:
    try:
        plugin = plugin_of(letter.url)
        if plugin is None:
            return Undelivered.ADDRESS
        return _posted(plugin, letter.message)
    except Exception:  # the words of a plugin's error may repeat the address
        return Undelivered.NOT_TAKEN


def _posted(plugin: Any, message: Message) -> Undelivered | None:
    library = apprise()
    as_page = is_mail(plugin)
    box = library.Apprise(asset=plugin.asset)
    box.add(plugin)
    with box.notify(body=message.html if as_page else message.text, title=message.title, body_format="html" if as_page else "text") as result:
        return None if result else _why([entry.message for entry in result.logs()])


def _why(said: Sequence[str]) -> Undelivered:
    """From what Apprise logged about one sending; only a number is taken over, never a word."""
    found = [int(match[1]) for line in said for match in _STATUS.finditer(line)]
    if any("onnection error" in line for line in said):
        return Undelivered.UNREACHABLE
    if _TOO_MANY in found:
        return Undelivered.TOO_MANY
    return Undelivered.NOT_LET_IN if _DENIED & set(found) else Undelivered.NOT_TAKEN
