"""The top of the page: what a seller reads in ten seconds, and the incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from refloat.app import Triage
from refloat.insight.summary import Incident
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.loop.findings import findings
from refloat.model.finding import Finding
from refloat.wording.labels import Say, due_and_left, listed, money_text, skus_text, units_of, units_text, with_remark, worth_text
from refloat.wording.markup import Html, joined, table, tag
from refloat.wording.triage import glance
from refloat.wording.triage.html_causes import cause_anchor

_FIRST = 3
_OPEN_INCIDENTS, _MOST_INCIDENTS = 8, 200
_NUMBERS = frozenset({1, 2, 3})


def at_a_glance(triage: Triage, language: str) -> Html:
    """How much money, what first, what one click cures, what needs papers, what is due this week."""
    _ = translator(language)
    if not triage.frame.height:
        nothing = _("Unknown: nobody can say whether anything is stranded. The warnings below say why.") if triage.summary.unknown else _("Nothing is stranded, as far as the given reports tell.")
        return tag("p", nothing, class_="lead")
    return joined([_figures(triage, _), *_first(triage, language), tag("dl", *_groups(triage, language), class_="groups")])


def _figures(triage: Triage, _: Say) -> Html:
    whole = glance.group(triage.frame)
    worth = [tag("span", money_text(money, _), class_="amount") for money in whole.worth] or [tag("span", _("unknown"), class_="amount")]
    unpriced = _("without {count} of unknown worth").format(count=skus_text(whole.skus_unpriced, _)) if whole.skus_unpriced else ""
    week = glance.due_this_week(triage.frame).skus
    figures = [
        (_("Worth"), joined(worth), unpriced),
        (_("SKUs"), tag("span", f"{whole.skus:,}", class_="amount"), ""),
        (_("Units"), tag("span", _("unknown") if whole.units is None else f"{whole.units:,}", class_="amount"), ""),
        (_("Due within 7 days, or overdue"), tag("span", f"{week:,}", class_="amount"), _("SKUs") if week else ""),
    ]
    if triage.summary.unknown:
        figures.append((_("Unknown"), tag("span", f"{triage.summary.unknown:,}", class_="amount"), _("SKUs or marketplaces of which no report tells")))
    return tag("dl", *(tag("div", tag("dt", name), tag("dd", amount, tag("span", note, class_="note") if note else "")) for name, amount, note in figures), class_="figures")


def _first(triage: Triage, language: str) -> Iterator[Html]:
    """The few that come first: by deadline, then by money."""
    _ = translator(language)
    yield tag("h3", _("What first"))
    yield tag("ol", *(tag("li", *_line(finding, triage, language)) for finding in findings(triage.frame.head(_FIRST), triage.catalogue, language)), class_="first")


def _line(finding: Finding, triage: Triage, language: str) -> Iterator[Html | str]:
    _ = translator(language)
    yield tag("strong", label(triage.catalogue.remedies[finding.remedy].page, language))
    yield _(": {product}, {cause}").format(product=with_remark(finding.sku, finding.marketplace, _), cause=label(triage.catalogue.causes[finding.cause].page, language))
    worth = _("worth unknown") if finding.worth is None else money_text(finding.worth, _)
    due = _("no removal date") if finding.removal_due_on is None else _("Amazon removes it {day}").format(day=due_and_left(finding.removal_due_on, finding.removal_due_from, finding.days_left, _))
    yield tag("span", " · ".join((due, units_text(units_of(finding), _), worth)), class_="note")


def _groups(triage: Triage, language: str) -> Iterator[Html]:
    _ = translator(language)
    until = (triage.as_of + timedelta(days=glance.WEEK_DAYS)).isoformat()
    groups = [
        (_("Due by {day}").format(day=until), glance.due_this_week(triage.frame)),
        (_("One click cures"), glance.by_safety(triage.frame, "safe")),
        (_("Needs your consent"), glance.by_safety(triage.frame, "consent")),
        (_("By hand, with papers"), glance.by_safety(triage.frame, "by-hand")),
        (_("Nothing to do now"), glance.by_safety(triage.frame, "none")),
    ]
    for name, group in groups:
        if group.skus:
            remedies = (with_remark(label(triage.catalogue.remedies[remedy].page, language), f"{count:,}", _) for remedy, count in group.remedies)
            yield tag("div", tag("dt", name), tag("dd", tag("span", glance.group_text(group, _)), tag("span", listed(remedies, _), class_="note")))
    costs = glance.storage(triage.frame)
    if costs.skus:
        numbers = _("{amount} a day, {sum} so far").format(amount=worth_text(costs.a_day, _), sum=worth_text(costs.so_far, _))
        known = _("known for {count} of {all} SKUs").format(count=f"{costs.skus:,}", all=f"{triage.frame.height:,}")
        yield tag("div", tag("dt", _("Storage fees")), tag("dd", tag("span", numbers), tag("span", known, class_="note")))


def incidents(triage: Triage, language: str) -> Html:
    """Strandings that share a cause and a day, as a table; nothing when there are none."""
    if not triage.incidents:
        return Html("")
    _ = translator(language)
    headings = (_("Cause"), _("SKUs"), _("Units"), _("Worth"), _("Marketplace"), _("Began on"))
    rows = [_incident(incident, triage, language) for incident in triage.incidents[:_MOST_INCIDENTS]]
    largest = table(_("Strandings with one cause on one day"), headings, rows[:_OPEN_INCIDENTS], numbers=_NUMBERS)
    if len(triage.incidents) <= _OPEN_INCIDENTS:
        return largest
    rest = table(_("More strandings with one cause on one day"), headings, rows[_OPEN_INCIDENTS:], numbers=_NUMBERS)
    smaller = _("Smaller incidents: {shown} of {count}").format(shown=f"{len(rows) - _OPEN_INCIDENTS:,}", count=f"{len(triage.incidents) - _OPEN_INCIDENTS:,}")
    return joined([largest, tag("details", tag("summary", smaller), rest)])


def _incident(incident: Incident, triage: Triage, language: str) -> tuple[str, ...]:
    _ = translator(language)
    return (
        tag("a", label(triage.catalogue.causes[incident.cause].page, language), href=f"#{cause_anchor(incident.cause)}"),
        f"{incident.skus:,}",
        _("unknown") if incident.units is None else f"{incident.units:,}",
        worth_text(incident.worth, _) if incident.worth else _("unknown"),
        incident.marketplace or _("unknown"),
        incident.began_on.isoformat(),
    )
