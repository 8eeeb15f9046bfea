"""What became of a plan, as a person reads it: how far each action is, and the verdicts."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.knowledge.messages import remark_text, writer
from refloat.locale import translator
from refloat.loop.act import Applied
from refloat.model.plan import Plan
from refloat.model.ports import Deed
from refloat.model.remark import remark_on
from refloat.wording.labels import listed
from refloat.wording.verdicts import counted, verdict_label

#: Verdicts that a person should know of even when they are not new.
TROUBLING = ("unchanged", "worse", "came-back")


def tell_applied(plan: Plan, applied: Applied, language: str) -> None:
    """Where the approved actions stand after a run, and what comes next."""
    _, out = translator(language), sys.stdout
    counts = {
        _("{count} sent"): applied.count("answered", "shown"),
        _("{count} refused by Amazon"): applied.count("refused"),
        _("{count} dropped, because something had moved since"): applied.count("dropped"),
        _("{count} unclear"): applied.count("unclear", "intended"),
        _("{count} not sent"): applied.count("stopped", "planned"),
    }
    out.write(listed((text.format(count=f"{count:,}") for text, count in counts.items() if count), _) + "\n")
    stages = {"refused": _("refused by Amazon"), "dropped": _("dropped; moved since"), "unclear": _("unclear")}
    for deed in applied.deeds.values():
        if deed.stage in stages:
            out.write("  " + " · ".join(part for part in (deed.action_id, deed.sku, stages[deed.stage], _told(deed.told, language)) if part) + "\n")
    for name, at in applied.later.items():
        out.write("  " + _("{action}: the next step is due at {moment} UTC; apply the plan again then.").format(action=name, moment=f"{at:%Y-%m-%d %H:%M}") + "\n")
    if applied.stopped and not applied.surprise:
        out.write(_("Not through yet: {why}").format(why=remark_text(applied.stopped, language)) + "\n")
        out.write(_("Nothing is wrong with the plan, and what was not sent is not lost. Once that is over: refloat apply {plan}").format(plan=plan.id) + "\n")
    elif applied.stopped:
        out.write(_("Stopped at the first surprise: {why}").format(why=remark_text(applied.stopped, language)) + "\n")
        if applied.count("stopped"):
            out.write(_("What was not sent stays so: look at it, then observe and plan again.") + "\n")
    if applied.count("answered", "shown"):
        out.write(_("That Amazon accepted it proves nothing yet: refloat observe {account} looks, refloat verify {account} tells.").format(account=plan.account) + "\n")


def _told(told: Mapping[str, object], language: str) -> str:
    remark = remark_on(told)
    return remark_text(remark, language).split("\n")[0] if remark else ""


def applied_json(plan: Plan, applied: Applied) -> dict[str, object]:
    """The same for a program."""
    deeds = [{"action": deed.action_id, "sku": deed.sku, "stage": deed.stage, "step": deed.step, "verdict": deed.verdict, "told": dict(deed.told)} for deed in applied.deeds.values()]
    why, surprise = applied.stopped, applied.stopped is not None and applied.surprise
    stopped = {"stopped": why and remark_text(why), "stopped_because": why and why.as_json(), "surprise": surprise}
    return {"plan": plan.id, **stopped, "later": {name: at.isoformat() for name, at in applied.later.items()}, "actions": deeds}


def tell_verdicts(judged: Sequence[Deed], new: Collection[tuple[str, str]], waiting: Sequence[datetime | None], catalogue: Catalogue, language: str) -> None:
    """The verdicts that are new or troubling one by one, all of them as numbers, and when to look for the others."""
    _, out = translator(language), sys.stdout
    for deed in judged:
        if deed.verdict in TROUBLING or (deed.plan_id, deed.action_id) in new:
            by = _("changed back by: {writer}").format(writer=writer(str(deed.told["by"]), language)) if "by" in deed.told else ""
            remedy = label(catalogue.remedies[deed.remedy].page, language)
            out.write(" · ".join(part for part in (f"{deed.sku} ({deed.marketplace})", remedy, verdict_label(str(deed.verdict), _), by) if part) + "\n")
    words: dict[str, int] = {}
    for deed in judged:
        words[str(deed.verdict)] = words.get(str(deed.verdict), 0) + 1
    out.write(_("Verdicts: {words}.").format(words=counted(words, _) or _("none yet")) + "\n")
    if waiting:
        moments = [at for at in waiting if at is not None]
        first = f"{min(moments):%Y-%m-%d %H:%M} UTC" if moments else "?"
        out.write(_("Actions that wait for theirs: {count}. The first usually shows by {moment}; observe again then.").format(count=f"{len(waiting):,}", moment=first) + "\n")


def verdict_json(deed: Deed, *, new: bool) -> dict[str, object]:
    """The same for a program."""
    plain = {"plan": deed.plan_id, "action": deed.action_id, "marketplace": deed.marketplace, "sku": deed.sku, "remedy": deed.remedy, "verdict": deed.verdict}
    return plain | {"at": deed.verdict_at.isoformat() if deed.verdict_at else None, "by": deed.told.get("by"), "new": new}
