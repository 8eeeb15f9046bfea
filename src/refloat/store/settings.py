"""Django's settings for the store: one database, one app, nothing of the web.

A web door has settings of its own later; it takes ``database(config)`` from here, and ``configured_for``
then finds Django configured and only points it at the database.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from refloat.config import Config
from refloat.store.troubles import StoreError

FILE = "refloat.sqlite3"
#: How long a writer waits for another one, in seconds.
PATIENCE = 30
_SQLITE = "django.db.backends.sqlite3"
_POSTGRESQL = "django.db.backends.postgresql"
#: A server that does not answer is given up after ten seconds; one that went away in silence is noticed within two minutes.
_LINE = {"application_name": "refloat", "connect_timeout": "10", "keepalives_idle": "60", "keepalives_interval": "15", "keepalives_count": "4"}


def database(config: Config) -> dict[str, Any]:
    """The entry for Django's DATABASES.

    Raises:
        StoreError: REFLOAT_DATABASE_URL names no database that we know.
    """
    if config.database_url is None:
        return _sqlite(config.home.absolute() / FILE)
    url = urlsplit(config.database_url)
    with suppress(ValueError):  # a port that is no number
        if url.scheme in {"postgresql", "postgres"} and url.path.strip("/"):
            return _postgresql(url)
        if url.scheme == "sqlite" and url.path.strip("/"):
            return _sqlite(Path(unquote(url.path)).absolute())
    raise StoreError(
        "REFLOAT_DATABASE_URL names no database that Refloat knows.",
        why="It knows PostgreSQL and SQLite.",
        todo="Write postgresql://USER:PASSWORD@HOST:5432/NAME, or leave it out for a SQLite file in REFLOAT_HOME.",
    )


def _sqlite(path: Path) -> dict[str, Any]:
    """Writers take their lock at the start, so that two never deadlock; a commit survives kill -9, not always a power cut."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE, "init_command": "PRAGMA foreign_keys=ON;PRAGMA synchronous=NORMAL;"}
    return {"ENGINE": _SQLITE, "NAME": str(path), "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": options}


def _postgresql(url: SplitResult) -> dict[str, Any]:
    return {
        "ENGINE": _POSTGRESQL,
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "OPTIONS": _LINE | dict(parse_qsl(url.query)),
    }


def shown(entry: dict[str, Any]) -> str:
    """The database's place without its password, as an error may show it."""
    if entry["ENGINE"] == _SQLITE:
        return str(entry["NAME"])
    return f"postgresql://{entry['HOST']}{':' + entry['PORT'] if entry['PORT'] else ''}/{entry['NAME']}"


def is_file(entry: dict[str, Any]) -> bool:
    """Whether the database is a SQLite file."""
    return bool(entry["ENGINE"] == _SQLITE)


def configured_for(entry: dict[str, Any]) -> None:
    """Configure Django once in this process, or point the Django that is configured at this database.

    Raises:
        StoreError: PostgreSQL is asked for, and its driver is not installed.
    """
    import django
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=("refloat.store",), DATABASES={"default": dict(entry)}, USE_TZ=True, TIME_ZONE="UTC", DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
    if not apps.ready:
        django.setup()
    _pointed(entry)


def _pointed(entry: dict[str, Any]) -> None:
    """Let every connection that this process opens from now on go to that database."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections

    known = connections.settings["default"]
    if any(known[key] != value for key, value in entry.items()):
        known.update(entry)
        if hasattr(connections._connections, "default"):  # type: ignore[attr-defined]  # no public way asks without making one
            connections["default"].close()
            del connections["default"]
    try:
        connections["default"]
    except ImproperlyConfigured as error:
        raise StoreError(
            "PostgreSQL needs a driver that is not installed.",
            why="REFLOAT_DATABASE_URL names a PostgreSQL database.",
            todo="Install psycopg beside Refloat: pip install 'psycopg[binary]'.",
        ) from error
