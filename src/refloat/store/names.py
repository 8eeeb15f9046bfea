"""The names and addresses of people: what may stand on record, and that nobody passes for somebody else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from refloat.errors import WrongUse

MOST = 120
#: So long an invitation is good.
INVITATION_DAYS = 7
_ADDRESS = re.compile(r"[^\s@<>\"',;:\\()\[\]]{1,64}@[^\s@<>\"',;:\\()\[\]]{1,189}")


def cleaned_name(text: str, others: Iterable[str]) -> str:
    """The name without what cannot be seen, such as marks that turn the direction of writing; ``others``: names that are taken.

    Raises:
        WrongUse: nothing is left, it is too long, or another person is called so.
    """
    kept = "".join(" " if unicodedata.category(letter)[0] == "Z" else letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter)[0] != "C")
    name = " ".join(kept.split())
    if not name or len(name) > MOST:
        raise WrongUse("That is no name.", why="What you approve or change is on record under it.", todo="Write a name of 1 to {most} letters.", most=MOST)
    if _alike(name) in {_alike(other) for other in others}:
        raise WrongUse("Somebody is called {name} already.", why="On record two people of one name could not be told apart.", todo="Add a second name or an initial.", name=name)
    return name


def cleaned_address(text: str) -> str:
    """The e-mail address.

    Raises:
        WrongUse: it is none.
    """
    address = text.strip()
    if not _ADDRESS.fullmatch(address) or not address.isascii() or not address.isprintable():
        raise WrongUse("{text} is no e-mail address.", why="A person signs in with it.", todo="Write it as name@example.com.", text=text[:MOST])
    return address.lower()


def _alike(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().replace(" ", "")
