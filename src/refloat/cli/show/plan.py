"""A plan on the screen."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import replace
from typing import TextIO

from refloat.knowledge.catalogue import Catalogue
from refloat.locale import translator
from refloat.model.plan import Plan
from refloat.wording.plans import head, left_alone, lines, next_text, road_text

#: Actions that a screen shows; --json and --html hold all.
ROWS = 25


def show(plan: Plan, catalogue: Catalogue, language: str, *, only: Collection[str] | None = None, out: TextIO | None = None) -> None:
    """Print the plan, to stdout by default. ``only``: these actions, as somebody is asked about them and nothing else."""
    _, out = translator(language), out or sys.stdout
    actions = tuple(action for action in plan.actions if only is None or action.id in only)
    out.write("\n".join(head(replace(plan, actions=actions), _)) + "\n")
    for action in actions[:ROWS]:
        out.write("\n" + "\n".join(lines(action, catalogue, _, language)) + "\n")
    if len(actions) > ROWS:
        out.write("\n" + _("And {count} more; --html and --json hold them all.").format(count=f"{len(actions) - ROWS:,}") + "\n")
    if only is not None:
        return
    if plan.left_alone:
        out.write("\n" + _("Left alone: {count}").format(count=f"{len(plan.left_alone):,}") + "\n")
        for text in left_alone(plan, catalogue, language):
            out.write(f"  {text}\n")
    if plan.roads:
        out.write("\n" + "".join(road_text(road, _) + "\n" for road in plan.roads))
    out.write("\n" + next_text(plan, _) + "\n")
