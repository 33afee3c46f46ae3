"""`diorama models`: the weights that nodes can load, which are here, and how to get the others."""

from __future__ import annotations

from diorama.catalogue import installed
from diorama.cli.codes import GRAPH_FAULTS, OK
from diorama.cli.look import print_json
from diorama.faults import did_you_mean, failure
from diorama.models.registry import models_folder
from diorama.models.views import ModelView, model_views


def list_models(name: str | None, as_json: bool) -> int:
    """Print all models, or all about one; gives the exit code, which is not 0 where one that was named is not whole."""
    views = {view.name: view for view in model_views(installed())}
    if name is None:
        _print_all(list(views.values()), as_json)
        return OK
    view = views.get(name)
    if view is None:
        raise failure("C001", name, f"no node loads a model {name!r:.100}{did_you_mean(name, views)}")
    if as_json:
        print_json(view.json())
    else:
        _print_one(view)
    return OK if view.state == "present" else GRAPH_FAULTS


def _print_all(views: list[ModelView], as_json: bool) -> None:
    if as_json:
        print_json([view.json() for view in views])
        return
    width = max((len(view.name) for view in views), default=0)
    for view in views:
        print(f"{view.state:<7} {view.name:<{width}}  {view.gib:5.1f} GiB  {view.license}")
    print(f"looked for in {models_folder()}; `diorama models NAME` tells all about one")


def _print_one(view: ModelView) -> None:
    lines = {
        "model": view.title,
        "state": view.state,
        "folder": view.path,
        "source": f"{view.repository} at the Hugging Face hub, revision {view.revision}",
        "licence": view.license,
        "download": f"{view.gib:.1f} GiB",
        "nodes": ", ".join(view.nodes),
        "missing": ", ".join(view.missing),
        "damaged": "; ".join(f"{name}: {why}" for name, why in view.damaged.items()),
        "get it": view.how_to_get.partition(": ")[2],
    }
    for label, text in lines.items():
        if text:
            print(f"{label:<9} {text}")
