"""A WebSocket of events: what the client says, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, Literal

import orjson
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from diorama.faults import DioramaError, Fault, faults_json
from diorama.json_text import read_json
from diorama.run.service import Service
from diorama.run.subscription import message
from diorama.server.bodies import faults_of
from diorama.server.security.callers import Caller
from diorama.server.topics import RUN, Topic, why_closed
from diorama.server.words import WHOLE

MOST_TOPICS: Final = 1000
"""Topics that one connection may listen to."""


class Subscribe(BaseModel, extra="forbid"):
    """Hear a topic; of a run, what was told after the event numbered `since` comes first."""

    kind: Literal["subscribe"]
    topic: Topic
    since: Annotated[int, Field(ge=0), WHOLE] = 0


class Unsubscribe(BaseModel, extra="forbid"):
    """Hear a topic no longer."""

    kind: Literal["unsubscribe"]
    topic: Topic


class Ping(BaseModel, extra="forbid"):
    """Ask for a sign of life."""

    kind: Literal["ping"]


Said = Annotated[Subscribe | Unsubscribe | Ping, Field(discriminator="kind")]
SAID: Final[TypeAdapter[Subscribe | Unsubscribe | Ping]] = TypeAdapter(Said)


class Channel:
    """One client's conversation."""

    def __init__(self, websocket: WebSocket, service: Service, caller: Caller) -> None:
        self.websocket = websocket
        self.service = service
        self.caller = caller
        self.topics: set[str] = set()
        self.tasks = asyncio.TaskGroup()
        self.subscription = service.hub.subscribe(loop=asyncio.get_running_loop())

    async def hold(self) -> None:
        """Talk until either side has gone."""
        try:
            async with self.tasks:
                telling = self.tasks.create_task(self._tell())
                await self._listen()
                telling.cancel()
        except* WebSocketDisconnect:
            pass
        finally:
            self.subscription.close()

    async def _tell(self) -> None:
        send = self.websocket.send
        while frames := await self.subscription.next():
            await send({"type": "websocket.send", "text": message(frames).decode()})
        await self.websocket.close(1012, "the server stops")

    async def _listen(self) -> None:
        while True:
            heard = await self.websocket.receive()
            if heard["type"] == "websocket.disconnect":
                return
            text: str | None = heard.get("text")
            try:
                said = read_said(heard["bytes"] if text is None else text.encode("utf-8", "surrogatepass"))
            except DioramaError as error:
                await self._refuse(None, error.faults)
                continue
            await self._answer(said)

    async def _answer(self, said: Subscribe | Unsubscribe | Ping) -> None:
        match said:
            case Subscribe():
                await self._subscribe(said)
            case Unsubscribe():
                self._leave(said.topic)
                await self._say({"kind": "unsubscribed", "topic": said.topic})
            case Ping():
                await self._say({"kind": "pong"})

    async def _subscribe(self, said: Subscribe) -> None:
        fault = why_closed(said.topic, self.caller)
        if fault is None and said.topic not in self.topics and len(self.topics) >= MOST_TOPICS:
            fault = Fault("H001", said.topic, f"a connection listens to at most {MOST_TOPICS:,} topics")
        if fault is not None:
            await self._refuse(said.topic, [fault])
            return
        self.topics.add(said.topic)
        self.subscription.add([said.topic], {said.topic.removeprefix(RUN): said.since})
        await self._say({"kind": "subscribed", "topic": said.topic})
        if said.topic.startswith(RUN):
            # Events come meanwhile: looking for the run must not delay them.
            self.tasks.create_task(self._look_for(said.topic))

    async def _look_for(self, topic: str) -> None:
        try:
            await run_in_threadpool(self.service.run, topic.removeprefix(RUN))
        except DioramaError as error:
            self._leave(topic)
            await self._refuse(topic, error.faults)

    def _leave(self, topic: str) -> None:
        self.topics.discard(topic)
        self.subscription.drop([topic])

    async def _refuse(self, topic: str | None, faults: Sequence[Fault]) -> None:
        await self._say({"kind": "refused", "topic": topic, "faults": faults_json(faults)})

    async def _say(self, document: object) -> None:
        await self.websocket.send({"type": "websocket.send", "text": orjson.dumps(document).decode()})


def read_said(content: bytes) -> Subscribe | Unsubscribe | Ping:
    """What a client's message says; raises `DioramaError` where it says nothing that is known."""
    try:
        return SAID.validate_python(read_json(content), strict=True)
    except ValidationError as error:
        raise DioramaError(faults_of(error)) from error
