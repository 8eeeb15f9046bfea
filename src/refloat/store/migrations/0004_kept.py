"""What a stranding's last pass said, as a number; and when the store came back from a backup."""

from __future__ import annotations

from django.db import migrations, models

from refloat.store.triggers import guarded


class Migration(migrations.Migration):
    """Added to what was there; nothing of it changes."""

    dependencies = (("store", "0003_tasks"),)

    operations = (
        migrations.AddField(model_name="stranding", name="digest", field=models.BigIntegerField(null=True)),
        migrations.AddIndex(
            model_name="strandinginterval",
            index=models.Index(condition=models.Q(("to_at", None)), fields=["cause", "-worth_amount"], name="store_interval_dearest"),
        ),
        migrations.CreateModel(
            name="Restoration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("backed_up_at", models.DateTimeField(null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
            ],
        ),
        # On PostgreSQL the guards say more, and guard against TRUNCATE as well.
        migrations.RunPython(guarded, migrations.RunPython.noop),
    )
