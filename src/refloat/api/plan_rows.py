"""Plans, and how far they are, as an answer has them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from refloat.api.kinds import Told
from refloat.api.plain import json_of
from refloat.knowledge.messages import remark_text
from refloat.model.ports import Deed
from refloat.model.remark import Remark, remark_on
from refloat.store import PlanRow, RunRow


class Plan(Told):
    """A plan by the contract refloat.plan/1: ordered actions with before and after, what is left alone and why, a fingerprint."""

    model_config = ConfigDict(extra="allow")
    contract: Annotated[str, Field(examples=["refloat.plan/1"])]
    id: str
    account: str
    made_at: datetime
    good_until: datetime
    fingerprint: Annotated[str, Field(description="What an approval is for.")]
    actions: list[dict[str, Any]]
    left_alone: list[dict[str, Any]]


class PlanInNumbers(Told):
    """How many of a plan's actions are approved, stand at each stage, have each verdict."""

    id: str
    account: str
    made_at: datetime
    good_until: Annotated[datetime | None, Field(description="null: the plan is damaged.")]
    actions: int
    approved: int
    stages: dict[str, int]
    verdicts: dict[str, int]


class Plans(Told):
    """The newest first; “next” is the “at” of the next page."""

    items: list[PlanInNumbers]
    next: str | None


class Run(Told):
    """One time that the plan is carried out at somebody's wish."""

    by: str
    at: datetime
    running: bool
    told: Annotated[str | None, Field(description="What it does, or waits for, now.")]
    stop_by: str | None
    ended_at: datetime | None
    how: Annotated[str | None, Field(description="done, waits, stopped, surprise, refused, failed or broken-off; null: it has not ended.")]
    why: str | None
    next_at: datetime | None


class Consent(Told):
    """Who approved what, when; actions null: all of the plan's."""

    by: str
    at: datetime
    fingerprint: str
    actions: list[str] | None


class Refusal(Told):
    """Who refused an action, when, and why."""

    action: str
    by: str
    at: datetime
    why: str


class Progress(PlanInNumbers):
    """How far a plan is, whose word it has, and how carrying it out goes."""

    consents: list[Consent]
    refusals: list[Refusal]
    run: Run | None


class DeedOfPlan(Told):
    """How far an action is, and its verdict."""

    plan: str
    action: str
    stranding: int | None
    marketplace: str
    sku: str
    remedy: str
    cause: str
    units: int | None
    stage: Annotated[str, Field(description="planned, intended, answered, shown, refused, unclear, dropped, stopped or undone.")]
    step: int
    steps: int
    at: datetime
    intended_at: datetime | None
    answered_at: datetime | None
    verdict: Annotated[str | None, Field(description="cured, unchanged, worse, too-early, came-back, sold-out or removed; null: none yet.")]
    verdict_at: datetime | None
    why: Annotated[str | None, Field(description="What the last note of the journal says of it.")]
    told: dict[str, Any]


class Deeds(Told):
    """Actions in order; “next” is the “at” of the next page."""

    items: list[DeedOfPlan]
    next: str | None


def in_numbers(account: str, row: PlanRow) -> dict[str, Any]:
    """One plan."""
    return {"id": row.id, "account": account, "made_at": row.made_at, "good_until": row.good_until, "actions": row.actions, "approved": row.approved,
            "stages": dict(row.stages), "verdicts": dict(row.verdicts)}  # fmt: skip


def run_of(row: RunRow | None, language: str) -> dict[str, Any] | None:
    """One run, in the reader's words."""
    if row is None:
        return None
    died = row.ended_at is None and not row.lives
    plain = {name: getattr(row, name) for name in ("by", "at", "stop_by", "ended_at", "next_at")}
    return plain | {"running": row.lives, "told": _text(row.told, language), "how": "broken-off" if died else row.how, "why": _text(row.why, language)}


def deed_of(deed: Deed, language: str) -> dict[str, Any]:
    """One action."""
    plain = {name: getattr(deed, name) for name in DeedOfPlan.model_fields if hasattr(deed, name)}
    return plain | {"plan": deed.plan_id, "action": deed.action_id, "stranding": deed.stranding_id, "why": _text(remark_on(deed.told), language), "told": json_of(deed.told)}


def _text(remark: Remark | None, language: str) -> str | None:
    return None if remark is None else remark_text(remark, language)
