"""What is said over the WebSocket, without a connection: how a client hears every event of a run once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

import orjson
from pydantic import Discriminator, JsonValue, TypeAdapter, ValidationError

from diorama.client.errors import ServerError
from diorama.faults import Fault
from diorama.run.events import Event, RunEnded

_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


@dataclass(slots=True)
class Talk:
    """One topic as a client hears it; it outlives the connection."""

    topic: str
    since: int = 0
    """Number of the last event that was heard."""
    is_over: bool = False
    """Whether the run has ended: nothing more will come, unless it is queued again."""

    def hello(self) -> str:
        """What is said first on every connection."""
        return orjson.dumps({"kind": "subscribe", "topic": self.topic, "since": self.since}).decode()

    def goodbye(self) -> str:
        """What is said before a connection serves another topic."""
        return orjson.dumps({"kind": "unsubscribe", "topic": self.topic}).decode()

    def hear(self, message: str | bytes) -> Iterator[Event]:
        """The new events in a message; raises `ServerError` where the server refuses the topic."""
        read: dict[str, JsonValue] = orjson.loads(message)
        if read.get("kind") == "refused":
            raise ServerError(403, _FAULTS.validate_python(read["faults"]))
        listed = read.get("events", [])
        assert isinstance(listed, list)
        for one in listed:
            event = read_event(one)
            if event is not None and self._is_new(event):
                yield event

    def _is_new(self, event: Event) -> bool:
        """Whether an event is of this topic and was not heard before; notes what it says of the run."""
        if not self.topic.startswith("run:"):
            return True
        # What was still under way for the run that the connection served before is not of this one.
        if getattr(event, "run", None) != self.topic.removeprefix("run:"):
            return False
        seq: int = getattr(event, "seq", 0)
        if 0 < seq <= self.since:
            return False
        self.since = max(seq, self.since)
        self.is_over = self.is_over or isinstance(event, RunEnded)
        return True


@cache
def _events() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Discriminator("kind")])


def read_event(document: JsonValue) -> Event | None:
    """An event from JSON; None for a kind that this version does not know: a newer server tells more."""
    try:
        return _events().validate_python(document)
    except ValidationError:
        return None
