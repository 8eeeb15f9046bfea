"""Files that are kept with a task: sent as a form with a file, and given back as they were."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import Field, WithJsonSchema

from refloat.api.callers import Request
from refloat.api.doors import download, write
from refloat.api.kinds import Asked, Number, Text
from refloat.api.problems import Problem
from refloat.api.tasks import Task, desk_of, own_task
from refloat.api.words import language_of, say
from refloat.app import served
from refloat.locale import translator
from refloat.wording.download import download_headers

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="The file's “sha256”, as the task names it.")]

#: What ``Text`` is in a form, which has no null: what is unknown is left out.
_A_TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\x00]*$"}


class Filed(Asked):
    """What the file is for."""

    paper: Annotated[Text | None, Field(description="The line of the task's checklist that it fulfils, by its “paper”."), WithJsonSchema(_A_TEXT)] = None


class WhichName(Asked):
    """Under which name, where the same bytes were sent under several."""

    name: Text | None = None


@write("/tasks/{task_id}/files", Task, say("Keep a file with a task"), tag="tasks", scope="plan")
def attach_file(request: Request, task_id: Number, file: Annotated[UploadedFile, File(description="The paper; 50 MiB at most.")], filed: Form[Filed]) -> Any:
    """As multipart/form-data; the same file twice is one. What a person sent is never shown as a page."""
    from refloat.app.policies import named
    from refloat.app.tasks import attach_content, fits, on_record, plain_name

    found = own_task(request, task_id, "operator")
    if not file.size:
        raise Problem("not-understood", errors=[{"pointer": "#/file", "detail": translator(language_of(request))(say("It is empty."))}])
    name = plain_name(file.name or "")
    fits(name, file.size)
    desk = desk_of(request, found.account)
    attach_content(desk, task_id, name, file.read(), filed.paper, named(request.auth.access.name))
    (task,) = on_record(desk, [desk.store.tasks.get(found.account, task_id)])
    return task.as_json()


@download("/tasks/{task_id}/files/{sha256}", say("A file that is kept with a task"), tag="tasks")
def get_file(request: Request, task_id: Number, sha256: Digest, which: Query[WhichName]) -> HttpResponse:
    """Its bytes, as they were sent."""
    kept = own_task(request, task_id, "viewer").row.attachment(sha256, which.name)
    if kept is None:
        raise Problem("not-there")
    return HttpResponse(served.store().tasks.content(kept), headers=download_headers(kept.name))
