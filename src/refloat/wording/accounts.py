"""Accounts in words."""

from __future__ import annotations

from refloat.wording.labels import Say


def verdict_labels(_: Say) -> dict[str, str]:
    """What trying one thing brought (``app.account_check``) → in words."""
    return {
        "ok": _("ok"), "missing-role": _("role missing"), "wrong-credential": _("not let in"), "refused": _("refused"),
        "unknown": _("unknown"), "at-risk": _("at risk"), "deactivated": _("deactivated"), "not-yours": _("you do not sell there"),
    }  # fmt: skip
