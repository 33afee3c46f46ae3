"""What is behind each door: a saved graph, and which of its results comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import JsonValue

from diorama.catalogue import Catalogue
from diorama.faults import Fault, did_you_mean
from diorama.graph import Graph, GraphNode, Wire
from diorama.run.service import Service
from diorama.run.views import RunView, Submission
from diorama.server.asked import saved_graph
from diorama.server.problems import Refusal

Kind = Literal["scene", "image", "mesh", "full"]


@dataclass(frozen=True, slots=True)
class Door:
    """A graph by its name, and the result that stands for the whole. A graph saved under the name takes its place."""

    graph: str
    result: str


DOORS: Final[Mapping[Kind, Door]] = {
    "scene": Door("text_to_scene", "scene"),
    "image": Door("text_to_image", "image"),
    "mesh": Door("image_to_mesh", "mesh"),
    "full": Door("text_to_image_to_mesh", "mesh"),
}
"""The doors by what comes out. None of these graphs loads weights: their planner and painters are rules."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came to a door."""

    door: Door
    parameters: Mapping[str, JsonValue]
    graph: str | None = None
    """A saved graph to take instead of the door's own."""
    client: str = "local"
    idempotency_key: str | None = None


def submit(service: Service, asked: Asked) -> tuple[RunView, bool]:
    """Queue the run of a door's graph; False where the idempotency key was seen before.

    Raises `Refusal` (H001) for a parameter that the graph has not, or a graph that lacks the door's result.
    """
    graph, saved = saved_graph(service, asked.graph or asked.door.graph)
    faults = [
        Fault("H001", f"/{name}", f"the graph has no parameter {name!r:.100}{did_you_mean(name, graph.parameters)}")
        for name in asked.parameters
        if name not in graph.parameters
    ]
    if asked.door.result not in graph.results:
        faults.append(Fault("H001", "/graph", f"the graph has no result {asked.door.result!r}, which this door gives"))
    if faults:
        raise Refusal(*faults)
    submission = Submission(
        graph=graph,
        values=asked.parameters,
        client=asked.client,
        saved=saved,
        idempotency_key=asked.idempotency_key,
    )
    return service.submit(submission)


def makers(graph: Graph, catalogue: Catalogue) -> dict[str, dict[str, JsonValue]]:
    """For each result the node that made it, and the models that this node loads: none for those that are rules."""
    found: dict[str, dict[str, JsonValue]] = {}
    for result, wire in graph.results.items():
        node = graph.nodes.get(wire.node)
        if node is not None:
            models: list[JsonValue] = [*_models(node, catalogue)]
            found[result] = {"node": node.type, "models": models}
    return found


def _models(node: GraphNode, catalogue: Catalogue) -> list[str]:
    entry = catalogue.entries.get(node.type)
    return [] if entry is None else [model.name for model in entry.node.settings.models]


def upstream(graph: Graph, node: str) -> set[str]:
    """A node and every node that it depends on."""
    found, waiting = {node}, [node]
    while waiting:
        given = graph.nodes.get(waiting.pop())
        for source in given.inputs.values() if given is not None else ():
            if isinstance(source, Wire) and source.node not in found:
                found.add(source.node)
                waiting.append(source.node)
    return found
