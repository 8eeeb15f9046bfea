"""Names that a person typed: which known ones look like them, and which remedy is meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from refloat.errors import WrongUse
from refloat.knowledge.catalogue import Catalogue

_NEAR, _LIKENESS = 3, 0.6
#: Of more names than this only those that begin or end alike are compared letter by letter.
_COMPARED_MOST = 5_000
_ALIKE = 3


def nearest(name: str, names: Iterable[str]) -> str:
    """The known names that look most like ``name``, as a list to read; empty where none does."""
    lower, folded = name.casefold(), {known.casefold(): known for known in names}
    if len(folded) > _COMPARED_MOST:
        folded = {key: known for key, known in folded.items() if key[:_ALIKE] == lower[:_ALIKE] or key[-_ALIKE:] == lower[-_ALIKE:]}
        folded = dict(list(folded.items())[:_COMPARED_MOST])
    return ", ".join(folded[key] for key in get_close_matches(lower, folded, n=_NEAR, cutoff=_LIKENESS))


def known_remedy(name: str, pages: Catalogue) -> str:
    """The remedy by its own name, or by Amazon's word for it.

    Raises:
        WrongUse: there is none.
    """
    found = name if name in pages.remedies else pages.recommended_of(name)
    if found is not None:
        return found
    if near := nearest(name, pages.remedies):
        raise WrongUse("There is no remedy {name}.", why="It is neither a remedy's name nor Amazon's word for one.", todo="Near it: {near}.", name=name, near=near)
    raise WrongUse("There is no remedy {name}.", why="It is neither a remedy's name nor Amazon's word for one.", todo="refloat explain lists them all.", name=name)
