from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.served import Serving
from tests.support.service_nodes import GATES, graph_of

DOUBLED = graph_of("doubled", x="@x")


def batch_of(served: Serving, axes: dict[str, list[int]], **asked: object) -> dict[str, Any]:
    reply = served.client.post("/api/v1/batches", json={"graph": DOUBLED.document(), "axes": axes, **asked})
    assert reply.status_code == 201, reply.text
    batch: dict[str, Any] = reply.json()
    return batch


def runs_of(served: Serving, batch: str) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = served.client.get("/api/v1/runs", params={"batch": batch, "limit": 100}).json()[
        "items"
    ]
    return runs


@pytest.fixture
def paused(served: Serving) -> Iterator[None]:
    """The queue, paused for the length of a test and empty after it."""
    served.client.patch("/api/v1/queue", json={"paused": True})
    yield
    served.client.delete("/api/v1/queue")
    served.client.patch("/api/v1/queue", json={"paused": False})


def test_a_batch_is_a_run_for_each_value(served: Serving) -> None:
    with served.ear() as ear:
        ear.say(kind="subscribe", topic="queue")
        batch = batch_of(served, {"x": [1, 2, 3]}, title="three")
        assert (batch["runs"], batch["title"]) == (3, "three")
        wanted = {run["id"] for run in runs_of(served, batch["id"])}
        ended: set[str] = set()
        while not wanted <= ended:
            ended |= {event["run"] for event in ear.hear().get("events", ()) if event["kind"] == "run_ended"}
    assert served.client.get(f"/api/v1/batches/{batch['id']}").json()["states"] == {"succeeded": 3}
    assert sorted(run["parameters"]["x"] for run in runs_of(served, batch["id"])) == [1, 2, 3]


@pytest.mark.usefixtures("paused")
def test_a_batch_is_cancelled_as_a_whole(served: Serving) -> None:
    batch = batch_of(served, {"x": list(range(20))})["id"]
    assert served.client.post(f"/api/v1/batches/{batch}/cancel").json()["states"] == {"cancelled": 20}


@pytest.mark.usefixtures("paused")
def test_the_same_key_is_one_batch(served: Serving) -> None:
    asked = {"graph": DOUBLED.document(), "axes": {"x": [1, 2]}}
    replies = [served.client.post("/api/v1/batches", json=asked, headers={"Idempotency-Key": "b"}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 200]
    assert replies[0].json()["id"] == replies[1].json()["id"]
    assert replies[0].json()["id"] in [one["id"] for one in served.client.get("/api/v1/batches").json()["items"]]


@pytest.mark.parametrize(
    ("axes", "status"),
    [({}, 422), ({"x": []}, 422), ({"y": [1]}, 422), ({"x": [1, "two"]}, 422), ({"x": 1}, 422)],
)
def test_a_batch_with_a_fault_is_refused_as_a_whole(served: Serving, axes: object, status: int) -> None:
    reply = served.client.post("/api/v1/batches", json={"graph": DOUBLED.document(), "axes": axes})
    assert reply.status_code == status
    assert reply.json()["faults"]


def test_a_batch_that_is_not_there_is_a_problem(served: Serving) -> None:
    for reply in (served.client.get("/api/v1/batches/x"), served.client.post("/api/v1/batches/x/cancel")):
        assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")


@pytest.mark.usefixtures("paused")
def test_runs_wait_while_the_queue_is_paused_and_are_moved(served: Serving) -> None:
    first, second = (served.submit(DOUBLED, parameters={"x": number})["id"] for number in (1, 2))
    assert served.client.get(f"/api/v1/runs/{second}").json()["place_in_queue"] == 1
    moved = served.client.patch(f"/api/v1/runs/{second}", json={"before": first}).json()
    assert moved["place_in_queue"] == 0
    raised = served.client.patch(f"/api/v1/runs/{first}", json={"priority": 5}).json()
    assert (raised["priority"], raised["place_in_queue"]) == (5, 0)
    waiting = served.client.get("/api/v1/queue/runs").json()["items"]
    assert [(run["id"], run["place_in_queue"]) for run in waiting] == [(first, 0), (second, 1)]
    assert [run["id"] for run in served.client.get("/api/v1/queue/runs?limit=1").json()["items"]] == [first]
    assert served.client.get("/api/v1/queue").json()["states"]["queued"] == 2


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("asked", [{}, {"before": "a", "after": "b"}, {"priority": 5000}, {"place": 1}])
def test_a_move_says_where_to(served: Serving, asked: dict[str, object]) -> None:
    run = served.submit(DOUBLED, parameters={"x": 1})["id"]
    assert served.client.patch(f"/api/v1/runs/{run}", json=asked).status_code == 422


@pytest.mark.usefixtures("paused")
def test_the_queue_is_cleared(served: Serving) -> None:
    run = served.submit(DOUBLED, parameters={"x": 1})["id"]
    assert "queued" not in served.client.delete("/api/v1/queue").json()["states"]
    assert served.client.get(f"/api/v1/runs/{run}").json()["state"] == "cancelled"


def test_the_limits_of_the_queue_are_set_and_taken_back(served: Serving) -> None:
    before = served.client.get("/api/v1/queue").json()
    changed = served.client.patch("/api/v1/queue", json={"max_running": 2, "max_running_per_client": 1}).json()
    assert (changed["max_running"], changed["max_running_per_client"]) == (2, 1)
    back = served.client.patch("/api/v1/queue", json={"max_running": None, "max_running_per_client": None}).json()
    assert (back["max_running"], back["max_running_per_client"]) == (before["max_running"], None)
    assert served.client.patch("/api/v1/queue", json={"max_running": 0}).status_code == 422


def test_no_more_runs_are_under_way_than_the_limit(served: Serving) -> None:
    served.client.patch("/api/v1/queue", json={"max_running": 1})
    first = served.submit(graph_of("gated", gate="limit"))["id"]
    second = served.submit(graph_of("gated", gate="limit", x=1))["id"]
    with served.ear() as ear:
        ear.say(kind="subscribe", topic=f"run:{first}")
        ear.events(lambda event: event["kind"] == "call_started")
        assert served.client.get(f"/api/v1/runs/{second}").json()["state"] == "queued"
        GATES["limit"].set()
        assert ear.run(second)[-1]["state"] == "succeeded"
    served.client.patch("/api/v1/queue", json={"max_running": None})
