"""The line to Amazon for one account: the port ``refloat.model.ports.Line`` over SP-API. Reads only."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from refloat.amazon import documents, eligibility, listings, paging, reports, restrictions, sellers
from refloat.amazon.calls import Caller
from refloat.amazon.endpoints import Credentials, Endpoints
from refloat.amazon.refusals import known, seller
from refloat.amazon.transport import HttpTransport, Transport
from refloat.amazon.writer import AmazonWriter
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

    def writer(self) -> AmazonWriter:
        """The line on which one writes: the same calls, token, places and connections."""
        return AmazonWriter(self._caller, self._seller_id, self._clock)

    def clock_ahead(self) -> timedelta | None:
        """By how much this machine's clock is ahead of Amazon's, by the Date of the newest answer; None before one told."""
        return self._caller.clock_ahead

    def places(self) -> Sequence[Place]:
        """The marketplaces in which the account takes part."""
        return self._caller.read(sellers.participations(), sellers.places)[0]

    def ask_report(self, report_type: str, marketplace: str, options: Mapping[str, str]) -> str:
        """Order a report, and return its id. ``dataStartTime`` and ``dataEndTime`` may stand among the options."""
        return self._caller.read(reports.order(report_type, known(marketplace), options), reports.ordered)[0]

    def report(self, report_id: str) -> ReportState:
        """How far the report is."""
        return self._caller.read(reports.look(report_id), reports.state)[0]

    def recent_reports(self, report_type: str, marketplace: str, since: datetime) -> Sequence[ReportState]:
        """The reports of that type that were ordered since, the newest first."""
        return paging.recent_reports(self._caller, report_type, known(marketplace), since)

    def document(self, document_id: str) -> Download:
        """The document, checked: charset, gzip, completeness."""
        return documents.document(self._caller, reports.find(document_id))

    def listing(self, sku: str, marketplace: str) -> Answer:
        """One listings item; without a body where Amazon says that there is none."""
        return paging.one(self._caller, self._clock, sku, listings.look(seller(self._seller_id, "getListingsItem"), sku, known(marketplace)), listings.item)

    def changed_listings(self, marketplace: str, since: datetime) -> Sequence[Answer]:
        """The listings items that changed since, each once, the oldest change first."""
        return paging.changes(self._caller, self._clock, seller(self._seller_id, "searchListingsItems"), known(marketplace), since)

    def restrictions(self, asin: str, marketplace: str, condition: str | None) -> Answer:
        """Whether the seller may list the ASIN; ``condition`` as a report writes it."""
        look = restrictions.look(asin, seller(self._seller_id, "getListingsRestrictions"), known(marketplace), condition)
        return paging.one(self._caller, self._clock, asin, look, restrictions.restrictions)

    def inventory(self, skus: Sequence[str], marketplace: str) -> Sequence[Answer]:
        """The FBA stock of the SKUs; without a body where Amazon answers nothing about one."""
        return paging.stock(self._caller, self._clock, skus, known(marketplace))

    def eligibility(self, asin: str, marketplace: str) -> Answer:
        """Whether the ASIN may be sent in, and the reasons why not."""
        return paging.one(self._caller, self._clock, asin, eligibility.look(asin, known(marketplace)), eligibility.preview)
