"""Saved views of the table, and how much was stranded on each day."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables, and an index for what was judged lately; none that is guarded is rebuilt."""

    dependencies = (("store", "0009_people"),)

    operations = (
        migrations.CreateModel(
            name="FindingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("cause", models.CharField(max_length=100, null=True)),
                ("currency", models.CharField(max_length=3, null=True)),
                ("skus", models.IntegerField()),
                ("units", models.BigIntegerField(null=True)),
                ("worth", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={"indexes": [models.Index(fields=["account", "marketplace", "day"], name="store_finding_day")]},
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("address", models.TextField()),
                ("saved_at", models.DateTimeField()),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.person")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("person", "name"), name="store_view_once")]},
        ),
        migrations.AddIndex(
            model_name="plannedaction",
            index=models.Index(condition=models.Q(("verdict", None), _negated=True), fields=["account", "verdict_at"], name="store_action_judged"),
        ),
    )
