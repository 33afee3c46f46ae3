"""Whatever comes in is planned, or refused with faults that have a code and a place: never anything else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.properties import examples
from tests.support.static_nodes import document, library

from diorama.catalogue import installed
from diorama.check import check
from diorama.expand import Expansion, Given, Step
from diorama.faults import CODES, DioramaError, Fault
from diorama.graph import Graph, read_graph
from diorama.library import Library
from diorama.plan import recipes_of
from diorama.refs import inline
from diorama.seeds import settle_seeds
from diorama.upgrade import upgraded

TEMPLATES = {
    path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parents[2] / "graphs").glob("*.json"))
}
# One shelf for all examples: what it learns of node types changes no answer.
SHELF = Library(installed())


def outcome(content: bytes, shelf: Library = SHELF) -> list[Fault]:
    """The faults of a document; none where it could be opened and keyed, as a run would."""
    try:
        graph = read_graph(content)
        again = read_graph(graph.text())
        assert again == graph
        return plan(graph, shelf)
    except DioramaError as error:
        return list(error.faults) or [Fault("", "", "an error without faults")]


def plan(graph: Graph, shelf: Library) -> list[Fault]:
    settled, values = settle_seeds(upgraded(graph, shelf.catalogue), {}, shelf.catalogue, draw=lambda: 4)
    found = check(settled, shelf, values)
    if found.faults:
        return found.faults
    steps: list[Step] = []
    bindings: dict[str, Given] = {name: inline(value) for name, value in found.parameters.items()}
    provided = Expansion(shelf, steps).open(settled, found, bindings)
    for wire in settled.results.values():
        assert (wire.node, wire.port) in provided
    assert len(recipes_of(steps)) == len(steps)
    return []


def well_told(faults: list[Fault]) -> bool:
    for fault in faults:
        assert fault.code in CODES
        assert fault.at.startswith("/") or fault.at == ""
        assert fault.message
        assert str(fault).encode()
        assert len(fault.message) < 1000
    return True


@given(st.binary(max_size=200))
@example(b"")
@example(b"\x00")
@example(b"\xef\xbb\xbf")
@examples(200)
def test_any_bytes(content: bytes) -> None:
    faults = outcome(content)
    assert faults
    assert well_told(faults)


WORDS = st.sampled_from(
    [
        "format", "nodes", "type", "inputs", "results", "parameters", "view", "version", "for_each", "bypass", "wire",
        "param", "value", "default", "minimum", "maximum", "choices", "t/double", "t/add", "t/either", "t/paint",
        "graph/x", "a", "b", "a.value", "b.value", "x", "y", "on", "yes", "text", "list[text]", "number?", "seed",
        "random", "", "__proto__", ".", "a.", "\ud800", "e\u0301", "\u0000", "夜",
    ]
)  # fmt: skip
NUMBERS = st.sampled_from([0, 1, -1, -0.0, 1.5, 2**53, 2**53 + 1, 2**63, 10**400, 1e308, float("nan"), float("inf")])
SCALARS = st.none() | st.booleans() | NUMBERS | st.integers() | st.floats() | WORDS | st.text(max_size=8)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5),
    max_leaves=20,
)


def text_of(tree: object) -> bytes:
    return json.dumps(tree).encode()


@given(TREES)
@examples(200)
def test_any_document(tree: object) -> None:
    assert well_told(outcome(text_of(tree), library()))


NODES = st.dictionaries(WORDS, st.fixed_dictionaries({"type": WORDS}, optional={
    "inputs": st.dictionaries(WORDS, st.builds(lambda word: {"wire": word}, WORDS)
                              | st.builds(lambda word: {"param": word}, WORDS) | TREES, max_size=4),
    "for_each": st.lists(WORDS, max_size=2) | TREES,
    "bypass": st.booleans() | TREES,
    "version": st.integers(-1, 4) | TREES,
}) | TREES, max_size=5)  # fmt: skip
PARAMETERS = st.dictionaries(WORDS, st.fixed_dictionaries({"type": WORDS}, optional={
    "default": TREES, "minimum": SCALARS, "maximum": SCALARS, "choices": TREES,
}) | TREES, max_size=3)  # fmt: skip


@given(NODES, PARAMETERS, st.dictionaries(WORDS, WORDS | TREES, max_size=3), TREES)
@examples(400)
def test_documents_that_are_nearly_graphs(nodes: object, parameters: object, results: object, view: object) -> None:
    tree = {"format": 1, "nodes": nodes, "parameters": parameters, "results": results, "view": view}
    assert well_told(outcome(text_of(tree), library()))


def places(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(tree, dict):
        for key, child in tree.items():
            yield from places(child, (*path, key))
    elif isinstance(tree, list):
        for number, child in enumerate(tree):
            yield from places(child, (*path, number))


def changed(tree: object, path: tuple[str | int, ...], how: str, new: object, name: str) -> object:
    """A copy of the tree where the part at `path` is dropped, replaced, renamed or put somewhere again."""
    if not path:
        return new
    turned = copy.deepcopy(tree)
    holder: object = turned
    for step in path[:-1]:
        holder = holder[step]  # type: ignore[index]  # a path of the tree
    last = path[-1]
    if isinstance(holder, list) and isinstance(last, int):
        holder[last : last + 1] = [] if how == "drop" else [new]
    elif isinstance(holder, dict):
        child = holder[last]
        if how != "replace":
            del holder[last]
        if how != "drop":
            holder[last if how == "replace" else name] = new if how == "replace" else child
    return turned


@pytest.mark.parametrize("template", TEMPLATES)
@given(data=st.data())
@examples(60)
def test_templates_with_parts_dropped_replaced_or_renamed(template: str, data: st.DataObject) -> None:
    tree: object = TEMPLATES[template]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(tree))))
        how = data.draw(st.sampled_from(["drop", "replace", "rename"]))
        tree = changed(tree, path, how, data.draw(TREES), data.draw(WORDS))
    assert well_told(outcome(text_of(tree)))


@pytest.mark.parametrize("template", TEMPLATES)
@given(data=st.data())
@examples(60)
def test_templates_with_wires_put_elsewhere(template: str, data: st.DataObject) -> None:
    tree = copy.deepcopy(TEMPLATES[template])
    ports = [
        f"{name}.{port}"
        for name, node in tree["nodes"].items()
        for port in installed().entries[node["type"]].node.outputs
    ]
    for _ in range(data.draw(st.integers(1, 4))):
        node = tree["nodes"][data.draw(st.sampled_from(sorted(tree["nodes"])))]
        port = data.draw(st.sampled_from(sorted(installed().entries[node["type"]].node.inputs)))
        node.setdefault("inputs", {})[port] = {"wire": data.draw(st.sampled_from(ports))}
        if data.draw(st.booleans()):
            node["bypass"] = True
    assert well_told(outcome(text_of(tree)))


@pytest.mark.parametrize("template", TEMPLATES)
@given(data=st.data())
@examples(60)
def test_templates_with_bytes_changed(template: str, data: st.DataObject) -> None:
    content = bytearray(text_of(TEMPLATES[template]))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert well_told(outcome(bytes(content)))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_cut_off_anywhere_is_refused_with_its_line(template: str) -> None:
    content = text_of(TEMPLATES[template])
    for length in range(0, len(content), 97):
        (fault,) = outcome(content[:length])
        assert (fault.code, fault.at) == ("G001", "")
        assert "line 1, column" in fault.message


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_templates_themselves_have_no_faults(template: str) -> None:
    assert outcome(text_of(TEMPLATES[template])) == []


HOSTILE = {
    "nested 5,000 deep in a literal": '{"format": 1, "nodes": {"a": {"type": "t/keep", "inputs": {"data": %s}}}}'
    % ("[" * 5000 + "]" * 5000),
    "nested 900 deep in a default": '{"format": 1, "nodes": {}, "parameters": {"p": {"type": "json", "default": %s}}}'
    % ("[" * 900 + "]" * 900),
    "nested 300 deep in choices": '{"format": 1, "nodes": {}, "parameters": {"p": {"type": "json", "choices": [%s]}}}'
    % ("[" * 300 + "]" * 300),
    "a type nested 5,000 deep": json.dumps(
        document(
            {"a": {"type": "t/keep", "inputs": {"data": {"param": "p"}}}},
            parameters={"p": {"type": "list[" * 5000 + "text" + "]" * 5000}},
        )
    ),
    "a type of 100,000 question marks": json.dumps(
        document({}, parameters={"p": {"type": "text" + "?" * 100_000}}),
    ),
    "a text of 10 MB where a number is wanted": json.dumps(
        document({"a": {"type": "t/double", "inputs": {"x": "x" * 10_000_000}}})
    ),
    "a key of 10 MB": json.dumps(document({"a": {"type": "t/double", "x" * 10_000_000: 1}})),
    "a node type of 10 MB": json.dumps(document({"a": {"type": "t/" + "x" * 10_000_000}})),
    "a parameter's name of 10 MB": json.dumps(
        document({"a": {"type": "t/double", "inputs": {"x": {"param": "x" * 10_000_000}}}})
    ),
    "a million choices": json.dumps(
        document({}, parameters={"p": {"type": "integer", "choices": list(range(1_000_000)), "default": -1}})
    ),
    "100,000 unknown parameters": json.dumps(
        document({}, parameters={f"p{i}": {"typ": "text"} for i in range(100_000)})
    ),
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_are_refused_in_short(text: str) -> None:
    faults = outcome(text.encode(), library())
    assert faults
    assert well_told(faults)
