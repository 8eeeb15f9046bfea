"""The line to Amazon for one account: the port ``refloat.model.ports.Line`` over SP-API. Reads only."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from refloat.amazon import documents, eligibility, listings, paging, refusals, reports, restrictions, sellers
from refloat.amazon.calls import Caller
from refloat.amazon.endpoints import Credentials, Endpoints
from refloat.amazon.protocol import MisshapenError, Reader, Request, marketplace_id
from refloat.amazon.transport import HttpTransport, Transport
from refloat.errors import NotThere
from refloat.model.ports import Answer, Clock, Download, Gate, Place, ReportState


class AmazonLine:
    """One account's line; several threads may use it at once. Every method may raise an ``AmazonError``.

    ``marketplace`` is a two-letter code, or an id of Amazon's.
    """

    def __init__(self, credentials: Credentials, endpoints: Endpoints, *, gate: Gate, clock: Clock, randomness: random.Random | None = None, transport: Transport | None = None) -> None:
        self._seller_id, self._clock = credentials.seller_id, clock
        self._transport = transport or HttpTransport()
        self._caller = Caller(credentials, endpoints, gate=gate, clock=clock, randomness=randomness or random.Random(), transport=self._transport)  # noqa: S311 - jitter, not a secret

    @property
    def calls(self) -> Counter[str]:
        """How often each operation was called, ``token`` and ``download`` among them."""
        return self._caller.calls

    @property
    def throttled(self) -> Counter[str]:
        """How often each operation was answered with 429."""
        return self._caller.throttled

    def close(self) -> None:
        """Let go of the connections."""
        self._transport.close()

    def places(self) -> Sequence[Place]:
        """The marketplaces in which the account takes part."""
        return self._caller.read(sellers.participations(), sellers.places)[0]

    def ask_report(self, report_type: str, marketplace: str, options: Mapping[str, str]) -> str:
        """Order a report, and return its id. ``dataStartTime`` and ``dataEndTime`` may stand among the options."""
        return self._caller.read(reports.order(report_type, _known(marketplace), options), reports.ordered)[0]

    def report(self, report_id: str) -> ReportState:
        """How far the report is."""
        return self._caller.read(reports.look(report_id), reports.state)[0]

    def recent_reports(self, report_type: str, marketplace: str, since: datetime) -> Sequence[ReportState]:
        """The reports of that type that were ordered since, the newest first."""
        return paging.recent_reports(self._caller, report_type, _known(marketplace), since)

    def document(self, document_id: str) -> Download:
        """The document, checked: charset, gzip, completeness."""
        return documents.document(self._caller, document_id)

    def listing(self, sku: str, marketplace: str) -> Answer:
        """One listings item; without a body where Amazon says that there is none."""
        return self._one(sku, listings.look(self._seller("getListingsItem"), sku, _known(marketplace)), listings.item)

    def changed_listings(self, marketplace: str, since: datetime) -> Sequence[Answer]:
        """The listings items that changed since, each once, the oldest change first."""
        return paging.changes(self._caller, self._clock, self._seller("searchListingsItems"), _known(marketplace), since)

    def restrictions(self, asin: str, marketplace: str, condition: str | None) -> Answer:
        """Whether the seller may list the ASIN; ``condition`` as a report writes it."""
        return self._one(asin, restrictions.look(asin, self._seller("getListingsRestrictions"), _known(marketplace), condition), restrictions.restrictions)

    def inventory(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        """The FBA stock of the SKUs; without a body where Amazon answers nothing about one."""
        return paging.stock(self._caller, self._clock, skus, _known(marketplace))

    def eligibility(self, asin: str, marketplace: str) -> Answer:
        """Whether the ASIN may be sent in, and the reasons why not."""
        return self._one(asin, eligibility.look(asin, _known(marketplace)), eligibility.preview)

    def _one(self, key: str, request: Request, reader: Reader[Mapping[str, Any]]) -> Answer:
        try:
            body, answered = self._caller.read(request, reader)
        except NotThere as gone:
            request_id = gone.values["request_id"]
            return Answer(key, None, self._clock.now(), None if request_id == "unknown" else str(request_id))
        return Answer(key, body, self._clock.now(), answered.request_id)

    def _seller(self, operation: str) -> str:
        if not self._seller_id:
            raise refusals.no_seller_id(operation)
        return self._seller_id


def _known(marketplace: str) -> str:
    """Amazon's id of the marketplace, before anything is built with it."""
    try:
        return marketplace_id(marketplace)
    except MisshapenError:
        pass
    raise refusals.no_marketplace(marketplace)
