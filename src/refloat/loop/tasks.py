"""From a finding to a task: the steps, the links, the days to look into, the checklist, and the text. Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from urllib.parse import quote

from refloat.knowledge import drafts
from refloat.knowledge.by_hand import ByHand, Paper, by_hand
from refloat.knowledge.catalogue import UNEXPLAINED, Catalogue, Cause, Remedy, translated
from refloat.knowledge.messages import writer
from refloat.knowledge.page import Page
from refloat.knowledge.tables import marketplaces, table
from refloat.loop.choosing import STOP_WRITER
from refloat.model.finding import Finding
from refloat.model.notes import Entered, Notes
from refloat.model.task import Attachment, Checked, Link, OnFile, Subject, Task, Term, Tried, Window

#: The heading of the steps on a remedy's page, by language.
_STEPS = {"en": "In Seller Central", "zh-Hans": "在卖家平台中"}
#: Amazon's own dates, and the one that the seller read in Amazon's e-mail; the others are estimates of ours.
_AMAZONS_DATES = ("report", "notice")
#: A listing is deleted after its units are gone, never after a success by hand (the page delete-listing).
_AFTER_REMOVAL = "delete-listing"
_SATURDAY, _WEEK = 5, 7


def subject_of_finding(finding: Finding, notes: Notes, seen_on: date) -> Subject:
    """What a task needs to know of a finding; ``seen_on``: the day on which the stranding was first seen."""
    restriction = notes.restrictions.get(finding.sku)
    return Subject(
        marketplace=finding.marketplace,
        sku=finding.sku,
        cause=finding.cause,
        asin=finding.asin,
        fnsku=finding.fnsku,
        title=finding.title,
        condition=finding.condition,
        units=None if finding.units_fulfillable is None else finding.units_fulfillable + (finding.units_reserved or 0),
        said=finding.said,
        error_message=finding.error_message,
        stranded_on=finding.stranded_on,
        seen_on=seen_on,
        removal_due_on=finding.removal_due_on if finding.removal_due_from in _AMAZONS_DATES else None,
        notice_on=notes.removal_notices.get(finding.sku),
        brand=restriction.brand if restriction else None,
    )


def called_for(finding: Finding, catalogue: Catalogue, ended: Mapping[str, str]) -> str | None:
    """The remedy that a person should do now; None where it is nobody's turn, or the program's.

    ``ended``: remedy → result of what was done by hand already; what follows it may be by hand again.
    """
    if finding.safety != "by-hand" or finding.standing in {"clearing", "cleared"}:
        return None
    due = due_after(finding.remedy, catalogue.causes[finding.cause], catalogue, ended)
    by_person = due is not None and due not in ended and catalogue.remedies[due].safety == "by-hand"
    return due if by_person else None


def due_after(remedy: str, cause: Cause, catalogue: Catalogue, ended: Mapping[str, str]) -> str | None:
    """What comes next once what a person did is taken into account: after a success what follows it, after a refusal the next one.

    None: the person is done, and it is Amazon's turn.
    """
    due: str | None = remedy
    left = dict(ended)
    while due is not None and due in left:
        due = followed_by(cause, catalogue.remedies[due], left.pop(due))
    return due


def followed_by(cause: Cause, remedy: Remedy, result: str) -> str | None:
    """What follows: after a success what the cause's page names for it, else the next remedy of the page.

    Where Amazon decides, “done” says only that the person is done with it: nothing was granted, so nothing follows.
    """
    if remedy.name == STOP_WRITER:
        # Nothing more stands in the way of what the page names first.
        return cause.remedies[0] if result in {"won", "done"} else None
    if result == "won" or (result == "done" and not by_hand(remedy.page).decided):
        return next((name for name in cause.after if name not in {remedy.name, _AFTER_REMOVAL}), None)
    if result in {"refused", "no-answer"}:
        later = cause.remedies[cause.remedies.index(remedy.name) + 1 :] if remedy.name in cause.remedies else ()
        return next((name for name in later if name != _AFTER_REMOVAL), None)
    return None


def follow_up_on(cause: Cause, opened_on: date, removal_due_on: date | None = None) -> date:
    """The day on which to ask again: the page's wait, on a working day, and never later than Amazon's removal that is still to come."""
    days = -(-cause.waits.get("escalate_hours", 72) // 24)
    day = opened_on + timedelta(days=days)
    day += timedelta(days=_WEEK - day.weekday() if day.weekday() >= _SATURDAY else 0)
    return min(day, removal_due_on) if removal_due_on and removal_due_on >= opened_on else day


def task_of(
    subject: Subject, remedy: str, catalogue: Catalogue, *, id: int, account: str | None, term: Term, today: date,
    notes: Notes | None = None, tried: Sequence[Tried] = (), attachments: Sequence[Attachment] = (), language: str = "en",
) -> Task:  # fmt: skip
    """The task, in the reader's language."""
    # A page of the user's own that is gone must not hide the task.
    cause, known = catalogue.causes.get(subject.cause, catalogue.causes[UNEXPLAINED]), catalogue.remedies[remedy]
    given, page = by_hand(known.page, language), translated(known.page, language)
    template = given.template_for(cause.name)
    facts = _facts(subject, language, [_said(one, catalogue, language) for one in tried], [one.name for one in attachments])
    return Task(
        id=id,
        account=account,
        subject=subject,
        remedy=remedy,
        label=_label(page),
        cause_label=_label(translated(cause.page, language)),
        language=language,
        term=term,
        today=today,
        steps=tuple(_steps(page, language)),
        links=tuple(_links(given, subject, language)),
        window=_window(subject, cause),
        checklist=tuple(_checked(paper, subject.sku, notes or Notes(), attachments, today) for paper in given.papers_for(cause.name)),
        draft=None if template is None else drafts.drafted(template, facts),
        attachments=tuple(attachments),
        next=followed_by(cause, known, term.result) if term.result else None,
    )


