"""Accounts and their credentials: what is there, how old the client secret is, adding, rotating, checking, looking, removing. Nothing secret is ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from refloat.app import accounts
from refloat.app.account_check import checked
from refloat.app.accounts import REGIONS, SECRET_DAYS, Listed, issued_on, refuse_clear, refuse_name, region_of
from refloat.app.accounts import listed as listed_of
from refloat.app.live import line_of
from refloat.app.record import ClockOfStore
from refloat.clock import clock_of
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.looking import Look, last_look, look_now, others_at_it, tried_since
from refloat.console.rendering import shown
from refloat.console.settings_room import Form, accounts_seen, everywhere, gone_to, missing, of_account, worded
from refloat.console.watching import record
from refloat.errors import WrongUse
from refloat.knowledge.messages import trouble
from refloat.locale import translator
from refloat.model.alarm import ACCOUNT_SOURCE
from refloat.model.ports import Clock
from refloat.store import AccountRow, SourceRow, Unsealed
from refloat.wording.accounts import verdict_labels
from refloat.wording.labels import Say, report_titles
from refloat.wording.working import what_text

_SECRETS = ("client_id", "client_secret", "refresh_token")


@page("viewer")
def listed(request: Request) -> HttpResponse:
    """Every account that the person may see."""
    now = desk.clock().now()
    rows = [_row(listed_of(desk.store(), row, now), request) for row in accounts_seen(request.access)]
    return shown(request, "console/settings.html", {"rows": rows, "may_add": request.access.everywhere("admin"), "secret_days": SECRET_DAYS})


def _row(found: Listed, request: Request) -> dict[str, Any]:
    _ = translator(request.language)
    age = _("{days} days") if found.account.secret_issued_on else _("at least {days} days")
    troubled = [row for row in found.sources if row.trouble_code]
    looked = [row.last_good_at for row in found.sources if row.last_good_at and row.marketplace]
    return {
        "account": found.account,
        "places": [place.marketplace for place in found.places if place.participates],
        "suspended": [place.marketplace for place in found.places if place.suspended],
        "looked": moment(max(looked), _) if looked else _("never"),
        "troubles": len(troubled),
        "age": age.format(days=found.secret_days),
        "due": found.secret_due,
        "admin": request.access.may("admin", found.account.name),
    }


@everywhere("admin")
def add(request: Request) -> HttpResponse:
    """Add an account; what is secret is sealed, and never shown again."""
    form = Form(request, *_SECRETS)
    if request.method == "POST" and (made := _added(request, form)) is not None:
        messages.success(request, translator(request.language)("Account {name} is stored, its secrets sealed.").format(name=made.name))
        return gone_to("account", made.id)
    told = {"form": form, "regions": REGIONS}
    return shown(request, "console/settings_add.html", told, code=422 if form.wrong else 200)


def _added(request: Request, form: Form) -> AccountRow | None:
    _, store = translator(request.language), desk.store()
    name = form.text("name")
    with form.of("name"):
        refuse_name(name)
        store.accounts.refuse_taken(name)
    with form.of("region"):
        region_of(form.text("region"))
    with form.of("secret_issued_on"):
        day = issued_on(form.text("secret_issued_on") or None)
    for field in ("api_url", "token_url"):
        with form.of(field):
            refuse_clear(form.text(field) or None)
    secrets = [form.needed("client_id", _("Client id")), form.needed("client_secret", _("Client secret")), form.needed("refresh_token", _("Refresh token"))]
    seller = form.needed("seller_id", _("Seller id (merchant token)"))
    if not form.wrong:
        with form.of(""):
            urls = {"api_url": form.text("api_url") or None, "token_url": form.text("token_url") or None}
            return accounts.add(
                store, name, request.access.name, desk.clock().now(), unsealed=Unsealed(*secrets), region=region_of(form.text("region")), seller_id=seller, secret_issued_on=day, **urls
            )  # fmt: skip
    return None


@of_account("viewer")
def one(request: Request, row: AccountRow) -> HttpResponse:
    """One account: its marketplaces, its sources, who is at it."""
    return _page(request, row)


def _page(request: Request, row: AccountRow, *, code: int = 200, **more: Any) -> HttpResponse:
    store, _ = desk.store(), translator(request.language)
    found, access = listed_of(store, row, desk.clock().now()), request.access
    told = {
        "one": _row(found, request),
        "row": row,
        "added": moment(row.added_at, _),
        "rotated": moment(row.rotated_at, _) if row.rotated_at else "",
        "secret_days": SECRET_DAYS,
        "places": [{"name": place.marketplace, "store": place.store_name or "", "sells": place.participates, "suspended": place.suspended} for place in found.places],
        "sources": list(_sources(found, request.language, _)),
        "look": _look(last_look(row.name), request.language),
        "others": [{"what": what_text(other, request.language), "since": moment(other.begun_at, _), "worker": other.worker} for other in others_at_it(store, row.name)],
        "operator": access.may("operator", row.name),
        "admin": access.may("admin", row.name),
        "checks": None,
        "form": Form(request, *_SECRETS),
    }
    return shown(request, "console/settings_account.html", told | more, code=code)


def _sources(found: Listed, language: str, _: Say) -> Iterator[dict[str, str]]:
    titles = report_titles(language)
    for row in sorted(found.sources, key=lambda one: (one.marketplace, one.source)):
        if row.source != ACCOUNT_SOURCE or row.trouble_code:
            yield _source(row, titles, language, _)


def _source(row: SourceRow, titles: dict[str, str], language: str, _: Say) -> dict[str, str]:
    return {
        "place": row.marketplace or "–",
        "source": _("the whole account") if row.source == ACCOUNT_SOURCE else titles.get(row.source, row.source),
        "good": moment(row.last_good_at, _) if row.last_good_at else _("never"),
        "trouble": trouble(row.trouble_code, language) if row.trouble_code else "",
        "since": moment(row.troubled_since, _) if row.trouble_code and row.troubled_since else "",
    }


def _look(look: Look | None, language: str) -> dict[str, Any] | None:
    """How far the last look of this process is, or what it brought."""
    if look is None:
        return None
    say, titles = translator(language), report_titles(language)
    seen = [{"place": one.marketplace, "opened": one.opened, "back": one.came_back, "changed": one.changed, "closed": one.closed, "unknown": one.unknown} for one in look.seen]
    tried = [f"{row.marketplace} {titles.get(row.source, row.source)}" for row in tried_since(desk.store(), look)] if look.running else []
    wrong = worded(look.error, say) if look.error is not None else None
    return {"running": look.running, "by": look.by, "began": moment(look.began_at, say), "seen": seen, "tried": tried, "wrong": wrong}


@require_POST
@of_account("operator")
def look(request: Request, row: AccountRow) -> HttpResponse:
    """Begin a look; the page shows how far it is."""
    try:
        look_now(desk.store(), row.name, request.access.name, _own_clock())
    except WrongUse as error:
        return _page(request, row, code=409, wrong=worded(error, translator(request.language)))
    return gone_to("account", row.id)


def _own_clock() -> Clock:
    """What looks sleeps, and must not sleep for the pages."""
    return ClockOfStore(clock_of(desk.config().clock_url), desk.store())


@require_POST
@of_account("admin")
def check(request: Request, row: AccountRow) -> HttpResponse:
    """Try what Amazon lets the account do, by the cheapest calls."""
    say, store, clock = translator(request.language), desk.store(), _own_clock()
    words = verdict_labels(say)
    line = line_of(store, row.name, clock)
    try:
        found = list(checked(store, row.name, line, clock, (None, False, say)))
    finally:
        line.close()
    checks = [{"what": one.what, "place": one.marketplace or "", "verdict": words[one.verdict], "good": one.verdict == "ok", "said": one.said or "", "todo": one.todo or ""} for one in found]
    return _page(request, row, checks=checks)


@require_POST
@of_account("admin")
def rotate(request: Request, row: AccountRow) -> HttpResponse:
    """New credentials; what is left empty stays."""
    form, say = Form(request, *_SECRETS), translator(request.language)
    given = {name: form.text(name) or None for name in _SECRETS}
    with form.of("rotate"):
        if not any(given.values()):
            raise missing(say("A new client secret or refresh token"))
        accounts.rotate(desk.store(), row.name, request.access.name, desk.clock().now(), **given)
    if form.wrong:
        return _page(request, row, code=422, form=form)
    messages.success(request, say("The new credentials of {name} are stored, sealed by the newest key.").format(name=row.name))
    return gone_to("account", row.id)


@of_account("admin")
def remove(request: Request, row: AccountRow) -> HttpResponse:
    """Forget the credentials, after the name was typed again."""
    form, say = Form(request), translator(request.language)
    if request.method == "POST":
        with_history = form.ticked("with_history")
        with form.of("name"):
            if form.text("name") != row.name:
                raise WrongUse("The account {name} was not removed.", why="Its name was not typed again.", todo="Type it exactly as it stands above.", name=row.name)
            accounts.remove(desk.store(), row.name, request.access.name, desk.clock().now(), with_history=with_history)
            record(request, "account-removed", whom=row.name, **({"history": "yes"} if with_history else {}))
        if not form.wrong:
            messages.success(request, say("The account {name} is removed.").format(name=row.name))
            messages.warning(request, say("At Amazon the authorisation still stands: revoke it in Seller Central under Apps and Services > Manage Your Apps."))
            return gone_to("settings")
    return shown(request, "console/settings_remove.html", {"row": row, "form": form}, code=422 if form.wrong else 200)


def moment(at: datetime | None, _: Say) -> str:
    """A moment in UTC, as every page of the settings shows it."""
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else _("unknown")
