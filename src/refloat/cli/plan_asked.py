"""The options of ``refloat plan`` as a question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refloat.app.planning import PlanQuestion
from refloat.errors import WrongUse
from refloat.knowledge.tables import marketplace_code
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
    return PlanQuestion(
        account=account,
        reasons=reasons,
        remedy=remedy,
        skus=frozenset(skus) or None,
        places=[marketplace_code(place) or place for place in places],
        lifted=frozenset(lifted),
        notes=own,
        wishes=wishes,
        language=language,
    )


def _entered(path: Path | None) -> tuple[Notes, Wishes]:
    from refloat.reports.notes import read_notes

    return (read_notes(path), Wishes()) if path else (Notes(), Wishes())
