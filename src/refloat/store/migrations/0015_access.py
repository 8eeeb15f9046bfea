"""Invitations, the record of access, and what the throttling of sign-in remembers."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from refloat.store.triggers import guarded

_ID: tuple[str, models.Field[int, int]] = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0014_journal_asked"),)

    operations = (
        migrations.CreateModel(
            name="AccessEntry",
            fields=[
                _ID,
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
                ("by", models.CharField(blank=True, max_length=120)),
                ("whom", models.CharField(blank=True, max_length=254)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("told", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(name="AccessRule", fields=[("name", models.CharField(max_length=40, primary_key=True, serialize=False))]),
        migrations.CreateModel(
            name="Throttle",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("until", models.DateTimeField(db_index=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                _ID,
                ("hash", models.CharField(max_length=64, unique=True)),
                ("email", models.EmailField(max_length=254)),
                ("role", models.CharField(max_length=10)),
                ("account_ids", models.JSONField(null=True)),
                ("invited_by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
        ),
        migrations.RunPython(guarded, migrations.RunPython.noop),
    )
