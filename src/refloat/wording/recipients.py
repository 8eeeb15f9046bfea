"""What a recipient may be told, in words."""

from __future__ import annotations

from refloat.wording.labels import Say


def kind_labels(_: Say) -> dict[str, str]:
    """Each kind of alarm (``model.alarm.KINDS``) → as a person chooses it."""
    return {
        "stranded": _("newly stranded"),
        "stranded-long": _("stranded for long"),
        "deadline": _("a removal date is near"),
        "verdict": _("a cure did not help"),
        "came-back": _("stranded again after a cure"),
        "other-writer": _("another tool writes against us"),
        "account-trouble": _("Amazon does not let the account in"),
        "source-unknown": _("a source cannot be had"),
        "not-looked": _("nobody has looked"),
    }


def digest_labels(_: Say) -> dict[str, str]:
    """Each digest → as a person chooses it."""
    return {"daily": _("every day"), "weekly": _("every week"), "monthly": _("every month")}
