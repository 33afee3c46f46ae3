"""Bodies of requests: measured while they come in, read by the engine's own reader, checked against a model."""

from __future__ import annotations

from typing import Final, Generic, TypeVar

import anyio.to_thread
from fastapi import Request
from pydantic import BaseModel, ValidationError

from diorama.faults import DioramaError, Fault, failure, pointer
from diorama.interface import said
from diorama.json_text import read_json
from diorama.limits import limits
from diorama.server.problems import refused

SHORT_BYTES: Final = 16 * 1024
"""A body up to this size is read on the event loop: that takes less than handing it to a thread."""
LARGE_READERS: Final = 2
"""How many bodies larger than that are read at a time: a tree takes many times the memory of its text."""
JSON_SUBTYPES: Final = ("application/json", "application/x-www-form-urlencoded", "")
"""Media types whose bodies are read as JSON: some programs send it under the second or say nothing."""

M = TypeVar("M", bound=BaseModel)


class JsonBody(Generic[M]):
    """A dependency that gives a request's body as a model; the OpenAPI document names the model as its body."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self._readers = anyio.CapacityLimiter(LARGE_READERS)

    async def __call__(self, request: Request) -> M:
        """The body of a request."""
        content = await read_body(request, limits().max_body_bytes)
        if len(content) <= SHORT_BYTES:
            return self.read(content)
        return await anyio.to_thread.run_sync(self.read, content, limiter=self._readers)

    def read(self, content: bytes) -> M:
        """The model in a JSON text; raises `DioramaError` with every fault of the text or its shape."""
        _count_values(content)
        tree = read_json(content)
        try:
            return self.model.model_validate(tree, strict=True)
        except ValidationError as error:
            raise DioramaError(faults_of(error)) from error


def faults_of(error: ValidationError) -> list[Fault]:
    """What a model found wrong, a fault (H001) for each, at its JSON pointer into the body."""
    found = error.errors(include_url=False, include_input=False)
    return [Fault("H001", pointer(*one["loc"]), said(one["msg"].removeprefix("Value error, "))) for one in found]


async def read_body(request: Request, most: int) -> bytes:
    """A JSON body as bytes; it is refused (H006, H007) before more than `most` bytes of it are held."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in JSON_SUBTYPES and not kind.endswith("+json"):
        raise refused("H007", "content-type", f"{kind:.100} is given, but application/json is wanted")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:20]) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(most: int) -> Exception:
    return refused("H006", "", f"the body is larger than the {most:,} bytes that are taken")


def _count_values(content: bytes) -> None:
    """Refuse a text of too many values (G004).

    Rows of texts and lists are read in one stretch, in which no other thread runs; objects are read in steps.
    """
    most = limits().max_body_values
    if len(content) > most and content.count(b",") + content.count(b"[") > most:
        raise failure("G004", "", f"the body has more than {most:,} values")
