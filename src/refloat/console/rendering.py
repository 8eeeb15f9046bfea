"""Templates: Jinja2, with the reader's words and the few functions that pages call."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from refloat.console.shown_rows import escaped
from refloat.locale import translator


def environment(**options: Any) -> Environment:
    """As Django asks for it; what is misspelt in a template is an error, not a gap."""
    made = Environment(**options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]})  # noqa: S701 - Django turns autoescape on
    made.globals.update(url=_url, static=_static, data_for_script=json_script, password_rules=password_validators_help_texts)
    made.filters["escaped"] = escaped
    return made


@lru_cache(1_000)
def _url(name: str, /, *args: object, **named: object) -> str:
    return reverse(name, args=args or None, kwargs=named or None)


def _static(path: str) -> str:
    return f"{static(path)}?v={settings.REFLOAT_VERSION}"


def told(request: HttpRequest) -> dict[str, Any]:
    """What every template knows: the reader's words and language, who they are, and what is to be said to them."""
    language = getattr(request, "language", "en")
    # Django masks it anew whenever it is asked for; once a page is enough.
    token = cache(lambda: get_token(request))
    return {
        "_": translator(language),
        "language": language,
        "access": getattr(request, "access", None),
        "csrf": lambda: Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(token()),
        "csrf_value": token,
        "path": request.get_full_path(),
        "part": bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted"),
        "spoken": lambda: get_messages(request),
    }


def shown(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, code: int = 200) -> HttpResponse:
    """The template in the reader's language."""
    return HttpResponse(get_template(template, using="jinja2").render(context or {}, request), status=code)
