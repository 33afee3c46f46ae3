"""The bytes of artefacts over HTTP: verified, whole or in ranges, and harmless in a browser."""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from typing import Final

from blake3 import blake3
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from diorama.faults import Fault, failure
from diorama.keys import Digest, written
from diorama.server.inspection.sniff import SHOWN
from diorama.server.names import disposition
from diorama.server.problems import problem
from diorama.server.replies import names
from diorama.server.security.headers import CONTENT_POLICY
from diorama.store.blobs import BlobStore

CHUNK: Final = 256 * 1024
FOREVER: Final = "private, max-age=31536000, immutable"
"""A digest names these bytes for good; `private`, since keys decide who may have them."""
RANGE: Final = re.compile(r"bytes=(?P<first>[0-9]{0,19})-(?P<last>[0-9]{0,19})")
ENDING: Final = re.compile(r"[^.]\.[A-Za-z0-9]{1,5}$")
MOST_REMEMBERED: Final = 10_000
SUFFIXES: Final = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "application/x-npz": ".npz",
    "application/x-ply": ".ply",
    "application/x-splat": ".splat",
    "application/x-spz": ".spz",
    "application/zip": ".zip",
    "audio/flac": ".flac",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "model/gltf-binary": ".glb",
    "text/html": ".html",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
}
"""Endings of names, by media type."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to be sent: what they are, and how they are called where they are saved."""

    digest: Digest
    size: int
    media_type: str
    name: str

    @property
    def etag(self) -> str:
        """The tag of these bytes: their digest."""
        return f'"{written(self.digest)}"'

    @property
    def file_name(self) -> str:
        """The name with the ending of its media type, unless it has one already."""
        suffix = SUFFIXES.get(self.media_type, "")
        return self.name if ENDING.search(self.name) else f"{self.name}{suffix}"


class Verifier:
    """Opens blobs to be sent. Each is read against its digest once, and again when its file is another."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._whole: OrderedDict[Digest, tuple[int, ...]] = OrderedDict()
        self._lock = Lock()

    def open(self, digest: Digest) -> tuple[int, int]:
        """A handle on a blob's bytes, and how many there are; raises `DioramaError` (U006) where they are not whole.

        What is sent is read from this handle: a file that is put in the blob's place meanwhile, or a link that leads
        elsewhere, is never followed.
        """
        path = self._blobs.path(digest)
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise _gone(digest) from error
        with ExitStack() as unless_whole:
            unless_whole.callback(os.close, handle)
            facts = os.fstat(handle)
            if stat.S_ISREG(facts.st_mode) and self._is_whole(handle, digest, facts):
                unless_whole.pop_all()
                return handle, facts.st_size
        raise _gone(digest)

    def _is_whole(self, handle: int, digest: Digest, facts: os.stat_result) -> bool:
        known = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
        with self._lock:
            if self._whole.get(digest) == known:
                return True
        if _digest_of(handle, facts.st_size) != digest:
            return False
        with self._lock:
            self._whole[digest] = known
            while len(self._whole) > MOST_REMEMBERED:
                self._whole.popitem(last=False)
        return True


def _digest_of(handle: int, size: int) -> bytes:
    hasher = blake3()
    if size:
        with mmap.mmap(handle, size, prot=mmap.PROT_READ) as mapped:
            hasher.update(mapped)
    return hasher.digest()


def _gone(digest: Digest) -> Exception:
    said = "the bytes are missing or damaged; a run of the graph that made them makes them anew"
    return failure("U006", written(digest), said)


def reply_with(verifier: Verifier, content: Content, request: Request) -> Response:
    """The bytes, or those that a `Range` asks for, or 304 where the client has them; raises `DioramaError` (U006)."""
    headers = headers_of(content)
    if request.method not in ("GET", "HEAD"):
        handle, size = verifier.open(content.digest)
        headers["Content-Length"] = str(size)
        return Bytes(handle, 0, size, 200, headers, content.media_type)
    if names(request.headers.get("if-none-match", ""), content.etag):
        return Response(status_code=304, headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    handle, size = verifier.open(content.digest)
    first, last = 0, size - 1
    asked = request.headers.get("range")
    condition = request.headers.get("if-range")
    status = 200
    if asked is not None and (condition is None or condition == content.etag):
        found = read_range(asked, size)
        if found is None:
            os.close(handle)
            beyond = Fault("U008", "Range", f"there are no such bytes among {size:,}")
            return problem([beyond], {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
        if found != (0, size):
            first, last = found[0], found[1] - 1
            status = 206
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    if request.method == "HEAD":
        os.close(handle)
        return Response(status_code=status, headers=headers, media_type=content.media_type)
    return Bytes(handle, first, last + 1, status, headers, content.media_type)


def headers_of(content: Content) -> dict[str, str]:
    """What goes with the bytes: they are saved unless a browser only shows such, and run nothing in any case."""
    return {
        "ETag": content.etag,
        "Cache-Control": FOREVER,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(content.file_name, content.media_type in SHOWN),
        "Content-Security-Policy": CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
    }


def read_range(text: str, size: int) -> tuple[int, int] | None:
    """Where the bytes begin and end that a `Range` asks for: all of them where it asks for several parts, or what it
    says is no range (RFC 9110, 14.2); None where there are no such bytes."""
    match = RANGE.fullmatch(text.strip().replace(" ", ""))
    if match is None or not (match["first"] or match["last"]):
        return 0, size
    if not match["first"]:
        count = int(match["last"])
        return (max(0, size - count), size) if count and size else None
    first = int(match["first"])
    if match["last"] and int(match["last"]) < first:
        return 0, size
    if first >= size:
        return None
    return first, min(int(match["last"]) + 1, size) if match["last"] else size


class Bytes(StreamingResponse):
    """Bytes of an open file from one place up to another, read as they are sent; the file is closed in any case."""

    def __init__(
        self, handle: int, first: int, end: int, status: int, headers: Mapping[str, str], media_type: str
    ) -> None:
        self._handle = handle
        super().__init__(_read(handle, first, end), status, headers, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            os.close(self._handle)


async def _read(handle: int, first: int, end: int) -> AsyncIterator[bytes]:
    while first < end:
        count = min(CHUNK, end - first)
        part = await run_in_threadpool(os.pread, handle, count, first)
        if not part:
            return
        first += len(part)
        yield part
