"""The journal as a page asks for it: by moment, by kind, by SKU, by plan; tasks of all accounts by their day; and removals.

What an entry is about stands once more in two columns of its own. They are filled here from the bodies, for which alone
the guard is lifted, within the migration's one turn; bodies and hashes stay as they are.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from refloat.store.letters import storable
from refloat.store.triggers import guarded

_AT_ONCE = 5_000


def _filled(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    on = " ON store_journalentry" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER IF EXISTS store_journalentry_no_update{on}", params=None)
    entries, last = apps.get_model("store", "JournalEntry").objects.order_by("pk").values_list("pk", "body"), 0
    while some := list(entries.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1][0]
        about = [(*_about(body), key) for key, body in some]
        with editor.connection.cursor() as cursor:
            cursor.executemany("UPDATE store_journalentry SET about_sku = %s, about_plan = %s WHERE id = %s", [one for one in about if one[0] or one[1]])
    guarded(apps, editor)


def _about(body: str) -> tuple[str | None, str | None]:
    said = json.loads(body)
    sku, plan = said.get("sku"), said.get("plan")
    return storable(sku) if isinstance(sku, str) else None, storable(plan) if isinstance(plan, str) else None


class Migration(migrations.Migration):
    """New columns and indexes; no table is rebuilt."""

    dependencies = (("store", "0013_addresses"),)

    operations = (
        migrations.AddField(model_name="journalentry", name="about_sku", field=models.TextField(null=True)),
        migrations.AddField(model_name="journalentry", name="about_plan", field=models.TextField(null=True)),
        migrations.RunPython(_filled, migrations.RunPython.noop),
        migrations.AddIndex(model_name="journalentry", index=models.Index(fields=["account", "at", "id"], name="store_journal_by_moment")),
        migrations.AddIndex(model_name="journalentry", index=models.Index(fields=["account", "kind", "at", "id"], name="store_journal_of_kind")),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["account", "about_sku", "at", "id"], condition=models.Q(("about_sku__isnull", False)), name="store_journal_of_sku"),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["account", "about_plan", "at", "id"], condition=models.Q(("about_plan__isnull", False)), name="store_journal_of_plan"),
        ),
        migrations.AddIndex(model_name="task", index=models.Index(fields=["follow_up_on", "id"], condition=models.Q(("ended_at", None)), name="store_task_next")),
        migrations.AddIndex(model_name="plannedaction", index=models.Index(fields=["account", "id"], condition=models.Q(("remedy", "create-removal")), name="store_action_removal")),
        migrations.AddIndex(model_name="task", index=models.Index(fields=["ended_at", "id"], name="store_task_ended")),
    )
