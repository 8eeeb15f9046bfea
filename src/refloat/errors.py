"""What can go wrong in a call, as a tree.

Trouble in the seller's *files* is data (``model.source.Warning``); trouble in a *call* is one of these:

    RefloatError            something a person can mend; the message has four parts
    ├── NothingReadable     no source could be read (exit code 2)
    ├── WrongUse            an option or an argument does not make sense
    ├── TooLarge            an input is larger than the limit allows
    └── KnowledgeError      a page or a table of the catalogue is wrong
"""

from __future__ import annotations

from typing import Any


class RefloatError(Exception):
    """What happened, why, what to do, and where to read more: always all four."""

    def __init__(self, what: str, *, why: str = "", todo: str = "", more: str = "") -> None:
        self.what, self.why, self.todo, self.more = what, why, todo, more
        super().__init__("\n".join(part for part in (what, why, todo, more) if part))


class NothingReadable(RefloatError):
    """No source could be read, so nothing is known: never the same as nothing stranded."""

    #: What was tried, and what is wrong with each file (``model.source``).
    sources: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()


class WrongUse(RefloatError):
    """The call itself does not make sense."""


class TooLarge(RefloatError):
    """An input is larger than the limit allows."""


class KnowledgeError(RefloatError):
    """A page or a table of the catalogue is wrong; nothing may start with it."""
