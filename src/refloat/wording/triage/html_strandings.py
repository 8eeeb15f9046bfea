"""The table of strandings: one row a finding, a card each on a phone."""

from __future__ import annotations

from collections.abc import Iterator

from refloat.app import Triage
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.loop.findings import findings
from refloat.model.finding import Automatic, Finding
from refloat.wording.labels import ESTIMATES, Say, automatic_labels, due_text, evidence_text, left_text, missed_labels, money_text, safety_labels, source_labels, standing_labels, units_of
from refloat.wording.markup import Html, joined, tag
from refloat.wording.triage.html_causes import cause_anchor

#: A browser shows so many rows without trouble; the spreadsheet has the rest.
MOST_ROWS = 2_000
#: Elements lose their table meaning when a phone shows them as blocks; these give it back.
_CELL, _ROW = "cell", "row"
#: Columns set right: units, worth.
_NUMBERS = (3, 4)


def strandings(triage: Triage, language: str) -> Html:
    """What is shown of the strandings, the most urgent first unless asked otherwise."""
    _ = translator(language)
    if not triage.shown.height:
        return Html("") if not triage.frame.height else tag("p", _("No stranding is as the filters ask."))
    columns = [_("Deadline"), _("Product"), _("Marketplace"), _("Units"), _("Worth"), _("Cause, and why"), _("What to do")]
    head = tag("tr", *(tag("th", name, scope="col", role="columnheader", class_="number" if at in _NUMBERS else None) for at, name in enumerate(columns)), role=_ROW)
    rows = _Rows(triage, language, columns)
    body = tag("tbody", *(rows.row(finding) for finding in findings(triage.shown.head(MOST_ROWS), triage.catalogue, language)), role="rowgroup")
    caption = tag("caption", _("What is stranded, why, and what to do"))
    return joined([*_what_is_left_out(triage, _), tag("table", caption, tag("thead", head, role="rowgroup"), body, class_="strandings", role="table")])


def _what_is_left_out(triage: Triage, _: Say) -> Iterator[Html]:
    if triage.shown.height < triage.frame.height:
        yield tag("p", _("As asked, {shown} of {all} SKUs are shown; the numbers above count all.").format(shown=f"{triage.shown.height:,}", all=f"{triage.frame.height:,}"))
    if triage.shown.height > MOST_ROWS:
        yield tag("p", _("Here are the first {limit} of {shown} rows; --csv and --xlsx have them all.").format(limit=f"{MOST_ROWS:,}", shown=f"{triage.shown.height:,}"))


class _Rows:
    """Rows of the table, with the words looked up once."""

    def __init__(self, triage: Triage, language: str, columns: list[str]) -> None:
        self.catalogue, self.language, self.columns, self._ = triage.catalogue, language, columns, translator(language)
        self.safety, self.standing, self.automatic = safety_labels(self._), standing_labels(self._), automatic_labels(self._)
        self.sources, self.missed, self.as_of = source_labels(language, self._), missed_labels(self._), triage.as_of

    def row(self, finding: Finding) -> Html:
        cells = (self._deadline, self._product, self._place, self._units, self._worth, self._cause, self._remedy)
        written = []
        for at, (name, cell) in enumerate(zip(self.columns, cells, strict=True)):
            number, heading = "number" if at in _NUMBERS else None, cell == self._product
            written.append(tag("th" if heading else "td", *cell(finding), scope=_ROW if heading else None, role="rowheader" if heading else _CELL, data_label=name, class_=number))
        return tag("tr", *written, role=_ROW)

    def _deadline(self, finding: Finding) -> Iterator[str]:
        _ = self._
        yield tag("span", due_text(finding.removal_due_on, finding.removal_due_from, _), class_="line")
        if finding.days_left is not None:
            yield tag("span", left_text(finding.days_left, _), class_="line late" if finding.days_left < 0 else "line note")
        if finding.removal_due_latest_on is not None:
            yield tag("span", _("at the latest {day}").format(day=finding.removal_due_latest_on.isoformat()), class_="line note")

    def _product(self, finding: Finding) -> Iterator[str]:
        yield tag("span", finding.sku, class_="line sku")
        yield tag("span", finding.title or "–", class_="line", dir="auto")
        yield tag("span", f"{finding.asin or '–'} · {finding.fnsku or '–'}", class_="line note")

    def _place(self, finding: Finding) -> Iterator[str]:
        yield finding.marketplace or self._("unknown")

    def _units(self, finding: Finding) -> Iterator[str]:
        units = units_of(finding)
        yield self._("unknown") if units is None else f"{units:,}"

    def _worth(self, finding: Finding) -> Iterator[str]:
        worth = finding.worth
        yield tag("span", self._("unknown") if worth is None else f"{worth.rounded():,}", class_="line")
        if worth is not None:
            yield tag("span", worth.currency or self._("currency unknown"), class_="line note")
        if finding.cost_per_day is not None:
            yield tag("span", self._("storage {amount} a day").format(amount=money_text(finding.cost_per_day, self._)), class_="line note")
        if not finding.counted:
            yield tag("span", self._("shared stock, counted elsewhere"), class_="line note")

    def _cause(self, finding: Finding) -> Iterator[str]:
        yield tag("a", label(self.catalogue.causes[finding.cause].page, self.language), href=f"#{cause_anchor(finding.cause)}", class_="line")
        yield tag("span", finding.why, class_="line")
        if finding.standing != "confirmed":
            yield tag("span", self.standing.get(finding.standing, finding.standing), class_="line standing")
        if finding.evidence:
            pieces = (tag("li", evidence_text(piece, self.sources, self._)) for piece in finding.evidence)
            yield tag("details", tag("summary", self._("Evidence")), tag("ul", *pieces))

    def _remedy(self, finding: Finding) -> Iterator[str]:
        _ = self._
        yield tag("strong", label(self.catalogue.remedies[finding.remedy].page, self.language), class_="line")
        yield tag("span", self.safety.get(finding.safety, finding.safety), class_="line")
        if finding.recommended_said and finding.recommended != finding.remedy:
            yield tag("span", _("Amazon recommends: {said}").format(said=finding.recommended_said), class_="line note")
        for step in finding.amazon_will:
            if step.do != "remove":
                yield tag("span", self._amazon(step), class_="line note")

    def _amazon(self, step: Automatic) -> str:
        _ = self._
        day = _("an unknown day") if step.on is None else due_text(step.on, ESTIMATES[0] if step.estimated else None, _)
        late = step.on is not None and step.on < self.as_of
        return (self.missed if late else self.automatic)[step.do].format(day=day)
