"""The network: what is sent, what comes back, and what is said when nothing does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
import pytest

from refloat import __version__
from refloat.amazon import Secret
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.transport import HttpTransport
from refloat.errors import AmazonDown, AnswerTooLarge
from refloat.knowledge import tables

LOOK = Request("getReport", "GET", "/reports/2021-06-30/reports/1", {"a": "b c"})


def reply(content: bytes = b"{}", code: int = 200, **headers: str) -> httpx2.Response:
    return httpx2.Response(code, stream=httpx2.ByteStream(content), headers=headers)


def sent(request: Request, **headers: str | Secret) -> httpx2.Request:
    """What leaves this machine for a request."""
    seen: list[httpx2.Request] = []
    inner = httpx2.MockTransport(lambda asked: seen.append(asked) or reply())
    HttpTransport(inner).send(request, "https://api.example/", headers)
    return seen[0]


def test_a_read_leaves_as_it_was_written() -> None:
    """The address, the token, who we are; and nothing is packed on the way, so that a cut answer is seen."""
    request = sent(LOOK, **{"x-amz-access-token": Secret("Atza|x")})
    assert (request.method, str(request.url)) == ("GET", "https://api.example/reports/2021-06-30/reports/1?a=b%20c")
    assert request.headers["x-amz-access-token"] == "Atza|x"
    assert request.headers["user-agent"] == f"refloat/{__version__} (Language=Python)"
    assert request.headers["accept-encoding"] == "identity"
    assert request.content == b""


def test_a_body_leaves_as_json_and_a_secret_one_as_a_form() -> None:
    """Login with Amazon takes forms only."""
    request = sent(Request("createReport", "POST", "/reports", body={"reportType": "GET_X", "name": "商"}))
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {"reportType": "GET_X", "name": "商"}
    request = sent(Request("token", "POST", "", body=Secret("a=b&c=d")))
    assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert request.content == b"a=b&c=d"


def test_an_answer_keeps_code_headers_and_bytes() -> None:
    """Any code is an answer; headers are found in lower case."""
    transport = HttpTransport(httpx2.MockTransport(lambda _: reply(b"\x00\xff", 418, **{"X-Amzn-RequestId": "made-up", "Content-Length": "2"})))
    got = transport.send(LOOK, "https://api.example", {})
    assert (got.code, got.content, got.whole, got.request_id) == (418, b"\x00\xff", True, "made-up")


def test_fewer_bytes_than_announced_are_not_whole() -> None:
    """Half a report looks like a short one otherwise."""
    transport = HttpTransport(httpx2.MockTransport(lambda _: reply(b"half", **{"Content-Length": "8"})))
    assert transport.fetch(Secret("https://store.example/x"), 100).whole is False


@pytest.mark.parametrize(
    ("failure", "reached"),
    [
        (httpx2.ConnectError("x"), False),
        (httpx2.ConnectTimeout("x"), False),
        (httpx2.PoolTimeout("x"), False),
        (httpx2.ReadTimeout("x"), True),
        (httpx2.ReadError("x"), True),
        (httpx2.WriteError("x"), True),
        (httpx2.RemoteProtocolError("x"), True),
    ],
)
def test_no_answer_says_whether_the_request_may_have_reached_amazon(failure: Exception, reached: bool) -> None:
    """Only a connection that was never made is certain."""

    def fail(_: httpx2.Request) -> httpx2.Response:
        raise failure

    with pytest.raises(AmazonDown, match=type(failure).__name__) as down:
        HttpTransport(httpx2.MockTransport(fail)).send(LOOK, "https://api.example", {})
    assert down.value.sent is reached


@pytest.mark.parametrize("address", ["https://[", "mailto:a@b", "https://", "http://a b/", "http://127.0.0.1:99999/", "http://127.0.0.1:70000000000000000000/", "https://\ud800/", "http://\x00/"])
def test_an_address_that_is_none_reaches_nobody(address: str) -> None:
    """A typing error in a setting, or nonsense in an answer."""
    with pytest.raises(AmazonDown) as down:
        HttpTransport().fetch(Secret(address), 100)
    assert down.value.sent is False


def test_an_answer_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it comes, not when it is there."""
    came = 0

    def endless() -> Iterator[bytes]:
        nonlocal came
        while True:
            came += 1
            yield b"x" * 1000

    class Endless(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return endless()

    limits = {**tables.table("limits")["line"], "answer_bytes": 5000}
    monkeypatch.setattr("refloat.amazon.transport.setting", limits.__getitem__)
    transport = HttpTransport(httpx2.MockTransport(lambda _: httpx2.Response(200, stream=Endless())))
    for call in (lambda: transport.send(LOOK, "https://api.example", {}), lambda: transport.fetch(Secret("https://store.example/x"), 5000)):
        came = 0
        with pytest.raises(AnswerTooLarge):
            call()
        assert came == 6


@contextmanager
def server(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server on loopback that takes one call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def take() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                speak(connection)

        thread = threading.Thread(target=take)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(timeout=10)


def test_over_a_real_connection() -> None:
    """The library's own path, not its stand-in; a redirect is not followed, the token would go along."""
    with server(lambda connection: connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Length: 2\r\n\r\n{}")) as host:
        transport = HttpTransport()
        got = transport.send(LOOK, host, {"x-amz-access-token": Secret("Atza|x")})
        transport.close()
    assert (got.code, got.content, got.whole) == (302, b"{}", True)


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"])
def test_a_connection_that_ends_in_the_middle_keeps_what_came(start: bytes) -> None:
    """Announced by length or by chunks."""
    with server(lambda connection: connection.sendall(start)) as host:
        transport = HttpTransport()
        got = transport.fetch(Secret(f"{host}/document"), 1000)
        transport.close()
    assert got == Answered(200, got.headers, b"half", whole=False)


def test_a_connection_that_ends_without_an_answer_may_have_been_heard() -> None:
    """The request was on its way."""
    with server(lambda connection: None) as host, pytest.raises(AmazonDown) as down:
        HttpTransport().send(LOOK, host, {})
    assert down.value.sent is True


def test_nobody_at_the_other_end_has_heard_nothing() -> None:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AmazonDown) as down:
        HttpTransport().send(LOOK, f"http://127.0.0.1:{port}", {})
    assert down.value.sent is False


def test_an_odd_answer_is_an_answer_to_something_that_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library may stumble over it as over an address that cannot be written; but the request was on its way."""

    def odd(*_: object) -> None:
        raise ValueError("odd")

    monkeypatch.setattr("refloat.amazon.transport._content", odd)
    with server(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as host, pytest.raises(AmazonDown) as down:
        HttpTransport().send(LOOK, host, {})
    assert down.value.sent is True
