"""Events that the queue writes with a change of state, kept to be told once it is on disk."""

from __future__ import annotations

from collections.abc import Callable

from diorama.run.events import Kept, event_json


class Teller:
    """Makes an event of one kind for each run that is changed; `what` are the event's own fields.

    `told` holds them in order.
    """

    def __init__(self, wall: Callable[[], float], kind: Callable[..., Kept], *what: object) -> None:
        self.wall = wall
        self.kind = kind
        self.what = what
        self.told: list[Kept] = []

    def __call__(self, run: str, seq: int) -> bytes:
        """The event with a number, as it lies in the journal."""
        event = self.kind(run, seq, self.wall(), *self.what)
        self.told.append(event)
        return event_json(event)
