"""No secret in any print, log, error or traceback."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
from collections.abc import Callable

import httpx2
import pytest
from tests.unit.amazon.fakes import ACCESS_TOKEN, CLIENT_SECRET, CREDENTIALS, ENDPOINTS, REFRESH_TOKEN, Amazon, OpenGate, StillClock, World, answer

from refloat.amazon import AmazonLine, Credentials, Secret
from refloat.amazon.protocol import Answered, Request
from refloat.amazon.secret import redacted
from refloat.amazon.transport import HttpTransport
from refloat.errors import AmazonError, CredentialWrong

SIGNATURE = "made-up-signature-0123456789"
URL = f"https://store.example/document?X-Amz-Expires=300&X-Amz-Signature={SIGNATURE}"
ALL = (CLIENT_SECRET, REFRESH_TOKEN, ACCESS_TOKEN, SIGNATURE, CLIENT_SECRET[13:], REFRESH_TOKEN[5:], ACCESS_TOKEN[5:])
ECHO = f"secret {CLIENT_SECRET} refresh_token={REFRESH_TOKEN.replace('|', '%7C')} {REFRESH_TOKEN} header x-amz-access-token: {ACCESS_TOKEN}, at {URL}"


def everything(error: BaseException) -> str:
    """The error, all errors chained to it, their values, and our frames of their tracebacks with every local."""
    told: list[str] = []
    following: BaseException | None = error
    while following is not None:
        told += [str(following), repr(following), repr(vars(following))]
        frames = traceback.TracebackException.from_exception(following, capture_locals=True).stack
        told += [str((frame, frame.locals)) for frame in frames if "/src/refloat/" in frame.filename]
        following = following.__cause__ or following.__context__
    return "\n".join(told)


def leaked(text: str) -> list[str]:
    return [secret for secret in ALL if secret in text]


def test_a_secret_hides_itself() -> None:
    """In print, format, repr, dataclasses and containers."""
    secret = Secret("made-up-secret")
    assert [str(secret), repr(secret), f"{secret}", f"{secret:>20}", str([secret]), str({"a": secret})] == ["•••", "•••", "•••", "•••", "[•••]", "{'a': •••}"]
    assert leaked(repr(CREDENTIALS)) == []
    assert secret.revealed() == "made-up-secret"


def test_a_secret_can_be_compared_and_copied_but_not_pickled() -> None:
    """A pickle would be a file in clear."""
    secret = Secret("made-up-secret")
    assert secret == Secret("made-up-secret") != Secret("another")
    assert copy.deepcopy({"a": secret})["a"] is secret is copy.copy(secret)
    assert len({secret, Secret("made-up-secret")}) == 1
    assert bool(secret)
    assert not Secret("")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize("text", [ECHO, ECHO.replace("/", r"\/"), f"Bearer {ACCESS_TOKEN}", f'{{"refresh_token":"{REFRESH_TOKEN}"}}', f"see {URL}"])
def test_secrets_are_cut_out_of_other_peoples_texts(text: str) -> None:
    """By their shape alone, and by their value where it is known."""
    assert leaked(redacted(text)) == []


def test_a_secret_without_a_shape_is_cut_out_by_its_value() -> None:
    """Old client secrets are plain letters and digits."""
    assert redacted("old secret: 0a1b2c3d4e5f, again 0a1b2c3d4e5f", [Secret("0a1b2c3d4e5f")]) == "old secret: •••, again •••"
    assert redacted("a secret of one letter blanks out nothing", [Secret("e")]) == "a secret of one letter blanks out nothing"


def test_amazons_own_message_stays_readable() -> None:
    """Only what is secret goes."""
    assert redacted("SKU 'A/B' not found in marketplace ATVPDKIKX0DER?") == "SKU 'A/B' not found in marketplace ATVPDKIKX0DER?"


def echoing(code: int) -> Answered:
    return Answered(code, {"x-amzn-requestid": ECHO}, ECHO.encode())


def formal(code: int, **headers: str) -> Answered:
    return answer({"errors": [{"code": "Code", "message": ECHO, "details": ECHO}]}, code, **headers)


WRONG = {
    "expired token": formal(401),
    "forbidden": formal(403),
    "bad request": formal(400),
    "not there": formal(404),
    "throttled": formal(429),
    "down": formal(500),
    "page of a gateway": echoing(503),
    "page of a proxy": echoing(403),
    "redirect": echoing(302),
    "no json": echoing(200),
    "errors in a 200": answer({"payload": None, "errors": [{"code": ECHO, "message": ECHO}]}),
    "another shape": answer({"url": 3, "echo": ECHO}),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("operation", ["token", "getReportDocument", "download"])
def test_no_error_holds_a_secret(operation: str, wrong: str) -> None:
    """Every kind of wrong answer, with all our secrets echoed in it, at every place where secrets pass."""
    script = {"getReportDocument": answer({"reportDocumentId": "1", "url": URL}), operation: WRONG[wrong]}
    line = World(Amazon(**script)).line
    if operation == "download" and WRONG[wrong].code == 200:
        assert line.document("1").whole
        return
    with pytest.raises(AmazonError) as refusal:
        line.document("1")
    assert leaked(everything(refusal.value)) == []


def failing(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError(f"cannot reach {request.url}: {dict(request.headers)}", request=request)


def slow(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadTimeout(f"{request.url} {request.content!r}", request=request)


def store_fails(request: httpx2.Request) -> httpx2.Response:
    if request.url.host == "store.example":
        raise httpx2.ReadError(f"{request.url}", request=request)
    body = {"access_token": ACCESS_TOKEN, "expires_in": 3600, "reportDocumentId": "1", "url": URL}
    return httpx2.Response(200, stream=httpx2.ByteStream(str(body).replace("'", '"').encode()))


@pytest.mark.parametrize("network", [failing, slow, store_fails])
def test_no_error_of_the_network_carries_a_request(network: Callable[[httpx2.Request], httpx2.Response], caplog: pytest.LogCaptureFixture) -> None:
    """The library's errors hold addresses and headers; ours are not chained to them, and nothing is logged."""
    caplog.set_level(logging.DEBUG)
    line = AmazonLine(CREDENTIALS, ENDPOINTS, gate=OpenGate(), clock=StillClock(), transport=HttpTransport(httpx2.MockTransport(network)))
    with pytest.raises(AmazonError) as refusal:
        line.document("1")
    assert leaked(everything(refusal.value)) == []
    assert refusal.value.__context__ is None
    assert refusal.value.__cause__ is None
    assert leaked(caplog.text) == []


