"""Files that come in over HTTP: received as they are sent, and turned into artefacts."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from starlette.requests import ClientDisconnect

from diorama.json_text import canonical, normal
from diorama.limits import limits
from diorama.refs import Blob
from diorama.server.problems import refused
from diorama.server.uploads import Arrived, Part, Upload, Uploads
from diorama.store.artefacts import Artefact, Artefacts

GATHERED: Final = 2**20
"""Bytes that are gathered before they go to the disk together."""


async def receive(uploads: Uploads, upload: str, offset: int, request: Request) -> None:
    """Write a request's body at the end of an upload, as it comes in.

    What came before a break is kept, so that the client can go on from there.
    """
    async with contextmanager_in_threadpool(uploads.appending(upload, offset)) as part:
        gathered: list[bytes] = []
        size = 0
        try:
            async for content in request.stream():
                gathered.append(content)
                size += len(content)
                if size >= GATHERED:
                    await _write(part, gathered)
                    size = 0
        except ClientDisconnect:
            await _write(part, gathered)
            raise
        await _write(part, gathered)


async def _write(part: Part, gathered: list[bytes]) -> None:
    content = b"".join(gathered)
    gathered.clear()
    if content:
        await run_in_threadpool(part.write, content)


def announced_size(request: Request) -> int:
    """The size that a request says its body has; raises `Refusal` (U002) where it says none, or more than is taken."""
    text = request.headers.get("content-length", "")
    if not text.isdecimal():
        raise refused("U002", "Content-Length", "the size of the file is wanted before it comes in")
    size = int(text[:20])
    if size > limits().max_file_bytes:
        raise refused("U002", "Content-Length", f"at most {limits().max_file_bytes:,} bytes are taken")
    return size


def finished(uploads: Uploads, artefacts: Artefacts, upload: str) -> Artefact | Upload:
    """The artefact that an upload became, where it is whole; else the upload as it stands."""
    arrived = uploads.finish(upload)
    if isinstance(arrived, Upload):
        return arrived
    return artefacts.add(blob_of(arrived), arrived.upload.name, arrived.upload.project)


def blob_of(arrived: Arrived) -> Blob:
    """A file that arrived, as a value."""
    found = arrived.found
    facts = canonical(normal(dict(found.facts)))
    return Blob(arrived.digest, arrived.upload.size, found.type, found.media_type, facts)
