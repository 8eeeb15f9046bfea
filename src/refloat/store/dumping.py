"""Backup and restore on PostgreSQL, by PostgreSQL's own programs. The password goes through their environment, never through their arguments."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from refloat.store import keeping
from refloat.store.troubles import StoreError

#: Where earlier states are put aside: schemas of this name and the moment.
_ASIDE = "refloat_before_"
#: The schema of the engine, which holds nothing that is not in our own tables.
_ENGINE = "refloat_engine"
_VERSION = re.compile(r"^\d+\tstore\t(\w+)\t", re.MULTILINE)


def dumped(entry: dict[str, Any], target: Path) -> None:
    """Write all tables into ``target``: one state of the database, though others write meanwhile.

    Raises:
        StoreError: pg_dump is not there, or could not.
    """
    _run(entry, "pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={_ASIDE}*", f"--exclude-schema={_ENGINE}", f"--file={target}"])


def read_again(entry: dict[str, Any], part: Path, shown: Path) -> tuple[str, dict[str, int]]:
    """Unpack the whole dump, and count the rows of each table: (the state of its tables, rows).

    Raises:
        StoreError: it is not whole, or no store of ours.
    """
    versions = _VERSION.findall(_run(entry, "pg_restore", ["--data-only", "--table=django_migrations", "--file=-", str(part)]))
    if not versions:
        raise keeping.unfit(shown, "it holds no store of Refloat's")
    counts: dict[str, int] = {}
    with subprocess.Popen([_program("pg_restore"), "--data-only", "--file=-", str(part)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8") as unpacked:  # noqa: S603 - a program of PostgreSQL, no shell
        assert unpacked.stdout is not None
        table: str | None = None
        for line in unpacked.stdout:
            if table is None and line.startswith("COPY public.store_"):
                table = line.removeprefix("COPY public.store_").partition(" ")[0]
                counts[table] = 0
            elif line == "\\.\n":
                table = None
            elif table is not None:
                counts[table] += 1
        _, said = unpacked.communicate()
    if unpacked.returncode:
        raise keeping.unfit(shown, said.strip().split("\n")[0])
    return max(versions), counts


def restored(entry: dict[str, Any], source: Path, at: datetime, *, aside: bool, marker: str) -> str | None:
    """Put the dump in the place of what is there, all of it or nothing, and run ``marker`` in the same transaction; the schema where the old tables are.

    Raises:
        StoreError: psql is not there, or could not; nothing was changed.
    """
    name = f"{_ASIDE}{at.astimezone(UTC):%Y%m%d_%H%M%S}"
    script = source.with_name(f".{source.name}.sql")
    try:
        with os.fdopen(os.open(script, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(f"ALTER SCHEMA public RENAME TO {name};\nCREATE SCHEMA public;\n" if aside else "")
        unpacked = _run(entry, "pg_restore", ["--no-owner", "--no-privileges", "--file=-", str(source)], into=script)
        assert unpacked == ""
        with script.open("a", encoding="utf-8") as opened:
            opened.write(f"\n{marker}\n")
        _run(entry, "psql", ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}"])
    finally:
        script.unlink(missing_ok=True)
    return name if aside else None


def _run(entry: dict[str, Any], name: str, arguments: Sequence[str], into: Path | None = None) -> str:
    command, own = [_program(name), *arguments], _environment(entry)
    if into is None:
        done = subprocess.run(command, env=own, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 - as above
    else:
        with into.open("a", encoding="utf-8") as opened:
            done = subprocess.run(command, env=own, stdout=opened, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False)  # noqa: S603 - as above
    if done.returncode:
        raise StoreError(
            "{name} could not do it: {said}.",
            why="It ended with {code}. Nothing was changed.",
            todo="If it speaks of versions: it must be at least as new as the server.",
            name=name,
            said=done.stderr.strip().split("\n")[0],
            code=done.returncode,
        )
    return done.stdout or ""


def _environment(entry: dict[str, Any]) -> dict[str, str]:
    """The database as PostgreSQL's programs are told of it."""
    given = {"PGHOST": entry["HOST"], "PGPORT": entry["PORT"], "PGUSER": entry["USER"], "PGPASSWORD": entry["PASSWORD"], "PGDATABASE": entry["NAME"], "PGSSLMODE": entry["OPTIONS"].get("sslmode", "")}
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {key: value for key, value in given.items() if value}


def _program(name: str) -> str:
    found = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)]
    path = next((one for one in found if one), None)
    if path is None:
        raise StoreError(
            "{name} is not installed here.",
            why="A PostgreSQL is backed up and restored by PostgreSQL's own programs.",
            todo="Install them (on Debian: apt-get install postgresql-client), or do it on the server.",
            name=name,
        )
    return path
