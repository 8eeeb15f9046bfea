"""Every address."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    # Ours come first: allauth's own list of sessions, and its mails where nothing can be mailed.
    path("account/", include("refloat.console.account_urls")),
    path("api/", include("refloat.api.service")),
    path("account/", include("allauth.urls")),
    path("", include("refloat.console.urls")),
]
handler400 = "refloat.console.faults.not_understood"
handler403 = "refloat.console.faults.not_allowed"
handler404 = "refloat.console.faults.not_there"
#: allauth asks for it where a limit is reached.
handler429 = "refloat.console.faults.too_many"
handler500 = "refloat.console.faults.broken"
