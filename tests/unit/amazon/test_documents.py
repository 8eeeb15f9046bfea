"""A report document: fetched without our token, unpacked, and checked to be whole."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.amazon.fakes import UNAVAILABLE, Amazon, Say, World, answer, refusal

from refloat.amazon.protocol import Answered, Request
from refloat.amazon.refusals import lost
from refloat.errors import AmazonDown, AmazonError, AnswerNotUnderstood, AnswerTooLarge, NotThere
from refloat.knowledge import tables
from refloat.model.ports import Download

URL = "https://store.example/document-1?X-Amz-Signature=made-up"
TEXT = "sku\tproduct-name\nA-1\tCafé\n".encode("cp1252") * 50
EXPIRED = Answered(403, {"content-type": "application/xml"}, b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")


def stored(content: bytes, whole: bool = True, kind: str = "text/plain; charset=Cp1252") -> Answered:
    return Answered(200, {"content-type": kind}, content, whole)


def sheet(packed: bool = False, url: str = URL) -> Answered:
    return answer({"reportDocumentId": "document-1", "url": url, **({"compressionAlgorithm": "GZIP"} if packed else {})})


def downloaded(*files: Answered | AmazonError | Say, packed: bool = False) -> Download:
    return World(Amazon(getReportDocument=sheet(packed), download=list(files))).line.document("document-1")


def test_a_plain_document_comes_as_it_is() -> None:
    """Its bytes, its declared charset, all of it."""
    assert downloaded(stored(TEXT)) == Download(TEXT, "Cp1252", whole=True)


@pytest.mark.parametrize("packed", [True, False])
def test_gzip_is_known_by_its_first_bytes(packed: bool) -> None:
    """Whether Amazon announces it or not."""
    assert downloaded(stored(gzip.compress(TEXT)), packed=packed) == Download(TEXT, "Cp1252", whole=True)


def test_a_document_that_somebody_has_unpacked_already_is_taken_as_it_is() -> None:
    """GZIP was announced, but a gateway has done the work."""
    assert downloaded(stored(TEXT), packed=True) == Download(TEXT, "Cp1252", whole=True)


def test_several_members_and_a_tail_of_zeros_are_one_document() -> None:
    """gzip files may be joined, and may be filled up."""
    assert downloaded(stored(gzip.compress(TEXT) + gzip.compress(TEXT) + b"\0" * 12)) == Download(TEXT * 2, "Cp1252", whole=True)


@pytest.mark.parametrize("kept", [1, 9, 10, 40, -9, -8, -4, -1])
def test_a_cut_gzip_is_never_whole(kept: int) -> None:
    """What can be read is kept; the missing trailer is enough."""
    got = downloaded(stored(gzip.compress(TEXT)[:kept]), packed=True)
    assert not got.whole or kept == 1
    assert kept == 1 or TEXT.startswith(got.content)


def test_a_gzip_with_a_wrong_checksum_is_not_whole() -> None:
    """The text may have been changed on the way."""
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 0xFF
    assert not downloaded(stored(bytes(packed))).whole


def test_something_behind_the_gzip_is_not_whole() -> None:
    """A second file that is none."""
    assert downloaded(stored(gzip.compress(TEXT) + b"oops")) == Download(TEXT, "Cp1252", whole=False)


def test_a_packed_document_of_no_bytes_is_not_whole() -> None:
    """Even an empty gzip has a header."""
    assert downloaded(stored(b""), packed=True) == Download(b"", "Cp1252", whole=False)
    assert downloaded(stored(b"")).whole


def test_a_download_that_breaks_off_is_fetched_again() -> None:
    """Asking the store costs none of the rate."""
    assert downloaded(stored(TEXT[:40], whole=False), stored(TEXT)) == Download(TEXT, "Cp1252", whole=True)


def test_a_download_that_always_breaks_off_keeps_what_came() -> None:
    """And says that it is not whole."""
    assert downloaded(stored(TEXT[:40], whole=False)) == Download(TEXT[:40], "Cp1252", whole=False)


@pytest.mark.parametrize("trouble", [UNAVAILABLE, lost("download", "ReadError", sent=True)])
def test_trouble_of_the_store_passes(trouble: Answered | AmazonDown) -> None:
    """A read is tried again here too."""
    assert downloaded(trouble, stored(TEXT)).content == TEXT
    with pytest.raises(AmazonDown):
        downloaded(trouble)


def test_an_address_that_has_expired_is_renewed_once() -> None:
    """It is good for five minutes; a second refusal is not waited for."""
    world = World(Amazon(getReportDocument=sheet(), download=[EXPIRED, stored(TEXT)]))
    assert world.line.document("document-1").content == TEXT
    assert world.line.calls == {"token": 1, "getReportDocument": 2, "download": 2}
    world = World(Amazon(getReportDocument=sheet(), download=EXPIRED))
    with pytest.raises(AnswerNotUnderstood, match="Request has expired"):
        world.line.document("document-1")
    assert world.line.calls["getReportDocument"] == 2


def test_the_store_never_gets_our_token() -> None:
    """A presigned address carries its own right; the token would go to a stranger."""
    world = World(Amazon(getReportDocument=sheet(), download=stored(TEXT)))
    world.line.document("document-1")
    fetched = [(request, headers) for request, headers in zip(world.amazon.requests, world.amazon.headers, strict=True) if request.operation == "download"]
    assert fetched == [(Request("download", "GET", URL), {})]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://store.example/x", "", "store.example/x"])
def test_only_http_is_fetched(url: str) -> None:
    """An answer cannot make us read something else."""
    with pytest.raises(AnswerNotUnderstood):
        World(Amazon(getReportDocument=sheet(url=url))).line.document("document-1")


def test_a_document_that_is_gone_is_not_there() -> None:
    """Documents are kept for 90 days."""
    with pytest.raises(NotThere):
        World(Amazon(getReportDocument=refusal(404, "NotFound", "Document not found"))).line.document("document-1")


@pytest.mark.parametrize(
    ("kind", "charset"),
    [
        ("text/plain; charset=Cp1252", "Cp1252"),
        ('text/plain;charset="UTF-8"', "UTF-8"),
        ("text/plain; Charset=Shift_JIS; boundary=x", "Shift_JIS"),
        ("text/plain;charset=Windows-31J", "Windows-31J"),
        ("text/plain", None),
        ("", None),
        ("text/plain; charset=", None),
        ("text/plain; charset=a b/c", None),
        ("text/plain; charset*=utf-8''x", None),
    ],
)
def test_the_charset_is_the_declared_one(kind: str, charset: str | None) -> None:
    """As Amazon writes it; reading by it is the reader's work."""
    assert downloaded(stored(TEXT, kind=kind)).charset == charset


def test_a_document_above_the_limit_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that grows without end does not fill the machine."""
    limits = {**tables.table("limits"), "upload": {"bytes": 100_000}}
    monkeypatch.setattr("refloat.amazon.documents.table", lambda _: limits)
    assert len(downloaded(stored(gzip.compress(b"x" * 100_000))).content) == 100_000
    with pytest.raises(AnswerTooLarge, match="100000"):
        downloaded(stored(gzip.compress(b"x" * 5_000_000)))


@given(st.binary(max_size=400), st.booleans(), st.text(max_size=60), st.booleans())
def test_any_bytes_are_a_document(content: bytes, packed: bool, kind: str, magic: bool) -> None:
    """Garbage is kept, and garbage that begins like gzip is not whole unless it is gzip."""
    content = b"\x1f\x8b\x08\x00" + content if magic else content
    got = downloaded(stored(content, kind=kind), packed=packed)
    assert isinstance(got.content, bytes)
    assert not (magic and got.whole and gzip.decompress(content) != got.content)
