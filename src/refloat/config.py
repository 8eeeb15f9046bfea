"""One frozen configuration, from the environment; nothing else reads it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from refloat.errors import WrongUse

#: More than a year, so that a season can be held against the one before.
KEEP_DAYS = 400


@dataclass(frozen=True, slots=True)
class Config:
    """Where the user's own pages and the store lie, which language they read, and what unlocks their secrets."""

    pages: Path | None
    language: str
    #: Where the store and the key file lie.
    home: Path = Path("refloat")
    #: Another database than the SQLite file in ``home``; may hold a password, so it is never shown.
    database_url: str | None = field(default=None, repr=False)
    #: Keys for the secrets, comma separated, the newest first; None: the key file in ``home``.
    secret_key: str | None = field(default=None, repr=False)
    #: The address of a simulator whose clock counts instead of the wall's.
    clock_url: str | None = None
    #: Under which names the pages are asked for; empty: this machine's own only.
    hosts: tuple[str, ...] = ()
    #: The server through which invitations and new passwords are mailed; holds a password, so it is never shown. None: nothing is mailed.
    smtp_url: str | None = field(default=None, repr=False)
    #: How often the unattended loop asks for reports, and looks at changes; None: as ``unattended.toml`` says.
    report_hours: float | None = None
    change_minutes: float | None = None
    #: How many days snapshots are kept; the newest of each source stays longer.
    keep_days: int = KEEP_DAYS


def configured(environment: dict[str, str] | None = None) -> Config:
    """The configuration that the environment gives."""
    environment = dict(os.environ) if environment is None else environment
    pages = environment.get("REFLOAT_PAGES")
    return Config(
        Path(pages) if pages else None,
        language(environment),
        home=home(environment),
        database_url=environment.get("REFLOAT_DATABASE_URL") or None,
        secret_key=environment.get("REFLOAT_SECRET_KEY") or None,
        clock_url=environment.get("REFLOAT_CLOCK_URL") or None,
        hosts=tuple(name for part in environment.get("REFLOAT_HOSTS", "").split(",") if (name := part.strip())),
        smtp_url=environment.get("REFLOAT_SMTP_URL") or None,
        report_hours=_number(environment, "REFLOAT_REPORT_HOURS"),
        change_minutes=_number(environment, "REFLOAT_CHANGE_MINUTES"),
        keep_days=_keep_days(environment.get("REFLOAT_KEEP_DAYS")),
    )


def _number(environment: dict[str, str], name: str) -> float | None:
    """A number above 0, or None where it is not set.

    Raises:
        WrongUse: it is no such number.
    """
    text = environment.get(name)
    if not text:
        return None
    with suppress(ValueError):
        number = float(text)
        if 0 < number < 10_000:
            return number
    raise WrongUse("{name} is {text}, which is no number above 0.", why="It says how often Amazon is asked.", todo="Set it to a number such as 4, or unset it.", name=name, text=text)


def _keep_days(given: str | None) -> int:
    if not given:
        return KEEP_DAYS
    if given.isascii() and given.isdigit() and int(given) > 0:
        return int(given)
    raise WrongUse("REFLOAT_KEEP_DAYS is no number of days: {given}.", why="Snapshots are kept for so many days.", todo="Set it to 400, for example, or leave it out.", given=given)


def home(environment: dict[str, str]) -> Path:
    """``REFLOAT_HOME``, else ``refloat`` in the user's folder for application data (XDG base directories)."""
    if environment.get("REFLOAT_HOME"):
        return Path(environment["REFLOAT_HOME"])
    shared = environment.get("XDG_DATA_HOME")
    return (Path(shared) if shared else Path(environment.get("HOME") or Path.home()) / ".local" / "share") / "refloat"


def language(environment: dict[str, str]) -> str:
    """``zh-Hans`` for a Chinese locale, else ``en``; the first of the usual variables that is set decides."""
    locale = next((environment[name] for name in ("REFLOAT_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "en")
    return "zh-Hans" if locale.lower().startswith("zh") else "en"
