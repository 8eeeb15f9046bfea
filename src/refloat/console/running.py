"""How the carrying out of a plan stands, in words: who had it begun, what it does or waits for now, how it ended, whether it goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from refloat.console import desk
from refloat.knowledge.messages import remark_text
from refloat.locale import translator
from refloat.store import PlanRow, RunRow
from refloat.wording.labels import Say
from refloat.wording.verdicts import stage_label, verdict_label

#: Stages at which an action has not come to its end by itself.
_STAGES = ("planned", "intended", "answered", "shown", "refused", "unclear", "dropped", "stopped", "undone")


def progress(plan_id: str, language: str) -> dict[str, Any] | None:
    """Counts by stage and by verdict, and the run; None where there is no such plan. Nothing is unpacked for it: it is asked every few seconds."""
    found = desk.store().plans.numbers(plan_id)
    if found is None:
        return None
    _, row, run = translator(language), found[1], desk.store().runs.newest(plan_id)
    stages = [{"name": stage_label(name, _), "count": f"{row.stages[name]:,}"} for name in _STAGES if row.stages.get(name)]
    verdicts = [{"name": verdict_label(name, _), "count": f"{count:,}"} for name, count in sorted(row.verdicts.items())]
    done, whole = row.actions - row.count("planned", "intended"), row.actions
    return {"plan_id": plan_id, "stages": stages, "verdicts": verdicts, "run": None if run is None else run_words(run, language), "done": done, "whole": whole, "left": row.count("planned")}


def run_words(run: RunRow, language: str) -> dict[str, Any]:
    """One run."""
    _ = translator(language)
    return {
        "by": run.by,
        "at": moment(run.at),
        "running": run.lives,
        "still": run.ended_at is None and not run.lives,
        "told": "" if run.told is None else remark_text(run.told, language),
        "told_at": "" if run.told_at is None else moment(run.told_at),
        "stopping": run.ended_at is None and run.stop_at is not None,
        "stop_by": run.stop_by or "",
        "ended": "" if run.ended_at is None else moment(run.ended_at),
        "how": "" if run.how is None else how_label(run.how, _),
        "code": run.how or "",
        "why": "" if run.why is None else remark_text(run.why, language),
        "next_at": "" if run.next_at is None else moment(run.next_at),
    }


def how_label(how: str, _: Say) -> str:
    """How a run ended."""
    names = {
        "done": _("everything that was approved is sent"), "waits": _("it waits; what is left goes on later"), "stopped": _("stopped by a person"), "surprise": _("stopped at a surprise"),
        "refused": _("not carried out"), "failed": _("broke off by a mistake of ours"), "broken-off": _("its process ended in the middle"),
    }  # fmt: skip
    return names.get(how, how)


def stand(row: PlanRow, run: RunRow | None, refused: int, now: datetime, _: Say) -> tuple[str, str]:
    """Where a plan stands, as a code and in words."""
    if run is not None and run.lives:
        return "running", _("being carried out")
    if run is not None and run.ended_at is None:
        return "still", _("stands still: its process has ended")
    sent = row.count("answered", "shown", "undone", "refused", "unclear", "intended")
    if refused >= row.actions > 0:
        return "refused", _("rejected")
    if row.count("planned") == 0:
        return ("over", _("carried out")) if row.actions else ("empty", _("nothing to carry out"))
    if row.good_until is not None and row.good_until < now:
        return ("partly", _("carried out in part")) if sent else ("old", _("too old"))
    if sent:
        return "partly", _("carried out in part")
    return ("approved", _("approved, not sent")) if row.approved else ("waits", _("waits for approval"))


def moment(at: datetime) -> str:
    """A moment as pages write it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
