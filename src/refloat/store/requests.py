"""Reports on order: a pass that was killed goes on with the report that it had ordered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from refloat.store.accounts import account_named
from refloat.store.models import ReportRequest
from refloat.store.rows import RequestRow
from refloat.store.turns import reading, writing

#: The stage of a report that was only just asked for: Amazon's own word.
ASKED = "IN_QUEUE"


class Requests:
    """Accounts are named; marketplaces are two-letter codes; times are UTC."""

    def ordered(self, account: str, marketplace: str, report_type: str, options: Mapping[str, str]) -> RequestRow | None:
        """The report of that kind, with those options, that is still on order; the newest, should there be two."""
        with reading():
            found = ReportRequest.objects.filter(account=account_named(account), marketplace=marketplace, report_type=report_type, options=_canonical(options), settled_at=None)
            return _row_or_none(found.order_by("-asked_at", "-id").first())

    def last(self, account: str, marketplace: str, report_type: str) -> RequestRow | None:
        """The report of that kind that was ordered last, settled or not."""
        with reading():
            found = ReportRequest.objects.filter(account=account_named(account), marketplace=marketplace, report_type=report_type)
            return _row_or_none(found.order_by("-asked_at", "-id").first())

    def note_order(self, account: str, marketplace: str, report_type: str, options: Mapping[str, str], report_id: str, at: datetime) -> RequestRow:  # noqa: PLR0917 - as its row is
        """Amazon took the order, and gave it this id. Noting it twice changes nothing."""
        facts = {"marketplace": marketplace, "source": report_type, "report_type": report_type, "options": _canonical(options), "asked_at": at, "stage": ASKED}
        with writing():
            return _row(ReportRequest.objects.get_or_create(account=account_named(account), report_id=report_id, defaults=facts)[0])

    def note_stage(self, account: str, report_id: str, stage: str, document_id: str | None = None) -> None:
        """How far Amazon is; the request stays open until its document is kept or given up."""
        with writing():
            ReportRequest.objects.filter(account=account_named(account), report_id=report_id).update(stage=stage, document_id=document_id)

    def settle(self, account: str, report_id: str, stage: str, at: datetime, document_id: str | None = None) -> None:
        """Nothing more is to be done for it: its document is kept, or there is none."""
        with writing():
            found = ReportRequest.objects.filter(account=account_named(account), report_id=report_id, settled_at=None)
            found.update(stage=stage, settled_at=at, **({"document_id": document_id} if document_id else {}))


def _canonical(options: Mapping[str, str]) -> str:
    return json.dumps(dict(options), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _row_or_none(request: ReportRequest | None) -> RequestRow | None:
    return None if request is None else _row(request)


def _row(request: ReportRequest) -> RequestRow:
    return RequestRow(
        request.pk,
        request.marketplace,
        request.report_type,
        json.loads(request.options),
        request.report_id,
        request.asked_at,
        request.settled_at,
        request.stage,
        request.document_id,
    )
