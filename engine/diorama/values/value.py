"""What every artefact can do: become bytes in a standard format, come back exactly, describe itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Self

if TYPE_CHECKING:
    from pydantic import JsonValue

    from diorama.values.image import Image


class Value(ABC):
    """A value that travels between nodes as bytes in a standard format.

    Encoding is deterministic (the same value, the same bytes) and exact: `decode(encode())` equals the value,
    so a node sees the same input whether it was computed a moment ago or read from the cache a year later.
    A pack adds a port type by adding a subclass.
    """

    __slots__ = ()

    type_name: ClassVar[str]
    """Name of the port type, as it stands in the catalogue."""
    media_type: ClassVar[str]
    suffix: ClassVar[str]
    """Ending of a file that holds the encoded value, with its dot."""
    fits: ClassVar[tuple[str, ...]] = ()
    """Other port types that a value of this type may be wired to."""

    @abstractmethod
    def encode(self) -> bytes:
        """The value in its standard format."""

    @classmethod
    @abstractmethod
    def decode(cls, content: bytes) -> Self:
        """The value that `content` holds; raises `BadInput` where it holds none or goes beyond a limit."""

    @abstractmethod
    def describe(self) -> dict[str, JsonValue]:
        """A few facts for people and searches: sizes, counts, seconds."""

    def thumbnail(self) -> Image | None:
        """A still picture of the value, at most 236 x 140 pixels, or None where there is nothing to see."""
        return None
