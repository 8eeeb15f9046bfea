"""``refloat plan``, ``apply``, ``verify``, ``undo``: what would be done, a person's word for it, and what became of it."""

from __future__ import annotations

import getpass
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from refloat.app.carrying import apply_plan, undo_plan
from refloat.app.endings import endings
from refloat.app.live import line_of
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.verdicts import verify_account
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.messages import proposed, text_of, writer
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.loop.act import Applied
from refloat.loop.verify import expected_at
from refloat.model.plan import Plan
from refloat.model.ports import Deed
from refloat.model.source import Warning
from refloat.store import Store, opened

#: So long after a cure ``refloat verify`` proposes what would have spared it.
_LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Shown:
    """Where a plan goes besides the screen."""

    json: bool = False
    file: Path | None = None
    html: Path | None = None


def run_plan(config: Config, asked: PlanQuestion, shown: Shown) -> int:
    """Make a plan and show it; nothing is sent.

    Raises:
        WrongUse: there is no such account, remedy or guard.
        NothingReadable: the account was never observed.
    """
    _known(asked)
    with opened(config) as store:
        clock = clock_of(config.clock_url)
        line = line_of(store, asked.account, clock)
        try:
            contradicted: list[Warning] = []
            plan = plan_account(store, asked, clock=clock, line=line, contradicted=contradicted)
        finally:
            line.close()
    for warning in contradicted:
        sys.stderr.write(text_of(warning, asked.language) + "\n")
    _show(plan, config, shown, asked.language)
    return 0


def run_show(config: Config, plan_id: str, shown: Shown, language: str) -> int:
    """Show a plan again, as it was made."""
    with opened(config) as store:
        plan = store.plans.get(plan_id)
    _show(plan, config, shown, language)
    return 0


def _known(asked: PlanQuestion) -> None:
    pages = catalogue().remedies
    if asked.remedy is not None and asked.remedy not in pages:
        raise WrongUse("There is no remedy {name}.", why="It is neither a remedy's name nor Amazon's word for one.", todo="refloat explain lists them all.", name=asked.remedy)
    liftable = sorted(name for name, row in table("guards").items() if row.get("lift"))
    if strange := sorted(asked.lifted - set(liftable)):
        raise WrongUse(
            "The guard {name} cannot be lifted.",
            why="It keeps goods, money or the account from harm, or there is none of that name.",
            todo="These can be: {names}.",
            name=strange[0],
            names=", ".join(liftable),
        )


def _show(plan: Plan, config: Config, shown: Shown, language: str) -> None:
    from refloat.cli.show.html_plan import write_html
    from refloat.cli.show.plan import show
    from refloat.cli.show.whole_file import whole_file

    text = json.dumps(plan.as_json(), ensure_ascii=False, indent=2) + "\n"
    if shown.file is not None:
        with whole_file(shown.file) as part:
            part.write_text(text, encoding="utf-8")
    if shown.html is not None:
        write_html(plan, catalogue(config.pages), shown.html, language)
    if shown.json:
        sys.stdout.write(text)
    else:
        show(plan, catalogue(config.pages), language)


@dataclass(frozen=True)
class Word:
    """A person's word for a plan: who, for which of its actions (none named: all), and how it was given."""

    by: str | None = None
    only: Sequence[str] = ()
    #: The beginning of the fingerprint, for a program that gives the word of a person; None: ask.
    fingerprint: str | None = None


def run_apply(config: Config, plan_id: str, word: Word, *, as_json: bool, language: str, ask: Callable[[str], str] = input) -> int:
    """Ask for consent where none was given yet, then carry the plan out; 0 done as far as it could be, 2 stopped at a surprise.

    Raises:
        PlanRefused: it is too old, too much has moved, or nobody approved it.
        WrongUse: there is no such plan or action, or the word was not given.
    """
    say = translator(language)
    with opened(config) as store:
        plan = store.plans.get(plan_id)
        _consent(store, config, plan, word, say, language, ask)
        applied = apply_plan(store, plan, only=word.only, clock=clock_of(config.clock_url))
    _tell(plan, applied, say, as_json=as_json)
    return 2 if applied.stopped else 0


def _consent(store: Store, config: Config, plan: Plan, word: Word, say: Callable[[str], str], language: str, ask: Callable[[str], str]) -> None:  # noqa: PLR0917
    from refloat.cli.show.plan import show
    from refloat.store.plans import chosen

    if strange := sorted(set(word.only) - {action.id for action in plan.actions}):
        raise WrongUse(
            "The plan {plan} has no action {name}.", why="An action is known by the id that the plan shows.", todo="Read the plan: refloat plan --show {plan}", plan=plan.id, name=strange[0]
        )
    wanted = set(word.only) or {action.id for action in plan.actions}
    if wanted <= chosen(store.plans.consents(plan.id), plan):
        return
    by = word.by or getpass.getuser()
    if word.fingerprint is None:
        if not sys.stdin.isatty() and ask is input:
            raise WrongUse(
                "Nobody approved the plan {plan}.",
                why="What writes to Amazon needs a person's word, and nobody can be asked here.",
                todo="Give it with --by NAME --consent {fingerprint}",
                plan=plan.id,
                fingerprint=plan.fingerprint[:12],
            )
        show(plan, catalogue(config.pages), language)
        final = sum(action.irreversible and action.undo is None for action in plan.actions if action.id in wanted)
        if final:
            sys.stderr.write(say("{count} of these actions cannot be undone.").format(count=final) + "\n")
        given = ask(say("Type the plan's id to approve {count} actions as {by}, or nothing to leave it: ").format(count=len(wanted), by=by))
        agreed = given.strip() == plan.id
    else:
        agreed = len(word.fingerprint) >= 12 and plan.fingerprint.startswith(word.fingerprint)
    if not agreed:
        raise WrongUse(
            "The plan {plan} was not approved, and nothing was sent.", why="What was typed is not its id, or its fingerprint.", todo="Read it again: refloat plan --show {plan}", plan=plan.id
        )
    store.plans.consent(plan, by, clock_of(config.clock_url).now(), None if not word.only else sorted(wanted))


