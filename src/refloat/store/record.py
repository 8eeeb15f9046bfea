"""The record of one (account, marketplace), as the loop asks for it: the port ``model.ports.Record``."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from refloat.model.ports import Order
from refloat.store.accounts import account_named
from refloat.store.models import Account, ReportRequest, Snapshot, SourceState
from refloat.store.rows import SnapshotRow
from refloat.store.snapshots import Snapshots
from refloat.store.turns import reading, writing

#: The stages with which Amazon itself ends an order: asking again at once brings the same.
REFUSED = ("CANCELLED", "FATAL", "REFUSED")
#: The stage of a report that was only just asked for: Amazon's own word.
ASKED = "IN_QUEUE"
#: The stage of an order that another one took the place of.
REPLACED = "REPLACED"


class PlaceRecord:
    """What is on record for one marketplace of one account. Each call is whole or not at all."""

    def __init__(self, snapshots: Snapshots, account: str, marketplace: str) -> None:
        self._snapshots, self._account, self._marketplace = snapshots, account, marketplace

    def read_at(self, source: str) -> datetime | None:
        """The moment of the last good snapshot of ``source``; None when there is none."""
        with reading():
            state = self._states().filter(source=source).select_related("last_good").first()
            return state.last_good.observed_at if state and state.last_good else None

    def first_read_after(self, source: str, moment: datetime) -> datetime | None:
        """When ``source`` was first read whole after that moment, or Amazon itself ended an order of after it without a document; None: not yet."""
        with reading():
            kept = Snapshot.objects.filter(account=self._owner, marketplace=self._marketplace, source=source, whole=True, observed_at__gt=moment)
            ended = self._orders().filter(source=source, stage__in=REFUSED, asked_at__gt=moment, settled_at__isnull=False)
            found = (kept.order_by("observed_at").values_list("observed_at", flat=True).first(), ended.order_by("settled_at").values_list("settled_at", flat=True).first())
            return min((one for one in found if one is not None), default=None)

    def looked_at(self, source: str) -> datetime | None:
        """When ``source`` was last asked for, or something newer took its place, with or without success."""
        with reading():
            state = self._states().filter(source=source).first()
            return state.last_tried_at if state else None

    def refused_at(self, source: str) -> datetime | None:
        """When Amazon itself ended the last order of ``source`` without a document; None where it did not."""
        with reading():
            last = self._orders().filter(source=source).order_by("-id").first()
            return last.settled_at if last is not None and last.stage in REFUSED else None

    def has_ordered(self, report_id: str) -> bool:
        """An order of this account brought this id, be it settled or not."""
        with reading():
            return self._orders().filter(report_id=report_id).exists()

    def open_order(self, source: str) -> Order | None:
        """The report that was ordered and has not been settled."""
        with reading():
            found = self._open(source).order_by("-asked_at", "-id").first()
            return Order(source, found.report_type, found.report_id, found.asked_at) if found else None

    def order(self, source: str, report_type: str, at: datetime) -> None:
        """Write down that a report is about to be ordered; an open order of the same source ends here."""
        with writing():
            self._open(source).update(stage=REPLACED, settled_at=at)
            ReportRequest.objects.create(account=self._owner, marketplace=self._marketplace, source=source, report_type=report_type, options="{}", asked_at=at, stage=ASKED)

    def ordered(self, source: str, report_id: str) -> None:
        """Write down the id that Amazon gave to the open order."""
        with writing():
            self._open(source).update(report_id=report_id)

    def settled(self, source: str, stage: str, at: datetime) -> None:
        """The open order of ``source`` has come to its end."""
        with writing():
            self._open(source).update(stage=stage, settled_at=at)

    def keep(
        self, source: str, content: bytes, *, at: datetime, charset: str | None = None, whole: bool = True, report_id: str | None = None, trouble: tuple[str, str] | None = None,
    ) -> SnapshotRow:  # fmt: skip
        """Keep a snapshot for ever, and settle the order that brought it. ``trouble``: not all of it could be had; the code, and why."""
        with writing():
            kept = self._snapshots.keep(self._account, self._marketplace, source, content, observed_at=at, charset=charset, whole=whole, report_id=report_id, trouble=trouble)
            if report_id is not None:
                self._open(source).filter(report_id=report_id).update(stage="DONE", settled_at=at)
        return kept

    def failed(self, source: str, code: str, text: str, at: datetime) -> None:
        """``source`` could not be had, and why."""
        self._snapshots.failed(self._account, self._marketplace, source, code, text, at)

    def looked(self, source: str, at: datetime) -> None:
        """``source`` was asked for, and there was nothing new to keep."""
        self._snapshots.looked(self._account, self._marketplace, source, at)

    def content(self, source: str) -> bytes | None:
        """The bytes of the last good snapshot; None when there is none."""
        kept = self._snapshots.last_good(self._account, self._marketplace, source)
        return None if kept is None else self._snapshots.content(kept)

    @cached_property
    def _owner(self) -> Account:
        """Looked up once: a record lives as long as a pass."""
        return account_named(self._account)

    def _states(self) -> QuerySet[SourceState]:
        return SourceState.objects.filter(account=self._owner, marketplace=self._marketplace)

    def _orders(self) -> QuerySet[ReportRequest]:
        return ReportRequest.objects.filter(account=self._owner, marketplace=self._marketplace)

    def _open(self, source: str) -> QuerySet[ReportRequest]:
        return self._orders().filter(source=source, settled_at=None)
