"""Old files kept loading: inputs that were written for an older version of a node, brought to the one found."""

from __future__ import annotations

import dataclasses
from typing import Any

from diorama.catalogue import Catalogue
from diorama.faults import DioramaError, Fault, pointer
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Wire


def upgraded(graph: Graph, catalogue: Catalogue) -> Graph:
    """The graph with every node's inputs as the version found takes them.

    A node's `upgrade` is given the inputs by port (a wire or parameter as the object it is) and the version they
    were written for; it gives the inputs back, renamed or changed. Raises `DioramaError` (G116) with every node
    whose inputs its `upgrade` cannot read.
    """
    changed: dict[str, GraphNode] = {}
    faults: list[Fault] = []
    for name, node in graph.nodes.items():
        entry = catalogue.entries.get(node.type) if node.version is not None else None
        if entry is None or node.version is None or node.version >= entry.node.settings.version:
            continue
        upgrade = entry.node.upgrade_function
        try:
            inputs = node.inputs if upgrade is None else _read(upgrade(_opened(node), node.version))
        except Exception as error:  # it is a pack's function and may raise anything
            message = f"its inputs for version {node.version} cannot be upgraded: {type(error).__name__}: {error}"
            faults.append(Fault("G116", pointer("nodes", name), message))
            continue
        changed[name] = dataclasses.replace(node, inputs=inputs, version=entry.node.settings.version)
    if faults:
        raise DioramaError(faults)
    return dataclasses.replace(graph, nodes={**graph.nodes, **changed}) if changed else graph


def _opened(node: GraphNode) -> dict[str, Any]:
    return {port: given.value if isinstance(given, Constant) else given for port, given in node.inputs.items()}


def _read(inputs: dict[str, Any]) -> dict[str, Input]:
    return {port: one if isinstance(one, Wire | Param) else Constant(one) for port, one in inputs.items()}
