"""A picture that comes to a door: as the body of a request, or as the field of a form."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from diorama.keys import Digest
from diorama.run.service import Service
from diorama.server.intake import announced_size, finished, receive
from diorama.server.problems import refused
from diorama.server.stored import Stored
from diorama.server.uploads import Upload
from diorama.store.artefacts import Artefact

MOST_PICTURE_BYTES: Final = 64 * 2**20
MOST_FORM_BYTES: Final = MOST_PICTURE_BYTES + 2**20
"""A form around a picture: its field, its other fields, and what parts them."""
FIELD: Final = "image"
PART: Final = 2**20


async def received_picture(request: Request, service: Service, stored: Stored, client: str) -> Digest:
    """The digest of a picture that was sent, opened and kept as an upload.

    Raises `Refusal` (H001, U002) where there is none or it is too large, or `DioramaError` (U005) where it is no
    picture.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _from_form(request, service, stored, client)
    size = announced_size(request)
    _check_size(size)
    upload = await _begun(stored, size, client)
    try:
        await receive(stored.uploads, upload, 0, request)
        return await _kept(service, stored, upload)
    finally:
        await run_in_threadpool(stored.uploads.forget, upload)


async def _from_form(request: Request, service: Service, stored: Stored, client: str) -> Digest:
    # What is large goes to a temporary file on the way; the route bounds the whole form.
    async with request.form(max_files=1, max_fields=20, max_part_size=64 * 1024) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile) or not file.size:
            raise refused("H001", FIELD, f"the form has no file in the field `{FIELD}`")
        _check_size(file.size)
        upload = await _begun(stored, file.size, client)
        try:
            await run_in_threadpool(_copy, stored, upload, file)
            return await _kept(service, stored, upload)
        finally:
            await run_in_threadpool(stored.uploads.forget, upload)


def _check_size(size: int) -> None:
    if not 0 < size <= MOST_PICTURE_BYTES:
        raise refused("U002", "body", f"a picture of 1 to {MOST_PICTURE_BYTES:,} bytes is wanted, not {size:,}")


async def _begun(stored: Stored, size: int, client: str) -> str:
    asked = Upload("", "picture", size, None, "image", None, client)
    return (await run_in_threadpool(stored.uploads.begin, asked)).id


def _copy(stored: Stored, upload: str, file: UploadFile) -> None:
    with stored.uploads.appending(upload, 0) as part:
        while content := file.file.read(PART):
            part.write(content)


async def _kept(service: Service, stored: Stored, upload: str) -> Digest:
    made = await run_in_threadpool(finished, stored.uploads, service.artefacts, upload)
    if not isinstance(made, Artefact):
        raise refused("U002", "body", f"{made.size:,} bytes were announced, but {made.offset:,} came")
    return made.digest
