from __future__ import annotations

import threading

import pytest
from tests.support.served import Serving
from tests.support.service_nodes import GATES, graph_of

from diorama.graph import Constant, Graph, GraphNode, Wire

DOUBLED = graph_of("doubled", x="@x")


def test_a_submitted_run_goes_to_its_end_and_gives_its_results(served: Serving) -> None:
    run = served.ended(DOUBLED, parameters={"x": 21})
    assert (run["state"], run["results"], run["parameters"]) == ("succeeded", ["out"], {"x": 21})
    results = served.client.get(f"/api/v1/runs/{run['id']}/results").json()
    assert results == {"results": {"out": {"kind": "value", "value": 42}}}


def test_what_a_call_gave_is_told_by_the_key_that_its_event_names(served: Serving) -> None:
    run = served.ended(DOUBLED, parameters={"x": 31})
    told = served.client.get(f"/api/v1/runs/{run['id']}/events").json()["items"]
    (key,) = [event["key"] for event in told if event["kind"] == "call_finished"]
    call = served.client.get(f"/api/v1/calls/{key}").json()
    assert (call["run"], call["outputs"]) == (run["id"], {"value": {"kind": "value", "value": 62}})


@pytest.mark.parametrize("key", ["0" * 64, "0" * 63, "no key", "zz" * 32, " 0" * 32])
def test_a_call_that_is_not_known_is_a_problem(served: Serving, key: str) -> None:
    reply = served.client.get(f"/api/v1/calls/{key}")
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")


def test_a_submission_says_where_the_run_is(served: Serving) -> None:
    reply = served.client.post("/api/v1/runs", json={"graph": DOUBLED.document(), "parameters": {"x": 1}})
    assert reply.status_code == 201
    shown = served.client.get(reply.headers["location"]).json()
    assert (shown["id"], shown["created"]) == (reply.json()["id"], reply.json()["created"])


