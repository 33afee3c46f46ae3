"""The OpenAPI document: what FastAPI finds, with bodies, errors and the graph's schema filled in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from diorama.schema import graph_schema
from diorama.server.bodies import JsonBody
from diorama.server.problems import Problem, raises
from diorama.server.reference import reference_page
from diorama.server.replies import JSON, Document
from diorama.server.security.decisions import PUBLIC
from diorama.server.security.headers import PAGE_POLICY

PATH: Final = "/api/v1/openapi.json"
REFERENCE: Final = "#/components/schemas/{model}"
ALWAYS: Final = (403, 421, 500, 503)
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
    "doors": "One call, one file: words or a picture in, a picture, a mesh or a scene out.",
    "server": "Devices, models, cache, settings.",
    "probes": "Whether the server is alive, and ready.",
}


def describe(app: FastAPI) -> None:
    """Serve the OpenAPI document of an app that has all its routes, and /docs; they are made when first asked for."""

    @cache
    def made() -> tuple[Document, Document]:
        document = openapi_of(app)
        return Document(document), Document(reference_page(document).encode(), "text/html; charset=utf-8")

    async def get_openapi_document(request: Request) -> Response:
        return made()[0].reply(request)

    async def get_reference(request: Request) -> Response:
        reply = made()[1].reply(request)
        reply.headers["Content-Security-Policy"] = PAGE_POLICY
        return reply

    app.add_api_route(PATH, get_openapi_document, dependencies=[PUBLIC], include_in_schema=False)
    app.add_api_route("/docs", get_reference, dependencies=[PUBLIC], include_in_schema=False)


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document of an app."""
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, tags=tags)
    bodies = dict(_bodies(app))
    schemas: dict[str, Any] = document["components"]["schemas"]
    schemas.update(_schemas_of([Problem, *dict.fromkeys(bodies.values())]))
    schemas["Graph"] = _graph_component()
    for path in document["paths"].values():
        for operation in path.values():
            _complete(operation, bodies.get(operation["operationId"]))
    for left_over in ("HTTPValidationError", "ValidationError"):
        schemas.pop(left_over, None)
    return _by_title(document)


def _bodies(app: FastAPI) -> Iterator[tuple[str, type[BaseModel]]]:
    """The model of each operation's body."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for one in dependant.dependencies if isinstance(dependant, Dependant) else ():
            if isinstance(one.call, JsonBody):
                yield route.operation_id, one.call.model


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


def _complete(operation: dict[str, Any], body: type[BaseModel] | None) -> None:
    """Let an operation name its body and every error that it may answer with."""
    responses = operation["responses"]
    errors = {*ALWAYS, *(WITH_BODY if body is not None else ()), *({401} if "security" in operation else ())}
    errors |= {422} & {int(status) for status in responses}
    responses |= {str(status): described for status, described in raises(*errors).items()}
    operation["responses"] = dict(sorted(responses.items()))
    if "security" in operation:
        # Over loopback nobody needs a key, unless the setting says so.
        operation["security"].append({})
    if body is not None:
        schema = {"$ref": REFERENCE.format(model=body.__name__)}
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}


def _by_title(document: dict[str, Any]) -> dict[str, Any]:
    """The document with each schema under its title: generated clients have the domain's names then."""
    schemas = document["components"]["schemas"]
    titles = {name: one.get("title", name) for name, one in schemas.items()}
    titles = {name: title for name, title in titles.items() if title.isidentifier()} | {"Graph": "Graph"}
    document["components"]["schemas"] = {titles.get(name, name): one for name, one in sorted(schemas.items())}
    text = orjson.dumps(document)
    for name, title in titles.items():
        text = text.replace(f'#/components/schemas/{name}"'.encode(), f'#/components/schemas/{title}"'.encode())
    renamed: dict[str, Any] = orjson.loads(text)
    return renamed
