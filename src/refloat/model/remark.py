"""A remark: what a run has to say to a person, as a code and its facts; a door words it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Where a remark lies in what is told of an action.
BECAUSE = "because"


@dataclass(frozen=True, slots=True)
class Remark:
    """``code`` names the text in ``knowledge/remarks.toml``; ``facts`` fill its placeholders.

    A fact is a text, a count, a list of names, or another remark as JSON.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "facts": dict(self.facts)}


def remark_of(kept: object) -> Remark | None:
    """The remark that was kept as JSON; None where it is none."""
    if isinstance(kept, Mapping) and isinstance(kept.get("code"), str) and isinstance(kept.get("facts"), Mapping):
        return Remark(kept["code"], kept["facts"])
    return None


def remark_on(told: Mapping[str, Any]) -> Remark | None:
    """Why an action is where it is, out of what is told of it: Amazon's own words first; None where nothing is told.

    What was kept before there were remarks is a finished text, and stays one.
    """
    issues = [issue for issue in told.get("issues") or () if isinstance(issue, Mapping) and issue.get("message")]
    if issues:
        first = next((issue for issue in issues if issue.get("severity") == "ERROR"), issues[0])
        return Remark("plain", {"text": str(first["message"])})
    if (kept := remark_of(told.get(BECAUSE))) is not None:
        return kept
    text = next((str(told[name]) for name in ("said", "moved", "why") if told.get(name)), None)
    if text is not None:
        return Remark("plain", {"text": text})
    return Remark("amazon-says", {"stage": str(told["amazon"])}) if told.get("amazon") else None
