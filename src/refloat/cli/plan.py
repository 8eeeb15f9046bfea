"""``refloat plan``, ``apply``, ``verify``, ``undo``: what would be done, a person's word for it, and what became of it."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from refloat.app.carrying import apply_plan, settle_order, undo_plan
from refloat.app.endings import endings
from refloat.app.live import line_of
from refloat.app.naming import by_own_name
from refloat.app.planning import PlanQuestion, plan_account
from refloat.app.policies import approved_now, named, notes_on_record, words_that_hold
from refloat.app.verdicts import verify_account
from refloat.cli.asking import LeftUnanswered, typed
from refloat.cli.stopping import stop_at_once
from refloat.clock import clock_of
from refloat.config import Config
from refloat.errors import WrongUse
from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.messages import proposed, remark_text, text_of
from refloat.knowledge.tables import table
from refloat.locale import translator
from refloat.loop.verify import expected_at
from refloat.model.cure import Wishes
from refloat.model.notes import Notes
from refloat.model.plan import Plan
from refloat.model.remark import Remark
from refloat.model.source import Warning
from refloat.store import Store, opened

#: So much of a fingerprint is a word for this plan and no other.
_LEAST_LETTERS = 12
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
        WrongUse: there is no such account, reason, remedy, SKU or guard.
        NothingReadable: the account was never observed.
    """
    _known(asked)
    with opened(config) as store:
        asked = _with_notes(store, asked)
        clock = clock_of(config.clock_url)
        line = line_of(store, asked.account, clock)
        try:
            warnings: list[Warning] = []
            plan = plan_account(store, asked, clock=clock, line=line, warnings=warnings)
        finally:
            line.close()
    for warning in warnings:
        sys.stderr.write(text_of(warning, asked.language) + "\n")
    _show(plan, config, shown, asked.language)
    return 0


def _with_notes(store: Store, asked: PlanQuestion) -> PlanQuestion:
    """Without a file of notes those on record hold, so that a hold is one for a plan made by hand as well."""
    if asked.notes != Notes() or asked.wishes != Wishes() or asked.filled is not None:
        return asked
    notes, wishes = notes_on_record(store, asked.account)
    return replace(asked, notes=notes, wishes=wishes)


def run_show(config: Config, plan_id: str, shown: Shown, language: str) -> int:
    """Show a plan again, as it was made."""
    with opened(config) as store:
        plan = store.plans.get(plan_id)
    _show(plan, config, shown, language)
    return 0


def _known(asked: PlanQuestion) -> None:
    by_own_name(asked)
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
    from refloat.wording.whole_file import told_where, whole_file

    text = json.dumps(plan.as_json(), ensure_ascii=False, indent=2) + "\n"
    if shown.file is not None:
        with told_where(shown.file), whole_file(shown.file) as part:
            part.write_text(text, encoding="utf-8")
    if shown.html is not None:
        with told_where(shown.html):
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


def run_apply(config: Config, plan_id: str, word: Word, *, as_json: bool, language: str, ask: Callable[[str], str] | None = None) -> int:
    """Ask for consent where none was given yet, then carry the plan out; 0 done as far as it could be, 2 stopped at a surprise.

    Raises:
        PlanRefused: it is too old, too much has moved, or nobody approved it.
        WrongUse: there is no such plan or action, or the word was not given.
    """
    from refloat.cli.show.verdicts import applied_json, tell_applied

    say = translator(language)
    with opened(config) as store:
        plan = store.plans.get(plan_id)
        if not plan.actions:
            raise WrongUse("The plan {plan} has no action.", why="All that it names is left alone, so there is nothing to approve.", todo="Read the plan: refloat plan --show {plan}", plan=plan.id)
        _consent(store, config, plan, word, language=language, ask=ask)
        if more := _unspoken(store, config, plan, word):
            sys.stderr.write(say("Another person’s word is needed for {count} actions, or one of those whom the policy names: {names}").format(count=len(more), names=", ".join(more[:10])) + "\n")
        stop_at_once(say("Stopped. What was sent is on record, and nothing is sent twice; to go on: refloat apply {plan}").format(plan=plan.id))
        sys.stderr.write(say("Carrying it out; after the first changes it waits until Amazon shows them, mostly some minutes ...") + "\n")
        applied = apply_plan(store, plan, only=word.only, clock=clock_of(config.clock_url), tell=partial(_tell, language))
    if as_json:
        sys.stdout.write(json.dumps(applied_json(plan, applied), ensure_ascii=False, indent=2) + "\n")
    else:
        tell_applied(plan, applied, language)
    return 2 if applied.stopped else 0


def _tell(language: str, remark: Remark) -> None:
    """A stage of the run, as soon as it begins: waiting may take half an hour."""
    sys.stderr.write(remark_text(remark, language) + "\n")
    sys.stderr.flush()


