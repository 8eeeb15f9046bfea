"""What is due, for the loop that nobody watches."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table only; none that is guarded is rebuilt."""

    dependencies = (("store", "0006_alarms"),)

    operations = (
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField()),
                ("calls", models.IntegerField(default=0)),
                ("worker", models.CharField(max_length=100, null=True)),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("waits_for", models.CharField(blank=True, max_length=40)),
                ("failures", models.IntegerField(default=0)),
                ("trouble_code", models.CharField(max_length=40, null=True)),
                ("trouble_text", models.TextField(null=True)),
                ("troubled_since", models.DateTimeField(null=True)),
                ("account", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={
                "indexes": [models.Index(fields=["due_at", "id"], name="store_due_next")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "marketplace", "kind"), name="store_due_once"),
                    models.UniqueConstraint(condition=models.Q(("account", None)), fields=("kind",), name="store_due_of_store_once"),
                ],
            },
        ),
    )
