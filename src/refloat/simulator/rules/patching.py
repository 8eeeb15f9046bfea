"""JSON Patch as the Listings Items API 2021-08-01 means it: whole attributes, elements told apart by their selectors.

Pure: nothing here knows the world. Source: listingsItems_2021-08-01.json, ``PatchOperation``, and the threads of the
models repository named at each quirk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from refloat.simulator.nouns.listing import Attributes

Element = dict[str, Any]

#: Where the offer is; everything else is content.
OFFER_NAMES = frozenset({"purchasable_offer", "fulfillment_availability"})
#: What tells the elements of an attribute apart; the rest by marketplace and language.
SELECTORS = {"purchasable_offer": ("marketplace_id", "audience"), "fulfillment_availability": ("fulfillment_channel_code",)}
_OTHER_SELECTORS = ("marketplace_id", "language_tag")
_DEFAULTS = {"audience": "ALL"}
_PATH = re.compile(r"^/attributes/(\w+)$")


def attribute_of(path: str) -> str | None:
    """The attribute that a path names; None when it is not ``/attributes/NAME``: nothing deeper can be patched."""
    found = _PATH.match(path)
    return found.group(1) if found else None


def patched(attributes: Attributes, patches: Iterable[dict[str, Any]], *, default_row_survives: bool = False) -> Attributes:
    """The attributes after the patches, in order; the ones given stay as they are.

    An attribute that was deleted is there with an empty list, so that ``writing.write`` knows to take it away.
    ``default_row_survives``: replacing by a channel of Amazon leaves the DEFAULT row where it was (models#2061).

    Raises:
        KeyError: an operation or a path that does not exist.
    """
    found = deepcopy(attributes)
    for patch in patches:
        name = attribute_of(patch["path"])
        if name is None:
            raise KeyError(patch["path"])
        found[name] = _OPERATIONS[patch["op"]](name, found.get(name, []), deepcopy(patch.get("value") or []))
        if default_row_survives and name == "fulfillment_availability" and patch["op"] == "replace":
            found[name] += _surviving(attributes.get(name, []), found[name])
    return found


def same(name: str, one: Element, other: Element) -> bool:
    """Do two elements of the attribute speak of the same thing? A selector that one of them leaves out fits all."""
    return all(_selected(one, selector) == _selected(other, selector) for selector in SELECTORS.get(name, _OTHER_SELECTORS) if _said(one, selector) and _said(other, selector))


def torn(name: str, value: list[Element]) -> bool:
    """The offer's fields are spread over several elements for one audience: Amazon takes none of them, and says nothing (models#4041)."""
    return name == "purchasable_offer" and any(same(name, one, other) for number, one in enumerate(value) for other in value[:number])


def selectors_missing(name: str, value: list[Element]) -> bool:
    """A merge needs the selector of each element (since 2025-06-16)."""
    return name in SELECTORS and any(not element.get(SELECTORS[name][0]) for element in value)


def _replaced(name: str, old: list[Element], new: list[Element]) -> list[Element]:
    return old if torn(name, new) else new


def _added(name: str, old: list[Element], new: list[Element]) -> list[Element]:
    return old if torn(name, new) else [one for one in old if not any(same(name, one, other) for other in new)] + new


def _merged(name: str, old: list[Element], new: list[Element]) -> list[Element]:
    for element in new:
        mine = next((one for one in old if same(name, one, element)), None)
        if mine is None:
            old = [*old, element]
        else:
            mine.update(element)
    return old


def _deleted(name: str, old: list[Element], new: list[Element]) -> list[Element]:
    return [one for one in old if not any(same(name, one, other) for other in new)] if new else []


_OPERATIONS: dict[str, Callable[[str, list[Element], list[Element]], list[Element]]] = {"add": _added, "replace": _replaced, "merge": _merged, "delete": _deleted}
OPERATIONS = tuple(_OPERATIONS)


def _surviving(old: list[Element], new: list[Element]) -> list[Element]:
    """The DEFAULT row of before, where only a channel of Amazon was sent."""
    codes = [row.get("fulfillment_channel_code", "") for row in new]
    if "DEFAULT" in codes or not any(code.startswith("AMAZON") for code in codes):
        return []
    return [deepcopy(row) for row in old if row.get("fulfillment_channel_code") == "DEFAULT"]


def _said(element: Element, selector: str) -> bool:
    return selector in element or selector in _DEFAULTS


def _selected(element: Element, selector: str) -> Any:
    return element.get(selector, _DEFAULTS.get(selector))
