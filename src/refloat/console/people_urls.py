"""The addresses of people and invitations."""

from __future__ import annotations

from django.urls import path

from refloat.console import inviting, people

urlpatterns = [
    path("people/", people.listed, name="people"),
    path("people/record/", people.happened, name="people-record"),
    path("people/second-factor/", people.second_factor, name="people-second-factor"),
    path("people/invite/", inviting.invite, name="people-invite"),
    path("people/invitations/<int:invitation>/withdraw/", inviting.withdraw, name="people-withdraw"),
    path("people/<int:person>/", people.one, name="person"),
    path("people/<int:person>/remove/", people.remove, name="person-remove"),
    path("people/<int:person>/sessions/", people.end_sessions, name="person-sessions"),
    path("people/<int:person>/second-factor/", people.drop_factors, name="person-factors"),
    path("people/<int:person>/password/", inviting.new_password, name="person-password"),
    path("invitation/<str:token>/", inviting.accept, name="invitation"),
]
