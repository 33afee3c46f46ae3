"""Saved graphs: named, with every version that was saved."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from diorama.graph import Graph, parse_graph
from diorama.keys import Digest, written
from diorama.refusals import NoSuch
from diorama.run.service import Service
from diorama.server.asked import EXAMPLE_GRAPH, GRAPH_SCHEMA, GraphTree
from diorama.server.bodies import JsonBody
from diorama.server.conditions import IfMatch, IfNoneMatch, etag_of, version_of
from diorama.server.paging import PAGE, Cursor, Limit, Paged
from diorama.server.problems import raises, refused
from diorama.server.replies import JSON, names, reply
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ, WRITE
from diorama.server.served import TheService
from diorama.server.words import NO_NUL, WHOLE, Id, Line, Prose, Wanted
from diorama.store.graphs import GraphVersion

router = APIRouter(prefix="/graphs", tags=["graphs"])

Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="A version; the newest without it.")]
Note = Annotated[str, Query(max_length=10_000, pattern=NO_NUL, description="What was changed, and why.")]
DOCUMENT: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {JSON: {"schema": GRAPH_SCHEMA}}}}


class SavedModel(BaseModel, title="SavedGraph"):
    """A saved graph as it is listed. Times are seconds since the epoch."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["score"])
    version: int = Field(description="The newest one.", examples=[3])
    title: str = Field(examples=["A score"])
    project: str | None = Field(examples=[None])
    created: float
    updated: float


class SavedPage(Paged[SavedModel], title="SavedGraphPage"):
    """A page of saved graphs."""


class VersionModel(BaseModel, title="GraphVersion"):
    """One version of a saved graph."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["score"])
    version: int = Field(examples=[3])
    digest: str = Field(description="Of its document.", examples=["blake3:" + "0" * 64])
    note: str = Field(examples=["slower"])
    author: str = Field(description="Who saved it: the id of an API key, or `local`.", examples=["local"])
    created: float

    @field_validator("digest", mode="before")
    @classmethod
    def _written(cls, digest: Digest) -> str:
        return written(digest)


class VersionPage(Paged[VersionModel], title="GraphVersionPage"):
    """A page of versions."""


class SaveRequest(BaseModel):
    """A graph to save under a new name."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "score", "graph": EXAMPLE_GRAPH, "note": "first"}]}
    )

    name: str = Field(max_length=100, description="A word of letters, digits, `_` and `-` that starts with a letter.")
    graph: GraphTree = Field(description="The graph document.")
    note: Prose = ""
    project: Line | None = Field(default=None, description="Id of the project that it belongs to.")


class GraphBody(RootModel[GraphTree], title="GraphBody"):
    """A graph document by itself."""

    @property
    def graph(self) -> Graph:
        """The graph; raises `DioramaError` with every fault."""
        return parse_graph(self.root)


class NoteRequest(BaseModel, extra="forbid"):
    """What a version is remembered by."""

    note: Prose = Field(examples=["the one with rain"])


class RestoreRequest(BaseModel, extra="forbid"):
    """Which version is to be the newest again."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE] = Field(examples=[2])


@router.get("", summary="List saved graphs", operation_id="list_graphs", response_model=SavedPage, dependencies=[READ])
def list_graphs(service: TheService, project: Wanted = None, cursor: Cursor = None, limit: Limit = PAGE) -> Response:
    """Saved graphs, the one saved last first."""
    page = service.saved.page(project, cursor, limit)
    return reply(SavedPage(items=[SavedModel.model_validate(one) for one in page.items], next=page.next))


@router.post(
    "",
    summary="Save a new graph",
    operation_id="create_graph",
    status_code=201,
    response_model=VersionModel,
    responses=raises(404, 412),
)
def create_graph(
    service: TheService,
    caller: Annotated[Caller, WRITE],
    asked: Annotated[SaveRequest, Depends(JsonBody(SaveRequest))],
) -> Response:
    """Save a graph under a name that is free."""
    graph, project = parse_graph(asked.graph), _known(service, asked.project)
    saved = service.saved.save(asked.name, graph, 0, note=asked.note, author=caller.id, project=project)
    return _shown(saved, 201)


@router.get(
    "/{name}",
    summary="Get a saved graph",
    operation_id="get_graph",
    response_class=Response,
    responses=DOCUMENT | raises(404),
    dependencies=[READ],
)
def get_graph(service: TheService, request: Request, name: Id, version: Version = None) -> Response:
    """The document of a graph as it was saved. Its `ETag` is the version, for `If-Match` when it is saved again."""
    return _document(request, service.saved.get(name, version))


@router.put(
    "/{name}",
    summary="Save a graph",
    operation_id="save_graph",
    response_model=VersionModel,
    responses={201: {"model": VersionModel, "description": "A new name."}, **raises(404, 412, 428)},
)
def save_graph(
    service: TheService,
    caller: Annotated[Caller, WRITE],
    name: Id,
    asked: Annotated[GraphBody, Depends(JsonBody(GraphBody))],
    note: Note = "",
    project: Wanted = None,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Save a graph document as the next version of a name: of a new one, or of the one that `If-Match` names."""
    graph, project = asked.graph, _known(service, project)
    expected = _expected(service, name, if_match, if_none_match)
    saved = service.saved.save(name, graph, expected, note=note, author=caller.id, project=project)
    return _shown(saved, 201 if expected == 0 else 200)


