"""What no database takes in a text: replaced where it stands alone, kept without loss in JSON; the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from refloat.store import Store
from refloat.store.letters import json_text, storable

ODD = "a\0b\ud83dc 杯子 🫖"


@pytest.mark.parametrize(("text", "stored"), [(ODD, "a\ufffdb\ufffdc 杯子 🫖"), ("a\0", "a\ufffd"), ("plain", "plain"), ("", "")])
def test_a_text_is_made_storable(text: str, stored: str) -> None:
    """Only what no database takes is replaced."""
    assert storable(text) == stored


def test_json_keeps_everything(store: Store, account: str, start: datetime) -> None:
    """Half a surrogate pair and NUL come back from the journal, and the chain holds."""
    store.journal.append(account, "DE", "observed", {"said": ODD, ODD: 1}, start)
    (entry,) = store.journal.entries(account, "DE")
    assert entry.body == {"said": ODD, ODD: 1}
    assert store.journal.check(account, "DE") is None
    assert json_text("杯") == '"杯"'


def test_an_odd_title_is_no_change_each_time(store: Store, account: str, start: datetime) -> None:
    """It is stored with the replacement, and compared with it."""
    odd = ODD.replace("\ud83d", "")
    for turn in range(2):
        recorded = store.strandings.record(account, "DE", [{"sku": "A\0-1", "standing": "confirmed", "title": odd, "said": odd}], start + timedelta(hours=turn), unknown=False)
    assert (recorded.opened, recorded.changed, recorded.unchanged) == (0, 0, 1)
    assert store.strandings.open_strandings(account)[0].now.title == storable(odd)
    assert len(store.strandings.history(account, "A\0-1")) == 1


def test_big_texts_and_bytes_come_back(store: Store, account: str, start: datetime) -> None:
    """Megabytes of text in the journal, and bytes of every kind in a document."""
    store.journal.append(account, "DE", "observed", {"said": "杯" * 1_000_000}, start)
    assert len(next(store.journal.entries(account, "DE")).body["said"]) == 1_000_000
    content = bytes(range(256)) * 4_000
    row = store.snapshots.keep(account, "DE", "stranded", content, observed_at=start, charset=None, whole=True, report_id=None)
    assert store.snapshots.content(row) == content
