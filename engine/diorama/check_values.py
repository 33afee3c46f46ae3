"""Faults of single parameter values in a graph that was checked: what a batch of many runs needs to know of each."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from diorama.check import shown
from diorama.checked import Checked
from diorama.faults import Fault, pointer
from diorama.files import Files
from diorama.graph import Graph, Param, Parameter
from diorama.interface import Takes, read_parameter
from diorama.types import base_of


@dataclass(frozen=True, slots=True)
class Use:
    """A port that a parameter goes into."""

    node: str
    takes: Takes
    is_each: bool
    """Whether its node is mapped over it, so that it takes the items of a list."""


class ParameterCheck:
    """Checks values of one parameter, by itself and at every port that it goes into."""

    def __init__(self, graph: Graph, checked: Checked, name: str, files: Files) -> None:
        self.name = name
        self.files = files
        self.parameter: Parameter = graph.parameters[name]
        self.uses = [
            Use(node, interface.inputs[port], port in graph.nodes[node].for_each)
            for node, interface in checked.interfaces.items()
            for port, given in graph.nodes[node].inputs.items()
            if isinstance(given, Param) and given.name == name and port in interface.inputs
        ]

    def read(self, value: JsonValue) -> tuple[JsonValue, list[Fault]]:
        """A value in normal form, and every fault of it."""
        at = pointer("parameters", self.name)
        try:
            read = read_parameter(self.parameter, value)
        except ValueError as error:
            return None, [Fault("G105", at, f"{self.name!r} is {shown(value)}, but {error}")]
        faults: list[Fault] = []
        for use in self.uses:
            items = read if use.is_each and isinstance(read, list) else [read]
            faults.extend(fault for item in items if (fault := self._fault(at, use, item)) is not None)
        return read, list(dict.fromkeys(faults))

    def _fault(self, at: str, use: Use, value: JsonValue) -> Fault | None:
        try:
            use.takes.literal(value)
        except ValueError as error:
            place = f"{self.name!r}, for {use.node}.{use.takes.name},"
            return Fault("G105", at, f"{place} is {shown(value)}, but {error}")
        if base_of(use.takes.type) != "file":
            return None
        names = value if isinstance(value, list) else [value]
        for name in names:
            why = self.files.why_missing(name) if isinstance(name, str) else None
            if why is not None:
                return Fault("G114", at, f"the file {name!r:.200} cannot be read: {why}")
        return None
