"""Tasks: what only a person can do in Seller Central, over all accounts that the reader sees."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from refloat.app import tasks as work
from refloat.app.policies import notes_on_record
from refloat.app.tasks import Desk
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import of_error, refused
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.console.task_words import TaskWords
from refloat.errors import TooLarge
from refloat.model.task import ENTERED, Task
from refloat.store.page_rows import AskedTasks, PlacedTask, TaskCursor
from refloat.wording.download import download_headers

PAGE = 50
_NOTE_MOST = 4000


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """Open tasks, those to follow up first; ended ones where they are asked for."""
    store, given = desk.store(), request.GET
    seen, chosen = request.access.accounts(), given.get("account") or ""
    accounts = seen if not chosen else tuple(name for name in (chosen,) if seen is None or name in seen)
    asked = AskedTasks(accounts, ended=given.get("ended") == "yes", text=(given.get("q") or "").strip()[:200].replace("\0", ""))
    found = store.task_pages.page(asked, _cursor(given.get("at"), ended=asked.ended), PAGE)
    count, late = store.task_pages.counts(asked, desk.clock().now().date())
    words = TaskWords(Wording(desk.known(), request.language, desk.clock().now().date()))
    names = [row.name for row in store.accounts.list() if seen is None or row.name in seen]
    told = {
        "tasks": [words.line(one) for one in _read(found.tasks, request.language)],
        "count": count,
        "late": late,
        "asked": asked,
        "accounts": names,
        "chosen": chosen,
        "operated": [name for name in names if request.access.may("operator", name)],
        "next": _address(asked, chosen, found.next),
        "before": _address(asked, chosen, found.before),
    }
    return shown(request, "console/tasks.html", told)


def _read(placed: tuple[PlacedTask, ...], language: str) -> list[Task]:
    """In their order; the tasks of one account are read together."""
    known, own = desk.known().remedies, dict[str, list[PlacedTask]]()
    for one in placed:
        if one.row.remedy in known:
            own.setdefault(one.account, []).append(one)
    found = {task.id: task for account, some in own.items() for task in work.on_record(_desk(account, language), [one.row for one in some])}
    return [found[one.row.id] for one in placed if one.row.id in found]


def _desk(account: str, language: str) -> Desk:
    store = desk.store()
    return Desk(store, account, notes_on_record(store, account)[0], language, desk.clock(), desk.config().pages)


def _address(asked: AskedTasks, account: str, cursor: TaskCursor | None) -> str | None:
    if cursor is None:
        return None
    at = base64.urlsafe_b64encode(json.dumps([cursor.value.isoformat(), cursor.id, cursor.back]).encode()).decode().rstrip("=")
    return urlencode({name: value for name, value in (("account", account), ("ended", "yes" if asked.ended else ""), ("q", asked.text), ("at", at)) if value})


def _cursor(text: str | None, *, ended: bool) -> TaskCursor | None:
    """What is not understood is the first page."""
    with suppress(ValueError, TypeError, RecursionError):
        value, number, back = json.loads(base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)))
        on: Any = datetime.fromisoformat(value).replace(tzinfo=UTC) if ended else date.fromisoformat(value)
        if isinstance(number, int) and abs(number) < 2**63:
            return TaskCursor(on, number, bool(back))
    return None


def _seen(request: Request, number: int) -> PlacedTask:
    found = desk.store().task_pages.one(number)
    if found is None or not request.access.may("viewer", found.account) or found.row.remedy not in desk.known().remedies:
        raise Http404
    return found


@page("viewer")
def one(request: Request, number: int) -> HttpResponse:
    """A task with steps, checklist, text in both languages, files."""
    return _shown(request, _seen(request, number))


def _shown(request: Request, placed: PlacedTask, fault: Any = None, typed: Any = None, code: int = 200) -> HttpResponse:
    (task,) = work.on_record(_desk(placed.account, request.language), [placed.row])
    other = "en" if request.language == "zh-Hans" else "zh-Hans"
    (elsewhere,) = work.on_record(_desk(placed.account, other), [placed.row])
    words = TaskWords(Wording(desk.known(), request.language, desk.clock().now().date()))
    told = {
        "task": words.whole(task),
        "other": {"language": other, "draft": elsewhere.draft.text if elsewhere.draft else ""},
        "stranding": placed.row.stranding_id,
        "may": request.access.may("operator", placed.account),
        "fault": fault,
        "typed": {"result": "", "note": ""} | (typed or {}),
    }
    return shown(request, "console/task.html", told, code=code)


def _mine(request: Request, number: int) -> PlacedTask | HttpResponse:
    placed = _seen(request, number)
    return placed if request.access.may("operator", placed.account) else refused(request, "operator")


@require_POST
@page("operator")
def end(request: Request, number: int) -> HttpResponse:
    """Take over what a person did, and what came of it."""
    placed = _mine(request, number)
    if isinstance(placed, HttpResponse):
        return placed
    result, note = request.POST.get("result") or "", (request.POST.get("note") or "").strip()
    say = Wording(desk.known(), request.language, desk.clock().now().date())._
    if result not in ENTERED:
        return _shown(request, placed, {"field": "result", "text": say("Choose what came of it.")}, {"note": note}, code=422)
    if len(note) > _NOTE_MOST:
        return _shown(request, placed, {"field": "note", "text": say("The remark is longer than {count} letters.").format(count=_NOTE_MOST)}, {"note": note, "result": result}, code=422)
    work.end_task(_desk(placed.account, request.language), number, result, note, by=request.access.name)
    return redirect("task", number)


@require_POST
@page("operator")
def attach(request: Request, number: int) -> HttpResponse:
    """Keep a file with the task."""
    placed = _mine(request, number)
    if isinstance(placed, HttpResponse):
        return placed
    file = request.FILES.get("file")
    say = Wording(desk.known(), request.language, desk.clock().now().date())._
    if file is None or not file.name or not file.size:
        return _shown(request, placed, {"field": "file", "text": say("Choose a file that is not empty.")}, code=422)
    try:
        name = work.plain_name(file.name)
        work.fits(name, file.size)
        work.attach_content(_desk(placed.account, request.language), number, name, file.read(), request.POST.get("paper") or None, request.access.name)
    except TooLarge as error:
        return of_error(request, error, code=413)
    return redirect("task", number)


@page("viewer")
def attachment(request: Request, number: int, sha256: str) -> HttpResponse:
    """The file as a download; a browser never opens it as a page of ours, whatever it is."""
    placed = _seen(request, number)
    kept = placed.row.attachment(sha256, request.GET.get("name"))
    if kept is None:
        raise Http404
    return HttpResponse(desk.store().tasks.content(kept), headers=download_headers(kept.name))


@require_POST
@page("operator")
def match(request: Request) -> HttpResponse:
    """Open what is called for by now, and end what nobody needs any more, for one account; what works unattended does so at each look."""
    account = request.POST.get("account") or ""
    if not request.access.may("operator", account):
        return refused(request, "operator")
    work.open_tasks(_desk(account, request.language))
    return redirect(f"{request.path.removesuffix('match/')}?{urlencode({'account': account})}")
