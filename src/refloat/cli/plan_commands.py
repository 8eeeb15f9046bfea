"""``refloat plan``, ``apply``, ``verify``, ``undo``: their options; what each does stands in ``plan``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language
from refloat.config import configured

cures = typer.Typer(rich_markup_mode=None)

PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="The id that refloat plan printed.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write one page to read, print or have approved.", metavar="FILE")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the plan as JSON (contract refloat.plan/1).", metavar="FILE")]


@cures.command()
def plan(  # noqa: PLR0917 - one parameter an option
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="The account, as refloat accounts add named it.")] = None,
    show: Annotated[str | None, typer.Option("--show", help="Show an earlier plan instead of making one.", metavar="PLAN")] = None,
    marketplace: Annotated[list[str] | None, typer.Option("--marketplace", "-m", help="Plan for these only.", metavar="DE")] = None,
    reason: Annotated[list[str] | None, typer.Option("--reason", help="Only this reason or cause; may be repeated.", metavar="NAME")] = None,
    remedy: Annotated[str | None, typer.Option("--remedy", help="This remedy instead of the first of each cause.", metavar="NAME")] = None,
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Only this SKU; may be repeated.", metavar="SKU")] = None,
    from_file: Annotated[Path | None, typer.Option("--from-file", help="A Bulk Fix file as you filled it in: its SKUs, its prices.", metavar="FILE")] = None,
    notes: Annotated[Path | None, typer.Option("--notes", help="What only you know and want: prices, addresses, holds, edits (TOML).", metavar="FILE")] = None,
    no_canary: Annotated[bool, typer.Option("--no-canary", help="Lift the guard no-canary: everything at once, instead of one, then 25, then the rest.")] = False,
    lift: Annotated[list[str] | None, typer.Option("--lift", help="Lift this guard, by its name; may be repeated.", metavar="GUARD")] = None,
    out: Out = None,
    html: Html = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """What would be done about what is stranded, field by field; and what is left alone, and why. Sends nothing."""
    from refloat.cli.plan import Shown, run_plan, run_show
    from refloat.cli.plan_asked import asked

    language, shown = asked_language(lang), Shown(as_json, out, html)
    if show is not None:
        raise typer.Exit(run_show(configured(), show, shown, language))
    question = asked(
        account,
        places=marketplace or [],
        reasons=reason or [],
        remedy=remedy,
        skus=sku or [],
        file=from_file,
        notes=notes,
        lifted=[*(lift or []), *(["no-canary"] if no_canary else [])],
        language=language,
    )
    raise typer.Exit(run_plan(configured(), question, shown))


@cures.command()
def plans(
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    limit: Annotated[int, typer.Option("--limit", help="List at most so many, the newest first.", min=1)] = 20,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """The plans of an account, the newest first: when made, good until, how many approved, sent and proven. Asks Amazon nothing."""
    from refloat.cli.plans import run_plans

    raise typer.Exit(run_plans(configured(), account, limit=limit, as_json=as_json, language=asked_language(lang)))


@cures.command()
def apply(  # noqa: PLR0917 - one parameter an option
    plan: PlanId,
    only: Annotated[list[str] | None, typer.Option("--only", help="Approve and carry out this action alone; may be repeated.", metavar="ACTION")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who gives the word; your user name by default.", metavar="NAME")] = None,
    consent: Annotated[str | None, typer.Option("--consent", help="The first 12 letters of the plan's fingerprint, where nobody can be asked.", metavar="FINGERPRINT")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Carry out a plan, exactly as approved, or refuse it. May be stopped and run again: nothing is sent twice."""
    from refloat.cli.plan import Word, run_apply

    raise typer.Exit(run_apply(configured(), plan, Word(by, only or (), consent), as_json=as_json, language=asked_language(lang)))


@cures.command()
def verify(
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """What became of what was sent, by what later looks show. Asks Amazon nothing: refloat observe looks."""
    from refloat.cli.plan import run_verify

    raise typer.Exit(run_verify(configured(), account, as_json=as_json, language=asked_language(lang)))


@cures.command()
def settle(
    account: Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")],
    order: Annotated[str, typer.Argument(metavar="ORDER", help="The removal order's id, as refloat apply or verify named it.")],
    made: Annotated[bool, typer.Option("--made/--not-made", help="Seller Central shows the order, or it does not.")],
    by: Annotated[str | None, typer.Option("--by", help="Who looked; your user name by default.", metavar="NAME")] = None,
    lang: Lang = None,
) -> None:
    """Say whether Amazon made a removal order whose answer was lost: look in Seller Central first, nothing is guessed."""
    from refloat.cli.plan import run_settle

    raise typer.Exit(run_settle(configured(), account, order, made=made, by=by, language=asked_language(lang)))


@cures.command()
def undo(  # noqa: PLR0917 - one parameter an option
    plan: PlanId,
    only: Annotated[list[str] | None, typer.Option("--only", help="Put back this action alone; may be repeated.", metavar="ACTION")] = None,
    out: Out = None,
    html: Html = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """A plan that puts back what another plan changed, where that can be done; approve it like any other."""
    from refloat.cli.plan import Shown, run_undo

    raise typer.Exit(run_undo(configured(), plan, only or (), Shown(as_json, out, html), asked_language(lang)))
