"""Where the first page looks for removal deadlines that nobody has taken."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of what is not taken: to find it, every open stranding was looked at."""

    dependencies = (("store", "0019_refusals"),)

    operations = (
        migrations.AddIndex(
            model_name="deadlinestep",
            index=models.Index(condition=models.Q(("taken_at", None)), fields=["due_on", "stranding"], name="store_deadline_untaken"),
        ),
    )
