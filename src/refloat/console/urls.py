"""The console's addresses."""

from __future__ import annotations

from django.urls import include, path

from refloat.console import attention, entering, strandings, trends

urlpatterns = [
    path("", attention.home, name="home"),
    path("enter/<str:token>/", entering.enter, name="enter"),
    path("leave/", entering.leave, name="leave"),
    path("language/", entering.choose_language, name="language"),
    path("", include("refloat.console.people_urls")),
    path("strandings/", strandings.listed, name="strandings"),
    path("trends/", trends.trends, name="trends"),
    path("trends/<slug:name>.svg", trends.picture, name="picture"),
    path("views/", attention.save_view, name="save_view"),
    path("views/<int:view_id>/delete/", attention.delete_view, name="delete_view"),
]
