"""What people enter of SKUs, whom a stranding is given to, the plans that they ask for, refuse, and have carried out."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0015_access"),)

    operations = (
        migrations.CreateModel(
            name="PlanAsked",
            fields=[
                ("plan", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="store.plandocument")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("asked", models.TextField(default="{}")),
            ],
        ),
        migrations.CreateModel(
            name="Assigned",
            fields=[
                ("stranding", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to="store.stranding")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("worker", models.CharField(max_length=80)),
                ("told", models.TextField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("stop_by", models.TextField(null=True)),
                ("stop_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("how", models.CharField(max_length=20, null=True)),
                ("why", models.TextField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.plandocument")),
            ],
        ),
        migrations.CreateModel(
            name="RefusedAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("substance", models.CharField(max_length=64)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField()),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.account")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.plandocument")),
            ],
            options={
                "indexes": [models.Index(fields=["account", "substance"], name="store_refused_substance")],
                "constraints": [models.UniqueConstraint(fields=("plan", "name"), name="store_refused_once")],
            },
        ),
        migrations.CreateModel(
            name="SkuNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(blank=True, max_length=20)),
                ("sku", models.TextField()),
                ("kind", models.CharField(max_length=20)),
                ("value", models.CharField(blank=True, max_length=40)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("ended_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "constraints": [models.UniqueConstraint(condition=models.Q(("ended_at", None)), fields=("account", "kind", "marketplace", "sku"), name="store_sku_note_once")],
            },
        ),
    )
