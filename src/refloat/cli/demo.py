"""``refloat demo``: the main job on a made-up account, over a live line to a false Amazon or from shipped files."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import refloat.demo as shipped
from refloat.cli.triage import Outputs, asked, run_triage, shown
from refloat.locale import translator

#: The made-up seller of the live demo.
_SEED, _SKUS, _STRANDED, _COUNTRIES = 7, 120, 0.4, ("US", "CA")
_ACCOUNT = "Sample Harbour Goods"


def run_demo(out: Path, language: str) -> None:
    """Start a false Amazon with a seeded seller, connect, observe live, triage; the clock is the simulator's."""
    from refloat.app.live import observe_account, triage_account
    from refloat.cli.observe import told
    from refloat.clock import clock_of
    from refloat.config import configured
    from refloat.simulator import seeding
    from refloat.simulator.serve import Simulator
    from refloat.store import Unsealed, opened

    say = translator(language)
    out.mkdir(parents=True, exist_ok=True)
    world = seeding.seeded(seed=_SEED, skus=_SKUS, stranded=_STRANDED, countries=_COUNTRIES)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world) as simulator, opened(replace(configured(), home=Path(home), database_url=None, secret_key=None)) as store:
        sys.stdout.write(say("A false Amazon answers at {url}; nothing in it is real.").format(url=simulator.url) + "\n")
        store.accounts.add(
            _ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=Unsealed(seller.client_id, seller.client_secret, seller.refresh_token),
            api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token", at=datetime.now(UTC),
        )  # fmt: skip
        clock = clock_of(simulator.url)
        list(told(observe_account(store, _ACCOUNT, clock=clock), as_json=False, language=language))
        calls, minutes = world.rooms["calls"], (clock.now() - world.start).total_seconds() / 60
        sys.stdout.write(say("Seen in {calls} calls and {minutes:.0f} minutes of Amazon's time, within its rates.").format(calls=calls, minutes=minutes) + "\n\n")
        page, sheet = out / "triage.html", out / "triage.xlsx"
        shown(triage_account(store, asked([], account=_ACCOUNT), clock), Outputs(html=page, xlsx=sheet), language)
    _say_where(page, sheet, language)


def run_files_demo(out: Path, language: str) -> None:
    """Triage the shipped reports as of the day they were made; write the page and the spreadsheet to ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    question = asked([str(shipped.FOLDER / "US"), str(shipped.FOLDER / "DE")], as_of=shipped.AS_OF.isoformat(), notes=shipped.FOLDER / "notes.toml", account=_ACCOUNT)
    page, sheet = out / "triage.html", out / "triage.xlsx"
    run_triage(question, Outputs(html=page, xlsx=sheet), language)
    _say_where(page, sheet, language)


def _say_where(page: Path, sheet: Path, language: str) -> None:
    say = translator(language)
    page_is, sheet_is = say("All of it, on one page: {path}"), say("As a spreadsheet, one sheet a remedy: {path}")
    sys.stdout.write(f"\n{page_is.format(path=page.resolve())}\n{sheet_is.format(path=sheet.resolve())}\n")
