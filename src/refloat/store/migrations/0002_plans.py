"""Plans, consents, how far each action is, and the feeds that carried them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from refloat.store.triggers import guarded


class Migration(migrations.Migration):
    """Added to what was there; nothing of it changes."""

    dependencies = (("store", "0001_tables"),)

    operations = (
        migrations.CreateModel(
            name="PlanDocument",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("packed", models.BinaryField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("actions", models.TextField(null=True)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.plandocument")),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("mark", models.CharField(max_length=50)),
                ("feed_type", models.CharField(max_length=60)),
                ("feed_id", models.TextField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("stage", models.CharField(max_length=20)),
                ("messages", models.IntegerField()),
                ("before", models.TextField(default="[]")),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "indexes": [models.Index(fields=["account", "feed_type", "sent_at"], name="store_feed_recent")],
                "constraints": [models.UniqueConstraint(fields=("account", "mark"), name="store_feed_mark_once")],
            },
        ),
        migrations.CreateModel(
            name="PlannedAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("marketplace", models.CharField(max_length=20)),
                ("sku", models.TextField()),
                ("remedy", models.CharField(max_length=100)),
                ("cause", models.CharField(max_length=100)),
                ("said", models.TextField(null=True)),
                ("units", models.IntegerField(null=True)),
                ("fnsku", models.TextField(null=True)),
                ("steps", models.IntegerField(default=1)),
                ("stage", models.CharField(max_length=20)),
                ("step", models.IntegerField(default=0)),
                ("tries", models.IntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("intended_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("feed", models.CharField(max_length=50, null=True)),
                ("verdict", models.CharField(max_length=20, null=True)),
                ("verdict_at", models.DateTimeField(null=True)),
                ("told", models.TextField(default="{}")),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.account")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.plandocument")),
                ("stranding", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.stranding")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "marketplace", "sku", "id"], name="store_action_of_sku"),
                    models.Index(fields=["account", "verdict", "stage"], name="store_action_waiting"),
                ],
                "constraints": [models.UniqueConstraint(fields=("plan", "name"), name="store_action_once")],
            },
        ),
        migrations.RemoveConstraint(model_name="reportrequest", name="store_report_ordered_once"),
        migrations.AddConstraint(
            model_name="reportrequest",
            constraint=models.UniqueConstraint(condition=models.Q(("report_id__isnull", False)), fields=("account", "marketplace", "source", "report_id"), name="store_report_ordered_once"),
        ),
        migrations.RunPython(guarded, migrations.RunPython.noop),
    )
