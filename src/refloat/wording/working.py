"""What is done by itself, in words: what it is, what it waits for, why it failed."""

from __future__ import annotations

from refloat.knowledge.messages import trouble
from refloat.knowledge.tables import table
from refloat.store import DueRow


def what_text(row: DueRow, language: str) -> str:
    """Whose, where, and what."""
    where = " ".join(part for part in (row.account, row.marketplace) if part)
    return f"{where}: {_worded('kinds', row.kind, language)}" if where else _worded("kinds", row.kind, language)


def waits_text(code: str, language: str) -> str:
    """What something waits for."""
    return _worded("waits", code, language)


def why_text(row: DueRow, language: str) -> str:
    """Why it failed."""
    code = row.trouble_code or ""
    return trouble(code, language) if code in table("troubles") else " ".join((row.trouble_text or code).splitlines())


def _worded(shelf: str, code: str, language: str) -> str:
    words = table("unattended")[shelf].get(code)
    return str(words["zh" if language == "zh-Hans" else "en"]) if words else code
