"""Streams whose caller is let in no longer: they end, as every new request of that caller is refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from diorama.server.sockets import cut

ASKED_SECONDS: Final = 2.0
"""How often it is asked whether the caller of an open stream is still let in."""
POLICY_VIOLATION: Final = 1008


def is_stream(scope: Scope) -> bool:
    """Whether a request is for a connection that stays: a WebSocket, or server-sent events."""
    return scope["type"] == "websocket" or Headers(scope=scope).get("accept", "").startswith("text/event-stream")


class HeldReceive:
    """What a stream receives, until `holds` says that its caller is let in no longer: then that it was disconnected."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, holds: Callable[[], Awaitable[bool]]) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._holds = holds
        self._coming: asyncio.Future[Message] | None = None
        self._asked = time.monotonic()

    async def __call__(self) -> Message:
        """The next message of the client."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        try:
            while not self._coming.done() or self._is_due():
                if self._is_due() and not await self._may_go_on():
                    return await self._end()
                await asyncio.wait((self._coming,), timeout=ASKED_SECONDS)
        except asyncio.CancelledError:
            self._coming.cancel()
            raise
        message, self._coming = self._coming.result(), None
        return message

    def _is_due(self) -> bool:
        return time.monotonic() - self._asked >= ASKED_SECONDS

    async def _may_go_on(self) -> bool:
        self._asked = time.monotonic()
        return await self._holds()

    async def _end(self) -> Message:
        assert self._coming is not None
        self._coming.cancel()
        if self._scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "the key holds no longer"})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        cut(self._scope)
        return {"type": "http.disconnect"}
