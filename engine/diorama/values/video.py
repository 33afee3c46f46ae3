"""Moving pictures, kept as the bytes of their container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from diorama.faults import BadInput
from diorama.values.container import Container


@dataclass(frozen=True, slots=True)
class Video(Container):
    """A moving picture with its sound: the bytes of an MP4 container."""

    type_name: ClassVar[str] = "video"
    media_type: ClassVar[str] = "video/mp4"
    suffix: ClassVar[str] = ".mp4"

    @classmethod
    def check(cls, content: bytes) -> None:
        """Refuse what does not start with the box `ftyp` (ISO/IEC 14496-12)."""
        if content[4:8] != b"ftyp":
            raise BadInput(f"{len(content):,} bytes given are no MP4: the box `ftyp` is missing at their start")
