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
from refloat.cli.accounts_commands import accounts
from refloat.cli.asking import LeftUnanswered
from refloat.cli.notify_commands import alarms, notify
from refloat.cli.options import Lang, asked_language
from refloat.cli.people_commands import people
from refloat.cli.plan_commands import cures
from refloat.cli.policy_commands import policy
from refloat.cli.store_commands import journal, keeping
from refloat.cli.work_commands import unattended
from refloat.config import configured
from refloat.errors import RefloatError

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})

app.add_typer(accounts, name="accounts")
app.add_typer(cures)
app.add_typer(policy, name="policy")
app.add_typer(unattended)
app.add_typer(notify, name="notify")
app.add_typer(alarms, name="alarms")
app.add_typer(people, name="people")
app.add_typer(keeping)
app.add_typer(journal, name="journal")


@app.callback(invoke_without_command=True)
def refloat(version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False) -> None:
    """Find stranded FBA stock, say why, and what to do by when."""
    if version:
        sys.stdout.write(f"refloat {__version__}\n")
        raise typer.Exit


@app.command()
def triage(  # noqa: PLR0917 - one parameter an option
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE...]", help="Report files, folders, archives, or - ; DE=FILE: a file of Germany. None: what is on record of --account.")] = None,
    marketplace: Annotated[list[str] | None, typer.Option("--marketplace", "-m", help="One: the files are of it. Show only these when the files say themselves.", metavar="DE")] = None,
    account: Annotated[str | None, typer.Option("--account", help="The account: without files, what refloat observe has on record of it; with files, a name kept in the output.")] = None,
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
    """What is stranded, why, what to do, by when, and what it costs: from downloaded reports or a live account.

    Reads stranded inventory, bulk fix, FBA inventory, all / inactive / suppressed listings, reserved,
    planning, customer returns, removal orders and shipments, storage fees and aged fees; told apart
    by their content. Exit code: 0 nothing to
    look at, 1 something to look at (unknown is something), 2 nothing could be read.
    """
    from refloat.cli.triage import Outputs, asked, run_triage

    question = asked(
        files or [], places=marketplace or [], account=account, as_of=as_of, notes=notes, charset=encoding, reasons=reason or [], recommended=recommended or [],
        remedies=remedy or [], due_within=due_within, sort=sort, limit=limit, limit_bytes=limit_bytes, pages=configured().pages,
    )  # fmt: skip
    raise typer.Exit(run_triage(question, Outputs(as_json, csv, xlsx, html), asked_language(lang)))


@app.command()
def export(  # noqa: PLR0917 - one parameter an option
    sources: Annotated[list[str], typer.Argument(metavar="ACCOUNT|FILE...", help="An account that refloat observe has looked at; or report files, folders, archives, or -.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write.", metavar="FILE")],
    loader: Annotated[bool, typer.Option("--loader", help="As Amazon's Bulk Fix file, to look through and upload in Seller Central.")] = False,
    marketplace: Annotated[str | None, typer.Option("--marketplace", "-m", help="The marketplace: an upload is for one.", metavar="DE")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="The day for ages and deadlines; today by default.", metavar="YYYY-MM-DD")] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="What only you know and want: prices, bounds, holds, settings (TOML).", metavar="FILE")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="The charset that the downloads declared, where you know it.")] = None,
    reason: Annotated[list[str] | None, typer.Option("--reason", help="Write only this reason or cause; may be repeated.", metavar="NAME")] = None,
    remedy: Annotated[list[str] | None, typer.Option("--remedy", help="Write only this remedy; may be repeated.", metavar="NAME")] = None,
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Write only this SKU; may be repeated.", metavar="SKU")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    lang: Lang = None,
) -> None:
    """Write what a file can mend as Amazon's Bulk Fix file. Changes nothing at Amazon.

    Holds what relists an offer, changes it to FBA, creates a listing or sets a price; the quantity stays empty and
    the channel is Amazon's, so that the upload keeps the offers Fulfilled by Amazon. What is left out is said on
    stderr.
    """
    from refloat.cli.export import Export, run_export

    run_export(Export(sources, out, loader, marketplace, as_of, notes, encoding, reason or [], remedy or [], sku or [], force, configured().pages), asked_language(lang))


