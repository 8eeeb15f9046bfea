"""What a person needs to work a stranding through, column by column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.labels import label
from refloat.locale import translator
from refloat.model.finding import Finding
from refloat.wording.labels import ESTIMATES, safety_labels, units_of
from refloat.wording.xlsx_cells import Estimate, Kind, Unknown


def _empty(_: Finding) -> object:
    return None


@dataclass(frozen=True)
class Column:
    """A heading, a width in characters, and how the cell comes from a finding; ``choices`` limit what may be filled in."""

    heading: str
    width: int
    kind: Kind
    value: Callable[[Finding], object] = _empty
    choices: tuple[str, ...] = ()


def columns(catalogue: Catalogue, language: str) -> list[Column]:
    """The columns that every remedy's sheet begins with."""
    _ = translator(language)
    unknown, safety = Unknown(_("unknown")), safety_labels(_)

    def known(value: object) -> object:
        return unknown if value is None or value == "" else value

    def due_from(finding: Finding) -> str | None:
        return None if finding.removal_due_on is None else _("our estimate") if finding.removal_due_from in ESTIMATES else _("Amazon's date")

    def due_on(finding: Finding) -> object:
        if finding.removal_due_on is None:
            return Unknown(_("no date"))
        return Estimate(finding.removal_due_on) if finding.removal_due_from in ESTIMATES else finding.removal_due_on

    return [
        Column(_("Deadline"), 14, "date", due_on),
        Column(_("Days left"), 8, "count", lambda finding: finding.days_left),
        Column(_("SKU"), 24, "text", lambda finding: finding.sku),
        Column(_("Deadline is"), 13, "text", due_from),
        Column(_("ASIN"), 13, "text", lambda finding: known(finding.asin)),
        Column(_("FNSKU"), 13, "text", lambda finding: known(finding.fnsku)),
        Column(_("Title"), 36, "wrapped", lambda finding: known(finding.title)),
        Column(_("Marketplace"), 12, "text", lambda finding: known(finding.marketplace)),
        Column(_("Units"), 8, "count", lambda finding: known(units_of(finding))),
        Column(_("Cause"), 30, "wrapped", lambda finding: label(catalogue.causes[finding.cause].page, language)),
        Column(_("Why"), 60, "wrapped", lambda finding: finding.why),
        Column(_("Amazon recommends"), 22, "wrapped", lambda finding: finding.recommended_said),
        Column(_("Safety"), 20, "wrapped", lambda finding: safety.get(finding.safety, finding.safety)),
        Column(_("Worth"), 12, "money", lambda finding: known(finding.worth)),
        Column(_("Currency"), 9, "text", lambda finding: None if finding.worth is None else known(finding.worth.currency)),
    ]
