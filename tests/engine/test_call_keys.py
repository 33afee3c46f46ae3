from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from tests.support.static_nodes import NODES, document, finder, pack

from diorama.catalogue import Catalogue, Pack, catalogue_of
from diorama.check import check
from diorama.context import Context
from diorama.expand import Expansion, Given, Step
from diorama.graph import Constant, Graph, parse_graph
from diorama.keys import (
    Digest,
    code_prefix,
    constant_mark,
    digest_of,
    key_of,
    parse_digest,
    tagged,
    wire_mark,
    written,
)
from diorama.library import Library
from diorama.model import Model
from diorama.node import Advanced, Node, node
from diorama.plan import recipes_of
from diorama.refs import inline

ROOT = Path(__file__).parents[2]


def recipes(
    tree: Mapping[str, object],
    catalogue: Catalogue | None = None,
    values: Mapping[str, JsonValue] | None = None,
    saved: Mapping[str, object] | None = None,
) -> dict[str, Digest | None]:
    """The recipe key of every step of a graph document, by the step's id."""
    return recipes_of_graph(parse_graph(tree), catalogue, values, saved)


def recipes_of_graph(
    graph: Graph,
    catalogue: Catalogue | None = None,
    values: Mapping[str, JsonValue] | None = None,
    saved: Mapping[str, object] | None = None,
) -> dict[str, Digest | None]:
    shelf = Library(catalogue or pack(), finder(saved or {}))
    found = check(graph, shelf, values or {})
    assert found.faults == []
    steps: list[Step] = []
    bindings: dict[str, Given] = {name: inline(value) for name, value in found.parameters.items()}
    Expansion(shelf, steps).open(graph, found, bindings)
    return {step.id: recipe for step, recipe in zip(steps, recipes_of(steps), strict=True)}


def graph(nodes: Mapping[str, object], **rest: object) -> dict[str, object]:
    return document(nodes, **{"results": {"r": f"{next(iter(nodes))}.value"}, **rest})


def one(type_: str, /, **inputs: object) -> dict[str, object]:
    return {"type": f"t/{type_}", "inputs": inputs}


def key(type_: str, /, **inputs: object) -> Digest | None:
    return recipes(graph({"a": one(type_, **inputs)}))["a"]


W = {"wire": "w.value"}
BASE = graph({"a": one("add", x=W, y=2), "w": one("number", value=1)})

SAME: dict[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
    "inputs in another order": (BASE, graph({"a": one("add", y=2, x=W), "w": one("number", value=1)})),
    "nodes in another order": (
        BASE,
        graph({"w": one("number", value=1), "a": one("add", x=W, y=2)}, results={"r": "a.value"}),
    ),
    "another title, description and view": (BASE, {**BASE, "title": "x", "description": "y", "view": {"a": [1, 2]}}),
    "a node beside it": (BASE, graph({"a": one("add", x=W, y=2), "w": one("number", value=1), "z": one("number")})),
    "another id of its source": (
        BASE,
        graph({"a": one("add", x={"wire": "v.value"}, y=2), "v": one("number", value=1)}),
    ),
    "a default that is written out": (graph({"a": one("add", x=1)}), graph({"a": one("add", x=1, y=1.0)})),
    "one written without a fraction": (graph({"a": one("double", x=1)}), graph({"a": one("double", x=1.0)})),
    "nought with a sign": (graph({"a": one("double", x=0.0)}), graph({"a": one("double", x=-0.0)})),
    "text composed and decomposed": (
        graph({"a": one("upper", text="caf\u00e9")}),
        graph({"a": one("upper", text="cafe\u0301")}),
    ),
    "keys of an object in another order": (
        graph({"a": one("keep", data={"value": {"x": 1, "y": 2}})}),
        graph({"a": one("keep", data={"value": {"y": 2, "x": 1}})}),
    ),
    "a fraction that is none in a structured value": (
        graph({"a": one("build", spec={"value": {"name": "x", "size": 2}})}),
        graph({"a": one("build", spec={"value": {"size": 2.0, "name": "x"}})}),
    ),
    "a default of a structured value written out": (
        graph({"a": one("build", spec={"value": {"name": "x"}})}),
        graph({"a": one("build", spec={"value": {"name": "x", "size": 1.0}})}),
    ),
    "another cosmetic input": (graph({"a": one("upper", text="x")}), graph({"a": one("upper", text="x", note="see")})),
    "a wire to a cosmetic input": (
        graph({"a": one("upper", text="x")}),
        graph({"a": one("upper", text="x", note={"wire": "b.value"}), "b": one("upper", text="y")}),
    ),
    "a parameter of the same value": (
        graph({"a": one("upper", text="x")}),
        graph({"a": one("upper", text={"param": "p"})}, parameters={"p": {"type": "text", "default": "x"}}),
    ),
    "a number parameter written without a fraction": (
        graph({"a": one("double", x=1.0)}),
        graph({"a": one("double", x={"param": "p"})}, parameters={"p": {"type": "number", "default": 1}}),
    ),
    "an integer parameter at a number port": (
        graph({"a": one("double", x=1.0)}),
        graph({"a": one("double", x={"param": "p"})}, parameters={"p": {"type": "integer", "default": 1}}),
    ),
    "the branch that is not chosen": (
        graph(
            {
                "a": one("either", on=True, yes=W, no={"wire": "n.value"}),
                "w": one("number"),
                "n": one("number", value=1),
            }
        ),
        graph(
            {
                "a": one("either", on=True, yes=W, no={"wire": "n.value"}),
                "w": one("number"),
                "n": one("number", value=2),
            }
        ),
    ),
}


