"""What a person refused is known by its cure and its values alone; refusals from before are told so again."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from typing import Any

from django.db import migrations

from refloat.model.plan import plan_of


def told_again(apps: Any, editor: Any) -> None:  # noqa: ARG001 - as Django calls it
    """Reckon each refusal's substance from the plan that it is about; of a damaged plan nothing is carried out anyway."""
    refused = apps.get_model("store", "RefusedAction")
    for plan_id, packed in apps.get_model("store", "PlanDocument").objects.filter(id__in=refused.objects.values("plan_id")).values_list("id", "packed"):
        with suppress(zlib.error, KeyError, TypeError, ValueError):
            for action in plan_of(json.loads(zlib.decompress(packed))).actions:
                refused.objects.filter(plan_id=plan_id, name=action.id).update(substance=action.substance)


class Migration(migrations.Migration):
    """No table is changed."""

    dependencies = (("store", "0018_sums"),)
    operations = (migrations.RunPython(told_again, migrations.RunPython.noop),)
