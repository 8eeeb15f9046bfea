"""Sending the listing changes of a wave: as single patches side by side, or as feeds. Every intent is on disk before its request leaves.

What Amazon answered is noted at once. An answer that was lost makes an action ``unclear``; ``looking`` finds out what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from refloat.errors import AmazonError, lost
from refloat.knowledge.tables import table
from refloat.loop.hand import Hand, pieces
from refloat.loop.lanes import side_by_side
from refloat.loop.telling import of_error, told
from refloat.model.plan import Action, Plan
from refloat.model.ports import Note, Submission

#: Intents that are noted together. After a kill so many are looked up.
_TOGETHER = 40
#: Refusals that every further write would meet as well.
HOPELESS = frozenset({"credential-wrong", "role-missing", "account-not-normal", "marketplace-not-yours"})


def by_patch(plan: Plan, actions: Sequence[Action], steps: dict[str, int], hand: Hand, *, preview: bool) -> list[Note]:
    """Send each action's step by itself. Returns the notes of what became of them; ``preview``: ask Amazon first what it would say.

    ``steps``: action id → which of its steps is sent.
    """
    notes: list[Note] = []
    for some in pieces(actions, _TOGETHER):
        if hand.stop():
            break
        hand.ledger.note(plan.id, [Note(action.id, "intent", "intended", steps[action.id], told={"by": "patch"}) for action in some], hand.now())
        jobs = [partial(_sent, hand, action, steps[action.id], preview=preview) for action in some]
        (came,) = side_by_side(hand.clock, jobs)
        hand.ledger.note(plan.id, came, hand.now())
        notes += came
        if any(note.told.get("code") in HOPELESS for note in came):
            break
    return notes


def _sent(hand: Hand, action: Action, step: int, *, preview: bool) -> Note:
    change = action.steps[step].change
    try:
        if preview and change.kind in {"patch", "put"}:
            seen = hand.writer.preview(action.sku, action.marketplace, change)
            if not seen.accepted:
                return receipt(action.id, seen, preview=True)
        return receipt(action.id, hand.writer.submit(action.sku, action.marketplace, change))
    except AmazonError as error:
        return _trouble(action.id, step, error)


def receipt(action_id: str, submission: Submission, **more: object) -> Note:
    """What Amazon answered, as a note. ACCEPTED is an answer, no success; a refusal ends the action."""
    answer = {"amazon": submission.stage, "submission_id": submission.submission_id, "request_id": submission.request_id, "issues": [dict(issue) for issue in submission.issues], **more}
    return Note(action_id, "receipt", "answered" if submission.accepted else "refused", told=answer)


def not_sent(action_id: str, step: int, said: Mapping[str, Any]) -> Note:
    """It certainly did not happen: the action is where it was before this step."""
    return Note(action_id, "not-sent", "planned" if step == 0 else "answered", max(0, step - 1), told=said)


def _trouble(action_id: str, step: int, error: AmazonError) -> Note:
    """No answer, or a refusal of the request itself."""
    said = told("said", of_error(error), code=error.code, request_id=str(error.values.get("request_id", "unknown")))
    if lost(error):
        return Note(action_id, "unclear", "unclear", told=said)
    if error.passing or error.code in HOPELESS:
        return not_sent(action_id, step, said)
    return Note(action_id, "receipt", "refused", told=said)


def previewed(actions: Sequence[Action], steps: dict[str, int], hand: Hand) -> dict[str, Note]:
    """Ask Amazon about a sample of what a feed would carry: for each remedy and product type. Action id → refusal, where there is one."""
    sample: dict[tuple[str, str, str], list[Action]] = {}
    for action in actions:
        change = action.steps[steps[action.id]].change
        if change.kind in {"patch", "put"}:
            sample.setdefault((action.marketplace, action.remedy, change.product_type), []).append(action)
    asked = [action for own in sample.values() for action in own[: table("curing")["feed"]["preview_sample"]]]
    jobs = [partial(_previewed, hand, action, steps[action.id]) for action in asked]
    (came,) = side_by_side(hand.clock, jobs)
    return {note.action_id: note for note in came if note is not None}


def _previewed(hand: Hand, action: Action, step: int) -> Note | None:
    try:
        seen = hand.writer.preview(action.sku, action.marketplace, action.steps[step].change)
    except AmazonError:
        # The feed will tell; a preview that could not be had is no surprise.
        return None
    return None if seen.accepted else receipt(action.id, seen, preview=True)
