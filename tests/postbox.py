"""Where messages arrive in tests: a small SMTP server and a small webhook, both over real sockets on this machine."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Ports that ``closed_port`` keeps until the process ends.
_KEPT: list[socket.socket] = []


@dataclass
class Postbox:
    """What arrived; ``refuses``: what the other side answers instead of yes."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    status: int = 200
    body: bytes = b'{"errcode": 0}'
    #: Answers wait for it.
    go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.go_on.set()

    @property
    def mail_url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}/?from=refloat@example.com&to=ops@example.com"

    @property
    def hook_url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook?+X-Token=EXAMPLE-HOOK-TOKEN"


@contextmanager
def mail_server() -> Iterator[Postbox]:
    """An SMTP server that takes every message (RFC 5321, as much as smtplib speaks)."""
    box = Postbox()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline():
                command = line.strip().upper()
                if command == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part.removeprefix(b"."))
                    box.go_on.wait(30)
                    box.raw.append(b"".join(lines))
                    box.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))  # type: ignore[arg-type]
                    self.wfile.write(b"250 taken\r\n")
                elif command == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    with _served(socketserver.ThreadingTCPServer, Session, box):
        yield box


@contextmanager
def web_hook() -> Iterator[Postbox]:
    """A webhook that keeps every JSON post."""
    box = Postbox()

    class Session(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            box.go_on.wait(30)
            box.posts.append(json.loads(content))
            box.headers.append(dict(self.headers))
            box.paths.append(self.path)
            self.send_response(box.status)
            self.end_headers()
            self.wfile.write(box.body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with _served(ThreadingHTTPServer, Session, box):
        yield box


@contextmanager
def _served(server: Any, session: Any, box: Postbox) -> Iterator[None]:
    server.allow_reuse_address = server.daemon_threads = True
    with server(("127.0.0.1", 0), session) as running:
        box.port = running.server_address[1]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            box.go_on.set()
            running.shutdown()
            thread.join()


def closed_port() -> int:
    """A port on which nobody listens, and nobody else can: it is kept, or a test in another process would open its own server there."""
    kept = socket.socket()
    kept.bind(("127.0.0.1", 0))
    _KEPT.append(kept)
    return int(kept.getsockname()[1])
