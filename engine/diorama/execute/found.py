"""Nodes as a worker finds them: only the module of the node that is called, so that a worker starts quickly."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol

from diorama.catalogue import Catalogue, Entry, Pack, installed, nodes_of, pack_as_it_is
from diorama.execute.messages import NodeName
from diorama.refs import Ref, blobs_in
from diorama.types import BASES


class NotFound(Exception):
    """Raised where a worker does not find a node that the server knows, or finds another."""


class Nodes(Protocol):
    """Where a worker has its nodes from."""

    def find(self, wanted: NodeName) -> Entry:
        """The node of this name; raises `NotFound`."""

    def learn_types(self, values: Iterable[Ref]) -> None:
        """See to it that the types of these values are known."""


class GivenNodes:
    """The nodes of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        catalogue.read_signatures()

    def find(self, wanted: NodeName) -> Entry:
        """The node of this name; raises `NotFound`."""
        entry = self.catalogue.entries.get(wanted.id)
        if entry is None:
            raise NotFound(f"the worker's catalogue has no node {wanted.id}")
        return entry

    def learn_types(self, values: Iterable[Ref]) -> None:
        """Nothing: all are known."""


class InstalledNodes:
    """The nodes of the packs that are installed, each imported when it is first called."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def find(self, wanted: NodeName) -> Entry:
        """The node of this name; raises `NotFound`."""
        entry = self._entries.get(wanted.id)
        if entry is None:
            entry = self._entries[wanted.id] = _imported(wanted)
        return entry

    def learn_types(self, values: Iterable[Ref]) -> None:
        """Read all signatures where a value is of a type that no node called so far has named."""
        if any(blob.type not in BASES for value in values for blob in blobs_in(value)):
            installed().read_signatures()


def _imported(wanted: NodeName) -> Entry:
    module = importlib.import_module(wanted.module)
    for node in nodes_of(module):
        if node.name == wanted.name:
            break
    else:
        raise NotFound(f"{wanted.module} has no node {wanted.name!r}")
    # Looked at after the import: whatever was read then is not newer than this.
    if wanted.source and (pack_as_it_is(wanted.pack) or Pack("", "")).source != wanted.source:
        raise NotFound(f"the pack {wanted.pack!r} was edited since the server started; start it again")
    return Entry(wanted.id, Pack(wanted.pack, "", wanted.source), node)


def attribute(place: str) -> object:
    """What lies at `module:attribute`."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def nodes_at(place: str) -> Nodes:
    """The nodes of the catalogue at `module:attribute`, or of the installed packs where nothing is named."""
    if not place:
        return InstalledNodes()
    found = attribute(place)
    catalogue = found if isinstance(found, Catalogue) else found() if callable(found) else None
    if not isinstance(catalogue, Catalogue):
        raise NotFound(f"{place} is no catalogue")
    return GivenNodes(catalogue)
