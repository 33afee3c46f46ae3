from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.served import Serving, serving
from tests.support.service_nodes import catalogue

from diorama.run.service import Service
from diorama.schema import graph_schema
from diorama.server.options import ServerOptions
from diorama.types import table


def test_the_server_says_that_it_is_alive(served: Serving) -> None:
    assert served.client.get("/api/v1/health").json()["status"] == "alive"


def test_the_catalogue_is_that_of_the_engine(served: Serving) -> None:
    assert served.client.get("/api/v1/nodes").json() == catalogue().json()


def test_a_node_is_found_by_its_id(served: Serving) -> None:
    node = served.client.get("/api/v1/nodes").json()["nodes"][0]
    assert served.client.get(f"/api/v1/nodes/{node['id']}").json() == node


def test_an_unknown_node_is_a_problem(served: Serving) -> None:
    reply = served.client.get("/api/v1/nodes/t/nothing")
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["faults"][0]["code"] == "Q001"


def test_the_table_of_types_is_that_of_the_engine(served: Serving) -> None:
    assert served.client.get("/api/v1/types").json()["types"].items() <= table().items()


def test_the_schema_is_that_of_the_engine(served: Serving) -> None:
    reply = served.client.get("/api/v1/schema")
    assert reply.headers["content-type"] == "application/schema+json"
    assert reply.json() == graph_schema()


@pytest.mark.parametrize("path", ["nodes", "types", "schema", "openapi.json"])
def test_what_a_client_has_already_is_not_sent_again(served: Serving, path: str) -> None:
    tag = served.client.get(f"/api/v1/{path}").headers["etag"]
    reply = served.client.get(f"/api/v1/{path}", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (reply.status_code, reply.content) == (304, b"")


def test_templates_are_listed_and_given(served: Serving) -> None:
    names = [one["name"] for one in served.client.get("/api/v1/templates").json()["items"]]
    assert "text_to_scene" in names
    assert served.client.get("/api/v1/templates/text_to_scene").json()["format"] == 1
    assert served.client.get("/api/v1/templates/nothing").status_code == 404


def test_a_template_has_a_small_picture_where_the_list_says_so(served: Serving) -> None:
    listed = {one["name"]: one["has_picture"] for one in served.client.get("/api/v1/templates").json()["items"]}
    assert (listed["text_to_scene"], listed["text_to_scene_models"]) == (True, False)
    for name, has_picture in listed.items():
        reply = served.client.get(f"/api/v1/templates/{name}/picture")
        assert reply.status_code == (200 if has_picture else 404)
        assert not has_picture or reply.content[:4] == b"RIFF"
        assert len(reply.content) < 40_000


def test_a_template_says_that_it_takes_weights(tmp_path: Path) -> None:
    with Service(tmp_path) as service, serving(service) as served:
        items = served.client.get("/api/v1/templates").json()["items"]
    assert [one["name"] for one in items if one["takes_weights"]] == ["text_to_scene_models"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "H002"),
        ("POST", "/api/v1/nothing", 404, "H002"),
        ("GET", "/../../etc/passwd", 404, "H002"),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404, "H002"),
        ("DELETE", "/api/v1/nodes", 405, "H003"),
    ],
)
def test_what_is_not_there_is_a_problem(served: Serving, method: str, path: str, status: int, code: str) -> None:
    reply = served.client.request(method, path)
    assert (reply.status_code, reply.json()["status"]) == (status, status)
    assert reply.json()["faults"][0]["code"] == code


def test_without_the_editor_a_plain_page_says_what_this_is(served: Serving, tmp_path: Path) -> None:
    # Another server than the fixture's: `make editor` may have put files where that one looks.
    with serving(served.service, ServerOptions(port=0, editor=tmp_path)) as plain:
        reply = plain.client.get("/")
    assert reply.headers["content-type"].startswith("text/html")
    assert "/docs" in reply.text


def test_the_page_of_the_editor_is_behind_the_address_of_each_graph(served: Serving, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>the editor</title>")
    with serving(served.service, ServerOptions(port=0, editor=tmp_path)) as there:
        replies = [
            there.client.get(path) for path in ("/", "/g/score", "/g/score?node=song", "/g/../secret", "/h/score")
        ]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 404, 404]
    assert {reply.text for reply in replies[:3]} == {"<title>the editor</title>"}
