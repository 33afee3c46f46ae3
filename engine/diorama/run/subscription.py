"""One subscriber's view of what is told: bounded, and complete whatever it misses."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from diorama.run.events import event_json

if TYPE_CHECKING:
    from diorama.run.hub import EventHub

MOST_FRAMES = 64
"""Frames that wait for one subscriber; beyond them it is fed from the journal."""
FRAME_EVENTS = 500
"""Events of a frame, and of a read of the journal, at most. A message with so many of frames gets no further frame."""


@dataclass(frozen=True)
class Frame:
    """Events of one topic that were told together, each as JSON with its number; 0 for one that is not kept."""

    topic: str
    events: Sequence[tuple[int, bytes]]

    @cached_property
    def text(self) -> bytes:
        """The events with commas between them; made once for all subscribers."""
        return b",".join(event for _, event in self.events)

    @cached_property
    def first(self) -> int:
        """Number of the first kept event, or 0."""
        return next((seq for seq, _ in self.events if seq), 0)

    @cached_property
    def last(self) -> int:
        """Number of the last kept event, or 0."""
        return max((seq for seq, _ in self.events), default=0)


def message(frames: Iterable[Frame]) -> bytes:
    """Frames as one message on the wire."""
    return b'{"events":[%b]}' % b",".join(frame.text for frame in frames)


@dataclass(slots=True)
class _Place:
    """How far a subscriber is with a topic."""

    sent: int
    is_behind: bool
    """Whether it must be fed from the journal, or from a snapshot, before frames count again."""


@dataclass(eq=False)
class Subscription:
    """What one subscriber has yet to hear. Take it with `get` from a thread, with `next` from a coroutine.

    Every kept event of a run comes once and in order, also to a subscriber that lags. What is not kept (progress,
    previews) comes while it keeps up.
    """

    hub: EventHub
    loop: asyncio.AbstractEventLoop | None
    _frames: deque[Frame] = field(default_factory=deque)
    _places: dict[str, _Place] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_closed: bool = False

    def __post_init__(self) -> None:
        self._filled = threading.Condition(self._lock)
        self._woken = asyncio.Event()
        self._is_asleep = True

    def add(self, topics: Iterable[str], since: Mapping[str, int]) -> None:
        """Hear more topics; one that is heard already begins anew."""
        for topic in topics:
            with self._lock:
                is_new = topic not in self._places
                has_past = topic.startswith("run:") or topic in self.hub.snapshots
                self._places[topic] = _Place(since.get(topic.removeprefix("run:"), 0), has_past)
                self._filled.notify()
            if is_new:
                self.hub.enter(self, topic)
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._woken.set)

    def drop(self, topics: Iterable[str]) -> None:
        """Hear some topics no longer."""
        for topic in topics:
            self.hub.leave(self, topic)
            with self._lock:
                self._places.pop(topic, None)

    def close(self) -> None:
        """Hear nothing more."""
        self.drop(list(self._places))
        with self._lock:
            self._is_closed = True
            self._filled.notify_all()
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._woken.set)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def position(self, topic: str) -> int:
        """Number of the last event of a topic that was taken."""
        place = self._places.get(topic)
        return place.sent if place is not None else 0

    # Filled by whoever tells

    def put(self, frame: Frame) -> bool:
        """Let a frame wait; gives whether the subscriber must be woken. Never waits itself."""
        with self._lock:
            place = self._places.get(frame.topic)
            if place is None or place.is_behind:
                return False
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
                for one in self._places.values():
                    one.is_behind = True
            else:
                self._frames.append(frame)
            self._filled.notify()
            is_asleep, self._is_asleep = self._is_asleep, False
            return is_asleep

    def wake(self) -> None:
        """Let a coroutine that waits go on; on its loop."""
        self._woken.set()

    # Taken by the subscriber

    def get(self, seconds: float) -> list[Frame]:
        """What is new, waiting for it up to some seconds; nothing where nothing came or the subscription is closed."""
        until = self.hub.clock() + seconds
        while True:
            with self._lock:
                left = max(0.0, until - self.hub.clock())
                has_news = self._filled.wait_for(lambda: self._has_news() or self._is_closed, left)
            # Frames may hold nothing new, or wait for what the journal must fill in before them.
            taken = self._taken()
            if taken or not has_news or self._is_closed:
                return taken

    async def next(self) -> list[Frame]:
        """What is new, waiting for it; nothing where the subscription is closed."""
        while not self._is_closed:
            self._woken.clear()
            with self._lock:
                is_behind = any(place.is_behind for place in self._places.values())
                has_frames = bool(self._frames)
                self._is_asleep = not is_behind and not has_frames
            if is_behind:
                frames = await asyncio.to_thread(self._taken)
            elif has_frames:
                frames = self._taken()
            else:
                await self._woken.wait()
                continue
            if frames:
                return frames
        return []

    def _has_news(self) -> bool:
        return bool(self._frames) or any(place.is_behind for place in self._places.values())

    def _taken(self) -> list[Frame]:
        """What waits: first what the journal and snapshots have for those who are behind, then frames."""
        taken: list[Frame] = []
        for topic, place in list(self._places.items()):
            if place.is_behind:
                taken.extend(self._caught_up(topic, place))
        count = 0
        while count < FRAME_EVENTS:
            with self._lock:
                if not self._frames:
                    break
                frame = self._frames.popleft()
            fresh = self._fresh(frame)
            if fresh is not None:
                taken.append(fresh)
                count += len(fresh.events)
        return taken

    def _caught_up(self, topic: str, place: _Place) -> list[Frame]:
        with self._lock:
            # From here on frames wait again: what is told while the journal is read comes twice and is told once.
            place.is_behind = False
        if not topic.startswith("run:"):
            events = [(0, event_json(event)) for event in self.hub.snapshots.get(topic, list)()]
        else:
            events = list(self.hub.journal(topic.removeprefix("run:"), place.sent, FRAME_EVENTS))
            if len(events) == FRAME_EVENTS:
                with self._lock:
                    place.is_behind = True
            if events:
                place.sent = events[-1][0]
        return [Frame(topic, events)] if events else []

    def _fresh(self, frame: Frame) -> Frame | None:
        """The part of a frame that is new; None where nothing is, or where the journal must fill a gap before it."""
        place = self._places.get(frame.topic)
        if place is None or place.is_behind:
            return None
        if not frame.topic.startswith("run:") or not frame.last:
            return frame
        if frame.last <= place.sent:
            return None
        if frame.first > place.sent + 1:
            with self._lock:
                place.is_behind = True
            return None
        overlaps, sent = frame.first <= place.sent, place.sent
        place.sent = frame.last
        if not overlaps:
            return frame
        return Frame(frame.topic, [(seq, event) for seq, event in frame.events if not seq or seq > sent])
