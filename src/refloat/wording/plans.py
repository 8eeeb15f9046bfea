"""A plan as a person reads it: per action the SKU, the units, current → new value of each field, who must agree, undo, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.knowledge.messages import guard_text
from refloat.locale import translator
from refloat.model.cure import Field, Guard
from refloat.model.money import totals
from refloat.model.plan import BACK, Action, LeftAlone, Plan, Road
from refloat.wording import labels
from refloat.wording.labels import Say


def next_text(plan: Plan, _: Say) -> str:
    """What a person does with the plan."""
    if plan.actions:
        return _("Nothing was sent. Approve it: refloat apply {plan}").format(plan=plan.id)
    return _("Nothing can be done by itself now; why stands beside each.") if plan.left_alone else _("Nothing that was asked for is stranded, so there is nothing to do.")


def head(plan: Plan, _: Say) -> Iterator[str]:
    """Whose plan it is and how long it is good; how much there is, and what it is worth."""
    yield " · ".join((title(plan, _), good_text(plan, _)))
    yield from contents(plan, _)


def title(plan: Plan, _: Say) -> str:
    """Which plan it is, and whose."""
    return _("Plan {plan} for {account}").format(plan=plan.id, account=plan.account)


def good_text(plan: Plan, _: Say) -> str:
    """How long it may be carried out."""
    return _("good until {moment} UTC").format(moment=f"{plan.good_until:%Y-%m-%d %H:%M}")


def contents(plan: Plan, _: Say) -> Iterator[str]:
    """How much there is, what it is worth, and what a person lifted for it."""
    if plan.actions:
        safe = sum(action.safety == "safe" for action in plan.actions)
        counts = _("Actions: {actions} (safe {safe}, need your consent {consent})").format(actions=f"{len(plan.actions):,}", safe=f"{safe:,}", consent=f"{len(plan.actions) - safe:,}")
        yield " · ".join((counts, labels.worth_text(totals([action.worth for action in plan.actions]), _)))
    if plan.lifted:
        yield _("Guards that you lifted: {names}").format(names=labels.listed(plan.lifted, _))


def lines(action: Action, catalogue: Catalogue, _: Say, language: str) -> Iterator[str]:
    """One action."""
    yield f"~ {action.id}  {action.sku}  " + " · ".join((what(action, catalogue, _, language), summary(action, _)))
    for field in action.fields:
        yield f"    {field_text(field, _)}"
    for text in remarks(action, catalogue, _, language):
        yield f"    {text}"


def what(action: Action, catalogue: Catalogue, _: Say, language: str) -> str:
    """The remedy; of an action that puts another one back it is said."""
    name = label(catalogue.remedies[action.remedy].page, language)
    return _("Undo: {what}").format(what=name) if action.id.endswith(BACK) else name


def summary(action: Action, _: Say) -> str:
    """Who must agree, how much it is about, by when."""
    units = _("units unknown") if action.units is None else labels.units_text(action.units, _)
    due = _("removal on {day}").format(day=action.removal_due_on.isoformat()) if action.removal_due_on else ""
    return " · ".join(part for part in (safety_text(action, _), units, due) if part)


def remarks(action: Action, catalogue: Catalogue, _: Say, language: str) -> Iterator[str]:
    """Why, what would put it back, what Amazon does by itself, and the waits between the steps."""
    yield _("Why: {why}").format(why=action.why)
    yield undo_text(action, catalogue, _, language)
    for automatic in action.amazon_will:
        # The day of the removal stands in the first line already.
        if automatic.on is not None and (automatic.do, automatic.on) != ("remove", action.removal_due_on):
            yield labels.automatic_labels(_)[automatic.do].format(day=("≈ " if automatic.estimated else "") + automatic.on.isoformat())
    if len(action.steps) > 1:
        waits = labels.listed((f"{step.wait_hours:g} h" for step in action.steps[1:]), _)
        yield _("In {count} steps; the waits between: {waits}. Apply the plan again for each.").format(count=len(action.steps), waits=waits)


def field_text(field: Field, _: Say) -> str:
    """``price: 15.08 USD → 14.90 USD``; what stays is said once."""
    name, before, after = field_label(field.name, _), value_label(field.before, _), value_label(field.after, _)
    if field.before == field.after:
        return _("{field}: {value}, stays").format(field=name, value=after)
    return _("{field}: {before} → {after}").format(field=name, before=before, after=after)


def field_label(name: str, _: Say) -> str:
    """The field as a seller calls it; an attribute of Amazon's keeps its own name."""
    names = {
        "price": _("price"),
        "end-date": _("end of the offer"),
        "start-date": _("start of the offer"),
        "channel": _("fulfilled by"),
        "merchant-quantity": _("your own quantity"),
        "listing": _("listing"),
        "condition": _("condition"),
        "asin": "ASIN",
        "fnsku": "FNSKU",
        "units": _("units"),
        "units-sellable": _("sellable units"),
        "units-unsellable": _("unsellable units"),
        "units-reserved": _("reserved units"),
        "disposition": _("what happens to them"),
        "address": _("sent to"),
        "minimum-price": _("your least price"),
        "maximum-price": _("your most price"),
    }
    return names.get(name, name)


