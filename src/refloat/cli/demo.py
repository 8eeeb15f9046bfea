"""``refloat demo``: the main job on the made-up account that ships with the package."""

from __future__ import annotations

import sys
from pathlib import Path

import refloat.demo as shipped
from refloat.cli.triage import Outputs, asked, run_triage
from refloat.locale import translator


def run_demo(out: Path, language: str) -> None:
    """Triage the shipped reports as of the day they were made; write the page and the spreadsheet to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    question = asked([str(shipped.FOLDER / "US"), str(shipped.FOLDER / "DE")], as_of=shipped.AS_OF.isoformat(), notes=shipped.FOLDER / "notes.toml", account="Sample Harbour Goods")
    page, sheet = out / "triage.html", out / "triage.xlsx"
    run_triage(question, Outputs(html=page, xlsx=sheet), language)
    say = translator(language)
    page_is, sheet_is = say("All of it, on one page: {path}"), say("As a spreadsheet, one sheet a remedy: {path}")
    sys.stdout.write(f"\n{page_is.format(path=page.resolve())}\n{sheet_is.format(path=sheet.resolve())}\n")
