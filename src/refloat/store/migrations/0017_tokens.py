"""Tokens of people for programs, answers by key, looks that somebody asked for."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0016_assigned"),)

    operations = (
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=20, unique=True)),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("scopes", models.CharField(max_length=40)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplaces", models.TextField(blank=True)),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("worker", models.CharField(max_length=80)),
                ("ended_at", models.DateTimeField(null=True)),
                ("how", models.CharField(max_length=20, null=True)),
                ("told", models.TextField(default="{}")),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=128)),
                ("request", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("code", models.IntegerField(null=True)),
                ("location", models.TextField(default="")),
                ("body", models.TextField(default="")),
                ("person", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "key"), name="store_answer_once")],
            },
        ),
    )
