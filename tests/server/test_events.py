from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, get_args

import httpx2 as httpx
import orjson
import pytest
from jsonschema import Draft202012Validator
from tests.support.served import Serving, Told
from tests.support.service_nodes import GATES, graph_of
from websockets.exceptions import ConnectionClosed

from diorama.graph import Graph
from diorama.run.events import Event, Kept
from diorama.server.event_schema import kind_of
from diorama.server.event_stream import position_text, read_position

GATE_NAMES = (f"events{number}" for number in itertools.count())


def counted(steps: int) -> Graph:
    return graph_of("counted", steps=steps)


def seqs(events: list[Told]) -> list[int]:
    return [event["seq"] for event in events if "seq" in event]


@pytest.fixture(scope="module")
def schema(served: Serving) -> dict[str, Any]:
    found: dict[str, Any] = served.client.get("/api/v1/events/schema").json()
    return found


def test_the_published_schema_has_every_kind_of_event(schema: dict[str, Any]) -> None:
    assert schema["discriminator"]["mapping"].keys() == {kind_of(one) for one in get_args(Event)}
    assert set(schema["durable"]) == {kind_of(one) for one in get_args(Kept)}
    for class_ in get_args(Event):
        fields = schema["$defs"][class_.__name__]
        assert list(fields["properties"]) == list(class_.__dataclass_fields__)
        # What came to be told later is missing in older journals.
        late = [name for name, one in class_.__dataclass_fields__.items() if one.default is None]
        assert fields["required"] == [name for name in fields["properties"] if name not in late]
    Draft202012Validator.check_schema(schema)


def test_what_is_told_keeps_to_the_published_schema(served: Serving, schema: dict[str, Any]) -> None:
    validator = Draft202012Validator(schema)
    kinds: set[str] = set()
    with served.ear() as ear:
        ear.say(kind="subscribe", topic="queue")
        for graph in (counted(5), graph_of("broken", why="told"), graph_of("doubled", x=900)):
            for event in ear.run(served.submit(graph)["id"]):
                validator.validate(event)
                kinds.add(event["kind"])
    assert kinds >= {"run_queued", "run_started", "call_started", "call_finished", "call_failed", "run_ended"}


def test_every_event_of_a_run_is_told_once_and_in_order(served: Serving) -> None:
    run = served.submit(counted(3))["id"]
    with served.ear() as ear:
        told = ear.run(run)
    assert seqs(told) == list(range(1, len(seqs(told)) + 1))
    kept = served.client.get(f"/api/v1/runs/{run}/events").json()["items"]
    assert [event for event in told if "seq" in event] == kept


def test_a_client_that_comes_back_is_told_what_it_missed(served: Serving) -> None:
    gate = next(GATE_NAMES)
    run = served.submit(graph_of("gated", gate=gate))["id"]
    with served.ear() as ear:
        ear.say(kind="subscribe", topic=f"run:{run}")
        heard = ear.events(lambda event: event["kind"] == "call_started")
    GATES[gate].set()
    with served.ear() as ear:
        rest = ear.run(run, since=seqs(heard)[-1])
    assert seqs(heard) + seqs(rest) == list(range(1, seqs(rest)[-1] + 1))


def test_progress_and_previews_are_told_live_and_previews_are_fetched_by_digest(served: Serving) -> None:
    gate = next(GATE_NAMES)
    blocking = [served.submit(graph_of("gated", gate=gate, x=number))["id"] for number in range(8)]
    run = served.submit(counted(50))["id"]
    with served.ear() as ear:
        ear.say(kind="subscribe", topic=f"run:{run}")
        assert ear.hear()["kind"] == "subscribed"
        # What is told live reaches those who have caught up with the journal.
        ear.events(lambda event: event["kind"] == "run_queued")
        GATES[gate].set()
        told = ear.events(lambda event: event["kind"] == "run_ended")
    assert blocking
    assert any(event["kind"] == "call_progress" and 0 <= event["fraction"] <= 1 for event in told)
    (preview,) = [event for event in told if event["kind"] == "call_preview"]
    assert (preview["media_type"], preview["digest"][:7]) == ("image/png", "blake3:")
    content = served.client.get(f"/api/v1/artefacts/{preview['digest']}/content")
    assert content.content.startswith(b"\x89PNG")


def test_a_client_hears_no_more_of_what_it_left(served: Serving) -> None:
    with served.ear() as ear:
        ear.say(kind="subscribe", topic="queue")
        ear.events(lambda event: event["kind"] == "queue_changed")
        ear.say(kind="unsubscribe", topic="queue")
        while ear.hear() != {"kind": "unsubscribed", "topic": "queue"}:
            pass
        run = served.submit(graph_of("doubled", x=901))["id"]
        told = ear.run(run)
    assert {event.get("run") for event in told} == {run}


