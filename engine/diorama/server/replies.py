"""Replies: a model as JSON, and documents that stay the same while the server runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from blake3 import blake3
from fastapi import Request, Response
from pydantic import BaseModel

JSON = "application/json"


def reply(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A model as JSON."""
    return Response(model.__pydantic_serializer__.to_json(model), status, headers, JSON)


def json_list(items: Sequence[bytes], following: str | None) -> Response:
    """A page of a list whose items are JSON already."""
    return Response(b'{"items":[%b],"next":%b}' % (b",".join(items), orjson.dumps(following)), media_type=JSON)


class Document:
    """What is written once, with a tag by which a client that has it already is told so."""

    def __init__(self, tree: object, media_type: str = JSON) -> None:
        self.content = tree if isinstance(tree, bytes) else orjson.dumps(tree)
        self.etag = f'"{blake3(self.content).hexdigest(length=12)}"'
        self.media_type = media_type

    def reply(self, request: Request) -> Response:
        """The document, or 304 where the request names its tag."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}
        if names(request.headers.get("if-none-match", ""), self.etag):
            return Response(status_code=304, headers=headers)
        return Response(self.content, 200, headers, self.media_type)


def names(given: str, etag: str) -> bool:
    """Whether a list of tags, as `If-None-Match` holds it, names one."""
    return given.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in given.split(","))