@app.command()
def explain(
    name: Annotated[str | None, typer.Argument(help="A cause, a remedy, or Amazon's own words for a reason.")] = None,
    lang: Lang = None,
) -> None:
    """Show the page of a cause or a remedy; without a name, list them all."""
    from refloat.cli.explain import run_explain

    run_explain(name, asked_language(lang), configured().pages)


@app.command()
def observe(  # noqa: PLR0917 - one parameter an option
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    marketplace: Annotated[list[str] | None, typer.Option("--marketplace", "-m", help="Look at these only; all of the account by default.", metavar="DE")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped: changed listings every few minutes, reports when they are due.")] = False,
    notices: Annotated[Path | None, typer.Option("--notices", help="Look only at the SKUs that these notifications name: one message a line, or - ; see docs/start/live.md.", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a marketplace on stdout.")] = False,
    lang: Lang = None,
) -> None:
    """Look at what Amazon shows now, and keep it. Changes nothing there; may be stopped and run again at any moment."""
    from refloat.cli.observe import run_noticed, run_observe

    if notices is not None:
        raise typer.Exit(run_noticed(configured(), account, notices, as_json=as_json, language=asked_language(lang)))
    raise typer.Exit(run_observe(configured(), account, marketplace or [], watch=watch, as_json=as_json, language=asked_language(lang)))


@app.command()
def tasks(  # noqa: PLR0917 - one parameter an option
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    sku: Annotated[str | None, typer.Option("--sku", help="List only the tasks of this SKU.")] = None,
    show: Annotated[int | None, typer.Option("--show", help="One task: steps, pages, checklist, and the text ready to copy.", metavar="ID")] = None,
    done: Annotated[int | None, typer.Option("--done", help="Enter how a task ended, with --result.", metavar="ID")] = None,
    result: Annotated[str | None, typer.Option("--result", help="won, refused, no-answer; done, where Amazon decides nothing.", metavar="RESULT")] = None,
    note: Annotated[str, typer.Option("--note", help="What to keep in the journal with the result, such as the case number.")] = "",
    attach: Annotated[tuple[int, Path] | None, typer.Option("--attach", help="Keep a file with a task, unchanged.", metavar="ID FILE")] = None,
    paper: Annotated[str | None, typer.Option("--as", help="Which line of the checklist the attached file fulfils.", metavar="NAME")] = None,
    remedy: Annotated[str | None, typer.Option("--open", help="Open a fallback by hand for --sku, such as contact-support.", metavar="REMEDY")] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="What only you know: here, which documents are on file (TOML).", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    lang: Lang = None,
) -> None:
    """What a person has to do in Seller Central: steps, pages, papers, a text to send, and when to ask again.

    Matches the tasks with what is on record each time: what is stranded and needs a person has one task,
    what needs nobody any more is closed. Sends nothing to Amazon.
    """
    from refloat.cli.tasks import Asked, run_tasks

    run_tasks(configured(), account, Asked(sku, show, done, result, note, attach, paper, remedy), notes=notes, as_json=as_json, language=asked_language(lang))


@app.command()
def simulate(  # noqa: PLR0917 - one parameter an option
    port: Annotated[int, typer.Option("--port", help="Where on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 9040,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same history.")] = 1,
    skus: Annotated[int, typer.Option("--skus", help="How many SKUs the made-up seller has.", min=1)] = 100,
    stranded: Annotated[float, typer.Option("--stranded", help="Which share of them is stranded.", min=0, max=1)] = 0.2,
    marketplace: Annotated[list[str] | None, typer.Option("--marketplace", "-m", help="Where the seller sells; US by default.", metavar="US")] = None,
    speed: Annotated[float, typer.Option("--speed", help="Seconds of its clock per second; 0: it stands until it is moved.", min=0)] = 1.0,
    lang: Lang = None,
) -> None:
    """Serve a false Amazon on this machine, to try everything without an account."""
    from refloat.cli.simulate import run_simulate

    run_simulate(port=port, seed=seed, skus=skus, stranded=stranded, countries=marketplace or [], speed=speed, language=asked_language(lang))


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", help="Where.", min=1, max=65535)] = 8040,
    address: Annotated[str, typer.Option("--address", help="On which address of this machine; another than 127.0.0.1 needs REFLOAT_HOSTS and people who sign in.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option("--workers", help="So many processes.", min=1, max=64)] = 1,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser on the link that lets in.")] = True,
    lang: Lang = None,
) -> None:
    """Serve the console: what is stranded, plans to review and approve, tasks, settings. Stop with Ctrl-C."""
    from refloat.cli.serve import run_serve

    raise typer.Exit(run_serve(configured(), address, port, workers, browser=browser, language=asked_language(lang)))


@app.command()
def backtest(  # noqa: PLR0917 - one parameter an option
    policy: Annotated[Path | None, typer.Option("--policy", help="A policy file of your own, played beside the shipped ones.", metavar="FILE")] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="So many different years, each under every strategy.", min=1, max=1000)] = 1,
    skus: Annotated[int, typer.Option("--skus", help="How many SKUs the made-up seller has.", min=1, max=99_999)] = 200,
    days: Annotated[int, typer.Option("--days", help="How many days of the year are played.", min=3, max=365)] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
    lang: Lang = None,
) -> None:
    """Play a year of a made-up seller at a false Amazon: what strands, for how long, and what it costs, with Refloat and without.

    Compares Amazon's defaults, a weekly routine by hand, Refloat as installed and with the recommended policy, and
    two bounds. Touches no account. A whole year takes hours; docs/operate/backtest.md says what is assumed.
    """
    from refloat.cli.backtest import asked_of, run_backtest

    run_backtest(asked_of(policy, seeds, skus, days), as_json=as_json, language=asked_language(lang))


