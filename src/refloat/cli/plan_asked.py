"""The options of ``refloat plan`` as a question; a Bulk Fix file that a person filled in is one more way to ask."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from refloat.app.planning import PlanQuestion
from refloat.cli.options import asked_place
from refloat.errors import WrongUse
from refloat.knowledge.messages import text_of
from refloat.model.cure import Wishes
from refloat.model.notes import Notes


def asked(
    account: str | None, *, places: Sequence[str], reasons: Sequence[str], remedy: str | None, skus: Sequence[str], file: Path | None, notes: Path | None, lifted: Sequence[str], language: str,
) -> PlanQuestion:  # fmt: skip
    """The question.

    Raises:
        WrongUse: no account is named, or an option makes no sense.
    """
    if account is None:
        raise WrongUse("No account is named.", why="A plan is made for one account.", todo="refloat plan ACCOUNT; refloat accounts list names them.")
    own, wishes = _entered(notes)
    question = PlanQuestion(
        account=account,
        reasons=reasons,
        remedy=remedy,
        skus=frozenset(skus) or None,
        places=[asked_place(place) for place in places],
        lifted=frozenset(lifted),
        notes=own,
        wishes=wishes,
        language=language,
    )
    return question if file is None else _with_file(question, file)


def _entered(path: Path | None) -> tuple[Notes, Wishes]:
    from refloat.reports.notes import read_both

    return read_both(path) if path else (Notes(), Wishes())


def _with_file(question: PlanQuestion, path: Path) -> PlanQuestion:
    """Only the SKUs of the file, with the prices that stand in it; its wrong rows are named by line and column."""
    from refloat.reports.loader import read_loader

    if len(question.places) != 1:
        raise WrongUse(
            "The file {file} does not say its marketplace.", why="A price is in one marketplace's currency.", todo="Name it: --marketplace DE", file=path.name,
        )  # fmt: skip
    filled = read_loader(path, question.places[0])
    for warning in (*filled.refused, *filled.warnings):
        sys.stderr.write(text_of(warning, question.language) + "\n")
    if not filled.rows:
        raise WrongUse("Nothing in {file} can be used.", why="Every row was refused, or there is none; the reasons stand above.", todo="Correct the rows and try again.", file=path.name)
    place, own = question.places[0], question.wishes
    prices, bounds = {**own.prices_in.get(place, {}), **filled.wishes.prices}, {**own.bounds_in.get(place, {}), **filled.wishes.bounds}
    wishes = replace(own, prices_in={**own.prices_in, place: prices}, bounds_in={**own.bounds_in, place: bounds})
    chosen = frozenset(filled.chosen)
    if strange := sorted((question.skus or frozenset()) - chosen):
        raise WrongUse("The SKU {sku} is not in {file}.", why="With a file, only its rows that can be used are planned for.", todo="Correct the row or the name.", sku=strange[0], file=path.name)
    return replace(question, wishes=wishes, skus=chosen if question.skus is None else chosen & question.skus, filled=filled)
