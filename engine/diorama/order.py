"""An order in which nodes can run, and the circles that leave some without a place in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from diorama.graph import GraphNode, Wire


def sources_of(nodes: Mapping[str, GraphNode]) -> dict[str, list[str]]:
    """For each node that takes values from others of the graph, which those are, each once."""
    sources: dict[str, list[str]] = {}
    for name, node in nodes.items():
        found = [given.node for given in node.inputs.values() if isinstance(given, Wire) and given.node in nodes]
        if found:
            sources[name] = list(dict.fromkeys(found)) if len(found) > 1 else found
    return sources


def ordered(nodes: Collection[str], sources: Mapping[str, Sequence[str]]) -> list[str]:
    """The nodes, each after its sources; one that waits on a circle is not among them."""
    feeds: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for name, found in sources.items():
        waiting[name] = len(found)
        for source in found:
            fed = feeds.get(source)
            if fed is None:
                feeds[source] = [name]
            else:
                fed.append(name)
    order = [name for name in nodes if name not in waiting]
    for name in order:
        for one in feeds.get(name, ()):
            left = waiting[one] - 1
            if left:
                waiting[one] = left
            else:
                order.append(one)
    return order


def circles(sources: Mapping[str, Sequence[str]], order: Collection[str]) -> Iterator[list[str]]:
    """One circle of each knot: of the nodes that all wait for each other. Each node feeds the one after it."""
    import networkx as nx

    placed = set(order)
    left = [name for name in sources if name not in placed]
    waits: nx.DiGraph[str] = nx.DiGraph()
    waits.add_nodes_from(left)
    waits.add_edges_from((name, source) for name in left for source in sources[name] if source not in placed)
    for knot in nx.strongly_connected_components(waits):
        start = min(knot)
        if len(knot) > 1 or start in sources[start]:
            yield _circle(start, {name: sorted(knot.intersection(sources[name])) for name in knot})


def _circle(start: str, sources: Mapping[str, Sequence[str]]) -> list[str]:
    path: list[str] = []
    place: dict[str, int] = {}
    name = start
    while name not in place:
        place[name] = len(path)
        path.append(name)
        name = sources[name][0]
    return list(reversed(path[place[name] :]))
