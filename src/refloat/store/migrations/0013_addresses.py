"""To which return addresses a standing consent was given."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A new column that may be empty; no table is rebuilt. A consent from before names no address, so it speaks for no return: it is given anew."""

    dependencies = (("store", "0012_views"),)

    operations = (migrations.AddField("standingword", "addresses", models.TextField(null=True)),)
