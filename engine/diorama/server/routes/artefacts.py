"""Artefacts: what runs made and what was uploaded, by the digest of its bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, BeforeValidator, Field, JsonValue, StringConstraints

from diorama.keys import Digest, parse_digest, written
from diorama.refusals import NoSuch
from diorama.run.service import Service
from diorama.server.asked import GRAPH_SCHEMA
from diorama.server.content import FOREVER, Content, reply_with
from diorama.server.inspection.sniff import HEAD_BYTES, sniffed
from diorama.server.intake import announced_size, finished, receive
from diorama.server.paging import PAGE, Cursor, Limit, Paged
from diorama.server.problems import raises
from diorama.server.replies import JSON, reply
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import READ, RUN, WRITE
from diorama.server.served import TheService
from diorama.server.shown import Moment
from diorama.server.stored import Stored, TheStored
from diorama.server.thumbnails import Form, Size
from diorama.server.uploads import FileType, Upload
from diorama.server.words import NO_NUL, Wanted
from diorama.store.artefacts import Artefact

router = APIRouter(prefix="/artefacts", tags=["artefacts"])

DIGEST: Final = "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
TheDigest = Annotated[
    str,
    InPath(
        pattern=r"^(blake3:)?[0-9a-f]{64}$",
        description="The digest of the bytes, with or without the name of its algorithm.",
        examples=[DIGEST],
    ),
]
FileName = Annotated[str, Query(min_length=1, max_length=200, pattern=NO_NUL, examples=["boat.png"])]
UNRECORDED: Final = "The type of what no run that is over has among its results; without it the content says."
AS_TYPE: Final = "The type to read it as; without it the content says. `file` takes it unopened."
TitleWanted = Annotated[
    str | None, Query(max_length=200, pattern=NO_NUL, description="Of the graph whose run made them.")
]
TypesWanted = Annotated[
    list[Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]] | None,
    Query(max_length=32, description="Any of these types; without them, of any type.", examples=[["wav", "mp3"]]),
]
MomentWanted = Annotated[
    float | None,
    Query(ge=0, le=1e12, allow_inf_nan=False, description="Seconds since the epoch.", examples=[1764000000]),
]
AsType = Annotated[FileType | None, Query(description=AS_TYPE, examples=["image"])]
BODY: Final = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
"""A body of bytes, whatever its media type: the content says what it is."""
BYTES: Final = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}


class ArtefactModel(BaseModel, title="Artefact"):
    """A value that is bytes in a standard format."""

    id: str = Field(examples=["8f14e45fceea167a"])
    digest: str = Field(
        description="Names the bytes; as an input of type `file` it stands for them.", examples=[DIGEST]
    )
    type: str = Field(examples=["image"])
    media_type: str = Field(examples=["image/png"])
    size: int = Field(description="Bytes.", examples=[52104])
    facts: dict[str, JsonValue] = Field(examples=[{"width": 512, "height": 512}])
    name: str = Field(description="The result's name or the file's.", examples=["boat.png"])
    run: str | None = Field(description="The run whose result it is; null for an upload.", examples=[None])
    project: str | None = Field(examples=[None])
    created: Moment


class ArtefactPage(Paged[ArtefactModel], title="ArtefactPage"):
    """A page of artefacts."""


def artefact_model(artefact: Artefact) -> ArtefactModel:
    """An artefact as it is shown."""
    return ArtefactModel(
        id=artefact.id,
        digest=written(artefact.digest),
        type=artefact.type,
        media_type=artefact.media_type,
        size=artefact.size,
        facts=orjson.loads(artefact.facts),
        name=artefact.name,
        run=artefact.run,
        project=artefact.project,
        created=artefact.created,
    )


@router.get(
    "", summary="List artefacts", operation_id="list_artefacts", response_model=ArtefactPage, dependencies=[READ]
)
def list_artefacts(
    service: TheService,
    type: TypesWanted = None,  # noqa: A002
    project: Wanted = None,
    run: Wanted = None,
    name: Wanted = None,
    title: TitleWanted = None,
    since: MomentWanted = None,
    until: MomentWanted = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Response:
    """Results of runs and uploaded files, the newest first."""
    page = service.artefacts.page(
        types=type or (),
        project=project,
        run=run,
        name=name,
        title=title,
        since=since,
        until=until,
        cursor=cursor,
        limit=limit,
    )
    return reply(ArtefactPage(items=[artefact_model(one) for one in page.items], next=page.next))


@router.post(
    "",
    summary="Upload a small file",
    operation_id="create_artefact",
    status_code=201,
    response_model=ArtefactModel,
    responses=raises(404, 409, 413, 422, 507),
    openapi_extra={"requestBody": BODY},
)
async def create_artefact(
    request: Request,
    service: TheService,
    stored: TheStored,
    caller: Annotated[Caller, RUN],
    name: FileName,
    type: AsType = None,  # noqa: A002
    project: Wanted = None,
) -> Response:
    """The body is the file. Large ones are better uploaded in parts, which a break does not cost."""
    asked = Upload("", name, announced_size(request), None, type, project, caller.id)
    kept = await run_in_threadpool(taken_in, service, stored, asked)
    try:
        await receive(stored.uploads, kept.id, 0, request)
        made = await run_in_threadpool(finished, stored.uploads, service.artefacts, kept.id)
    finally:
        await run_in_threadpool(stored.uploads.forget, kept.id)
    assert isinstance(made, Artefact)
    return reply(artefact_model(made), 201, {"Location": f"/api/v1/artefacts/{written(made.digest)}"})


def taken_in(service: Service, stored: Stored, asked: Upload) -> Upload:
    """Begin an upload into a project that is there; raises `NoSuch`, or what `Uploads.begin` raises."""
    if asked.project is not None:
        service.projects.get(asked.project)
    return stored.uploads.begin(asked)


@router.get(
    "/{digest}",
    summary="Get an artefact",
    operation_id="get_artefact",
    response_model=ArtefactModel,
    responses=raises(404),
    dependencies=[READ],
)
def get_artefact(service: TheService, digest: TheDigest) -> Response:
    """What is known of the newest artefact with these bytes."""
    return reply(artefact_model(service.artefacts.by_digest(read_digest(digest))))


@router.delete(
    "/{digest}",
    summary="Delete an upload",
    operation_id="delete_artefact",
    status_code=204,
    responses=raises(404),
    dependencies=[WRITE],
)
def delete_artefact(service: TheService, digest: TheDigest) -> Response:
    """Let collection have a file that was uploaded. The results of a run go with the run."""
    service.artefacts.delete(service.artefacts.by_digest(read_digest(digest)).id)
    return Response(status_code=204)


@router.head("/{digest}/content", include_in_schema=False, dependencies=[READ])
@router.get(
    "/{digest}/content",
    summary="The bytes of an artefact",
    operation_id="get_artefact_content",
    response_class=Response,
    responses={
        200: {"description": "All bytes.", **BYTES},
        206: {"description": "Those that `Range` asks for.", **BYTES},
        304: {"description": "The client has them: `If-None-Match` names their digest."},
        **raises(404, 410, 416),
    },
    dependencies=[READ],
)
def get_content(request: Request, service: TheService, stored: TheStored, digest: TheDigest) -> Response:
    """Any value in the store by its digest, previews included; whole, or the one range that is asked for."""
    return reply_with(stored.verifier, content_of(service, read_digest(digest)), request)


@router.get(
    "/{digest}/thumbnail",
    summary="A small picture of an artefact",
    operation_id="get_artefact_thumbnail",
    response_class=Response,
    responses={
        200: {
            "content": {f"image/{form}": {"schema": {"type": "string", "format": "binary"}} for form in ("webp", "png")}
        },
        **raises(404, 410, 422),
    },
    dependencies=[READ],
)
def get_thumbnail(
    service: TheService,
    stored: TheStored,
    digest: TheDigest,
    size: Annotated[Size, BeforeValidator(int), Query(description="Pixels of the longer side.")] = 256,
    form: Annotated[Form, Query()] = "webp",
    as_type: Annotated[FileType | None, Query(alias="type", description=UNRECORDED)] = None,
) -> Response:
    """The picture itself made small, the wave form of a sound, a view of a mesh or a scene, the picture in a zip."""
    found = read_digest(digest)
    content = stored.thumbnails.get(found, type_of(service, found, as_type), size, form)
    return Response(content, media_type=f"image/{form}", headers={"Cache-Control": FOREVER})


@router.get(
    "/{digest}/bones.glb",
    summary="The bones of a motion",
    operation_id="get_artefact_bones",
    response_class=Response,
    responses={
        200: {"content": {"model/gltf-binary": {"schema": {"type": "string", "format": "binary"}}}},
        **raises(404, 410, 422),
    },
    dependencies=[READ],
)
def get_bones(service: TheService, stored: TheStored, digest: TheDigest) -> Response:
    """A motion to be looked at without a figure: its skeleton as a GLB whose animation is the motion."""
    found = content_of(service, read_digest(digest))
    content = stored.thumbnails.bones(found.digest)
    return Response(content, media_type="model/gltf-binary", headers={"Cache-Control": FOREVER})


@router.get(
    "/{digest}/graph",
    summary="The graph that made an artefact",
    operation_id="get_artefact_graph",
    response_class=Response,
    responses={
        200: {"content": {JSON: {"schema": GRAPH_SCHEMA}}},
        204: {"description": "There is none: the file holds no graph, and no run here made it."},
        **raises(404, 410),
    },
    dependencies=[READ],
)
def get_artefact_graph(service: TheService, stored: TheStored, digest: TheDigest) -> Response:
    """The graph inside the file, as exported results carry it; else that of the run whose result it is."""
    document = graph_of(service, stored, read_digest(digest))
    return Response(status_code=204) if document is None else Response(document, media_type=JSON)


def graph_of(service: Service, stored: Stored, digest: Digest) -> bytes | None:
    """The graph in an artefact, or of the run that made it; None where neither is there. Raises `NoSuch`."""
    found = content_of(service, digest)
    with tempfile.TemporaryDirectory(prefix="diorama-") as folder:
        target = Path(folder) / "graph.json"
        if stored.inspector.graph(service.store.blobs.path(found.digest), target):
            return target.read_bytes()
    run = service.artefacts.run_of(digest)
    return None if run is None else service.graph_of(run)


def read_digest(text: str) -> Digest:
    """The digest in a path."""
    return parse_digest(text if text.startswith("blake3:") else f"blake3:{text}")


def type_of(service: Service, digest: Digest, unrecorded: FileType | None = None) -> str:
    """The type of a value in the store, `unrecorded` or what its bytes say where no run has it; raises `NoSuch`."""
    try:
        return service.artefacts.by_digest(digest).type
    except NoSuch:
        found = sniffed(_head_of(service, digest)).type
        return unrecorded or found


def content_of(service: Service, digest: Digest) -> Content:
    """What the bytes of a digest are: as they are on record, or as they begin. Raises `NoSuch`."""
    try:
        artefact = service.artefacts.by_digest(digest)
    except NoSuch:
        found = sniffed(_head_of(service, digest))
        size = service.store.blobs.path(digest).stat().st_size
        return Content(digest, size, found.media_type, digest.hex()[:12])
    return Content(digest, artefact.size, artefact.media_type, artefact.name)


def _head_of(service: Service, digest: Digest) -> bytes:
    try:
        with service.store.blobs.path(digest).open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise NoSuch("artefact", written(digest)) from error
