"""Documents that are no graphs, each with what is told of it: shared by the tests of the reader and of the schema."""

from __future__ import annotations

import json
from typing import NamedTuple

from tests.support.static_nodes import document


def node(**parts: object) -> dict[str, object]:
    return document({"a": {"type": "t/x", **parts}})


def parameter(**parts: object) -> dict[str, object]:
    return document({}, parameters={"p": {"type": "text", **parts}})


class BadGraph(NamedTuple):
    """A document and the faults that it has."""

    tree: object
    told: list[tuple[str, str, str]]
    """Code, pointer, and words of the sentence."""


DEEP = json.loads("[" * 70 + "]" * 70)
SHAPES = {
    "a list is no graph": BadGraph([], [("G009", "", "a list")]),
    "null is no graph": BadGraph(None, [("G009", "", "null")]),
    "an object without a format is no graph": BadGraph({"nodes": {}}, [("G007", "/format", "None")]),
    "a format in words is unknown": BadGraph({"format": "1"}, [("G007", "/format", "'1'")]),
    "true is no format": BadGraph({"format": True}, [("G007", "/format", "True")]),
    "there is no format 0": BadGraph({"format": 0}, [("G007", "/format", "0")]),
    "a newer format asks for a newer version": BadGraph({"format": 2}, [("G007", "/format", "a newer Diorama")]),
    "a graph without nodes is told": BadGraph({"format": 1}, [("G009", "", "no nodes")]),
    "nodes are an object": BadGraph({"format": 1, "nodes": []}, [("G009", "/nodes", "a list is given")]),
    "a title is a text": BadGraph(document({}, title=3), [("G009", "/title", "a number is given")]),
    "a description is a text": BadGraph(document({}, description=None), [("G009", "/description", "null is given")]),
    "parameters are an object": BadGraph(document({}, parameters="p"), [("G009", "/parameters", "a text is given")]),
    "results are an object": BadGraph(document({}, results=["a.b"]), [("G009", "/results", "a list is given")]),
    "an unknown key is told with what it may mean": BadGraph(
        document({}, reslts={}), [("G008", "/reslts", "did you mean 'results'?")]
    ),
    "an unknown key with no likeness is told without": BadGraph(
        document({}, zzz=1), [("G008", "/zzz", "not known here")]
    ),
    "a node is an object": BadGraph(document({"a": 1}), [("G009", "/nodes/a", "a number is given")]),
    "a node has a type": BadGraph(document({"a": {}}), [("G009", "/nodes/a", "no type")]),
    "a node's type is a text": BadGraph(document({"a": {"type": []}}), [("G009", "/nodes/a/type", "a list is given")]),
    "an unknown key of a node is told": BadGraph(
        node(input={}), [("G008", "/nodes/a/input", "did you mean 'inputs'?")]
    ),
    "a key of a neighbouring format is told": BadGraph(
        node(class_type="x"), [("G008", "/nodes/a/class_type", "'class_type'")]
    ),
    "inputs are an object": BadGraph(node(inputs=[1]), [("G009", "/nodes/a/inputs", "a list is given")]),
    "a version is a whole number": BadGraph(node(version=1.5), [("G009", "/nodes/a/version", "1.5 is given")]),
    "a version is no truth": BadGraph(node(version=True), [("G009", "/nodes/a/version", "whole number")]),
    "a version starts at 1": BadGraph(node(version=0), [("G009", "/nodes/a/version", "0 is given")]),
    "a version is not null": BadGraph(node(version=None), [("G009", "/nodes/a/version", "null is given")]),
    "bypass is true or false": BadGraph(node(bypass="yes"), [("G009", "/nodes/a/bypass", "true or false")]),
    "for_each is a list": BadGraph(node(for_each="x"), [("G009", "/nodes/a/for_each", "a text is given")]),
    "for_each is not empty": BadGraph(node(for_each=[]), [("G009", "/nodes/a/for_each", "list of port names")]),
    "for_each holds names": BadGraph(node(for_each=["x", 1]), [("G009", "/nodes/a/for_each", "list of port names")]),
    "an input's object says what it is": BadGraph(
        node(inputs={"x": {}}), [("G009", "/nodes/a/inputs/x", "exactly one of")]
    ),
    "an input has one source": BadGraph(
        node(inputs={"x": {"wire": "b.y", "value": 1}}), [("G009", "/nodes/a/inputs/x", "'wire', 'value'")]
    ),
    "an input's object of another kind is told": BadGraph(
        node(inputs={"x": {"link": "b.y"}}), [("G009", "/nodes/a/inputs/x", "'link'")]
    ),
    "a parameter is named by a text": BadGraph(
        node(inputs={"x": {"param": 1}}), [("G009", "/nodes/a/inputs/x", "'param'")]
    ),
    "a wire is a text": BadGraph(node(inputs={"x": {"wire": 1}}), [("G009", "/nodes/a/inputs/x/wire", '"node.port"')]),
    "a wire names a port": BadGraph(node(inputs={"x": {"wire": "b"}}), [("G009", "/nodes/a/inputs/x/wire", "'b'")]),
    "a wire's port has a name": BadGraph(
        node(inputs={"x": {"wire": "b."}}), [("G009", "/nodes/a/inputs/x/wire", "'b.'")]
    ),
    "a wire's node has a name": BadGraph(
        node(inputs={"x": {"wire": ".y"}}), [("G009", "/nodes/a/inputs/x/wire", "'.y'")]
    ),
    "a result is a wire": BadGraph(document({}, results={"r": {}}), [("G009", "/results/r", '"node.port"')]),
    "a parameter is an object": BadGraph(
        document({}, parameters={"p": "text"}), [("G009", "/parameters/p", "a text is")]
    ),
    "a parameter has a type": BadGraph(document({}, parameters={"p": {}}), [("G009", "/parameters/p", "no type")]),
    "a parameter's type is a text": BadGraph(parameter(type=1), [("G009", "/parameters/p/type", "a number is given")]),
    "a type is not nested without end": BadGraph(
        parameter(type="list[" * 5000 + "text" + "]" * 5000), [("G009", "/parameters/p/type", "is wanted")]
    ),
    "a parameter's help is a text": BadGraph(parameter(help=1), [("G009", "/parameters/p/help", "a number is given")]),
    "a parameter's unit is a text": BadGraph(parameter(unit=[]), [("G009", "/parameters/p/unit", "a list is given")]),
    "a minimum is a number": BadGraph(parameter(minimum="1"), [("G009", "/parameters/p/minimum", "a text is given")]),
    "a maximum is no truth": BadGraph(parameter(maximum=True), [("G009", "/parameters/p/maximum", "true is given")]),
    "a minimum is not null": BadGraph(parameter(minimum=None), [("G009", "/parameters/p/minimum", "null is given")]),
    "choices are a list": BadGraph(
        parameter(choices={"a": 1}), [("G009", "/parameters/p/choices", "an object is given")]
    ),
    "choices are not null": BadGraph(parameter(choices=None), [("G009", "/parameters/p/choices", "null is given")]),
    "an unknown key of a parameter is told": BadGraph(parameter(min=1), [("G008", "/parameters/p/min", "'min'")]),
    "all that is wrong is told at once": BadGraph(
        {
            "format": 1,
            "titel": "",
            "parameters": {"p q": {"type": 1}},
            "nodes": {"a": {"type": 1, "inputs": {"x": {"wire": 1}, "y": {}}}, "2": {"type": "t/x", "bypass": 1}},
            "results": {"r": "x"},
        },
        [
            ("G008", "/titel", "'title'"),
            ("G009", "/nodes/a/inputs/x/wire", "1"),
            ("G009", "/nodes/a/inputs/y", "exactly"),
            ("G009", "/nodes/a/type", "a number"),
            ("G010", "/nodes/2", "'2'"),
            ("G009", "/nodes/2/bypass", "a number"),
            ("G009", "/results/r", "'x'"),
            ("G010", "/parameters/p q", "'p q'"),
            ("G009", "/parameters/p q/type", "a number"),
        ],
    ),
}
"""What has another shape than a graph."""

