"""Retention: old snapshots go, the newest and what open matters rest on stay, and the journal is never touched."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from refloat.app.keeping import prune
from refloat.config import configured
from refloat.errors import WrongUse
from refloat.store import Store

DAY = timedelta(days=1)


def _kept(store: Store, account: str, at: datetime, source: str = "stranded", content: bytes | None = None, *, whole: bool = True) -> int:
    return store.snapshots.keep(account, "DE", source, content or f"{source} {at}".encode(), observed_at=at, charset=None, whole=whole, report_id=None).id


def _left() -> set[int]:
    from refloat.store.models import Snapshot

    return set(Snapshot.objects.values_list("id", flat=True))


def test_old_ones_go_and_the_newest_of_each_source_stays(store: Store, account: str, start: datetime) -> None:
    """Also where the newest is old itself, and where the newest was cut and the last good one is older still."""
    old, good, cut = _kept(store, account, start), _kept(store, account, start + DAY), _kept(store, account, start + 2 * DAY, whole=False)
    alone = _kept(store, account, start, "planning")
    _kept(store, account, start + 10 * DAY, "returns")
    young = _kept(store, account, start + 500 * DAY, "returns")
    store.journal.append(account, "DE", "observed", {}, start)
    told = prune(store, start + 600 * DAY)
    assert _left() == {good, cut, alone, young}
    assert (told.snapshots, told.before) == (2, start + 200 * DAY)
    assert old not in _left()
    assert store.journal.check(account, "DE") is None
    assert store.journal.head(account, "DE") is not None
    assert prune(store, start + 600 * DAY).snapshots == 0


def test_a_document_that_another_snapshot_has_stays(store: Store, account: str, start: datetime) -> None:
    """The same bytes were kept once; they go with the last who points to them."""
    from refloat.store.models import Document

    for days in (0, 1, 500):
        _kept(store, account, start + days * DAY, content=b"the same" if days != 1 else b"alone")
    told = prune(store, start + 500 * DAY)
    assert (told.snapshots, told.size_bytes, Document.objects.count()) == (2, len(b"alone"), 1)


def test_what_an_open_stranding_rests_on_stays(store: Store, account: str, start: datetime) -> None:
    """Of each source the snapshot from which it was concluded; once it is over it goes as well."""
    from refloat.store import Conclusion

    before, rests_on, after = (_kept(store, account, start + days * DAY) for days in (0, 1, 3))
    newest = _kept(store, account, start + 500 * DAY)
    store.strandings.record(account, "DE", [{"sku": "MUG-BLUE-11", "standing": "confirmed"}], start + 2 * DAY, unknown=False)
    prune(store, start + 500 * DAY)
    assert _left() == {rests_on, newest}
    store.strandings.record(account, "DE", [], start + 500 * DAY, unknown=False, concluded={"MUG-BLUE-11": Conclusion(outcome="cured")})
    prune(store, start + 500 * DAY)
    assert _left() == {newest}
    assert {before, after} & _left() == set()


def test_the_setting_is_a_number_of_days() -> None:
    """400 by default; nonsense is refused before anything goes."""
    assert configured({}).keep_days == 400
    assert configured({"REFLOAT_KEEP_DAYS": "90"}).keep_days == 90
    for wrong in ("0", "-1", "a year", "1.5"):
        with pytest.raises(WrongUse, match="REFLOAT_KEEP_DAYS"):
            configured({"REFLOAT_KEEP_DAYS": wrong})
