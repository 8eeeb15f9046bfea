"""The server through which invitations and new passwords are mailed, from one address as REFLOAT_SMTP_URL has it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from refloat.errors import WrongUse

_SECONDS = 20


def mail_settings(url: str | None) -> dict[str, Any]:
    """Django's settings for mail; ``smtp`` begins in clear and demands STARTTLS with a user's name, ``smtps`` is TLS from the start.

    Raises:
        WrongUse: the address names no server, or no sender.
    """
    if url is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    with suppress(ValueError):  # a port that is no number
        at = urlsplit(url)
        sender = parse_qs(at.query).get("from", [""])[0]
        if at.scheme in {"smtp", "smtps"} and at.hostname and "@" in sender and sender.isprintable():
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "EMAIL_HOST": at.hostname,
                "EMAIL_PORT": at.port or (465 if at.scheme == "smtps" else 587),
                "EMAIL_HOST_USER": unquote(at.username or ""),
                "EMAIL_HOST_PASSWORD": unquote(at.password or ""),
                "EMAIL_USE_SSL": at.scheme == "smtps",
                # A password never travels in clear; a relay on this machine needs none.
                "EMAIL_USE_TLS": at.scheme == "smtp" and bool(at.username),
                "EMAIL_TIMEOUT": _SECONDS,
                "DEFAULT_FROM_EMAIL": sender,
            }
    raise WrongUse(
        "REFLOAT_SMTP_URL names no mail server.",
        why="Invitations and new passwords would be mailed through it.",
        todo="Write smtp://USER:PASSWORD@HOST:587?from=refloat@example.com, or leave it out: links are shown to hand over.",
        more="docs/operate/console.md",
    )
