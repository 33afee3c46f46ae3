"""What a node type takes and gives, be it a declared node or a saved graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from diorama.catalogue import Entry
from diorama.graph import Graph, Parameter, _Missing
from diorama.json_text import normal
from diorama.limits import limits
from diorama.node import InputPort
from diorama.types import BASES, Color, Seed, base_of, fits, item_of

SAVED = "graph/"
"""Node types that begin so are saved graphs: `graph/NAME`."""


@dataclass(frozen=True, slots=True)
class Takes:
    """An input: its type, whether it must be given, and how a literal is brought into its normal form."""

    name: str
    type: str
    is_required: bool
    is_lazy: bool
    is_cosmetic: bool
    default: JsonValue
    """In normal form; None where it is required."""
    literal: Callable[[JsonValue], JsonValue]
    """Raises `ValueError` with what was wanted."""


@dataclass(frozen=True, slots=True)
class Interface:
    """The inputs and outputs of a node type. `entry` is the declared node, `graph` the saved one."""

    inputs: Mapping[str, Takes]
    outputs: Mapping[str, str]
    entry: Entry | None = None
    graph: Graph | None = None
    is_generic: bool = field(init=False, compare=False)
    """Whether an output's type is that of an input."""
    takes_files: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        is_generic = any(base_of(type_).startswith("$") for type_ in self.outputs.values())
        object.__setattr__(self, "is_generic", is_generic)
        takes_files = any(base_of(takes.type) == "file" for takes in self.inputs.values())
        object.__setattr__(self, "takes_files", takes_files)


@lru_cache(maxsize=4096)
def interface_of(entry: Entry) -> Interface:
    """The interface of a declared node; read once a process."""
    inputs = {name: _takes(port) for name, port in entry.node.inputs.items()}
    return Interface(inputs, {name: port.type for name, port in entry.node.outputs.items()}, entry=entry)


def _takes(port: InputPort) -> Takes:
    default = None if port.is_required else _default_of(port)
    return Takes(
        name=port.name,
        type=port.type,
        is_required=port.is_required,
        is_lazy=port.is_lazy,
        is_cosmetic=port.is_cosmetic,
        default=default,
        literal=_literal_reader(port),
    )


def _default_of(port: InputPort) -> JsonValue:
    """A port's default in normal form: a number is a float, however it was written."""
    default = normal(to_jsonable_python(port.default))
    return _as_numbers(default) if base_of(port.type) == "number" else default


