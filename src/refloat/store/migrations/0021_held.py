"""Two indexes: of what is held, for few are and they are counted whenever the counts are of another day; and of cause and remedy together."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """No table is rebuilt."""

    dependencies = (("store", "0020_untaken"),)
    operations = (
        migrations.AddIndex(model_name="openfinding", index=models.Index(fields=["cause", "remedy", "urgency", "id"], name="store_finding_of_both")),
        migrations.AddIndex(
            model_name="openfinding",
            index=models.Index(condition=models.Q(held_until_on__isnull=False), fields=["held_until_on"], name="store_finding_held"),
        ),
    )
