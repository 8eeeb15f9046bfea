"""The policy of an account: what holds, in sentences; versions and their differences; a candidate with its problems and what it would have done; standing consents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from refloat.app.policies import confirm_policy, enter_policy, give_standing, in_force, named, notes_on_record, standing_for, standing_now
from refloat.app.policy_text import DiffLine, difference, line_of
from refloat.app.policy_trial import BECAME, Acted, Comparison, Trial, compared
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.console.settings_accounts import moment
from refloat.console.settings_room import Form, gone_to, missing, of_account, worded
from refloat.errors import WrongUse
from refloat.knowledge.policies_read import PolicyWrong, policy_of, shipped
from refloat.knowledge.tables import marketplaces
from refloat.locale import translator
from refloat.model.policy import StandingConsent
from refloat.store import AccountRow, EnteredRow
from refloat.wording.labels import Say
from refloat.wording.policy import left_labels, sentences, untold_labels

#: A policy is some pages long at most; so many strandings of a trial are named.
_TEXT_MOST, _NAMED = 100_000, 50


@of_account("viewer")
def shown_now(request: Request, row: AccountRow) -> HttpResponse:
    """What holds now."""
    return _page(request, row)


def _page(request: Request, row: AccountRow, *, code: int = 200, **more: Any) -> HttpResponse:
    store, _ = desk.store(), translator(request.language)
    force = in_force(store, row.name)
    standing, addresses = standing_now(store, row.name), notes_on_record(store, row.name)[1].addresses
    told = {
        "row": row,
        "version": force.version,
        "by": force.by,
        "at": moment(force.at, _) if force.at else "",
        "unconfirmed": moment(force.unconfirmed_since, _) if force.unconfirmed_since else "",
        "told": list(sentences(force.policy, desk.known(), request.language)),
        "versions": [_version(one, _) for one in store.policies.history(row.name, "policy")],
        "consents": [_consent(one, (force.policy.removal.hash, addresses), desk.clock().now().date(), _) for one in reversed(standing)],
        "currencies": sorted({place.currency for place in marketplaces().values()}),
        "admin": request.access.may("admin", row.name),
        "approver": request.access.may("approver", row.name),
        "form": Form(request),
    }
    return shown(request, "console/settings_policy.html", told | more, code=code)


def _version(one: EnteredRow, _: Say) -> dict[str, Any]:
    return {"version": one.version, "by": one.by, "at": moment(one.at, _), "hash": one.hash[:12]}


def _consent(one: StandingConsent, holds: tuple[str, Mapping[str, Mapping[str, str]]], today: date, _: Say) -> dict[str, Any]:
    """``holds``: the removal rule's hash, and the return addresses by marketplace, as they are now."""
    rule, addresses = holds
    over = one.revoked_at is not None or one.rule_hash != rule or today > one.expires_on
    if one.revoked_at is not None:
        state = _("revoked by {name} at {at}").format(name=one.revoked_by or "?", at=moment(one.revoked_at, _))
    elif one.rule_hash != rule:
        state = _("over: the removal rule has changed since")
    elif not over and (not one.addresses or one.moved(addresses)):
        state = _("the return address has changed ({places}); give it anew").format(places=", ".join(one.moved(addresses)) or "?")
    else:
        state = _("over since {day}").format(day=one.expires_on) if over else _("until {day}").format(day=one.expires_on)
    return {
        "id": one.id,
        "by": one.by,
        "given": moment(one.given_at, _),
        "units": f"{one.units_used:,} / {one.units_most:,}",
        "fee": f"{one.fee_used:,.2f} / {one.fee_most:,.2f} {one.currency}",
        "state": state,
        "revocable": one.revoked_at is None,
    }


@require_POST
@of_account("admin")
def confirm(request: Request, row: AccountRow) -> HttpResponse:
    """A named person says that the policy which came back with a backup shall hold."""
    say = translator(request.language)
    try:
        entered = confirm_policy(desk.store(), row.name, request.access.name, desk.clock().now())
    except WrongUse as error:
        return _page(request, row, code=409, wrong=worded(error, say))
    messages.success(request, say("Version {version} of the policy holds now, entered by {name}.").format(version=entered.version, name=entered.by))
    return gone_to("policy", row.id)


