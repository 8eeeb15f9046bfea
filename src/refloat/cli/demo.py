"""``refloat demo``: the whole loop on a made-up account, over a live line to a false Amazon; or a triage of the shipped files."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import refloat.demo as shipped
from refloat.cli.triage import Outputs, asked, run_triage, shown
from refloat.locale import translator

if TYPE_CHECKING:
    from refloat.cli.demo_days import Days, Look

#: The made-up seller of the live demo. The notes in ``refloat.demo/live`` name its SKUs.
_SEED, _SKUS, _STRANDED, _COUNTRIES = 7, 120, 0.4, ("US",)
_ACCOUNT = "Sample Harbour Goods"


@contextmanager
def made_up_seller(language: str = "en", database_url: str | None = None, speed: float = 0.0) -> Iterator[Days]:
    """A false Amazon with the seeded seller, an account on it, and a made-up person. ``speed``: seconds of its clock per second; 0: it only jumps."""
    from refloat.cli.demo_days import Days
    from refloat.cli.demo_person import Person, read_by_hand
    from refloat.clock import SimulatedClock, clock_of
    from refloat.config import configured
    from refloat.reports.notes import read_both
    from refloat.simulator import seeding
    from refloat.simulator.serve import Simulator
    from refloat.store import Unsealed, opened

    world = seeding.seeded(seed=_SEED, skus=_SKUS, stranded=_STRANDED, countries=_COUNTRIES)
    seller = next(iter(world.sellers.values()))
    with tempfile.TemporaryDirectory() as home, Simulator(world, speed=speed) as simulator:
        config = replace(configured(), home=Path(home), database_url=database_url, secret_key=None, clock_url=simulator.url)
        with opened(config) as store:
            clock = clock_of(simulator.url)
            store.accounts.add(
                _ACCOUNT, region=seller.region, seller_id=seller.id, unsealed=Unsealed(seller.client_id, seller.client_secret, seller.refresh_token),
                api_url=simulator.url, token_url=f"{simulator.url}/auth/o2/token", at=clock.now(),
            )  # fmt: skip
            notes, wishes = read_both(shipped.FOLDER / "live" / "notes.toml")
            person = Person(read_by_hand(shipped.FOLDER / "live" / "by-hand.toml"), simulator, seller.id)
            assert isinstance(clock, SimulatedClock)
            yield Days(store, _ACCOUNT, clock, notes, wishes, person, config, language)


def run_demo(out: Path, language: str) -> None:
    """Look, triage, plan, consent, apply, verify, over three weeks of the false Amazon's time; then how each stranding ended."""
    from refloat.app.live import observe_account, triage_account
    from refloat.cli.observe import told

    say = translator(language)
    out.mkdir(parents=True, exist_ok=True)
    with made_up_seller(language) as days:
        world = days.person.simulator.world
        sys.stdout.write(say("A false Amazon answers at {url}; nothing in it is real.").format(url=days.person.simulator.url) + "\n")
        list(told(observe_account(days.store, _ACCOUNT, clock=days.clock), as_json=False, language=language))
        calls, minutes = world.rooms["calls"], (days.clock.now() - world.start).total_seconds() / 60
        sys.stdout.write(say("Seen in {calls} calls and {minutes:.0f} minutes of Amazon's time, within its rates.").format(calls=calls, minutes=minutes) + "\n\n")
        page, sheet = out / "triage.html", out / "triage.xlsx"
        shown(triage_account(days.store, replace(asked([], account=_ACCOUNT), notes=days.notes), days.clock), Outputs(html=page, xlsx=sheet), language)
        _live_on(days, out, language)
        _end(days, out, language)
    _say_where(page, sheet, language)
    for text, name in ((say("What was planned first, and approved: {path}"), "plan.html"), (say("What is left for a person, with steps and texts: {path}"), "tasks.txt")):
        sys.stdout.write(text.format(path=(out / name).resolve()) + "\n")


def _live_on(days: Days, out: Path, language: str) -> None:
    """The days, one line a look; the first plan becomes a page."""
    from refloat.cli.show.html_plan import write_html
    from refloat.knowledge.catalogue import catalogue

    say = translator(language)
    opening = say("The made-up {person} approves what is planned and goes to Seller Central; the days pass at the false Amazon's clock.")
    sys.stdout.write("\n" + opening.format(person=days.person.by_hand.person) + "\n")
    began = days.clock.now()
    for number, look in enumerate(days.lived()):
        if number == 0:
            write_html(look.plan, catalogue(), out / "plan.html", language)
        sys.stdout.write("  ".join(_line(look, (look.at - began).days, language)) + "\n")


def _line(look: Look, day: int, language: str) -> Iterator[str]:
    from refloat.cli.show.endings import verdict_labels
    from refloat.wording.tasks import result_label

    say = translator(language)
    yield say("Day {day}:").format(day=f"{day:>2}")
    yield say("{actions} actions approved, {sent} sent.").format(actions=f"{len(look.plan.actions):>2}", sent=f"{look.sent:>2}")
    if look.handed_in:
        yield say("Handed in by hand: {count}.").format(count=look.handed_in)
    if look.entered:
        yield say("Amazon's answers: {words}.").format(words=_counted({result_label(name, say): count for name, count in look.entered.items()}))
    if look.verdicts:
        names = verdict_labels(say)
        yield say("Verdicts: {words}.").format(words=_counted({names.get(word, word): count for word, count in look.verdicts.items()}))
    yield say("Open: {count}.").format(count=look.open)


def _counted(words: Mapping[str, int]) -> str:
    return ", ".join(f"{word} {count:,}" for word, count in sorted(words.items()))


def _end(days: Days, out: Path, language: str) -> None:
    """How every stranding ended, what is proposed for next time, and the texts of what is left for a person."""
    from rich.console import Console

    from refloat.app.endings import endings
    from refloat.app.tasks import open_tasks
    from refloat.cli.show import endings as show
    from refloat.cli.show.tasks import task_lines
    from refloat.knowledge.catalogue import catalogue
    from refloat.knowledge.messages import proposed

    say, known = translator(language), catalogue()
    found = list(endings(days.store, days.account, days.last.plan))
    sys.stdout.write("\n" + show.counts(found, say) + "\n\n")
    Console(file=sys.stdout, soft_wrap=False).print(show.table_of(found, known, say, language))
    for text in proposed((one.cause for one in found if one.how == "cured" and one.cause), language):
        sys.stdout.write("\n" + say("Proposed for next time: {what}").format(what=text) + "\n")
    texts: Sequence[str] = ["\n".join(task_lines(task, known, say)) for task in open_tasks(days.desk)]
    (out / "tasks.txt").write_text("\n\n\n".join(texts) + "\n", encoding="utf-8")


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
