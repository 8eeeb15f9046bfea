"""How the unattended work stands, in lines and as an object."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from refloat.app.working import Overview
from refloat.cli.policy import unconfirmed
from refloat.locale import translator
from refloat.store import DueRow
from refloat.wording.working import waits_text, what_text, why_text


def as_json(found: Overview) -> dict[str, Any]:
    """Every row, by how it stands; times are ISO 8601 in UTC."""
    named = {"running": found.running, "broken_off": found.broken_off, "failed": found.failed, "waiting": found.waiting, "later": found.later}
    return {"at": found.at, "workers": list(found.workers), "policies_unconfirmed": dict(found.unconfirmed), **{name: [asdict(row) for row in rows] for name, rows in named.items()}}


def lines(found: Overview, language: str) -> Iterator[str]:
    """What runs, what was broken off, what failed and why, what waits for what, and what is next."""
    say = translator(language)
    yield from (unconfirmed(account, since, language) for account, since in found.unconfirmed.items())
    if not (found.running or found.broken_off or found.failed or found.waiting or found.later):
        yield say("Nothing is done by itself yet: refloat work, or refloat run.")
        return
    if found.workers:
        yield say("Working: {names}").format(names=", ".join(found.workers))
    else:
        yield say("Nobody is working now: refloat work, or refloat run.")
    for row in found.running:
        yield say("  at it    {what}, since {at}, by {worker}").format(what=what_text(row, language), at=_shown(row.begun_at), worker=row.worker)
    for row in found.broken_off:
        yield say("  broken off    {what}, begun {at}; it is begun anew").format(what=what_text(row, language), at=_shown(row.begun_at))
    for row in found.failed:
        yield failed_line(row, language)
    for row in found.waiting:
        yield say("  waits    {what}: {why}; next look {at}").format(what=what_text(row, language), why=waits_text(row.waits_for, language), at=_shown(row.due_at))
    if found.later:
        first = found.later[0]
        yield say("  later    {count} more; next is {what} at {at}").format(count=len(found.later), what=what_text(first, language), at=_shown(first.due_at))


def failed_line(row: DueRow, language: str) -> str:
    """What failed, how often, since when, and why."""
    say, why = translator(language), why_text(row, language)
    text = say("  failed    {what}, {count} times in a row since {since}: {why} Next try {at}.")
    return text.format(what=what_text(row, language), count=row.failures, since=_shown(row.troubled_since), why=why, at=_shown(row.due_at))


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "?"
