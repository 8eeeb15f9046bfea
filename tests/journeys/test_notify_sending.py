"""Messages over real sockets on this machine: they arrive, or it is said why not; and no address is ever repeated."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from tests.postbox import Postbox, closed_port, mail_server, web_hook

from refloat.model.message import Message, Undelivered
from refloat.notify import Letter, send_all

MESSAGE = Message("412 SKUs 无在售信息", "line 1\n<b>MUG & 蓝</b> 🫖", "<p>&lt;b&gt;MUG &amp; 蓝&lt;/b&gt; 🫖</p>")


@pytest.fixture
def hook() -> Iterator[Postbox]:
    with web_hook() as box:
        yield box


@pytest.fixture
def mail() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


def _send(*urls: str, message: Message = MESSAGE, seconds: float = 20) -> dict[object, Undelivered | None]:
    return dict(send_all([Letter(number, url, message) for number, url in enumerate(urls)], seconds=seconds, side_by_side=8))


def test_a_webhook_gets_title_and_text(hook: Postbox) -> None:
    """As JSON, the text as it was written, with the header that the address asks for."""
    assert _send(hook.hook_url) == {0: None}
    assert (hook.posts[0]["title"], hook.posts[0]["message"]) == (MESSAGE.title, MESSAGE.text)
    assert hook.headers[0]["X-Token"] == "EXAMPLE-HOOK-TOKEN"


def test_a_mail_has_a_page_and_a_text(mail: Postbox) -> None:
    """Subject, recipient and both bodies; markup in a SKU stays text."""
    assert _send(mail.mail_url) == {0: None}
    (got,) = mail.mails
    assert (got["Subject"], got["To"], got["From"].addresses[0].addr_spec) == (MESSAGE.title, "ops@example.com", "refloat@example.com")
    page, text = got.get_body(("html",)), got.get_body(("plain",))
    assert page and text
    assert "&lt;b&gt;MUG &amp; 蓝&lt;/b&gt; 🫖" in page.get_content()
    assert "<b>MUG & 蓝</b> 🫖" in text.get_content()


@pytest.mark.parametrize("title", ["A\r\nBcc: thief@example.com", "A\nSubject: other\n\nbody", "A\u2028B\x00\u202eC", "😀" * 500, "\ud800 half a letter"])
def test_no_title_begins_a_header(mail: Postbox, title: str) -> None:
    """Whatever stands in a SKU: one subject, one recipient."""
    assert _send(mail.mail_url, message=Message(title, "text", "<p>text</p>")) == {0: None}
    (got,) = mail.mails
    assert (got["To"], got["Bcc"], len(got.get_all("Subject"))) == ("ops@example.com", None, 1)
    assert "\n" not in got["Subject"]
    assert "\u202e" not in got["Subject"]


def test_a_long_text_arrives_whole(hook: Postbox, mail: Postbox) -> None:
    """10,000 SKUs are more than a service takes at once: the parts together are the text."""
    names = [f"MUG-{number:05}" for number in range(10_000)]
    long = Message("long", "\n".join(names), "".join(f"<p>{name}</p>" for name in names))
    assert set(_send(hook.hook_url, mail.mail_url, message=long).values()) == {None}
    assert len(hook.posts) > 1
    assert [name for name in names if name not in "\n".join(str(post["message"]) for post in hook.posts)] == []


@pytest.mark.parametrize(("status", "why"), [(401, "not-let-in"), (403, "not-let-in"), (404, "not-let-in"), (429, "too-many"), (500, "not-taken"), (503, "not-taken")])
def test_a_refusal_is_told_by_its_kind(hook: Postbox, status: int, why: str) -> None:
    """By HTTP's own status."""
    hook.status = status
    assert _send(hook.hook_url) == {0: why}


def test_what_cannot_be_reached() -> None:
    """Nobody listens: neither a crash nor a success."""
    port = closed_port()
    assert set(_send(f"json://127.0.0.1:{port}/x", f"mailto://127.0.0.1:{port}/?from=a@example.com&to=b@example.com").values()) == {Undelivered.UNREACHABLE}


def test_a_slow_one_holds_up_nobody(hook: Postbox, mail: Postbox) -> None:
    """The mail arrives while the webhook still thinks; the webhook is given up."""
    hook.go_on.clear()
    ended = list(send_all([Letter("slow", hook.hook_url + "&rto=60", MESSAGE), Letter("quick", mail.mail_url, MESSAGE)], seconds=3, side_by_side=2))
    assert ended == [("quick", None), ("slow", Undelivered.TOO_SLOW)]


def test_more_letters_than_go_side_by_side(hook: Postbox) -> None:
    """Each is sent once, and each has an answer."""
    assert _send(*[hook.hook_url] * 25) == dict.fromkeys(range(25))
    assert len(hook.posts) == 25


@pytest.mark.parametrize(("body", "why"), [(b'{"errcode": 0, "errmsg": "ok"}', None), (b'{"errcode": 310000, "errmsg": "keywords not in content"}', "not-taken"), (b"<html>login</html>", "not-taken")])
def test_a_refusal_inside_a_yes_is_a_refusal(hook: Postbox, monkeypatch: pytest.MonkeyPatch, body: bytes, why: str | None) -> None:
    """DingTalk answers 200 to what it does not take."""
    monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://127.0.0.1:{hook.port}/robot?access_token={{token}}")
    hook.body = body
    assert _send("dingtalk://SECEXAMPLE@EXAMPLETOKEN0000000000000000/") == {0: why}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that reaches the root of the log, at the most talkative level: as with logging.basicConfig(level=1)."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    root.addHandler(handler)
    root.setLevel(1)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_log_tells_an_address(hook: Postbox, mail: Postbox, log: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    """For addresses that work, that are refused and that are none."""
    hook.status = 403
    port = closed_port()
    user = f"mailto://user:EXAMPLE-PASSWORD@127.0.0.1:{mail.port}/?from=refloat@example.com&to=ops@example.com"
    ended = _send(hook.hook_url, user, f"json://127.0.0.1:{port}/EXAMPLE-PATH", "tgram://EXAMPLE-NO-TOKEN/", "slack://EXAMPLE-BAD", f"json://u:EXAMPLE-PASSWORD@127.0.0.1:{hook.port}/EXAMPLE-PATH")
    assert None not in ended.values()
    logging.getLogger("refloat.test").debug("the log is heard")
    assert "the log is heard" in log.getvalue()
    assert [line for line in (log.getvalue() + "".join(capfd.readouterr())).splitlines() if "EXAMPLE" in line] == []
