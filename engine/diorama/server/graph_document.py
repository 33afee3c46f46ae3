"""The graph document as a field of requests: read by the engine, described by its published schema."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from diorama.graph import Graph, parse_graph

GRAPH_SCHEMA: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Graph"}
"""How the OpenAPI document names the graph document."""


def _read(given: object) -> Graph:
    # Raises `DioramaError`, which pydantic lets pass: every fault of the graph is told, each with its code.
    return given if isinstance(given, Graph) else parse_graph(given)


GraphDocument = Annotated[Graph, BeforeValidator(_read), WithJsonSchema(GRAPH_SCHEMA)]