def _consent(store: Store, config: Config, plan: Plan, word: Word, *, language: str, ask: Callable[[str], str] | None) -> None:
    if strange := sorted(set(word.only) - {action.id for action in plan.actions}):
        raise WrongUse(
            "The plan {plan} has no action {name}.", why="An action is known by the id that the plan shows.", todo="Read the plan: refloat plan --show {plan}", plan=plan.id, name=strange[0]
        )
    wanted = set(word.only) or {action.id for action in plan.actions}
    if wanted <= _approved(store, config, plan):
        return
    by = named(word.by or _own_name(plan))
    given = _asked(config, plan, wanted, by, language=language, ask=ask) if word.fingerprint is None else word.fingerprint
    if not (given == plan.id if word.fingerprint is None else len(given) >= _LEAST_LETTERS and plan.fingerprint.startswith(given)):
        raise WrongUse(
            "The plan {plan} was not approved, and nothing was sent.",
            why="What was given is not its id, or not the first {least} letters of its fingerprint.",
            todo="Read it again: refloat plan --show {plan}",
            plan=plan.id,
            least=_LEAST_LETTERS,
        )
    store.plans.consent(plan, by, clock_of(config.clock_url).now(), None if not word.only else sorted(wanted))


def _unspoken(store: Store, config: Config, plan: Plan, word: Word) -> list[str]:
    """What one word is not enough for, by the account's policy."""
    wanted = set(word.only) or {action.id for action in plan.actions}
    return sorted(wanted - _approved(store, config, plan))


def _approved(store: Store, config: Config, plan: Plan) -> frozenset[str]:
    now = clock_of(config.clock_url).now()
    return approved_now(store, plan, words_that_hold(store, plan, now), now)


def _own_name(plan: Plan) -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        # In a container the user often has a number and no name.
        raise WrongUse("It is not known who approves the plan {plan}.", why="The user of this machine has no name.", todo="Give it with --by NAME.", plan=plan.id) from error


def _asked(config: Config, plan: Plan, wanted: Collection[str], by: str, *, language: str, ask: Callable[[str], str] | None) -> str:
    """Show what would be approved, and ask; on stderr, so that stdout holds the answer alone."""
    from refloat.cli.show.plan import show

    if ask is None and not sys.stdin.isatty():
        raise WrongUse(
            "Nobody approved the plan {plan}.",
            why="What writes to Amazon needs a person's word, and nobody can be asked here.",
            todo="Read it (refloat plan --show {plan}), then: refloat apply {plan} --by NAME --consent {fingerprint}",
            plan=plan.id,
            fingerprint=plan.fingerprint[:_LEAST_LETTERS],
        )
    say = translator(language)
    show(plan, catalogue(config.pages), language, only=wanted, out=sys.stderr)
    final = sum(action.irreversible and action.undo is None for action in plan.actions if action.id in wanted)
    if final:
        sys.stderr.write("\n" + say("{count} of these actions cannot be undone.").format(count=f"{final:,}") + "\n")
    prompt = "\n" + say("Type the plan's id to approve {count} actions as {by}, or nothing to leave it: ").format(count=f"{len(wanted):,}", by=by)
    return (ask or _typed)(prompt).strip()


def _typed(prompt: str) -> str:
    try:
        return typed(prompt)
    except LeftUnanswered:
        # No word was given; that nothing was sent is said with it.
        return ""


def run_verify(config: Config, account: str, *, as_json: bool, language: str) -> int:
    """The verdicts by now; nothing is sent, and Amazon is not asked."""
    from refloat.cli.show.verdicts import tell_verdicts, verdict_json

    with opened(config) as store:
        new = {(deed.plan_id, deed.action_id) for deed in verify_account(store, account, clock_of(config.clock_url))}
        judged, waiting = store.plans.judged(account), store.plans.waiting(account)
        proposals = _proposals(store, account, clock_of(config.clock_url).now().date(), language)
    if as_json:
        rows = [verdict_json(deed, new=(deed.plan_id, deed.action_id) in new) for deed in judged]
        sys.stdout.write(json.dumps({"account": account, "verdicts": rows, "waiting": len(waiting)}, ensure_ascii=False, indent=2) + "\n")
    else:
        tell_verdicts(judged, new, [expected_at(deed) for deed in waiting], catalogue(config.pages), language)
        for text in proposals:
            sys.stdout.write(translator(language)("Proposed for next time: {what}").format(what=text) + "\n")
    return 0


def run_settle(config: Config, account: str, order: str, *, made: bool, by: str | None, language: str) -> int:
    """Take a person's word for whether Amazon made a removal order; nothing is sent."""
    say = translator(language)
    with opened(config) as store:
        count = settle_order(store, account, order, by or getpass.getuser(), made=made, clock=clock_of(config.clock_url))
    sys.stdout.write(say("{order}: {count} actions are settled by your word.").format(order=order, count=count) + "\n")
    return 0


def _proposals(store: Store, account: str, today: date, language: str) -> list[str]:
    """What would keep from coming back what was cured in the last days."""
    return proposed((one.cause for one in endings(store, account) if one.how == "cured" and one.cause and one.on and today - one.on <= _LATELY), language)


def run_undo(config: Config, plan_id: str, only: Sequence[str], shown: Shown, language: str) -> int:
    """Make a plan that puts back what another one changed; it needs a person's word like any other."""
    with opened(config) as store:
        plan = undo_plan(store, store.plans.get(plan_id), only, clock=clock_of(config.clock_url))
    _show(plan, config, shown, language)
    return 0
