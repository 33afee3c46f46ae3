"""Uploads: files in parts, which go on after a break."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from diorama.keys import written
from diorama.server.bodies import JsonBody
from diorama.server.intake import finished, receive
from diorama.server.problems import raises
from diorama.server.replies import reply
from diorama.server.routes.artefacts import AS_TYPE, BODY, ArtefactModel, artefact_model, taken_in
from diorama.server.security.callers import Caller
from diorama.server.security.decisions import RUN
from diorama.server.served import TheService
from diorama.server.stored import TheStored
from diorama.server.uploads import FileType, Upload
from diorama.server.words import NO_NUL, Id

router = APIRouter(prefix="/uploads", tags=["artefacts"])


class UploadRequest(BaseModel, extra="forbid"):
    """A file that is to come."""

    name: str = Field(min_length=1, max_length=200, pattern=NO_NUL, examples=["boat.png"])
    size: int = Field(ge=1, le=2**53, description="Bytes.", examples=[52104])
    digest: str | None = Field(
        default=None,
        max_length=80,
        pattern=r"^(blake3|sha256):[0-9a-f]{64}$",
        description="What the whole file hashes to.",
        examples=[None],
    )
    type: FileType | None = Field(default=None, description=AS_TYPE, examples=["image"])
    project: str | None = Field(default=None, max_length=200, pattern=NO_NUL, examples=[None])


class UploadModel(BaseModel, title="Upload"):
    """A file on its way in."""

    id: str = Field(examples=["0" * 32])
    name: str = Field(examples=["boat.png"])
    size: int = Field(examples=[52104])
    offset: int = Field(description="Where the next part begins.", examples=[0])
    digest: str | None = Field(examples=[None])
    type: str | None = Field(examples=["image"])
    project: str | None = Field(examples=[None])


AskedUpload = Annotated[UploadRequest, Depends(JsonBody(UploadRequest))]
Offset = Annotated[
    int, Header(ge=0, le=2**53, description="Where the part begins: the upload's `offset`.", examples=[0])
]


def upload_reply(upload: Upload, status: int = 200) -> Response:
    """An upload as it is shown; its headers say where to go on."""
    shown = UploadModel(
        id=upload.id,
        name=upload.name,
        size=upload.size,
        offset=upload.offset,
        digest=upload.digest,
        type=upload.type,
        project=upload.project,
    )
    headers = {
        "Location": f"/api/v1/uploads/{upload.id}",
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Cache-Control": "no-store",
    }
    return reply(shown, status, headers)


@router.post(
    "",
    summary="Begin an upload",
    operation_id="create_upload",
    status_code=201,
    response_model=UploadModel,
    responses=raises(404, 507),
)
def create_upload(
    service: TheService, stored: TheStored, caller: Annotated[Caller, RUN], asked: AskedUpload
) -> Response:
    """Say what is to come; it is refused here where it would not be taken."""
    upload = Upload("", asked.name, asked.size, asked.digest, asked.type, asked.project, caller.id)
    return upload_reply(taken_in(service, stored, upload), 201)


@router.head("/{id}", include_in_schema=False, dependencies=[RUN])
@router.get(
    "/{id}",
    summary="Get an upload",
    operation_id="get_upload",
    response_model=UploadModel,
    responses=raises(404),
    dependencies=[RUN],
)
def get_upload(stored: TheStored, id: Id) -> Response:  # noqa: A002
    """How much of a file is there; `Upload-Offset` says it too, also to HEAD."""
    return upload_reply(stored.uploads.get(id))


@router.patch(
    "/{id}",
    summary="Send a part",
    operation_id="append_to_upload",
    response_model=UploadModel,
    responses={
        201: {"model": ArtefactModel, "description": "The file is whole and sound: the artefact."},
        **raises(404, 409, 413, 422, 507),
    },
    openapi_extra={"requestBody": BODY},
    dependencies=[RUN],
)
async def append_to_upload(
    request: Request,
    service: TheService,
    stored: TheStored,
    id: Id,  # noqa: A002
    upload_offset: Offset,
) -> Response:
    """Add the body to a file. With its last part the file is verified and opened, and becomes an artefact."""
    await receive(stored.uploads, id, upload_offset, request)
    made = await run_in_threadpool(finished, stored.uploads, service.artefacts, id)
    if isinstance(made, Upload):
        return upload_reply(made)
    return reply(artefact_model(made), 201, {"Location": f"/api/v1/artefacts/{written(made.digest)}"})


@router.delete(
    "/{id}",
    summary="Cancel an upload",
    operation_id="delete_upload",
    status_code=204,
    responses=raises(404),
    dependencies=[RUN],
)
def delete_upload(stored: TheStored, id: Id) -> Response:  # noqa: A002
    """Forget what is there of a file."""
    stored.uploads.cancel(id)
    return Response(status_code=204)
