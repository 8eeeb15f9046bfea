"""``refloat tasks``: what a person has to do in Seller Central, with everything that is needed for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from refloat.app import tasks
from refloat.app.tasks import Desk
from refloat.cli.show import tasks as show
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.notes import Notes
from refloat.model.task import CONTRACT, ENTERED
from refloat.reports.notes import read_notes
from refloat.store import opened
from refloat.wording.tasks import result_label


@dataclass(frozen=True)
class Asked:
    """What the options say; one thing at a time, the list where nothing is asked for."""

    sku: str | None = None
    shown: int | None = None
    done: int | None = None
    result: str | None = None
    note: str = ""
    attach: tuple[int, Path] | None = None
    paper: str | None = None
    remedy: str | None = None

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            WrongUse: two things are asked for at once, or a half of one.
        """
        wanted = [name for name, value in (("--show", self.shown), ("--done", self.done), ("--attach", self.attach), ("--open", self.remedy)) if value is not None]
        if len(wanted) > 1:
            raise WrongUse("{one} and {other} do not go together.", why="One call does one thing to one task.", todo="Run it once for each.", one=wanted[0], other=wanted[1])
        if (self.done is None) != (self.result is None):
            raise WrongUse("--done and --result go together.", why="A task ends with a result.", todo="For example --done 7 --result won.")
        if self.result is not None and self.result not in ENTERED:
            raise WrongUse("There is no result {result}.", why="A result is one of these: {names}.", todo="For example --result won.", result=self.result, names=", ".join(ENTERED))
        if self.remedy is not None and self.sku is None:
            raise WrongUse("--open needs --sku.", why="A task belongs to one stranded SKU.", todo="For example --open contact-support --sku MUG-BLUE-11.")


def run_tasks(config: Config, account: str, asked: Asked, *, notes: Path | None, as_json: bool, language: str) -> None:
    """List, show, end, open or attach."""
    asked.check()
    with opened(config) as store:
        desk = Desk(store, account, read_notes(notes) if notes else Notes(), language, clock_of(config.clock_url), config.pages)
        if as_json:
            _write_json(_answer(desk, asked))
        else:
            _write(_lines(desk, asked))


def _answer(desk: Desk, asked: Asked) -> dict[str, Any]:
    head: dict[str, Any] = {"contract": CONTRACT, "account": desk.account, "as_of": desk.now.date().isoformat()}
    if asked.attach is not None:
        return head | {"attachment": tasks.attach(desk, *asked.attach, asked.paper).as_json()}
    if asked.shown is not None:
        return head | {"tasks": [tasks.task(desk, asked.shown).as_json()]}
    if asked.done is not None:
        return head | {"tasks": [tasks.end_task(desk, asked.done, asked.result or "", asked.note).as_json()]}
    if asked.remedy is not None:
        return head | {"tasks": [tasks.open_task(desk, asked.sku or "", asked.remedy).as_json()]}
    return head | {"tasks": [one.as_json() for one in tasks.open_tasks(desk, asked.sku)]}


def _lines(desk: Desk, asked: Asked) -> Iterable[str]:
    say = translator(desk.language)
    if asked.attach is not None:
        kept = tasks.attach(desk, *asked.attach, asked.paper)
        return [say("Kept: {name}, {size} bytes, sha256 {sha256}").format(name=kept.name, size=kept.size_bytes, sha256=kept.sha256)]
    if asked.done is not None:
        ended = tasks.end_task(desk, asked.done, asked.result or "", asked.note)
        return [f"{show.heading(ended, say)}  {result_label(asked.result or '', say)}", show.next_line(ended, desk.catalogue, say)]
    if asked.remedy is not None:
        return show.task_lines(tasks.open_task(desk, asked.sku or "", asked.remedy), desk.catalogue, say)
    if asked.shown is not None:
        return show.task_lines(tasks.task(desk, asked.shown), desk.catalogue, say)
    return show.list_lines(tasks.open_tasks(desk, asked.sku), desk.account, say)


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


def _write_json(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