def test_the_same_key_is_one_run(served: Serving) -> None:
    asked = {"graph": DOUBLED.document(), "parameters": {"x": 2}}
    replies = [served.client.post("/api/v1/runs", json=asked, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 200]
    assert replies[0].json()["id"] == replies[1].json()["id"]
    other = served.client.post("/api/v1/runs", json=asked | {"title": "other"}, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["faults"][0]["code"]) == (422, "Q003")


def test_the_faults_of_a_graph_are_told_and_nothing_is_queued(served: Serving) -> None:
    graph = {
        "format": 1,
        "nodes": {"a": {"type": "t/nothing"}, "b": {"type": "t/doubled"}},
        "results": {"r": "b.value"},
    }
    reply = served.client.post("/api/v1/runs", json={"graph": graph, "title": "faulty"})
    assert reply.status_code == 422
    assert [fault["code"] for fault in reply.json()["faults"]] == ["G101", "G103"]
    assert reply.json()["faults"][1]["at"].startswith("/nodes/b")
    assert "faulty" not in [run["title"] for run in served.client.get("/api/v1/runs").json()["items"]]


def test_a_missing_value_of_a_parameter_is_a_fault(served: Serving) -> None:
    reply = served.client.post("/api/v1/runs", json={"graph": DOUBLED.document()})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (422, "G113")


def test_a_run_of_a_changed_copy_is_found_by_the_saved_graph_that_it_was_made_from(served: Serving) -> None:
    asked = {"parameters": {"x": 77}, "made_from": "copied@3"}
    run = served.submit(DOUBLED, **asked)
    served.submit(DOUBLED, parameters={"x": 78})
    assert (run["saved"], run["saved_version"]) == ("copied", 3)
    assert [one["id"] for one in served.client.get("/api/v1/runs?saved=copied").json()["items"]] == [run["id"]]
    for wrong in ("copied", "@1", "copied@", "copied@-1", "copied@x", "a@1@2"):
        reply = served.client.post("/api/v1/runs", json={"graph": DOUBLED.document(), "made_from": wrong})
        assert reply.status_code == 422, wrong


def test_runs_are_listed_in_pages(served: Serving) -> None:
    made = [served.submit(DOUBLED, parameters={"x": number}, title="paged")["id"] for number in range(5)]
    found: list[str] = []
    cursor: str | None = None
    while True:
        asked = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = served.client.get("/api/v1/runs", params=asked).json()
        found += [run["id"] for run in page["items"] if run["title"] == "paged"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == made[::-1]
    titled = served.client.get("/api/v1/runs", params={"title": "paged", "limit": 10}).json()["items"]
    assert [run["id"] for run in titled] == made[::-1]


def test_runs_are_listed_by_state(served: Serving) -> None:
    failed = served.ended(graph_of("failing", why="no"))
    listed = served.client.get("/api/v1/runs", params={"state": "failed"}).json()["items"]
    assert [run["id"] for run in listed] == [failed["id"]]
    assert failed["faults"][0]["code"] == "R002"


def test_a_run_under_way_is_cancelled(served: Serving) -> None:
    run = served.submit(graph_of("gated", gate="never"))["id"]
    with served.ear() as ear:
        served.client.post(f"/api/v1/runs/{run}/cancel")
        assert ear.run(run)[-1]["state"] == "cancelled"
    again = served.client.post(f"/api/v1/runs/{run}/pause")
    assert (again.status_code, again.json()["faults"][0]["code"]) == (409, "Q002")


def test_a_run_is_paused_resumed_and_ends(served: Serving) -> None:
    first = GraphNode("t/gated", {"gate": Constant("first")})
    second = GraphNode("t/gated", {"gate": Constant("second"), "x": Wire("first", "value")})
    graph = Graph({"first": first, "second": second}, {"out": Wire("second", "value")})
    run = served.submit(graph)["id"]
    with served.ear() as ear:
        ear.say(kind="subscribe", topic=f"run:{run}")
        ear.events(lambda event: event["kind"] == "call_started")
        served.client.post(f"/api/v1/runs/{run}/pause")
        GATES["first"].set()
        ear.events(lambda event: event["kind"] == "run_paused")
        assert served.client.get(f"/api/v1/runs/{run}").json()["state"] == "paused"
        assert served.client.post(f"/api/v1/runs/{run}/resume").status_code == 200
        GATES["second"].set()
        assert ear.events(lambda event: event["kind"] == "run_ended")[-1]["state"] == "succeeded"


def test_a_failed_run_is_tried_again_under_the_same_id(served: Serving) -> None:
    run = served.ended(graph_of("failing", why="again"))["id"]
    seq = served.client.get(f"/api/v1/runs/{run}").json()["seq"]
    retried = served.client.post(f"/api/v1/runs/{run}/retry").json()
    assert retried["id"] == run
    with served.ear() as ear:
        assert ear.run(run, since=seq)[-1]["state"] == "failed"
    assert served.client.get(f"/api/v1/runs/{run}").json()["attempt"] == 2


def test_a_run_that_is_over_is_deleted(served: Serving) -> None:
    run = served.ended(DOUBLED, parameters={"x": 7})["id"]
    assert served.client.delete(f"/api/v1/runs/{run}").status_code == 204
    assert served.client.get(f"/api/v1/runs/{run}").status_code == 404


@pytest.mark.parametrize("what", ["", "/graph", "/manifest", "/results", "/events", "/log"])
def test_a_run_that_is_not_there_is_a_problem(served: Serving, what: str) -> None:
    reply = served.client.get(f"/api/v1/runs/nothing{what}")
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")


@pytest.mark.parametrize("what", ["cancel", "pause", "resume", "retry", "discard", "fail"])
def test_what_is_asked_of_a_run_that_is_not_there_is_a_problem(served: Serving, what: str) -> None:
    reply = served.client.post(f"/api/v1/runs/nothing/{what}")
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")


def test_the_record_of_a_run_can_be_fetched(served: Serving) -> None:
    run = served.ended(DOUBLED, parameters={"x": 8})["id"]
    assert served.client.get(f"/api/v1/runs/{run}/graph").json()["nodes"].keys() == {"doubled"}
    assert served.client.get(f"/api/v1/runs/{run}/manifest").json()["run"] == run
    events = served.client.get(f"/api/v1/runs/{run}/events").json()
    assert [event["seq"] for event in events["items"]] == list(range(1, len(events["items"]) + 1))
    later = served.client.get(f"/api/v1/runs/{run}/events", params={"since": 2, "limit": 2}).json()
    assert [event["seq"] for event in later["items"]] == [3, 4]
    assert later["next"] == "4"


def test_the_log_of_a_failed_run_holds_its_traceback(served: Serving) -> None:
    run = served.ended(graph_of("broken", why="for the log"))["id"]
    lines = served.client.get(f"/api/v1/runs/{run}/log").json()["items"]
    assert "for the log" in lines[0]["text"]


def test_a_manifest_is_there_once_the_run_is_over(served: Serving) -> None:
    run = served.submit(graph_of("gated", gate="manifest"))["id"]
    assert served.client.get(f"/api/v1/runs/{run}/manifest").status_code == 409
    GATES["manifest"].set()
    with served.ear() as ear:
        ear.run(run)
    assert served.client.get(f"/api/v1/runs/{run}/manifest").status_code == 200


def test_artefacts_are_named_by_digest(served: Serving) -> None:
    run = served.ended(graph_of("picture"))["id"]
    found = served.client.get(f"/api/v1/runs/{run}/results").json()["results"]["out"]
    assert (found["kind"], found["type"], found["media_type"]) == ("artefact", "image", "image/png")
    assert found["digest"].startswith("blake3:")


def test_only_what_is_asked_for_is_run(served: Serving) -> None:
    graph = graph_of("doubled", x=5).document()
    assert isinstance(graph["nodes"], dict)
    graph["nodes"]["other"] = {"type": "t/failing", "inputs": {"why": "never asked for"}}
    run = served.client.post("/api/v1/runs", json={"graph": graph, "targets": ["doubled.value"]}).json()["id"]
    with served.ear() as ear:
        assert ear.run(run)[-1]["state"] == "succeeded"


def test_many_threads_submit_at_once(served: Serving) -> None:
    states: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: states.append(served.ended(DOUBLED, parameters={"x": 100 + n})["state"]))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert states == ["succeeded"] * 8


def test_artefacts_are_listed_by_the_graph_that_made_them_and_by_time(served: Serving) -> None:
    made = served.ended(graph_of("picture", title="a grey square", side=7), title="a grey square")
    served.ended(graph_of("picture", title="another", side=9), title="another")

    def listed(**asked: str | float) -> list[str]:
        items = served.client.get("/api/v1/artefacts", params={"type": "image", **asked}).json()["items"]
        return [item["run"] for item in items]

    assert listed(title="a grey square") == [made["id"]]
    assert listed(title="a grey square", since=made["created"], until=made["ended"] + 1) == [made["id"]]
    assert listed(title="a grey square", until=made["created"]) == []
    assert listed(title="a grey square", since=made["ended"] + 60) == []
    assert served.client.get("/api/v1/artefacts", params={"since": "nan"}).status_code == 422