@pytest.mark.parametrize("case", SAME.values(), ids=SAME)
def test_what_changes_no_key(case: tuple[Mapping[str, object], Mapping[str, object]]) -> None:
    left, right = map(recipes, case)
    assert left["a"] == right["a"]
    assert left["a"] is not None


OTHER: dict[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
    "another value": (graph({"a": one("double", x=1)}), graph({"a": one("double", x=2)})),
    "another node": (graph({"a": one("number", value=1)}), graph({"a": one("integer", value=1)})),
    "the value at another port": (graph({"a": one("add", x=1, y=2)}), graph({"a": one("add", x=2, y=1)})),
    "a constant for a wire": (BASE, graph({"a": one("add", x=1, y=2)})),
    "another value of the source": (BASE, graph({"a": one("add", x=W, y=2), "w": one("number", value=3)})),
    "another output of the source": (
        graph({"a": one("keep", data={"wire": "s.text"}), "s": one("split", text="x")}),
        graph({"a": one("keep", data={"wire": "s.length"}), "s": one("split", text="x")}),
    ),
    "another kind of JSON": (graph({"a": one("keep", data=1)}), graph({"a": one("keep", data=1.0)})),
    "a text for a number": (graph({"a": one("keep", data="1")}), graph({"a": one("keep", data=1)})),
    "true for one": (graph({"a": one("keep", data=True)}), graph({"a": one("keep", data=1)})),
    "null for a text": (graph({"a": one("keep", data=None)}), graph({"a": one("keep", data="null")})),
    "a list in another order": (graph({"a": one("keep", data=[1, 2])}), graph({"a": one("keep", data=[2, 1])})),
    "a list in a list": (graph({"a": one("keep", data=[1])}), graph({"a": one("keep", data=[[1]])})),
    "item by item": (
        graph({"a": {**one("keep", data=["x"]), "for_each": ["data"]}}),
        graph({"a": one("keep", data=["x"])}),
    ),
    "the other branch": (
        graph({"a": one("either", on=True, yes=W, no=W), "w": one("number")}),
        graph({"a": one("either", on=False, yes=W, no=W), "w": one("number")}),
    ),
}


@pytest.mark.parametrize("case", OTHER.values(), ids=OTHER)
def test_what_changes_the_key(case: tuple[Mapping[str, object], Mapping[str, object]]) -> None:
    left, right = map(recipes, case)
    assert left["a"] != right["a"]


def test_a_key_does_not_know_which_inputs_are_advanced() -> None:
    def read(is_advanced: bool) -> Digest | None:
        annotation = Annotated[int, Advanced] if is_advanced else int

        def thing(ctx: Context, x: int = 3) -> int:
            """Give a number."""
            return x

        thing.__annotations__["x"] = annotation
        found = catalogue_of(Pack("t", "1"), node(thing))
        assert found.entries["t/thing"].node.inputs["x"].is_advanced is is_advanced
        return recipes(graph({"a": one("thing", x=4)}), found)["a"]

    assert read(False) == read(True)
    assert read(True) is not None


def made(version: int = 1, model: str = "r1", name: str = "thing", volatile: bool = False) -> Node[..., int]:
    weights = Model("m", lambda placement: None, 1.0, "who/what", revision=model, license="MIT")

    def thing(ctx: Context, x: int = 0) -> int:
        """Give a number."""
        return x

    thing.__name__ = name
    return node(version=version, models=[weights], volatile=volatile)(thing)


