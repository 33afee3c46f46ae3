"""A planning service on this machine that answers as it is told to: rightly, wrongly, slowly, or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What is sent back."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    holds: bool = False
    """Whether nothing is sent until the test ends."""
    drips: bool = False
    """Whether bytes come one by one without an end."""
    breaks_off: bool = False
    """Whether the connection ends before what was announced has come."""


def completion(text: str, **more: object) -> Reply:
    """A chat completion that says `text`."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}, **more}
    return Reply(json.dumps({"object": "chat.completion", "choices": [choice]}).encode())


def error(status: int, message: str, **headers: str) -> Reply:
    """An error in OpenAI's form."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps({"error": {"message": message}}).encode(), status, named)


@dataclass
class Service:
    """What came in, and where."""

    address: str
    replies: Sequence[Reply]
    ends: threading.Event
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The bodies, in order."""
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    """Set once somebody has asked."""


@contextmanager
def planning_service(*replies: Reply) -> Iterator[Service]:
    """A service that gives these replies in order, the last one for ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            reply = service.replies[min(len(service.asked), len(service.replies) - 1)]
            service.asked.append(json.loads(content))
            service.headers.append({name.lower(): value for name, value in self.headers.items()})
            service.paths.append(self.path)
            service.came.set()
            self._send(reply)

        do_GET = do_POST  # noqa: N815

        def _send(self, reply: Reply) -> None:
            if reply.holds:
                service.ends.wait(60)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            more = 1000 if reply.breaks_off or reply.drips else 0
            self.send_header("Content-Length", str(len(reply.body) + more))
            self.end_headers()
            self.wfile.write(reply.body)
            while reply.drips and not service.ends.wait(0.02):
                self.wfile.write(b" ")
                self.wfile.flush()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked has gone: that is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_address[1]}/v1", replies, threading.Event())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.ends.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
