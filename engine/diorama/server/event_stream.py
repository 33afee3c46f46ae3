"""Server-sent events: one way, over plain HTTP, for programs and pages without a WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from fastapi import Response
from starlette.types import Receive, Scope, Send

from diorama.run.hub import EventHub
from diorama.run.subscription import Frame, Subscription
from diorama.server.sockets import cut
from diorama.server.topics import RUN

MEDIA_TYPE: Final = "text/event-stream"
BEAT_SECONDS: Final = 5.0
"""How often a comment is sent where nothing happens, so that a line that is cut is noticed."""
STUCK_SECONDS: Final = 10.0
"""A client that takes nothing for so long is dropped; it goes on from its Last-Event-ID when it comes back."""
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(Response):
    """Events of some topics as they are told, each with an id that says how far its reader is with every run."""

    def __init__(self, hub: EventHub, topics: Sequence[str], since: Mapping[str, int]) -> None:
        super().__init__(media_type=MEDIA_TYPE, headers=HEADERS)
        del self.headers["Content-Length"]
        self.hub = hub
        self.topics = topics
        self.positions = dict(since)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until either side has gone."""
        with self.hub.subscribe(self.topics, self.positions, asyncio.get_running_loop()) as subscription:
            telling = asyncio.create_task(self._tell(subscription, scope, send))
            leaving = asyncio.create_task(_gone(receive))
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
            for task in (telling, leaving):
                task.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)

    async def _tell(self, subscription: Subscription, scope: Scope, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for body in self._bodies(subscription):
            try:
                async with asyncio.timeout(STUCK_SECONDS):
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            except TimeoutError:
                cut(scope)
                return
        await send({"type": "http.response.body", "body": b""})

    async def _bodies(self, subscription: Subscription) -> AsyncIterator[bytes]:
        coming = asyncio.ensure_future(subscription.next())
        try:
            while True:
                await asyncio.wait((coming,), timeout=BEAT_SECONDS)
                if not coming.done():
                    yield b": still here\n\n"
                    continue
                frames = coming.result()
                if not frames:
                    return
                coming = asyncio.ensure_future(subscription.next())
                yield self.written(frames)
        finally:
            coming.cancel()

    def written(self, frames: Sequence[Frame]) -> bytes:
        """Frames as they are sent; what is not kept has no id, so that a reader's last one stays true."""
        parts: list[bytes] = []
        for frame in frames:
            for seq, event in frame.events:
                if seq:
                    self.positions[frame.topic.removeprefix(RUN)] = seq
                    parts.append(b"id: %b\n" % position_text(self.positions).encode())
                parts.append(b"data: %b\n\n" % event)
        return b"".join(parts)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def position_text(positions: Mapping[str, int]) -> str:
    """How far a reader is with each run, as the id of an event."""
    return ",".join(f"{run}:{seq}" for run, seq in positions.items())


def read_position(text: str) -> dict[str, int]:
    """How far a reader is; what is no such text is taken for the beginning."""
    pairs = (part.rpartition(":") for part in text.split(","))
    return {run: int(seq) for run, _, seq in pairs if run and seq.isdecimal() and len(seq) < 16}