def _label(page: Page) -> str:
    return str(page.front.get("label") or page.title)


def _steps(page: Page, language: str) -> Iterator[str]:
    """The page's steps, a line each, without the marks of Markdown."""
    steps = page.sections.get(_STEPS[language]) or page.sections.get(_STEPS["en"], "")
    return (line.replace("**", "").replace("*", "").replace("`", "") for line in steps.splitlines() if line.strip())


def _links(given: ByHand, subject: Subject, language: str) -> Iterator[Link]:
    """Amazon's pages on the marketplace's own host; none where the marketplace is unknown."""
    place = marketplaces().get(subject.marketplace or "")
    for name in given.links if place else ():
        page = table("tasks")["pages"][name]
        path, certain = page["path"], page["certain"]
        if "{asin}" in path and not subject.asin:
            path, certain = "/", False
        url = f"https://{place.seller_central if place else ''}{path.replace('{asin}', quote(subject.asin or '', safe=''))}"
        yield Link(page["zh" if language == "zh-Hans" else "en"], url, certain)


def _window(subject: Subject, cause: Cause) -> Window | None:
    middle = subject.stranded_on or subject.seen_on
    if middle is None:
        return None
    days = timedelta(days=cause.waits.get("notice_days", _WEEK))
    return Window(middle - days, middle + days, "stranded" if subject.stranded_on else "seen")


def _checked(paper: Paper, sku: str, notes: Notes, attachments: Sequence[Attachment], today: date) -> Checked:
    """Whether a paper is there. Without a complete register, what is not in it is unknown, not missing."""
    if any(one.paper == paper.name for one in attachments):
        return Checked(paper.name, paper.text, "attached")
    found = [one for one in notes.register.get(sku, ()) if paper.is_kind(one.kind)]
    if not found:
        return Checked(paper.name, paper.text, "missing" if notes.documents_kept else "unknown")
    newest = max(found, key=lambda one: one.on or date.min)
    return Checked(paper.name, paper.text, _on_file(newest, paper, today), newest.on)


def _on_file(found: Entered, paper: Paper, today: date) -> OnFile:
    too_old = paper.days is not None and found.on is not None and (today - found.on).days > paper.days
    return "too-old" if too_old else "on-file"


def _facts(subject: Subject, language: str, tried: Sequence[str], attached: Sequence[str]) -> drafts.Facts:
    place = marketplaces().get(subject.marketplace or "")
    days = {name: None if (day := getattr(subject, name)) is None else day.isoformat() for name in ("stranded_on", "notice_on", "removal_due_on")}
    texts = {name: getattr(subject, name) for name in ("sku", "asin", "fnsku", "title", "condition", "said", "error_message", "brand")}
    units = None if subject.units is None else str(subject.units)
    return {**texts, **days, "units": units, "site": place.site if place else None, "writer": writer(subject.writer, language) if subject.writer else None, "tried": tried, "attached": attached}


def _said(tried: Tried, catalogue: Catalogue, language: str) -> str:
    """One thing that was done, as a text for Amazon says it."""
    short = "zh" if language == "zh-Hans" else "en"
    words = table("tasks")
    known = catalogue.remedies.get(tried.remedy)
    remedy = _label(translated(known.page, language)) if known else tried.remedy
    if tried.result is not None:
        return str(words["tried"]["ended"][short]).format(on=tried.on.isoformat(), remedy=remedy, result=words["results"][tried.result][short])
    form = words["tried"]["sent-with-id" if tried.request_id else "sent"][short]
    return str(form).format(on=tried.on.isoformat(), remedy=remedy, request_id=tried.request_id)
