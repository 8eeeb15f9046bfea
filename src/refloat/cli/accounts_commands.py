"""``refloat accounts``: the options of its commands; what each does stands in ``accounts`` and ``accounts_check``."""

from __future__ import annotations

from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language, their_clock
from refloat.config import configured

accounts = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The Amazon accounts that Refloat may look at; secrets are stored encrypted.")

Name = Annotated[str, typer.Argument(help="The account's name, as you call it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]


@accounts.command()
def add(  # noqa: PLR0917 - one parameter an option
    name: Name,
    region: Annotated[str, typer.Option("--region", help="NA, EU or FE.")],
    api_url: Annotated[str | None, typer.Option("--api-url", help="Another address of the API: a simulator's, or Amazon's sandbox.", metavar="URL")] = None,
    token_url: Annotated[str | None, typer.Option("--token-url", help="Another address that gives tokens.", metavar="URL")] = None,
    secret_issued_on: Annotated[str | None, typer.Option("--secret-issued-on", help="When Amazon issued the client secret; it ends after 180 days.", metavar="YYYY-MM-DD")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Add an account. Asks for client id, client secret, refresh token and seller id; never give them on the command line."""
    from refloat.cli.accounts import run_add

    run_add(name, configured(), region=region, api_url=api_url, token_url=token_url, secret_issued_on=secret_issued_on, json_wanted=as_json, language=asked_language(lang), clock=their_clock())


@accounts.command("list")
def list_(as_json: AsJson = False, lang: Lang = None) -> None:
    """Every account: region, marketplaces, what was observed when, how old the client secret is."""
    from refloat.cli.accounts import run_list

    run_list(configured(), json_wanted=as_json, language=asked_language(lang), clock=their_clock())


@accounts.command()
def check(
    name: Name,
    marketplace: Annotated[str | None, typer.Option("--marketplace", "-m", help="The marketplace to try; the first of the account by default.", metavar="DE")] = None,
    order: Annotated[bool, typer.Option("--order", help="Order reports that are not there yet, to see whether Amazon gives them.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Try what works: token, marketplaces, roles, account status, reports; and say what to do about the rest."""
    from refloat.cli.accounts_check import run_check

    raise typer.Exit(run_check(name, configured(), marketplace=marketplace, order=order, json_wanted=as_json, language=asked_language(lang), clock=their_clock()))


@accounts.command()
def rotate(
    name: Name,
    keys_only: Annotated[bool, typer.Option("--keys-only", help="Ask nothing; seal the credentials of all accounts by the newest key.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Enter a new client secret or refresh token; what you leave empty stays."""
    from refloat.cli.accounts import run_rotate

    run_rotate(name, configured(), keys_only=keys_only, json_wanted=as_json, language=asked_language(lang), clock=their_clock())


@accounts.command()
def remove(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the name again.")] = False,
    with_history: Annotated[bool, typer.Option("--with-history", help="Delete its snapshots and strandings too, for good.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Forget an account's credentials; what was observed stays."""
    from refloat.cli.accounts import run_remove

    run_remove(name, configured(), yes=yes, with_history=with_history, json_wanted=as_json, language=asked_language(lang), clock=their_clock())
