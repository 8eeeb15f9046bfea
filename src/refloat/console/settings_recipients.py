"""Who is told of what, when and where. An address is a secret: it is typed, sealed, and shown by its service and host alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from refloat.app.recipients import digests_of, kinds_of, quiet_of, refuse_name, steps_of, test_sent, worths_of, zone_of
from refloat.console import desk
from refloat.console.access import Request
from refloat.console.rendering import shown
from refloat.console.settings_room import Form, everywhere, gone_to
from refloat.console.watching import record
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.model.alarm import KINDS, Wanted
from refloat.notify import addressed
from refloat.store import NewRecipient, RecipientRow
from refloat.wording.alarms import undelivered_text
from refloat.wording.recipients import digest_labels, kind_labels


@everywhere("admin")
def listed(request: Request) -> HttpResponse:
    """Every recipient, without the address."""
    _ = translator(request.language)
    kinds, digests = kind_labels(_), digest_labels(_)
    rows = [
        {
            "row": row,
            "kinds": _("all alarms") if row.wanted.kinds is None else _(", ").join(kinds[name] for name in KINDS if name in row.wanted.kinds),
            "accounts": _("all accounts") if row.wanted.accounts is None else _(", ").join(sorted(row.wanted.accounts)),
            "digests": _(", ").join(digests[name] for name in row.digests),
        }
        for row in desk.store().recipients.list()
    ]
    return shown(request, "console/settings_recipients.html", {"rows": rows})


@everywhere("admin")
def add(request: Request) -> HttpResponse:
    """Add a recipient; the address is sealed."""
    form, say = Form(request, "address"), translator(request.language)
    if request.method == "POST" and (new := _read(form, None)) is not None:
        with form.of(""):
            row = desk.store().recipients.add(new, desk.clock().now())
            record(request, "recipient-added", whom=row.name, where=row.shown)
            messages.success(request, say("{name} is told at {shown}; the address is stored sealed.").format(name=row.name, shown=row.shown))
            return gone_to("recipient", row.id)
    return _page(request, form, None)


@everywhere("admin")
def change(request: Request, number: int) -> HttpResponse:
    """Change what a recipient is told; an empty address keeps the old one."""
    form, row, say = Form(request, "address"), _recipient(number), translator(request.language)
    if request.method == "POST" and (new := _read(form, row)) is not None:
        with form.of(""):
            record(request, "recipient-changed", whom=row.name, where=desk.store().recipients.change(new).shown)
            messages.success(request, say("What {name} is told is changed.").format(name=row.name))
            return gone_to("recipients")
    return _page(request, form, row)


def _recipient(number: int) -> RecipientRow:
    found = next((row for row in desk.store().recipients.list() if row.id == number), None)
    if found is None:
        raise Http404
    return found


def _page(request: Request, form: Form, row: RecipientRow | None) -> HttpResponse:
    _ = translator(request.language)
    held = _held(form, row, posted=request.method == "POST")
    told = {
        "form": form,
        "row": row,
        "held": held,
        "kinds": [(name, text, name in held.kinds) for name, text in kind_labels(_).items()],
        "digests": [(name, text, name in held.digests) for name, text in digest_labels(_).items()],
        "accounts": [(one.name, one.name in held.accounts) for one in desk.store().accounts.list()],
    }
    return shown(request, "console/settings_recipient.html", told, code=422 if form.wrong else 200)


@dataclass(frozen=True)
class _Held:
    """What the boxes of the form show: as typed, else as on record."""

    kinds: list[str]
    digests: list[str]
    accounts: list[str]
    cleared: bool
    worth: str
    steps: str
    quiet: str
    language: str
    timezone: str


def _held(form: Form, row: RecipientRow | None, *, posted: bool) -> _Held:
    if posted or row is None:
        typed = {name: form.text(name) for name in ("worth", "steps", "quiet", "language")}
        return _Held(form.all("kind"), form.all("digest"), form.all("account"), form.ticked("cleared") or not posted, timezone=form.text("timezone") or "UTC", **typed)
    wanted = row.wanted
    return _Held(
        sorted(wanted.kinds or ()),
        list(row.digests),
        sorted(wanted.accounts or ()),
        row.cleared,
        ", ".join(f"{one.rounded():f} {one.currency}" for one in wanted.least_worth),
        "; ".join(f"{kind}={','.join(map(str, steps))}" for kind, steps in (wanted.steps or {}).items()),
        f"{row.quiet[0]}-{row.quiet[1]}" if row.quiet else "",
        row.language,
        row.timezone,
    )


def _read(form: Form, row: RecipientRow | None) -> NewRecipient | None:
    """The form as a recipient; None where anything is wrong with it."""
    found: dict[str, Any] = {}
    name = row.name if row else form.text("name")
    if row is None:
        with form.of("name"):
            refuse_name(name)
            desk.store().recipients.refuse_taken(name)
    url = shown_as = ""
    with form.of("address"):
        if form.text("address") or row is None:
            address = addressed(form.text("address"))
            url, shown_as = address.url, address.shown
    read: dict[str, Callable[[], Any]] = {
        "kinds": lambda: kinds_of(form.all("kind")),
        "worth": lambda: worths_of([one for one in form.text("worth").split(",") if one.strip()]),
        "steps": lambda: steps_of([one for one in form.text("steps").split(";") if one.strip()]),
        "digests": lambda: digests_of(form.all("digest")),
        "quiet": lambda: quiet_of(form.text("quiet") or None),
        "timezone": lambda: zone_of(form.text("timezone")),
        "accounts": lambda: _accounts(form.all("account")),
    }
    for field, how in read.items():
        with form.of(field):
            found[field] = how()
    if form.wrong:
        return None
    language = "zh-Hans" if form.text("language") == "zh-Hans" else "en"
    wanted = Wanted(found["accounts"], found["kinds"], found["worth"], found["steps"])
    return NewRecipient(name, url, shown_as, language, found["timezone"], wanted, found["digests"], found["quiet"], form.ticked("cleared"))


def _accounts(names: list[str]) -> frozenset[str] | None:
    """None chosen: all of them."""
    known = {row.name for row in desk.store().accounts.list()}
    if strange := [name for name in names if name not in known]:
        raise WrongUse("There is no account {name}.", why="It may have been removed meanwhile.", todo="Choose again.", name=strange[0])
    return frozenset(names) or None


@require_POST
@everywhere("admin")
def test(request: Request, number: int) -> HttpResponse:
    """Send one message now, and say whether it was taken."""
    row, say = _recipient(number), translator(request.language)
    why = test_sent(desk.store(), row)
    if why is None:
        messages.success(request, say("{shown} took the message.").format(shown=row.shown))
    else:
        messages.warning(request, say("{shown} did not take the message: {why}").format(shown=row.shown, why=undelivered_text(why, say)))
    return gone_to("recipient", row.id)


@everywhere("admin")
def remove(request: Request, number: int) -> HttpResponse:
    """Forget the address, after it was asked in words."""
    row, say = _recipient(number), translator(request.language)
    if request.method == "POST":
        desk.store().recipients.remove(row.name, desk.clock().now())
        record(request, "recipient-removed", whom=row.name)
        messages.success(request, say("{name} is told nothing any more; the address is forgotten.").format(name=row.name))
        return gone_to("recipients")
    return shown(request, "console/settings_recipient_remove.html", {"row": row})
