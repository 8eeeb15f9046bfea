"""A plan as a person reads it: per action the SKU, the units, current → new value of each field, who must agree, undo, why."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from refloat.cli.show import labels
from refloat.cli.show.labels import Say
from refloat.cli.show.names import label
from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.messages import guard_text
from refloat.locale import translator
from refloat.model.cure import Field
from refloat.model.money import totals
from refloat.model.plan import Action, LeftAlone, Plan, Road

#: Actions that a screen shows; --json and --html hold all.
ROWS = 25


def show(plan: Plan, catalogue: Catalogue, language: str) -> None:
    """Print the plan to stdout."""
    _ = translator(language)
    out = sys.stdout
    out.write(head(plan, _) + "\n")
    for action in plan.actions[:ROWS]:
        out.write("\n" + "\n".join(lines(action, catalogue, _, language)) + "\n")
    if len(plan.actions) > ROWS:
        out.write("\n" + _("And {count} more; --html and --json hold them all.").format(count=f"{len(plan.actions) - ROWS:,}") + "\n")
    if plan.left_alone:
        out.write("\n" + _("Left alone: {count}").format(count=f"{len(plan.left_alone):,}") + "\n")
        for text in left_alone(plan, catalogue, language):
            out.write(f"  {text}\n")
    for road in plan.roads:
        out.write("\n" + road_text(road, _) + "\n")
    if plan.actions:
        out.write("\n" + _("Nothing was sent. Approve it: refloat apply {plan}").format(plan=plan.id) + "\n")


def head(plan: Plan, _: Say) -> str:
    """How much there is, what it is worth, how long it is good."""
    safe = sum(action.safety == "safe" for action in plan.actions)
    counts = _("{actions} actions, {safe} of them safe, {consent} that need your consent; {left} left alone").format(
        actions=f"{len(plan.actions):,}", safe=f"{safe:,}", consent=f"{len(plan.actions) - safe:,}", left=f"{len(plan.left_alone):,}"
    )
    worth = labels.worth_text(totals([action.worth for action in plan.actions]), _)
    good = _("good until {moment} UTC").format(moment=f"{plan.good_until:%Y-%m-%d %H:%M}")
    return " · ".join(part for part in (_("Plan {plan} for {account}").format(plan=plan.id, account=plan.account), counts, worth, good) if part)


def lines(action: Action, catalogue: Catalogue, _: Say, language: str) -> Iterator[str]:
    """One action."""
    units = _("units unknown") if action.units is None else labels.units_text(action.units, _)
    due = _("removal on {day}").format(day=action.removal_due_on.isoformat()) if action.removal_due_on else ""
    what = label(catalogue.remedies[action.remedy].page, language)
    yield " · ".join(part for part in (f"~ {action.id}  {action.sku}", what, safety_text(action, _), units, due) if part)
    for field in action.fields:
        yield f"    {field_text(field, _)}"
    yield "    " + _("Why: {why}").format(why=action.why)
    yield "    " + undo_text(action, catalogue, _, language)
    for automatic in action.amazon_will:
        if automatic.on is not None:
            yield "    " + labels.automatic_labels(_)[automatic.do].format(day=("≈ " if automatic.estimated else "") + automatic.on.isoformat())
    if len(action.steps) > 1:
        waits = ", ".join(f"{step.wait_hours:g} h" for step in action.steps[1:])
        yield "    " + _("In {count} steps; the waits between: {waits}").format(count=len(action.steps), waits=waits)


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
        "remedy": _("this remedy always asks"), "another-remedy": _("not the remedy that the diagnosis names first"), "diagnosis": _("something speaks against it"),
        "suspected": _("Amazon's report does not list it"), "came-back": _("it has come back before"),
    }  # fmt: skip
    if action.safety == "safe":
        return _("safe")
    asked = _("asks you: {why}").format(why=labels.listed([reasons.get(name, name) for name in action.asks], _))
    return _("cannot be undone; {asks}").format(asks=asked) if action.irreversible and action.undo is None else asked


def undo_text(action: Action, catalogue: Catalogue, _: Say, language: str) -> str:
    """What would put it back."""
    if action.undo is None:
        return _("Undo: none")
    name = catalogue.remedies[action.remedy].undo
    return _("Undo: {what}").format(what=label(catalogue.remedies[name].page, language) if name in catalogue.remedies else _("puts every field back as it was"))


def left_alone(plan: Plan, catalogue: Catalogue, language: str) -> Iterator[str]:
    """Why nothing is done: each reason once, with its SKUs."""
    groups: dict[str, list[LeftAlone]] = {}
    for one in plan.left_alone:
        groups.setdefault(guard_text(one.guard, language), []).append(one)
    _ = translator(language)
    for text, own in sorted(groups.items(), key=lambda item: -len(item[1])):
        skus = labels.listed([f"{one.sku} ({one.marketplace})" for one in own[:5]] + (["…"] if len(own) > 5 else []), _)
        remedies = Counter(label(catalogue.remedies[one.remedy].page, language) for one in own)
        yield f"{len(own):,} × {text} {skus} [{', '.join(f'{name} {count:,}' for name, count in remedies.most_common(3))}]"


def road_text(road: Road, _: Say) -> str:
    """How the changes travel, and why so."""
    seconds = _("about {minutes} minutes").format(minutes=max(1, round(road.expected_seconds / 60)))
    took = _("this account's feeds take {minutes} minutes").format(minutes=max(1, round(road.feed_seconds / 60)))
    guess = _("how long this account's feeds take is not known yet; {minutes} minutes are assumed").format(minutes=max(1, round(road.feed_seconds / 60)))
    by = _("as a feed, the most urgent first by themselves") if road.by == "feed" else _("one by one")
    return _("{place}: {changes} changes go {by}, {seconds}; from {crossover} on a feed is sooner ({took}).").format(
        place=road.marketplace, changes=f"{road.changes:,}", by=by, seconds=seconds, crossover=f"{road.crossover:,}", took=took if road.feed_seconds_learned else guess
    )