@of_account("admin")
def edit(request: Request, row: AccountRow) -> HttpResponse:
    """A candidate: every problem beside each other, the difference to what holds, and what it would have done; entered only after that was shown."""
    store, say = desk.store(), translator(request.language)
    before = store.policies.newest(row.name, "policy")
    held = shipped("fresh") if before is None else before.text
    if request.method != "POST":
        return _candidate(request, row, held, _begun_from(request, row, held), say)
    text = (request.POST.get("text") or "")[: _TEXT_MOST + 1].replace("\r\n", "\n")
    problems: Sequence[WrongUse] = ()
    try:
        if len(text) > _TEXT_MOST:
            raise WrongUse("The policy is longer than {most} characters.", why="A policy that nobody reads is none.", todo="Leave out what does not belong to it.", most=f"{_TEXT_MOST:,}")
        candidate = policy_of(text)
        if request.POST.get("how") == "enter" and request.POST.get("tried") == candidate.hash:
            entered = enter_policy(store, row.name, text, request.access.name, desk.clock().now())
            messages.success(request, say("Version {version} of the policy holds now, entered by {name}.").format(version=entered.version, name=entered.by))
            return gone_to("policy", row.id)
        tried = compared(store, row.name, candidate, desk.clock().now())
    except PolicyWrong as wrong:
        problems = wrong.problems
    except WrongUse as wrong:
        problems = (wrong,)
    else:
        return _candidate(request, row, held, text, say, trial=_trial(tried, request), tried=candidate.hash)
    told = sorted(({**worded(one, say), "line": line_of(text, one)} for one in problems), key=lambda one: one["line"] or 0)
    return _candidate(request, row, held, text, say, problems=told)


def _begun_from(request: Request, row: AccountRow, held: str) -> str:
    """The text that is edited: what holds, what ships as recommended, or an older version."""
    wanted = request.GET.get("from", "")
    if wanted in {"recommended", "fresh"}:
        return shipped(wanted)
    return next((one.text for one in desk.store().policies.history(row.name, "policy") if str(one.version) == wanted), held)


def _candidate(request: Request, row: AccountRow, held: str, text: str, _: Say, **more: Any) -> HttpResponse:
    try:
        parts = list(sentences(policy_of(text), desk.known(), request.language))
    except PolicyWrong:
        parts = []
    told = {"row": row, "text": text, "diff": difference(held, text), "problems": [], "trial": None, "tried": "", "said": parts, "recommended": request.GET.get("from") == "recommended"}
    return shown(request, "console/settings_candidate.html", told | more, code=422 if more.get("problems") else 200)


def _trial(found: Comparison, request: Request) -> dict[str, Any]:
    """What both policies would have done, in words."""
    _ = translator(request.language)
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    became = {"cured": _("stayed cured"), "came-back": _("came back"), "otherwise": _("ended otherwise, such as sold out"), "open": _("still open"), "unknown": _("unknown")}
    left, untold = left_labels(_), untold_labels(_)
    codes = sorted(found.now.left.keys() | found.then.left.keys(), key=lambda code: -found.then.left.get(code, 0))
    return {
        "strandings": f"{found.strandings:,}",
        "since": found.since.date().isoformat() if found.since else "",
        "any": found.strandings > 0,
        "then": _sentence(found.then, _),
        "now": _sentence(found.now, _),
        "rows": [(text, f"{found.now.became[word]:,}", f"{found.then.became[word]:,}") for word, text in became.items() if word in BECAME],
        "acted": (f"{len(found.now.acted):,}", f"{len(found.then.acted):,}"),
        "same": (f"{found.now.same:,}", f"{found.then.same:,}"),
        "lately": (f"{found.now.lately:,}", f"{found.then.lately:,}"),
        "left": [(left.get(code, code), f"{found.now.left.get(code, 0):,}", f"{found.then.left.get(code, 0):,}") for code in codes],
        "lists": [
            (_("Only the candidate would have acted on"), [_acted(one, became, wording, _) for one in found.newly[:_NAMED]], f"{len(found.newly):,}"),
            (_("Only the policy in force would have acted on"), [_acted(one, became, wording, _) for one in found.no_longer[:_NAMED]], f"{len(found.no_longer):,}"),
        ],
        "untold": list(untold.values()),
    }


