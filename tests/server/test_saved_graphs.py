from __future__ import annotations

import pytest
from tests.support.served import Serving
from tests.support.service_nodes import graph_of

FIRST = graph_of("doubled", "first", x=1).document()
SECOND = graph_of("doubled", "second", x=2).document()


def save(served: Serving, name: str) -> str:
    reply = served.client.post("/api/v1/graphs", json={"name": name, "graph": FIRST, "note": "the first"})
    assert reply.status_code == 201, reply.text
    return str(reply.headers["etag"])


def test_a_graph_is_saved_and_given_back_as_it_was(served: Serving) -> None:
    etag = save(served, "kept")
    reply = served.client.get("/api/v1/graphs/kept")
    assert (reply.json(), reply.headers["etag"]) == (FIRST, etag)
    assert "kept" in [one["name"] for one in served.client.get("/api/v1/graphs").json()["items"]]


def test_what_a_client_has_already_is_not_sent_again(served: Serving) -> None:
    etag = save(served, "again")
    assert served.client.get("/api/v1/graphs/again", headers={"If-None-Match": etag}).status_code == 304


def test_of_two_who_save_the_same_version_one_is_told(served: Serving) -> None:
    etag = save(served, "shared")
    first = served.client.put("/api/v1/graphs/shared", json=SECOND, headers={"If-Match": etag})
    assert (first.status_code, first.json()["version"], first.headers["etag"]) == (200, 2, '"2"')
    third = graph_of("doubled", "third", x=3).document()
    late = served.client.put("/api/v1/graphs/shared", json=third, headers={"If-Match": etag})
    assert (late.status_code, late.json()["faults"][0]["code"]) == (412, "Q006")
    assert served.client.get("/api/v1/graphs/shared").json() == SECOND
    assert served.client.put("/api/v1/graphs/shared", json=third, headers={"If-Match": "*"}).json()["version"] == 3


def test_what_is_there_is_not_overwritten_without_a_condition(served: Serving) -> None:
    save(served, "guarded")
    reply = served.client.put("/api/v1/graphs/guarded", json=SECOND)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (428, "H005")
    new = served.client.put("/api/v1/graphs/guarded", json=SECOND, headers={"If-None-Match": "*"})
    assert (new.status_code, new.json()["faults"][0]["code"]) == (412, "Q006")
    taken = served.client.post("/api/v1/graphs", json={"name": "guarded", "graph": SECOND})
    assert taken.status_code == 412


def test_a_condition_that_names_no_version_never_holds(served: Serving) -> None:
    save(served, "odd")
    reply = served.client.put("/api/v1/graphs/odd", json=SECOND, headers={"If-Match": '"latest"'})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (412, "H004")


def test_a_version_is_named_and_stays_what_it_was(served: Serving) -> None:
    save(served, "named")
    reply = served.client.patch("/api/v1/graphs/named/versions/1", json={"note": "the one with rain"})
    assert (reply.status_code, reply.json()["note"]) == (200, "the one with rain")
    (listed,) = served.client.get("/api/v1/graphs/named/versions").json()["items"]
    assert (listed["version"], listed["note"]) == (1, "the one with rain")
    assert served.client.get("/api/v1/graphs/named/versions/1").json() == FIRST
    missing = served.client.patch("/api/v1/graphs/named/versions/7", json={"note": ""})
    assert (missing.status_code, missing.json()["faults"][0]["code"]) == (404, "Q001")


def test_a_document_is_put_under_a_new_name(served: Serving) -> None:
    reply = served.client.put("/api/v1/graphs/fresh", json=FIRST)
    assert (reply.status_code, reply.json()["version"]) == (201, 1)


def test_every_version_can_be_had_and_restored(served: Serving) -> None:
    etag = save(served, "old")
    served.client.put("/api/v1/graphs/old", params={"note": "twice"}, json=SECOND, headers={"If-Match": etag})
    versions = served.client.get("/api/v1/graphs/old/versions").json()["items"]
    assert [(one["version"], one["note"]) for one in versions] == [(2, "twice"), (1, "the first")]
    assert served.client.get("/api/v1/graphs/old/versions/1").json() == FIRST
    assert served.client.post("/api/v1/graphs/old/restore", json={"version": 1}).json()["version"] == 3
    assert served.client.get("/api/v1/graphs/old").json() == FIRST


