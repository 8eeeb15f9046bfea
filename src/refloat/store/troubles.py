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
    tell = _of_file if "://" not in place else _of_server
    return tell(said, place) or StoreError(
        "The database {place} refused: {said}.",
        why="Nothing of the last step was kept; what was there before is unchanged.",
        todo="Check that the database runs and can be reached, then do it again.",
        place=place,
        said=said,
    )


def _of_file(said: str, place: str) -> StoreError | None:
    lower = said.lower()
    if "disk is full" in lower or "no space left" in lower:
        return _full(place)
    if "readonly" in lower or "read-only" in lower or "unable to open" in lower or "permission denied" in lower:
        return _not_writable(place, said)
    if "not a database" in lower or "malformed" in lower or "disk i/o error" in lower:
        return _damaged(place, said)
    return _locked(place) if "locked" in lower else None


def _of_server(said: str, place: str) -> StoreError | None:
    """PostgreSQL's own words; of a connection that was never made there is no code to go by."""
    lower = said.lower()
    return next((tell(place, said) for words, tell in _SERVER if any(word in lower for word in words)), None)


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


def _no_room(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} has no room left: {said}.",
        why="The disk of the database server is full, so nothing of the last step was kept; what was there before is unchanged.",
        todo="Make room on the server, or give the database more, then do it again.",
        place=place,
        said=said,
    )


def _not_let_in(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} does not let you in: {said}.",
        why="The user or the password in REFLOAT_DATABASE_URL is not accepted there.",
        todo="Set the right ones. A password with @, : or / in it is written with %40, %3A or %2F.",
        place=place,
        said=said,
    )


def _no_such_database(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} is not there: {said}.",
        why="Refloat makes its tables, not the database in which they lie.",
        todo="Let an administrator make it, for example: createdb --owner USER NAME",
        place=place,
        said=said,
    )


def _no_right(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} does not give the right to it: {said}.",
        why="The user in REFLOAT_DATABASE_URL must own the database, or at least its tables, and be able to write.",
        todo="Let an administrator give it to that user: ALTER DATABASE NAME OWNER TO USER",
        place=place,
        said=said,
    )


def _too_many(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} takes no more connections: {said}.",
        why="Each worker holds a few, and the server has a limit for all together.",
        todo="Run fewer workers, or raise max_connections of the server.",
        place=place,
        said=said,
    )


def _unreachable(place: str, said: str) -> StoreError:
    return StoreError(
        "{place} cannot be reached, or broke off: {said}.",
        why="The server is down, starting, or the network to it is. Nothing of the last step was kept; what was there before is unchanged.",
        todo="Check that it runs and that this machine may reach it, then do it again.",
        place=place,
        said=said,
    )


#: What PostgreSQL and its driver say → what it means; the first that fits counts.
_SERVER = (
    (("no space left", "disk full"), _no_room),
    (("password authentication failed", "no password supplied", "no pg_hba.conf entry", "authentication failed", "role \""), _not_let_in),
    (("too many clients", "too many connections", "remaining connection slots"), _too_many),
    (("does not exist",), _no_such_database),
    (("permission denied", "must be owner", "read-only transaction"), _no_right),
    (
        ("connection refused", "translate host name", "connection timeout", "timeout expired", "no route to host", "network is unreachable", "closed the connection", "terminating connection",
         "connection is closed",
         "connection is lost", "connection already closed", "starting up", "shutting down", "connection reset", "consuming input failed", "ssl connection has been closed", "recovery mode"),
        _unreachable,
    ),
)  # fmt: skip
