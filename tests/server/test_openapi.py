from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from tests.support.served import Serving

from diorama.schema import graph_schema

Tree = dict[str, Any]


@pytest.fixture(scope="module")
def document(real: Serving) -> Tree:
    made: Tree = real.client.get("/api/v1/openapi.json").json()
    return made


def operations(document: Tree) -> Iterator[tuple[str, Tree]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def trees(tree: object) -> Iterator[Tree]:
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def validator(document: Tree, place: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resource("api", DRAFT202012.create_resource(document))
    return Draft202012Validator({"$ref": "api" + place}, registry=registry)


def test_the_document_is_openapi(document: Tree) -> None:
    assert OpenAPI.model_validate(document).openapi.startswith("3.1")


def test_every_operation_says_what_it_is(document: Tree) -> None:
    found = dict(operations(document))
    assert len(found) > 25
    for place, one in found.items():
        assert one["tags"][0] in [tag["name"] for tag in document["tags"]], place
        assert one["summary"], place
        assert one["description"], place
    ids = [one["operationId"] for one in found.values()]
    assert sorted(set(ids)) == sorted(ids)
    assert all(id_.isidentifier() for id_ in ids)


def test_every_operation_names_its_errors(document: Tree) -> None:
    for place, one in operations(document):
        errors = {status: reply for status, reply in one["responses"].items() if status >= "400"}
        assert {"403", "421", "500", "503"} <= errors.keys(), place
        assert ("401" in errors) == ("security" in one), place
        if "application/json" in one.get("requestBody", {}).get("content", {}):
            assert {"400", "413", "415", "422"} <= errors.keys(), place
        for reply in errors.values():
            assert list(reply["content"]) == ["application/problem+json"], place


def test_every_change_needs_a_scope(document: Tree) -> None:
    for place, one in operations(document):
        if not place.startswith("GET"):
            assert one["security"][0]["api_key"] or place.endswith(("/check", "/plan", "/explain")), place


def test_every_reference_leads_somewhere(document: Tree) -> None:
    for one in trees(document):
        if isinstance(one.get("$ref"), str):
            steps = one["$ref"].removeprefix("#/").split("/")
            found: Any = document
            for step in steps:
                found = found[step]


def test_every_example_keeps_to_its_schema(document: Tree) -> None:
    checked = 0
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", ()):
            validator(document, f"#/components/schemas/{name}").validate(example)
            checked += 1
        for field, one in schema.get("properties", {}).items():
            for example in one.get("examples", ()):
                validator(document, f"#/components/schemas/{name}/properties/{field}").validate(example)
                checked += 1
    assert checked > 30


def test_the_schema_of_graphs_is_the_published_one(document: Tree) -> None:
    graph = document["components"]["schemas"]["Graph"]
    assert graph["properties"].keys() == dict(graph_schema()["properties"]).keys()  # type: ignore[arg-type]
    body = document["components"]["schemas"]["RunRequest"]["properties"]["graph"]
    assert body["allOf"] == [{"$ref": "#/components/schemas/Graph"}]


def test_an_example_is_a_request_that_is_accepted(real: Serving, document: Tree) -> None:
    (example,) = document["components"]["schemas"]["RunRequest"]["examples"]
    assert real.client.post("/api/v1/check", json=example).json() == {"faults": []}


def test_a_page_lists_every_operation(real: Serving, document: Tree) -> None:
    page = real.client.get("/docs").text
    for _, one in operations(document):
        assert f'id="{one["operationId"]}"' in page
    assert "<script" not in page
