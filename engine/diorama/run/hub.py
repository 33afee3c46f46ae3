"""The hub of events: what is told goes to everyone who subscribed, complete, and slows nobody who tells."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock

from diorama.run import events as told
from diorama.run.subscription import FRAME_EVENTS, Frame, Subscription

Snapshot = Callable[[], Sequence[told.Event]]
Journal = Callable[[str, int, int | None], Sequence[tuple[int, bytes]]]
"""A run's events above a number, up to so many, each with its own number."""
RUN = "run:"
"""A topic `run:ID` is everything that a run tells."""
STATES = (told.RunQueued, told.RunStarted, told.RunPaused, told.RunResumed, told.RunEnded, told.QueueChanged)
"""What the topic `queue` tells."""


def topics_of(event: told.Event) -> tuple[str, ...]:
    """Where an event is told."""
    match event:
        case told.Log():
            return ("log",) if event.run is None else (RUN + event.run, "log")
        case told.DeviceSnapshot() | told.Warned():
            return ("devices",)
        case told.QueueChanged():
            return ("queue",)
        case told.RunQueued() | told.RunStarted() | told.RunPaused() | told.RunResumed() | told.RunEnded():
            return (RUN + event.run, "queue")
        case _:
            return (RUN + event.run,)


class EventHub:
    """Passes events on by topic. Any thread may publish and subscribe; nothing here waits for a subscriber.

    `journal` is what a subscriber is fed from that lags or asks for what was told before; `snapshots` give what a
    subscriber to a topic is told first.
    """

    def __init__(
        self,
        journal: Journal,
        snapshots: Mapping[str, Snapshot],
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.wall = wall
        self.journal = journal
        self.snapshots = snapshots
        self.taps: list[Callable[[told.Event], None]] = []
        """Are given every event, also one that nobody subscribed to, by whoever tells it: they must not wait."""
        self._lock = Lock()
        self._subscribed: dict[str, list[Subscription]] = {}
        self._waiting: list[tuple[str, told.Event]] = []
        self._newest: dict[str, int] = {}
        """Number of the newest event of each topic that was passed on."""

    def publish(self, event: told.Event) -> None:
        """Tell an event, together with others, when `send` is called."""
        for tap in self.taps:
            try:
                tap(event)
            except Exception:  # whoever listens, the others must hear
                said = f"a listener failed:\n{traceback.format_exc()}"
                self._wait(told.Log(None, self.wall(), "error", "", None, said))
        self._wait(event)

    def _wait(self, event: told.Event) -> None:
        for topic in topics_of(event):
            if topic in self._subscribed:
                with self._lock:
                    self._waiting.append((topic, event))

    def send(self) -> None:
        """Pass on what was published: for each topic frames of bounded length, shared by all who subscribed to it."""
        if not self._waiting:
            return
        with self._lock:
            waiting, self._waiting = self._waiting, []
            burst: dict[str, list[told.Event]] = defaultdict(list)
            for topic, event in waiting:
                burst[topic].append(event)
            frames = (frame for topic, events in burst.items() for frame in _frames(topic, events))
            self._pass_on((frame, self._subscribed.get(frame.topic, ())) for frame in frames)

    def tell(self, *events: told.Event) -> None:
        """Publish events and send them."""
        for event in events:
            self.publish(event)
        self.send()

    def relay(self, run: str, events: Sequence[tuple[int, bytes]]) -> None:
        """Pass on what another server told of a run, as its journal holds it."""
        topic = RUN + run
        with self._lock:
            self._pass_on([(Frame(topic, tuple(events)), self._subscribed.get(topic, ()))])

    def _pass_on(self, frames: Iterable[tuple[Frame, Sequence[Subscription]]]) -> None:
        asleep: dict[asyncio.AbstractEventLoop, list[Subscription]] = defaultdict(list)
        for frame, subscriptions in frames:
            self._newest[frame.topic] = max(frame.last, self._newest.get(frame.topic, 0))
            for subscription in subscriptions:
                if subscription.put(frame) and subscription.loop is not None:
                    asleep[subscription.loop].append(subscription)
        for loop, woken in asleep.items():
            # A loop that has closed hears nothing more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_wake_all, woken)

    def subscribe(
        self,
        topics: Iterable[str] = (),
        since: Mapping[str, int] | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> Subscription:
        """Hear what is told under some topics; `since` names by run the event after which to begin.

        A run that `since` does not name is told from its beginning. With a `loop`, the subscription is for
        coroutines on it; without, for a thread.
        """
        subscription = Subscription(self, loop)
        subscription.add(topics, since or {})
        return subscription

    def close(self) -> None:
        """End all subscriptions."""
        with self._lock:
            left = {id(one): one for subscriptions in self._subscribed.values() for one in subscriptions}
        for subscription in left.values():
            subscription.close()

    def enter(self, subscription: Subscription, topic: str) -> None:
        """Let a subscription hear a topic."""
        with self._lock:
            # A new list: who publishes may be going through the old one.
            self._subscribed[topic] = [*self._subscribed.get(topic, ()), subscription]

    def leave(self, subscription: Subscription, topic: str) -> None:
        """Let a subscription hear a topic no longer."""
        with self._lock:
            left = [one for one in self._subscribed.get(topic, ()) if one is not subscription]
            if left:
                self._subscribed[topic] = left
            else:
                self._subscribed.pop(topic, None)
                self._newest.pop(topic, None)

    def is_heard(self, topic: str) -> bool:
        """Whether anyone subscribed to a topic."""
        return topic in self._subscribed

    @property
    def runs(self) -> dict[str, int]:
        """The runs that someone hears, with the number of the event after which there may be news."""
        with self._lock:
            return {
                topic.removeprefix(RUN): self._newest.get(topic) or min(one.position(topic) for one in subscriptions)
                for topic, subscriptions in self._subscribed.items()
                if topic.startswith(RUN)
            }


def _frames(topic: str, events: Sequence[told.Event]) -> Iterator[Frame]:
    for start in range(0, len(events), FRAME_EVENTS):
        some = events[start : start + FRAME_EVENTS]
        yield Frame(topic, tuple((getattr(event, "seq", 0), told.event_json(event)) for event in some))


def _wake_all(subscriptions: Iterable[Subscription]) -> None:
    for subscription in subscriptions:
        subscription.wake()
