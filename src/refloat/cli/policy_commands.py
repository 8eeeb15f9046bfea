"""``refloat policy``: its options; what each command does stands in ``policy``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from refloat.cli.options import Lang, asked_language
from refloat.config import configured

policy = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Your rules for what may happen by itself; on a fresh install nothing does.")
consent = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Standing consents: a person's word in advance, for returns only, with a ceiling and a last day.")
policy.add_typer(consent, name="consent")

Account = Annotated[str, typer.Argument(help="The account, as refloat accounts add named it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; the user of this machine by default.", metavar="NAME")]
File = Annotated[Path, typer.Argument(help="A TOML file.")]


@policy.command()
def show(name: Annotated[str, typer.Argument(help="An account; or fresh, recommended: the policies that ship.")], as_json: AsJson = False, lang: Lang = None) -> None:
    """The policy that holds for an account, as it was entered; or one that ships."""
    from refloat.cli.policy import run_show

    run_show(configured(), name, as_json=as_json, language=asked_language(lang))


@policy.command()
def check(file: File, as_json: AsJson = False, lang: Lang = None) -> None:
    """Look through a policy file and change nothing: every problem with its key, and what to write instead."""
    from refloat.cli.policy import run_check

    raise typer.Exit(run_check(file, as_json=as_json, language=asked_language(lang)))


@policy.command("set")
def set_(account: Account, file: File, by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Let this policy hold for the account from now on; a file in which anything is wrong is refused."""
    from refloat.cli.policy import run_set

    run_set(configured(), account, file, by, as_json=as_json, language=asked_language(lang))


@policy.command()
def confirm(account: Account, by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """After a restore: say that the policy and the notes which came back are those that shall hold. Until then nothing runs by itself."""
    from refloat.cli.policy import run_confirm

    run_confirm(configured(), account, by, as_json=as_json, language=asked_language(lang))


@policy.command()
def recommend(account: Account, by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Let the recommended policy hold: what can be taken back and is plainly a slip runs by itself, removals never."""
    from refloat.cli.policy import run_set

    run_set(configured(), account, None, by, as_json=as_json, language=asked_language(lang))


@policy.command()
def notes(account: Account, file: File, by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Keep a notes file (holds, prices, addresses, Amazon's settings) for all that runs without being called."""
    from refloat.cli.policy import run_notes

    run_notes(configured(), account, file, by, as_json=as_json, language=asked_language(lang))


@policy.command()
def history(account: Account, as_json: AsJson = False, lang: Lang = None) -> None:
    """Every version of the policy and the notes: which, who, when."""
    from refloat.cli.policy import run_history

    run_history(configured(), account, as_json=as_json, language=asked_language(lang))


@policy.command()
def audit(account: Account, as_json: AsJson = False, lang: Lang = None) -> None:
    """What Amazon will do by itself with the settings as you entered them: on which day, with how many units, worth how much."""
    from refloat.cli.policy_audit import run_audit

    run_audit(configured(), account, as_json=as_json, language=asked_language(lang))


@policy.command()
def proposal(account: Account, as_json: AsJson = False, lang: Lang = None) -> None:
    """What waits for a person: the open proposal, and why each of its actions does not run by itself."""
    from refloat.cli.policy_audit import run_proposal

    run_proposal(configured(), account, as_json=as_json, language=asked_language(lang))


@policy.command()
def deadlines(  # noqa: PLR0917 - one parameter an option
    account: Account,
    take: Annotated[str | None, typer.Option("--take", help="Take the deadline of this SKU: you see to it, and it climbs no further until its next step.", metavar="SKU")] = None,
    by: By = None,
    note: Annotated[str, typer.Option("--note", help="What to keep with it.")] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Removal deadlines that are near: 14, 7, 3, 1 days before, until a named person takes them."""
    from refloat.cli.policy_audit import run_deadlines

    run_deadlines(configured(), account, (take, by, note), as_json=as_json, language=asked_language(lang))


@consent.command()
def give(  # noqa: PLR0917 - one parameter an option
    account: Account,
    units: Annotated[int, typer.Option("--units", help="So many units at most, in all.", min=1)],
    fee: Annotated[str, typer.Option("--fee", help="So high a removal fee at most, in all.", metavar="AMOUNT")],
    currency: Annotated[str, typer.Option("--currency", help="The currency of the fee, such as USD.")],
    until: Annotated[str, typer.Option("--until", help="Its last day; a year ahead at most.", metavar="YYYY-MM-DD")],
    by: By = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Agree in advance to returns that the removal rule of the policy makes due; any change of that rule ends it."""
    from refloat.cli.policy_consent import run_give

    run_give(configured(), account, (units, fee, currency, until), by, as_json=as_json, language=asked_language(lang))


@consent.command("list")
def list_(account: Account, as_json: AsJson = False, lang: Lang = None) -> None:
    """Every standing consent of the account, and what is used of it."""
    from refloat.cli.policy_consent import run_list

    run_list(configured(), account, as_json=as_json, language=asked_language(lang))


@consent.command()
def revoke(account: Account, number: Annotated[int, typer.Argument(help="Its number.")], by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """End a standing consent at once; what was sent under it stays sent."""
    from refloat.cli.policy_consent import run_revoke

    run_revoke(configured(), account, number, by, as_json=as_json, language=asked_language(lang))
