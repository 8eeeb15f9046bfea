"""``refloat run``, ``work``, ``status``: their options; what each does stands in ``work``."""

from __future__ import annotations

from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language
from refloat.config import configured

unattended = typer.Typer(rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@unattended.command()
def run(as_json: AsJson = False, lang: Lang = None) -> None:
    """Do everything that is due for every account, once: look, act as far as the policy allows, tell. For a crontab, or to see what it would do.

    Reports that Amazon is making are waited for. May be stopped and run again at any moment.
    """
    from refloat.cli.work import run_once

    raise typer.Exit(run_once(configured(), as_json=as_json, language=asked_language(lang)))


@unattended.command()
def work(
    at_once: Annotated[int | None, typer.Option("--at-once", help="So many things side by side in this process; 16 by default.", min=1, max=256)] = None,
    lang: Lang = None,
) -> None:
    """Do so for ever. Any number of these may work on one database, on any number of machines."""
    from refloat.cli.work import run_work

    raise typer.Exit(run_work(configured(), at_once, language=asked_language(lang)))


@unattended.command("status")
def how_it_stands(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="Only this account.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """What is being done, what waits for what, and what failed and why."""
    from refloat.cli.work import run_status

    raise typer.Exit(run_status(configured(), account, as_json=as_json, language=asked_language(lang)))
