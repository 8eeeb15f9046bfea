"""Verdicts and stages as every door says them."""

from __future__ import annotations

from collections.abc import Mapping

from refloat.wording.labels import Say, listed


def verdict_label(word: str, _: Say) -> str:
    """A verdict in the reader's language; in English it is the word that the JSON has, too."""
    names = {
        "cured": _("cured"), "sold-out": _("sold-out"), "removed": _("removed"), "deleted": _("deleted"), "unchanged": _("unchanged"), "worse": _("worse"),
        "came-back": _("came-back"), "too-early": _("too-early"),
    }  # fmt: skip
    return names.get(word, word)


def counted(words: Mapping[str, int], _: Say) -> str:
    """``cured 3, too-early 1``."""
    return listed((f"{verdict_label(word, _)} {count:,}" for word, count in sorted(words.items())), _)


def stage_label(stage: str, _: Say) -> str:
    """How far an action is."""
    names = {
        "planned": _("proposed, not sent"), "intended": _("being sent"), "answered": _("accepted by Amazon"), "shown": _("shown by Amazon"), "refused": _("refused by Amazon"),
        "unclear": _("unclear"), "dropped": _("dropped; moved since"), "stopped": _("stopped before it was sent"), "undone": _("put back"),
    }  # fmt: skip
    return names.get(stage, stage)
