"""What checking a graph found, and what planning goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from diorama.faults import Fault
from diorama.interface import Interface


@dataclass(slots=True)
class Checked:
    """What `check` found: the faults, and for a graph without any what planning goes on from."""

    faults: list[Fault] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    """Node ids, sources before what they feed."""
    types: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Type of each output of each node."""
    interfaces: dict[str, Interface] = field(default_factory=dict)
    """Interface of each node id."""
    parameters: dict[str, JsonValue] = field(default_factory=dict)
    """Value of each parameter in normal form."""
    literals: dict[str, dict[str, JsonValue]] = field(default_factory=dict)
    """For each node id the constants of its ports in normal form."""
    size: int = 0
    """Nodes, with those of the saved graphs that are opened."""