def test_a_deleted_graph_can_be_restored(served: Serving) -> None:
    etag = save(served, "gone")
    assert served.client.delete("/api/v1/graphs/gone", headers={"If-Match": '"9"'}).status_code == 412
    assert served.client.delete("/api/v1/graphs/gone", headers={"If-Match": etag}).status_code == 204
    assert served.client.get("/api/v1/graphs/gone").status_code == 404
    assert served.client.post("/api/v1/graphs/gone/restore", json={"version": 1}).status_code == 200
    assert served.client.get("/api/v1/graphs/gone").json() == FIRST


def test_a_saved_graph_is_run_by_name_and_version(served: Serving) -> None:
    etag = save(served, "run_me")
    served.client.put("/api/v1/graphs/run_me", json=SECOND, headers={"If-Match": etag})
    for saved, version, result in (("run_me", 2, 4), ("run_me@1", 1, 2)):
        run = served.client.post("/api/v1/runs", json={"saved": saved}).json()
        assert (run["saved"], run["saved_version"]) == ("run_me", version)
        with served.ear() as ear:
            ear.run(run["id"])
        results = served.client.get(f"/api/v1/runs/{run['id']}/results").json()["results"]
        assert results["out"]["value"] == result


@pytest.mark.parametrize("saved", ["nothing", "nothing@1", "run_me@x", "run_me@", "@1", "a@999999999999"])
def test_a_saved_graph_that_is_not_there_is_a_problem(served: Serving, saved: str) -> None:
    reply = served.client.post("/api/v1/runs", json={"saved": saved})
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")


def test_a_saved_graph_is_a_node_of_another(served: Serving) -> None:
    save(served, "inner")
    outer = {
        "format": 1,
        "nodes": {"in": {"type": "graph/inner"}},
        "results": {"out": "in.out"},
    }
    run = served.client.post("/api/v1/runs", json={"graph": outer}).json()
    with served.ear() as ear:
        assert ear.run(run["id"])[-1]["state"] == "succeeded"


@pytest.mark.parametrize("name", ["", "a b", "../x", "1a", "__proto__", "a" * 101])
def test_a_graph_has_a_readable_name(served: Serving, name: str) -> None:
    reply = served.client.post("/api/v1/graphs", json={"name": name, "graph": FIRST})
    assert reply.status_code == 422


def test_what_is_no_graph_is_not_saved(served: Serving) -> None:
    reply = served.client.put("/api/v1/graphs/broken", json={"format": 1, "nodes": {"a": {"typ": "x"}}})
    assert reply.status_code == 422
    assert [fault["at"] for fault in reply.json()["faults"]] == ["/nodes/a/typ", "/nodes/a"]
    assert served.client.get("/api/v1/graphs/broken").status_code == 404


def test_projects_are_made_changed_and_taken_away(served: Serving) -> None:
    made = served.client.post("/api/v1/projects", json={"name": "Lighthouse"})
    assert made.status_code == 201
    where = made.headers["location"]
    assert served.client.patch(where, json={"description": "for the film"}).json()["description"] == "for the film"
    assert served.client.post("/api/v1/projects", json={"name": "Lighthouse"}).status_code == 409
    graph = {"name": "in_project", "graph": FIRST, "project": made.json()["id"]}
    assert served.client.post("/api/v1/graphs", json=graph).status_code == 201
    listed = served.client.get("/api/v1/graphs", params={"project": made.json()["id"]}).json()["items"]
    assert [one["name"] for one in listed] == ["in_project"]
    assert served.client.delete(where).status_code == 204
    assert served.client.get(where).status_code == 404
    assert served.client.get("/api/v1/graphs/in_project").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("POST", "/api/v1/runs", {"graph": FIRST, "project": "nothing"}),
        ("POST", "/api/v1/graphs", {"name": "astray", "graph": FIRST, "project": "nothing"}),
        ("PUT", "/api/v1/graphs/astray?project=nothing", FIRST),
        ("PATCH", "/api/v1/projects/nothing", {"name": "x"}),
    ],
)
def test_a_project_that_is_not_there_is_a_problem(
    served: Serving, method: str, path: str, asked: dict[str, object]
) -> None:
    reply = served.client.request(method, path, json=asked)
    assert (reply.status_code, reply.json()["faults"][0]["code"]) == (404, "Q001")
