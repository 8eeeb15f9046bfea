"""What the framework's description of the API lacks: the errors of every address, what they look like, and the groups."""

from __future__ import annotations

from typing import Any

from refloat.api.kinds import TAGS, Problem
from refloat.api.problems import CONTENT_TYPE, KINDS

_ABOUT = (
    "What Refloat's pages show and do, for programs; secrets and people are changed at the pages alone. Errors are problem+json with what, why, what to do. "
    "Money is text with its currency; days and moments are ISO; null is unknown, never zero."
)
#: Errors of every address, and of those that change something.
_ALWAYS, _OF_WRITES = (400, 401, 403, 404, 409, 422, 429, 500, 503), (413, 502)
_RETRY = {"Retry-After": {"description": "Seconds after which it is worth asking again.", "required": False, "schema": {"type": "string"}}}


def completed(made: Any) -> Any:
    """The description with all of that."""
    made["info"]["description"] = _ABOUT
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    made["x-problems"] = {code: [status, what, todo] for code, (status, what, _, todo) in KINDS.items()}
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for methods in made["paths"].values():
        for method, operation in methods.items():
            writes = method != "get"
            codes = sorted({*_ALWAYS, *(_OF_WRITES if writes else ())})
            operation["responses"] = {str(code): answer for code, answer in operation["responses"].items()} | {str(code): _problem(code) for code in codes}
            if writes:
                _of_write(operation)
    return made


def _problem(code: int) -> dict[str, Any]:
    known = [name for name, parts in KINDS.items() if parts[0] == code]
    answer: dict[str, Any] = {"description": " · ".join(known) or "refused", "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return answer | ({"headers": _RETRY} if code in {409, 429} else {})


def _of_write(operation: dict[str, Any]) -> None:
    """What was made has an address; a form takes nothing unknown, which the framework does not say of it."""
    form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
    if form is not None:
        form["schema"]["additionalProperties"] = False
    for code, answer in operation["responses"].items():
        if code in {"201", "202"}:
            answer["headers"] = {"Location": {"description": "The address of what was made, or of how far it is.", "required": True, "schema": {"type": "string"}}}