def code_key(made_node: Node[..., int], source: str = "", pack_name: str = "q") -> Digest | None:
    catalogue = catalogue_of(Pack(pack_name, "1", source), made_node)
    return recipes(document({"a": {"type": f"{pack_name}/{made_node.name}"}}, results={"r": "a.value"}), catalogue)["a"]


def test_the_key_holds_node_version_model_and_source() -> None:
    keys = [
        code_key(made()),
        code_key(made(version=2)),
        code_key(made(model="r2")),
        code_key(made(name="other")),
        code_key(made(), source="s1"),
        code_key(made(), source="s2"),
        code_key(made(), pack_name="z"),
    ]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert code_key(made()) == keys[0]


def test_the_pack_s_release_is_not_in_the_key() -> None:
    tree = document({"a": {"type": "q/thing"}}, results={"r": "a.value"})
    first, second = (recipes(tree, catalogue_of(Pack("q", version), made())) for version in ("1", "2"))
    assert first == second


LOOP = document({"a": {"type": "graph/s", "for_each": ["x"], "inputs": {"x": [1, 2]}}}, results={"r": "a.value"})


def body(type_: str = "q/thing", **rest: object) -> dict[str, object]:
    nodes = {"i": {"type": type_, "inputs": {"x": {"param": "x"}}}}
    return document(
        nodes, **{"parameters": {"x": {"type": "integer", "default": 1}}, "results": {"value": "i.value"}, **rest}
    )


def loop_key(made_node: Node[..., int], saved: Mapping[str, object]) -> Digest | None:
    return recipes(LOOP, catalogue_of(Pack("q", "1"), made_node), saved={"s": body(), **saved})["a"]


def test_the_key_of_a_loop_holds_all_that_its_body_is_made_of() -> None:
    nested = {"s": body("graph/u"), "u": body()}
    keys = [
        loop_key(made(), {}),
        loop_key(made(version=2), {}),
        loop_key(made(model="r2"), {}),
        loop_key(made(), nested),
        loop_key(made(version=2), nested),
        loop_key(made(model="r2"), nested),
    ]
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_the_key_of_a_loop_holds_no_title_and_no_view() -> None:
    assert loop_key(made(), {}) == loop_key(made(), {"s": body(title="x", description="y", view=[1])})


def test_what_hangs_below_a_volatile_node_has_no_recipe() -> None:
    tree = graph({"a": one("integer", value={"wire": "n.value"}), "n": one("now"), "free": one("number")})
    found = recipes(tree)
    assert found["a"] is None
    assert found["n"] is None
    assert found["free"] is not None
    assert loop_key(made(volatile=True), {}) is None
    assert loop_key(made(volatile=True), {"s": body("graph/u"), "u": body()}) is None


def test_a_saved_graph_has_the_keys_of_the_nodes_in_it() -> None:
    saved = {
        "s": document(
            {"i": one("double", x={"param": "x"})}, parameters={"x": {"type": "number"}}, results={"value": "i.value"}
        )
    }
    opened = recipes(graph({"a": {"type": "graph/s", "inputs": {"x": 2}}}), saved=saved)
    assert opened == {"a/i": key("double", x=2)}


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS.map(composed), inner, max_size=3),
    max_leaves=8,
)


def form(value: object) -> object:
    """A value so that equal forms are the same JSON: 1 is not 1.0 nor true, -0.0 is 0.0, text is NFC."""
    match value:
        case bool():
            return ("bool", value)
        case int() | float():
            return (type(value).__name__, value + 0)
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return ("list", tuple(form(item) for item in value))
        case dict():
            return ("dict", frozenset((form(name), form(item)) for name, item in value.items()))
    return value


@given(DATA, DATA)
def test_keys_are_the_same_exactly_where_values_are(left: JsonValue, right: JsonValue) -> None:
    keys = [key("keep", data={"value": value}) for value in (left, right)]
    assert (keys[0] == keys[1]) == (form(left) == form(right))


@given(st.permutations(range(len(NODES))), st.permutations(["w", "a", "b"]), st.text(max_size=5), DATA)
def test_no_order_of_packs_nodes_or_words_enters_a_key(
    nodes: list[int], ids: list[str], title: str, view: JsonValue
) -> None:
    parts = {"w": one("number", value=1), "a": one("add", x=W, y=2), "b": one("double", x={"wire": "a.value"})}
    base = recipes(document(parts, results={"r": "b.value"}))
    turned = parse_graph(document({name: parts[name] for name in ids}, results={"r": "b.value"}))
    renamed = dataclasses.replace(turned, title=title, view=view)
    assert recipes_of_graph(renamed, catalogue_of(Pack("t", "1"), *(NODES[i] for i in nodes))) == base


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_no_two_rows_of_parts_share_a_digest(left: list[bytes], right: list[bytes]) -> None:
    assert (tagged("x", *left) == tagged("x", *right)) == (left == right)
    assert tagged("x", *left) != tagged("y", *left)


