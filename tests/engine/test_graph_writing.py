from __future__ import annotations

import dataclasses
import difflib
import json
from pathlib import Path

import jsonschema
import pytest
from pydantic import JsonValue
from tests.support.bad_graphs import BAD_NAMES, SHAPES, BadGraph

from diorama.faults import DioramaError
from diorama.graph import GRAPH_KEYS, NODE_KEYS, PARAMETER_KEYS, Constant, Graph, GraphNode, parse_graph, read_graph
from diorama.schema import graph_schema

TEMPLATES = {path.stem: path for path in sorted((Path(__file__).parents[2] / "graphs").glob("*.json"))}
RICH = """{
  "format": 1,
  "title": "Straße 夜",
  "description": "Everything that a graph can hold.",
  "parameters": {
    "zebra": {
      "type": "number",
      "default": 0.5,
      "help": "How much.",
      "unit": "m",
      "minimum": 0,
      "maximum": 1.5,
      "choices": [
        0.5,
        1
      ]
    },
    "ape": {
      "type": "text?",
      "default": null
    }
  },
  "nodes": {
    "second": {
      "type": "t/x",
      "version": 2,
      "for_each": [
        "b",
        "a"
      ],
      "bypass": true,
      "inputs": {
        "b": {
          "wire": "first.value"
        },
        "a": {
          "param": "zebra"
        },
        "c": {
          "value": {
            "wire": "no wire"
          }
        },
        "d": [
          1,
          "two",
          null,
          true,
          1e-07
        ]
      }
    },
    "first": {
      "type": "graph/other"
    }
  },
  "results": {
    "z": "second.value",
    "a": "first.value"
  },
  "view": {
    "second": [
      40,
      80
    ]
  }
}
"""


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_written_as_it_lies_in_the_repository(name: str) -> None:
    text = TEMPLATES[name].read_text()
    assert read_graph(text).text() == text


def test_everything_a_graph_can_hold_is_written_in_its_own_order() -> None:
    assert read_graph(RICH).text() == RICH


OTHERWISE = {
    "keys in another order": '{"nodes": {"a": {"inputs": {"x": 1}, "type": "t/x"}}, "format": 1}',
    "a literal in an object": '{"format": 1, "nodes": {"a": {"type": "t/x", "inputs": {"x": {"value": 5}}}}}',
    "empty parts": '{"format":1,"title":"","nodes":{"a":{"type":"t/x","inputs":{}}},"results":{},"parameters":{}}',
    "numbers in another form": '{"format": 1, "nodes": {"a": {"type": "t/x", "inputs": {"x": [1e5, -0.0, 1.50]}}}}',
    "escaped and decomposed text": '{"format":1,"nodes":{"a":{"type":"t/x","inputs":{"x":"\\u0065\\u0301 \\/"}}}}',
    "a view of null": '{"format": 1, "nodes": {}, "view": null}',
}


@pytest.mark.parametrize("text", OTHERWISE.values(), ids=OTHERWISE)
def test_what_was_written_otherwise_is_stable_from_then_on(text: str) -> None:
    once = read_graph(text)
    again = read_graph(once.text())
    assert again == once
    assert again.text() == once.text()
    assert again.canonical() == once.canonical()


def test_moving_a_node_changes_only_the_lines_of_the_view() -> None:
    graph = read_graph(RICH)
    moved = dataclasses.replace(graph, view={"second": [41, 80]})
    changed = [
        line[1:].strip()
        for line in difflib.unified_diff(graph.text().splitlines(), moved.text().splitlines(), n=0, lineterm="")
        if line[0] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == ["40,", "41,"]


@pytest.mark.parametrize("view", [None, {}, {"first": [1, 2], "notes": ["hello"]}, [1], "x", 0])
def test_the_view_is_never_hashed(view: JsonValue) -> None:
    graph = read_graph(RICH)
    assert dataclasses.replace(graph, view=view).canonical() == graph.canonical()


def test_canonical_bytes_depend_on_no_order_of_keys() -> None:
    tree = json.loads(RICH)
    turned = {key: tree[key] for key in reversed(tree)}
    turned["nodes"] = {key: tree["nodes"][key] for key in reversed(tree["nodes"])}
    assert parse_graph(turned).canonical() == read_graph(RICH).canonical()


def test_a_graph_that_holds_no_json_is_not_written() -> None:
    graph = Graph({"a": GraphNode("t/x", {"x": Constant(float("nan"))})})
    with pytest.raises(ValueError, match="not JSON compliant"):
        graph.text()


def schema() -> jsonschema.Draft202012Validator:
    written = graph_schema()
    jsonschema.Draft202012Validator.check_schema(written)
    return jsonschema.Draft202012Validator(written)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_schema_takes_every_template(name: str) -> None:
    schema().validate(json.loads(TEMPLATES[name].read_text()))


def test_the_schema_takes_everything_a_graph_can_hold() -> None:
    schema().validate(json.loads(RICH))


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES)
def test_the_schema_refuses_the_shapes_that_the_reader_refuses(case: BadGraph) -> None:
    assert not _is_read(case.tree)
    assert not schema().is_valid(case.tree)


# That a name is in NFC is the one thing that a schema cannot say.
@pytest.mark.parametrize("name", [name for name in BAD_NAMES.values() if name != "\u212b"])
def test_the_schema_refuses_the_names_that_the_reader_refuses(name: str) -> None:
    assert not schema().is_valid({"format": 1, "nodes": {name: {"type": "t/x"}}})


def test_the_schema_knows_the_same_keys_as_the_reader() -> None:
    written = json.loads(json.dumps(graph_schema()))
    assert tuple(written["properties"]) == GRAPH_KEYS
    assert set(written["$defs"]["node"]["properties"]) == set(NODE_KEYS)
    assert tuple(written["$defs"]["parameter"]["properties"]) == PARAMETER_KEYS
    inputs = written["$defs"]["input"]["anyOf"]
    assert {key for one in inputs for key in one.get("properties", ())} == {"wire", "param", "value"}


NEAR = ["a.b", "a.", ".b", "a", "a.b.", "a..b", "a\n.b", "a.b\n", "", ".", "夜.昼"]


@pytest.mark.parametrize("wire", NEAR)
def test_the_schema_and_the_reader_agree_on_what_a_wire_is(wire: str) -> None:
    tree = {"format": 1, "nodes": {}, "results": {"r": wire}}
    assert schema().is_valid(tree) == _is_read(tree)


TYPES = ["text", "text?", "list[text]", "list[text?]", "list[list[a]?]?", "", "?", "list[]", "list[text", "a b", "a\n"]


@pytest.mark.parametrize("type_", TYPES)
def test_whatever_type_the_reader_takes_the_schema_takes(type_: str) -> None:
    tree = {"format": 1, "nodes": {}, "parameters": {"p": {"type": type_}}}
    assert schema().is_valid(tree) or not _is_read(tree)


def _is_read(tree: object) -> bool:
    try:
        parse_graph(tree)
    except DioramaError:
        return False
    return True
