"""Every address."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("refloat.console.urls")),
]
handler400 = "refloat.console.faults.not_understood"
handler403 = "refloat.console.faults.not_allowed"
handler404 = "refloat.console.faults.not_there"
handler500 = "refloat.console.faults.broken"
