"""Random seeds, drawn when a run is submitted, so that every run can be repeated."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping

from pydantic import JsonValue

from diorama.catalogue import Catalogue
from diorama.graph import Constant, Graph
from diorama.types import SEED_LIMIT

RANDOM = "random"
"""What a seed is given as to be drawn anew for each run."""


Drawn = Mapping[str, Mapping[str, int]]
"""Seeds that were drawn, by node and port."""


def draw_seed() -> int:
    """A seed that nobody chose; small enough to read out."""
    return secrets.randbelow(min(2**32, SEED_LIMIT))


def settle_seeds(
    graph: Graph,
    values: Mapping[str, JsonValue] | None,
    catalogue: Catalogue,
    draw: Callable[[], int] = draw_seed,
) -> tuple[Graph, Mapping[str, JsonValue] | None]:
    """The graph and the parameters' values with every seed that is `"random"` drawn."""
    chosen = dict(values) if values is not None else None
    parameters = dict(graph.parameters)
    for name, parameter in graph.parameters.items():
        if parameter.type != "seed":
            continue
        if chosen is not None:
            if chosen.get(name, parameter.default) == RANDOM:
                chosen[name] = draw()
        elif parameter.default == RANDOM:
            parameters[name] = dataclasses.replace(parameter, default=draw())
    settled = with_drawn(graph, drawn_seeds(graph, catalogue, draw))
    is_same = parameters == graph.parameters
    return settled if is_same else dataclasses.replace(settled, parameters=parameters), chosen


def drawn_seeds(graph: Graph, catalogue: Catalogue, draw: Callable[[], int] = draw_seed) -> Drawn:
    """A seed for each constant of the graph that is to be drawn, by node and port."""
    drawn: dict[str, dict[str, int]] = {}
    for name, node in graph.nodes.items():
        for port, given in node.inputs.items():
            if isinstance(given, Constant) and given.value == RANDOM and _is_seed(catalogue, node.type, port):
                drawn.setdefault(name, {})[port] = draw()
    return drawn


def with_drawn(graph: Graph, drawn: Drawn) -> Graph:
    """The graph with the seeds that were drawn for it."""
    if not drawn:
        return graph
    nodes = dict(graph.nodes)
    for name, seeds in drawn.items():
        settled = {port: Constant(seed) for port, seed in seeds.items()}
        nodes[name] = dataclasses.replace(nodes[name], inputs={**nodes[name].inputs, **settled})
    return dataclasses.replace(graph, nodes=nodes)


def _is_seed(catalogue: Catalogue, type_: str, port: str) -> bool:
    entry = catalogue.entries.get(type_)
    return entry is not None and port in entry.node.inputs and entry.node.inputs[port].type == "seed"
