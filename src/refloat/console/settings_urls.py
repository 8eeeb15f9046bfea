"""The addresses of the settings and of the upload."""

from __future__ import annotations

from django.urls import path

from refloat.console import settings_accounts, settings_alarms, settings_amazon, settings_policy, settings_recipients, settings_work, upload

urlpatterns = [
    path("settings/", settings_accounts.listed, name="settings"),
    path("settings/add/", settings_accounts.add, name="account_add"),
    path("settings/work/", settings_work.health, name="work"),
    path("settings/alarms/", settings_alarms.listed, name="alarms"),
    path("settings/alarms/<int:alarm>/", settings_alarms.taken, name="alarm_take"),
    path("settings/alarms/retry/", settings_alarms.retry, name="alarm_retry"),
    path("settings/recipients/", settings_recipients.listed, name="recipients"),
    path("settings/recipients/add/", settings_recipients.add, name="recipient_add"),
    path("settings/recipients/<int:number>/", settings_recipients.change, name="recipient"),
    path("settings/recipients/<int:number>/test/", settings_recipients.test, name="recipient_test"),
    path("settings/recipients/<int:number>/remove/", settings_recipients.remove, name="recipient_remove"),
    path("settings/<int:account>/", settings_accounts.one, name="account"),
    path("settings/<int:account>/look/", settings_accounts.look, name="account_look"),
    path("settings/<int:account>/check/", settings_accounts.check, name="account_check"),
    path("settings/<int:account>/rotate/", settings_accounts.rotate, name="account_rotate"),
    path("settings/<int:account>/remove/", settings_accounts.remove, name="account_remove"),
    path("settings/<int:account>/policy/", settings_policy.shown_now, name="policy"),
    path("settings/<int:account>/policy/confirm/", settings_policy.confirm, name="policy_confirm"),
    path("settings/<int:account>/policy/edit/", settings_policy.edit, name="policy_edit"),
    path("settings/<int:account>/policy/versions/", settings_policy.versions, name="policy_versions"),
    path("settings/<int:account>/policy/consent/", settings_policy.consent, name="policy_consent"),
    path("settings/<int:account>/policy/consent/<int:number>/revoke/", settings_policy.revoke, name="policy_revoke"),
    path("settings/<int:account>/amazon/", settings_amazon.audit, name="amazon"),
    path("upload/", upload.asked, name="upload"),
    path("upload/answers/<slug:token>/", upload.kept, name="upload_kept"),
    path("upload/answers/<slug:token>/forget/", upload.forget, name="upload_forget"),
    path("upload/answers/<slug:token>/<slug:kind>/", upload.download, name="upload_download"),
]
