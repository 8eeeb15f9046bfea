"""``refloat people``: its options; what each does stands in ``people``."""

from __future__ import annotations

from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language
from refloat.config import configured

people = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may use the console: the first administrator of a server, and the way back in.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address with which the person signs in.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Port = Annotated[int, typer.Option("--port", help="The port of refloat serve, where REFLOAT_HOSTS names no host.", min=1, max=65535)]


@people.command("list")
def list_(as_json: AsJson = False, lang: Lang = None) -> None:
    """Everybody who may sign in, and what they may do; and who is invited."""
    from refloat.cli.people import run_list

    run_list(configured(), as_json=as_json, language=asked_language(lang))


@people.command()
def invite(  # noqa: PLR0917 - one parameter an option
    email: Email,
    role: Annotated[str, typer.Option("--role", help="viewer, operator, approver or admin.")] = "viewer",
    account: Annotated[list[str] | None, typer.Option("--account", help="Only for this account; may be repeated. All by default, those to come as well.", metavar="ACCOUNT")] = None,
    port: Port = 8040,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Print a link, good for seven days and one use, by which the person chooses a name and a password."""
    from refloat.cli.people import run_invite

    run_invite(configured(), email, role, account, port, as_json=as_json, language=asked_language(lang))


@people.command()
def link(email: Email, port: Port = 8040, as_json: AsJson = False, lang: Lang = None) -> None:
    """Print a link that lets in a person who is there already: once, within a quarter of an hour, without a password."""
    from refloat.cli.people import run_link

    run_link(configured(), email, port, as_json=as_json, language=asked_language(lang))


@people.command()
def remove(email: Email, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take everything from the person that lets them in; their sessions end at once. What they did stays on record."""
    from refloat.cli.people import run_remove

    run_remove(configured(), email, as_json=as_json, language=asked_language(lang))
