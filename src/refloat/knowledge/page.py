"""A page: TOML front matter between two ``+++`` lines, then Markdown."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from refloat.errors import KnowledgeError

_SECTION = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page of the catalogue, in one language."""

    path: Path
    front: dict[str, Any]
    body: str

    @cached_property
    def title(self) -> str:
        first = self.body.lstrip().split("\n", 1)[0]
        return first.removeprefix("#").strip()

    @cached_property
    def sections(self) -> dict[str, str]:
        """Heading → text, in the order of the page."""
        parts = _SECTION.split(self.body)
        return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def read_page(path: Path) -> Page:
    """The page at ``path``.

    Raises:
        KnowledgeError: the page has no front matter, or it is not TOML.
    """
    text = path.read_text(encoding="utf-8")
    _, fence, rest = text.partition("+++\n")
    front, closing, body = rest.partition("\n+++\n")
    if not fence or not closing:
        raise KnowledgeError(f"{path.name} has no front matter.", why="A page begins with TOML between two lines of +++.", todo="Add it; another page of the shelf shows the form.")
    try:
        return Page(path, tomllib.loads(front), body)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"The front matter of {path.name} cannot be read: {error}.", why="It is not valid TOML.", todo=f"Correct {path}.") from error
