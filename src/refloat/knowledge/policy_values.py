"""Values of a policy, checked one by one: what fits becomes a value of ours, what does not says what would."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from refloat.errors import WrongUse
from refloat.knowledge.catalogue import Catalogue
from refloat.knowledge.tables import marketplaces

MORE = "docs/operate/policy.md"
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LAST_DAY = date(2100, 12, 31)


class Unfit(Exception):  # noqa: N818 - said by the reader, with the key
    """The value does not fit; ``written`` would."""

    def __init__(self, written: str, near: str | None = None) -> None:
        super().__init__(written)
        self.written, self.near = written, near


def value_of(key: Mapping[str, Any], said: Any, pages: Catalogue) -> Any:
    """What ``said`` means for a key of ``keys.toml``.

    Raises:
        Unfit: it is of another type, out of range, or no name that we know.
    """
    return _KINDS[key["kind"]](key, said, pages)


def default_of(key: Mapping[str, Any], pages: Catalogue) -> Any:
    """What holds where the key is left out."""
    return value_of(key, key["default"], pages) if "default" in key else None


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that was most likely meant."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return found[0] if found else None


def problem(what: str, todo: str, **values: object) -> WrongUse:
    """One thing that is wrong in a policy; both texts are templates."""
    return WrongUse(what, why="A rule that is read wrongly would act wrongly while nobody looks, so no policy is used in which anything is wrong.", todo=todo, more=MORE, **values)


def _flag(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> bool:
    if not isinstance(said, bool):
        raise Unfit("true")
    return said


def _count(key: Mapping[str, Any], said: Any, _pages: Catalogue) -> int:
    if type(said) is not int or not key["least"] <= said <= key["most"]:
        raise Unfit(f"a whole number from {key['least']} to {key['most']}")
    return said


def _percent(key: Mapping[str, Any], said: Any, _pages: Catalogue) -> Decimal:
    number = _amount(said)
    if number is None or not key["least"] <= number <= key["most"]:
        raise Unfit(f"a number from {key['least']} to {key['most']}")
    return number


def _amount(said: Any) -> Decimal | None:
    """The amount as written: a text, a whole number, or one with a point; never a float."""
    if isinstance(said, bool) or not isinstance(said, str | int | Decimal):
        return None
    return Decimal(str(said)) if _AMOUNT.fullmatch(str(said)) else None


def _amounts(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> dict[str, Decimal]:
    example, known = '{ USD = "19.90" }', sorted({place.currency for place in marketplaces().values()})
    if not isinstance(said, dict):
        raise Unfit(example)
    found = {}
    for currency, written in said.items():
        if currency not in known:
            raise Unfit(", ".join(known), nearest(str(currency).upper(), known))
        amount = _amount(written)
        if amount is None:
            raise Unfit(example)
        found[currency] = amount
    return found


def _names(key: Mapping[str, Any], said: Any, pages: Catalogue) -> tuple[str, ...] | str:
    known = _known(key, pages)
    if key.get("one"):
        return _name(said, known)
    if not isinstance(said, list):
        raise Unfit(f'["{known[0]}"]' if known else "[]")
    if len(set(map(str, said))) != len(said):
        raise Unfit("each name once")
    return tuple(_name(one, known) for one in said)


def _name(said: Any, known: Sequence[str]) -> str:
    if not isinstance(said, str) or said not in known:
        raise Unfit(", ".join(known) or "nothing: there is none", nearest(str(said), known))
    return said


def _known(key: Mapping[str, Any], pages: Catalogue) -> list[str]:
    if key["of"] == "causes":
        return sorted(name for name, cause in pages.causes.items() if "remedy" not in key or key["remedy"] in cause.remedies)
    # The two of which the policy has rules of their own are not among the others.
    return sorted(name for name, remedy in pages.remedies.items() if remedy.safety == "safe" and name not in {"relist-offer", "change-to-fba"})


def _choice(key: Mapping[str, Any], said: Any, _pages: Catalogue) -> str:
    return _name(said, key["of"])


def _people(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) and one.strip() and one.isprintable() for one in said):
        raise Unfit('["A. Name"]')
    if len({one.strip().casefold() for one in said}) != len(said):
        raise Unfit("each name once")
    return tuple(one.strip() for one in said)


def _time(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> time:
    if isinstance(said, time) and (said.second, said.microsecond, said.tzinfo) == (0, 0, None):
        return said
    if not isinstance(said, str) or not _TIME.fullmatch(said):
        raise Unfit('"22:00"')
    return time.fromisoformat(said)


def _zone(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> str:
    if not isinstance(said, str) or said not in available_timezones():
        raise Unfit('"Europe/Berlin"', nearest(str(said), sorted(available_timezones())))
    return str(ZoneInfo(said))


def _date(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> date:
    if type(said) is not date or not date(2020, 1, 1) <= said <= _LAST_DAY:
        raise Unfit("2026-12-24")
    return said


def _text(_key: Mapping[str, Any], said: Any, _pages: Catalogue) -> str:
    if not isinstance(said, str) or not said.strip() or not said.isprintable():
        raise Unfit('"…"')
    return said


_KINDS: dict[str, Callable[[Mapping[str, Any], Any, Catalogue], Any]] = {
    "flag": _flag, "count": _count, "percent": _percent, "amounts": _amounts, "names": _names, "choice": _choice, "people": _people, "time": _time, "zone": _zone, "date": _date, "text": _text,
}  # fmt: skip