def _as_numbers(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_as_numbers(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _literal_reader(port: InputPort) -> Callable[[JsonValue], JsonValue]:
    word = base_of(port.type)
    if word == "any" or word.startswith("$"):
        return normal
    if word == "file":
        return lambda value: _read_as(port.type, value)
    base = BASES.get(word)
    if base is not None and base.value is not None:
        return _no_literal(port.type)
    plain = _PLAIN.get(port.annotation)
    return plain if plain is not None else _checked_by(port.adapter_of)


def _no_literal(type_: str) -> Callable[[JsonValue], JsonValue]:
    def refuse(value: JsonValue) -> JsonValue:
        if value is None and type_.endswith("?"):
            return None
        if value == [] and item_of(type_):
            return []
        raise ValueError(f"a value of type {type_} comes by a wire")

    return refuse


def _read_as(type_: str, value: JsonValue) -> JsonValue:
    """A value of a type that is written as text, in normal form; raises `ValueError` with what was wanted."""
    if type_.endswith("?"):
        return None if value is None else _read_as(type_[:-1], value)
    item = item_of(type_)
    if item is not None:
        if isinstance(value, list):
            return [_read_as(item, one) for one in value]
        raise ValueError("a list is wanted")
    reader = _SCALARS.get(type_)
    return reader(value) if reader is not None else _read_as_base(type_, value)


def _read_as_base(word: str, value: JsonValue) -> JsonValue:
    base = BASES.get(word)
    if base is not None and base.value is not None:
        return _no_literal(word)(value)
    if base is not None and base.model is not None:
        model = base.model
        return _checked_by(lambda: TypeAdapter(model))(value)
    return normal(value)


def _file_path(value: JsonValue) -> JsonValue:
    if isinstance(value, str) and value and "\0" not in value:
        return normal(value)
    raise ValueError("the path of a file is wanted")


def _text(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        _hold_to_limit(value)
        return value if value.isascii() else normal(value)
    raise ValueError("a text is wanted")


def _hold_to_limit(text: str) -> None:
    most = limits().max_text
    if len(text) > most:
        raise ValueError(f"it has {len(text):,} characters, and at most {most:,} are taken")


def _integer(value: JsonValue) -> JsonValue:
    if isinstance(value, int) and not isinstance(value, bool):
        return normal(value)
    raise ValueError("a whole number is wanted")


def _number(value: JsonValue) -> JsonValue:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value) + 0.0
    raise ValueError("a number is wanted")


def _boolean(value: JsonValue) -> JsonValue:
    if isinstance(value, bool):
        return value
    raise ValueError("true or false is wanted")


_PLAIN: Mapping[object, Callable[[JsonValue], JsonValue]] = {str: _text, int: _integer, float: _number, bool: _boolean}


def said(message: str) -> str:
    """What a check of pydantic's says, as the end of a sentence that has told what was given."""
    wanted = message.removeprefix("Input should be ")
    return f"{wanted} is wanted" if wanted != message else message[:1].lower() + message[1:]


def _checked_by(adapter_of: Callable[[], TypeAdapter[Any]]) -> Callable[[JsonValue], JsonValue]:
    def check(value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            _hold_to_limit(value)
        adapter = adapter_of()
        try:
            read = adapter.validate_json(orjson.dumps(normal(value)), strict=True)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
            raise ValueError(f"{place.lstrip('.') + ': ' if place else ''}{said(first['msg'])}") from error
        return normal(adapter.dump_python(read, mode="json"))

    return check


_SCALARS: Mapping[str, Callable[[JsonValue], JsonValue]] = {
    "text": _text,
    "choice": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "seed": _checked_by(lambda: _SEED),
    "color": _checked_by(lambda: _COLOR),
    "file": _file_path,
}
_SEED: TypeAdapter[Any] = TypeAdapter(Seed)
_COLOR: TypeAdapter[Any] = TypeAdapter(Color)


def read_parameter(parameter: Parameter, value: JsonValue) -> JsonValue:
    """A parameter's value in normal form; raises `ValueError` with what was wanted."""
    read = _read_as(parameter.type, normal(value))
    if parameter.choices and read not in parameter.choices:
        shown = ", ".join(f"{choice!r:.40}" for choice in parameter.choices[:20])
        more = f" or {len(parameter.choices) - 20} others" if len(parameter.choices) > 20 else ""
        raise ValueError(f"one of {shown}{more} is wanted")
    if isinstance(read, int | float) and not isinstance(read, bool):
        if parameter.minimum is not None and read < parameter.minimum:
            raise ValueError(f"at least {parameter.minimum:g} is wanted")
        if parameter.maximum is not None and read > parameter.maximum:
            raise ValueError(f"at most {parameter.maximum:g} is wanted")
    return read


def interface_of_graph(graph: Graph, outputs: Mapping[str, str]) -> Interface:
    """The interface of a saved graph: its parameters are the inputs, its results the outputs."""
    inputs: dict[str, Takes] = {}
    for name, parameter in graph.parameters.items():
        has_default = not isinstance(parameter.default, _Missing)
        inputs[name] = Takes(
            name=name,
            type=parameter.type,
            is_required=not has_default,
            is_lazy=False,
            is_cosmetic=False,
            default=None if isinstance(parameter.default, _Missing) else read_parameter(parameter, parameter.default),
            literal=lambda value, parameter=parameter: read_parameter(parameter, value),  # type: ignore[misc]
        )
    return Interface(inputs, outputs, graph=graph)


def passthrough(interface: Interface, output: str) -> str | None:
    """The input that a bypassed node passes through as `output`: the first whose type fits."""
    wanted = interface.outputs[output]
    return next((name for name, takes in interface.inputs.items() if fits(takes.type, wanted)), None)