def test_a_successful_call_logs_nothing_secret(caplog: pytest.LogCaptureFixture) -> None:
    """The library would write whole addresses at INFO and headers at DEBUG."""
    caplog.set_level(logging.DEBUG)
    transport = HttpTransport(httpx2.MockTransport(lambda request: httpx2.Response(200, stream=httpx2.ByteStream(b"sku\n"))))
    assert transport.fetch(Secret(URL), 100).content == b"sku\n"
    assert leaked(caplog.text) == []


def test_a_token_in_the_wrong_place_is_not_shown() -> None:
    """An answer of the token giver that we do not understand is not quoted at all."""
    world = World(Amazon(token=answer({"AccessToken": "0a1b2c3d4e5f"})))
    with pytest.raises(AmazonError) as refusal:
        world.line.places()
    assert "0a1b2c3d4e5f" not in everything(refusal.value)


def test_what_we_hold_does_not_show_secrets() -> None:
    """Requests, answers and credentials can be printed."""
    assert leaked(repr(Request("token", "POST", "", body=Secret(ECHO)))) == []
    assert leaked(repr(Answered(200, {}, ECHO.encode()))) == []
    assert leaked(repr(Credentials(None, "made-up", Secret(CLIENT_SECRET), Secret(REFRESH_TOKEN)))) == []


def test_a_secret_is_hidden_before_a_message_is_cut() -> None:
    """Or its first half would stay at the end."""
    plain = Credentials("A1MADEUP", "made-up", Secret("0a1b2c3d4e5f6a7b8c9d"), Secret(REFRESH_TOKEN))
    for length in range(970, 1000):
        message = "x" * length + "0a1b2c3d4e5f6a7b8c9d"
        with pytest.raises(AmazonError) as refusal:
            World(Amazon(token=answer({"error": "invalid_client", "error_description": message}, 400)), plain).line.places()
        assert "x0" not in str(refusal.value)


def test_a_token_that_was_refused_is_still_a_secret() -> None:
    """Even one without a shape, and even when there is a newer one."""
    tokens = [answer({"access_token": token, "expires_in": 3600}) for token in ("first-plain-token", "second-plain-token")]
    echo = answer({"errors": [{"code": "InvalidInput", "message": "first-plain-token second-plain-token"}]}, 400)
    with pytest.raises(AmazonError, match="••• •••") as refusal:
        World(Amazon(token=tokens, getReport=[formal(401), echo])).line.report("1")
    assert "plain-token" not in everything(refusal.value)


def test_a_wrong_secret_is_not_quoted_back() -> None:
    """LWA's description is shown, what it repeats of ours is not."""
    world = World(Amazon(token=answer({"error": "invalid_client", "error_description": f"Client authentication failed for {CLIENT_SECRET}"}, 401)))
    with pytest.raises(CredentialWrong) as refusal:
        world.line.places()
    assert "Client authentication failed for •••" in str(refusal.value)
