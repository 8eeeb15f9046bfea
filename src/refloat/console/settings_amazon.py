"""Amazon's own settings: as they were read in Seller Central, what Amazon will do by them and on which day, and what would spare it; what is held or left alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse

from refloat.app.amazon_settings import enter_settings, settings_on_record
from refloat.app.audit import Audit, Event, Setting, audited
from refloat.app.policies import in_force, notes_on_record
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.faults import refused
from refloat.console.rendering import shown
from refloat.console.rows import Wording
from refloat.console.settings_room import Form, gone_to, of_account, worded
from refloat.errors import NothingReadable, WrongUse
from refloat.locale import translator
from refloat.model.notes import Settings
from refloat.reports.wishes import DISPOSITIONS
from refloat.store import AccountRow
from refloat.wording.automatic import event_text
from refloat.wording.labels import Say, worth_text
from refloat.wording.plans import value_label
from refloat.wording.policy import out_entered_text, out_text, setting_labels

_SKUS, _EVENTS, _OUT = 5, 60, 200
_DAYS = ("automatic_relist_days", "automatic_change_to_fba_days", "removal_days")
_SWITCHES = ("automatic_relist", "automatic_change_to_fba")


@of_account("viewer")
def audit(request: Request, row: AccountRow) -> HttpResponse:
    """What Amazon will do by itself; and, for administrators, the settings as they are read today."""
    form, say = Form(request), translator(request.language)
    if request.method == "POST":
        if not request.access.may("admin", row.name):
            return refused(request, "admin")
        settings = _read(form, say)
        if not form.wrong:
            with form.of(""):
                entered = enter_settings(desk.store(), row.name, settings, request.access.name, desk.clock().now())
                messages.success(request, say("Amazon’s settings are entered as read on {day}; version {version} of the notes.").format(day=settings.looked_up_on, version=entered.version))
                return gone_to("amazon", row.id)
    return _page(request, row, form)


def _read(form: Form, say: Say) -> Settings:
    """The settings that the form says; an empty number is Amazon's default."""
    labels = setting_labels(say)
    relist, change, removal = (form.number(name, labels[name]) for name in _DAYS)
    relists, changes = (form.text(name) != "off" for name in _SWITCHES)
    disposition = form.text("removal_disposition") or None
    with form.of("removal_disposition"):
        if disposition is not None and disposition not in DISPOSITIONS:
            raise WrongUse("Amazon knows no disposition {name}.", why="It removes in one of three ways.", todo="Choose one of these: {names}.", name=disposition[:40], names=", ".join(DISPOSITIONS))
    read = form.day("looked_up_on", labels["looked_up_on"]) or desk.clock().now().date()
    with form.of("looked_up_on"):
        if read > desk.clock().now().date():
            raise WrongUse("{day} is still to come.", why="The day tells when somebody read the settings.", todo="Give the day on which you read them in Seller Central.", day=read)
    return Settings(relist, change, removal, relists, changes, disposition, read)


def _page(request: Request, row: AccountRow, form: Form) -> HttpResponse:
    store, _ = desk.store(), translator(request.language)
    wording = Wording(desk.known(), request.language, desk.clock().now().date())
    found: Audit | None = None
    wrong = None
    try:
        found = audited(store, row.name, desk.clock())
    except NothingReadable as error:
        wrong = worded(error, _)
    entered = sorted(store.sku_notes.now(row.name, ("opt-out",)), key=lambda one: one.sku)
    notes, policy, today = notes_on_record(store, row.name)[0], in_force(store, row.name).policy, desk.clock().now().date()
    told = {
        "row": row,
        "form": form,
        "wrong": wrong,
        "known": found is not None,
        "events": [_event(one, wording) for one in (found.events if found else ())[:_EVENTS]],
        "more": max(0, len(found.events) - _EVENTS) if found else 0,
        "settings": list(_settings(found.settings if found else (), _)),
        "now": settings_on_record(store, row.name),
        "labels": setting_labels(_),
        "dispositions": [(name, value_label(name, _)) for name in DISPOSITIONS],
        "today": today.isoformat(),
        "holds": sorted(notes.holds.items(), key=lambda one: (one[1], one[0])),
        "out": [*sorted(notes.opted_out)],
        "entered": [(one.sku, out_entered_text(one, _)) for one in entered[:_OUT]],
        "entered_more": max(0, len(entered) - _OUT),
        "rules": [out_text(one, desk.known(), request.language) for one in policy.opt_outs],
        "versions": [{"version": one.version, "by": one.by, "at": f"{one.at:%Y-%m-%d %H:%M} UTC"} for one in store.policies.history(row.name, "notes")],
        "operator": request.access.may("operator", row.name),
        "admin": request.access.may("admin", row.name),
    }
    return shown(request, "console/settings_amazon.html", told, code=422 if form.wrong else 200)


def _event(one: Event, wording: Wording) -> dict[str, Any]:
    _ = wording._
    leaves = one.what not in {"relist", "change-to-fba"}
    return {
        "text": event_text(one, _),
        "leaves": leaves,
        "skus": _(", ").join(one.skus[:_SKUS]),
        "more": max(0, len(one.skus) - _SKUS),
        "worth": worth_text(one.worth, _),
        "unpriced": one.worth_unknown,
        "fee": worth_text(one.fee, _) if one.fee else _("unknown"),
        "instead": [f"{wording.remedy(name)} {count:,}" for name, count in one.instead.items()] if leaves else [],
    }


def _settings(found: tuple[Setting, ...], _: Say) -> Iterator[dict[str, Any]]:
    labels = setting_labels(_)
    for one in found:
        yield {"name": labels[one.name], "value": _value(one.value, _), "since": one.since.isoformat() if one.since else "", "old": one.old}


def _value(value: Any, _: Say) -> str:
    if value is None:
        return _("not entered, so Amazon’s default is reckoned with")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return value.isoformat() if isinstance(value, date) else value_label(str(value), _)
