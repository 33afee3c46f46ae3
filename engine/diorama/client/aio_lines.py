"""Connections of the asynchronous client. `lines.py` is written from this file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diorama.client import asks
from diorama.client.address import Address
from diorama.client.ask import Ask
from diorama.client.errors import Again, Unreachable, refusal
from diorama.client.talk import Talk
from diorama.client.tries import Tries, apause
from diorama.keys import digest_of, written
from diorama.run.events import Event

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

CHUNK = 2**20
IDLE_LINES = 4
"""WebSockets that are kept for the next run to be watched."""
CLOSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A WebSocket, and what closes it."""

    connection: ClientConnection
    held: AsyncExitStack


class AsyncLines:
    """The connections to one server."""

    def __init__(self, address: Address, seconds: float) -> None:
        import httpx2

        self.address = address
        self._http = httpx2.AsyncClient(base_url=address.url, headers=address.headers, timeout=seconds)
        self._idle: list[Line] = []
        self._was_met = False
        """Whether the server ever answered: one that never did is not waited for."""

    async def close(self) -> None:
        """Let all connections go."""
        await self._http.aclose()
        while self._idle:
            await self._idle.pop().held.aclose()

    async def ask(self, ask: Ask[object]) -> bytes:
        """The reply to a request. It is sent again where the line broke or the server was busy, if it may be repeated.

        Raises `ServerError` for a refusal, `Unreachable` where there is no server.
        """
        tries = Tries()
        while True:
            try:
                return await self._reply(ask)
            except Again as again:
                if not (ask.may_repeat and self._was_met):
                    raise again.error from again
                await apause(tries.seconds(again))

    async def _reply(self, ask: Ask[object]) -> bytes:
        """The reply to one sending; raises `Again` where a later one may go better."""
        import httpx2

        content = _chunks(ask.content) if isinstance(ask.content, Path) else ask.content
        try:
            reply = await self._http.request(
                ask.method, ask.path, params=dict(ask.query), content=content, headers=dict(ask.headers)
            )
        except httpx2.TransportError as error:
            raise Again(Unreachable(self.address.url, error or type(error).__name__)) from error
        self._was_met = True
        if reply.is_success:
            return reply.content
        refused = refusal(reply.status_code, reply.content, reply.headers.get("retry-after"))
        raise Again(refused, refused.retry_seconds) if reply.status_code == 503 else refused

    async def content(self, digest: str) -> bytes:
        """The bytes of an artefact; raises `ServerError` (C003) where they are not what their digest says."""
        content = await self.ask(asks.content(digest))
        asks.hold_to_digest(digest, written(digest_of(content)))
        return content

    async def events(self, talk: Talk) -> AsyncIterator[Event]:
        """What a topic tells, over as many connections as it takes, until it is over."""
        from websockets.exceptions import ConnectionClosed, InvalidHandshake

        tries = Tries()
        line: Line | None = None
        try:
            while not talk.is_over:
                try:
                    line = self._idle.pop() if self._idle else await self._connected()
                    await line.connection.send(talk.hello())
                    while not talk.is_over:
                        message = await line.connection.recv()
                        tries = Tries()
                        for event in talk.hear(message):
                            yield event
                except InvalidHandshake as error:
                    raise await self._why_not(error) from error
                except (ConnectionClosed, OSError) as error:
                    line = None
                    await apause(tries.seconds(Again(Unreachable(self.address.url, error or type(error).__name__))))
            if line is not None and len(self._idle) < IDLE_LINES:
                await line.connection.send(talk.goodbye())
                self._idle.append(line)
                line = None
        finally:
            if line is not None:
                await line.held.aclose()

    async def _connected(self) -> Line:
        from websockets.asyncio.client import connect

        held = AsyncExitStack()
        way = connect(
            self.address.events,
            additional_headers=self.address.headers,
            compression=None,
            max_size=None,
            proxy=None,
            close_timeout=CLOSE_SECONDS,
        )
        return Line(await held.enter_async_context(way), held)

    async def _why_not(self, error: Exception) -> Exception:
        """Why a WebSocket was refused: the server says it to a plain request more clearly."""
        await self.ask(asks.health())
        return Unreachable(self.address.url, error)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
