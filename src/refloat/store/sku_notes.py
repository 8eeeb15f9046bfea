"""What people enter of SKUs at the pages: holds, opt-outs, prices. Each entry has its person and its moment, and is an entry of the journal as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from refloat.store.accounts import account_named
from refloat.store.asked_rows import Said, SkuNoteRow
from refloat.store.journal import Journal
from refloat.store.models import SkuNote
from refloat.store.turns import reading, writing

#: So many are asked for in one question; a database takes a thousand values at least.
_AT_ONCE = 400


class SkuNotes:
    """Accounts are named; times are UTC."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def enter(self, account: str, kind: str, said: Sequence[Said], by: str, at: datetime) -> int:
        """Let these hold from now on, and what was entered before no more; how many changed something. All of it or nothing."""
        changed: list[Said] = []
        with writing():
            owner = account_named(account)
            for some in (said[at_ : at_ + _AT_ONCE] for at_ in range(0, len(said), _AT_ONCE)):
                now = {(row.marketplace, row.sku): row for row in SkuNote.objects.filter(account=owner, kind=kind, ended_at=None, sku__in=[one.sku for one in some])}
                own = [one for one in {(one.marketplace, one.sku): one for one in some}.values() if (row := now.get((one.marketplace, one.sku))) is None or row.value != one.value]
                own = [one for one in own if one.value is not None or (one.marketplace, one.sku) in now]
                ended = [now[one.marketplace, one.sku].pk for one in own if (one.marketplace, one.sku) in now]
                SkuNote.objects.filter(pk__in=ended).update(ended_at=at, ended_by=by)
                SkuNote.objects.bulk_create(SkuNote(account=owner, marketplace=one.marketplace, sku=one.sku, kind=kind, value=one.value, by=by, at=at) for one in own if one.value is not None)
                changed += own
            for place in sorted({one.place for one in changed}):
                entries = [("sku-noted", {"sku": one.sku, "note": kind, "value": one.value, "for": one.marketplace or None, "by": by}) for one in changed if one.place == place]
                self._journal.append_all(account, place, entries, at)
        return len(changed)

    def remark(self, account: str, skus: Iterable[tuple[str, str]], text: str, by: str, at: datetime) -> int:
        """A person's note about these (marketplace, SKU), in the journal."""
        own: dict[str, list[str]] = {}
        for place, sku in skus:
            own.setdefault(place, []).append(sku)
        with writing():
            for place, some in sorted(own.items()):
                self._journal.append_all(account, place, [("remarked", {"sku": sku, "text": text, "by": by}) for sku in some], at)
        return sum(map(len, own.values()))

    def now(self, account: str, kinds: Sequence[str]) -> tuple[SkuNoteRow, ...]:
        """What holds now, the earliest first."""
        with reading():
            found = SkuNote.objects.filter(account=account_named(account), kind__in=kinds, ended_at=None).order_by("id")
            return tuple(SkuNoteRow(*row) for row in found.values_list("marketplace", "sku", "kind", "value", "by", "at"))

    def of(self, account: str, kind: str, marketplace: str, sku: str) -> SkuNoteRow | None:
        """What holds now of that kind for the SKU in that marketplace; None: nothing."""
        with reading():
            found = SkuNote.objects.filter(account=account_named(account), kind=kind, marketplace=marketplace, sku=sku, ended_at=None)
            row = found.values_list("marketplace", "sku", "kind", "value", "by", "at").first()
            return None if row is None else SkuNoteRow(*row)
