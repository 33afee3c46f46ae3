"""The models that the nodes of a catalogue can load, as people and programs see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue

from diorama.catalogue import Catalogue
from diorama.models.found import ModelState
from diorama.models.registry import Registry, registry
from diorama.models.weights import Weights
from diorama.needs import how_to_get


@dataclass(frozen=True, slots=True)
class ModelView:
    """A model: what it is, whether it is here, and how to get it where it is not."""

    name: str
    title: str
    repository: str
    revision: str
    """The commit its files came from where that is known, else the one that would be asked for."""
    license: str
    gib: float
    """Of what has to be downloaded."""
    state: ModelState
    path: str
    nodes: tuple[str, ...]
    """Ids of the nodes that load it."""
    missing: tuple[str, ...] = ()
    damaged: dict[str, str] = field(default_factory=dict)
    """Why a file cannot be used, by its name."""
    parameters: int = 0
    """How many numbers its weights are; 0 where they are not here."""
    how_to_get: str = ""

    def json(self) -> dict[str, JsonValue]:
        """The model for machine-readable output."""
        return {
            "name": self.name,
            "title": self.title,
            "repository": self.repository,
            "revision": self.revision,
            "license": self.license,
            "gib": round(self.gib, 2),
            "state": self.state,
            "path": self.path,
            "nodes": list(self.nodes),
            "missing": list(self.missing),
            "damaged": dict(self.damaged),
            "parameters": self.parameters,
            "how_to_get": self.how_to_get,
        }


def model_views(catalogue: Catalogue, among: Registry | None = None) -> list[ModelView]:
    """Every model that a node of the catalogue declares, by name. New files are hashed on the way."""
    users: dict[str, list[str]] = {}
    declared: dict[str, Weights] = {}
    for id_, entry in sorted(catalogue.entries.items()):
        for model in entry.node.settings.models:
            if model.weights is not None:
                declared[model.weights.name] = model.weights
                users.setdefault(model.weights.name, []).append(id_)
    return [_view(weights, users[name], among or registry()) for name, weights in sorted(declared.items())]


def _view(weights: Weights, nodes: list[str], among: Registry) -> ModelView:
    found = among.look(weights)
    return ModelView(
        name=weights.name,
        title=weights.title,
        repository=weights.repository,
        revision=among.revision(weights),
        license=weights.license,
        gib=weights.gib,
        state=found.state,
        path=str(found.folder),
        nodes=tuple(nodes),
        missing=tuple(found.missing),
        damaged=dict(found.damaged),
        parameters=found.numbers,
        how_to_get="" if found.state == "present" else how_to_get(weights, found),
    )