def value_label(value: str | None, _: Say) -> str:
    """A value as a seller reads it."""
    names = {"fba": _("Amazon"), "merchant": _("you"), "Return": _("returned to you"), "Disposal": _("disposed of"), "Liquidations": _("liquidated")}
    return "–" if value is None else names.get(value, value)


def safety_text(action: Action, _: Say) -> str:
    """Who must agree, and why a person must."""
    reasons = {
        "remedy": _("this remedy always does"), "another-remedy": _("not the remedy that the diagnosis names first"), "diagnosis": _("something speaks against it"),
        "suspected": _("Amazon's report does not list it"), "came-back": _("it has come back before"),
        "worse": _("after the last change Amazon names another reason; refloat undo puts that change back"),
    }  # fmt: skip
    if action.safety == "safe":
        return _("safe")
    asked = _("needs your consent: {why}").format(why=labels.listed([reasons.get(name, name) for name in action.asks], _))
    return _("cannot be undone, {asks}").format(asks=asked) if action.irreversible and action.undo is None else asked


def undo_text(action: Action, catalogue: Catalogue, _: Say, language: str) -> str:
    """What would put it back."""
    if action.undo is None:
        return _("Undo: none")
    name = catalogue.remedies[action.remedy].undo
    return _("Undo: {what}").format(what=label(catalogue.remedies[name].page, language) if name in catalogue.remedies else _("puts every field back as it was"))


def left_alone(plan: Plan, catalogue: Catalogue, language: str, *, most: int = 5) -> Iterator[str]:
    """Why nothing is done: each reason once, with the first ``most`` of its SKUs."""
    groups: dict[str, list[LeftAlone]] = {}
    for one in plan.left_alone:
        groups.setdefault(guard_text(_of_any_sku(one.guard), language), []).append(one)
    _ = translator(language)
    for text, own in sorted(groups.items(), key=lambda item: -len(item[1])):
        skus = labels.listed([f"{one.sku} ({one.marketplace})" for one in own[:most]] + (["…"] if len(own) > most else []), _)
        remedies = Counter(label(catalogue.remedies[one.remedy].page, language) for one in own)
        named = labels.listed((f"{name} {count:,}" for name, count in remedies.most_common(3)), _)
        yield f"{len(own):,} × {text if len(own) > 1 else guard_text(own[0].guard, language)} {skus} [{named}]"


def _of_any_sku(guard: Guard) -> Guard:
    """The guard without the name of the one SKU, so that what differs in nothing else is said once."""
    return Guard(guard.name, {**guard.facts, "sku": "…"}) if "sku" in guard.facts else guard


def road_text(road: Road, _: Say) -> str:
    """How the changes travel, and why so."""
    by = _("as a feed, the most urgent one by one before it") if road.by == "feed" else _("one by one")
    how = _("{place}: changes {changes}, {by}, some {minutes} min.").format(place=road.marketplace, changes=f"{road.changes:,}", by=by, minutes=_minutes(road.expected_seconds))
    known = _("a feed of this account takes some {minutes} min") if road.feed_seconds_learned else _("assuming that a feed takes {minutes} min; this account has sent none yet")
    why = _("From {crossover} changes on a feed is sooner ({known}).").format(crossover=f"{road.crossover:,}", known=known.format(minutes=_minutes(road.feed_seconds)))
    return _("{one} {other}").format(one=how, other=why)


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
