"""A plan on one page that needs nothing else: to read, to print, to have approved."""

from __future__ import annotations

from pathlib import Path

from refloat.knowledge.catalogue import Catalogue
from refloat.locale import translator
from refloat.model.plan import Action, Plan
from refloat.wording import plans as texts
from refloat.wording import triage
from refloat.wording.markup import Html, joined, table, tag
from refloat.wording.whole_file import whole_file

#: SKUs of one reason that the page names.
_MOST_SKUS = 200
_STYLE = Path(triage.__file__).with_name("page.css")


def write_html(plan: Plan, catalogue: Catalogue, path: Path, language: str) -> None:
    """One self-contained page with every action.

    Raises:
        OSError: the file cannot be written; an older one is untouched.
    """
    with whole_file(path) as part:
        part.write_text(page(plan, catalogue, language), encoding="utf-8")


def page(plan: Plan, catalogue: Catalogue, language: str) -> Html:
    """The page as HTML."""
    _ = translator(language)
    title = texts.title(plan, _)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    sections = [tag("section", tag("h2", _("Actions")), joined([_action(action, catalogue, language) for action in plan.actions]) if plan.actions else tag("p", texts.next_text(plan, _)))]
    if plan.left_alone:
        sections.append(tag("section", tag("h2", _("Left alone")), tag("ul", *(tag("li", text) for text in texts.left_alone(plan, catalogue, language, most=_MOST_SKUS)), class_="warnings")))
    if plan.roads:
        sections.append(tag("section", tag("h2", _("The road")), tag("ul", *(tag("li", texts.road_text(road, _)) for road in plan.roads), class_="warnings")))
    if plan.actions:
        sections.append(tag("section", tag("h2", _("Approval")), tag("p", texts.next_text(plan, _)), tag("p", _("Fingerprint"), " ", tag("code", plan.fingerprint), class_="quiet")))
    top = tag("header", tag("h1", title), *(tag("p", text, class_="whose") for text in (texts.good_text(plan, _), *texts.contents(plan, _))))
    return Html("<!DOCTYPE html>\n" + tag("html", head, tag("body", top, tag("main", *sections)), lang=language) + "\n")


def _action(action: Action, catalogue: Catalogue, language: str) -> Html:
    _ = translator(language)
    rows = [(texts.field_label(field.name, _), texts.value_label(field.before, _), texts.value_label(field.after, _)) for field in action.fields]
    fields = table(_("What changes"), (_("Field"), _("Now"), _("New")), rows, class_="fields") if rows else ""
    words = tag("ul", *(tag("li", text) for text in texts.remarks(action, catalogue, _, language)))
    about = " · ".join(part for part in (action.id, action.asin, action.title) if part)
    heading = tag("h3", f"{action.sku} · {texts.what(action, catalogue, _, language)}")
    return tag("article", heading, tag("p", texts.summary(action, _)), tag("p", about, class_="quiet"), fields, words)
