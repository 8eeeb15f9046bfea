"""The world on loopback, over real HTTP. Its clock stands still until it is moved, or flows when told to."""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from refloat.simulator.wire.answering import Broken, answered
from refloat.simulator.wire.speech import Call, Reply
from refloat.simulator.world import World


class Simulator:
    """A served world: ``with Simulator(world) as simulator: … simulator.url``.

    ``speed`` is world seconds per second; 0 lets the clock stand until ``/_world/advance`` moves it.
    """

    def __init__(self, world: World, port: int = 0, speed: float = 0.0) -> None:
        self.world, self.speed = world, speed
        self.lock = threading.Lock()
        self._seen = time.monotonic()
        self._server = _Server(("127.0.0.1", port), _Requests)
        self._server.simulator = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="simulator", daemon=True)

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Simulator:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self) -> None:
        """Serve until interrupted."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def reply(self, call: Call) -> Reply:
        """The world's reply; one call at a time, at the moment to which the clock has flown.

        Raises:
            Broken: the connection must be cut instead.
        """
        with self.lock:
            self._flow()
            return answered(self.world, call)

    def _flow(self) -> None:
        seen, self._seen = self._seen, time.monotonic()
        if self.speed:
            self.world.advance(timedelta(seconds=(self._seen - seen) * self.speed))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    simulator: Simulator

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away in the middle is no trouble of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _respond(self) -> None:
        try:
            reply = self.server.simulator.reply(self._call())
        except Broken:
            self.close_connection = True
            return
        self._send(reply)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _respond  # noqa: N815 - the library looks for these names

    def _call(self) -> Call:
        address = urlsplit(self.path)
        size = int(self.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Call(self.command, address.path, address.query, headers, self.rfile.read(size) if size else b"", self.server.simulator.url)

    def _send(self, reply: Reply) -> None:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", "content-length": str(len(content)), **{name.lower(): value for name, value in reply.headers.items()}}
        self.send_response(reply.code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        # A document that breaks off in the middle announces its full length all the same.
        self.close_connection = self.close_connection or int(headers["content-length"]) != len(content)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date of every answer is the world's own time, as Amazon's is Amazon's."""
        return super().date_time_string(self.server.simulator.world.now.timestamp() if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what happened stands in the world's history."""
