"""From a checked graph to a flat list of steps: saved graphs opened, bypasses passed through, parameters put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diorama.checked import Checked
from diorama.graph import Constant, Graph, GraphNode, Param, Wire
from diorama.interface import Interface, passthrough
from diorama.kind import Kind
from diorama.kinds import kind_of
from diorama.library import Library, saved_name
from diorama.refs import Inline, Ref, inline, inline_normal

NUMBERS = ("number", "number?")


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a step, by the step's number."""

    step: int
    port: str


Given = Output | Ref
"""Where an input's value comes from: another step, or it is known already."""


@dataclass(slots=True)
class Step:
    """One node to be called, or mapped over lists where `for_each` names ports."""

    id: str
    kind: Kind
    inputs: Mapping[str, Given]
    """Every input that has no default or is given another value."""
    for_each: tuple[str, ...] = ()
    body: Graph | None = None
    """The saved graph that is run for each item; None for a declared node."""

    def given(self, port: str) -> Given:
        """Where the value of a port comes from."""
        found = self.inputs.get(port)
        return found if found is not None else self.kind.defaults[port]

    @property
    def sources(self) -> list[int]:
        """Numbers of the steps that this one takes values from."""
        return [given.step for given in self.inputs.values() if isinstance(given, Output)]


class Expansion:
    """Steps that grow as graphs are opened into them."""

    def __init__(self, library: Library, steps: list[Step]) -> None:
        self.library = library
        self.steps = steps

    def open(
        self, graph: Graph, checked: Checked, bindings: Mapping[str, Given], prefix: str = ""
    ) -> dict[tuple[str, str], Given]:
        """Add a graph's steps; gives where each node's outputs come from. `bindings` are the parameters' values."""
        provided: dict[tuple[str, str], Given] = {}
        for name in checked.order:
            node = graph.nodes[name]
            interface = checked.interfaces[name]
            literals = checked.literals.get(name, {})
            inputs: dict[str, Given] = {}
            for port, given in node.inputs.items():
                found: Given | None
                # The common ones first: a node may have thousands.
                if isinstance(given, Wire):
                    found = provided.get((given.node, given.port))
                elif isinstance(given, Constant):
                    found = inline_normal(literals.get(port))
                else:
                    found = _bound(given, interface.inputs[port].type, bindings)
                if found is not None:
                    inputs[port] = found
            if node.bypass:
                self._bypass(name, interface, inputs, provided)
            elif interface.graph is not None and not node.for_each:
                self._open_saved(name, node, interface, inputs, prefix, provided)
            else:
                self._add(name, node, interface, inputs, prefix, provided)
        return provided

    def _bypass(
        self,
        name: str,
        interface: Interface,
        inputs: Mapping[str, Given],
        provided: dict[tuple[str, str], Given],
    ) -> None:
        for port in interface.outputs:
            through = passthrough(interface, port)
            if through is not None and through in inputs:
                provided[name, port] = inputs[through]

    def _open_saved(
        self,
        name: str,
        node: GraphNode,
        interface: Interface,
        inputs: Mapping[str, Given],
        prefix: str,
        provided: dict[tuple[str, str], Given],
    ) -> None:
        graph = interface.graph
        assert graph is not None
        given = self.open_body(graph, saved_name(node.type) or "", inputs, f"{prefix}{name}/")
        for result, source in given.items():
            provided[name, result] = source

    def open_body(self, graph: Graph, saved: str, inputs: Mapping[str, Given], prefix: str) -> dict[str, Given]:
        """Add a saved graph's steps for the given inputs; gives where its results come from."""
        checked = self.library.checked[saved]
        bindings: dict[str, Given] = {name: inline(value) for name, value in checked.parameters.items()}
        bindings.update(inputs)
        inner = self.open(graph, checked, bindings, prefix)
        return {result: inner[wire.node, wire.port] for result, wire in graph.results.items()}

    def _add(
        self,
        name: str,
        node: GraphNode,
        interface: Interface,
        inputs: Mapping[str, Given],
        prefix: str,
        provided: dict[tuple[str, str], Given],
    ) -> None:
        number = len(self.steps)
        kind = kind_of(node.type, interface, self.library)
        self.steps.append(Step(prefix + name, kind, inputs, node.for_each, interface.graph))
        for port in interface.outputs:
            provided[name, port] = Output(number, port)


def _bound(given: Param, type_: str, bindings: Mapping[str, Given]) -> Given | None:
    """What a parameter is bound to, in the form that it has at a port of this type."""
    found = bindings.get(given.name)
    return _as_number(found) if isinstance(found, Inline) and type_ in NUMBERS else found


def _as_number(given: Inline) -> Inline:
    """A number in the form it has at number ports: a parameter that is an integer shares its key with a fraction."""
    value = given.value
    return inline(float(value)) if isinstance(value, int) and not isinstance(value, bool) else given
