"""Recipients, alarms, deliveries."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0005_policies"),)

    operations = (
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("sealed", models.TextField(blank=True)),
                ("key_fingerprint", models.CharField(blank=True, max_length=16)),
                ("shown", models.TextField()),
                ("language", models.CharField(max_length=10)),
                ("timezone", models.CharField(max_length=60)),
                ("wanted", models.TextField()),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={"constraints": [models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("name",), name="store_recipient_name_once")]},
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=64)),
                ("step", models.IntegerField(null=True)),
                ("members", models.BinaryField()),
                ("facts", models.TextField()),
                ("worth", models.TextField(default="[]")),
                ("raised_at", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.TextField(blank=True)),
                ("acknowledged_why", models.TextField(blank=True)),
                ("snoozed_until", models.DateTimeField(null=True)),
                ("snoozed_why", models.TextField(blank=True)),
                ("snoozes", models.IntegerField(default=0)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.account")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("cleared_at", None)), fields=["account", "raised_at"], name="store_alarm_open")],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="store_alarm_once")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=40)),
                ("from_at", models.DateTimeField(null=True)),
                ("until_at", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("trouble", models.CharField(max_length=20, null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ending", models.CharField(max_length=10, null=True)),
                ("alarm", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.alarm")),
                ("recipient", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.recipient")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["next_try_at"], name="store_delivery_due"),
                    models.Index(condition=models.Q(("ending", "dead")), fields=["ended_at"], name="store_delivery_dead"),
                ],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("alarm__isnull", False)), fields=("recipient", "alarm", "about"), name="store_delivery_of_alarm_once"),
                    models.UniqueConstraint(condition=models.Q(("alarm", None)), fields=("recipient", "about"), name="store_digest_once"),
                ],
            },
        ),
    )
