"""The console's addresses."""

from __future__ import annotations

from django.urls import path

from refloat.console import attention, bulk, downloads, entering, plan_deeds, plans, prices, strandings, trends

urlpatterns = [
    path("", attention.home, name="home"),
    path("enter/<str:token>/", entering.enter, name="enter"),
    path("leave/", entering.leave, name="leave"),
    path("language/", entering.choose_language, name="language"),
    path("strandings/", strandings.listed, name="strandings"),
    path("trends/", trends.trends, name="trends"),
    path("trends/<slug:name>.svg", trends.picture, name="picture"),
    path("views/", attention.save_view, name="save_view"),
    path("views/<int:view_id>/delete/", attention.delete_view, name="delete_view"),
    # What is done with strandings, and plans.
    path("strandings/chosen/", bulk.act, name="chosen"),
    path("strandings/strandings.csv", downloads.as_csv, name="strandings-csv"),
    path("strandings/strandings.xlsx", downloads.as_xlsx, name="strandings-xlsx"),
    path("strandings/bulk-fix/", prices.loader_file, name="bulk-fix"),
    path("strandings/filled-in/", prices.filled_in, name="filled-in"),
    path("plans/", plans.listed, name="plans"),
    path("plans/<str:plan_id>/", plans.one, name="plan"),
    path("plans/<str:plan_id>/going/", plans.going, name="plan-going"),
    path("plans/<str:plan_id>/approve/", plan_deeds.approve, name="plan-approve"),
    path("plans/<str:plan_id>/reject/", plan_deeds.reject, name="plan-reject"),
    path("plans/<str:plan_id>/carry-out/", plan_deeds.carry_out, name="plan-carry-out"),
    path("plans/<str:plan_id>/stop/", plan_deeds.stop, name="plan-stop"),
    path("plans/<str:plan_id>/undo/", plan_deeds.undo, name="plan-undo"),
    path("plans/<str:plan_id>/lift/", plan_deeds.lift_guard, name="plan-lift"),
]
