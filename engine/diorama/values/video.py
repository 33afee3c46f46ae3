"""Moving pictures, kept as the bytes of their container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from diorama.faults import BadInput
from diorama.values.value import Value

if TYPE_CHECKING:
    from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Video(Value):
    """A moving picture with its sound: the bytes of an MP4 container."""

    type_name: ClassVar[str] = "video"
    media_type: ClassVar[str] = "video/mp4"
    suffix: ClassVar[str] = ".mp4"

    content: bytes

    def encode(self) -> bytes:
        """The container as it is."""
        return self.content

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """The video in `content`, whose first box must be `ftyp` (ISO/IEC 14496-12)."""
        if content[4:8] != b"ftyp":
            raise BadInput(f"{len(content):,} bytes given are no MP4: the box `ftyp` is missing at their start")
        return cls(content)

    def describe(self) -> dict[str, JsonValue]:
        """Bytes of the container."""
        return {"bytes": len(self.content)}