def _sentence(trial: Trial, _: Say) -> str:
    """As one says it: how many, and what became of them."""
    if not trial.acted:
        return _("would have acted on nothing")
    words = {"cured": _("{count} stayed cured"), "came-back": _("{count} came back"), "otherwise": _("{count} ended otherwise"), "open": _("{count} are still open"), "unknown": _("{count} unknown")}
    told = _(", ").join(text.format(count=f"{trial.became[word]:,}") for word, text in words.items() if trial.became[word])  # type: ignore[index]
    return _("would have acted on {count} strandings: {became}").format(count=f"{len(trial.acted):,}", became=told)


def _acted(one: Acted, became: dict[str, str], wording: Wording, _: Say) -> dict[str, str]:
    return {"sku": one.sku, "place": one.marketplace, "remedy": wording.remedy(one.remedy), "cause": wording.cause(one.cause), "at": moment(one.at, _), "became": became[one.became]}


@of_account("viewer")
def versions(request: Request, row: AccountRow) -> HttpResponse:
    """The difference between two versions of the policy, or of the notes."""
    kind = "notes" if request.GET.get("kind") == "notes" else "policy"
    if kind == "notes" and not request.access.may("operator", row.name):
        raise Http404  # the notes hold addresses
    known = {str(one.version): one for one in desk.store().policies.history(row.name, kind)}
    after, _ = known.get(request.GET.get("to", "")), translator(request.language)
    if after is None:
        raise Http404
    before = known.get(request.GET.get("since") or str(after.version - 1))
    lines: list[DiffLine] = difference("" if before is None else before.text, after.text)
    told = {"row": row, "kind": kind, "before": before and _version(before, _), "after": _version(after, _), "lines": lines, "text": after.text, "known": [_version(one, _) for one in known.values()]}
    return shown(request, "console/settings_versions.html", told)


@require_POST
@of_account("approver")
def consent(request: Request, row: AccountRow) -> HttpResponse:
    """Give a standing consent: returns only, under exactly the removal rule that holds now."""
    form, say, store = Form(request), translator(request.language), desk.store()
    units, until = form.number("units", say("The units")), form.day("until", say("The last day"))
    for name, value, label in (("units", units, say("The units")), ("until", until, say("The last day"))):
        with form.of(name):
            if value is None and name not in form.wrong:
                raise missing(label)
    with form.of("fee"):
        fee = _amount(form.text("fee"))
    if not form.wrong and units is not None and until is not None:
        with form.of("consent"):
            word = standing_for(store, row.name, request.access.name, (units, fee, form.text("currency")), until, desk.clock().now())
            given = give_standing(store, row.name, word)
            messages.success(request, say("Standing consent {id} is given by {name}, until {day}.").format(id=given.id, name=given.by, day=given.expires_on))
            return gone_to("policy", row.id)
    return _page(request, row, code=422, form=form)


def _amount(text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(text) > 15:
        raise WrongUse("“{text}” is no amount.", why="A standing consent has a ceiling that can be counted.", todo="Write it as in 150.00.", text=text[:40])
    return found


@require_POST
@of_account("approver")
def revoke(request: Request, row: AccountRow, number: int) -> HttpResponse:
    """End a standing consent at once; what was sent under it stays sent."""
    say, store = translator(request.language), desk.store()
    try:
        store.policies.revoke(row.name, number, named(request.access.name), desk.clock().now())
    except WrongUse as error:
        return _page(request, row, code=409, wrong=worded(error, say))
    messages.success(request, say("Standing consent {id} has ended; what was sent under it stays sent.").format(id=number))
    return gone_to("policy", row.id)
