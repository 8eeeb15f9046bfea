"""Policies and notes by version, standing consents, the open proposal, and the steps of removal deadlines."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from refloat.store.triggers import guarded

_ID: tuple[str, models.Field[int, int]] = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _to(model: str) -> models.ForeignKey:  # type: ignore[type-arg]  # a migration names the model
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=f"store.{model}")


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0004_kept"),)

    operations = (
        migrations.CreateModel(
            name="EnteredFile",
            fields=[
                _ID,
                ("kind", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                ("account", _to("account")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("account", "kind", "version"), name="store_entered_once")]},
        ),
        migrations.CreateModel(
            name="StandingWord",
            fields=[
                _ID,
                ("by", models.TextField()),
                ("rule_hash", models.CharField(max_length=64)),
                ("units_most", models.IntegerField()),
                ("fee_most", models.DecimalField(decimal_places=4, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("expires_on", models.DateField()),
                ("given_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.TextField(null=True)),
                ("account", _to("account")),
            ],
        ),
        migrations.CreateModel(
            name="StandingUse",
            fields=[
                _ID,
                ("action", models.CharField(max_length=60)),
                ("units", models.IntegerField()),
                ("fee", models.DecimalField(decimal_places=4, max_digits=18)),
                ("plan", _to("plandocument")),
                ("standing", _to("standingword")),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                _ID,
                ("substance", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("decided", models.TextField()),
                ("account", _to("account")),
                ("plan", _to("plandocument")),
            ],
            options={"constraints": [models.UniqueConstraint(condition=models.Q(("closed_at", None)), fields=("account",), name="store_proposal_open")]},
        ),
        migrations.CreateModel(
            name="DeadlineStep",
            fields=[
                _ID,
                ("due_on", models.DateField()),
                ("step", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("taken_by", models.TextField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True)),
                ("stranding", _to("stranding")),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("stranding", "due_on", "step"), name="store_deadline_step_once")]},
        ),
        migrations.RunPython(guarded, migrations.RunPython.noop),
    )
