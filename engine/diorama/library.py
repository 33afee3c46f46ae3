"""Where node types are looked up: the catalogue and the saved graphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from diorama.catalogue import Catalogue
from diorama.checked import Checked
from diorama.graph import Graph
from diorama.interface import SAVED, Interface, interface_of
from diorama.kind import Identity, Kind

FindGraph = Callable[[str], Graph | None]


@dataclass(slots=True)
class Library:
    """The catalogue and the saved graphs that a graph may name, with what was found out about each."""

    catalogue: Catalogue
    find_graph: FindGraph = lambda name: None
    interfaces: dict[str, Interface] = field(default_factory=dict)
    """Interfaces of the node types that were asked for, saved graphs among them."""
    checked: dict[str, Checked] = field(default_factory=dict)
    """What checking a saved graph found, by its name."""
    kinds: dict[str, Kind] = field(default_factory=dict)
    identities: dict[str, Identity] = field(default_factory=dict)
    """What stands for a saved graph in keys, by its node type."""
    needs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stood in keys for the weights and settings of a node when it was last looked at, by the node's id."""

    def declared(self, type_: str) -> Interface | None:
        """The interface of a declared node, or None where there is none of this type."""
        found = self.interfaces.get(type_)
        entry = self.catalogue.entries.get(type_) if found is None else None
        if entry is not None and not entry.why_unreadable:
            found = self.interfaces[type_] = interface_of(entry)
        return found


def saved_name(type_: str) -> str | None:
    """The name of the saved graph that a node type stands for, or None."""
    return type_.removeprefix(SAVED) if type_.startswith(SAVED) else None
