"""Tasks for a person, and the files that are kept with them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0002_plans"),)

    operations = (
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turn", models.IntegerField()),
                ("remedy", models.CharField(max_length=100)),
                ("recorded", models.CharField(max_length=100)),
                ("subject", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("follow_up_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.CharField(max_length=20, null=True)),
                ("note", models.TextField(blank=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
                ("stranding", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.stranding")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("ended_at", None)), fields=["account", "id"], name="store_task_open")],
                "constraints": [models.UniqueConstraint(fields=("stranding", "turn", "remedy"), name="store_task_once")],
            },
        ),
        migrations.CreateModel(
            name="TaskAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("paper", models.CharField(max_length=100, null=True)),
                ("at", models.DateTimeField()),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.document")),
                ("task", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.task")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("task", "document", "name"), name="store_attachment_once")],
            },
        ),
    )
