"""A request without a connection: what is sent, and how the reply is read. Both clients send the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

import orjson
from pydantic import JsonValue, TypeAdapter

from diorama.client.address import API

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
JSON = "application/json"
Document = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Ask(Generic[T_co]):
    """A request, and what its reply's bytes mean."""

    method: str
    path: str
    read: Callable[[bytes], T_co]
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Path | None = None
    """What is sent with it; of a path the file there, while it is read."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_once: bool = False
    """Whether asking twice would do it twice, or fail the second time."""

    @property
    def may_repeat(self) -> bool:
        """Whether asking twice does no more than asking once, so that a broken connection can be tried again."""
        if self.is_once:
            return False
        if isinstance(self.content, Path):
            # The same bytes have the same digest, however often they come in; at worst the file is listed twice.
            return True
        return self.method in ("GET", "HEAD", "PUT", "DELETE") or "Idempotency-Key" in self.headers


def reader(type_: type[T]) -> Callable[[bytes], T]:
    """What reads JSON as a type."""

    @cache
    def adapter() -> TypeAdapter[T]:
        return TypeAdapter(type_)

    return lambda content: adapter().validate_json(content)


def document(content: bytes) -> Document:
    """A JSON object as it is."""
    read: Document = orjson.loads(content)
    return read


def nothing(content: bytes) -> None:
    """No reply is wanted."""


def whole(content: bytes) -> bytes:
    """The bytes themselves."""
    return content


def get(path: str, read: Callable[[bytes], T], **query: object) -> Ask[T]:
    """A question under the API's root; what is None is not asked."""
    asked = {name: _word(value) for name, value in query.items() if value is not None}
    return Ask("GET", API + path, read, asked)


def send(
    method: str, path: str, read: Callable[[bytes], T], body: object = None, headers: Mapping[str, str] | None = None
) -> Ask[T]:
    """A request under the API's root with a JSON body, if any; what is None in the body is left out."""
    if body is None:
        return Ask(method, API + path, read, headers=headers or {})
    kept = {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body
    return Ask(method, API + path, read, {}, orjson.dumps(kept), {"Content-Type": JSON, **(headers or {})})


def patch(path: str, read: Callable[[bytes], T], body: Mapping[str, object]) -> Ask[T]:
    """A change of some values of a resource, sent as they are: None gives one its default again."""
    return Ask("PATCH", API + path, read, {}, orjson.dumps(dict(body)), {"Content-Type": JSON})


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
