"""The whole answer on one page that needs nothing else: to read, to print, to send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

from refloat.app import Triage
from refloat.insight.charts import charts
from refloat.knowledge.labels import label
from refloat.knowledge.messages import text_of
from refloat.locale import translator
from refloat.model.source import Source
from refloat.wording.labels import Say, listed, report_titles, standing_labels
from refloat.wording.markup import Html, joined, table, tag
from refloat.wording.triage.html_causes import causes
from refloat.wording.triage.html_glance import at_a_glance, incidents
from refloat.wording.triage.html_strandings import strandings
from refloat.wording.whole_file import whole_file

_STYLE = Path(__file__).with_name("page.css")
_MOST_WARNINGS = 200


def write_html(triage: Triage, path: Path, language: str) -> None:
    """One self-contained page: no script, no link to anything outside it.

    Raises:
        OSError: the file cannot be written; an older one is untouched.
    """
    with whole_file(path) as part:
        part.write_text(page(triage, language), encoding="utf-8")


def page(triage: Triage, language: str) -> Html:
    """The page as HTML."""
    _ = translator(language)
    title = _("Stranded inventory, as of {day}").format(day=triage.as_of.isoformat())
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Html(_STYLE.read_text(encoding="utf-8"))),
    )
    sections = [section for section in _sections(triage, language) if section[2]]
    links = tag("ul", *(tag("li", tag("a", heading, href=f"#{anchor}")) for anchor, heading, _content in sections))
    top = tag("header", tag("h1", _("Stranded inventory")), tag("p", _whose(triage, _), class_="whose"), tag("nav", links, aria_label=_("On this page")))
    main = tag("main", *(tag("section", tag("h2", heading), content, id=anchor) for anchor, heading, content in sections))
    return Html("<!DOCTYPE html>\n" + tag("html", head, tag("body", top, main), lang=language) + "\n")


def _whose(triage: Triage, _: Say) -> str:
    """Day, account, marketplaces."""
    accounts = dict.fromkeys(source.account for source in triage.sources if source.account)
    places = sorted({source.marketplace for source in triage.sources if source.marketplace})
    return " · ".join([_("As of {day}").format(day=triage.as_of.isoformat()), *accounts, *([listed(places, _)] if places else [])])


def _sections(triage: Triage, language: str) -> Iterator[tuple[str, str, Html]]:
    """(anchor, heading, content) in the order of the page; a section without content is left out."""
    _ = translator(language)
    yield "glance", _("At a glance"), at_a_glance(triage, language)
    yield "incidents", _("Incidents: fix one thing, not many"), incidents(triage, language)
    yield "charts", _("In pictures"), _pictures(triage, language)
    yield "strandings", _("Strandings"), strandings(triage, language)
    yield "causes", _("Causes, and what to do"), causes(triage, language)
    yield "warnings", _("Warnings"), _warnings(triage, language)
    yield "sources", _("Sources"), _sources(triage, language)
    yield "legend", _("How to read this page"), _legend(triage, _)


def _pictures(triage: Triage, language: str) -> Html:
    """Each chart with its table beside it."""

    def cause_label(name: str) -> str:
        return label(triage.catalogue.causes[name].page, language)

    figures = []
    for chart in charts(triage.frame, triage.as_of, translator(language), cause_label):
        numbers = frozenset(range(1, len(chart.headings)))
        drawing = tag("div", Html(chart.svg), class_="drawing")
        note = tag("p", chart.note, class_="quiet") if chart.note else ""
        figures.append(tag("figure", tag("figcaption", chart.title), tag("div", drawing, table(chart.title, chart.headings, chart.rows, numbers=numbers, class_="small"), class_="beside"), note))
    return joined(figures)


def _warnings(triage: Triage, language: str) -> Html:
    _ = translator(language)
    if not triage.warnings:
        return tag("p", _("None."))
    lines = tag("ul", *(tag("li", text_of(warning, language)) for warning in triage.warnings[:_MOST_WARNINGS]), class_="warnings")
    more = len(triage.warnings) - _MOST_WARNINGS
    return joined([lines, tag("p", _("And {count} more; --json lists them all.").format(count=f"{more:,}"))]) if more > 0 else lines


def _sources(triage: Triage, language: str) -> Html:
    _ = translator(language)
    titles = report_titles(language)
    headings = (_("File"), _("Report"), _("Marketplace"), _("Rows used"), _("Rows refused"), _("Shows the state of"), _("Whole"))
    rows = [_source(source, titles, _) for source in triage.sources]
    return table(_("The files that this page rests on"), headings, rows, numbers=frozenset({3, 4}))


def _source(source: Source, titles: dict[str, str], _: Say) -> tuple[str, ...]:
    unknown = _("unknown")
    return (
        PurePath(source.file).name or source.file,
        titles.get(source.report, unknown),
        source.marketplace or unknown,
        unknown if source.rows is None else f"{source.rows:,}",
        f"{source.refused_rows:,}",
        source.observed_at.strftime("%Y-%m-%d %H:%M UTC") if source.observed_at else unknown,
        unknown if source.rows is None else _("yes") if source.whole else _("no, cut or damaged"),
    )


def _legend(triage: Triage, _: Say) -> Html:
    """The words and signs of the page; of the standings only those that occur."""
    standings = standing_labels(_)
    occurring = [standings[name] for name in triage.frame["standing"].cast(str).unique().sort() if name in standings and name != "confirmed"]
    lines = [
        _("Stranded: units in Amazon's warehouses without an offer that anybody could buy. That is not the same as unfulfillable, suppressed or out of stock."),
        _("“Unknown” and “–” mean that no report tells. They never mean zero."),
        _("≈ and “estimate” mark a date that is ours; Amazon has not set one."),
        _("“No date” means that Amazon's removal clock does not run, or that nobody knows since when the units are stranded."),
        _("Worth = (fulfillable + reserved units) × price. A price that Amazon flags as wrong gives no worth."),
        _("Amounts of different currencies are never added. Units that several marketplaces share count once."),
        *occurring,
    ]
    return tag("ul", *(tag("li", line) for line in lines))
