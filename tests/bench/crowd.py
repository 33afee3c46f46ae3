"""Many clients on one thread, so that what they wait for is the server and not each other."""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

from tests.bench.wire import Ear, Line

Request = tuple[str, str, bytes]
GOLDEN = (5**0.5 - 1) / 2
"""Its multiples spread evenly over the unit interval, however many there are."""


def asked_by_many(
    port: int, clients: int, requests: Callable[[], Request], seconds: float, pause: float
) -> list[float]:
    """Seconds that each answer took: every client asks, waits for the answer, pauses, and asks again.

    Pauses are of half to one and a half times the given one. With all of them alike, clients that were once held up
    together would ask together ever after, and each would wait for all others.
    """
    pauses = (pause * (0.5 + number * GOLDEN % 1.0) for number in itertools.count())
    lines = [Line(port) for _ in range(clients)]
    selector = selectors.DefaultSelector()
    for number, line in enumerate(lines):
        selector.register(line.connection, selectors.EVENT_READ, number)
    begun = time.perf_counter()
    due = [(begun + pause * number / clients, number) for number in range(clients)]
    sent = [0.0] * clients
    taken: list[float] = []
    while (now := time.perf_counter()) < begun + seconds or len(due) < clients:
        while due and due[0][0] <= now < begun + seconds:
            _, number = heapq.heappop(due)
            sent[number] = time.perf_counter()
            lines[number].send(*requests())
        for key, _ in selector.select(max(0.0, min(due[0][0] - now, 0.05)) if due else 0.05):
            answer = lines[key.data].answer()
            assert answer.status < 400, answer.body[:500]
            now = time.perf_counter()
            taken.append(now - sent[key.data])
            heapq.heappush(due, (now + next(pauses), key.data))
    for line in lines:
        line.close()
    return taken


def heard_by_many(ears: Sequence[Ear], hear: Callable[[int, dict[str, Any]], bool]) -> None:
    """Let `hear` have every event that reaches an ear, until it says of each ear that this was the last."""
    selector = selectors.DefaultSelector()
    for number, ear in enumerate(ears):
        selector.register(ear.connection, selectors.EVENT_READ, number)
    left = set(range(len(ears)))
    while left:
        ready = selector.select(60.0)
        assert ready, "nothing was told for a minute"
        for key, _ in ready:
            for event in ears[key.data].take():
                if hear(key.data, event):
                    left.discard(key.data)


def in_turn(*requests: Request) -> Callable[[], Request]:
    """Requests one after the other, over and over."""
    endless = cycle(requests)
    return lambda: next(endless)