MARKS = st.builds(lambda content: constant_mark(digest_of(content)), st.binary(max_size=2)) | st.builds(
    lambda content, port: wire_mark(digest_of(content), port), st.binary(max_size=2), st.sampled_from(["a", "b", "ab"])
)
INPUTS = st.dictionaries(st.sampled_from([b"a", b"b", b"ab", b"c", b"w"]), MARKS, max_size=3)


@given(INPUTS, INPUTS, st.sampled_from([b"", b"a", b"p"]))
def test_no_two_sets_of_inputs_share_a_key(left: dict[bytes, bytes], right: dict[bytes, bytes], prefix: bytes) -> None:
    keys = [key_of(prefix, sorted(inputs.items())) for inputs in (left, right)]
    assert (keys[0] == keys[1]) == (left == right)


def test_prefixes_of_different_codes_differ() -> None:
    rows = [
        ("call", "n", "1", []),
        ("recipe", "n", "1", []),
        ("call", "n1", "", []),
        ("call", "n", "1", ["m"]),
        ("call", "n", "1m", []),
    ]
    prefixes = [code_prefix(*row) for row in rows]
    assert len(set(prefixes)) == len(rows)


@given(st.binary(max_size=40))
def test_a_digest_is_written_and_read(content: bytes) -> None:
    assert parse_digest(written(digest_of(content))) == digest_of(content)


@pytest.mark.parametrize("text", ["", "blake3:", "blake3:" + "g" * 64, "sha256:" + "0" * 64, "blake3:" + "0" * 63])
def test_what_is_no_digest(text: str) -> None:
    with pytest.raises(ValueError, match=r"digest|hexadecimal"):
        parse_digest(text)


def test_keys_of_a_chain_hang_together_to_its_end() -> None:
    def chain(first: int) -> Graph:
        nodes: dict[str, object] = {"n0": one("double", x=first)}
        nodes |= {f"n{i}": one("double", x={"wire": f"n{i - 1}.value"}) for i in range(1, 20_000)}
        return parse_graph(document(nodes, results={"r": "n19999.value"}))

    found = recipes_of_graph(chain(1))
    assert len(set(found.values())) == 20_000
    other = recipes_of_graph(chain(2))
    assert all(found[name] != other[name] for name in found)


PROGRAM = """
import json, sys
from diorama.catalogue import installed
from diorama.check import check
from diorama.expand import Expansion
from diorama.graph import read_graph
from diorama.library import Library
from diorama.plan import recipes_of
from diorama.refs import inline
from diorama.templates import find_graph
told = {}
for path in sys.argv[1:]:
    graph = read_graph(open(path, "rb").read())
    library = Library(installed(), find_graph)
    checked = check(graph, library, {})
    assert not checked.faults, checked.faults
    steps = []
    Expansion(library, steps).open(graph, checked, {name: inline(value) for name, value in checked.parameters.items()})
    keys = recipes_of(steps)
    told[graph.title] = [graph.canonical().hex()] + [[step.id, key.hex()] for step, key in zip(steps, keys)]
json.dump(told, sys.stdout)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    paths = [str(path) for path in sorted((ROOT / "graphs").glob("*.json"))]

    def tell(seed: str) -> str:
        folder = tmp_path_factory.mktemp(f"seed-{seed}")
        environment = {**os.environ, "PYTHONHASHSEED": seed, "HOME": str(folder), "DIORAMA_HOME": str(folder)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *paths],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    return tell


def test_other_processes_and_folders_give_the_same_keys(told: Callable[[str], str]) -> None:
    first, second, third = told("0"), told("1"), told("random")
    assert first == second == third
    assert len(json.loads(first)) == len(list((ROOT / "graphs").glob("*.json")))


def test_a_constant_made_in_python_has_the_key_of_one_that_was_read() -> None:
    graph_read = parse_graph(graph({"a": one("double", x=2)}))
    made_here = dataclasses.replace(graph_read.nodes["a"], inputs={"x": Constant(2)})
    assert recipes_of_graph(dataclasses.replace(graph_read, nodes={"a": made_here})) == recipes_of_graph(graph_read)
