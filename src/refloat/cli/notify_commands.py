"""``refloat notify`` and ``refloat alarms``: their options; what each does stands in ``notify`` and ``alarms``."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from refloat.cli.options import Lang, asked_language, their_clock
from refloat.config import configured

notify = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who is told of what is stranded, when, and where; addresses are stored encrypted.")

Name = Annotated[str, typer.Argument(help="The recipient's name, as you call it.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
By = Annotated[str | None, typer.Option("--by", help="Who says so; your user name by default.", metavar="NAME")]


@notify.command()
def add(  # noqa: PLR0917 - one parameter an option
    name: Name,
    account: Annotated[list[str] | None, typer.Option("--account", help="Only this account; may be repeated. All by default.", metavar="ACCOUNT")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind of alarm; may be repeated. All by default.", metavar="KIND")] = None,
    from_worth: Annotated[list[str] | None, typer.Option("--from-worth", help="Only from this worth on; one a currency. What is unknown is told.", metavar="'100 EUR'")] = None,
    step: Annotated[list[str] | None, typer.Option("--step", help="Steps of your own: stranded-long=30, deadline=7,1 (days); source-unknown=48, not-looked=6 (hours).", metavar="KIND=N,N")] = None,
    digest: Annotated[list[str] | None, typer.Option("--digest", help="daily, weekly, monthly; may be repeated.", metavar="WHEN")] = None,
    language: Annotated[str | None, typer.Option("--language", help="The recipient's language: en or zh-Hans.", metavar="LANG")] = None,
    timezone: Annotated[str, typer.Option("--timezone", help="The recipient's time zone.", metavar="ZONE")] = "UTC",
    quiet: Annotated[str | None, typer.Option("--quiet", help="Hours in which only what is urgent is sent.", metavar="22-7")] = None,
    no_cleared: Annotated[bool, typer.Option("--no-cleared", help="Do not tell when an alarm is over.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Add a recipient. Asks for the address (an Apprise URL); never give it on the command line. See docs/operate/alarms.md."""
    from refloat.cli.notify import Asked, run_add

    asked = Asked(name, account, kind, from_worth or [], step or [], digest or [], asked_language(language or lang), timezone, quiet, not no_cleared)
    run_add(configured(), asked, as_json=as_json, language=asked_language(lang), clock=their_clock())


@notify.command()
def change(  # noqa: PLR0917 - one parameter an option
    name: Name,
    account: Annotated[list[str] | None, typer.Option("--account", help="Only this account; may be repeated. All by default.", metavar="ACCOUNT")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only this kind of alarm; may be repeated. All by default.", metavar="KIND")] = None,
    from_worth: Annotated[list[str] | None, typer.Option("--from-worth", help="Only from this worth on; one a currency. What is unknown is told.", metavar="'100 EUR'")] = None,
    step: Annotated[list[str] | None, typer.Option("--step", help="Steps of your own: stranded-long=30, deadline=7,1 (days); source-unknown=48, not-looked=6 (hours).", metavar="KIND=N,N")] = None,
    digest: Annotated[list[str] | None, typer.Option("--digest", help="daily, weekly, monthly; may be repeated.", metavar="WHEN")] = None,
    language: Annotated[str | None, typer.Option("--language", help="The recipient's language: en or zh-Hans; left out: as it is.", metavar="LANG")] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", help="The recipient's time zone; left out: as it is.", metavar="ZONE")] = None,
    quiet: Annotated[str | None, typer.Option("--quiet", help="Hours in which only what is urgent is sent.", metavar="22-7")] = None,
    no_cleared: Annotated[bool, typer.Option("--no-cleared", help="Do not tell when an alarm is over.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Change what a recipient is told, to exactly what the options say; the address stays."""
    from refloat.cli.notify import Asked, run_change

    asked = Asked(name, account, kind, from_worth or [], step or [], digest or [], asked_language(language) if language else "", timezone or "", quiet, not no_cleared)
    run_change(configured(), asked, as_json=as_json, language=asked_language(lang))


@notify.command("list")
def list_(as_json: AsJson = False, lang: Lang = None) -> None:
    """Every recipient: service and host, language, what they are told, digests. Addresses are never shown."""
    from refloat.cli.notify import run_list

    run_list(configured(), as_json=as_json, language=asked_language(lang))


@notify.command()
def remove(name: Name, as_json: AsJson = False, lang: Lang = None) -> None:
    """Forget a recipient's address; what was to be sent there is dropped."""
    from refloat.cli.notify import run_remove

    run_remove(configured(), name, as_json=as_json, language=asked_language(lang), clock=their_clock())


@notify.command()
def test(name: Name, as_json: AsJson = False, lang: Lang = None) -> None:
    """Send one message now, and say whether it was taken. Exit code 2: it was not."""
    from refloat.cli.notify import run_test

    raise typer.Exit(run_test(configured(), name, as_json=as_json, language=asked_language(lang)))


@notify.command()
def send(as_json: AsJson = False, lang: Lang = None) -> None:
    """Look at every account for alarms, and send what is due. Does once what refloat work does by itself."""
    from refloat.cli.notify import run_send

    run_send(configured(), as_json=as_json, language=asked_language(lang), clock=their_clock())


class _Alarms(TyperGroup):
    """``refloat alarms harbour`` lists: what is no command of its own is the account."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # typer's context is click's
        if not args or (args[0] not in self.commands and args[0] not in {"-h", "--help"}):
            args = ["show", *args]
        return super().parse_args(ctx, args)


alarms = typer.Typer(cls=_Alarms, rich_markup_mode=None, help="What somebody should know: refloat alarms [ACCOUNT] lists it.")

AlarmId = Annotated[int, typer.Argument(metavar="ID", help="The alarm's number.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stands in the journal.", metavar="TEXT")]


@alarms.command()
def show(
    account: Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="The account; all by default.")] = None,
    over: Annotated[bool, typer.Option("--over", help="Those too that ended in the last 30 days.")] = False,
    dead: Annotated[bool, typer.Option("--dead", help="Only the messages that were given up, and why.")] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the open alarms, who was told, and the messages that could not be delivered."""
    from refloat.cli.alarms import run_show

    run_show(configured(), account, over=over, dead=dead, as_json=as_json, language=asked_language(lang), clock=their_clock())


@alarms.command()
def ack(alarm: AlarmId, why: Why, by: By = None, as_json: AsJson = False, lang: Lang = None) -> None:
    """Take an alarm: nothing more is sent of it, until it is over. A removal date still climbs."""
    from refloat.cli.alarms import run_ack

    run_ack(configured(), alarm, by=by, why=why, as_json=as_json, language=asked_language(lang), clock=their_clock())


@alarms.command()
def snooze(  # noqa: PLR0917 - one parameter an option
    alarm: AlarmId,
    until: Annotated[str, typer.Option("--until", help="A day, or a moment in UTC.", metavar="YYYY-MM-DD[THH:MM]")],
    why: Why,
    by: By = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Let an alarm sleep; if it still holds then, it is told again."""
    from refloat.cli.alarms import run_snooze

    run_snooze(configured(), alarm, until, by=by, why=why, as_json=as_json, language=asked_language(lang), clock=their_clock())


@alarms.command()
def retry(
    letter: Annotated[int | None, typer.Argument(metavar="[ID]", help="One dead letter, by its number; all by default.")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Try messages that were given up again, from the start."""
    from refloat.cli.alarms import run_retry

    run_retry(configured(), letter, as_json=as_json, language=asked_language(lang), clock=their_clock())
