"""Words in report cells → our codes, by whole spelling; what is not known stays None."""

from __future__ import annotations

from functools import cache

from refloat.knowledge.spelling import reason_key
from refloat.knowledge.tables import table


@cache
def words(group: str) -> dict[str, str]:
    """Spelling key → code, for one group of ``vocabulary.toml``."""
    return {reason_key(spelling): code for code, spellings in table("vocabulary")[group].items() for spelling in spellings}


def code_of(group: str, text: str | None) -> str | None:
    """The code for ``text``, or None when the vocabulary does not know it."""
    return None if text is None else words(group).get(reason_key(text))
