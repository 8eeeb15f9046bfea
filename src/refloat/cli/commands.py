"""Every command with its options; what each does stands in a module of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from refloat import __version__
from refloat.config import configured
from refloat.errors import RefloatError

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})

Lang = Annotated[str | None, typer.Option("--lang", help="en or zh-Hans; by default as the locale says.", metavar="LANG")]
Several = Annotated[list[str] | None, typer.Option(metavar="NAME")]


@app.callback(invoke_without_command=True)
def refloat(version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False) -> None:
    """Find stranded FBA stock, say why, and what to do by when."""
    if version:
        sys.stdout.write(f"refloat {__version__}\n")
        raise typer.Exit


@app.command()
def triage(  # noqa: PLR0917 - one parameter an option
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Report files, folders, archives, or - ; DE=FILE says that a file is of Germany.")],
    marketplace: Annotated[list[str] | None, typer.Option("--marketplace", "-m", help="One: the files are of it. Show only these when the files say themselves.", metavar="DE")] = None,
    account: Annotated[str | None, typer.Option("--account", help="The account's name, kept in the output.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day for ages and deadlines; today by default.", metavar="YYYY-MM-DD")] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="What only you know: expiry dates, documents, holds, settings (TOML).", metavar="FILE")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="The charset that the download declared, where you know it.")] = None,
    reason: Annotated[list[str] | None, typer.Option("--reason", help="Show only this reason or cause; may be repeated.", metavar="NAME")] = None,
    recommended: Annotated[list[str] | None, typer.Option("--recommended", help="Show only what Amazon recommends so.", metavar="NAME")] = None,
    remedy: Annotated[list[str] | None, typer.Option("--remedy", help="Show only this remedy.", metavar="NAME")] = None,
    due_within: Annotated[int | None, typer.Option("--due-within", help="Show only what Amazon removes within so many days.", metavar="DAYS")] = None,
    sort: Annotated[str, typer.Option("--sort", help="urgency, worth, units, age, cost or sku.")] = "urgency",
    limit: Annotated[int | None, typer.Option("--limit", help="Show at most so many.", min=0)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, as triage.schema.json says.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a CSV file.", metavar="FILE")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a spreadsheet, one sheet a remedy.", metavar="FILE")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write one page to read, print or send.", metavar="FILE")] = None,
    limit_bytes: Annotated[int | None, typer.Option("--limit-bytes", help="How much may be unpacked; 1 GiB by default.", min=1)] = None,
    lang: Lang = None,
) -> None:
    """What is stranded, why, what to do, by when, and what it costs: from downloaded reports.

    Reads stranded inventory, bulk fix, FBA inventory, all / inactive / suppressed listings, reserved,
    planning, customer returns, removal orders and shipments, storage fees and aged fees; told apart
    by their content. Exit code: 0 nothing to
    look at, 1 something to look at (unknown is something), 2 nothing could be read.
    """
    from refloat.cli.triage import Outputs, asked, run_triage

    question = asked(
        files, places=marketplace or [], account=account, as_of=as_of, notes=notes, charset=encoding, reasons=reason or [], recommended=recommended or [],
        remedies=remedy or [], due_within=due_within, sort=sort, limit=limit, limit_bytes=limit_bytes, pages=configured().pages,
    )  # fmt: skip
    raise typer.Exit(run_triage(question, Outputs(as_json, csv, xlsx, html), _language(lang)))


@app.command()
def explain(
    name: Annotated[str | None, typer.Argument(help="A cause, a remedy, or Amazon's own words for a reason.")] = None,
    lang: Lang = None,
) -> None:
    """Show the page of a cause or a remedy; without a name, list them all."""
    from refloat.cli.explain import run_explain

    run_explain(name, _language(lang), configured().pages)


@app.command()
def demo(out: Annotated[Path, typer.Option("--out", help="Where the page and the spreadsheet go.", metavar="FOLDER")] = Path("out"), lang: Lang = None) -> None:
    """Run the main job on the made-up account that ships with Refloat."""
    from refloat.cli.demo import run_demo

    run_demo(out, _language(lang))


def _language(asked: str | None) -> str:
    from refloat.errors import WrongUse

    if asked is None:
        return configured().language
    known = {"en": "en", "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh_cn": "zh-Hans"}
    if asked.lower() not in known:
        raise WrongUse("There is no language {name}.", why="The pages are written in English and Simplified Chinese.", todo="Use --lang en or --lang zh-Hans.", name=asked)
    return known[asked.lower()]


def _say() -> Callable[[str], str]:
    """The reader's language once the command has ended badly: --lang, even where it was never parsed, else the locale."""
    from refloat.locale import translator

    given = [after if before == "--lang" else before.partition("=")[2] for before, after in pairwise([*sys.argv, ""]) if before == "--lang" or before.startswith("--lang=")]
    try:
        return translator(_language(given[-1] if given else None))
    except RefloatError:
        return translator(configured().language)


def run() -> None:
    """Run the command; a RefloatError becomes four lines on stderr and exit code 2."""
    try:
        app()
    except RefloatError as error:
        sys.stderr.write(error.said(_say()) + "\n")
        sys.exit(2)
    except KeyboardInterrupt:
        say = _say()
        sys.stderr.write(say("Stopped. Nothing was changed.") + "\n")
        sys.exit(130)
    except BrokenPipeError:
        # Somebody read enough (refloat … | head): not an error, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
