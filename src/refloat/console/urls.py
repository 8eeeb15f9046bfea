"""The console's addresses."""

from __future__ import annotations

from django.urls import include, path

from refloat.console import attention, bulk, downloads, entering, explained, gallery, journal, one, plan_deeds, plans, prices, removals, strandings, tasks, tokens, trends

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
    path("strandings/<int:number>/", one.stranding, name="stranding"),
    path("strandings/<int:number>/tasks/", one.open_fallback, name="open-fallback"),
    path("strandings/<int:number>/end-price/", one.end_price, name="end-price"),
    path("causes/<str:name>/", explained.cause, name="cause"),
    path("remedies/<str:name>/", explained.remedy, name="remedy"),
    path("tasks/", tasks.listed, name="tasks"),
    path("tasks/match/", tasks.match, name="match-tasks"),
    path("tasks/<int:number>/", tasks.one, name="task"),
    path("tasks/<int:number>/end/", tasks.end, name="end-task"),
    path("tasks/<int:number>/files/", tasks.attach, name="attach"),
    path("tasks/<int:number>/files/<str:sha256>/", tasks.attachment, name="attachment"),
    path("removals/", removals.listed, name="removals"),
    path("removals/ahead/", removals.ahead, name="ahead"),
    path("removals/take/", removals.take, name="take-deadline"),
    path("removals/settle/", removals.settle, name="settle"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("journal/", journal.listed, name="journal"),
    path("journal/check/", journal.check, name="check-chains"),
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
    path("tokens/", tokens.mine, name="tokens"),
    path("tokens/make/", tokens.make, name="token_make"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="token_revoke"),
    path("", include("refloat.console.settings_urls")),
]
