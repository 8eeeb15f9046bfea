"""``refloat plans``: the plans of an account, the newest first, and how far each of them is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from refloat.config import Config
from refloat.locale import translator
from refloat.store import PlanRow, opened
from refloat.wording.labels import Say, listed
from refloat.wording.verdicts import counted


def run_plans(config: Config, account: str, *, limit: int, as_json: bool, language: str) -> int:
    """List them; Amazon is not asked.

    Raises:
        WrongUse: there is no such account.
    """
    _ = translator(language)
    with opened(config) as store:
        rows = store.plans.listed(account, limit)
    if as_json:
        sys.stdout.write(json.dumps({"account": account, "plans": [_as_json(row) for row in rows]}, ensure_ascii=False, indent=2) + "\n")
    elif not rows:
        sys.stdout.write(_("No plan was made yet: refloat plan {account}").format(account=account) + "\n")
    else:
        for row in rows:
            sys.stdout.write("\n".join(_lines(row, _)) + "\n")
    return 0


def _numbers(row: PlanRow) -> dict[str, int]:
    """How far its actions are. ``sent``: Amazon accepted them; ``shown``: of those, the listing shows it; ``open``: sent, and not told yet."""
    return {
        "actions": row.actions,
        "approved": row.approved,
        "sent": row.count("answered", "shown", "undone"),
        "shown": row.count("shown"),
        "refused": row.count("refused"),
        "open": row.count("intended", "unclear"),
        "dropped": row.count("dropped"),
        "unsent": row.count("planned", "stopped"),
        "undone": row.count("undone"),
    }


def _as_json(row: PlanRow) -> dict[str, object]:
    moments = {"made_at": row.made_at.isoformat(), "good_until": row.good_until.isoformat() if row.good_until else None}
    return {"plan": row.id, **moments, **_numbers(row), "verdicts": dict(sorted(row.verdicts.items()))}


def _lines(row: PlanRow, _: Say) -> Iterator[str]:
    made = _("made {moment} UTC").format(moment=f"{row.made_at:%Y-%m-%d %H:%M}")
    good = _("good until {moment} UTC").format(moment=f"{row.good_until:%Y-%m-%d %H:%M}" if row.good_until else "?")
    yield " · ".join((row.id, made, good))
    numbers = _numbers(row)
    texts = {
        "actions": _("{count} actions"), "approved": _("{count} approved"), "sent": _("{count} sent"), "shown": _("{count} shown"), "refused": _("{count} refused by Amazon"),
        "open": _("{count} open"), "dropped": _("{count} dropped"), "unsent": _("{count} not sent"), "undone": _("{count} undone"),
    }  # fmt: skip
    yield "    " + listed((text.format(count=f"{numbers[name]:,}") for name, text in texts.items() if numbers[name] or name in {"actions", "approved"}), _)
    if row.verdicts:
        yield "    " + _("Verdicts: {words}.").format(words=counted(row.verdicts, _))
