"""What is open, as pages read it; counts of it; and the words by which it is searched."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

#: The words lie in the table alone, and the index keeps none of them twice. Without triggers, which would let it write after every row: ``store.words``.
_SQLITE = ("CREATE VIRTUAL TABLE store_finding_words USING fts5(words, content='store_openfinding', content_rowid='id', detail='none', tokenize='unicode61 remove_diacritics 0')",)
#: Order by bytes, as SQLite does: a locale of the database would pass over the spaces.
_POSTGRESQL = (
    'ALTER TABLE store_openfinding ALTER COLUMN urgency TYPE varchar(60) COLLATE "C", ALTER COLUMN sku TYPE text COLLATE "C"',
    'ALTER TABLE store_findingincident ALTER COLUMN urgency TYPE varchar(60) COLLATE "C"',
    "CREATE INDEX store_finding_words ON store_openfinding USING gin (to_tsvector('simple', words))",
)


def _searchable(apps: Any, schema: Any) -> None:  # noqa: ARG001 - as Django calls it
    for statement in _POSTGRESQL if schema.connection.vendor == "postgresql" else _SQLITE:
        schema.execute(statement)


class Migration(migrations.Migration):
    """New tables only; none that is guarded is rebuilt."""

    dependencies = (("store", "0007_due"),)

    operations = (
        migrations.CreateModel(
            name="FindingCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=100, null=True)),
                ("recommended", models.CharField(max_length=100, null=True)),
                ("remedy", models.CharField(max_length=100, null=True)),
                ("safety", models.CharField(max_length=20, null=True)),
                ("standing", models.CharField(max_length=20)),
                ("due", models.SmallIntegerField()),
                ("age", models.SmallIntegerField()),
                ("held", models.BooleanField()),
                ("currency", models.CharField(max_length=3, null=True)),
                ("skus", models.IntegerField()),
                ("units", models.BigIntegerField(null=True)),
                ("worth", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("counted_on", models.DateField()),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "marketplace"], name="store_finding_counts_of_place"),
                    models.Index(fields=["cause"], name="store_finding_counts_of_cause"),
                    models.Index(fields=["remedy"], name="store_finding_counts_of_remedy"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("cause", models.CharField(max_length=100, null=True)),
                ("remedy", models.CharField(max_length=100, null=True)),
                ("safety", models.CharField(max_length=20, null=True)),
                ("stranded_on", models.DateField(null=True)),
                ("held", models.BooleanField()),
                ("currency", models.CharField(max_length=3, null=True)),
                ("skus", models.IntegerField()),
                ("units", models.BigIntegerField(null=True)),
                ("worth", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("due_on", models.DateField(null=True)),
                ("urgency", models.CharField(max_length=60)),
                ("sample_sku", models.TextField()),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={
                "indexes": [models.Index(fields=["urgency", "id"], name="store_incident_urgent"), models.Index(fields=["account", "marketplace"], name="store_incident_of_place")],
            },
        ),
        migrations.CreateModel(
            name="OpenFinding",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("marketplace", models.CharField(max_length=20)),
                ("sku", models.TextField()),
                ("asin", models.TextField(null=True)),
                ("fnsku", models.TextField(null=True)),
                ("title", models.TextField(null=True)),
                ("standing", models.CharField(max_length=20)),
                ("symptom", models.CharField(max_length=100, null=True)),
                ("said", models.TextField(null=True)),
                ("cause", models.CharField(max_length=100, null=True)),
                ("recommended", models.CharField(max_length=100, null=True)),
                ("recommended_said", models.TextField(null=True)),
                ("remedy", models.CharField(max_length=100, null=True)),
                ("safety", models.CharField(max_length=20, null=True)),
                ("stranded_on", models.DateField(null=True)),
                ("removal_due_on", models.DateField(null=True)),
                ("removal_due_from", models.CharField(max_length=20, null=True)),
                ("held_until_on", models.DateField(null=True)),
                ("units_stranded", models.IntegerField(null=True)),
                ("units_unfulfillable", models.IntegerField(null=True)),
                ("price_amount", models.DecimalField(decimal_places=4, max_digits=15, null=True)),
                ("price_currency", models.CharField(max_length=3, null=True)),
                ("worth_amount", models.DecimalField(decimal_places=4, max_digits=15, null=True)),
                ("counted", models.BooleanField(default=True)),
                ("cost_per_day", models.DecimalField(decimal_places=4, max_digits=15, null=True)),
                ("cost_so_far", models.DecimalField(decimal_places=4, max_digits=15, null=True)),
                ("cost_currency", models.CharField(max_length=3, null=True)),
                ("looked_on", models.DateField()),
                ("urgency", models.CharField(max_length=60)),
                ("by_worth", models.BigIntegerField()),
                ("by_age", models.IntegerField()),
                ("by_units", models.BigIntegerField()),
                ("by_cost", models.BigIntegerField()),
                ("words", models.TextField(default="")),
                ("digest", models.BigIntegerField(null=True)),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["urgency", "id"], name="store_finding_urgent"),
                    models.Index(fields=["account", "marketplace", "urgency", "id"], name="store_finding_of_place"),
                    models.Index(fields=["cause", "urgency", "id"], name="store_finding_of_cause"),
                    models.Index(fields=["remedy", "urgency", "id"], name="store_finding_of_remedy"),
                    models.Index(fields=["recommended", "urgency", "id"], name="store_finding_advised"),
                    models.Index(fields=["by_worth", "id"], name="store_finding_dearest"),
                    models.Index(fields=["cause", "by_worth", "id"], name="store_finding_dear_of_cause"),
                    models.Index(fields=["by_age", "id"], name="store_finding_oldest"),
                    models.Index(fields=["by_units", "id"], name="store_finding_most"),
                    models.Index(fields=["by_cost", "id"], name="store_finding_costly"),
                    models.Index(fields=["sku", "id"], name="store_finding_sku"),
                    models.Index(fields=["asin", "id"], name="store_finding_asin"),
                    models.Index(fields=["fnsku", "id"], name="store_finding_fnsku"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FindingFacet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("dimension", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=100, null=True)),
                ("skus", models.IntegerField()),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={"indexes": [models.Index(fields=["account", "marketplace"], name="store_facets_of_place")]},
        ),
        migrations.CreateModel(
            name="FindingDetail",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("row", models.TextField()),
            ],
        ),
        migrations.RunPython(_searchable, migrations.RunPython.noop),
    )
