"""The console's addresses."""

from __future__ import annotations

from django.urls import path

from refloat.console import attention, entering, strandings

urlpatterns = [
    path("", attention.home, name="home"),
    path("enter/<str:token>/", entering.enter, name="enter"),
    path("leave/", entering.leave, name="leave"),
    path("language/", entering.choose_language, name="language"),
    path("strandings/", strandings.listed, name="strandings"),
]
