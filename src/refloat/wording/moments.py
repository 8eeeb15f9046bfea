"""What happened to a stranding, in words: a line for each moment, and what is said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from refloat.app.moments import Moment
from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.knowledge.messages import remark_text
from refloat.knowledge.tables import marketplaces
from refloat.locale import translator
from refloat.model.money import Money
from refloat.model.remark import remark_on
from refloat.wording.labels import money_text, standing_labels, units_text, with_remark
from refloat.wording.tasks import result_label
from refloat.wording.verdicts import stage_label, verdict_label

#: Results that a task can have; another one, of a record that was tampered with, stands for itself.
_RESULTS = frozenset({"won", "refused", "no-answer", "done", "overtaken"})


def local(at: datetime, marketplace: str) -> str:
    """The moment in the marketplace's time zone, named."""
    place = marketplaces().get(marketplace)
    return f"{at.astimezone(ZoneInfo(place.timezone if place else 'UTC')):%Y-%m-%d %H:%M %Z}"


class MomentWords:
    """The words of one language."""

    def __init__(self, known: Catalogue, language: str) -> None:
        self._, self.known, self.language = translator(language), known, language

    def title(self, moment: Moment) -> str:
        """What happened."""
        told = getattr(self, f"_{moment.kind.replace('-', '_')}", None)
        return str(told(moment.facts)) if told else moment.kind

    def beside(self, moment: Moment) -> str:
        """Why, in Amazon's words or ours; empty where nothing more is told."""
        remark = remark_on(moment.facts) if moment.entry else None
        return remark_text(remark, self.language) if remark else ""

    def _seen(self, facts: Mapping[str, Any]) -> str:
        return with_remark(self._("Seen for the first time: {what}").format(what=self._concluded(facts)), self._amazons(facts), self._)

    def _came_back(self, facts: Mapping[str, Any]) -> str:
        return with_remark(self._("Came back: {what}").format(what=self._concluded(facts)), self._amazons(facts), self._)

    def _said(self, facts: Mapping[str, Any]) -> str:
        return self._amazons(facts) or self._("Amazon gives no reason any more")

    def _amazons(self, facts: Mapping[str, Any]) -> str | None:
        return self._("Amazon says: {said}").format(said=facts["said"]) if facts["said"] else None

    def _concluded(self, facts: Mapping[str, Any]) -> str:
        cause, remedy = self._page(facts["cause"], self.known.causes), self._page(facts["remedy"], self.known.remedies)
        standing = standing_labels(self._).get(facts["standing"], facts["standing"])
        return self._("{cause}; to do: {remedy}; standing: {standing}").format(cause=cause, remedy=remedy, standing=standing)

    def _units(self, facts: Mapping[str, Any]) -> str:
        return self._("Units: {before} → {after}").format(before=self._counted(facts["before"]), after=self._counted(facts))

    def _counted(self, facts: Mapping[str, Any]) -> str:
        units = facts["units_fulfillable"]
        sellable = units_text(None if units is None else units + (facts["units_reserved"] or 0), self._)
        spoilt = facts["units_unfulfillable"]
        return self._("{units} + {count} unfulfillable").format(units=sellable, count=spoilt) if spoilt else sellable

    def _worth(self, facts: Mapping[str, Any]) -> str:
        return self._("Worth: {before} → {after}").format(before=self._amount(facts["before"]), after=self._amount(facts))

    def _amount(self, facts: Mapping[str, Any]) -> str:
        amount: Decimal | None = facts["worth_amount"]
        return money_text(None if amount is None else Money(amount, facts["worth_currency"]), self._)

    def _deadline_set(self, facts: Mapping[str, Any]) -> str:
        before, now = facts["before"]["removal_due_on"], facts["removal_due_on"]
        if now is None:
            return self._("No removal date any more; it was {before}").format(before=before)
        return self._("Removal date: {now}").format(now=now) if before is None else self._("Removal date: {before} → {now}").format(before=before, now=now)

    def _closed(self, facts: Mapping[str, Any]) -> str:
        return self._("Closed: {outcome}").format(outcome=verdict_label(facts["outcome"], self._)) if facts["outcome"] else self._("Closed")

    def _planned(self, facts: Mapping[str, Any]) -> str:
        return self._("Planned: {remedy}, in the plan {plan}").format(remedy=self._page(facts.get("remedy"), self.known.remedies), plan=facts["plan"])

    def _consented(self, facts: Mapping[str, Any]) -> str:
        return self._("Approved by {by}, in the plan {plan}").format(by=facts["by"], plan=facts["plan"])

    def _intent(self, facts: Mapping[str, Any]) -> str:
        return self._("Sent: {remedy}").format(remedy=self._page(facts.get("remedy"), self.known.remedies))

    def _receipt(self, facts: Mapping[str, Any]) -> str:
        return self._("Answered: {stage}").format(stage=stage_label(str(facts.get("stage") or ""), self._))

    def _stage(self, facts: Mapping[str, Any]) -> str:
        return stage_label(str(facts.get("stage") or ""), self._)

    _shown = _unclear = _dropped = _stopped = _undone = _not_sent = _stage

    def _verdict(self, facts: Mapping[str, Any]) -> str:
        return self._("Verdict: {verdict}").format(verdict=verdict_label(str(facts.get("verdict") or ""), self._))

    def _task_opened(self, facts: Mapping[str, Any]) -> str:
        return self._("Task {id} for a person: {remedy}").format(id=facts.get("task"), remedy=self._page(facts.get("remedy"), self.known.remedies))

    def _task_ended(self, facts: Mapping[str, Any]) -> str:
        result = str(facts.get("result") or "")
        text = self._("Task {id} ended: {result}").format(id=facts.get("task"), result=result_label(result, self._) if result in _RESULTS else result)
        return self._by(text, facts)

    def _task_attached(self, facts: Mapping[str, Any]) -> str:
        return self._by(self._("Kept with task {id}: {name}").format(id=facts.get("task"), name=facts.get("name")), facts)

    def _deadline(self, facts: Mapping[str, Any]) -> str:
        return self._("Removal on {due_on}: {days} days or fewer are left").format(due_on=facts.get("due_on"), days=facts.get("days"))

    def _deadline_taken(self, facts: Mapping[str, Any]) -> str:
        return self._("The removal deadline was taken by {by}").format(by=facts.get("by"))

    def _by(self, text: str, facts: Mapping[str, Any]) -> str:
        return self._("{text}, by {by}").format(text=text, by=facts["by"]) if facts.get("by") else text

    def _page(self, name: Any, shelf: Mapping[str, Any]) -> str:
        if not name:
            return self._("unknown")
        return label(shelf[name].page, self.language) if name in shelf else str(name)
