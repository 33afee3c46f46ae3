"""The JSON Schema of graph documents (draft 2020-12), for editors of text and other programs."""

from __future__ import annotations

from pydantic import JsonValue

from diorama.graph import FORMAT, GRAPH_KEYS, NODE_KEYS, PARAMETER_KEYS
from diorama.types import MOST_TYPE

NAME = r"^(?!__)[^\W\d][\w-]{0,99}(?![\s\S])"
"""The end is said without `$`, which in some dialects lets a line feed follow."""
PORT_TYPE = r"^(?:list\[)*[^\W\d][\w.-]*[\]?]*(?![\s\S])"
OUTPUT = {"type": "string", "pattern": r"^[\s\S]+\.[^.]+(?![\s\S])", "description": "An output as `node.port`."}


def graph_schema() -> dict[str, JsonValue]:
    """The schema; that it knows the same keys as the reader is tested."""
    schema: dict[str, JsonValue] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Diorama graph",
        "type": "object",
        "required": ["format", "nodes"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "title": {"type": "string"},
            "description": {"type": "string"},
            "parameters": {
                "type": "object",
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {"$ref": "#/$defs/parameter"},
            },
            "nodes": {
                "type": "object",
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {"$ref": "#/$defs/node"},
            },
            "results": {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": dict(OUTPUT)},
            "view": {"description": "Positions, frames, notes and colours: never hashed, never run."},
        },
        "$defs": {"parameter": _parameter(), "node": _node(), "input": _input()},
    }
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert tuple(properties) == GRAPH_KEYS
    return schema


def _parameter() -> JsonValue:
    properties: dict[str, JsonValue] = {
        "type": {
            "type": "string",
            "pattern": PORT_TYPE,
            "maxLength": MOST_TYPE,
            "description": "A port type, such as `text`, `seed`, `list[image]`, `file?`.",
        },
        "default": {"description": "Value of a run that gives none."},
        "help": {"type": "string"},
        "unit": {"type": "string"},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "choices": {"type": "array"},
    }
    assert tuple(properties) == PARAMETER_KEYS
    return {"type": "object", "required": ["type"], "additionalProperties": False, "properties": properties}


def _node() -> JsonValue:
    properties: dict[str, JsonValue] = {
        "type": {"type": "string", "description": "`pack/name` of a declared node, or `graph/NAME` of a saved graph."},
        "version": {"type": "integer", "minimum": 1, "description": "Version of the node it was written for."},
        "inputs": {"type": "object", "additionalProperties": {"$ref": "#/$defs/input"}},
        "for_each": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "uniqueItems": True,
            "description": "Inputs that receive a list while the node takes one; several are zipped.",
        },
        "bypass": {"type": "boolean"},
    }
    assert set(properties) == set(NODE_KEYS)
    return {"type": "object", "required": ["type"], "additionalProperties": False, "properties": properties}


def _input() -> JsonValue:
    def only(key: str, schema: JsonValue) -> JsonValue:
        return {"type": "object", "required": [key], "additionalProperties": False, "properties": {key: schema}}

    return {
        "anyOf": [
            {"type": ["string", "number", "boolean", "null", "array"]},
            only("wire", dict(OUTPUT)),
            only("param", {"type": "string"}),
            only("value", {}),
        ]
    }
