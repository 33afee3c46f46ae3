"""What all steps of one node type share: its ports in key order, defaults, and what its keys begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diorama.catalogue import Entry
from diorama.graph import Graph
from diorama.interface import Interface
from diorama.keys import Digest, code_prefix, tagged
from diorama.library import Library, saved_name
from diorama.refs import Ref, inline


@dataclass(frozen=True)
class Kind:
    """A node type as steps use it; made once, so that a step costs little."""

    name: str
    interface: Interface
    ports: tuple[str, ...]
    """Input ports in the order of their names."""
    keyed: tuple[tuple[str, bytes], ...]
    """The ports that enter the key, with their names as bytes."""
    lazy: frozenset[str]
    defaults: Mapping[str, Ref]
    call_prefix: bytes
    recipe_prefix: bytes
    is_volatile: bool

    @property
    def entry(self) -> Entry:
        """The declared node; only for kinds that are no saved graph."""
        assert self.interface.entry is not None
        return self.interface.entry


def kind_of(name: str, interface: Interface, library: Library) -> Kind:
    """The kind of a node type, made when it is first asked for."""
    found = library.kinds.get(name)
    if found is None:
        made = _declared_kind(name, interface) if interface.graph is None else _loop_kind(name, interface, library)
        found = library.kinds[name] = made
    return found


def _declared_kind(name: str, interface: Interface) -> Kind:
    entry = interface.entry
    assert entry is not None
    models = [f"{model.repository}@{model.revision}" for model in entry.node.settings.models]
    return _kind(
        name,
        interface,
        code_prefix("call", entry.id, entry.code, models),
        code_prefix("recipe", entry.id, entry.code, models),
        entry.node.settings.is_volatile,
    )


def _kind(name: str, interface: Interface, call_prefix: bytes, recipe_prefix: bytes, is_volatile: bool) -> Kind:
    ports = tuple(sorted(interface.inputs))
    takes = interface.inputs
    return Kind(
        name=name,
        interface=interface,
        ports=ports,
        keyed=tuple((port, port.encode()) for port in ports if not takes[port].is_cosmetic),
        lazy=frozenset(port for port in ports if takes[port].is_lazy),
        defaults={port: inline(takes[port].default) for port in ports if not takes[port].is_required},
        call_prefix=call_prefix,
        recipe_prefix=recipe_prefix,
        is_volatile=is_volatile,
    )


def _loop_kind(name: str, interface: Interface, library: Library) -> Kind:
    """The kind of a saved graph run for each item: its key holds the graph and the code of all that is in it."""
    assert interface.graph is not None
    identity = _identity(interface.graph, library)
    prefix = code_prefix("loop", name, identity.hex(), ())
    return _kind(name, interface, prefix, prefix + b"recipe", _is_volatile(interface.graph, library))


def _identity(graph: Graph, library: Library) -> Digest:
    parts = [graph.canonical()]
    for type_ in sorted({node.type for node in graph.nodes.values()}):
        saved = saved_name(type_)
        if saved is None:
            parts.append(f"{type_}:{library.catalogue.entries[type_].code}".encode())
        else:
            parts.append(_identity(_saved_graph(type_, library), library))
    return tagged("graph", *parts)


def _is_volatile(graph: Graph, library: Library) -> bool:
    for node in graph.nodes.values():
        saved = saved_name(node.type)
        if saved is None:
            if library.catalogue.entries[node.type].node.settings.is_volatile:
                return True
            continue
        if _is_volatile(_saved_graph(node.type, library), library):
            return True
    return False


def _saved_graph(type_: str, library: Library) -> Graph:
    graph = library.interfaces[type_].graph
    assert graph is not None
    return graph
