"""Invitations: an administrator hands a link over, and whoever is invited comes in by it, once."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from refloat.console import desk
from refloat.console.access import Request
from refloat.console.adapter import mailed
from refloat.console.guarding import page
from refloat.console.people import may_give, of_everywhere, overview
from refloat.console.rendering import shown
from refloat.console.watching import record
from refloat.errors import WrongUse
from refloat.locale import translator
from refloat.store.invitations import Arrival, InvitationRow
from refloat.store.models import Person
from refloat.store.names import INVITATION_DAYS

_MOST = 4096


@require_POST
@page("admin")
def invite(request: Request) -> HttpResponse:
    """Show the link, this once, and mail it where mails are sent."""
    form, _ = request.POST, translator(request.language)
    everything = form.get("all") == "yes"
    accounts = None if everything else form.getlist("account")
    if accounts != [] and not may_give(request.access, accounts):
        raise PermissionDenied("admin")
    email, role = form.get("email", "").strip(), form.get("role", "")
    try:
        token = desk.store().invitations.invite(email, role, accounts, by=request.access.name, at=timezone.now())
    except WrongUse as error:
        typed = {"email": email, "role": role, "accounts": accounts or [], "all": everything}
        wrong = [error.filled(_(part)) for part in (error.what, error.todo)]
        return shown(request, "console/people.html", overview(request, typed=typed, wrong=" ".join(wrong)), code=422)
    reach = {"role": role, "all": "yes"} if everything else {"role": role, "accounts": "\n".join(accounts or [])}
    record(request, "invited", whom=email.lower(), **reach)
    return _link_page(request, email.lower(), token, _("Refloat: an invitation"))


@require_POST
@page("admin")
def new_password(request: Request, person: int) -> HttpResponse:
    """A link for somebody who forgot their password: they choose another one."""
    row = of_everywhere(request, person)
    token = desk.store().invitations.new_password(row.id, by=request.access.name, at=timezone.now())
    record(request, "password-link-made", whom=row.name)
    return _link_page(request, row.email, token, translator(request.language)("Refloat: a new password"))


@require_POST
@page("admin")
def withdraw(request: Request, invitation: int) -> HttpResponse:
    """The link lets nobody in any more."""
    found = next((one for one in desk.store().invitations.open(timezone.now()) if one.id == invitation), None)
    if found is None or not may_give(request.access, found.accounts):
        raise Http404
    desk.store().invitations.withdraw(found.id, timezone.now())
    record(request, "invitation-withdrawn", whom=found.email)
    messages.success(request, translator(request.language)("The invitation of {email} is withdrawn.").format(email=found.email))
    return redirect("people")


def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person chooses a name, a language and a password, and is signed in; a second factor that they have is still asked for."""
    found = desk.store().invitations.find(token, timezone.now())
    if found is None:
        return _over(request)
    if request.method != "POST":
        return _form(request, found, [])
    form = request.POST
    wrong = _wrong_password(request, found)
    came = None
    if not wrong:
        language = "zh-Hans" if form.get("language") == "zh-Hans" else "en"
        try:
            came = desk.store().invitations.accept(token, name=form.get("name", ""), language=language, password=form["password"], at=timezone.now())
        except WrongUse as error:
            say = translator(request.language)  # type: ignore[attr-defined]
            wrong = [" ".join(error.filled(say(part)) for part in (error.what, error.todo))]
        else:
            return _over(request) if came is None else _welcomed(request, found, came)
    return _form(request, found, wrong, code=422)


def _welcomed(request: HttpRequest, found: InvitationRow, came: Arrival) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)
    person = Person.objects.get(pk=came.person_id)
    EmailAddress.objects.filter(user_id=person.pk).exclude(email__iexact=person.email).delete()
    EmailAddress.objects.update_or_create(user_id=person.pk, email=person.email, defaults={"verified": True, "primary": True})
    if found.person_id is None:
        Authenticator.objects.filter(user_id=person.pk).delete()
    record(request, "invitation-accepted" if found.person_id is None else "password-changed", by=person.name)
    for token in came.revoked:
        record(request, "token-revoked", by=person.name, whom=f"{token} ({person.name})")
    response: HttpResponse = perform_login(request, person, redirect_url=reverse("home"))
    return response


def _wrong_password(request: HttpRequest, found: InvitationRow) -> list[str]:
    say, password = translator(request.language), request.POST.get("password", "")  # type: ignore[attr-defined]
    if password != request.POST.get("again", ""):
        return [say("The two passwords differ.")]
    try:
        validate_password(password[:_MOST], Person(email=found.email, name=request.POST.get("name", "")[:_MOST]))
    except ValidationError as error:
        return list(error.messages)
    return [] if len(password) <= _MOST else [say("The password is too long.")]


def _form(request: HttpRequest, found: InvitationRow, wrong: list[str], *, code: int = 200) -> HttpResponse:
    language: str = request.language  # type: ignore[attr-defined]
    told = {
        "email": found.email,
        "newcomer": found.person_id is None,
        "wrong": wrong,
        "rules": password_validators_help_texts(),
        "name": request.POST.get("name", "")[:200],
        "chosen": request.POST.get("language") or language,
    }
    return shown(request, "console/invitation.html", told, code=code)


def _over(request: HttpRequest) -> HttpResponse:
    say = translator(request.language)  # type: ignore[attr-defined]
    fault = {
        "what": say("This invitation lets nobody in any more."),
        "why": say("Each works once, for {days} days, unless it is withdrawn.").format(days=INVITATION_DAYS),
        "todo": say("Ask for another one. If you used it already, sign in with your e-mail address."),
        "more": None,
    }
    return shown(request, "console/fault.html", {"fault": fault}, code=403)


def _link_page(request: Request, email: str, token: str, subject: str) -> HttpResponse:
    _ = translator(request.language)
    link = request.build_absolute_uri(reverse("invitation", args=[token]))
    text = _("{name} asks you to Refloat. Choose your password here, within {days} days:").format(name=request.access.name, days=INVITATION_DAYS)
    sent = mailed(email, subject, f"{text}\n\n{link}\n")
    return shown(request, "console/people_link.html", {"email": email, "link": link, "mailed": sent, "days": INVITATION_DAYS})
