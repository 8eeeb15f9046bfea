"""Who changed it back? As far as the listing itself can tell.

Amazon does not say who wrote. What is known: what we wrote, what stood there before, when the listing changed, and
what else changed in the same minute.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from refloat.loop.shows import reverted, shows
from refloat.model.plan import Action
from refloat.model.ports import Deed

#: So many listings in one minute are no person's clicks.
_UPLOAD = 3
#: What Amazon accepted never took effect.
NEVER = "never"


def likely_writer(action: Action, listing: Mapping[str, Any] | None, later: Sequence[Deed] = (), same_minute: int = 1, *, seen: bool = True) -> str:
    """``us``, ``file-upload``, ``another-tool``, ``seller-or-amazon``, ``deleted``, ``nobody`` or ``never``: what most likely undid the action.

    ``later``: what we ourselves sent for the SKU afterwards. ``same_minute``: how many came back in the same minute.
    ``seen``: the listing has shown the change once.
    """
    if any(deed.remedy in {"pause-offer", "delete-listing"} for deed in later):
        return "us"
    change = action.steps[-1].change
    if shows(change, listing):
        # What we wrote still stands there: nobody took it back, it strands for another reason.
        return "nobody"
    if listing is None:
        return "deleted"
    if same_minute >= _UPLOAD:
        return "file-upload"
    attributes = listing.get("attributes") or {}
    patches = [patch for patch in change.patches if patch.before is not None]
    if not seen and (change.kind == "delete" or patches) and all(attributes.get(patch.attribute) == patch.before for patch in patches):
        # Accepted, and never seen: it never took effect, and nothing else has changed either.
        return NEVER
    # A person closes anew, with a new date; a tool that keeps its own copy writes the old one, to the letter.
    return "another-tool" if any(reverted(attributes.get(patch.attribute), patch.after, patch.before) for patch in patches) else "seller-or-amazon"


def changed_at(listing: Mapping[str, Any] | None) -> str | None:
    """The minute in which Amazon last saw the listing change."""
    summaries = (listing or {}).get("summaries") or [{}]
    moment = summaries[0].get("lastUpdatedDate")
    return str(moment)[:16] if moment else None
