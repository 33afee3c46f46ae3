"""Parameters as they are given on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
from pydantic import JsonValue

from diorama.faults import failure
from diorama.graph import Graph, Wire
from diorama.session import target_of


def read_settings(settings: Sequence[str], graph: Graph) -> dict[str, JsonValue]:
    """Values by parameter from `name=value` texts, read by the parameter's type. Raises `DioramaError` (C001)."""
    values: dict[str, JsonValue] = {}
    for text in settings:
        name, sign, value = text.partition("=")
        if not sign:
            raise failure("C001", "--set", f"{text!r:.100} is given, but NAME=VALUE is wanted")
        parameter = graph.parameters.get(name)
        values[name] = _read(value, parameter.type if parameter is not None else "text")
    return values


def _read(text: str, type_: str) -> JsonValue:
    bare = type_.removesuffix("?")
    if bare == "file":
        return str(Path(text).expanduser().absolute())
    if bare in ("text", "choice", "color"):
        return text
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value


def read_target(target: str | None, graph: Graph) -> list[Wire]:
    """The target of `--to` as a list of none or one."""
    return [target_of(target, graph)] if target else []
