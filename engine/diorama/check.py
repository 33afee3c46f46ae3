"""Every fault of a graph, found before anything runs, in time linear in its nodes and wires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from diorama.faults import Fault, did_you_mean, pointer
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Wire, _Missing
from diorama.interface import SAVED, Interface, Takes, interface_of_graph, passthrough, read_parameter
from diorama.library import Library, saved_name
from diorama.limits import limits
from diorama.types import base_of, fits, item_of, list_of

TEXTS = frozenset({"choice", "color", "file"})
"""Types that a parameter of type `text` may go into: its value is checked there before the run."""


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


def check(
    graph: Graph,
    library: Library,
    values: Mapping[str, JsonValue] | None = None,
    targets: Sequence[Wire] = (),
) -> Checked:
    """Check a graph whole.

    `values` are the parameters' values of a run, None to check the graph by itself (a parameter without a default
    is then no fault); `targets` are outputs asked for beside or instead of the graph's results.
    """
    return _Check(graph, library, values, targets, ()).run()


class _Check:
    def __init__(
        self,
        graph: Graph,
        library: Library,
        values: Mapping[str, JsonValue] | None,
        targets: Sequence[Wire],
        inside: tuple[str, ...],
    ) -> None:
        self.graph = graph
        self.library = library
        self.values = values
        self.targets = targets
        self.inside = inside
        self.found = Checked()

    def run(self) -> Checked:
        self._read_parameters()
        for name, node in self.graph.nodes.items():
            interface = self._interface(name, node)
            if interface is not None:
                self.found.interfaces[name] = interface
        self._order()
        for name in self.found.order:
            self._node(name, self.graph.nodes[name])
        self._results()
        return self.found

    def _fault(self, code: str, at: str, message: str) -> None:
        self.found.faults.append(Fault(code, at, message))

    def _read_parameters(self) -> None:
        given = self.values or {}
        for name in given:
            if name not in self.graph.parameters:
                hint = did_you_mean(name, self.graph.parameters)
                self._fault("G108", pointer("parameters", name), f"the graph has no parameter {name!r}{hint}")
        for name, parameter in self.graph.parameters.items():
            at = pointer("parameters", name)
            value = given.get(name, parameter.default)
            if isinstance(value, _Missing):
                if self.values is not None:
                    self._fault("G113", at, f"{name!r} has no default and was given no value")
                continue
            try:
                self.found.parameters[name] = read_parameter(parameter, value)
            except ValueError as error:
                self._fault("G105", at, f"{name!r} is {_shown(value)}, but {error}")

    def _interface(self, name: str, node: GraphNode) -> Interface | None:
        saved = saved_name(node.type)
        if saved is not None:
            return self._saved_interface(pointer("nodes", name, "type"), saved)
        interface = self.library.declared(node.type)
        if interface is None:
            hint = did_you_mean(node.type, self.library.catalogue.entries)
            hint += "".join(f"; {why}" for why in self.library.catalogue.broken)
            self._fault("G101", pointer("nodes", name, "type"), f"no node {node.type[:100]!r} was found{hint}")
            return None
        assert interface.entry is not None
        version = interface.entry.node.settings.version
        if node.version is not None and node.version > version:
            message = f"written for version {node.version} of {node.type}, but version {version} was found"
            self._fault("G116", pointer("nodes", name, "version"), message)
        return interface

    def _saved_interface(self, at: str, name: str) -> Interface | None:
        if name in self.inside:
            path = " > ".join([*self.inside[self.inside.index(name) :], name])
            self._fault("G111", at, f"saved graphs contain each other: {path}")
            return None
        if len(self.inside) >= limits().max_depth:
            self._fault("G005", at, f"saved graphs are nested deeper than {limits().max_depth} levels")
            return None
        type_ = SAVED + name
        if type_ not in self.library.interfaces:
            graph = self.library.find_graph(name)
            if graph is None:
                self._fault("G101", at, f"no saved graph {name[:100]!r} was found")
                return None
            inner = _Check(graph, self.library, None, (), (*self.inside, name)).run()
            if inner.faults:
                first = inner.faults[0]
                code = "G111" if first.code == "G111" else "G101"
                self._fault(code, at, f"the saved graph {name!r} has {len(inner.faults)} faults, the first {first}")
                return None
            outputs = {result: inner.types[wire.node][wire.port] for result, wire in graph.results.items()}
            self.library.interfaces[type_] = interface_of_graph(graph, outputs)
            self.library.checked[name] = inner
        return self.library.interfaces[type_]

    def _order(self) -> None:
        """Sort the nodes so that sources come first; a node on a circle stays out and the circle is told."""
        nodes = self.graph.nodes
        sources: dict[str, set[str]] = {}
        feeds: dict[str, list[str]] = {name: [] for name in nodes}
        wires = 0
        for name, node in nodes.items():
            found = {given.node for given in node.inputs.values() if isinstance(given, Wire) and given.node in nodes}
            wires += len(node.inputs)
            sources[name] = found
            for source in found:
                feeds[source].append(name)
        if wires > limits().max_wires:
            self._fault("G004", "/nodes", f"{wires:,} inputs are given, but at most {limits().max_wires:,} are taken")
            return
        waiting = {name: len(found) for name, found in sources.items()}
        order = [name for name, count in waiting.items() if count == 0]
        for name in order:
            for fed in feeds[name]:
                waiting[fed] -= 1
                if waiting[fed] == 0:
                    order.append(fed)
        self.found.order = order
        if len(order) < len(nodes):
            self._circle(sources, set(order))

    def _circle(self, sources: Mapping[str, set[str]], sorted_out: set[str]) -> None:
        start = next(name for name in sources if name not in sorted_out)
        path: list[str] = []
        place: dict[str, int] = {}
        name = start
        while name not in place:
            place[name] = len(path)
            path.append(name)
            name = next(source for source in sorted(sources[name]) if source not in sorted_out)
        circle = list(reversed(path[place[name] :]))
        shown = circle if len(circle) <= 12 else [*circle[:6], f"({len(circle) - 11} more)", *circle[-5:]]
        message = f"nodes wait for each other in a circle: {' > '.join([*shown, circle[0]])}"
        self._fault("G107", pointer("nodes", circle[0]), message)

    def _node(self, name: str, node: GraphNode) -> None:
        interface = self.found.interfaces.get(name)
        if interface is None:
            return
        for port in node.inputs:
            if port not in interface.inputs:
                hint = did_you_mean(port, interface.inputs)
                self._fault("G102", pointer("nodes", name, "inputs", port), f"{node.type} has no input {port!r}{hint}")
        self._for_each(name, node, interface)
        bound: dict[str, str] = {}
        for takes in interface.inputs.values():
            given = node.inputs.get(takes.name)
            if given is not None:
                self._input(name, node, takes, given, bound)
            elif takes.is_required and not node.bypass:
                message = f"{takes.name!r} of {name!r} takes {takes.type} and has neither a value nor a wire"
                self._fault("G103", pointer("nodes", name, "inputs", takes.name), message)
        self.found.types[name] = self._outputs(name, node, interface, bound)

    def _for_each(self, name: str, node: GraphNode, interface: Interface) -> None:
        for number, port in enumerate(node.for_each):
            if port not in interface.inputs:
                at = pointer("nodes", name, "for_each", number)
                hint = did_you_mean(port, interface.inputs)
                self._fault("G109", at, f"{node.type} has no input {port!r}{hint}")

    def _outputs(self, name: str, node: GraphNode, interface: Interface, bound: Mapping[str, str]) -> Mapping[str, str]:
        if node.bypass:
            return {port: self._passed(name, node, interface, port) for port in interface.outputs}
        if not interface.is_generic and not node.for_each:
            return interface.outputs
        types = interface.outputs
        if interface.is_generic:
            types = {port: _bind(type_, bound) for port, type_ in types.items()}
        if node.for_each:
            types = {port: list_of(type_) for port, type_ in types.items()}
        return types

    def _passed(self, name: str, node: GraphNode, interface: Interface, port: str) -> str:
        """The type that a bypassed node's output has: that of what it passes through."""
        through = passthrough(interface, port)
        given = node.inputs.get(through) if through is not None else None
        if through is None or given is None:
            return ""
        return self._given_type(given) or interface.inputs[through].type

    def _given_type(self, given: Input) -> str:
        if isinstance(given, Wire):
            return self.found.types.get(given.node, {}).get(given.port, "")
        if isinstance(given, Param) and given.name in self.graph.parameters:
            return self.graph.parameters[given.name].type
        return ""

    def _input(self, name: str, node: GraphNode, takes: Takes, given: Input, bound: dict[str, str]) -> None:
        wanted = list_of(takes.type) if takes.name in node.for_each else takes.type
        match given:
            case Wire():
                self._wire(name, takes, given, wanted, bound)
            case Param():
                self._param(name, takes, given, wanted)
            case Constant(value):
                self._constant(name, node, takes, value)

    def _wire(self, name: str, takes: Takes, given: Wire, wanted: str, bound: dict[str, str]) -> None:
        gives = self._source_type(("nodes", name, "inputs", takes.name, "wire"), given)
        if not gives:
            return
        if base_of(wanted).startswith("$"):
            wanted = _bind(wanted, bound) if base_of(wanted) in bound else _learn(wanted, gives, bound)
        if fits(gives, wanted):
            return
        hint = ""
        item = item_of(gives)
        if item is not None and fits(item, wanted):
            hint = f'; "for_each": ["{takes.name}"] would run {name} once for each'
        message = f"{given} gives {gives}, but {name}.{takes.name} takes {wanted}{hint}"
        code = "G109" if takes.name in self.graph.nodes[name].for_each else "G104"
        self._fault(code, pointer("nodes", name, "inputs", takes.name), message)

    def _source_type(self, at: Sequence[str], wire: Wire) -> str:
        """The type of a wire's source, or nothing where there is none (told here) or it has a fault of its own."""
        if wire.node not in self.graph.nodes:
            hint = did_you_mean(wire.node, self.graph.nodes) if len(self.graph.nodes) <= 2000 else ""
            self._fault("G106", pointer(*at), f"there is no node {wire.node[:100]!r}{hint}")
            return ""
        interface = self.found.interfaces.get(wire.node)
        if interface is None:
            return ""
        if wire.port not in interface.outputs:
            hint = did_you_mean(wire.port, interface.outputs)
            source = self.graph.nodes[wire.node].type
            self._fault("G106", pointer(*at), f"{source} has no output {wire.port[:100]!r}{hint}")
            return ""
        node = self.graph.nodes[wire.node]
        gives = self.found.types.get(wire.node, {}).get(wire.port, "")
        if node.bypass and not gives:
            self._fault(
                "G110", pointer(*at), f"{wire.node!r} is bypassed, and none of its inputs can stand for {wire.port!r}"
            )
        return gives

    def _param(self, name: str, takes: Takes, given: Param, wanted: str) -> None:
        at = pointer("nodes", name, "inputs", takes.name)
        parameter = self.graph.parameters.get(given.name)
        if parameter is None:
            hint = did_you_mean(given.name, self.graph.parameters)
            self._fault("G108", at + "/param", f"the graph has no parameter {given.name!r}{hint}")
            return
        if parameter.type == "text" and base_of(wanted) in TEXTS:
            fit = True
        else:
            fit = fits(parameter.type, wanted) or base_of(wanted).startswith("$")
        if not fit:
            message = f"the parameter {given.name!r} is {parameter.type}, but {name}.{takes.name} takes {wanted}"
            self._fault("G104", at, message)
        elif given.name in self.found.parameters and takes.name not in self.graph.nodes[name].for_each:
            value = self.found.parameters[given.name]
            if not (value is None and parameter.type.endswith("?")):
                self._literal(
                    pointer("parameters", given.name), f"{given.name!r}, for {name}.{takes.name},", takes, value
                )

    def _constant(self, name: str, node: GraphNode, takes: Takes, value: JsonValue) -> None:
        literals = self.found.literals.setdefault(name, {})
        if takes.name not in node.for_each:
            try:
                literals[takes.name] = takes.literal(value)
            except ValueError as error:
                at = pointer("nodes", name, "inputs", takes.name)
                self._fault("G105", at, f"{name}.{takes.name} is {_shown(value)}, but {error}")
            return
        at = pointer("nodes", name, "inputs", takes.name)
        if not isinstance(value, list):
            self._fault("G109", at, f"{name}.{takes.name} is {_shown(value)}, but for_each takes a list there")
            return
        literals[takes.name] = [
            self._literal(at + pointer(number), f"item {number} of {name}.{takes.name}", takes, item)
            for number, item in enumerate(value)
        ]

    def _literal(self, at: str, what: str, takes: Takes, value: JsonValue) -> JsonValue:
        try:
            return takes.literal(value)
        except ValueError as error:
            self._fault("G105", at, f"{what} is {_shown(value)}, but {error}")
            return None

    def _results(self) -> None:
        for result, wire in self.graph.results.items():
            self._source_type(("results", result), wire)
        for wire in self.targets:
            self._source_type(("targets", str(wire)), wire)


def _bind(type_: str, bound: Mapping[str, str]) -> str:
    """A generic type with what its variable stands for put in."""
    variable = base_of(type_)
    return type_.replace(variable, bound.get(variable, "any"))


def _learn(wanted: str, gives: str, bound: dict[str, str]) -> str:
    """Bind the variable of `wanted` so that `gives` fits, and give the type that `wanted` then is."""
    variable, inner, outer = base_of(wanted), gives, wanted
    while outer != variable and (outer.endswith("?") or outer.startswith("list[")):
        if outer.endswith("?"):
            outer, inner = outer[:-1], inner.removesuffix("?")
        else:
            outer, inner = outer[5:-1], item_of(inner) or inner
    bound[variable] = inner
    return _bind(wanted, bound)


def _shown(value: JsonValue) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
