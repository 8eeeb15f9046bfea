"""Amazon's reason, before and after what was sent: is it still the same, or has it moved on to another one?"""

from __future__ import annotations

from refloat.knowledge.catalogue import catalogue
from refloat.knowledge.spelling import reason_key
from refloat.model.ports import Deed

#: Units on their way out stay on it, whatever Amazon says of them meanwhile.
_LEAVING = "create-removal"


def differ(one: str | None, other: str | None) -> bool:
    """Two reasons of Amazon's that mean something else; in another spelling or language they are the same. A blank one tells nothing."""
    return one is not None and other is not None and symptom(one) != symptom(other)


def symptom(said: str) -> str:
    """Amazon's reason by our name: the same in every spelling and language."""
    return catalogue().symptom_of(said) or reason_key(said)


def moved_on(deed: Deed, said: str | None) -> bool:
    """Does Amazon name another reason since all of the action was sent? Then it is over: there is nothing more to wait for.

    Only a look later than the write counts, and that is what ``too-early`` says; what has a step to come goes on with it.
    """
    sent = deed.stage in {"answered", "shown"} and deed.step + 1 >= deed.steps
    return sent and deed.verdict == "too-early" and deed.remedy != _LEAVING and differ(deed.said, said)


def a_step_further(deed: Deed, said: str | None) -> bool:
    """Is Amazon's new reason the next step of the page by which the action was chosen? Then the action helped: the first of two things is done.

    The page of the new reason begins with what the page of the old one names after the action.
    """
    known = catalogue().causes
    before, now = known.get(deed.cause), known.get(symptom(said)) if said else None
    if before is None or now is None or deed.remedy not in before.remedies:
        return False
    later = {*before.remedies[before.remedies.index(deed.remedy) + 1 :], *before.after}
    return now.remedies[0] in later
