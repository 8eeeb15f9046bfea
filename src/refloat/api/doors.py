"""How an address of the API is made: who may ask, what for, and that nothing unknown is passed over in silence."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, get_type_hints

from django.http import HttpResponse
from ninja import Header, Router
from ninja.constants import NOT_SET
from ninja.files import UploadedFile
from pydantic import BaseModel, Field, TypeAdapter

from refloat.api.callers import Request
from refloat.api.once import once
from refloat.api.problems import Problem
from refloat.api.words import language_of, say
from refloat.locale import translator
from refloat.wording.download import DOWNLOAD_TYPE

View = Callable[..., Any]
router = Router()
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{8,128}$", description="A word of your own for this request, such as a UUID; with the same key nothing is done twice.")]


@dataclass(frozen=True)
class Made:
    """An answer that names an address: of what was made, or of how far it is."""

    body: Any
    location: str


def read(path: str, kind: Any, summary: str, *, tag: str, **more: Any) -> Callable[[View], View]:
    """An address that shows something; needs the scope ``read``. ``more``: for its description."""

    def of(view: View) -> View:
        lists, singles = _parameters(view)

        @wraps(view)
        def guarded(request: Request, **values: Any) -> Any:
            _nothing_unknown(request, lists, singles)
            request.auth.need("read")
            return view(request, **values)

        guarded.__signature__ = _typed(view)  # type: ignore[attr-defined]
        return router.get(path, response=kind, summary=summary, description=view.__doc__, tags=[tag], operation_id=view.__name__, **more)(guarded)

    return of


def download(path: str, summary: str, *, tag: str) -> Callable[[View], View]:
    """An address that gives a file; needs the scope ``read``."""
    content = {DOWNLOAD_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    return read(path, NOT_SET, summary, tag=tag, openapi_extra={"responses": {200: {"description": "The file", "content": content}}})


def write(path: str, kind: Any, summary: str, *, tag: str, scope: str, code: int = 200) -> Callable[[View], View]:
    """An address that changes something, once for each Idempotency-Key."""

    def of(view: View) -> View:
        worded, sends = TypeAdapter(kind), _sends(view)

        @wraps(view)
        def guarded(request: Request, idempotency_key: str, **values: Any) -> HttpResponse:
            _nothing_unknown(request, set(), set())
            _nothing_strange(request, *sends)
            request.auth.need(scope)
            return once(request, idempotency_key, lambda: _answer(view(request, **values), worded, code))

        guarded.__signature__ = _typed(view, inspect.Parameter("idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=Key))  # type: ignore[attr-defined]
        return router.post(path, response={code: kind}, summary=summary, description=view.__doc__, tags=[tag], operation_id=view.__name__)(guarded)

    return of


def _answer(made: Any, worded: TypeAdapter[Any], code: int) -> HttpResponse:
    body, location = (made.body, made.location) if isinstance(made, Made) else (made, "")
    text = worded.dump_json(worded.validate_python(body))
    return HttpResponse(text, status=code, content_type="application/json; charset=utf-8", headers={"Location": location} if location else {})


def _typed(view: View, *more: inspect.Parameter) -> inspect.Signature:
    """The signature with its annotations resolved where they were written."""
    hints = get_type_hints(view, include_extras=True)
    own = [one.replace(annotation=hints[name]) for name, one in inspect.signature(view).parameters.items()]
    return inspect.Signature([*own, *more])


def _parameters(view: View) -> tuple[set[str], set[str]]:
    """(parameters that may come more than once, others) of the address."""
    hints = get_type_hints(view)
    fields = [(one.alias or name, one) for kind in hints.values() if inspect.isclass(kind) and issubclass(kind, BaseModel) for name, one in kind.model_fields.items()]
    lists = {name for name, one in fields if "list[" in str(one.annotation)}
    return lists, {name for name, _ in fields} - lists


def _nothing_unknown(request: Request, lists: set[str], singles: set[str]) -> None:
    strange = [name for name in request.GET if name not in lists | singles]
    double = [name for name in singles if len(request.GET.getlist(name)) > 1]
    if strange or double:
        words = translator(language_of(request))
        told = [{"parameter": name, "detail": words(say("It is unknown here."))} for name in strange]
        told += [{"parameter": name, "detail": words(say("It stands there more than once."))} for name in double]
        raise Problem("not-understood", errors=told)


def _sends(view: View) -> tuple[bool, set[str], set[str]]:
    """(whether the address takes anything, the fields of its form, the files of its form); one that takes files takes no JSON."""
    hints = get_type_hints(view)
    files = {name for name, kind in hints.items() if kind is UploadedFile}
    lists, singles = _parameters(view)
    return bool(files or lists or singles), (lists | singles) if files else set(), files


def _nothing_strange(request: Request, takes: bool, fields: set[str], files: set[str]) -> None:
    """Of what comes in a body; what is unknown in JSON its kind refuses itself."""
    pointers = dict[str, Any]()
    if not takes and request.body.strip() not in {b"", b"{}", b"null"}:
        pointers["#"] = say("It is unknown here.")
    for sent, known in ((request.POST, fields), (request.FILES, files)):
        for name in sent:
            if name not in known:
                pointers[_pointer(name)] = say("It is unknown here.")
            elif len(sent.getlist(name)) > 1:
                pointers[_pointer(name)] = say("It stands there more than once.")
    if pointers:
        words = translator(language_of(request))
        raise Problem("not-understood", errors=[{"pointer": pointer, "detail": words(text)} for pointer, text in pointers.items()])


def _pointer(name: str) -> str:
    return f"#/{name.replace('~', '~0').replace('/', '~1')}"


def described(text: str, **more: Any) -> Any:
    """A field of a body, with what it means."""
    return Field(description=text, **more)
