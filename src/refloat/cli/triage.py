"""``refloat triage``: the question as asked, the answer on the screen and in files."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from refloat.app import SORTS, Question, Triage, triage
from refloat.cli.options import asked_place
from refloat.cli.show import screen
from refloat.errors import NothingReadable, WrongUse
from refloat.knowledge.messages import text_of
from refloat.locale import translator
from refloat.model.notes import Notes
from refloat.wording.triage import json as show_json
from refloat.wording.whole_file import told_where

#: Nobody is told about progress before this many seconds have passed.
_PATIENCE = 2.0


@dataclass(frozen=True)
class Outputs:
    """Where the answer goes besides the screen."""

    json: bool = False
    csv: Path | None = None
    xlsx: Path | None = None
    html: Path | None = None


def asked(
    files: Sequence[str], *, places: Sequence[str] = (), account: str | None = None, as_of: str | None = None, notes: Path | None = None, charset: str | None = None,
    reasons: Sequence[str] = (), recommended: Sequence[str] = (), remedies: Sequence[str] = (), due_within: int | None = None,
    sort: str = "urgency", limit: int | None = None, limit_bytes: int | None = None, pages: Path | None = None,
) -> Question:  # fmt: skip
    """The options as a question.

    Raises:
        WrongUse: an option's value makes no sense.
    """
    codes = [asked_place(place) for place in places]
    if sort not in SORTS:
        raise WrongUse("There is no order called {name}.", why="The list can be sorted in a few ways only.", todo="Use --sort with one of these: {names}.", name=sort, names=", ".join(SORTS))
    return Question(
        files=files, marketplace=codes[0] if len(codes) == 1 else None, places=codes, account=account, as_of=_day(as_of), notes=_notes(notes), charset=_charset(charset),
        reasons=reasons, recommended=recommended, remedies=remedies, due_within=due_within, sort=sort, limit=limit, limit_bytes=limit_bytes, pages=pages,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
        if day and not 1995 <= day.year <= 2100:
            raise ValueError(text)
        return day
    except ValueError as error:
        raise WrongUse("{text} is not a date.", why="Dates are written year-month-day, so that nobody mixes up day and month.", todo="For example --as-of 2026-11-22.", text=text) from error


def _charset(name: str | None) -> str | None:
    from refloat.reports.encoding import charset

    try:
        return charset(name) if name else None
    except LookupError as error:
        raise WrongUse(
            "There is no encoding {name}.",
            why="It must be a charset that Python knows.",
            todo="For example --encoding cp1252, or leave it out: it is found by content.",
            name=name,
        ) from error


def _notes(path: Path | None) -> Notes:
    if path is None:
        return Notes()
    from refloat.reports.notes import read_notes

    return read_notes(path)


def run_triage(question: Question, outputs: Outputs, language: str) -> int:
    """Answer the question; 0 nothing to look at, 1 something to look at, 2 nothing could be read."""
    try:
        result = answered(question, language)
    except NothingReadable as error:
        if outputs.json:
            show_json.write_nothing(question, error, sys.stdout, language)
        say_nothing(error, language)
        raise
    return shown(result, outputs, language)


def say_nothing(error: NothingReadable, language: str) -> None:
    """What is wrong with each file that could not be read."""
    for warning in error.warnings:
        sys.stderr.write(f"{text_of(warning, language)}\n")


def shown(result: Triage, outputs: Outputs, language: str) -> int:
    """Show an answer on the screen and in the files that were asked for; 1 when there is something to look at."""
    written = _files(result, outputs, language)
    if outputs.json:
        show_json.write(result, sys.stdout, language)
    else:
        screen.show(result, language)
    say = translator(language)
    for path in written:
        sys.stderr.write(say("Written: {path}").format(path=path) + "\n")
    return 1 if result.summary.skus or result.summary.unknown else 0


def answered(question: Question, language: str) -> Triage:
    """The triage of the question's files; without any, of what is on record of its account.

    Raises:
        WrongUse: neither files nor an account are named.
    """
    if question.files:
        return triage(question, progress=_Progress(language))
    if question.account is None:
        raise WrongUse("No file is named, and no account.", why="There is nothing to look at.", todo="refloat triage FILE... or refloat triage --account NAME", more="docs/start/first-triage.md")
    from refloat.app.live import triage_account
    from refloat.clock import clock_of
    from refloat.config import configured
    from refloat.store import opened

    config = configured()
    with opened(config) as store:
        return triage_account(store, question, clock_of(config.clock_url))


def _files(result: object, outputs: Outputs, language: str) -> list[Path]:
    """Write the files that were asked for; heavy libraries only then."""
    from importlib import import_module

    wanted = {"csv": outputs.csv, "xlsx": outputs.xlsx, "html": outputs.html}
    written = []
    for kind, path in wanted.items():
        if path is not None:
            write = getattr(import_module(f"refloat.wording.triage.{kind}"), f"write_{kind}")
            with told_where(path):
                write(result, path, language)
            written.append(path)
    return written


class _Progress:
    """Says on stderr which file was read, once the whole takes longer than a person waits gladly."""

    def __init__(self, language: str) -> None:
        self.started = time.monotonic()
        self.say = translator(language)

    def __call__(self, file: str) -> None:
        if time.monotonic() - self.started > _PATIENCE:
            sys.stderr.write(self.say("Read: {file}").format(file=file) + "\n")
            sys.stderr.flush()
