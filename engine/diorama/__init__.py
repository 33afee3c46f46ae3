"""Diorama: a node-graph workflow engine that turns a sentence or a picture into a 3D scene."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diorama.api import arun, run
    from diorama.catalogue import Catalogue
    from diorama.client.aio import AsyncClient
    from diorama.client.sync import Client
    from diorama.context import Cancelled, Context
    from diorama.curve import Curve, Heights
    from diorama.faults import BadInput, DioramaError, Fault
    from diorama.graph import Graph, read_graph
    from diorama.model import Model
    from diorama.node import Advanced, Cosmetic, Cost, Lazy, Node, Unit, node
    from diorama.session import Result, Session, load_graph
    from diorama.types import Color, File, Seed
    from diorama.values.value import Value

_PLACES = {
    "Advanced": "node",
    "arun": "api",
    "run": "api",
    "AsyncClient": "client.aio",
    "Catalogue": "catalogue",
    "Client": "client.sync",
    "Cancelled": "context",
    "Context": "context",
    "Curve": "curve",
    "Heights": "curve",
    "BadInput": "faults",
    "DioramaError": "faults",
    "Fault": "faults",
    "Graph": "graph",
    "read_graph": "graph",
    "Cosmetic": "node",
    "Cost": "node",
    "Lazy": "node",
    "Model": "model",
    "Node": "node",
    "Unit": "node",
    "node": "node",
    "Result": "session",
    "Session": "session",
    "load_graph": "session",
    "Color": "types",
    "File": "types",
    "Seed": "types",
    "Value": "values.value",
}
"""Where each public name is defined: loaded when it is first used, so that the import itself costs little."""

__all__ = [
    "Advanced",
    "AsyncClient",
    "BadInput",
    "Cancelled",
    "Catalogue",
    "Client",
    "Color",
    "Context",
    "Cosmetic",
    "Cost",
    "Curve",
    "DioramaError",
    "Fault",
    "File",
    "Graph",
    "Heights",
    "Lazy",
    "Model",
    "Node",
    "Result",
    "Seed",
    "Session",
    "Unit",
    "Value",
    "arun",
    "load_graph",
    "node",
    "read_graph",
    "run",
]


class _Package(ModuleType):
    """This package, whose functions `run` and `node` stay what they are when modules of those names are imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _PLACES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(f"module 'diorama' has no attribute {name!r}")
    value = getattr(import_module(f"diorama.{_PLACES[name]}"), name)
    globals()[name] = value
    return value
