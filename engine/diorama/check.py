"""Every fault of a graph, found before anything runs, in time linear in its nodes and wires."""

from __future__ import annotations

import reprlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pydantic import JsonValue

from diorama.checked import Checked
from diorama.faults import MOST_FOUND, MOST_HINTS, DioramaError, Fault, did_you_mean, note, pointer
from diorama.generic import bind, bound_to
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Wire, _Missing
from diorama.interface import SAVED, Interface, Takes, interface_of_graph, passthrough, read_parameter
from diorama.library import Library, saved_name
from diorama.limits import limits
from diorama.order import circles, ordered, sources_of
from diorama.types import BASES, base_of, fits, item_of, list_of
from diorama.upgrade import upgraded

TEXTS = frozenset({"choice", "color", "file"})
"""Types that a parameter of type `text` may go into: its value is checked there before the run."""
NOTHING: Mapping[str, str] = {}


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
    checked = _Check(graph, library, values, targets, (), {}).run()
    if not graph.results and not targets:
        checked.faults.append(Fault("G112", "/results", "the graph has no results, and no target was given"))
    return checked


class _Check:
    def __init__(
        self,
        graph: Graph,
        library: Library,
        values: Mapping[str, JsonValue] | None,
        targets: Sequence[Wire],
        inside: tuple[str, ...],
        faulty: dict[str, tuple[str, str]],
    ) -> None:
        self.graph = graph
        self.library = library
        self.values = values
        self.targets = targets
        self.inside = inside
        self.faulty = faulty
        """Code and sentence for each saved graph that was found to have faults: it is looked into once."""
        self.found = Checked()
        self._plain: dict[str, Interface] = {}
        """Interfaces of the types that some node was found to have."""

    def run(self) -> Checked:
        self._read_parameters()
        for name, node in self.graph.nodes.items():
            # A large graph has few types of nodes.
            interface = self._plain.get(node.type) if node.version is None else None
            if interface is None:
                interface = self._interface(name, node)
            if interface is not None:
                self.found.interfaces[name] = self._plain[node.type] = interface
        self._sort()
        for name in dict.fromkeys([*self.found.order, *self.graph.nodes]):
            self._node(name, self.graph.nodes[name])
        self._results()
        self._count()
        return self.found

    def _count(self) -> None:
        """Count the steps that the graph will be opened into, before any of them is made."""
        types = Counter(node.type for node in self.graph.nodes.values() if not node.for_each)
        saved = {name: count for type_, count in types.items() if (name := saved_name(type_)) is not None}
        known = self.library.checked
        opened = sum(known[name].size * count for name, count in saved.items() if name in known)
        self.found.size = len(self.graph.nodes) + opened
        if self.found.size > limits().max_steps:
            message = f"the graph is opened into {self.found.size:,} nodes, but at most {limits().max_steps:,} are run"
            self._fault("G004", "/nodes", message)

    def _fault(self, code: str, at: str, message: str) -> None:
        note(self.found.faults, Fault(code, at, message))

    def _read_parameters(self) -> None:
        given = self.values or {}
        for name in given:
            if name not in self.graph.parameters:
                hint = self._hint(name, self.graph.parameters)
                self._fault("G108", pointer("parameters", name), f"the graph has no parameter {name!r:.100}{hint}")
        for name, parameter in self.graph.parameters.items():
            at = pointer("parameters", name)
            if not self._is_known(parameter.type):
                hint = self._hint(base_of(parameter.type), BASES)
                self._fault("G104", at + "/type", f"no port type {parameter.type!r:.100} was found{hint}")
                continue
            value = given.get(name, parameter.default)
            if isinstance(value, _Missing):
                if self.values is not None:
                    self._fault("G113", at, f"{name!r} has no default and was given no value")
                continue
            try:
                self.found.parameters[name] = read_parameter(parameter, value)
            except ValueError as error:
                self._fault("G105", at, f"{name!r} is {shown(value)}, but {error}")

    def _is_known(self, type_: str) -> bool:
        if base_of(type_) not in BASES:
            self.library.catalogue.read_signatures()
        return base_of(type_) in BASES

    def _hint(self, given: str, known: Collection[str]) -> str:
        return did_you_mean(given, known) if len(self.found.faults) < MOST_HINTS else ""

    def _interface(self, name: str, node: GraphNode) -> Interface | None:
        saved = saved_name(node.type)
        if saved is not None:
            return self._saved_interface(pointer("nodes", name, "type"), saved)
        interface = self.library.declared(node.type)
        if interface is None:
            self._fault("G101", pointer("nodes", name, "type"), self._why_unknown(node.type))
            return None
        assert interface.entry is not None
        version = interface.entry.node.settings.version
        if node.version is not None and node.version > version:
            message = f"written for version {node.version} of {node.type}, but version {version} was found"
            self._fault("G116", pointer("nodes", name, "version"), message)
        return interface

    def _why_unknown(self, type_: str) -> str:
        catalogue = self.library.catalogue
        entry = catalogue.entries.get(type_)
        if entry is not None:
            return entry.why_unreadable
        if len(self.found.faults) >= MOST_HINTS:
            return f"no node {type_[:100]!r} was found"
        hint = did_you_mean(type_, catalogue.entries)
        return f"no node {type_[:100]!r} was found{hint}" + "".join(f"; {why}" for why in catalogue.broken)

    def _saved_interface(self, at: str, name: str) -> Interface | None:
        if name in self.inside:
            path = " > ".join([*self.inside[self.inside.index(name) :], name])
            self._fault("G111", at, f"saved graphs contain each other: {path}")
            return None
        if len(self.inside) >= limits().max_depth:
            self._fault("G005", at, f"saved graphs are nested deeper than {limits().max_depth} levels")
            return None
        type_ = SAVED + name
        if type_ not in self.library.interfaces and name not in self.faulty:
            self._look_into(name)
        if name in self.faulty:
            self._fault(self.faulty[name][0], at, self.faulty[name][1])
            return None
        return self.library.interfaces[type_]

    def _look_into(self, name: str) -> None:
        """Check a saved graph: its interface goes into the library, or what is wrong with it into `faulty`."""
        try:
            found = self.library.find_graph(name)
            graph = upgraded(found, self.library.catalogue) if found is not None else None
        except DioramaError as error:
            self.faulty[name] = ("G101", _why_faulty(name, error.faults))
            return
        if graph is None:
            self.faulty[name] = ("G101", f"no saved graph {name[:100]!r} was found")
            return
        inner = _Check(graph, self.library, None, (), (*self.inside, name), self.faulty).run()
        if inner.faults:
            code = "G111" if any(fault.code == "G111" for fault in inner.faults) else "G101"
            self.faulty[name] = (code, _why_faulty(name, inner.faults))
            return
        outputs = {result: inner.types[wire.node][wire.port] for result, wire in graph.results.items()}
        self.library.interfaces[SAVED + name] = interface_of_graph(graph, outputs)
        self.library.checked[name] = inner

    def _sort(self) -> None:
        """Sort the nodes so that sources come first; a node on a circle stays out and the circle is told."""
        nodes = self.graph.nodes
        wires = sum(len(node.inputs) for node in nodes.values())
        if wires > limits().max_wires:
            self._fault("G004", "/nodes", f"{wires:,} inputs are given, but at most {limits().max_wires:,} are taken")
            return
        sources = sources_of(nodes)
        self.found.order = order = ordered(nodes, sources)
        for circle in circles(sources, order) if len(order) < len(nodes) else ():
            shown_names = circle if len(circle) <= 12 else [*circle[:6], f"({len(circle) - 11} more)", *circle[-5:]]
            message = f"nodes wait for each other in a circle: {' > '.join([*shown_names, circle[0]])}"
            self._fault("G107", pointer("nodes", circle[0]), message)

    def _node(self, name: str, node: GraphNode) -> None:
        interface = self.found.interfaces.get(name)
        if interface is None:
            return
        if not node.inputs.keys() <= interface.inputs.keys():
            self._unknown_inputs(name, node, interface)
        if node.for_each:
            self._for_each(name, node, interface)
        bound: dict[str, str] = {}
        known, is_single = self.found.types, not node.for_each
        for takes in interface.inputs.values():
            given = node.inputs.get(takes.name)
            if isinstance(given, Wire) and known.get(given.node, NOTHING).get(given.port) == takes.type and is_single:
                # Most inputs of a large graph: it is given just what it takes.
                continue
            if given is not None:
                self._input(name, node, takes, given, bound)
            elif takes.is_required and not node.bypass:
                message = f"{takes.name!r} of {name!r} takes {takes.type} and has neither a value nor a wire"
                self._fault("G103", pointer("nodes", name, "inputs", takes.name), message)
        self.found.types[name] = self._outputs(name, node, interface, bound)

    def _unknown_inputs(self, name: str, node: GraphNode, interface: Interface) -> None:
        for port in node.inputs:
            if len(self.found.faults) > MOST_FOUND:
                return
            if port not in interface.inputs:
                hint = self._hint(port, interface.inputs)
                at = pointer("nodes", name, "inputs", port)
                self._fault("G102", at, f"{node.type} has no input {port!r:.100}{hint}")

    def _for_each(self, name: str, node: GraphNode, interface: Interface) -> None:
        for number, port in enumerate(node.for_each):
            at = pointer("nodes", name, "for_each", number)
            if port not in interface.inputs:
                hint = self._hint(port, interface.inputs)
                self._fault("G109", at, f"{node.type} has no input {port!r:.100}{hint}")
            elif port not in node.inputs and not interface.inputs[port].is_required:
                self._fault("G109", at, f"{name}.{port} is given nothing, but for_each takes a list there")

    def _outputs(self, name: str, node: GraphNode, interface: Interface, bound: Mapping[str, str]) -> Mapping[str, str]:
        if node.bypass:
            return {port: self._passed(name, node, interface, port) for port in interface.outputs}
        if not interface.is_generic and not node.for_each:
            return interface.outputs
        types = interface.outputs
        if interface.is_generic:
            types = {port: bind(type_, bound) for port, type_ in types.items()}
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
        # The common ones first: a node may have thousands.
        if isinstance(given, Wire):
            self._wire(name, takes, given, _wanted(node, takes), bound)
        elif isinstance(given, Constant):
            self._constant(name, node, takes, given.value)
        else:
            self._param(name, takes, given, _wanted(node, takes), bound)

    def _wire(self, name: str, takes: Takes, given: Wire, wanted: str, bound: dict[str, str]) -> None:
        known = self.found.types.get(given.node)
        gives = known.get(given.port) if known is not None else None
        if not gives:
            gives = self._source_type(("nodes", name, "inputs", takes.name, "wire"), given)
        if not gives or gives == wanted:
            return
        wanted = bound_to(wanted, gives, bound)
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
            hint = self._hint(wire.node, self.graph.nodes)
            self._fault("G106", pointer(*at), f"there is no node {wire.node[:100]!r}{hint}")
            return ""
        interface = self.found.interfaces.get(wire.node)
        if interface is None:
            return ""
        if wire.port not in interface.outputs:
            hint = self._hint(wire.port, interface.outputs)
            source = self.graph.nodes[wire.node].type
            self._fault("G106", pointer(*at), f"{source} has no output {wire.port[:100]!r}{hint}")
            return ""
        node = self.graph.nodes[wire.node]
        gives = self.found.types.get(wire.node, {}).get(wire.port, "")
        if node.bypass and not gives and wire.node in self.found.types:
            self._fault(
                "G110", pointer(*at), f"{wire.node!r} is bypassed, and none of its inputs can stand for {wire.port!r}"
            )
        return gives

    def _param(self, name: str, takes: Takes, given: Param, wanted: str, bound: dict[str, str]) -> None:
        at = pointer("nodes", name, "inputs", takes.name)
        parameter = self.graph.parameters.get(given.name)
        if parameter is None:
            hint = self._hint(given.name, self.graph.parameters)
            self._fault("G108", at + "/param", f"the graph has no parameter {given.name!r:.100}{hint}")
            return
        if base_of(parameter.type) not in BASES:
            return
        wanted = bound_to(wanted, parameter.type, bound)
        # The value of a text is checked against choices, colours and files before the run.
        word = base_of(wanted)
        as_text = wanted.replace(word, "text") if word in TEXTS else wanted
        if not fits(parameter.type, wanted) and not fits(parameter.type, as_text):
            message = f"the parameter {given.name!r} is {parameter.type}, but {name}.{takes.name} takes {wanted}"
            self._fault("G104", pointer("nodes", name, "inputs", takes.name), message)
        elif given.name in self.found.parameters:
            self._param_value(name, takes, given.name, self.found.parameters[given.name])

    def _param_value(self, name: str, takes: Takes, parameter: str, value: JsonValue) -> None:
        """Check a parameter's value against the port that it goes into."""
        at, what = pointer("parameters", parameter), f"{parameter!r}, for {name}.{takes.name},"
        if takes.name not in self.graph.nodes[name].for_each:
            self._literal(at, what, takes, value)
            return
        for number, item in enumerate(value if isinstance(value, list) else ()):
            self._literal(at, f"item {number} of {what}", takes, item)

    def _constant(self, name: str, node: GraphNode, takes: Takes, value: JsonValue) -> None:
        literals = self.found.literals.get(name)
        if literals is None:
            literals = self.found.literals[name] = {}
        if takes.name not in node.for_each:
            try:
                literals[takes.name] = takes.literal(value)
            except ValueError as error:
                at = pointer("nodes", name, "inputs", takes.name)
                self._fault("G105", at, f"{name}.{takes.name} is {shown(value)}, but {error}")
            return
        at = pointer("nodes", name, "inputs", takes.name)
        if not isinstance(value, list):
            self._fault("G109", at, f"{name}.{takes.name} is {shown(value)}, but for_each takes a list there")
            return
        literals[takes.name] = [
            self._literal(at + pointer(number), f"item {number} of {name}.{takes.name}", takes, item)
            for number, item in enumerate(value)
        ]

    def _literal(self, at: str, what: str, takes: Takes, value: JsonValue) -> JsonValue:
        try:
            return takes.literal(value)
        except ValueError as error:
            self._fault("G105", at, f"{what} is {shown(value)}, but {error}")
            return None

    def _results(self) -> None:
        for result, wire in self.graph.results.items():
            self._source_type(("results", result), wire)
        for wire in self.targets:
            self._source_type(("targets", str(wire)), wire)


def _why_faulty(name: str, faults: Sequence[Fault]) -> str:
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"the saved graph {name[:100]!r} cannot be used: {faults[0]}{more}"


def _wanted(node: GraphNode, takes: Takes) -> str:
    """The type that a node takes at a port: a list where it is run for each item."""
    return list_of(takes.type) if takes.name in node.for_each else takes.type


def shown(value: JsonValue) -> str:
    """A value as a fault names it, not too long."""
    text = repr(value[:60]) if isinstance(value, str) else reprlib.repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
