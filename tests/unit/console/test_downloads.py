"""The limit of a spreadsheet, held also where a page stops counting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest

from refloat.errors import WrongUse
from refloat.store.finding_rows import Asked, Days

TODAY = Days(date(2026, 11, 2))


class _Pages:
    """So many rows fit, of which a page counts 10,000 unless they lie counted."""

    def __init__(self, many: int, *, counted: bool) -> None:
        self.many, self.counted, self.read = many, counted, 0

    def count(self, asked: Asked, today: Days) -> tuple[int, bool]:
        return (self.many, True) if self.counted else (min(self.many, 10_000), self.many <= 10_000)

    def keys(self, asked: Asked, today: Days) -> Iterator[tuple[int, str, str, str]]:
        for number in range(self.many):
            self.read += 1
            yield number, "harbour", "US", f"SKU-{number}"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("many", "counted", "refused", "read"),
    [(9_999, False, False, 0), (100_000, False, False, 100_000), (250_000, False, True, 100_001), (100_000, True, False, 0), (100_001, True, True, 0)],
)
def test_a_spreadsheet_of_too_many_is_refused(monkeypatch: pytest.MonkeyPatch, many: int, counted: bool, refused: bool, read: int) -> None:
    """Nothing is read where the count is known, and never more than one beyond the limit."""
    from refloat.console import desk, downloads

    pages = _Pages(many, counted=counted)
    monkeypatch.setattr(desk, "store", lambda: SimpleNamespace(pages=pages))
    if refused:
        with pytest.raises(WrongUse, match="100,000"):
            downloads._refuse_many(Asked(text="cup"), TODAY)
    else:
        downloads._refuse_many(Asked(text="cup"), TODAY)
    assert pages.read == read
