"""How allauth does things here: nobody signs up, mails are ours, and what goes wrong is on record."""

from __future__ import annotations

import logging
import smtplib
import threading
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import get_language

from refloat.console import desk
from refloat.locale import translator
from refloat.store.models import Person

_log = logging.getLogger(__name__)


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, but that the person of a session is read by a question that nothing has to be compiled for: every page asks it."""

    def get_user(self, user_id: int) -> Person | None:
        """The person, as long as they may come in."""
        found = next(iter(Person.objects.raw("SELECT * FROM store_person WHERE id = %s", [user_id])), None)
        return found if found is not None and self.user_can_authenticate(found) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Signing in, and what belongs to it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as allauth calls it
        """People are invited."""
        return False

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever came by a link and has neither password nor second factor has nothing to show again."""
        user = self.request.user
        return bool(super().is_reauthentication_required(app=app, **more) and self.get_reauthentication_methods(user))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """On record, with the address only where somebody signs in with it: people type passwords there."""
        from refloat.console.watching import record

        email = credentials.get("email") or ""
        known = Person.objects.filter(email__iexact=email).exists()
        record(request, "sign-in-failed", whom=email.lower() if known else "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our words, and apart: how long an answer takes must not tell whether there is such a person."""
        subject, text = mail_text(template_prefix, context, "zh-Hans" if (get_language() or "").startswith("zh") else "en")
        if text:
            mailed(email, subject, text)

    def add_message(self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **more: Any) -> None:
        """Not each time somebody comes or goes."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **more)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors and passkeys."""

    def encrypt(self, text: str) -> str:
        """A secret of ours is never written in clear."""
        return "|".join(desk.keys().sealed(text))

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of an app that shows codes, or of the recovery codes."""
        sealed, _, key = encrypted_text.rpartition("|")
        return desk.keys().unsealed(sealed, key)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name under which a device keeps the passkey, and the host it is for."""
        made: dict[str, str] = super().get_public_key_credential_rp_entity()
        return made | {"name": "Refloat"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """As a device shows whose passkey it is."""
        made: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return made | {"name": getattr(user, "email", ""), "display_name": getattr(user, "name", "")}


def mail_text(kind: str, told: dict[str, Any], language: str) -> tuple[str, str]:
    """(subject, text) of a mail of allauth's in our words; empty where none is sent."""
    _ = translator(language)
    end = "\n\n" + _("If you did not ask for it, do nothing: nothing is changed.") + "\n"
    if kind == "account/email/password_reset_key":
        return _("Refloat: a new password"), _("Choose a new password here:") + f"\n\n{told['password_reset_url']}" + end
    if kind.startswith("account/email/email_confirmation"):
        return _("Refloat: your e-mail address"), _("Confirm here that this address is yours:") + f"\n\n{told['activate_url']}" + end
    return "", ""


def mailed(email: str, subject: str, text: str) -> bool:
    """Send it in a moment; False where no mail server is configured."""
    if desk.config().smtp_url is None:
        return False
    threading.Thread(target=_sent, args=(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [email]),), daemon=True).start()
    return True


def _sent(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        # Neither the address nor the link: a log is read by others.
        _log.warning("a mail could not be sent: %s", type(error).__name__)
