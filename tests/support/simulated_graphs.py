"""Random graphs of small nodes, and what a plain evaluation of them gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from hypothesis import strategies as st

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.context import Context
from diorama.graph import Constant, Graph, GraphNode, Input, Param, Parameter, Wire
from diorama.node import Cost, Lazy, node
from tests.support.simulation import Content, World, content_of

LIGHT = Cost(seconds=1e-6)
HEAVY = Cost(seconds=1.0)
CIRCLE = 7
"""Values are taken modulo this, so that results often come out the same as before."""


@node(cost=LIGHT, retries=1)
def add(ctx: Context, x: int, y: int) -> int:
    """Give the sum."""
    return (x + y) % CIRCLE


@node(cost=LIGHT, retries=1)
def is_even(ctx: Context, x: int) -> bool:
    """Tell whether a number is even."""
    return x % 2 == 0


@node(cost=LIGHT, retries=1)
def count_up(ctx: Context, x: int) -> list[int]:
    """Give the numbers below x: none, some, with one twice."""
    return [number % 3 for number in range(x)]


@node(cost=HEAVY, retries=1, time_limit=20.0)
def mix(ctx: Context, x: int, y: int) -> int:
    """Give a number made of two."""
    return (3 * x + y + 1) % CIRCLE


@node(cost=HEAVY, retries=1, time_limit=20.0)
def grow(ctx: Context, x: int) -> int:
    """Give a larger number; takes several at once."""
    return (x * 2 + 1) % CIRCLE


@grow.batched
def _grow_all(ctx: Context, items: list[dict[str, int]]) -> list[int]:
    return [grow(ctx, item["x"]) for item in items]


@node(cost=HEAVY, retries=1, time_limit=20.0)
def total(ctx: Context, items: list[int]) -> int:
    """Give the sum of a list."""
    return sum(items) % CIRCLE


@node(cost=HEAVY, retries=1, time_limit=20.0, volatile=True)
def look_outside(ctx: Context, x: int) -> int:
    """Give what the outside world says; here it always says the same."""
    return (x + 5) % CIRCLE


@node(cost=LIGHT, retries=1)
def choose(
    ctx: Context, on: bool, yes: Annotated[int | None, Lazy] = None, no: Annotated[int | None, Lazy] = None
) -> int:
    """Give one of two numbers."""
    chosen = yes if on else no
    return 0 if chosen is None else chosen


@choose.needs
def _chosen(on: bool) -> set[str]:
    return {"yes"} if on else {"no"}


NODES = {one.name: one for one in (add, is_even, count_up, mix, grow, total, look_outside, choose)}
CATALOGUE: Catalogue = catalogue_of(Pack("t", "1"), *NODES.values())

INNER = Graph(
    {
        "a": GraphNode("t/mix", {"x": Param("x"), "y": Constant(2)}),
        "b": GraphNode("t/add", {"x": Wire("a", "value"), "y": Param("k")}),
    },
    {"value": Wire("b", "value")},
    {"x": Parameter("integer"), "k": Parameter("integer", 1)},
)
OUTER = Graph(
    {
        "list": GraphNode("t/count_up", {"x": Param("x")}),
        "each": GraphNode("graph/inner", {"x": Wire("list", "value")}, ("x",)),
        "sum": GraphNode("t/total", {"items": Wire("each", "value")}),
    },
    {"value": Wire("sum", "value")},
    {"x": Parameter("integer")},
)
SAVED = {"inner": INNER, "outer": OUTER}


NUMBERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "add": ("t/add", "x: number, y: number", ()),
    "mix": ("t/mix", "x: number, y: number", ()),
    "bypass": ("t/mix", "x: number, y: number", ()),
    "grow": ("t/grow", "x: number", ()),
    "look_outside": ("t/look_outside", "x: number", ()),
    "total": ("t/total", "items: list", ()),
    "choose": ("t/choose", "on: boolean, yes: number, no: number", ()),
    "inner": ("graph/inner", "x: number, k: number", ()),
    "outer": ("graph/outer", "x: number", ()),
}
"""Nodes that give a number: type, inputs, and the ports they are mapped over."""
LISTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "count_up": ("t/count_up", "x: number", ()),
    "literal": ("t/grow", "x: literal", ("x",)),
    "grow_each": ("t/grow", "x: list", ("x",)),
    "mix_each": ("t/mix", "x: list, y: number", ("x",)),
    "zip": ("t/mix", "x: list, y: list", ("x", "y")),
    "inner_each": ("graph/inner", "x: list, k: number", ("x",)),
    "outer_each": ("graph/outer", "x: list", ("x",)),
}
"""Nodes that give a list of numbers."""


class _Drawing:
    """A graph as it grows."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.nodes: dict[str, GraphNode] = {}
        self.numbers: list[str] = []
        self.lists: list[str] = []

    def add(self) -> None:
        kind = self.draw(st.sampled_from([*NUMBERS, *LISTS]))
        type_, ports, for_each = NUMBERS.get(kind) or LISTS[kind]
        if "list" in ports and not self.lists:
            kind = "count_up"
            type_, ports, for_each = LISTS[kind]
        name = f"n{len(self.nodes)}"
        inputs = {port: self._input(what) for port, what in (pair.split(": ") for pair in ports.split(", "))}
        self.nodes[name] = GraphNode(type_, inputs, for_each, bypass=kind == "bypass")
        (self.numbers if kind in NUMBERS else self.lists).append(name)

    def _input(self, what: str) -> Input:
        match what:
            case "list":
                return Wire(self.draw(st.sampled_from(self.lists)), "value")
            case "literal":
                drawn = self.draw(st.lists(st.integers(0, 3), max_size=3))
                return Constant([*drawn])
            case "boolean" if self.draw(st.booleans()):
                return Constant(self.draw(st.booleans()))
            case "boolean":
                name = f"n{len(self.nodes)}on"
                self.nodes[name] = GraphNode("t/is_even", {"x": self._input("number")})
                return Wire(name, "value")
        if self.numbers and not self.draw(st.sampled_from([True, *[False] * 5])):
            return Wire(self.draw(st.sampled_from(self.numbers)), "value")
        return Constant(self.draw(st.integers(0, 6)))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A graph of up to a dozen nodes of every kind."""
    drawing = _Drawing(draw)
    for _ in range(draw(st.integers(1, 10))):
        drawing.add()
    wanted = draw(st.lists(st.sampled_from(drawing.numbers + drawing.lists), min_size=1, max_size=3, unique=True))
    return Graph(drawing.nodes, {f"r_{name}": Wire(name, "value") for name in wanted})


@st.composite
def edits(draw: st.DrawFn, graph: Graph) -> Graph:
    """The graph with one constant changed, where it has any."""
    places = [
        (name, port)
        for name, one in graph.nodes.items()
        for port, given in one.inputs.items()
        if isinstance(given, Constant) and isinstance(given.value, int) and not isinstance(given.value, bool)
    ]
    if not places:
        return graph
    name, port = draw(st.sampled_from(places))
    inputs = {**graph.nodes[name].inputs, port: Constant(draw(st.integers(0, 6)))}
    return replace(graph, nodes={**graph.nodes, name: replace(graph.nodes[name], inputs=inputs)})


class Broken(Exception):
    """Raised in the model where a value cannot be had."""


@dataclass
class Evaluation:
    """A plain evaluation, from the results backwards: the model that the scheduler is compared with."""

    world: World
    demanded: set[Content] = field(default_factory=set)
    """Every call that the results need."""
    volatile: set[Content] = field(default_factory=set)
    failing: set[Content] = field(default_factory=set)
    has_failed: bool = False

    def results(self, graph: Graph) -> dict[str, object]:
        """The results that can be had."""
        found = {}
        known: dict[str, object] = {}
        for name, wire in graph.results.items():
            try:
                found[name] = self._node(graph, wire.node, {}, known)
            except Broken:
                self.has_failed = True
        return found

    def _node(self, graph: Graph, name: str, bindings: Mapping[str, object], known: dict[str, object]) -> object:
        if name not in known:
            try:
                known[name] = self._made(graph, graph.nodes[name], bindings, known)
            except Broken as error:
                known[name] = error
        if isinstance(known[name], Broken):
            raise Broken
        return known[name]

    def _made(self, graph: Graph, one: GraphNode, bindings: Mapping[str, object], known: dict[str, object]) -> object:
        if one.bypass:
            return self._input(graph, one.inputs["x"], bindings, known)
        if one.type.startswith("graph/") and not one.for_each:
            # Opened into the graph around it: a step in it runs also where another of its inputs cannot be had.
            return self._call(
                one.type, {port: self._or_broken(graph, one, port, bindings, known) for port in one.inputs}
            )
        lazy = ("yes", "no") if one.type == "t/choose" else ()
        wanted = [port for port in one.inputs if port not in lazy]
        inputs = self._inputs(graph, one, wanted, bindings, known)
        if lazy:
            inputs |= self._inputs(graph, one, ["yes" if inputs["on"] else "no"], bindings, known)
        if not one.for_each:
            return self._call(one.type, inputs)
        return self._each(one, inputs)

    def _or_broken(
        self, graph: Graph, one: GraphNode, port: str, bindings: Mapping[str, object], known: dict[str, object]
    ) -> object:
        try:
            return self._input(graph, one.inputs[port], bindings, known)
        except Broken as error:
            return error

    def _inputs(
        self,
        graph: Graph,
        one: GraphNode,
        ports: Sequence[str],
        bindings: Mapping[str, object],
        known: dict[str, object],
    ) -> dict[str, object]:
        """The values of some inputs; each is asked for, also where another cannot be had."""
        found: dict[str, object] = {}
        is_broken = False
        for port in ports:
            try:
                found[port] = self._input(graph, one.inputs[port], bindings, known)
            except Broken:
                is_broken = True
        if is_broken:
            raise Broken
        return found

    def _input(self, graph: Graph, given: Input, bindings: Mapping[str, object], known: dict[str, object]) -> object:
        match given:
            case Wire(node, _):
                return self._node(graph, node, bindings, known)
            case Param(name):
                bound = bindings[name]
                if isinstance(bound, Broken):
                    raise Broken
                return bound
            case Constant(value):
                return value

    def _each(self, one: GraphNode, inputs: dict[str, object]) -> list[object]:
        lists = {port: inputs[port] for port in one.for_each}
        lengths = {len(items) for items in lists.values()}  # type: ignore[arg-type]
        if len(lengths) > 1:
            raise Broken
        made: list[object] = []
        is_broken = False
        for index in range(lengths.pop()):
            try:
                made.append(self._call(one.type, inputs | {port: items[index] for port, items in lists.items()}))  # type: ignore[index]
            except Broken:
                is_broken = True
        if is_broken:
            raise Broken
        return made

    def _call(self, type_: str, inputs: Mapping[str, object]) -> object:
        if type_.startswith("graph/"):
            saved = SAVED[type_.removeprefix("graph/")]
            defaults = {name: one.default for name, one in saved.parameters.items()}
            return self._node(saved, saved.results["value"].node, {**defaults, **inputs}, {})
        declared = NODES[type_.removeprefix("t/")]
        content = content_of(declared.name, inputs)
        self.demanded.add(content)
        if declared.settings.is_volatile:
            self.volatile.add(content)
        fortune = self.world.fate(content).fortune
        if fortune == "bad" or (fortune in ("hangs", "stops", "deadly", "vast") and not declared.is_light):
            self.failing.add(content)
            raise Broken
        return declared.function(Context(), **inputs)  # type: ignore[arg-type]
