"""How the kind of a node type is made: what its keys begin with, and what stands for a saved graph in them."""

from __future__ import annotations

import dataclasses

from diorama.catalogue import Entry
from diorama.graph import Graph
from diorama.interface import Interface
from diorama.keys import code_prefix, digest_of, tagged
from diorama.kind import Identity, Kind
from diorama.library import Library
from diorama.refs import inline


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
    models = entry.node.settings.identities
    return _kind(
        name,
        interface,
        code_prefix("call", entry.id, entry.code, models),
        code_prefix("recipe", entry.id, entry.code, models),
        _is_volatile(entry),
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
    identity = _identity(name, library)
    prefix = code_prefix("loop", name, identity.digest.hex(), ())
    return _kind(name, interface, prefix, prefix + b"recipe", identity.is_volatile)


def _identity(type_: str, library: Library) -> Identity:
    """The identity of a node type; that of a saved graph is made once, however often it is used."""
    found = library.identities.get(type_)
    if found is None:
        graph = library.interfaces[type_].graph
        made = _identity_of_entry(type_, library) if graph is None else _identity_of_graph(graph, library)
        found = library.identities[type_] = made
    return found


def _identity_of_entry(type_: str, library: Library) -> Identity:
    entry = library.catalogue.entries[type_]
    return Identity(
        digest_of(code_prefix("node", entry.id, entry.code, entry.node.settings.identities)), _is_volatile(entry)
    )


def _identity_of_graph(graph: Graph, library: Library) -> Identity:
    inner = [_identity(type_, library) for type_ in sorted({node.type for node in graph.nodes.values()})]
    # What a person calls the graph changes nothing that it makes.
    content = dataclasses.replace(graph, title="", description="").canonical()
    digest = tagged("graph", content, *(one.digest for one in inner))
    return Identity(digest, any(one.is_volatile for one in inner))


def _is_volatile(entry: Entry) -> bool:
    return entry.node.settings.is_volatile
