"""What can go wrong in a call, as a tree.

Trouble in the seller's *files* is data (``model.source.Warning``); trouble in a *call* is one of these:

    RefloatError            something a person can mend; the message has four parts
    ├── NothingReadable     no source could be read (exit code 2)
    ├── WrongUse            an option or an argument does not make sense
    ├── TooLarge            an input is larger than the limit allows
    └── KnowledgeError      a page or a table of the catalogue is wrong
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class RefloatError(Exception):
    """What happened, why, what to do, and where to read more.

    The parts are templates, so that a door can translate them; the values stand apart and are put in
    last, so that a brace in a file's name is never a placeholder.
    """

    def __init__(self, what: str, *, why: str = "", todo: str = "", more: str = "", **values: object) -> None:
        self.what, self.why, self.todo, self.more, self.values = what, why, todo, more, values
        super().__init__(what)

    def said(self, say: Callable[[str], str]) -> str:
        """The parts that are not empty, one a line, each translated by ``say`` and then with its values."""
        return "\n".join(self.filled(say(part)) for part in (self.what, self.why, self.todo, self.more) if part)

    def filled(self, template: str) -> str:
        """A part with its values."""
        return template.format_map(self.values)

    def __str__(self) -> str:
        return self.said(str)


class NothingReadable(RefloatError):  # noqa: N818 - it is called what the seller met
    """No source could be read, so nothing is known: never the same as nothing stranded."""

    #: What was tried, and what is wrong with each file (``model.source``).
    sources: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()


class WrongUse(RefloatError):  # noqa: N818 - it is called what the seller met
    """The call itself does not make sense."""


class TooLarge(RefloatError):  # noqa: N818 - it is called what the seller met
    """An input is larger than the limit allows."""


class KnowledgeError(RefloatError):
    """A page or a table of the catalogue is wrong; nothing may start with it.

    For authors of pages, in English only: its parts are finished texts, and a brace in one stays a brace.
    """

    def filled(self, template: str) -> str:
        return template
