"""The client does over HTTP what a process does by itself, and outlives the server's absence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.served import Serving, serving
from tests.support.service_nodes import GATES, catalogue, graph_of

from diorama import AsyncClient, Client, DioramaError, load_graph
from diorama.client.errors import ServerError, Unreachable
from diorama.graph import Constant, Graph, GraphNode, Param, Parameter, Wire
from diorama.keys import digest_of, written
from diorama.run import events as told
from diorama.run.record import SHORT_BYTES
from diorama.run.service import Service
from diorama.server.serve import bound_socket

WAIT_SECONDS = 20.0
DOUBLED = Graph(
    {"doubled": GraphNode("t/doubled", {"x": Param("x")})},
    {"out": Wire("doubled", "value")},
    {"x": Parameter("integer", 1)},
    "Doubled",
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with Service(tmp_path_factory.mktemp("store"), catalogue=catalogue()) as service, serving(service) as one:
        yield one


@pytest.fixture
def client(served: Serving) -> Iterator[Client]:
    with Client(served.address) as client:
        yield client


def test_a_graph_is_run_to_its_end_and_its_results_are_values(client: Client) -> None:
    kinds: list[str] = []
    result = client.run(DOUBLED, x=21, listener=lambda event: kinds.append(event.kind))
    assert result.state == "succeeded"
    assert result["out"] == 42
    assert kinds[0] == "run_queued"
    assert kinds[-1] == "run_ended"
    assert result.manifest["run"] == result.run
    with pytest.raises(TypeError, match="no artefact"):
        result.bytes("out")


@pytest.mark.parametrize(("length", "is_told"), [(3, True), (SHORT_BYTES, False)])
def test_short_results_come_with_the_end_of_a_run_and_longer_ones_are_fetched(
    client: Client, length: int, is_told: bool
) -> None:
    inputs = {"text": Constant("x"), "times": Constant(length)}
    graph = Graph({"a": GraphNode("t/repeated", inputs)}, {"out": Wire("a", "value")})
    heard: list[told.Event] = []
    result = client.run(graph, listener=heard.append)
    end = heard[-1]
    assert isinstance(end, told.RunEnded)
    assert end.values == ({"out": "x" * length} if is_told else None)
    assert result["out"] == "x" * length


def test_the_client_for_coroutines_does_the_same(served: Serving) -> None:
    async def both() -> tuple[object, object]:
        async with AsyncClient(served.address) as client:
            results = await asyncio.gather(client.run(DOUBLED, x=3), client.run(DOUBLED, x=4))
            return await results[0].value("out"), await results[1].value("out")

    assert asyncio.run(both()) == (6, 8)


def test_an_artefact_comes_as_it_is_stored_and_decoded(client: Client) -> None:
    result = client.run(graph_of("picture", side=4))
    assert result.bytes("out").startswith(b"\x89PNG")
    pixels = getattr(result["out"], "pixels")  # noqa: B009
    assert np.asarray(pixels).shape[:2] == (4, 4)


def test_results_are_written_as_the_command_line_writes_them(client: Client, tmp_path: Path) -> None:
    result = client.run(graph_of("picture", side=5))
    (path,) = result.save(tmp_path)
    assert path == tmp_path / "out.png"
    graph, _ = load_graph(path)
    assert graph.nodes == client.graph_of(result.run).nodes


def test_a_file_is_uploaded_and_named_by_its_digest(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "some.bin"
    path.write_bytes(b"some bytes" * 1000)
    assert client.upload(path) == written(digest_of(path.read_bytes()))
    assert client.bytes(client.upload(path)) == path.read_bytes()


def test_graphs_are_saved_under_a_name_and_run_by_it(client: Client) -> None:
    client.save_graph("doubling", DOUBLED)
    with pytest.raises(ServerError) as refused:
        client.save_graph("doubling", DOUBLED)
    assert refused.value.status == 412
    client.save_graph("doubling", replace(DOUBLED, title="Twice"), version=1, note="named")
    assert client.saved_graph("doubling").title == "Twice"
    assert client.saved_graph("doubling", 1).title == "Doubled"
    assert client.run("doubling", x=4)["out"] == 8
    assert client.status(client.submit("doubling@1", {"x": 4}).id).saved_version == 1
    client.delete_graph("doubling")
    with pytest.raises(ServerError, match="doubling"):
        client.saved_graph("doubling")


def test_a_batch_is_a_run_for_each_value(client: Client) -> None:
    batch = client.submit_batch(DOUBLED, {"x": [1, 2, 3]})
    runs = [client.wait(run.id) for run in client.runs(batch=batch.id)]
    assert sorted(str(run.parameters["x"]) for run in runs) == ["1", "2", "3"]
    assert client.batch(batch.id).states == {"succeeded": 3}


def test_every_fault_of_a_graph_comes_as_it_does_in_process(client: Client) -> None:
    with pytest.raises(ServerError) as refused:
        client.run(DOUBLED, x="one", y=2)
    assert refused.value.status == 422
    assert {fault.code for fault in refused.value.faults} == {"G105", "G108"}
    assert [fault.code for fault in client.check(DOUBLED, {"y": 2})] == ["G108"]


def test_a_node_that_fails_is_told_with_its_sentence(client: Client) -> None:
    with pytest.raises(DioramaError, match="R002 failing: not today"):
        client.run(graph_of("failing", why="not today"))


def test_what_the_listener_raises_cancels_the_run(client: Client) -> None:
    seen: list[str] = []

    def hear(event: told.Event) -> None:
        if isinstance(event, told.CallStarted):
            seen.append(event.run)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.run(graph_of("gated", gate="nobody opens it"), listener=hear)
    assert client.wait(seen[0]).state == "cancelled"


def test_a_run_is_watched_from_any_event_on(client: Client) -> None:
    run = client.submit(DOUBLED, {"x": 100})
    events = list(client.watch(run.id))
    numbers = [event.seq for event in events if hasattr(event, "seq")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [getattr(event, "seq", 0) for event in client.watch(run.id, since=2)] == numbers[2:]
    assert list(client.watch(run.id, since=numbers[-1])) == []


def test_a_run_that_is_not_there_is_told_at_once(client: Client) -> None:
    with pytest.raises(ServerError, match="there is no run 'nowhere'") as refused:
        list(client.watch("nowhere"))
    assert refused.value.status == 404


def test_the_same_key_is_one_run(client: Client) -> None:
    first = client.submit(DOUBLED, {"x": 5}, idempotency_key="once")
    assert client.submit(DOUBLED, {"x": 5}, idempotency_key="once").id == first.id


def test_runs_are_paused_resumed_moved_and_listed(client: Client) -> None:
    client.pause_queue()
    try:
        first, second = (client.submit(DOUBLED, {"x": 1000 + number}, title="moved") for number in range(2))
        assert client.move(second.id, before=first.id).place_in_queue == 0
        assert client.move(first.id, priority=5).priority == 5
        queued = [run.id for run in client.runs(state="queued")]
        assert {first.id, second.id} <= set(queued)
        assert client.cancel(second.id).state == "cancelled"
    finally:
        assert not client.resume_queue().paused
    assert client.wait(first.id).state == "succeeded"
    client.retry(second.id)
    assert client.wait(second.id).state == "succeeded"
    client.delete(second.id)
    assert second.id not in [run.id for run in client.runs()]


def test_runs_are_fetched_by_the_page_up_to_a_limit(client: Client) -> None:
    for number in range(5):
        client.run(DOUBLED, x=2000 + number)
    assert len(list(client.runs(limit=3))) == 3
    assert [run.parameters["x"] for run in client.runs(limit=5)] == [2004, 2003, 2002, 2001, 2000]


def test_the_queue_is_listened_to(client: Client, served: Serving) -> None:
    heard = threading.Event()

    def listen() -> None:
        with Client(served.address) as other:
            for event in other.listen("queue"):
                if isinstance(event, told.RunEnded):
                    heard.set()
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    while not heard.is_set() and thread.is_alive():
        client.run(DOUBLED, x=7)
        heard.wait(0.05)
    thread.join(WAIT_SECONDS)
    assert heard.is_set()


def test_a_name_of_no_graph_is_said_to_be_that(client: Client) -> None:
    with pytest.raises(ServerError, match="there is no graph 'nowhere'"):
        client.saved_graph("nowhere")


def test_a_setting_is_given_its_default_again(client: Client) -> None:
    def limits() -> tuple[int, int | None]:
        view = client.queue()
        return view.max_running, view.max_running_per_client

    before = limits()
    client.change_settings(max_running=5, max_running_per_client=2)
    assert limits() == (5, 2)
    client.change_settings(max_running_per_client=None)
    assert limits() == (5, None)
    client.limit_queue(running_per_client=3)
    client.limit_queue(running=0)
    assert limits() == (before[0], 3)
    client.limit_queue(running_per_client=0)
    assert limits() == before


@pytest.mark.parametrize("ask", [Client.queue, lambda client: client.upload(Path(__file__))], ids=["look", "upload"])
def test_no_server_is_told_at_once_with_what_to_do(ask: Callable[[Client], object]) -> None:
    with (
        Client(f"http://127.0.0.1:{free_port()}") as client,
        pytest.raises(Unreachable, match="`diorama serve` starts one"),
    ):
        ask(client)


@pytest.mark.parametrize("address", ["127.0.0.1:8321", "ftp://here", "http://"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(DioramaError, match="an address such as"):
        Client(address)


def test_a_run_is_watched_across_a_restart_of_the_server(tmp_path: Path) -> None:
    """The connection breaks, the server comes back at the same address, and no event is missing."""
    port = free_port()
    heard: list[told.Event] = []
    with Service(tmp_path, catalogue=catalogue()) as service, Client(f"http://127.0.0.1:{port}") as client:
        with serving(service, port=port):
            run = client.submit(graph_of("gated", gate="restart"))
            watching = threading.Thread(target=lambda: heard.extend(client.watch(run.id)))
            watching.start()
            hears_something(client, run.id)
        with serving(service, port=port):
            GATES["restart"].set()
            watching.join(WAIT_SECONDS)
    assert not watching.is_alive()
    numbers = [event.seq for event in heard if hasattr(event, "seq")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert isinstance(heard[-1], told.RunEnded)


def free_port() -> int:
    free = bound_socket("127.0.0.1", 0)
    port: int = free.getsockname()[1]
    free.close()
    return port


def hears_something(client: Client, run: str) -> None:
    for event in client.watch(run):
        if isinstance(event, told.CallStarted):
            return
