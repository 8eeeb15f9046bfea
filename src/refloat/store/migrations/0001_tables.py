"""The first tables, and the triggers that guard what is written for good."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from refloat.store.triggers import guarded


class Migration(migrations.Migration):
    """One migration, so that it is there completely or not at all."""

    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="Document",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("packed", models.BinaryField()),
                ("size_bytes", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RateGate",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("tat", models.FloatField()),
                ("seen_at", models.FloatField()),
                ("rate", models.FloatField()),
                ("burst", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("region", models.CharField(max_length=2)),
                ("seller_id", models.TextField(blank=True)),
                ("api_url", models.TextField(null=True)),
                ("token_url", models.TextField(null=True)),
                ("sealed", models.TextField(blank=True)),
                ("key_fingerprint", models.CharField(blank=True, max_length=16)),
                ("added_at", models.DateTimeField()),
                ("rotated_at", models.DateTimeField(null=True)),
                ("secret_issued_on", models.DateField(null=True)),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("name",), name="store_account_name_once")],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=80)),
                ("observed_at", models.DateTimeField()),
                ("charset", models.TextField(null=True)),
                ("whole", models.BooleanField()),
                ("report_id", models.TextField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.document")),
            ],
        ),
        migrations.CreateModel(
            name="SourceState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=80)),
                ("last_tried_at", models.DateTimeField()),
                ("trouble_code", models.CharField(max_length=100, null=True)),
                ("trouble_text", models.TextField(null=True)),
                ("troubled_since", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
                ("last_good", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.snapshot")),
            ],
        ),
        migrations.CreateModel(
            name="Stranding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("sku", models.TextField()),
                ("fnsku", models.TextField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(max_length=20, null=True)),
                ("times_back", models.IntegerField(default=0)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
        ),
        migrations.CreateModel(
            name="StrandingInterval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                ("standing", models.CharField(max_length=20)),
                ("symptom", models.CharField(max_length=100, null=True)),
                ("said", models.TextField(null=True)),
                ("cause", models.CharField(max_length=100, null=True)),
                ("remedy", models.CharField(max_length=100, null=True)),
                ("safety", models.CharField(max_length=20, null=True)),
                ("units_fulfillable", models.IntegerField(null=True)),
                ("units_unfulfillable", models.IntegerField(null=True)),
                ("units_reserved", models.IntegerField(null=True)),
                ("worth_amount", models.DecimalField(decimal_places=4, max_digits=15, null=True)),
                ("worth_currency", models.CharField(max_length=3, null=True)),
                ("removal_due_on", models.DateField(null=True)),
                ("title", models.TextField(null=True)),
                ("asin", models.TextField(null=True)),
                ("shown_buyable", models.BooleanField(null=True)),
                ("stranding", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.stranding")),
            ],
        ),
        migrations.CreateModel(
            name="AccountPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("participates", models.BooleanField()),
                ("suspended", models.BooleanField()),
                ("store_name", models.TextField(null=True)),
                ("checked_at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "marketplace"), name="store_place_once")],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(blank=True, max_length=20)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("body", models.TextField()),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("account", "marketplace", "number"), name="store_journal_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=80)),
                ("report_type", models.CharField(max_length=100)),
                ("options", models.TextField()),
                ("report_id", models.TextField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("stage", models.CharField(max_length=20)),
                ("document_id", models.TextField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("settled_at", None)), fields=["account", "marketplace", "source"], name="store_request_open")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("report_id__isnull", False)), fields=("account", "report_id"), name="store_report_ordered_once")],
            },
        ),
        migrations.AddIndex(
            model_name="snapshot",
            index=models.Index(fields=["account", "marketplace", "source", "observed_at", "id"], name="store_snapshot_latest"),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(condition=models.Q(("report_id__isnull", False)), fields=("account", "marketplace", "source", "report_id"), name="store_report_kept_once"),
        ),
        migrations.AddConstraint(
            model_name="sourcestate",
            constraint=models.UniqueConstraint(fields=("account", "marketplace", "source"), name="store_source_once"),
        ),
        migrations.AddIndex(
            model_name="stranding",
            index=models.Index(fields=["account", "marketplace", "sku", "opened_at"], name="store_stranding_of_sku"),
        ),
        migrations.AddConstraint(
            model_name="stranding",
            constraint=models.UniqueConstraint(condition=models.Q(("closed_at", None)), fields=("account", "marketplace", "sku"), name="store_stranding_open_once"),
        ),
        migrations.AddIndex(
            model_name="strandinginterval",
            index=models.Index(fields=["stranding", "from_at"], name="store_interval_history"),
        ),
        migrations.AddConstraint(
            model_name="strandinginterval",
            constraint=models.UniqueConstraint(condition=models.Q(("to_at", None)), fields=("stranding",), name="store_interval_current_once"),
        ),
        migrations.RunPython(guarded, migrations.RunPython.noop),
    )
