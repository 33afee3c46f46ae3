"""The hub of events: complete for every subscriber, bounded for all, and never in the way of who tells."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable, Sequence

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diorama.run import events as told
from diorama.run.hub import EventHub
from diorama.run.subscription import FRAME_EVENTS, MOST_FRAMES, Frame, Subscription, message

BOUND = 20.0


class Told:
    """A hub over a journal in memory, into which everything that is kept goes first."""

    def __init__(self) -> None:
        self.journal: dict[str, list[tuple[int, bytes]]] = {}
        self.reads = 0
        self.queue = 0
        self.hub = EventHub(self._read, {"queue": self._snapshot})

    def _read(self, run: str, since: int, most: int | None) -> Sequence[tuple[int, bytes]]:
        self.reads += 1
        return self.journal.get(run, [])[since:][:most]

    def _snapshot(self) -> Sequence[told.Event]:
        self.queue += 1
        return [told.QueueChanged(float(self.queue), False, {}, [], 8, None)]

    def tell(self, run: str, count: int = 1) -> None:
        """Tell so many kept events of a run, together."""
        events = self.journal.setdefault(run, [])
        for _ in range(count):
            event = told.ResultReady(run, len(events) + 1, 0.0, "r")
            events.append((event.seq, told.event_json(event)))
            self.hub.publish(event)
        self.hub.send()

    def write(self, run: str, count: int = 1) -> None:
        """Let another server write so many events into the journal."""
        events = self.journal.setdefault(run, [])
        for _ in range(count):
            event = told.ResultReady(run, len(events) + 1, 0.0, "r")
            events.append((event.seq, told.event_json(event)))

    def show(self, run: str, fraction: float) -> None:
        """Tell progress."""
        self.hub.tell(told.CallProgress(run, "a", None, fraction, "", None))


def seqs(frames: Iterable[Frame]) -> list[int]:
    return [seq for frame in frames for seq, _ in frame.events]


def taken(subscription: Subscription) -> list[int]:
    """The numbers of all that waits for a subscriber."""
    found: list[int] = []
    while frames := subscription.get(0.0):
        found += seqs(frames)
    return found


def test_a_subscriber_gets_what_was_told_before_and_what_is_told_from_then_on() -> None:
    world = Told()
    world.tell("a", 3)
    with world.hub.subscribe(["run:a"], {"a": 1}) as heard:
        world.tell("a", 2)
        assert taken(heard) == [2, 3, 4, 5]
        world.tell("a")
        world.tell("b")
        assert taken(heard) == [6]
    world.tell("a")
    assert taken(heard) == []


def test_events_told_together_are_one_frame_made_once_for_all() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as first, world.hub.subscribe(["run:a"]) as second:
        assert taken(first) == taken(second) == []
        world.tell("a", 5)
        (one,), (other,) = first.get(0.0), second.get(0.0)
        assert one is other
        assert [event["seq"] for event in orjson.loads(message([one]))["events"]] == [1, 2, 3, 4, 5]


def test_a_subscriber_that_lags_is_fed_from_the_journal_and_misses_nothing() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as slow, world.hub.subscribe(["run:a"]) as quick:
        assert taken(slow) == taken(quick) == []
        heard: list[int] = []
        for _ in range(MOST_FRAMES + 10):
            world.tell("a", 2)
            heard += taken(quick)
        assert len(slow._frames) <= MOST_FRAMES
        assert heard == taken(slow) == list(range(1, 2 * (MOST_FRAMES + 10) + 1))
        assert world.reads == 3


def test_what_is_not_kept_comes_while_a_subscriber_keeps_up_and_is_dropped_where_it_lags() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as heard:
        assert taken(heard) == []
        world.tell("a")
        world.show("a", 0.5)
        assert [orjson.loads(event)["kind"] for frame in heard.get(0.0) for _, event in frame.events] == [
            "result_ready",
            "call_progress",
        ]
        for number in range(MOST_FRAMES + 1):
            world.show("a", number / 100)
        assert taken(heard) == []
        world.tell("a")
        assert taken(heard) == [2]


def test_a_long_journal_is_read_in_parts() -> None:
    world = Told()
    world.tell("a", 2 * FRAME_EVENTS + 7)
    with world.hub.subscribe(["run:a"]) as heard:
        assert len(heard.get(0.0)[0].events) == FRAME_EVENTS
        assert taken(heard) == list(range(FRAME_EVENTS + 1, 2 * FRAME_EVENTS + 8))


def test_what_is_told_at_once_comes_in_parts_however_much_it_is() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as heard:
        assert taken(heard) == []
        world.tell("a", 4 * FRAME_EVENTS + 1)
        parts = []
        while frames := heard.get(0.0):
            parts.append(seqs(frames))
        assert [len(part) for part in parts] == [FRAME_EVENTS] * 4 + [1]
        assert [number for part in parts for number in part] == list(range(1, 4 * FRAME_EVENTS + 2))


def test_the_queue_is_told_whole_first_and_again_where_a_subscriber_lagged() -> None:
    world = Told()
    with world.hub.subscribe(["queue"]) as heard:
        assert orjson.loads(heard.get(0.0)[0].text)["kind"] == "queue_changed"
        world.hub.tell(told.RunQueued("a", 1, 0.0, "t", "c", 0, None))
        assert orjson.loads(heard.get(0.0)[0].text)["kind"] == "run_queued"
        for number in range(MOST_FRAMES + 1):
            world.hub.tell(told.RunQueued(f"r{number}", 1, 0.0, "t", "c", 0, None))
        (frame,) = heard.get(0.0)
        assert orjson.loads(frame.text)["kind"] == "queue_changed"
        heard.add(["queue"], {})
        assert orjson.loads(heard.get(0.0)[0].text)["kind"] == "queue_changed"
        assert world.queue == 3


def test_what_another_server_wrote_is_relayed_once() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as heard:
        world.write("a", 2)
        assert taken(heard) == [1, 2]
        assert world.hub.runs == {"a": 2}
        world.write("a", 3)
        world.hub.relay("a", world.journal["a"][2:])
        world.hub.relay("a", world.journal["a"][2:])
        assert taken(heard) == [3, 4, 5]
        assert world.hub.runs == {"a": 5}
    assert world.hub.runs == {}


def test_a_gap_is_filled_from_the_journal() -> None:
    world = Told()
    with world.hub.subscribe(["run:a"]) as heard:
        assert taken(heard) == []
        world.write("a", 3)
        world.tell("a")
        assert taken(heard) == [1, 2, 3, 4]


def test_a_subscriber_in_a_thread_is_woken_and_a_closed_one_too() -> None:
    world = Told()
    found: list[list[int]] = []
    subscription = world.hub.subscribe(["run:a"])
    ready = threading.Event()

    def listen() -> None:
        ready.set()
        while frames := subscription.get(BOUND):
            found.append(seqs(frames))

    thread = threading.Thread(target=listen)
    thread.start()
    assert ready.wait(BOUND)
    world.tell("a")
    world.hub.close()
    thread.join(BOUND)
    assert not thread.is_alive()
    assert found in ([[1]], [])


def test_coroutines_on_one_loop_are_all_woken_and_get_everything() -> None:
    world = Told()
    count, many = 300, 50

    async def listen() -> list[int]:
        found: list[int] = []
        with world.hub.subscribe(["run:a"], {}, asyncio.get_running_loop()) as heard:
            while len(found) < count:
                found += seqs(await heard.next())
        return found

    def tell_all() -> None:
        for _ in range(count):
            world.tell("a")

    async def all_of_them() -> list[list[int]]:
        listening = [asyncio.create_task(listen()) for _ in range(many)]
        telling = threading.Thread(target=tell_all)
        telling.start()
        async with asyncio.timeout(BOUND):
            found = await asyncio.gather(*listening)
        telling.join(BOUND)
        return found

    assert asyncio.run(all_of_them()) == [list(range(1, count + 1))] * many


def test_who_tells_survives_a_loop_that_has_closed() -> None:
    world = Told()

    async def leave_without_a_word() -> Subscription:
        heard = world.hub.subscribe(["run:a"], {}, asyncio.get_running_loop())
        await asyncio.wait_for(_first(heard, world), BOUND)
        return heard

    heard = asyncio.run(leave_without_a_word())
    world.tell("a")
    heard.close()
    assert world.hub.runs == {}


async def _first(heard: Subscription, world: Told) -> None:
    world.tell("a")
    assert seqs(await heard.next()) == [1]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), st.integers(1, 4)),
        st.tuples(st.just("write"), st.integers(1, 3)),
        st.tuples(st.just("show"), st.just(1)),
        st.tuples(st.just("flood"), st.just(MOST_FRAMES + 1)),
        st.tuples(st.just("relay"), st.integers(0, 5)),
        st.tuples(st.just("take"), st.just(0)),
        st.tuples(st.just("again"), st.integers(0, 3)),
    ),
    max_size=30,
)


@given(STEPS, st.integers(0, 3))
def test_whatever_happens_each_kept_event_comes_once_and_in_order(steps: list[tuple[str, int]], since: int) -> None:
    world = Told()
    world.tell("a", 3)
    with world.hub.subscribe(["run:a"], {"a": since}) as heard:
        found: list[int] = []
        for what, number in steps:
            match what:
                case "tell":
                    world.tell("a", number)
                case "write":
                    world.write("a", number)
                case "show":
                    world.show("a", 0.5)
                case "flood":
                    for _ in range(number):
                        world.tell("a")
                case "relay":
                    world.hub.relay("a", world.journal["a"][number:])
                case "take":
                    found += [seq for seq in seqs(heard.get(0.0)) if seq]
                case "again":
                    found = []
                    since = number
                    heard.add(["run:a"], {"a": number})
        # Whoever wrote last is heard of at the next look.
        world.hub.relay("a", world.journal["a"])
        while frames := heard.get(0.0):
            found += [seq for seq in seqs(frames) if seq]
        assert found == list(range(since + 1, len(world.journal["a"]) + 1))


@pytest.mark.parametrize("topic", ["run:a", "queue", "devices", "log"])
def test_a_topic_without_subscribers_costs_nothing(topic: str) -> None:
    world = Told()
    subscription = world.hub.subscribe([topic])
    assert world.hub.is_heard(topic)
    subscription.close()
    assert not world.hub.is_heard(topic)
    world.tell("a", 3)
    assert not world.hub._waiting
