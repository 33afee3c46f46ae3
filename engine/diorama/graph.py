"""The graph document: read from JSON with every fault of its shape, and written back without a needless difference."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue

from diorama.faults import MOST_HINTS, DioramaError, Fault, did_you_mean, failure, note, pointer
from diorama.garbage import collected_seldom
from diorama.json_text import LARGEST_INTEGER, NotNormal, canonical, kind_of, normal, read_json
from diorama.limits import limits
from diorama.types import is_type

FORMAT: Final = 1
"""The format that this version writes."""

NAME = re.compile(r"(?!__)[^\W\d][\w-]{0,99}\Z")
NODE_KEYS = ("type", "version", "inputs", "for_each", "bypass")
PARAMETER_KEYS = ("type", "default", "help", "unit", "minimum", "maximum", "choices")
GRAPH_KEYS = ("format", "title", "description", "parameters", "nodes", "results", "view")

Migration = Callable[[dict[str, object]], dict[str, object]]
MIGRATIONS: Mapping[int, Migration] = {}
"""Steps from one format to the next, by the format they start from."""


@dataclass(frozen=True, slots=True)
class Wire:
    """An input that takes what another node's output gives."""

    node: str
    port: str

    def __str__(self) -> str:
        return f"{self.node}.{self.port}"


@dataclass(frozen=True, slots=True)
class Param:
    """An input that takes the value of a graph parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """An input that stands in the graph itself."""

    value: JsonValue


Input = Wire | Param | Constant


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that is chosen anew for each run."""

    type: str
    default: JsonValue | _Missing = MISSING
    help: str = ""
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node of the graph: which one it is and where its inputs come from."""

    type: str
    inputs: Mapping[str, Input] = field(default_factory=dict)
    for_each: tuple[str, ...] = ()
    bypass: bool = False
    version: int | None = None
    """The version of the node that the inputs were written for; None for the one that is found."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph document. Order is kept as it was written; nothing in `view` changes what runs."""

    nodes: Mapping[str, GraphNode]
    results: Mapping[str, Wire] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    title: str = ""
    description: str = ""
    view: JsonValue = None

    def document(self) -> dict[str, JsonValue]:
        """The graph as JSON, keys in a fixed order, nodes in their own."""
        written: dict[str, JsonValue] = {"format": FORMAT}
        if self.title:
            written["title"] = self.title
        if self.description:
            written["description"] = self.description
        if self.parameters:
            written["parameters"] = {name: _parameter_json(one) for name, one in self.parameters.items()}
        written["nodes"] = {name: _node_json(one) for name, one in self.nodes.items()}
        if self.results:
            written["results"] = {name: str(wire) for name, wire in self.results.items()}
        if self.view is not None:
            written["view"] = self.view
        return written

    def text(self) -> str:
        """The graph as it is saved: two spaces a level, one line feed at the end."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    def canonical(self) -> bytes:
        """The bytes that a digest of the graph is taken over; `view` is not among them."""
        document = self.document()
        document.pop("view", None)
        return canonical(document)


def read_graph(content: bytes | str) -> Graph:
    """The graph in a JSON text; raises `DioramaError` with every fault of text and shape."""
    return parse_graph(read_json(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content))


def parse_graph(document: object) -> Graph:
    """The graph in a JSON tree of any format up to this version's; raises `DioramaError` with every fault."""
    parser = _Parser()
    with collected_seldom():
        graph = parser.graph(migrate(document))
    if parser.faults:
        raise DioramaError(parser.faults)
    return graph


def migrate(document: object, steps: Mapping[int, Migration] = MIGRATIONS, current: int = FORMAT) -> dict[str, object]:
    """The document in the current format; raises `DioramaError` (G007, G009) where no row of steps leads there."""
    if not isinstance(document, dict):
        raise failure("G009", "", f"the document is {kind_of(document)}, but an object is wanted")
    given = document.get("format")
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise failure("G007", "/format", f"the format is {given!r}, but a whole number from 1 to {current} is wanted")
    if given > current:
        raise failure(
            "G007",
            "/format",
            f"the format is {given}, but this version reads up to {current}; a newer Diorama is needed",
        )
    for number in range(given, current):
        if number not in steps:
            raise failure("G007", "/format", f"no step leads from format {number} to {number + 1}")
        document = {**steps[number](document), "format": number + 1}
    return document