BEYOND = {
    "for_each names a port once": BadGraph(node(for_each=["x", "x"]), [("G109", "/nodes/a/for_each", "named twice")]),
    "a literal is not nested without end": BadGraph(
        node(inputs={"x": DEEP}), [("G005", "/nodes/a/inputs/x", "64 levels")]
    ),
    "nor one in an object": BadGraph(node(inputs={"x": {"value": DEEP}}), [("G005", "/nodes/a/inputs/x", "64 levels")]),
    "nor the view": BadGraph(document({}, view=DEEP), [("G005", "/view", "64 levels")]),
    "nor a default": BadGraph(parameter(default=DEEP), [("G005", "/parameters/p/default", "64 levels")]),
    "nor choices": BadGraph(parameter(choices=[DEEP]), [("G005", "/parameters/p/choices", "64 levels")]),
    "a number that is none is told in a tree from elsewhere": BadGraph(
        node(inputs={"x": float("nan"), "y": [2**60]}),
        [("G003", "/nodes/a/inputs/x", "nan"), ("G003", "/nodes/a/inputs/y", "2^53")],
    ),
    "keys that are the same text are told": BadGraph(
        node(inputs={"x": {"value": {"\u00e9": 1, "e\u0301": 2}}}), [("G002", "/nodes/a/inputs/x", "the same text")]
    ),
    "a parameter's type is written as one": BadGraph(
        parameter(type="list[text"), [("G009", "/parameters/p/type", "list[")]
    ),
}
"""What a schema cannot say: limits, normal forms, brackets that match."""

BAD_NAMES = {
    "an empty name": "",
    "a name with a space": "a b",
    "a name with a dot, as wires have": "a.b",
    "a name with a slash, as steps have": "a/b",
    "a name that begins with a digit": "1a",
    "a name that begins with a hyphen": "-a",
    "a name that programs treat specially": "__proto__",
    "a name of 200 characters": "a" * 200,
    "a name with a line feed at its end": "a\n",
    "a name with a NUL": "a\0",
    "a name that climbs": "..",
    "a name that is another in NFC": "\u212b",
}
