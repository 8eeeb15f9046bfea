"""Where documents lie: presigned URLs that expire, without any token of SP-API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World

PREFIX = "/_documents/"
LIFETIME = timedelta(minutes=5)
_EXPIRED = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'


@dataclass
class Stored:
    """One document: its bytes as they lie there, and the headers they come with. Uploads start empty."""

    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """A presigned URL."""

    document: str
    method: str
    expires_at: datetime


def documents(world: World) -> dict[str, Stored]:
    """Every document by its id."""
    room: dict[str, Stored] = world.rooms.setdefault("documents", {})
    return room


def link(world: World, call: Call, document: str, method: str = "GET") -> str:
    """A presigned URL for the document, good for five minutes."""
    signature = world.identity("signature", 32)
    links: dict[str, Link] = world.rooms.setdefault("links", {})
    links[signature] = Link(document, method, world.now + LIFETIME)
    return f"{call.base_url}{PREFIX}{document}?X-Amz-Expires=300&X-Amz-Signature={signature}"


def encoded(world: World, document: str) -> str:
    """The same document where it says of itself that it is packed: a client that listens unpacks it unasked."""
    known = documents(world)[document]
    name = f"{document}.gzip"
    documents(world)[name] = Stored(known.content, {**known.headers, "content-encoding": "gzip"})
    return name


def answered(world: World, call: Call) -> Reply:
    """GET or PUT behind a presigned URL; 403 with XML, as the store behind SP-API answers, when it has expired."""
    signature = call.one("X-Amz-Signature") or ""
    known: Link | None = world.rooms.get("links", {}).get(signature)
    if known is None or known.method != call.method or known.expires_at <= world.now or known.document != call.path.removeprefix(PREFIX):
        return Reply(403, _EXPIRED, {"content-type": "application/xml"})
    if call.method == "GET" and world.faults.strikes(world, "expired-document-url", "getDocument"):
        return Reply(403, _EXPIRED, {"content-type": "application/xml"})
    document = documents(world)[known.document]
    if call.method == "PUT":
        document.content = call.content
        document.headers["content-type"] = call.headers.get("content-type", "")
        return Reply(200, b"")
    return Reply(200, document.content, dict(document.headers))
