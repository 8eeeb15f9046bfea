"""Templates: Jinja2, with the reader's words and the few functions that pages call."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from refloat.locale import translator


def environment(**options: Any) -> Environment:
    """As Django asks for it; what is misspelt in a template is an error, not a gap."""
    made = Environment(**options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]})  # noqa: S701 - Django turns autoescape on
    made.globals.update(url=_url, static=_static)
    return made


def _url(name: str, /, *args: object, **named: object) -> str:
    return reverse(name, args=args or None, kwargs=named or None)


def _static(path: str) -> str:
    return f"{static(path)}?v={settings.REFLOAT_VERSION}"


def shown(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, code: int = 200) -> HttpResponse:
    """The template in the reader's language."""
    language = getattr(request, "language", "en")
    told = {
        "_": translator(language),
        "language": language,
        "access": getattr(request, "access", None),
        "csrf": lambda: Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(get_token(request)),
        "csrf_value": lambda: get_token(request),
        "path": request.get_full_path(),
        "messages": lambda: get_messages(request),
        "part": bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted"),
        **(context or {}),
    }
    return HttpResponse(get_template(template, using="jinja2").render(told, request), status=code)
