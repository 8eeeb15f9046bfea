"""To which return addresses a standing consent was given; and PostgreSQL looks at the accounts."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def weighed(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django calls it so
    """PostgreSQL never looks by itself at a table of a few rows; then it takes a handful of accounts for hundreds (``store.bulk.weighed``)."""
    if editor.connection.vendor == "postgresql":
        editor.execute("ANALYZE store_account")


class Migration(migrations.Migration):
    """A new column that may be empty; no table is rebuilt. A consent from before names no address, so it speaks for no return: it is given anew."""

    dependencies = (("store", "0012_views"),)

    operations = (
        migrations.AddField("standingword", "addresses", models.TextField(null=True)),
        migrations.RunPython(weighed, migrations.RunPython.noop),
    )
