"""Values that are kept as the bytes of a file, which nobody changes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Container(Value):
    """A value that is the bytes of its container: a sound, a moving picture, an archive."""

    content: bytes

    def encode(self) -> bytes:
        """The bytes as they are."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The value, once `check` has passed its bytes."""
        cls.check(content)
        return cls(content)

    @classmethod
    @abstractmethod
    def check(cls, content: bytes) -> None:
        """Raise `BadInput` where the bytes are no such container."""

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the container."""
        return {"bytes": len(self.content)}
