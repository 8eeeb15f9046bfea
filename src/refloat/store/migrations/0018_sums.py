"""The counts by deadline, hold and safety alone, made of those that are there."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A new table, filled from the counts: until the next look the first page would know of nothing."""

    dependencies = (("store", "0017_tokens"),)

    operations = (
        migrations.CreateModel(
            name="FindingSum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=20)),
                ("safety", models.CharField(max_length=20, null=True)),
                ("due", models.SmallIntegerField()),
                ("held", models.BooleanField()),
                ("currency", models.CharField(max_length=3, null=True)),
                ("skus", models.IntegerField()),
                ("units", models.BigIntegerField(null=True)),
                ("worth", models.DecimalField(decimal_places=4, max_digits=19, null=True)),
                ("counted_on", models.DateField()),
                ("account", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.account")),
            ],
            options={"indexes": [models.Index(fields=["account", "marketplace"], name="store_sums_of_place")]},
        ),
        migrations.RunSQL(
            "INSERT INTO store_findingsum (account_id, marketplace, safety, due, held, currency, counted_on, skus, units, worth)"
            " SELECT account_id, marketplace, safety, due, held, currency, counted_on, SUM(skus), SUM(units), SUM(worth) FROM store_findingcount"
            " GROUP BY account_id, marketplace, safety, due, held, currency, counted_on",
            migrations.RunSQL.noop,
        ),
    )