@app.command()
def demo(  # noqa: PLR0917 - one parameter an option
    out: Annotated[Path, typer.Option("--out", help="Where the page and the spreadsheet go.", metavar="FOLDER")] = Path("out"),
    files: Annotated[bool, typer.Option("--files", help="From the report files that ship with Refloat, instead of a live line.")] = False,
    unattended: Annotated[bool, typer.Option("--unattended", help="Ninety days by the recommended policy, with a person who drops in every other day.")] = False,
    console: Annotated[bool, typer.Option("--console/--no-console", help="End with the console open on a made-up seller whose goods are still stranded.")] = True,
    console_only: Annotated[bool, typer.Option("--console-only", hidden=True)] = False,
    lang: Lang = None,
) -> None:
    """Run the main job on a made-up account: over a live line to a false Amazon, or from files. Then the console, to try it yourself."""
    from refloat.cli.demo import run_demo, run_files_demo
    from refloat.cli.demo_console import MINUTES, leave_open, serve_here

    language = asked_language(lang)
    if console_only:
        raise typer.Exit(serve_here(language, minutes=MINUTES, browser=False))
    if unattended:
        from refloat.cli.demo_unattended import run_unattended

        run_unattended(out, language)
        return
    (run_files_demo if files else run_demo)(out, language)
    if not console or files:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        raise typer.Exit(serve_here(language))
    leave_open(language)


def _say() -> Callable[[str], str]:
    """The reader's language once the command has ended badly: --lang, even where it was never parsed, else the locale."""
    from refloat.locale import translator

    given = [after if before == "--lang" else before.partition("=")[2] for before, after in pairwise([*sys.argv, ""]) if before == "--lang" or before.startswith("--lang=")]
    try:
        return translator(asked_language(given[-1] if given else None))
    except RefloatError:
        return translator(configured().language)


def run() -> None:
    """Run the command; a RefloatError becomes four lines on stderr and exit code 2."""
    try:
        app()
    except RefloatError as error:
        sys.stderr.write(error.said(_say()) + "\n")
        sys.exit(2)
    except LeftUnanswered:
        # Every question comes before anything is written.
        say = _say()
        sys.stderr.write(say("Stopped. Nothing was changed.") + "\n")
        sys.exit(130)
    except BrokenPipeError:
        # Somebody read enough (refloat … | head): not an error, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
