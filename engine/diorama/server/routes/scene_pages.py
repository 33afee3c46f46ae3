"""A scene as one page that is taken away and opened without a server."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import APIRouter, Query, Response

from diorama.keys import Digest
from diorama.scene_page import TEMPLATE, scene_page
from diorama.server.content import Verifier
from diorama.server.editor import TheEditor
from diorama.server.names import disposition
from diorama.server.problems import raises, refused
from diorama.server.routes.artefacts import TheDigest, content_of, read_digest
from diorama.server.routes.shares import MODEL, Named
from diorama.server.security.decisions import READ
from diorama.server.security.headers import CONTENT_POLICY
from diorama.server.served import TheService
from diorama.server.stored import TheStored
from diorama.server.words import NO_NUL

router = APIRouter(prefix="/artefacts/{digest}", tags=["artefacts"], dependencies=[READ])


@router.get(
    "/scene.html",
    summary="A scene as a page",
    operation_id="get_artefact_scene_page",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, **raises(404, 410, 413, 422)},
)
def get_artefact_scene_page(
    service: TheService,
    stored: TheStored,
    editor: TheEditor,
    digest: TheDigest,
    sound: Annotated[list[Named] | None, Query(description="Digests of what is heard with it.", max_length=8)] = None,
    title: Annotated[str, Query(max_length=200, pattern=NO_NUL)] = "",
) -> Response:
    """One HTML file with the viewer, the scene and its sounds in it; it is saved, and opened from a disk."""
    found = content_of(service, read_digest(digest))
    if found.media_type != MODEL:
        raise refused("U007", "digest", "a GLB is wanted, but this is none")
    sounds = [content_of(service, read_digest(one)) for one in sound or []]
    template = editor.page(TEMPLATE.name)
    parts = [_bytes_of(stored.verifier, one.digest) for one in (found, *sounds)]
    page = scene_page(template, title or found.name, parts[0], parts[1:])
    headers = {
        "Content-Disposition": disposition("scene.html", is_shown=False),
        "Content-Security-Policy": CONTENT_POLICY,
    }
    return Response(page, headers=headers, media_type="text/html")


def _bytes_of(verifier: Verifier, digest: Digest) -> bytes:
    handle, size = verifier.open(digest)
    with os.fdopen(handle, "rb") as file:
        return file.read(size)
