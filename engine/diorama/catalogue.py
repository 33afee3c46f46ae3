"""The packs that were found and the nodes in them; as JSON, what an editor needs to draw them."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import Distribution, EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
from blake3 import blake3
from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from diorama.curve import Heights
from diorama.model import Model
from diorama.node import InputPort, Node
from diorama.types import table

GROUP = "diorama.packs"
"""Entry points of this group name packs: the entry's name is the pack's, its module lists `MODULES`."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack: its name, version, and, for one under development, the digest of its source."""

    name: str
    version: str
    source: str = ""


@dataclass(frozen=True)
class Entry:
    """A node as it was found: which pack, and under which id graphs name it."""

    id: str
    pack: Pack
    node: Node[Any, Any]

    @cached_property
    def code(self) -> str:
        """What stands for the node's code in keys: its version, and for a pack under development its source."""
        version = str(self.node.settings.version)
        return f"{version}+{self.pack.source}" if self.pack.source else version

    @cached_property
    def why_unreadable(self) -> str:
        """Why the node's signature gives no ports, in one line; nothing where it does."""
        try:
            _ = self.node.inputs, self.node.outputs
        except Exception as error:  # an annotation is evaluated and may raise anything
            return _why(self.id, error)
        return ""

    def json(self) -> dict[str, JsonValue]:
        """The entry for the catalogue: ports, cost, models and help."""
        settings = self.node.settings
        return {
            "id": self.id,
            "version": settings.version,
            "category": settings.category,
            "help": self.node.summary,
            "inputs": [_port_json(port) for port in self.node.inputs.values()],
            "outputs": [{"name": port.name, "type": port.type} for port in self.node.outputs.values()],
            "cost": {"seconds": settings.cost.seconds, "vram_gib": settings.cost.vram_gib},
            "models": [_model_json(model) for model in settings.models],
            "volatile": settings.is_volatile,
            "batched": self.node.batched_function is not None,
            "time_limit": settings.time_limit,
        }


@dataclass(frozen=True)
class Catalogue:
    """Every node that was found, by its id `pack/name`."""

    entries: Mapping[str, Entry]
    packs: tuple[Pack, ...] = field(default=())
    broken: tuple[str, ...] = field(default=())
    """Modules of packs that could not be loaded, each with why, in one line."""

    def json(self) -> dict[str, JsonValue]:
        """The catalogue as a small JSON document."""
        entries = [entry for _, entry in sorted(self.entries.items())]
        nodes: list[JsonValue] = [entry.json() for entry in entries if not entry.why_unreadable]
        unreadable = [entry.why_unreadable for entry in entries if entry.why_unreadable]
        # The table comes after the nodes: types join it as signatures are read.
        return {
            "packs": [{"name": pack.name, "version": pack.version} for pack in self.packs],
            "types": {name: list(fits) for name, fits in table().items()},
            "nodes": nodes,
            "broken": [*self.broken, *unreadable],
        }

    def read_signatures(self) -> None:
        """Read the signature of every node, so that every type of the packs is in the table."""
        for entry in self.entries.values():
            _ = entry.why_unreadable


def catalogue_of(pack: Pack, *nodes: Node[Any, Any]) -> Catalogue:
    """A catalogue of the given nodes alone: for tests, and for graphs of nodes made on the spot."""
    return Catalogue(
        {f"{pack.name}/{node.name}": Entry(f"{pack.name}/{node.name}", pack, node) for node in nodes}, (pack,)
    )


@cache
def installed() -> Catalogue:
    """The nodes of every pack that is installed; found once a process."""
    entries: dict[str, Entry] = {}
    packs: list[Pack] = []
    broken: list[str] = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            pack = _pack(point)
            modules = tuple(importlib.import_module(point.value).MODULES)
        except Exception as error:  # a pack may raise anything; the others go on
            broken.append(_why(point.value, error))
            continue
        packs.append(pack)
        for module_name in modules:
            try:
                module = importlib.import_module(module_name)
            except Exception as error:
                broken.append(_why(module_name, error))
                continue
            for node in nodes_of(module):
                entry = Entry(f"{pack.name}/{node.name}", pack, node)
                if entries.setdefault(entry.id, entry).node is not node:
                    broken.append(f"{module_name} has a second node {entry.id}; the first is used")
    return Catalogue(entries, tuple(packs), tuple(broken))


def pack_as_it_is(name: str) -> Pack | None:
    """A pack as it lies on disk now, which may be another than when this process began; None where it is gone."""
    found = list(entry_points(group=GROUP, name=name))
    return _pack(found[0]) if found else None


def nodes_of(module: ModuleType) -> Iterator[Node[Any, Any]]:
    """The nodes that a module declares itself."""
    for value in vars(module).values():
        if isinstance(value, Node) and value.function.__module__ == module.__name__:
            yield value


def _why(module: str, error: Exception) -> str:
    return f"{module} could not be loaded: {type(error).__name__}: {error}".replace("\n", " ")


def _pack(point: EntryPoint) -> Pack:
    distribution = point.dist
    version = distribution.version if distribution else "0"
    source = _source_digest(point.value) if distribution and _is_editable(distribution) else ""
    return Pack(point.name, version, source)


def _is_editable(distribution: Distribution) -> bool:
    text = distribution.read_text("direct_url.json")
    return bool(text) and bool(orjson.loads(text or "{}").get("dir_info", {}).get("editable"))


def _source_digest(module_name: str) -> str:
    """A digest over all source of the pack: a helper that a node calls changes its results as the node does."""
    found = importlib.util.find_spec(module_name)
    assert found is not None
    assert found.origin is not None
    root = Path(found.origin).parent
    hasher = blake3()
    for path in sorted(root.rglob("*.py")):
        content = path.read_bytes()
        hasher.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        hasher.update(content)
    return hasher.hexdigest()[:16]


def _port_json(port: InputPort) -> dict[str, JsonValue]:
    written: dict[str, JsonValue] = {"name": port.name, "type": port.type, "help": port.help}
    if port.unit:
        written["unit"] = port.unit
    if not port.is_required:
        written["default"] = to_jsonable_python(port.default)
    if port.choices:
        written["choices"] = list(port.choices)
    written.update(bounds_of(port))
    for flag, holds in (("cosmetic", port.is_cosmetic), ("lazy", port.is_lazy), ("advanced", port.is_advanced)):
        if holds:
            written[flag] = True
    return written


def bounds_of(port: InputPort) -> dict[str, JsonValue]:
    """The range of a number or of a curve's heights, or the length of a text, from the port's annotation."""
    names = {"ge": "minimum", "gt": "above", "le": "maximum", "lt": "below", "pattern": "pattern"}
    names |= {"multiple_of": "step", "min_length": "min_length", "max_length": "max_length"}
    bounds: dict[str, JsonValue] = {}
    for note in port.notes:
        if isinstance(note, Heights):
            bounds |= {"minimum": note.least, "maximum": note.most}
        for constraint in getattr(note, "metadata", ()):
            for attribute, name in names.items():
                value = getattr(constraint, attribute, None)
                if value is not None:
                    bounds[name] = value
    return bounds


def _model_json(model: Model[Any]) -> dict[str, JsonValue]:
    return {
        "name": model.name,
        "gib": model.gib,
        "repository": model.repository,
        "revision": model.revision,
        "license": model.license,
    }
