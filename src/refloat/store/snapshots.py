"""Snapshots: the original bytes of what Amazon showed, once each, and how every source did."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime

from django.db.models import QuerySet

from refloat.store.accounts import account_named
from refloat.store.models import Account, Document, Snapshot, SourceState
from refloat.store.rows import SnapshotRow, SourceRow
from refloat.store.troubles import StoreError
from refloat.store.turns import reading, writing


class Snapshots:
    """Accounts are named; marketplaces are two-letter codes; times are UTC."""

    def keep(
        self, account: str, marketplace: str, source: str, content: bytes, *, observed_at: datetime, charset: str | None, whole: bool, report_id: str | None, trouble: tuple[str, str] | None = None,
    ) -> SnapshotRow:  # fmt: skip
        """Keep what a source showed. The same report twice is one snapshot.

        A whole one is the source's last good one and ends its trouble, unless ``trouble`` (code and words) says that
        part of it could not be had; one that was cut is kept, and is neither.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        with writing():
            owner = account_named(account)
            keep_document(sha256, content)
            facts = {"observed_at": observed_at, "document_id": sha256, "charset": charset, "whole": whole}
            kept = _snapshot(owner, marketplace, source, report_id, facts)
            _note_kept(kept, trouble)
            size_bytes = Document.objects.values_list("size_bytes", flat=True).get(pk=kept.document_id)
        return _row(kept, account, size_bytes)

    def latest(self, account: str, marketplace: str, *, whole: bool = False) -> dict[str, SnapshotRow]:
        """The newest snapshot of every source; with ``whole``, the newest that came completely."""
        with reading():
            states = _states(account, marketplace)
            found = [state.last_good if whole else _newest(state) for state in states]
            return {snapshot.source: _row(snapshot, account, snapshot.document.size_bytes) for snapshot in found if snapshot is not None}

    def last_good(self, account: str, marketplace: str, source: str) -> SnapshotRow | None:
        """The newest snapshot of the source that came completely; None when there is none."""
        with reading():
            state = _states(account, marketplace).filter(source=source).first()
            found = state.last_good if state else None
            return None if found is None else _row(found, account, found.document.size_bytes)

    def content(self, snapshot: SnapshotRow) -> bytes:
        """The original bytes.

        Raises:
            StoreError: they are not what was kept.
        """
        content = _unpacked(snapshot.sha256)
        if content is None:
            raise StoreError(
                "The snapshot of {source} for {account} is damaged.",
                why="Its bytes are no longer those that Amazon sent, so nothing is concluded from them.",
                todo="Observe again, and restore the store from a backup if you need this one.",
                source=snapshot.source,
                account=snapshot.account,
            )
        return content

    def failed(self, account: str, marketplace: str, source: str, code: str, text: str, at: datetime) -> None:  # noqa: PLR0917 - as its row is
        """A try at the source gave nothing: what it would tell is unknown since then, not empty."""
        with writing():
            state = state_of(account_named(account), marketplace, source, at)
            state.last_tried_at = at
            _trouble(state, (code, text), at)
            state.save()

    def looked(self, account: str, marketplace: str, source: str, at: datetime) -> None:
        """A try at the source went well, and there was nothing new to keep."""
        with writing():
            state = state_of(account_named(account), marketplace, source, at)
            state.last_tried_at = at
            state.trouble_code = state.trouble_text = state.troubled_since = None
            state.save()

    def sources(self, account: str, marketplace: str | None = None) -> tuple[SourceRow, ...]:
        """How every source did, of one marketplace or of all."""
        with reading():
            states = SourceState.objects.filter(account=account_named(account)).select_related("last_good").order_by("marketplace", "source")
            return tuple(_source_row(state) for state in (states if marketplace is None else states.filter(marketplace=marketplace)))


def content_of(sha256: str, name: str) -> bytes:
    """The bytes of a file that a person gave.

    Raises:
        StoreError: they are not what was kept.
    """
    content = _unpacked(sha256)
    if content is None:
        raise StoreError("The file {name} is damaged in the store.", why="Its bytes are no longer those that were attached.", todo="Attach it again, or restore the store from a backup.", name=name)
    return content


def _unpacked(sha256: str) -> bytes | None:
    """The bytes of a document; None where they are not those that were kept."""
    with reading():
        packed = Document.objects.values_list("packed", flat=True).get(sha256=sha256)
    try:
        content = zlib.decompress(packed)
    except zlib.error:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def keep_document(sha256: str, content: bytes) -> None:
    """Keep bytes once, by their SHA-256; call it inside ``writing()``."""
    if not Document.objects.filter(sha256=sha256).exists():
        Document.objects.bulk_create([Document(sha256=sha256, packed=zlib.compress(content, 6), size_bytes=len(content))], ignore_conflicts=True)


def _snapshot(owner: Account, marketplace: str, source: str, report_id: str | None, facts: dict[str, object]) -> Snapshot:
    where = {"account": owner, "marketplace": marketplace, "source": source, "report_id": report_id}
    if report_id is None:
        return Snapshot.objects.create(**where, **facts)
    return Snapshot.objects.get_or_create(**where, defaults=facts)[0]


def _note_kept(kept: Snapshot, trouble: tuple[str, str] | None) -> None:
    """What was kept last is the newest, whatever the moments say: a clock may have run ahead, and been set right."""
    state = state_of(kept.account, kept.marketplace, kept.source, kept.observed_at)
    state.last_tried_at = kept.observed_at
    if kept.whole and (state.last_good_id or 0) <= kept.pk:
        state.last_good = kept
        if trouble is None:
            state.trouble_code = state.trouble_text = state.troubled_since = None
    if trouble is not None:
        _trouble(state, trouble, kept.observed_at)
    state.save()


def _trouble(state: SourceState, trouble: tuple[str, str], at: datetime) -> None:
    state.trouble_code, state.trouble_text = trouble
    state.troubled_since = state.troubled_since or at


def state_of(owner: Account, marketplace: str, source: str, at: datetime) -> SourceState:
    """How the source does, locked until the turn ends; new where it is asked for the first time, at ``at``."""
    return SourceState.objects.select_for_update().get_or_create(account=owner, marketplace=marketplace, source=source, defaults={"last_tried_at": at})[0]


def _states(account: str, marketplace: str) -> QuerySet[SourceState]:
    found = SourceState.objects.filter(account=account_named(account), marketplace=marketplace).order_by("source")
    return found.select_related("account", "last_good__document").defer("last_good__document__packed")


def _newest(state: SourceState) -> Snapshot | None:
    """The snapshot that was kept last; the moments do not order them, for a clock may have run ahead."""
    found = Snapshot.objects.filter(account=state.account, marketplace=state.marketplace, source=state.source)
    return found.select_related("document").defer("document__packed").order_by("-id").first()


def _row(kept: Snapshot, account: str, size_bytes: int) -> SnapshotRow:
    return SnapshotRow(kept.pk, account, kept.marketplace, kept.source, kept.observed_at, kept.document_id, size_bytes, kept.charset, kept.whole, kept.report_id)


def _source_row(state: SourceState) -> SourceRow:
    good_at = state.last_good.observed_at if state.last_good else None
    return SourceRow(state.marketplace, state.source, state.last_tried_at, state.trouble_code, state.trouble_text, state.troubled_since, good_at)