def _tell(plan: Plan, applied: Applied, say: Callable[[str], str], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(_as_json(plan, applied), ensure_ascii=False, indent=2) + "\n")
        return
    counts = {
        "sent": applied.count("answered", "shown"),
        "refused": applied.count("refused"),
        "moved": applied.count("dropped"),
        "unclear": applied.count("unclear", "intended"),
        "stopped": applied.count("stopped", "planned"),
    }
    sys.stdout.write(say("{sent} sent, {refused} refused by Amazon, {moved} dropped because something had moved, {unclear} unclear, {stopped} not sent.").format(**counts) + "\n")
    for deed in applied.deeds.values():
        if deed.stage in {"refused", "dropped", "unclear"}:
            sys.stdout.write(f"  {deed.action_id} {deed.sku}: {deed.stage}; {_told(deed.told)}\n")
    for name, at in applied.later.items():
        sys.stdout.write("  " + say("{action}: the next step is due at {moment} UTC; apply the plan again then.").format(action=name, moment=f"{at:%Y-%m-%d %H:%M}") + "\n")
    if applied.stopped:
        sys.stdout.write(say("Stopped at the first surprise: {why}").format(why=applied.stopped) + "\n")
    elif applied.count("answered", "shown"):
        sys.stdout.write(say("That Amazon accepted it proves nothing yet: refloat observe {account} looks, refloat verify {account} tells.").format(account=plan.account) + "\n")


def _told(told: Mapping[str, object]) -> str:
    issues = told.get("issues")
    first = issues[0] if isinstance(issues, list) and issues else {}
    return str(first.get("message") or told.get("said") or told.get("moved") or told.get("why") or told.get("amazon") or "").split("\n")[0]


def _as_json(plan: Plan, applied: Applied) -> dict[str, object]:
    deeds = [{"action": deed.action_id, "sku": deed.sku, "stage": deed.stage, "step": deed.step, "verdict": deed.verdict, "told": dict(deed.told)} for deed in applied.deeds.values()]
    return {"plan": plan.id, "stopped": applied.stopped, "later": {name: at.isoformat() for name, at in applied.later.items()}, "actions": deeds}


#: Verdicts that a person should know of even when they are not new.
_TROUBLING = ("unchanged", "worse", "came-back")


def run_verify(config: Config, account: str, *, as_json: bool, language: str) -> int:
    """The verdicts by now; nothing is sent, and Amazon is not asked."""
    say = translator(language)
    with opened(config) as store:
        new = {(deed.plan_id, deed.action_id) for deed in verify_account(store, account, clock_of(config.clock_url))}
        judged, waiting = store.plans.judged(account), store.plans.waiting(account)
        proposals = _proposals(store, account, clock_of(config.clock_url).now().date(), language)
    if as_json:
        rows = [{**_verdict_json(deed), "new": (deed.plan_id, deed.action_id) in new} for deed in judged]
        sys.stdout.write(json.dumps({"account": account, "verdicts": rows, "waiting": len(waiting)}, ensure_ascii=False, indent=2) + "\n")
    else:
        _tell_verdicts([deed for deed in judged if deed.verdict in _TROUBLING or (deed.plan_id, deed.action_id) in new], say, language)
        counts = Counter(str(deed.verdict) for deed in judged)
        sys.stdout.write(say("Verdicts: {words}.").format(words=", ".join(f"{word} {count:,}" for word, count in sorted(counts.items())) or say("none yet")) + "\n")
        if waiting:
            moments = [at for deed in waiting if (at := expected_at(deed)) is not None]
            first = f"{min(moments):%Y-%m-%d %H:%M} UTC" if moments else "?"
            sys.stdout.write(say("{count} actions wait for theirs; the first usually shows by {moment}. Observe again then.").format(count=f"{len(waiting):,}", moment=first) + "\n")
        for text in proposals:
            sys.stdout.write(say("Proposed for next time: {what}").format(what=text) + "\n")
    return 0


def _proposals(store: Store, account: str, today: date, language: str) -> list[str]:
    """What would keep from coming back what was cured in the last days."""
    return proposed((one.cause for one in endings(store, account) if one.how == "cured" and one.cause and one.on and today - one.on <= _LATELY), language)


def _verdict_json(deed: Deed) -> dict[str, object]:
    plain = {"plan": deed.plan_id, "action": deed.action_id, "marketplace": deed.marketplace, "sku": deed.sku, "remedy": deed.remedy, "verdict": deed.verdict}
    return plain | {"at": deed.verdict_at.isoformat() if deed.verdict_at else None, "by": deed.told.get("by")}


def _tell_verdicts(deeds: Sequence[Deed], say: Callable[[str], str], language: str) -> None:
    for deed in deeds:
        by = say("changed back by: {writer}").format(writer=writer(str(deed.told["by"]), language)) if "by" in deed.told else ""
        sys.stdout.write(" · ".join(part for part in (f"{deed.sku} ({deed.marketplace})", deed.remedy, str(deed.verdict), by) if part) + "\n")


def run_undo(config: Config, plan_id: str, only: Sequence[str], shown: Shown, language: str) -> int:
    """Make a plan that puts back what another one changed; it needs a person's word like any other."""
    with opened(config) as store:
        plan = undo_plan(store, store.plans.get(plan_id), only, clock=clock_of(config.clock_url))
    _show(plan, config, shown, language)
    return 0
