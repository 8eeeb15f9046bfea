"""``refloat migrate``, ``backup``, ``restore``, ``prune``, ``journal``: their options; what each does stands in ``store`` beside this."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language, their_clock
from refloat.config import configured

keeping = typer.Typer(rich_markup_mode=None)
journal = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The journal: what was observed, planned, sent and found; every change of it shows.")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@keeping.command()
def migrate(as_json: AsJson = False, lang: Lang = None) -> None:
    """Bring the store's tables up to date. A SQLite file is when it is opened; on PostgreSQL stop every refloat first."""
    from refloat.cli.store import run_migrate

    run_migrate(configured(), as_json=as_json, language=asked_language(lang))


@keeping.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; never one that is there.")], as_json: AsJson = False, lang: Lang = None) -> None:
    """Write the whole store into one file while others work, and read it again from end to end. The key is not in it: keep that apart."""
    from refloat.cli.store import run_backup

    run_backup(configured(), file, as_json=as_json, language=asked_language(lang))


@keeping.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup, as refloat backup wrote it.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace a store that is not empty; the state before is kept aside.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Make the store that of a backup. Nothing is written at Amazon afterwards until everything was looked at anew."""
    from refloat.cli.store import run_restore

    run_restore(configured(), file, in_place=replace, clock=their_clock(), as_json=as_json, language=asked_language(lang))


@keeping.command()
def prune(as_json: AsJson = False, lang: Lang = None) -> None:
    """Let go of snapshots older than REFLOAT_KEEP_DAYS (400); the newest, and what open matters rest on, stays, and the journal always."""
    from refloat.cli.store import run_prune

    run_prune(configured(), clock=their_clock(), as_json=as_json, language=asked_language(lang))


@journal.command()
def check(account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="One account; all of them by default.")] = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Walk every chain from its first entry to its last. Exit code: 0 all hold, 2 one is broken, and at which entry."""
    from refloat.cli.store import run_check

    raise typer.Exit(run_check(configured(), account, as_json=as_json, language=asked_language(lang)))


@journal.command()
def show(
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    sku: Annotated[str | None, typer.Option("--sku", help="Only what is about this SKU.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")] = False,
) -> None:
    """Every entry of the account's chains, the oldest first."""
    from refloat.cli.store import run_journal

    run_journal(configured(), account, sku, as_json=as_json)
