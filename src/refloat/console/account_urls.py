"""The addresses of sign-in that are ours, before allauth's."""

from __future__ import annotations

from django.urls import path

from refloat.console import yourself

urlpatterns = [
    path("", yourself.yourself, name="yourself"),
    path("sessions/", yourself.sessions, name="usersessions_list"),
    path("password/reset/", yourself.password_reset, name="account_reset_password"),
    path("email/", yourself.email, name="account_email"),
]
