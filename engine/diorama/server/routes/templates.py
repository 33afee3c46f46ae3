"""Templates: the graphs that came with Diorama, to run or to start from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path as File
from typing import Annotated, Final

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, JsonValue

from diorama.catalogue import Catalogue
from diorama.graph import Graph, read_graph
from diorama.refusals import NoSuch
from diorama.server.asked import GRAPH_SCHEMA
from diorama.server.problems import raises
from diorama.server.replies import JSON, reply
from diorama.server.security.decisions import READ
from diorama.server.served import TheService
from diorama.templates import saved_graphs

WEBP: Final = "image/webp"

router = APIRouter(tags=["graphs"], dependencies=[READ])


class TemplateModel(BaseModel, title="Template"):
    """A graph that came with Diorama."""

    name: str = Field(examples=["text_to_scene"])
    title: str
    description: str
    parameters: dict[str, JsonValue]
    has_picture: bool = Field(description="Whether there is a picture of what it makes.")
    takes_weights: bool = Field(description="Whether it takes weights of models, which do not come with Diorama.")


class TemplatesModel(BaseModel, title="Templates"):
    """All templates."""

    items: list[TemplateModel]


@router.get("/templates", summary="The templates", operation_id="list_templates", response_model=TemplatesModel)
def list_templates(service: TheService) -> Response:
    """Every template with its parameters."""
    catalogue = service.intake.library.catalogue
    return reply(TemplatesModel(items=[_template(name, path, catalogue) for name, path in saved_graphs().items()]))


@router.get(
    "/templates/{name}",
    summary="A template's document",
    operation_id="get_template",
    responses={200: {"content": {JSON: {"schema": GRAPH_SCHEMA}}}, **raises(404)},
    response_class=Response,
)
def get_template(name: Annotated[str, Path(max_length=200, examples=["text_to_scene"])]) -> Response:
    """The graph document of a template."""
    return Response(_found(name).read_bytes(), media_type=JSON)


@router.get(
    "/templates/{name}/picture",
    summary="A picture of what a template makes",
    operation_id="get_template_picture",
    responses={200: {"content": {WEBP: {"schema": {"type": "string", "format": "binary"}}}}, **raises(404)},
    response_class=Response,
)
def get_picture(name: Annotated[str, Path(max_length=200, examples=["text_to_scene"])]) -> Response:
    """A small picture, made by running the template as it comes."""
    picture = _picture_of(_found(name))
    if not picture.is_file():
        raise NoSuch("picture of the template", name)
    return Response(picture.read_bytes(), media_type=WEBP, headers={"Cache-Control": "max-age=3600"})


def _picture_of(path: File) -> File:
    return path.parent / "pictures" / f"{path.stem}.webp"


def _found(name: str) -> File:
    found = saved_graphs()
    if name not in found:
        raise NoSuch("template", name)
    return found[name]


def _template(name: str, path: File, catalogue: Catalogue) -> TemplateModel:
    graph = _read(path, path.stat().st_mtime_ns)
    parameters = graph.document().get("parameters", {})
    assert isinstance(parameters, dict)
    entries = [catalogue.entries.get(node.type) for node in graph.nodes.values()]
    return TemplateModel(
        name=name,
        title=graph.title,
        description=graph.description,
        parameters=parameters,
        has_picture=_picture_of(path).is_file(),
        takes_weights=any(entry.node.settings.models for entry in entries if entry is not None),
    )


@lru_cache(maxsize=256)
def _read(path: File, changed: int) -> Graph:
    return read_graph(path.read_bytes())
