"""Each request under a number: in the log, in the figures, and in the answer for whoever asks about it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diorama.server.security.admission import CALLER
from diorama.server.security.callers import Caller

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

    from diorama.run.right_of_way import RightOfWay
    from diorama.server.observe.meter import Meter

log = logging.getLogger("diorama.http")

QUIET: Final = frozenset({"get_health", "get_ready", "get_metrics"})
"""Handlers that are asked every few seconds by machines: logged at the level `debug`."""
MOST_PATH: Final = 500
STARTS: Final = frozenset({"http.response.start", "websocket.http.response.start"})


class Requests:
    """Around a whole app: numbers, times and logs each request, without its query, where tickets may be."""

    def __init__(
        self,
        app: ASGIApp,
        meter: Meter | None = None,
        tracer: Tracer | None = None,
        right_of_way: RightOfWay | None = None,
    ) -> None:
        self.app = app
        self.meter = meter
        self.tracer = tracer
        self.right_of_way = right_of_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and log what became of it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        scope["diorama.request"] = number
        seen: dict[str, int] = {"status": 101 if scope["type"] == "websocket" else 0, "bytes": 0}
        begun = time.perf_counter()
        if scope["type"] == "http" and self.right_of_way is not None:
            self.right_of_way.enter(number)
        if scope["type"] == "websocket" and self.meter is not None:
            self.meter.sockets.inc()
        try:
            with self._traced(scope, number, seen):
                await self.app(scope, receive, self._counting(send, seen, number))
        except Exception:
            log.exception("a request met an error of the server's own", extra={"fields": {"request": number}})
            # Where the answer to it is out already, nobody has to hear of it a second time.
            if scope["type"] == "websocket" or not seen["status"]:
                raise
        finally:
            self._answered(number)
            if scope["type"] == "websocket" and self.meter is not None:
                self.meter.sockets.dec()
            self._tell(scope, number, seen, time.perf_counter() - begun)

    @contextmanager
    def _traced(self, scope: Scope, number: str, seen: dict[str, int]) -> Iterator[None]:
        """A span around a request, under that of whoever sent it; nothing where no traces are wanted."""
        if self.tracer is None:
            yield
            return
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, StatusCode

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope.get("method", "WEBSOCKET")
        about = {"http.request.method": method, "url.path": scope["path"][:MOST_PATH], "diorama.request": number}
        context = extract(headers)
        with self.tracer.start_as_current_span(method, context, kind=SpanKind.SERVER, attributes=about) as span:
            yield
            span.update_name(f"{method} {_handler(scope)}")
            span.set_attribute("http.response.status_code", seen["status"])
            if seen["status"] >= 500:
                span.set_status(StatusCode.ERROR)

    def _answered(self, number: str) -> None:
        if self.right_of_way is not None:
            self.right_of_way.leave(number)

    def _counting(self, send: Send, seen: dict[str, int], number: str) -> Send:
        async def counted(message: Message) -> None:
            if message["type"] in STARTS:
                seen["status"] = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", number.encode())]}
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message.get("body", b""))
            await send(message)
            if message["type"] == "http.response.body":
                # What follows may be without end, or as slow as its client.
                self._answered(number)

        return counted

    def _tell(self, scope: Scope, number: str, seen: dict[str, int], seconds: float) -> None:
        handler = _handler(scope)
        method = scope.get("method", "WEBSOCKET")
        if self.meter is not None and scope["type"] == "http":
            self.meter.http.labels(_known(method), handler, str(seen["status"])).observe(seconds)
        level = logging.DEBUG if handler in QUIET else logging.INFO
        if log.isEnabledFor(level):
            path = scope["path"][:MOST_PATH]
            caller = scope.get(CALLER)
            fields: MutableMapping[str, Any] = {
                "request": number,
                "client": caller.id if isinstance(caller, Caller) else None,
                "method": method,
                "path": path,
                "status": seen["status"],
                "milliseconds": round(seconds * 1000, 2),
                "bytes": seen["bytes"],
            }
            log.log(level, f"{method} {path} {seen['status']}", extra={"fields": fields})


def _handler(scope: Scope) -> str:
    """The name of the function that answers; addresses have names of things in them, which would be without end."""
    name: str = getattr(scope.get("endpoint"), "__name__", "none")
    return name


def _known(method: str) -> str:
    """A method as a label: anyone can send any word, and each label is kept for good."""
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "OTHER"
