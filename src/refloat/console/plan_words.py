"""A plan in words, for its page: actions with their fields and how far each is, what is left alone, who approved, who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refloat.app.policies import approved_now, in_force, words_that_hold
from refloat.console import desk
from refloat.knowledge.labels import label
from refloat.knowledge.messages import guard_text, remark_text, writer
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.model.approval import may_approve, needing_two
from refloat.model.cure import Field, Guard
from refloat.model.plan import Action, LeftAlone, Plan
from refloat.model.policy import name_of, person_of
from refloat.model.ports import Deed
from refloat.model.remark import remark_on
from refloat.store import ConsentRow, RefusalRow
from refloat.wording import plans as wording
from refloat.wording.labels import Say, listed
from refloat.wording.verdicts import stage_label, verdict_label

#: So many SKUs of what is left alone are named for each reason.
_NAMED = 20


@dataclass(frozen=True)
class Words:
    """Who said what of a plan, and which actions that is enough for."""

    said: tuple[ConsentRow, ...]
    holding: tuple[ConsentRow, ...]
    enough: frozenset[str]
    two: frozenset[str]
    refused: Mapping[str, RefusalRow]


def words_of(plan: Plan, now: datetime) -> Words:
    """As of now."""
    store = desk.store()
    rule, holding, refused = in_force(store, plan.account).policy.consent, tuple(words_that_hold(store, plan, now)), store.asking.refusals(plan.id)
    return Words(store.plans.consents(plan.id), holding, approved_now(store, plan, holding, now) - refused.keys(), needing_two(rule, plan.actions), refused)


def missing(plan: Plan, words: Words, deeds: Mapping[str, Deed], language: str) -> list[str]:
    """Whose word is missing for what is not begun, a sentence each."""
    _, rule = translator(language), in_force(desk.store(), plan.account).policy.consent
    lacking = [action for action in plan.actions if action.id not in words.enough and action.id not in words.refused and deeds[action.id].stage == "planned"]
    spoken = {action.id: {person for word in words.holding if (person := person_of(word.by)) and may_approve(rule, word.by) and _covers(word, action)} for action in lacking}
    once = [action for action in lacking if spoken[action.id]]
    found = []
    if never := [action for action in lacking if not spoken[action.id]]:
        two = sum(action.id in words.two for action in never)
        waits = _("1 action waits for an approver.") if len(never) == 1 else _("{count} actions wait for an approver.").format(count=f"{len(never):,}")
        found.append(waits + ("" if not two else " " + _("{count} of them need two different people.").format(count=f"{two:,}")))
    if once:
        names = sorted({person for action in once for person in spoken[action.id]})
        whom = [name for name in rule.approvers if name_of(name) not in names]
        second = (
            _("1 action waits for a second person; {names} has approved it, and the same person twice does not count.")
            if len(once) == 1
            else _("{count} actions wait for a second person; {names} has approved them, and the same person twice does not count.")
        )
        text = second.format(count=f"{len(once):,}", names=listed(names, _))
        found.append(text + (" " + _("The policy names: {names}.").format(names=listed(whom, _)) if whom else ""))
    return found


def _covers(word: ConsentRow, action: Action) -> bool:
    return word.actions is None or action.id in word.actions


def approvals(words: Words, plan: Plan, language: str) -> list[dict[str, str]]:
    """Who approved how much, when."""
    _ = translator(language)
    return [
        {
            "by": word.by,
            "at": f"{word.at:%Y-%m-%d %H:%M} UTC",
            "what": _("all {count} actions").format(count=f"{len(plan.actions):,}") if word.actions is None else _("{count} actions").format(count=f"{len(word.actions):,}"),
            "over": "" if word in words.holding else _("holds no more"),
        }
        for word in words.said
    ]


def action_words(action: Action, deed: Deed, words: Words, language: str) -> dict[str, Any]:
    """One action in words."""
    _, known = translator(language), desk.known()
    remark, refusal = remark_on(deed.told), words.refused.get(action.id)
    issues = [str(one.get("message")) for one in deed.told.get("issues") or () if isinstance(one, Mapping) and one.get("message")]
    return {
        "id": action.id,
        "sku": action.sku,
        "title": action.title or "",
        "place": action.marketplace,
        "what": wording.what(action, known, _, language),
        "summary": wording.summary(action, _),
        "fields": [_field(one, _) for one in action.fields],
        "remarks": list(wording.remarks(action, known, _, language)),
        "final": action.irreversible and action.undo is None,
        "stage": stage_label(deed.stage, _),
        "told": "" if remark is None or issues else remark_text(remark, language),
        "issues": issues,
        "preview": bool(deed.told.get("preview")),
        "verdict": "" if deed.verdict is None else verdict_label(deed.verdict, _),
        "by": writer(str(deed.told["by"]), language) if deed.verdict and "by" in deed.told else "",
        "approved": action.id in words.enough,
        "two": action.id in words.two,
        "refused": refusal,
        "open": deed.stage == "planned" and refusal is None,
        "can_undo": action.undo is not None and deed.stage in {"answered", "shown"},
    }


def _field(one: Field, _: Say) -> dict[str, Any]:
    return {"name": wording.field_label(one.name, _), "before": wording.value_label(one.before, _), "after": wording.value_label(one.after, _), "stays": one.before == one.after}


def left_alone(plan: Plan, language: str) -> list[dict[str, Any]]:
    """Why nothing is done, each reason once; which of them a person may lift."""
    _, known, rows = translator(language), desk.known(), table("guards")
    groups: dict[tuple[str, str], list[LeftAlone]] = {}
    for one in plan.left_alone:
        anyone = Guard(one.guard.name, {**one.guard.facts, "sku": "…"}) if "sku" in one.guard.facts else one.guard
        groups.setdefault((one.guard.name, guard_text(anyone, language)), []).append(one)
    return [
        {
            "name": name,
            "text": text if len(own) > 1 else guard_text(own[0].guard, language),
            "count": f"{len(own):,}",
            "skus": [f"{one.sku} ({one.marketplace})" for one in own[:_NAMED]],
            "more": max(0, len(own) - _NAMED),
            "remedy": listed(dict.fromkeys(label(known.remedies[one.remedy].page, language) for one in own if one.remedy in known.remedies), _),
            "lift": bool(rows.get(name, {}).get("lift")),
        }
        for (name, text), own in sorted(groups.items(), key=lambda item: -len(item[1]))
    ]


def filtered(plan: Plan, deeds: Mapping[str, Deed], words: Words, asked: Mapping[str, str]) -> Sequence[Action]:
    """The actions that fit what is asked within the plan."""
    text, remedy, safety, stage = (asked.get(name, "") for name in ("q", "remedy", "safety", "stage"))
    wanted = text.strip().casefold()

    def fits(action: Action) -> bool:
        deed = deeds[action.id]
        if wanted and not any(wanted in (part or "").casefold() for part in (action.sku, action.asin, action.fnsku, action.title, action.id)):
            return False
        at = "refused-here" if action.id in words.refused else deed.verdict if deed.verdict and stage == deed.verdict else deed.stage
        return (not remedy or action.remedy == remedy) and (not safety or action.safety == safety) and (not stage or at == stage)

    return plan.actions if not (wanted or remedy or safety or stage) else [action for action in plan.actions if fits(action)]
