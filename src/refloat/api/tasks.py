"""Tasks: what only a person can do in Seller Central, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query
from pydantic import ConfigDict, Field

from refloat.api.callers import Request
from refloat.api.doors import Made, read, write
from refloat.api.kinds import SIZE, Asked, At, Number, OfAccount, Place, Size, Text, Told, YesNo
from refloat.api.places_in import flag, moment, packed, unpacked, whole
from refloat.api.problems import Problem
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.store.page_rows import AskedTasks, PlacedTask, TaskCursor


class TaskInShort(Told):
    """A task as it stands on record."""

    id: int
    account: str
    stranding: int
    marketplace: str
    sku: str
    remedy: str
    opened_at: datetime
    follow_up_on: date
    ended_at: datetime | None
    result: Annotated[str | None, Field(description="won, refused, no-answer, done or overtaken; null: it is open.")]
    note: str


class Tasks(Told):
    """Open ones by the day on which to ask again; ended ones by their end."""

    items: list[TaskInShort]
    next: str | None
    before: str | None
    count: int


class Task(Told):
    """A task with its steps, links, checklist and text, in your language (refloat.tasks/1)."""

    model_config = ConfigDict(extra="allow")
    id: int
    account: str | None
    marketplace: str | None
    sku: str
    remedy: str
    label: str
    steps: list[str]
    result: str | None
    next: Annotated[str | None, Field(description="The remedy that follows the result.")]


class AskedTaskPage(Asked):
    """Which tasks."""

    account: list[Text] = Field(default_factory=list, max_length=100)
    marketplace: Place | None = None
    remedy: Text | None = None
    ended: YesNo = "false"
    q: Annotated[Text | None, Field(description="A part of the SKU.")] = None
    at: At | None = None
    size: Size = SIZE


class Result(Asked):
    """What came of it."""

    result: Literal["won", "refused", "no-answer", "done"]
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""


def _short(one: PlacedTask) -> dict[str, Any]:
    plain = ("id", "marketplace", "sku", "remedy", "opened_at", "follow_up_on", "ended_at", "result", "note")
    return {name: getattr(one.row, name) for name in plain} | {"account": one.account, "stranding": one.row.stranding_id}


@read("/tasks", Tasks, say("A page of tasks"), tag="tasks")
def list_tasks(request: Request, asked: Query[AskedTaskPage]) -> Any:
    """As they stand on record; nothing is matched for it."""
    ended = asked.ended == "true"
    begins = unpacked(asked.at, moment if ended else date.fromisoformat, whole, flag)
    question = AskedTasks(request.auth.of(asked.account), asked.marketplace, asked.remedy, ended, asked.q or "")
    return _page(question, TaskCursor(*begins) if begins else None, asked.size)


def _page(question: AskedTasks, begins: TaskCursor | None, size: int) -> dict[str, Any]:
    page = served.store().task_pages.page(question, begins, size)
    count, _ = served.store().task_pages.counts(question, served.clock().now().date())
    return {"items": [_short(one) for one in page.tasks], "next": packed(page.next), "before": packed(page.before), "count": count}


class TaskWanted(Asked):
    """What is to be done by hand, and for which stranding."""

    account: Text
    sku: Text
    marketplace: Annotated[Place | None, Field(description="Needed where the SKU is stranded in several.")] = None
    remedy: Annotated[Text, Field(description="A remedy by hand of the cause's page, such as contact-support.")]


@write("/tasks", Task, say("Open a task for another remedy by hand than the first"), tag="tasks", scope="plan", code=201)
def open_for(request: Request, body: TaskWanted) -> Any:
    """Such as Amazon's support, when a relisting shows nothing."""
    from refloat.app.policies import named
    from refloat.app.tasks import open_task

    request.auth.need_role("operator", body.account)
    opened = open_task(desk_of(request, body.account), body.sku, body.remedy, body.marketplace, by=named(request.auth.access.name))
    return Made(opened.as_json(), f"/api/v1/tasks/{opened.id}")


@write("/tasks/match", Tasks, say("Open what is called for by now, and end what nobody needs any more"), tag="tasks", scope="plan")
def match_tasks(request: Request, body: OfAccount) -> Any:
    """What works unattended does so at each look. The first page of what is open then is the answer."""
    from refloat.app.tasks import open_tasks

    request.auth.need_role("operator", body.account)
    open_tasks(desk_of(request, body.account))
    return _page(AskedTasks((body.account,)), None, SIZE)


def own_task(request: Request, task_id: int, role: str) -> PlacedTask:
    found = served.store().task_pages.one(task_id)
    # A page of one's own may have been taken away since, and its remedy with it.
    if found is None or found.row.remedy not in served.known().remedies:
        raise Problem("not-there")
    request.auth.need_role(role, found.account)
    return found


def desk_of(request: Request, account: str) -> Any:
    from refloat.app.policies import notes_on_record
    from refloat.app.tasks import Desk

    return Desk(served.store(), account, notes_on_record(served.store(), account)[0], language_of(request), served.clock(), served.config().pages)


@read("/tasks/{task_id}", Task, say("A task with steps, links, checklist and text"), tag="tasks")
def get_task(request: Request, task_id: Number) -> Any:
    """Open or ended."""
    from refloat.app.tasks import on_record

    found = own_task(request, task_id, "viewer")
    (task,) = on_record(desk_of(request, found.account), [found.row])
    return task.as_json()


@write("/tasks/{task_id}/result", Task, say("Enter what came of a task; that ends it"), tag="tasks", scope="plan")
def enter_result(request: Request, task_id: Number, body: Result) -> Any:
    """The next plan knows it: what Amazon granted is used, what it refused leads to the next remedy."""
    from refloat.app.policies import named
    from refloat.app.tasks import end_task

    found = own_task(request, task_id, "operator")
    return end_task(desk_of(request, found.account), task_id, body.result, body.note, by=named(request.auth.access.name)).as_json()
