"""The OpenAPI document: what FastAPI finds, with bodies, errors and the graph's schema filled in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from diorama.schema import graph_schema
from diorama.server.bodies import JsonBody
from diorama.server.problems import Problem, raises
from diorama.server.replies import JSON, Document
from diorama.server.security.decisions import PUBLIC

PATH: Final = "/api/v1/openapi.json"
REFERENCE: Final = "#/components/schemas/{model}"
ALWAYS: Final = (500, 503)
"""Statuses that any route may answer with."""
WITH_BODY: Final = (400, 413, 415, 422)
TAGS: Final = {
    "runs": "Submit graphs, follow their runs, fetch what they made.",
    "batches": "Many runs of one graph, over lists of parameter values.",
    "queue": "What waits, and how it goes.",
    "graphs": "Saved graphs with their versions; templates; check, plan, explain.",
    "nodes": "The catalogue: nodes, types, the schema of documents.",
    "artefacts": "What runs made and what was uploaded, by digest.",
    "projects": "Folders for runs, graphs and artefacts.",
    "events": "What happens, as it happens.",
    "server": "Devices, models, cache, settings.",
    "probes": "Whether the server is alive, and ready.",
}


def describe(app: FastAPI) -> None:
    """Serve the OpenAPI document of an app that has all its routes; it is made when first asked for."""
    made: list[Document] = []

    async def get_openapi_document(request: Request) -> Response:
        if not made:
            made.append(Document(openapi_of(app)))
        return made[0].reply(request)

    app.add_api_route(PATH, get_openapi_document, dependencies=[PUBLIC], include_in_schema=False)


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document of an app."""
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, tags=tags)
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    bodies = {route.operation_id: model for route in _routes(app) for model in _bodies(route.dependant)}
    schemas.update(_schemas_of([Problem, *dict.fromkeys(bodies.values())]))
    schemas["Graph"] = _graph_component()
    for operation in _operations(document):
        _complete(operation, bodies.get(operation["operationId"]))
    for left_over in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_over, None)
    return document


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    return (route for route in app.routes if isinstance(route, APIRoute))


def _bodies(dependant: Dependant) -> Iterator[type[BaseModel]]:
    for one in dependant.dependencies:
        if isinstance(one.call, JsonBody):
            yield one.call.model


def _schemas_of(models: list[type[BaseModel]]) -> dict[str, Any]:
    _, definitions = models_json_schema([(model, "validation") for model in models], ref_template=REFERENCE)
    found: dict[str, Any] = definitions.get("$defs", {})
    return found


def _graph_component() -> dict[str, Any]:
    """The graph's schema with its inner references as they are from within the document."""
    text = orjson.dumps(graph_schema()).replace(b'"#/$defs/', b'"#/components/schemas/Graph/$defs/')
    component: dict[str, Any] = orjson.loads(text)
    del component["$schema"]
    return component


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _complete(operation: dict[str, Any], body: type[BaseModel] | None) -> None:
    responses = operation["responses"]
    errors = [*ALWAYS, *(WITH_BODY if body is not None else ())]
    if "422" in responses:
        errors.append(422)
    for status, described in raises(*errors).items():
        responses[str(status)] = described
    if body is not None:
        schema = {"$ref": REFERENCE.format(model=body.model_json_schema()["title"])}
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