class _Parser:
    """Reads a document part by part and keeps every fault, so that all are told at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, code: str, at: str, message: str) -> None:
        note(self.faults, Fault(code, at, message))

    def graph(self, document: dict[str, object]) -> Graph:
        self._known_keys("", document, GRAPH_KEYS)
        if "nodes" not in document:
            self.fault("G009", "", "the document has no nodes")
        nodes = self._object(document, "nodes", "/nodes")
        most = limits().max_nodes
        if len(nodes) > most:
            self.fault("G004", "/nodes", f"the graph has {len(nodes):,} nodes, but at most {most:,} are taken")
            nodes = {}
        parameters = self._object(document, "parameters", "/parameters")
        results = self._object(document, "results", "/results")
        view = document.get("view")
        if view is not None and self._normal("/view", view) is None:
            view = None
        return Graph(
            nodes={name: self._node(name, one) for name, one in nodes.items()},
            results={name: self._result(name, one) for name, one in results.items()},
            parameters={name: self._parameter(name, one) for name, one in parameters.items()},
            title=self._text(document, "title", ""),
            description=self._text(document, "description", ""),
            view=view,  # type: ignore[arg-type]  # read from JSON
        )

    def _known_keys(self, at: str, given: Mapping[str, object], known: tuple[str, ...]) -> None:
        for key in given:
            if key not in known:
                hint = did_you_mean(key, known) if len(self.faults) < MOST_HINTS else ""
                self.fault("G008", at + pointer(key), f"the key {key!r:.100} is not known here{hint}")

    def _object(self, document: Mapping[str, object], key: str, at: str) -> Mapping[str, object]:
        given = document.get(key, {})
        if isinstance(given, dict):
            return given
        self.fault("G009", at, f"{kind_of(given)} is given, but an object is wanted")
        return {}

    def _text(self, document: Mapping[str, object], key: str, at: str) -> str:
        given = document.get(key, "")
        if isinstance(given, str):
            return given
        self.fault("G009", at + pointer(key), f"{kind_of(given)} is given, but a text is wanted")
        return ""

    def _name(self, kind: str, name: str) -> None:
        if not NAME.match(name) or (not name.isascii() and unicodedata.normalize("NFC", name) != name):
            wanted = "a word of letters, digits, _ and - that starts with a letter is wanted"
            self.fault("G010", pointer(kind, name), f"{name[:100]!r} is no name; {wanted}")

    def _node(self, name: str, given: object) -> GraphNode:
        self._name("nodes", name)
        if isinstance(given, dict) and given.keys() <= _PLAIN_KEY_SET:
            # Most nodes: of 100,000, to write down where each stands would take as long as to read them.
            type_, given_inputs = given.get("type"), given.get("inputs", _NONE)
            if isinstance(type_, str) and isinstance(given_inputs, dict):
                return GraphNode(type_, {port: self._input(name, port, one) for port, one in given_inputs.items()})
        return self._any_node(name, given)

    def _any_node(self, name: str, given: object) -> GraphNode:
        at = pointer("nodes", name)
        if not isinstance(given, dict):
            self.fault("G009", at, f"{kind_of(given)} is given, but an object is wanted")
            return GraphNode("")
        if not given.keys() <= _NODE_KEY_SET:
            self._known_keys(at, given, NODE_KEYS)
        if "type" not in given:
            self.fault("G009", at, "the node has no type")
        inputs = {
            port: self._input(name, port, one) for port, one in self._object(given, "inputs", at + "/inputs").items()
        }
        version = given.get("version")
        if "version" in given and (not isinstance(version, int) or isinstance(version, bool) or version < 1):
            shown = version if isinstance(version, int | float) else kind_of(version)
            self.fault("G009", at + "/version", f"{shown} is given, but a whole number from 1 is wanted")
            version = None
        bypass = given.get("bypass", False)
        if not isinstance(bypass, bool):
            self.fault("G009", at + "/bypass", f"{kind_of(bypass)} is given, but true or false is wanted")
            bypass = False
        for_each = self._for_each(at, given["for_each"]) if "for_each" in given else ()
        return GraphNode(self._text(given, "type", at), inputs, for_each, bypass, version)

    def _for_each(self, at: str, given: object) -> tuple[str, ...]:
        if isinstance(given, list) and given and all(isinstance(port, str) for port in given):
            if len(set(given)) == len(given):
                return tuple(given)
            self.fault("G109", at + "/for_each", "a port is named twice")
        else:
            self.fault("G009", at + "/for_each", f"{kind_of(given)} is given, but a list of port names is wanted")
        return ()

    def _input(self, node: str, port: str, given: object) -> Input:
        if not isinstance(given, dict):
            return Constant(self._literal(node, port, given))
        if len(given) == 1:
            (kind, value), *_ = given.items()
            if kind == "wire":
                return _wire_of(value) or self._no_wire(pointer("nodes", node, "inputs", port, "wire"), value)
            if kind == "param" and isinstance(value, str):
                return Param(value)
            if kind == "value":
                return Constant(self._literal(node, port, value))
        wanted = 'an object has exactly one of "wire" ("node.port"), "param" ("name") or "value"'
        keys = ", ".join(f"{key!r:.40}" for key in list(given)[:5])
        self.fault("G009", pointer("nodes", node, "inputs", port), f"the keys {keys} are given, but {wanted}")
        return Constant(None)

    def _literal(self, node: str, port: str, given: object) -> JsonValue:
        if given is None or (isinstance(given, str) and given.isascii()):
            return given
        if type(given) is int and -LARGEST_INTEGER <= given <= LARGEST_INTEGER:
            return given
        return self._normal(pointer("nodes", node, "inputs", port), given)

    def _normal(self, at: str, given: object) -> JsonValue:
        try:
            return normal(given)
        except NotNormal as error:
            self.fault(error.code, at, f"the value is refused: {error}")
            return None

    def _no_wire(self, at: str, given: object) -> Wire:
        self.fault("G009", at, f'{given!r:.100} is given, but a text "node.port" is wanted')
        return Wire("", "")

    def _result(self, name: str, given: object) -> Wire:
        self._name("results", name)
        return _wire_of(given) or self._no_wire(pointer("results", name), given)

    def _parameter(self, name: str, given: object) -> Parameter:
        at = pointer("parameters", name)
        self._name("parameters", name)
        if not isinstance(given, dict):
            self.fault("G009", at, f"{kind_of(given)} is given, but an object is wanted")
            return Parameter("json")
        self._known_keys(at, given, PARAMETER_KEYS)
        bounds: dict[str, float | None] = {}
        for key in ("minimum", "maximum"):
            bound = given.get(key)
            if key in given and (isinstance(bound, bool) or not isinstance(bound, int | float)):
                self.fault("G009", at + pointer(key), f"{kind_of(bound)} is given, but a number is wanted")
                bound = None
            bounds[key] = bound
        choices = self._normal(at + "/choices", given.get("choices", []))
        if not isinstance(choices, list):
            if choices is not None or given["choices"] is None:
                self.fault("G009", at + "/choices", f"{kind_of(choices)} is given, but a list is wanted")
            choices = []
        return Parameter(
            type=self._parameter_type(given, at),
            default=self._normal(at + "/default", given["default"]) if "default" in given else MISSING,
            help=self._text(given, "help", at),
            unit=self._text(given, "unit", at),
            minimum=bounds["minimum"],
            maximum=bounds["maximum"],
            choices=tuple(choices),
        )

    def _parameter_type(self, given: Mapping[str, object], at: str) -> str:
        if "type" not in given:
            self.fault("G009", at, "the parameter has no type")
            return "json"
        type_ = self._text(given, "type", at)
        if isinstance(given["type"], str) and not is_type(type_):
            wanted = "a type such as `text`, `list[image]` or `file?` is wanted"
            self.fault("G009", at + "/type", f"{type_!r:.100} is given, but {wanted}")
            return "json"
        return type_ or "json"


_NODE_KEY_SET = frozenset(NODE_KEYS)
_PLAIN_KEY_SET = frozenset({"type", "inputs"})
_NONE: Mapping[str, object] = {}


def _wire_of(given: object) -> Wire | None:
    if isinstance(given, str):
        node, dot, port = given.rpartition(".")
        if dot and node and port:
            return Wire(node, port)
    return None


def _parameter_json(parameter: Parameter) -> dict[str, JsonValue]:
    written: dict[str, JsonValue] = {"type": parameter.type}
    if not isinstance(parameter.default, _Missing):
        written["default"] = parameter.default
    for key in ("help", "unit"):
        if text := getattr(parameter, key):
            written[key] = text
    for key in ("minimum", "maximum"):
        if (bound := getattr(parameter, key)) is not None:
            written[key] = bound
    if parameter.choices:
        written["choices"] = list(parameter.choices)
    return written


def _node_json(node: GraphNode) -> dict[str, JsonValue]:
    written: dict[str, JsonValue] = {"type": node.type}
    if node.version is not None:
        written["version"] = node.version
    if node.for_each:
        written["for_each"] = list(node.for_each)
    if node.bypass:
        written["bypass"] = True
    if node.inputs:
        written["inputs"] = {port: _input_json(one) for port, one in node.inputs.items()}
    return written


def _input_json(given: Input) -> JsonValue:
    # The common ones first, and no text made by way of `str`: a graph may have hundreds of thousands.
    if isinstance(given, Wire):
        return {"wire": f"{given.node}.{given.port}"}
    if isinstance(given, Constant):
        return {"value": given.value} if isinstance(given.value, dict) else given.value
    return {"param": given.name}
