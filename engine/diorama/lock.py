"""Lock files: what a run was made of, so that the same run can be asked for again to the byte."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from diorama.atomic import write_whole
from diorama.catalogue import Entry
from diorama.faults import Fault, failure
from diorama.graph import Graph
from diorama.keys import digest_of, written
from diorama.library import Library
from diorama.plan import Plan
from diorama.refs import Ref

LOCK_FORMAT: Final = 1
PACKAGES = (
    "diorama",
    "numpy",
    "scipy",
    "pillow",
    "soundfile",
    "embreex",
    "mapbox-earcut",
    "manifold3d",
    "shapely",
    "trimesh",
)
"""Packages whose version can change a result."""


class Lock(BaseModel):
    """A lock file: graph, node code, models, packages, parameters with settled seeds, and the results' digests."""

    model_config = ConfigDict(extra="forbid")

    lock: Literal[1] = LOCK_FORMAT
    graph: str
    parameters: dict[str, JsonValue]
    nodes: dict[str, str]
    models: dict[str, str]
    packages: dict[str, str]
    machine: str
    results: dict[str, str]


def lock_of(plan: Plan, library: Library, results: Mapping[str, Ref]) -> Lock:
    """The lock of a run that has ended."""
    found = _lock_of_plan(plan, library)
    found.results = {name: written(ref.digest) for name, ref in results.items()}
    return found


def _lock_of_plan(plan: Plan, library: Library) -> Lock:
    declared = _declared(plan.graph, library, {})
    models = [model for entry in declared.values() for model in entry.node.settings.models]
    return Lock(
        graph=written(digest_of(plan.graph.canonical())),
        parameters=dict(plan.values),
        nodes={name: entry.code for name, entry in sorted(declared.items())},
        models={model.name: model.identity for model in models},
        packages={name: _version(name) for name in PACKAGES},
        machine=f"{platform.machine()} python {platform.python_version()}",
        results={},
    )


def _declared(graph: Graph, library: Library, found: dict[str, Entry]) -> dict[str, Entry]:
    """Every declared node that a graph names, those inside saved graphs too, by id."""
    for node in graph.nodes.values():
        interface = library.interfaces[node.type]
        if interface.entry is not None:
            found[interface.entry.id] = interface.entry
        elif interface.graph is not None:
            _declared(interface.graph, library, found)
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock file whole or not at all."""
    write_whole(path, orjson.dumps(lock.model_dump(), option=orjson.OPT_INDENT_2) + b"\n")


def read_lock(path: Path) -> Lock:
    """The lock in a file; raises `DioramaError` (L002) where there is no usable one."""
    try:
        return Lock.model_validate_json(path.read_bytes())
    except OSError as error:
        raise failure("L002", str(path), f"the lock file cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise failure("L002", str(path), f"no lock file of this version: {first['loc']}: {first['msg']}") from error


def differences(lock: Lock, plan: Plan, library: Library) -> list[Fault]:
    """Everything that is not as it was when the lock was written (L001)."""
    now = _lock_of_plan(plan, library)
    faults = [
        Fault("L001", what, f"the lock has {was}, but it is {found}")
        for what, was, found in (("graph", lock.graph, now.graph), ("machine", lock.machine, now.machine))
        if was != found
    ]
    for part in ("parameters", "nodes", "models", "packages"):
        faults.extend(_unequal(part, getattr(lock, part), getattr(now, part)))
    return faults


def result_differences(lock: Lock, results: Mapping[str, Ref]) -> list[Fault]:
    """Results that came out otherwise than the lock says (L001)."""
    return _unequal("results", lock.results, {name: written(ref.digest) for name, ref in results.items()})


def _unequal(part: str, was: Mapping[str, JsonValue], found: Mapping[str, JsonValue]) -> list[Fault]:
    names: Sequence[str] = sorted({*was, *found})
    return [
        Fault(
            "L001", f"{part}.{name}", f"the lock has {was.get(name, 'nothing')}, but it is {found.get(name, 'nothing')}"
        )
        for name in names
        if was.get(name) != found.get(name)
    ]
