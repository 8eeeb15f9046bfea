"""The service: every address, every error, and its description."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from refloat.api import entered, files, looks, numbers, pages, plan_deeds, plans, records, removals, standing, strandings, tasks, team, views, you
from refloat.api.callers import BySession, ByToken
from refloat.api.description import completed
from refloat.api.doors import router
from refloat.api.problems import Problem, answered, broken, of_django, of_http, of_refloat, of_validation
from refloat.api.reference import page
from refloat.api.words import language_of
from refloat.errors import RefloatError

#: Imported so that their addresses are known; in the order of the reference.
_ROOMS = (you, views, strandings, plans, plan_deeds, entered, tasks, files, removals, records, standing, numbers, pages, looks, team)
VERSION = "1"


class Service(NinjaAPI):
    """Ninja's, with a description that also names every error."""

    def get_openapi_schema(self, **more: Any) -> Any:
        return completed(super().get_openapi_schema(**more))


service = Service(title="Refloat", version=VERSION, urls_namespace="refloat-api", openapi_url=None, docs_url=None, auth=[ByToken(), BySession()])
service.add_router("", router)
_TOLD: tuple[tuple[Any, Any], ...] = (
    (Problem, answered), (RefloatError, of_refloat), (ValidationError, of_validation), (HttpError, of_http),
    (RequestDataTooBig, of_django("too-large")), (TooManyFilesSent, of_django("too-large")), (TooManyFieldsSent, of_django("too-large")),
    (MultiPartParserError, of_django("not-understood")), (Exception, broken),
)  # fmt: skip
for _error, _answer in _TOLD:
    service.add_exception_handler(_error, _answer)


@require_safe
def described(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """The description; it holds nothing of anybody's, so nobody has to be signed in."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """The reference in short, as a plain page: every problem by the anchor that its type names."""
    return HttpResponse(page(description(), language_of(request)))


def description() -> dict[str, Any]:
    """OpenAPI of the service."""
    made = dict(service.get_openapi_schema(path_prefix="/api/v1/"))
    made["info"]["x-refloat-version"] = settings.REFLOAT_VERSION
    return made


@csrf_exempt
def not_there(request: HttpRequest) -> HttpResponse:
    """An address that the API does not have."""
    return answered(request, Problem("not-there"))


urlpatterns = [
    path("v1/openapi.json", described, name="api-description"),
    path("v1/docs", shown, name="api-docs"),
    path("v1/", service.urls),
    re_path(r"^", not_there),
]
