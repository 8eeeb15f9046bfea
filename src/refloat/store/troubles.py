"""What can go wrong in the store.

RefloatError
└── StoreError          the store cannot be opened, read or written
    ├── AccountBusy     another process works on the account
    └── SecretError     a secret cannot be sealed or opened: the key is missing, wrong or readable by others
"""

from __future__ import annotations

from refloat.errors import RefloatError


class StoreError(RefloatError):
    """The store cannot be opened, read or written. What it holds is unknown then, never empty."""


class AccountBusy(StoreError):  # noqa: N818 - it is called what the user met
    """Another process works on the account."""


class SecretError(StoreError):
    """A secret cannot be sealed or opened. Never carries the secret, nor the key."""


def told(error: Exception, place: str) -> StoreError:
    """The database's own complaint as an error for people; ``place`` says which database, without its password.

    SQLite's result codes tell the cases apart: https://www.sqlite.org/rescode.html
    """
    said = str(error).strip().split("\n", 1)[0]
    lower = said.lower()
    if "disk is full" in lower or "no space left" in lower:
        return _full(place)
    if "readonly" in lower or "read-only" in lower or "unable to open" in lower or "permission denied" in lower:
        return _not_writable(place, said)
    if "not a database" in lower or "malformed" in lower or "disk i/o error" in lower:
        return _damaged(place, said)
    if "locked" in lower:
        return _locked(place)
    return StoreError(
        "The database {place} refused: {said}.",
        why="Nothing of the last step was kept; what was there before is unchanged.",
        todo="Check that the database runs and can be reached, then do it again.",
        place=place,
        said=said,
    )


def _full(place: str) -> StoreError:
    return StoreError(
        "There is no room left for {place}.",
        why="The disk is full, so nothing of the last step was kept; what was there before is unchanged.",
        todo="Make room, or set REFLOAT_HOME to a folder on another disk, then do it again.",
        place=place,
    )


def _not_writable(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} cannot be written: {said}.",
        why="Refloat keeps snapshots and its journal there; without it nothing may run.",
        todo="Give your user the right to write there, or set REFLOAT_HOME to another folder.",
        place=place,
        said=said,
    )


def _damaged(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} is damaged or is not a database: {said}.",
        why="Nothing was changed; a damaged store is not read as an empty one.",
        todo="Restore it from a backup, or move the file away to begin with an empty store.",
        place=place,
        said=said,
    )


def _locked(place: str) -> StoreError:
    return StoreError(
        "{place} is busy.",
        why="Another program has been writing to it for half a minute.",
        todo="Wait until it has ended, or end it, then do it again.",
        place=place,
    )
