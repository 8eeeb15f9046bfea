"""The reference of the API, made from its own description: as Markdown for the docs, and as a plain page without any script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from refloat.api.words import say
from refloat.locale import translator
from refloat.wording.markup import Html, escaped, joined, table, tag

_TITLE = say("The HTTP API")
_ABOUT = (
    say("What the pages show and do, for programs; secrets and people are changed at the pages alone. Every address begins with /api/v1; its description as OpenAPI is at /api/v1/openapi.json."),
    say("Send a token of your own in the header Authorization: Bearer rf_…; a session of the pages works too, and then needs the header X-CSRFToken for whatever changes something."),
    say("Whatever changes something carries an Idempotency-Key: the same key with the same request gets the same answer for 24 hours, and nothing is done twice. An error is not kept."),
    say("Money is text with its currency, days and moments are ISO 8601, null is unknown and never zero. Lists come in pages: follow “next”."),
    say("Texts are in the language of Accept-Language: English or Simplified Chinese."),
)
Row = tuple[str, ...]


def markdown(described: Mapping[str, Any], language: str) -> str:
    """The whole reference; names of fields and what they mean stay English."""
    _ = translator(language)
    other = "[简体中文](api.zh.md)" if language == "en" else "[English](api.md)"
    heads = (_(say("Code")), "HTTP", _(say("What happened")), _(say("What to do")))
    parts = [f"# {_(_TITLE)}", other, *(_(text) for text in _ABOUT), f"## {_(say('Problems'))}", _listed(heads, problems(described, language))]
    for title, operations in _groups(described, language):
        parts += [f"## {title}"]
        for one in operations:
            parts += [f"### `{one['method']} {one['path']}`", f"{one['summary']}." if language == "en" else f"{one['summary']}。", *([one["about"]] if language == "en" else [])]
            parts += [_listed((_(say("Parameter")), _(say("Kind")), _(say("Meaning"))), one["parameters"])] if one["parameters"] else []
            parts += [_(say("Sends {kind}.")).format(kind=one["sends"])] if one["sends"] else []
            parts += [_(say("Answers {code} with {kind}.")).format(code=one["code"], kind=one["answers"])]
    parts += [f"## {_(say('Kinds'))}"]
    for name, kind in sorted(described["components"]["schemas"].items()):
        rows = [(f"`{field}`", _kind(own), own.get("description", "")) for field, own in kind.get("properties", {}).items()]
        parts += [f"### {name}", *([kind["description"]] if language == "en" and "description" in kind else []), _listed((_(say("Field")), _(say("Kind")), _(say("Meaning"))), rows)]
    return "\n\n".join(parts) + "\n"


def page(described: Mapping[str, Any], language: str) -> Html:
    """The same in short as a page of its own: every problem, by the anchor that its type names, and every address."""
    _ = translator(language)
    codes = [tag("tr", tag("th", escaped(code), scope="row", id=code), *(tag("td", escaped(text)) for text in rest)) for code, *rest in problems(described, language)]
    heads = tag("tr", *(tag("th", escaped(text), scope="col") for text in (_(say("Code")), "HTTP", _(say("What happened")), _(say("What to do")))))
    body = [tag("h1", escaped(_(_TITLE))), *(tag("p", escaped(_(text))) for text in _ABOUT)]
    body += [tag("h2", escaped(_(say("Problems")))), tag("table", tag("thead", heads), tag("tbody", *codes))]
    for title, operations in _groups(described, language):
        rows = [(tag("code", escaped(f"{one['method']} {one['path']}")), escaped(one["summary"])) for one in operations]
        body += [tag("h2", escaped(title)), table(title, (_(say("Address")), _(say("What it does"))), rows)]
    head = tag("head", Html('<meta charset="utf-8">'), tag("title", escaped(f"{_(_TITLE)} · Refloat")), Html('<link rel="stylesheet" href="/static/refloat/console.css">'))
    return joined([Html("<!doctype html>\n"), tag("html", head, tag("body", tag("main", joined(body, "\n"), id="main")), lang=language)])


def problems(described: Mapping[str, Any], language: str) -> list[Row]:
    """Code, HTTP status, what happened, what to do."""
    _ = translator(language)
    return [(code, str(status), _(what), _(todo) if todo else _(say("As “todo” says."))) for code, (status, what, todo) in described["x-problems"].items()]


def _groups(described: Mapping[str, Any], language: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    _ = translator(language)
    for group in described["tags"]:
        own = [_operation(path, method, said, _) for path, methods in described["paths"].items() for method, said in methods.items() if group["name"] in said["tags"]]
        title = group["description"]
        yield _(title), own


def _operation(path: str, method: str, said: Mapping[str, Any], _: Any) -> dict[str, Any]:
    code, summary = min(said["responses"]), said["summary"]
    form = said.get("requestBody", {}).get("content", {}).get("multipart/form-data", {}).get("schema", {})
    sends = {} if form else _schema(said.get("requestBody", {}))
    taken = [(name, one.get("schema", one), one.get("description", "")) for name, one in [*((one["name"], one) for one in said.get("parameters", ())), *form.get("properties", {}).items()]]
    return {
        "method": method.upper(), "path": path, "summary": _(summary), "about": said.get("description", ""), "code": code,
        "parameters": [(f"`{name}`", _kind(schema), about or schema.get("description", "")) for name, schema, about in taken],
        "sends": _kind(sends) if sends else "", "answers": _kind(_schema(said["responses"][code])),
    }  # fmt: skip


def _schema(of: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a request or an answer carries; each has one kind of content at most."""
    return next((content["schema"] for content in of.get("content", {}).values()), {})


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value may be, in few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{one}`" for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")


def _listed(heads: Row, rows: Sequence[Row]) -> str:
    clean = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return "\n".join([f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(row)} |" for row in clean)])
