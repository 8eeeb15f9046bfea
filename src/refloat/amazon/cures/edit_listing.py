"""edit-listing, in four modes: complete and withdraw write what the seller entered, refresh saves what is there, touch
changes the order of a keyword's words.

Each cures another cause, and the wrong one cures nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from refloat.amazon.cures import channels, dangerous_goods, offers, prices, touching
from refloat.amazon.cures.attributes import Outcome, actions, elements, issues, one_change, patches_of, strings, undo_of, with_mine
from refloat.amazon.cures.attributes import patch as patch_of
from refloat.knowledge.tables import table
from refloat.model.cure import Case, Draft, Field, Guard, Patch, Step

_CHECKED_ELSEWHERE = (offers.NAME, channels.NAME)


def draft(case: Case) -> Outcome:
    """The edit of the case's mode; without a mode it completes."""
    if case.listing is None:
        return Guard("listing-gone")
    return _MODES[case.mode or "complete"](case)


def _complete(case: Case) -> Outcome:
    """Every attribute that Amazon asks for, as entered."""
    wanted = list(dict.fromkeys(_asked_for(case)))
    stated = {name: value for name, value in dangerous_goods.stated(case).items() if name in wanted}
    entered = {**stated, **case.wishes.edits.get(case.sku, {})}
    left = [name for name in wanted if name not in entered]
    if not entered or left:
        return Guard("nothing-entered", {"wanted": ", ".join(left) or str(case.row.get("issue_text") or case.row.get("said") or "?")})
    return _as_entered(case, entered)


def _withdraw(case: Case) -> Outcome:
    """Text or image without what belongs to somebody else, as entered. It is not put back: that would strand the units again."""
    entered = case.wishes.edits.get(case.sku, {})
    if not entered:
        return Guard("nothing-entered", {"wanted": ", ".join(dict.fromkeys(_suspected(case))) or str(case.row.get("issue_text") or case.row.get("said") or "?")})
    drafted = _as_entered(case, entered)
    return drafted if isinstance(drafted, Guard) else Draft(drafted.steps, drafted.fields, drafted.reads)


def _refresh(case: Case) -> Outcome:
    """What the listing says, saved once more: its offer, and one attribute of its content. "Edit, change nothing, save and finish"."""
    guard = offers.unreadable(case)
    if guard:
        return guard
    if offers.consumer(case):
        # After an approval the save is what puts the offer on sale.
        price = prices.checked(case)
        if isinstance(price, Guard):
            return price
    names = [offers.NAME, *(name for name in table("curing")["edit"]["saved_again"] if elements(case, name))][:2]
    again = [patch_of(case, name, elements(case, name)) for name in names if elements(case, name)]
    if not again:
        return Guard("nothing-to-change")
    return Draft((Step(patches_of(case, again)),), tuple(_field(one) for one in again if one.attribute != offers.NAME), (), undo_of(case, again))


def _touch(case: Case) -> Outcome:
    """One harmless attribute, really changed; as entered, else a keyword."""
    entered = case.wishes.edits.get(case.sku, {})
    if entered:
        return _as_entered(case, entered)
    patch = touching.keyword(case)
    if patch is None:
        return Guard("nothing-entered", {"wanted": table("curing")["edit"]["touched"]})
    return one_change(case, [patch], [_field(patch)])


_MODES: Mapping[str, Callable[[Case], Outcome]] = {"complete": _complete, "withdraw": _withdraw, "refresh": _refresh, "touch": _touch}


def _as_entered(case: Case, entered: Mapping[str, Any]) -> Outcome:
    elsewhere = [name for name in _CHECKED_ELSEWHERE if name in entered]
    if elsewhere:
        return Guard("not-by-edit", {"attributes": ", ".join(elsewhere)})
    patches = [patch_of(case, name, with_mine(case, name, array or [])) for name, array in entered.items()]
    return one_change(case, patches, [_field(one) for one in patches if one.before != one.after])


def _asked_for(case: Case) -> Iterable[str]:
    """What Amazon says is missing, and suppresses the listing for."""
    for issue in issues(case):
        if "LISTING_SUPPRESSED" in actions(issue) and any(category.startswith("MISSING_") for category in strings(issue, "categories")):
            yield from (name for name in strings(issue, "attributeNames") if name not in _CHECKED_ELSEWHERE)


def _suspected(case: Case) -> Iterable[str]:
    """Where Amazon suspects what belongs to somebody else."""
    for issue in issues(case):
        if "LISTING_SUPPRESSED" in actions(issue):
            yield from strings(issue, "attributeNames")


def _field(patch: Patch) -> Field:
    return Field(patch.attribute, dangerous_goods.shown(patch.before), dangerous_goods.shown(patch.after))