def test_a_ping_is_answered(served: Serving) -> None:
    with served.ear() as ear:
        ear.say(kind="ping")
        assert ear.hear() == {"kind": "pong"}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "G001"),
        ("{", "G001"),
        ('{"kind":"ping","kind":"ping"}', "G002"),
        ('{"kind":"subscribe","topic":"queue","since":1e400}', "G003"),
        ("[" * 5000, "G005"),
        ("[" * 20_000 + "]" * 20_000, "G005"),
        ('{"kind":"ping","more":1}', "H001"),
        ('{"kind":"shout"}', "H001"),
        ('{"kind":"subscribe"}', "H001"),
        ('{"kind":"subscribe","topic":"everything"}', "H001"),
        ('{"kind":"subscribe","topic":"run:../x"}', "H001"),
        ('{"kind":"subscribe","topic":"queue","since":-1}', "H001"),
        ('{"kind":"subscribe","topic":"\\ud800"}', "G006"),
        ("[]", "H001"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_the_talk_goes_on(served: Serving, message: str, code: str) -> None:
    with served.ear() as ear:
        ear.connection.send(message)
        refused = ear.hear()
        assert (refused["kind"], refused["faults"][0]["code"]) == ("refused", code)
        ear.say(kind="ping")
        assert ear.hear() == {"kind": "pong"}


def test_a_run_that_is_not_there_is_refused(served: Serving) -> None:
    with served.ear() as ear:
        ear.say(kind="subscribe", topic="run:nothing")
        told = [ear.hear(), ear.hear()]
        assert told[0] == {"kind": "subscribed", "topic": "run:nothing"}
        assert (told[1]["kind"], told[1]["faults"][0]["code"]) == ("refused", "Q001")


def test_bytes_are_read_as_text_is(served: Serving) -> None:
    with served.ear() as ear:
        ear.connection.send(b'{"kind":"ping"}')
        assert ear.hear() == {"kind": "pong"}
        ear.connection.send(b"\xff")
        assert ear.hear()["faults"][0]["code"] == "G001"


def test_a_message_beyond_the_limit_ends_the_talk(served: Serving) -> None:
    with served.ear() as ear:
        ear.connection.send("x" * 70_000)
        with pytest.raises(ConnectionClosed):
            ear.hear()


def test_more_topics_than_the_limit_are_refused(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diorama.server.channel.MOST_TOPICS", 2)
    with served.ear() as ear:
        answers: list[tuple[str, str]] = []
        for topic in ("queue", "devices", "log", "queue"):
            ear.say(kind="subscribe", topic=topic)
            told = ear.hear()
            while "events" in told:
                told = ear.hear()
            answers.append((told["kind"], told["topic"]))
    said = ("subscribed", "subscribed", "refused", "subscribed")
    assert answers == list(zip(said, ("queue", "devices", "log", "queue"), strict=True))


# Server-sent events


def messages(stream: httpx.Response) -> Iterator[tuple[str, Told]]:
    """Id and event of each message of a stream."""
    last = ""
    for line in stream.iter_lines():
        if line.startswith("id: "):
            last = line.removeprefix("id: ")
        elif line.startswith("data: "):
            yield last, orjson.loads(line.removeprefix("data: "))


def test_a_stream_tells_what_the_socket_tells(served: Serving) -> None:
    run = served.submit(graph_of("doubled", x=902))["id"]
    headers = {"Accept": "text/event-stream"}
    with served.client.stream("GET", f"/api/v1/runs/{run}/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = []
        for _, event in messages(stream):
            told.append(event)
            if event["kind"] == "run_ended":
                break
    assert told == served.client.get(f"/api/v1/runs/{run}/events").json()["items"]


def test_a_stream_goes_on_from_its_last_id(served: Serving) -> None:
    run = served.submit(graph_of("doubled", x=903))["id"]
    with served.ear() as ear:
        ear.run(run)
    parameters = {"topic": f"run:{run}"}
    with served.client.stream("GET", "/api/v1/events", params=parameters) as stream:
        told = list(itertools.islice(messages(stream), 3))
    assert seqs([event for _, event in told]) == [1, 2, 3]
    again = {"Last-Event-ID": told[-1][0]}
    with served.client.stream("GET", "/api/v1/events", params=parameters, headers=again) as stream:
        assert next(messages(stream))[1]["seq"] == 4
    with served.client.stream("GET", "/api/v1/events", params=parameters | {"since": told[1][0]}) as stream:
        assert next(messages(stream))[1]["seq"] == 3


def test_a_stream_tells_of_several_topics(served: Serving) -> None:
    runs = [served.submit(graph_of("doubled", x=904 + number))["id"] for number in range(2)]
    topics = {"topic": [f"run:{run}" for run in runs] + ["queue"]}
    ended: set[str] = set()
    with served.client.stream("GET", "/api/v1/events", params=topics) as stream:
        for _, event in messages(stream):
            if event["kind"] == "run_ended":
                ended.add(event["run"])
            if ended == set(runs):
                break


@pytest.mark.parametrize("topic", [[], ["everything"], ["queue"] * 21])
def test_a_stream_of_unknown_topics_is_refused(served: Serving, topic: list[str]) -> None:
    reply = served.client.get("/api/v1/events", params={"topic": topic})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (422, "H001")


@pytest.mark.parametrize("positions", [{}, {"a": 1}, {"a": 1, "b": 22}])
def test_a_position_is_read_as_it_was_written(positions: dict[str, int]) -> None:
    assert read_position(position_text(positions)) == positions


@pytest.mark.parametrize("text", ["", ",", "a", "a:", ":1", "a:b", "a:-1", "a:" + "9" * 5000, "\0"])
def test_what_is_no_position_is_the_beginning(text: str) -> None:
    assert read_position(text) == {}
