"""People, their roles, and links for one entry."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0008_findings"),)

    operations = (
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("is_active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EntryLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64, unique=True)),
                ("until", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=10)),
                ("account", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="store.person")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "account"), name="store_role_once"),
                    models.UniqueConstraint(condition=models.Q(("account", None)), fields=("person",), name="store_role_for_all_once"),
                ],
            },
        ),
    )