@router.delete(
    "/{name}",
    summary="Delete a saved graph",
    operation_id="delete_graph",
    status_code=204,
    responses=raises(404, 412),
    dependencies=[WRITE],
)
def delete_graph(service: TheService, name: Id, if_match: IfMatch = None) -> Response:
    """Take a graph off the list. Its versions stay, and each can be restored."""
    service.saved.delete(name, version_of(if_match))
    return Response(status_code=204)


@router.get(
    "/{name}/versions",
    summary="List the versions of a graph",
    operation_id="list_graph_versions",
    response_model=VersionPage,
    responses=raises(404),
    dependencies=[READ],
)
def list_versions(service: TheService, name: Id, cursor: Cursor = None, limit: Limit = PAGE) -> Response:
    """Every version, the newest first, also of a graph that was deleted."""
    page = service.saved.versions(name, cursor, limit)
    return reply(VersionPage(items=[VersionModel.model_validate(one) for one in page.items], next=page.next))


@router.get(
    "/{name}/versions/{version}",
    summary="Get a version of a graph",
    operation_id="get_graph_version",
    response_class=Response,
    responses=DOCUMENT | raises(404),
    dependencies=[READ],
)
def get_version(
    service: TheService, request: Request, name: Id, version: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> Response:
    """The document of one version."""
    return _document(request, service.saved.get(name, version))


@router.patch(
    "/{name}/versions/{version}",
    summary="Name a version of a graph",
    operation_id="note_graph_version",
    response_model=VersionModel,
    responses=raises(404),
    dependencies=[WRITE],
)
def note_version(
    service: TheService,
    name: Id,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
    asked: Annotated[NoteRequest, Depends(JsonBody(NoteRequest))],
) -> Response:
    """Give a version another note; its document stays as it is."""
    return _shown(service.saved.note(name, version, asked.note))


@router.post(
    "/{name}/restore",
    summary="Restore a version of a graph",
    operation_id="restore_graph",
    response_model=VersionModel,
    responses=raises(404),
)
def restore_graph(
    service: TheService,
    caller: Annotated[Caller, WRITE],
    name: Id,
    asked: Annotated[RestoreRequest, Depends(JsonBody(RestoreRequest))],
) -> Response:
    """Make an older version the newest again, also of a graph that was deleted."""
    return _shown(service.saved.restore(name, asked.version, author=caller.id))


def _known(service: Service, project: str | None) -> str | None:
    """The id of a project that is there; raises `NoSuch`."""
    return None if project is None else service.projects.get(project).id


def _expected(service: Service, name: str, if_match: str | None, if_none_match: str | None) -> int | None:
    """The version that is saved over: 0 for none, None for any; raises `Refusal` where a condition is wanting."""
    if if_match is not None:
        return version_of(if_match)
    if if_none_match is None and _is_there(service, name):
        raise refused("H005", "If-Match", f"the graph {name!r:.100} is there: say which version was changed")
    return 0


def _is_there(service: Service, name: str) -> bool:
    try:
        service.saved.get(name)
    except NoSuch:
        return False
    return True


def _document(request: Request, saved: GraphVersion) -> Response:
    etag = etag_of(saved.version)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if names(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(saved.document, 200, headers, JSON)


def _shown(saved: GraphVersion, status: int = 200) -> Response:
    headers = {"ETag": etag_of(saved.version), "Location": f"/api/v1/graphs/{saved.name}"}
    return reply(VersionModel.model_validate(saved), status, headers)
