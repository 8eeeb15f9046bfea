"""A document of a report or a feed: from its id to its bytes, fetched, unpacked, checked for completeness; and a feed's from its bytes to its id."""

from __future__ import annotations

import re
import zlib
from email.message import Message
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from refloat.amazon import feeds, refusals, reports
from refloat.amazon.calls import Caller
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.reports import Sheet
from refloat.amazon.secret import Secret
from refloat.errors import AmazonError
from refloat.knowledge.tables import table
from refloat.model.ports import Download

_GZIP = b"\x1f\x8b"
_STEP = 1 << 20
_CHARSET = re.compile(r"[\w.:+-]{1,40}")
_DOWNLOAD, _UPLOAD = Request("download", "GET", ""), Request("upload", "PUT", "")
#: What the store says to an address whose time is over.
_EXPIRED = frozenset({400, 401, 403, 404})


class _Unpacked(NamedTuple):
    content: bytes
    whole: bool


def document(caller: Caller, find: Request) -> Download:
    """The document that ``find`` finds, with its declared charset; ``whole`` is False where something is missing, and what came is kept.

    Raises:
        AmazonError: Amazon does not give it, or it is larger than the limit of ``limits.toml`` (AnswerTooLarge).
    """
    limit = table("limits")["upload"]["bytes"]
    sheet, answered = _fetched(caller, find, limit)
    if answered.code != 200:
        raise _refused(caller, _DOWNLOAD, sheet.url, answered)
    content, whole = _unpacked(answered.content, limit)
    # A packed document of no bytes at all has lost even gzip's own header.
    whole = whole and answered.whole and not (sheet.packed and not answered.content)
    return Download(content, _charset(answered.headers.get("content-type", "")), whole)


def upload(caller: Caller, content: bytes, content_type: str) -> str:
    """Put the content where Amazon wants it, and return the document's id; by itself it does nothing.

    Raises:
        AmazonError: it could not be put there. No feed was made of it, so none can have been lost.
    """
    try:
        return _put(caller, content, content_type)
    except AmazonError as failure:
        refusals.nothing_sent(failure)
        raise


def _put(caller: Caller, content: bytes, content_type: str) -> str:
    """An address lives for five minutes, which may have passed while the store was in trouble; so it is renewed once."""
    for attempt in (1, 2):
        room, _ = caller.read(feeds.room(content_type), feeds.given)
        answered = caller.upload(room.url, content, content_type)
        if attempt == 2 or answered.code not in _EXPIRED:
            break
    if not answered.whole:
        raise refusals.cut("upload", answered)
    if not 200 <= answered.code < 300:
        raise _refused(caller, _UPLOAD, room.url, answered)
    return room.document_id


def _refused(caller: Caller, request: Request, url: Secret, answered: Answered) -> AmazonError:
    # The store's own errors repeat parts of the address.
    parts = [Secret(value) for _, value in parse_qsl(urlsplit(url.revealed()).query)]
    return refusals.refusal(request, answered, lambda text: caller.hide(text, *parts))


def _fetched(caller: Caller, find: Request, limit: int) -> tuple[Sheet, Answered]:
    """Where the document lies, and what the store gives; an address that has expired is renewed once."""
    for attempt in (1, 2):
        sheet, _ = caller.read(find, reports.sheet)
        answered = caller.fetch(sheet.url, limit)
        if attempt == 2 or answered.code not in _EXPIRED:
            break
    return sheet, answered


def _unpacked(content: bytes, limit: int) -> _Unpacked:
    """Gunzipped where it is gzip, whatever was announced: a gateway may have unpacked it already, or packed it without saying."""
    return _gunzipped(content, limit) if content.startswith(_GZIP) else _Unpacked(content, whole=True)


def _gunzipped(packed: bytes, limit: int) -> _Unpacked:
    """Every member of a gzip file; of a damaged one, what can be read."""
    out = bytearray()
    while packed.startswith(_GZIP):
        member = zlib.decompressobj(wbits=31)
        try:
            while not member.eof and (packed or member.unconsumed_tail):
                out += member.decompress(packed, _STEP)
                packed = member.unconsumed_tail
                if len(out) > limit:
                    raise refusals.too_large("download", limit)
        except zlib.error:
            return _Unpacked(bytes(out), whole=False)
        if not member.eof:
            return _Unpacked(bytes(out), whole=False)
        packed = member.unused_data
    return _Unpacked(bytes(out), whole=not packed.strip(b"\0"))


def _charset(content_type: str) -> str | None:
    """The charset of a Content-Type, as declared; None where it names none, or something that is no name."""
    header = Message()
    header["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    found = header.get_param("charset")
    return found if isinstance(found, str) and _CHARSET.fullmatch(found) else None
